//! Random filters: fields the caller may filter by most of the time, values that occur in the data most of the time.

use chrono::{Days, TimeDelta};
use entities::catalog::{Field, Kind, Source};
use entities::registers::REGISTERS;

use super::dice::Dice;
use super::place;
use super::policy::{Access, Cover, Right};
use super::query::{Filter, Operand, Part};
use super::world::{Value, World, position, tie};

/// Makes filters for one caller.
pub(super) struct FilterMaker<'a> {
    pub(super) dice: &'a mut Dice,
    pub(super) world: &'a World,
    pub(super) access: &'a Access,
}

impl FilterMaker<'_> {
    /// A filter on a register, nested so deep at most.
    pub(super) fn filter(&mut self, register: usize, depth: usize) -> Filter {
        let mut parts: Vec<Part> = Vec::new();
        let count = [0, 1, 1, 1, 1, 2, 2, 3][self.dice.below(8)];
        for _ in 0..count {
            let part = self.part(register, depth);
            if !parts.iter().any(|known| named(register, known) == named(register, &part)) {
                parts.push(part);
            }
        }
        self.narrowed(register, &mut parts);
        Filter(parts)
    }

    /// A search in names gets a district to search in, most of the time.
    fn narrowed(&mut self, register: usize, parts: &mut Vec<Part>) {
        let Some(placing) = REGISTERS[register].placing else { return };
        let searches = parts.iter().any(|part| match part {
            Part::Test(field, tests) => {
                let field = &REGISTERS[register].fields[*field];
                tests.iter().any(|(operator, operand)| *operator == "matches" || field.narrow_search && matches!(operand, Operand::Text(_)))
            }
            _ => false,
        });
        let (field, _) = REGISTERS[register].field(placing.field).expect("a placed register has its field");
        let there = parts.iter().any(|part| matches!(part, Part::Test(known, _) if *known == field));
        if searches && !there && self.dice.chance(70) && self.access.cover(Right::Filter, register, field) != Cover::Nowhere {
            let operand = Operand::Region(self.region(register, field));
            parts.push(Part::Test(field, vec![("within", operand)]));
        }
    }

    fn part(&mut self, register: usize, depth: usize) -> Part {
        let catalog = REGISTERS[register];
        if depth > 0 {
            match self.dice.below(100) {
                0..8 => return Part::And(self.filters(register, depth)),
                8..18 => return Part::Or(self.filters(register, depth)),
                18..28 => return Part::Not(self.filter(register, depth - 1)),
                28..48 => {
                    if let Some(relation) = self.dice.pick(catalog.relations) {
                        let (target, field, _) = tie(relation);
                        if self.usable(target, field) || self.dice.chance(3) {
                            return self.many(relation, depth);
                        }
                    }
                }
                48..60 => {
                    let references = self.fields(register, |field| matches!(field.kind, Kind::Reference(_)));
                    if let Some(field) = self.dice.pick(&references).copied() {
                        let Kind::Reference(target) = catalog.fields[field].kind else { unreachable!("picked a reference") };
                        if self.dice.chance(20) {
                            return Part::One(field, Filter(vec![Part::IsNull(self.dice.chance(50))]));
                        }
                        return Part::One(field, self.filter(position(target), depth - 1));
                    }
                }
                _ => {}
            }
        }
        if self.dice.chance(4) {
            return Part::IsNull(self.dice.chance(50));
        }
        if self.dice.chance(5) {
            return Part::FullyVisible(self.some_fields(register));
        }
        // One operator of one or two fields of the whole catalog would hardly ever be drawn.
        let searched = self.fields(register, |field| field.search.is_some());
        if let Some(field) = self.dice.pick(&searched).copied()
            && self.dice.chance(30)
        {
            return Part::Test(field, vec![("matches", self.operand(register, field, "matches"))]);
        }
        let fields = self.fields(register, |field| field.filters && !matches!(field.kind, Kind::Reference(_)));
        let field = self.dice.pick(&fields).copied().unwrap_or(0);
        Part::Test(field, self.tests(register, field))
    }

    fn some_fields(&mut self, register: usize) -> Vec<usize> {
        let fields = self.fields(register, |_| true);
        (0..1 + self.dice.below(2)).filter_map(|_| self.dice.pick(&fields).copied()).collect()
    }

    fn filters(&mut self, register: usize, depth: usize) -> Vec<Filter> {
        (0..[1, 2, 2, 3, 0][self.dice.below(5)]).map(|_| self.filter(register, depth - 1)).collect()
    }

    fn many(&mut self, relation: &'static entities::catalog::Relation, depth: usize) -> Part {
        let mut quantifiers = self.dice.shuffled(vec!["some", "none", "every"]);
        quantifiers.truncate([1, 1, 2, 3, 3, 3][self.dice.below(6)]);
        let target = position(relation.target);
        Part::Many(relation, quantifiers.into_iter().map(|quantifier| (quantifier, self.filter(target, depth - 1))).collect())
    }

    fn usable(&self, register: usize, field: usize) -> bool {
        self.access.is_empty(register) || self.access.cover(Right::Filter, register, field) != Cover::Nowhere
    }

    /// Fields that the caller may use somewhere; rarely any.
    fn fields(&mut self, register: usize, wanted: impl Fn(&entities::catalog::Field) -> bool) -> Vec<usize> {
        let any = self.dice.chance(2);
        let fields = REGISTERS[register].fields.iter().enumerate();
        fields.filter(|(index, field)| wanted(field) && (any || self.usable(register, *index))).map(|(index, _)| index).collect()
    }

    /// One test or two of a field.
    pub(super) fn tests(&mut self, register: usize, field: usize) -> Vec<(&'static str, Operand)> {
        let operators = operators(&REGISTERS[register].fields[field]);
        let count = [1, 1, 1, 1, 1, 1, 2, 2, 2, 0][self.dice.below(10)];
        let mut chosen = self.dice.shuffled(operators.to_vec());
        chosen.truncate(count);
        chosen.into_iter().map(|operator| (operator, self.operand(register, field, operator))).collect()
    }

    fn operand(&mut self, register: usize, field: usize, operator: &str) -> Operand {
        let kind = REGISTERS[register].fields[field].kind;
        match operator {
            "isNull" => Operand::Flag(self.dice.chance(50)),
            "startsWith" | "contains" => Operand::Text(self.part_of_text(register, field, operator)),
            "matches" => Operand::Text(self.typed(register, field)),
            "within" if matches!(kind, Kind::Point) => Operand::Area(self.area(register, field)),
            "within" => Operand::Region(self.region(register, field)),
            "in" | "notIn" => {
                let count = [0, 1, 2, 3, 5, 8][self.dice.below(6)];
                Operand::Several((0..count).map(|_| self.value(register, field)).collect())
            }
            _ => Operand::One(self.value(register, field)),
        }
    }

    /// A value of the field: one that occurs, or one near it.
    pub(super) fn value(&mut self, register: usize, field: usize) -> Value {
        let kind = REGISTERS[register].fields[field].kind;
        if let Kind::Code(list) = kind {
            return Value::Text(list.codes[self.dice.below(list.codes.len())].value.to_owned());
        }
        match self.occurring(register, field) {
            Some(Value::Integer(number)) if matches!(kind, Kind::Int | Kind::Money) => {
                Value::Integer(number + [0, 0, 0, 1, -1][self.dice.below(5)])
            }
            Some(Value::Day(day)) if self.dice.chance(40) => Value::Day(day + Days::new(self.dice.below(400) as u64)),
            Some(Value::Instant(instant)) if self.dice.chance(40) => {
                Value::Instant(instant + TimeDelta::microseconds([1, -1, 3_600_000_000][self.dice.below(3)]))
            }
            Some(Value::Text(text)) if self.dice.chance(15) => Value::Text(format!("{text}\"'\\ {{}}$1 ?")),
            Some(value) => value,
            None => match kind {
                Kind::Id => Value::Key(uuid::Uuid::from_u64_pair(self.dice.bits(), self.dice.bits())),
                Kind::Int | Kind::Money => Value::Integer(self.dice.below(5) as i64),
                Kind::Boolean => Value::Boolean(self.dice.chance(50)),
                Kind::Date => Value::Day(self.world.now.today),
                Kind::Instant => Value::Instant(self.world.now.instant),
                Kind::Place | Kind::RegionCode => Value::Integer(500_000_000_000_000),
                _ => Value::Text("nobody".to_owned()),
            },
        }
    }

    /// The value of a row, one that the caller may see most of the time; None if it is null.
    fn occurring(&mut self, register: usize, field: usize) -> Option<Value> {
        let rows = &self.world.tables[register].rows;
        let visible = |row: &usize| self.access.visible(register, *row);
        let seen: Vec<usize> = (0..rows.len()).filter(visible).collect();
        let row = if self.dice.chance(80) { self.dice.pick(&seen).copied() } else { None };
        let row = row.unwrap_or_else(|| self.dice.below(rows.len()));
        rows.get(row).map(|row| row.fields[field].clone()).filter(|value| !value.is_null())
    }

    /// What somebody types to find a name: the beginning of one of its keys, spelled more loosely.
    fn typed(&mut self, register: usize, field: usize) -> String {
        let rows = &self.world.tables[register].rows;
        let keys = REGISTERS[register].fields[field].search.expect("a searched field").keys;
        let row = self.dice.below(rows.len());
        let keys: Vec<&str> = rows[row].columns[keys].text().unwrap_or_default().split(' ').collect();
        let key: Vec<char> = self.dice.pick(&keys).copied().unwrap_or_default().chars().collect();
        let length = [1, 1, 2, 3, 6, 30][self.dice.below(6)];
        let typed: String = key.iter().take(length).collect();
        match self.dice.below(8) {
            0 => typed.to_uppercase(),
            1 => format!(" {typed}'"),
            2 => format!("{typed}x"),
            3 => "'".to_owned(),
            _ => typed,
        }
    }

    fn part_of_text(&mut self, register: usize, field: usize, operator: &str) -> String {
        let Some(Value::Text(text)) = self.occurring(register, field) else { return "a".to_owned() };
        let letters: Vec<char> = text.chars().collect();
        let start = if operator == "contains" { self.dice.below(letters.len()) } else { 0 };
        let length = [1, 1, 2, 3, 0][self.dice.below(5)].min(letters.len() - start.min(letters.len()));
        letters[start.min(letters.len())..][..length].iter().collect()
    }

    fn region(&mut self, register: usize, field: usize) -> i64 {
        let place = self.occurring(register, field).and_then(|value| value.integer()).unwrap_or(500_103_000_000_000);
        let level = [0, 1, 1, 2, 2, 3, 3, 4][self.dice.below(8)];
        place::at(place, level).unwrap_or(place)
    }

    fn area(&mut self, register: usize, field: usize) -> [f64; 4] {
        let Source::Point { longitude, latitude } = REGISTERS[register].fields[field].source else { return [0.0; 4] };
        let rows = &self.world.tables[register].rows;
        let (a, b) = (self.dice.below(rows.len()), self.dice.below(rows.len()));
        let degree =
            |row: usize, column: &str, other: f64| if let Value::Float(degree) = rows[row].columns[column] { degree } else { other };
        let (west, east) = (degree(a, longitude, 106.0), degree(b, longitude, 108.5));
        let (south, north) = (degree(a, latitude, 29.0), degree(b, latitude, 30.5));
        [west.min(east), south.min(north), west.max(east), south.max(north)]
    }
}

