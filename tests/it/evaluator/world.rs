//! The registers as vectors of rows, with every field's value worked out by the shortest code that could be right.

use std::cmp::Ordering;
use std::collections::HashMap;

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use civigrid::clock::Now;
use entities::catalog::{Kind, Register, Source, Through};
use entities::registers::REGISTERS;
use uuid::Uuid;

use super::stored::{Columns, Stored};

/// A value of a column or field.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Null,
    Boolean(bool),
    Integer(i64),
    Float(f64),
    Text(String),
    Key(Uuid),
    Day(NaiveDate),
    Instant(DateTime<Utc>),
}

/// One row: its columns by name, and its fields in the catalog's order (of a point, the longitude).
pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) columns: HashMap<String, Value>,
    pub(super) fields: Vec<Value>,
}

/// One register with its rows.
pub(super) struct Table {
    pub(super) register: &'static Register,
    pub(super) rows: Vec<Row>,
    by_id: HashMap<Uuid, usize>,
}

/// All registers at one instant.
pub(super) struct World {
    pub(super) tables: Vec<Table>,
    pub(super) now: Now,
    /// Rows by (register, reference field, key).
    children: HashMap<(usize, usize), HashMap<Uuid, Vec<usize>>>,
    regions: HashMap<i64, usize>,
}

impl Value {
    pub(super) fn is_null(&self) -> bool {
        *self == Self::Null
    }

    pub(super) fn key(&self) -> Option<Uuid> {
        if let Self::Key(key) = self { Some(*key) } else { None }
    }

    pub(super) fn integer(&self) -> Option<i64> {
        if let Self::Integer(number) = self { Some(*number) } else { None }
    }

    pub(super) fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// Text as bytes, keys as bytes, everything else as it counts; nulls last.
    pub(super) fn compare(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Boolean(a), Self::Boolean(b)) => a.cmp(b),
            (Self::Integer(a), Self::Integer(b)) => a.cmp(b),
            (Self::Float(a), Self::Float(b)) => a.total_cmp(b),
            (Self::Text(a), Self::Text(b)) => a.as_bytes().cmp(b.as_bytes()),
            (Self::Key(a), Self::Key(b)) => a.as_bytes().cmp(b.as_bytes()),
            (Self::Day(a), Self::Day(b)) => a.cmp(b),
            (Self::Instant(a), Self::Instant(b)) => a.cmp(b),
            (Self::Null, Self::Null) => Ordering::Equal,
            (Self::Null, _) => Ordering::Greater,
            (_, Self::Null) => Ordering::Less,
            _ => unreachable!("{self:?} and {other:?} are values of two types"),
        }
    }
}

/// Position of a register in the catalog.
pub(super) fn position(name: &str) -> usize {
    REGISTERS.iter().position(|register| register.name == name).expect("a register")
}

/// Position of a field in its register.
pub(super) fn field_position(register: usize, name: &str) -> usize {
    REGISTERS[register].fields.iter().position(|field| field.name == name).expect("a field")
}

/// Register and field that hold the tie of a relation.
pub(super) fn tie(relation: &entities::catalog::Relation) -> (usize, usize, bool) {
    let target = position(relation.target);
    (target, field_position(target, relation.through.tie()), matches!(relation.through, Through::Place(_)))
}

/// Completed years on a day: a year is complete on the day of the same month and number, or the first day after it.
fn completed_years(birth: NaiveDate, today: NaiveDate) -> i64 {
    let birthday_passed = (today.month(), today.day()) >= (birth.month(), birth.day());
    i64::from(today.year() - birth.year()) - i64::from(!birthday_passed)
}

