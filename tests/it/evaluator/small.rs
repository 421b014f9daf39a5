//! Statistics of what the caller may aggregate and not see: groups of few rows are kept back, and the others rounded.

use civigrid::policy::Key;
use entities::catalog::Kind;
use entities::registers::REGISTERS;
use serde_json::{Map, Value as Json, json};

use super::eval::{Evaluator, items, yuan};
use super::policy::{Access, Cover, Right};
use super::query::{Filter, GroupKey, GroupOrder, GroupPart, Measure, Part, Stats};
use super::stats::{Group, by_field, is_money, key_name};
use super::world::{Value, position};

/// The key of every engine that the evaluator is held against.
pub(super) const KEY: &str = "the evaluator's key";
/// The least group that is told.
const LEAST: usize = 10;

/// For each key, whether it is not shown; None if keys and measures all are, so that statistics are exact.
pub(super) fn hidden(access: &Access, stats: &Stats) -> Option<Vec<bool>> {
    let register = stats.register;
    let keys: Vec<bool> = stats.keys.iter().map(|key| is_hidden(access, register, key)).collect();
    let of = |measure: Measure| if let Measure::Of(_, field) = measure { Some(field) } else { None };
    let ordered = stats.order.iter().filter_map(|(by, _)| if let GroupOrder::Measure(measure) = by { of(*measure) } else { None });
    let mut measured: Vec<usize> = stats.having.iter().filter_map(|(measure, ..)| of(*measure)).chain(ordered).collect();
    for part in items(&stats.groups) {
        if let GroupPart::Measures(_, fields) = part {
            measured.extend(fields);
        }
    }
    let any = keys.contains(&true) || measured.iter().any(|field| !shown_where_aggregated(access, register, *field));
    (any && !access.is_empty(register)).then_some(keys)
}

fn is_hidden(access: &Access, register: usize, key: &GroupKey) -> bool {
    let mut at = register;
    for step in &key.of {
        if access.is_empty(at) {
            return false;
        }
        if !shown_where_aggregated(access, at, *step) {
            return true;
        }
        at = position(REGISTERS[at].fields[*step].target().expect("a reference"));
    }
    !access.is_empty(at) && !shown_where_aggregated(access, at, by_field(at, key.by))
}

/// True if the grants that let the field be aggregated show it on the same rows, or it is shown on all.
fn shown_where_aggregated(access: &Access, register: usize, field: usize) -> bool {
    match (access.cover_of_aggregates(register, field), access.cover(Right::Show, register, field)) {
        (Cover::Nowhere, _) | (_, Cover::Everywhere) => true,
        (Cover::Somewhere, Cover::Somewhere) => access.gives_where(Right::Aggregate, Right::Show, register, field),
        _ => false,
    }
}

/// True if a question about groups could single out a row.
pub(super) fn singles_out(stats: &Stats) -> bool {
    let by_measure = stats.order.iter().any(|(by, _)| matches!(by, GroupOrder::Measure(_)));
    !stats.having.is_empty() || by_measure || stats.filter.as_ref().is_some_and(|filter| is_fine(stats.register, filter))
}

/// True if a filter tells rows apart by more than codes, truth values and regions.
pub(super) fn is_fine(register: usize, filter: &Filter) -> bool {
    filter.0.iter().any(|part| match part {
        Part::And(filters) | Part::Or(filters) => filters.iter().any(|filter| is_fine(register, filter)),
        Part::Not(filter) => is_fine(register, filter),
        Part::FullyVisible(_) | Part::IsNull(_) => false,
        Part::Test(field, tests) => {
            let coarse = matches!(REGISTERS[register].fields[*field].kind, Kind::Code(_) | Kind::Boolean | Kind::Place | Kind::RegionCode);
            !tests.is_empty() && !coarse
        }
        Part::One(field, inner) => match REGISTERS[register].fields[*field].kind {
            Kind::Reference(target) => is_fine(position(target), inner),
            _ => false,
        },
        Part::Many(_, quantified) => !quantified.is_empty(),
    })
}