/// What names the part in its input object.
fn named(register: usize, part: &Part) -> &'static str {
    match part {
        Part::And(_) => "and",
        Part::Or(_) => "or",
        Part::Not(_) => "not",
        Part::FullyVisible(_) => "fullyVisible",
        Part::IsNull(_) => "isNull",
        Part::Test(field, _) | Part::One(field, _) => REGISTERS[register].fields[*field].name,
        Part::Many(relation, _) => relation.name,
    }
}

/// The tests that the contract offers.
pub(super) fn operators(field: &Field) -> &'static [&'static str] {
    match field.kind {
        Kind::Id => &["eq", "in"],
        Kind::Boolean => &["eq", "isNull"],
        Kind::Int | Kind::Money => &["eq", "ne", "in", "notIn", "lt", "lte", "gt", "gte", "isNull"],
        Kind::Float => &["lt", "lte", "gt", "gte", "isNull"],
        Kind::Text if field.search.is_some() => &["eq", "ne", "in", "notIn", "startsWith", "contains", "matches", "isNull"],
        Kind::Text => &["eq", "ne", "in", "notIn", "startsWith", "contains", "isNull"],
        Kind::Identifier => &["eq", "in", "isNull"],
        Kind::Date | Kind::Instant => &["eq", "ne", "lt", "lte", "gt", "gte", "isNull"],
        Kind::RegionCode | Kind::Place => &["eq", "in", "within", "isNull"],
        Kind::Point => &["within", "isNull"],
        Kind::Code(_) => &["eq", "ne", "in", "notIn", "isNull"],
        Kind::FreeText | Kind::GeoJson | Kind::Reference(_) => &[],
    }
}