impl World {
    /// The world of these rows at an instant.
    pub(super) fn of(stored: &Stored, now: Now) -> Self {
        let tables = REGISTERS.iter().zip(&stored.0).map(|(register, rows)| table(register, rows, now)).collect();
        let mut world = Self { tables, now, children: HashMap::new(), regions: HashMap::new() };
        let region = &world.tables[position("region")];
        world.regions = region.rows.iter().enumerate().filter_map(|(row, values)| Some((values.columns["code"].integer()?, row))).collect();
        for (index, table) in world.tables.iter().enumerate() {
            for (field, _) in table.register.fields.iter().enumerate().filter(|(_, field)| matches!(field.kind, Kind::Reference(_))) {
                let by_key = world.children.entry((index, field)).or_default();
                for (row, values) in table.rows.iter().enumerate() {
                    if let Some(key) = values.fields[field].key() {
                        by_key.entry(key).or_default().push(row);
                    }
                }
            }
        }
        world
    }

    pub(super) fn row(&self, register: usize, row: usize) -> &Row {
        &self.tables[register].rows[row]
    }

    /// The row with this key.
    pub(super) fn find(&self, register: usize, id: Uuid) -> Option<usize> {
        self.tables[register].by_id.get(&id).copied()
    }

    /// The region at a place, or the nearest one above.
    pub(super) fn region_at(&self, place: i64) -> Option<usize> {
        (0..=super::place::level(place)).rev().find_map(|level| self.regions.get(&super::place::at(place, level)?).copied())
    }

    /// The region of exactly this code.
    pub(super) fn region_of(&self, code: i64) -> Option<usize> {
        self.regions.get(&code).copied()
    }

    /// The rows that hang on a row by a relation, whoever may see them.
    pub(super) fn children(&self, register: usize, row: usize, relation: &entities::catalog::Relation) -> Vec<usize> {
        let (target, field, by_place) = tie(relation);
        let parent = self.row(register, row);
        if by_place {
            let code = parent.columns["code"].integer().expect("a region has a code");
            let inside = |row: &Row| row.fields[field].integer().is_some_and(|place| super::place::contains(code, place));
            return (0..self.tables[target].rows.len()).filter(|row| inside(self.row(target, *row))).collect();
        }
        self.children[&(target, field)].get(&parent.id).cloned().unwrap_or_default()
    }
}

fn table(register: &'static Register, rows: &[Columns], now: Now) -> Table {
    let rows: Vec<Row> = rows
        .iter()
        .map(|columns| {
            let fields = register.fields.iter().map(|field| field_value(field.source, columns, now)).collect();
            Row { id: columns["id"].key().expect("a row has a key"), columns: columns.clone(), fields }
        })
        .collect();
    let by_id = rows.iter().enumerate().map(|(index, row)| (row.id, index)).collect();
    Table { register, rows, by_id }
}

fn field_value(source: Source, columns: &HashMap<String, Value>, now: Now) -> Value {
    let age = |column: &str| match columns[column] {
        Value::Day(birth) => Some(completed_years(birth, now.today)),
        _ => None,
    };
    match source {
        Source::Column(column) | Source::Point { longitude: column, .. } => columns[column].clone(),
        Source::InTime { done, due } => match (&columns[done], &columns[due]) {
            (Value::Instant(done), Value::Instant(due)) => Value::Boolean(done <= due),
            _ => Value::Null,
        },
        Source::Age(column) => age(column).map_or(Value::Null, Value::Integer),
        Source::AgeBand(column) => age(column).map_or(Value::Null, |age| Value::Text(band(age).to_owned())),
        Source::FirstAndLast(column) => match columns[column].text() {
            None => Value::Null,
            Some(text) => {
                let letters: Vec<char> = text.chars().collect();
                let masked = match letters.as_slice() {
                    [first, middle @ .., last] if !middle.is_empty() => format!("{first}{}{last}", "*".repeat(middle.len())),
                    _ => "**".to_owned(),
                };
                Value::Text(masked)
            }
        },
    }
}

fn band(age: i64) -> &'static str {
    match age {
        ..3 => "UNDER_3",
        3..7 => "FROM_3_TO_6",
        7..14 => "FROM_7_TO_13",
        14..18 => "FROM_14_TO_17",
        18..35 => "FROM_18_TO_34",
        35..60 => "FROM_35_TO_59",
        60..80 => "FROM_60_TO_79",
        80.. => "OVER_79",
    }
}