/// Puts the groups of few rows together that agree in what is shown.
pub(super) fn kept_back(groups: Vec<Group>, hidden: &[bool]) -> Vec<Group> {
    let (few, mut told): (Vec<Group>, Vec<Group>) = groups.into_iter().partition(|group| group.rows.len() < LEAST);
    let mut small: Vec<Group> = Vec::new();
    for group in few {
        let keys: Vec<Value> = group.keys.iter().zip(hidden).map(|(key, hidden)| if *hidden { Value::Null } else { key.clone() }).collect();
        if !small.iter().any(|known| known.keys == keys) {
            small.push(Group { keys, rows: Vec::new(), few: true });
        }
    }
    told.append(&mut small);
    told
}

impl Evaluator<'_> {
    /// A group's count as it is told.
    pub(super) fn told_count(&self, stats: &Stats, group: &Group) -> Json {
        if group.few { Json::Null } else { json!(rounded(stats, group, "*", group.rows.len())) }
    }

    /// A group's measures as they are told.
    pub(super) fn told_measures(&self, stats: &Stats, group: &Group, hidden: &[bool], function: &'static str, fields: &[usize]) -> Json {
        let told = fields.iter().map(|field| {
            let name = REGISTERS[stats.register].fields[*field].name;
            (name.to_owned(), self.told_measure(stats, group, hidden, (function, *field)))
        });
        Json::Object(told.collect::<Map<_, _>>())
    }

    fn told_measure(&self, stats: &Stats, group: &Group, hidden: &[bool], (function, field): (&'static str, usize)) -> Json {
        let rows = group.rows.iter().filter(|row| self.access.may(Right::Aggregate, stats.register, **row, field));
        let values: Vec<i64> = rows.filter_map(|row| self.world.row(stats.register, *row).fields[field].integer()).collect();
        let enough = !group.few && values.len() >= LEAST;
        if function == "counted" {
            let name = REGISTERS[stats.register].fields[field].name;
            return json!(if enough { rounded(stats, group, name, values.len()) } else { 0 });
        }
        let number = match function {
            "sum" | "avg" => {
                let amounts: i64 = values.iter().map(|value| value.abs()).sum();
                let above_half = values.iter().any(|value| value.abs() * 2 > amounts);
                let sum = values.iter().sum::<i64>() as f64;
                let told = if function == "sum" { sum } else { sum / values.len() as f64 };
                (enough && !above_half).then(|| format!("{told:.2e}").parse::<f64>().expect("a number"))
            }
            _ => {
                let seen = !hidden.contains(&true) && shown_where_aggregated(self.access, stats.register, field);
                let extreme = if function == "min" { values.iter().min() } else { values.iter().max() };
                extreme.filter(|_| seen && !group.few).map(|value| *value as f64)
            }
        };
        match number {
            None => Json::Null,
            Some(fen) if is_money(stats, Measure::Of(function, field)) => json!(yuan(fen.round() as i64)),
            Some(number) => json!(number),
        }
    }
}

/// A count as a multiple of five, the next up or down as the key decides for this group and this count.
fn rounded(stats: &Stats, group: &Group, counted: &str, count: usize) -> usize {
    let register = REGISTERS[stats.register];
    let mut parts = vec!["statistics".to_owned(), register.name.to_owned(), counted.to_owned(), count.to_string()];
    for (key, value) in stats.keys.iter().zip(&group.keys) {
        parts.push(key_name(register, key));
        parts.push(match value {
            Value::Null => String::new(),
            Value::Boolean(value) => value.to_string(),
            Value::Integer(number) => number.to_string(),
            Value::Float(number) => number.to_string(),
            Value::Text(text) => format!("\"{text}"),
            Value::Key(key) => key.simple().to_string(),
            Value::Day(day) => day.to_string(),
            Value::Instant(instant) => instant.timestamp_micros().to_string(),
        });
    }
    let parts: Vec<&[u8]> = parts.iter().map(String::as_bytes).collect();
    let up = Key::new(KEY).draw(&parts, 2) == 1;
    if up { count.div_ceil(5) * 5 } else { count / 5 * 5 }
}
