//! Statistics: visible rows that match, put into groups.

use std::cmp::Ordering;

use chrono::{Datelike, Days, NaiveDate};
use entities::catalog::{Kind, Register};
use entities::registers::REGISTERS;
use serde_json::{Map, Value as Json, json};

use super::eval::{Evaluator, spelled, yuan};
use super::place;
use super::policy::Right;
use super::query::{GroupBy, GroupKey, GroupOrder, GroupPart, KeyPart, Measure, Stats, shouted};
use super::small;
use super::world::{Value, field_position, position};

/// Groups on a page where the query names no size.
const PAGE: usize = 20;

/// One group: its keys' values and its rows.
pub(super) struct Group {
    pub(super) keys: Vec<Value>,
    pub(super) rows: Vec<usize>,
    /// True of groups of few rows that are kept back.
    pub(super) few: bool,
}

impl Evaluator<'_> {
    pub(super) fn stats(&self, stats: &Stats) -> Json {
        let mut groups = self.groups(stats);
        let hidden = small::hidden(self.access, stats);
        if let Some(hidden) = &hidden {
            groups = small::kept_back(groups, hidden);
        }
        groups.retain(|group| stats.having.iter().all(|(measure, operator, bound)| self.within(stats, group, *measure, operator, *bound)));
        groups.sort_by(|a, b| self.groups_in_order(stats, a, b));
        let (size, offset) = (stats.first.unwrap_or(PAGE), stats.after.unwrap_or(0));
        let rest: Vec<Group> = groups.into_iter().skip(offset).collect();
        let more = rest.len() > size;
        let page: Vec<Group> = rest.into_iter().take(size).collect();
        let mut answer = Map::new();
        answer.insert("nodes".to_owned(), page.iter().map(|group| self.group(stats, hidden.as_deref(), group)).collect());
        if stats.page_info {
            let cursor = |number: usize| if page.is_empty() { Json::Null } else { json!(format!("group:{number}:{}", signature(stats))) };
            let info = json!({
                "hasNextPage": more,
                "hasPreviousPage": offset > 0,
                "startCursor": cursor(offset + 1),
                "endCursor": cursor(offset + page.len()),
            });
            answer.insert("pageInfo".to_owned(), info);
        }
        Json::Object(answer)
    }

    fn groups(&self, stats: &Stats) -> Vec<Group> {
        let register = stats.register;
        if self.access.is_empty(register) {
            return Vec::new();
        }
        let mut groups: Vec<Group> = Vec::new();
        if stats.keys.is_empty() {
            groups.push(Group { keys: Vec::new(), rows: Vec::new(), few: false });
        }
        for row in 0..self.world.tables[register].rows.len() {
            let matches = stats.filter.as_ref().is_none_or(|filter| self.truth_of_counted(register, row, filter) == Some(true));
            let may = stats.keys.iter().all(|key| self.access.may(Right::Aggregate, register, row, key_field(register, key)));
            if !self.access.visible(register, row) || !matches || !may {
                continue;
            }
            let keys: Vec<Value> = stats.keys.iter().map(|key| self.key_value(register, row, &key.of, key.by)).collect();
            match groups.iter_mut().find(|group| group.keys == keys) {
                Some(group) => group.rows.push(row),
                None => groups.push(Group { keys, rows: vec![row], few: false }),
            }
        }
        groups
    }

    /// The value of a key on a row; of a row that it refers to, as far as the caller may know it.
    fn key_value(&self, register: usize, row: usize, of: &[usize], by: GroupBy) -> Value {
        if let [step, rest @ ..] = of {
            let target = position(REGISTERS[register].fields[*step].target().expect("a reference"));
            let key = self.world.row(register, row).fields[*step].key();
            let reached = key.and_then(|key| self.world.find(target, key)).filter(|row| self.access.visible(target, *row));
            let field = rest.first().copied().unwrap_or_else(|| by_field(target, by));
            let reached = reached.filter(|row| self.access.may(Right::Aggregate, target, *row, field));
            return reached.map_or(Value::Null, |row| self.key_value(target, row, rest, by));
        }
        let value = &self.world.row(register, row).fields[by_field(register, by)];
        match by {
            GroupBy::Field(field) => match REGISTERS[register].fields[field].kind {
                // A target out of scope is as good as none.
                Kind::Reference(target) => {
                    let target = position(target);
                    let found = value.key().and_then(|key| self.world.find(target, key));
                    found.filter(|row| self.access.visible(target, *row)).map_or(Value::Null, |_| value.clone())
                }
                _ => value.clone(),
            },
            GroupBy::Region(level) => value.integer().and_then(|place| place::at(place, level)).map_or(Value::Null, Value::Integer),
            GroupBy::Period(_, period) => match value {
                Value::Day(day) => Value::Day(first_day(*day, period)),
                Value::Instant(instant) => Value::Day(first_day(instant.with_timezone(&self.world.now.offset).date_naive(), period)),
                _ => Value::Null,
            },
        }
    }

    /// A measure of a group; None if there was nothing to measure.
    fn measure(&self, stats: &Stats, group: &Group, measure: Measure) -> Option<f64> {
        let Measure::Of(function, field) = measure else { return Some(group.rows.len() as f64) };
        let rows = group.rows.iter().filter(|row| self.access.may(Right::Aggregate, stats.register, **row, field));
        let values: Vec<i64> = rows.filter_map(|row| self.world.row(stats.register, *row).fields[field].integer()).collect();
        let sum = values.iter().sum::<i64>() as f64;
        match function {
            "counted" => Some(values.len() as f64),
            _ if values.is_empty() => None,
            "sum" => Some(sum),
            "avg" => Some(sum / values.len() as f64),
            "min" => values.iter().min().map(|least| *least as f64),
            _ => values.iter().max().map(|greatest| *greatest as f64),
        }
    }

    fn within(&self, stats: &Stats, group: &Group, measure: Measure, operator: &str, bound: f64) -> bool {
        // Money is bounded in yuan and measured in fen.
        let bound = if is_money(stats, measure) { bound * 100.0 } else { bound };
        self.measure(stats, group, measure).is_some_and(|value| match operator {
            "eq" => value == bound,
            "ne" => value != bound,
            "lt" => value < bound,
            "lte" => value <= bound,
            "gt" => value > bound,
            _ => value >= bound,
        })
    }

    fn groups_in_order(&self, stats: &Stats, a: &Group, b: &Group) -> Ordering {
        if a.few != b.few {
            return a.few.cmp(&b.few);
        }
        for (by, descending) in &stats.order {
            let value = |group: &Group| match by {
                GroupOrder::Key(index) => group.keys[*index].clone(),
                GroupOrder::Measure(measure) => self.measure(stats, group, *measure).map_or(Value::Null, Value::Float),
            };
            let (a, b) = (value(a), value(b));
            let ascending = a.compare(&b);
            let ordered = if *descending && !a.is_null() && !b.is_null() { ascending.reverse() } else { ascending };
            if ordered.is_ne() {
                return ordered;
            }
        }
        a.keys.iter().zip(&b.keys).map(|(a, b)| a.compare(b)).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
    }

    fn group(&self, stats: &Stats, hidden: Option<&[bool]>, group: &Group) -> Json {
        let number = |measure: Measure, value: Option<f64>| match value {
            None => Json::Null,
            Some(fen) if is_money(stats, measure) => json!(yuan(fen.round() as i64)),
            Some(value) => json!(value),
        };
        let parts = stats.groups.iter().map(|part| {
            let (name, value) = match &part.item {
                GroupPart::Count if hidden.is_some() => ("count", self.told_count(stats, group)),
                GroupPart::Count => ("count", json!(group.rows.len())),
                GroupPart::Suppressed => ("suppressed", json!(group.few)),
                GroupPart::Measures(function, fields) if hidden.is_some() => {
                    (*function, self.told_measures(stats, group, hidden.unwrap_or_default(), function, fields))
                }
                GroupPart::Measures(function, fields) => {
                    let measures = fields.iter().map(|field| {
                        let name = REGISTERS[stats.register].fields[*field].name.to_owned();
                        let measure = Measure::Of(function, *field);
                        (name, number(measure, self.measure(stats, group, measure)))
                    });
                    (*function, Json::Object(measures.collect()))
                }
                GroupPart::Key(parts) => {
                    let mut key = Map::new();
                    for part in parts {
                        let (name, value) = self.key_part(stats, group, (stats.register, &[]), &part.item);
                        merge(&mut key, part.key(name), value);
                    }
                    ("key", Json::Object(key))
                }
            };
            (part.key(name).to_owned(), value)
        });
        Json::Object(parts.collect())
    }

    /// A part of a group's key, of the register that the references lead to.
    fn key_part(&self, stats: &Stats, group: &Group, (register, of): (usize, &[usize]), part: &KeyPart) -> (&'static str, Json) {
        let fields = REGISTERS[register].fields;
        let value = |wanted: &dyn Fn(GroupBy) -> bool| {
            stats.keys.iter().position(|key| key.of == of && wanted(key.by)).map(|index| &group.keys[index])
        };
        match part {
            KeyPart::Field(field) => {
                let spell = |value| spelled(REGISTERS[register], fields[*field].kind, value);
                (fields[*field].name, value(&|by| by == GroupBy::Field(*field)).map_or(Json::Null, spell))
            }
            KeyPart::Period => match value(&|by| matches!(by, GroupBy::Period(..))) {
                Some(Value::Day(day)) => ("period", json!(day.to_string())),
                _ => ("period", Json::Null),
            },
            KeyPart::Reference(field, object) => {
                let key = value(&|by| by == GroupBy::Field(*field)).and_then(Value::key);
                let row = key.and_then(|key| self.world.find(object.register, key));
                let row = row.filter(|row| self.access.visible(object.register, *row));
                (fields[*field].name, row.map_or(Json::Null, |row| self.object(row, object)))
            }
            KeyPart::Region(object) => {
                let place = value(&|by| matches!(by, GroupBy::Region(_))).and_then(Value::integer);
                let row = place.and_then(|place| self.world.region_at(place)).filter(|row| self.access.visible(object.register, *row));
                ("region", row.map_or(Json::Null, |row| self.object(row, object)))
            }
            KeyPart::Of(step, part) => {
                let target = position(fields[*step].target().expect("a reference"));
                let of: Vec<usize> = of.iter().copied().chain([*step]).collect();
                let (name, value) = self.key_part(stats, group, (target, &of), part);
                ("of", json!({ fields[*step].name: { name: value } }))
            }
        }
    }
}

/// What cursors say of the groups they belong to.
pub(super) fn signature(stats: &Stats) -> String {
    let register = REGISTERS[stats.register];
    let name = |key: &GroupKey| key_name(register, key);
    let order = stats.order.iter().map(|(by, descending)| {
        let by = match by {
            GroupOrder::Key(index) => name(&stats.keys[*index]),
            GroupOrder::Measure(Measure::Count) => "COUNT".to_owned(),
            GroupOrder::Measure(Measure::Of(function, field)) => {
                format!("{}_{}", function.to_uppercase(), shouted(register.fields[*field].name))
            }
        };
        format!("{}{by}", if *descending { '-' } else { '+' })
    });
    [register.name.to_owned()].into_iter().chain(stats.keys.iter().map(name)).chain(order).collect::<Vec<_>>().join(".")
}

/// What a key of a register's groups is called.
pub(super) fn key_name(register: &'static Register, key: &GroupKey) -> String {
    let (mut parts, mut at) = (Vec::new(), register);
    for step in &key.of {
        parts.push(at.fields[*step].name.to_owned());
        at = REGISTERS[position(at.fields[*step].target().expect("a reference"))];
    }
    parts.push(match key.by {
        GroupBy::Field(field) => at.fields[field].name.to_owned(),
        GroupBy::Region(level) => format!("REGION-{}", place::LEVELS[level]),
        GroupBy::Period(field, period) => format!("{}-{}{}", at.fields[field].name, &period[..1], period[1..].to_lowercase()),
    });
    parts.join("-")
}

/// True if the measure is an amount of money.
pub(super) fn is_money(stats: &Stats, measure: Measure) -> bool {
    match measure {
        Measure::Of(function, field) => function != "counted" && matches!(REGISTERS[stats.register].fields[field].kind, Kind::Money),
        Measure::Count => false,
    }
}

/// Puts a value in, into the object that is there if there is one: equal response keys are one.
fn merge(into: &mut Map<String, Json>, key: &str, value: Json) {
    match (into.get_mut(key), value) {
        (Some(Json::Object(known)), Json::Object(value)) => {
            for (key, value) in value {
                merge(known, &key, value);
            }
        }
        (_, value) => {
            into.insert(key.to_owned(), value);
        }
    }
}

/// The register whose values a key tells apart.
pub(super) fn reached(register: usize, key: &GroupKey) -> &'static Register {
    key.of.iter().fold(REGISTERS[register], |register, step| REGISTERS[position(register.fields[*step].target().expect("a reference"))])
}

/// The field of the counted rows whose rights a key needs.
pub(super) fn key_field(register: usize, key: &GroupKey) -> usize {
    key.of.first().copied().unwrap_or_else(|| by_field(register, key.by))
}

/// The field of the register reached whose rights a key needs.
pub(super) fn by_field(register: usize, by: GroupBy) -> usize {
    match by {
        GroupBy::Field(field) | GroupBy::Period(field, _) => field,
        GroupBy::Region(_) => field_position(register, REGISTERS[register].placing.expect("a placed register").field),
    }
}

fn first_day(day: NaiveDate, period: &str) -> NaiveDate {
    let first = match period {
        "DAY" => Some(day),
        "WEEK" => day.checked_sub_days(Days::new(u64::from(day.weekday().num_days_from_monday()))),
        "MONTH" => day.with_day(1),
        "QUARTER" => NaiveDate::from_ymd_opt(day.year(), day.month0() / 3 * 3 + 1, 1),
        _ => NaiveDate::from_ymd_opt(day.year(), 1, 1),
    };
    first.expect("a day of the calendar")
}
