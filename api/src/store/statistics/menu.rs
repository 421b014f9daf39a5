//! The statement behind an aggregate menu: its base table, all rows of a region counted by leaf region, dimensions and period.

use chrono::{DateTime, Duration, FixedOffset, NaiveDate, NaiveTime, Utc};
use entities::catalog::{Field, Kind, Register};
use entities::codes::RegionLevel;

use crate::policy::MenuScope;
use crate::store::database::Backend;
use crate::store::expression::{self, Type};
use crate::store::scope::in_region;
use crate::store::sql::{Sql, Value};

use super::Period;
use super::key::first_day;

/// The base table of a menu, as its statement gives it: columns of the leaf region, the dimensions, the first day of the period,
/// the count, and four for each measure.
#[derive(Clone, Debug)]
pub struct MenuTable {
    /// The register whose rows are counted.
    pub register: &'static Register,
    /// The lowest level of regions.
    pub leaf: RegionLevel,
    /// The fields of the dimensions.
    pub dimensions: Vec<usize>,
    /// The periods, where there are any.
    pub window: Option<Window>,
    /// The measured fields.
    pub measures: Vec<usize>,
    /// The zone's offset, by which periods begin.
    pub zone: FixedOffset,
}

/// The closed periods that are counted.
#[derive(Clone, Copy, Debug)]
pub struct Window {
    /// The field that tells the period.
    pub field: usize,
    /// The periods' length.
    pub period: Period,
    /// The first day of the first one.
    pub from: NaiveDate,
    /// The day after the last one.
    pub until: NaiveDate,
}

/// What is worked out for each measure, in this order: values, their sum, the sum of their amounts, the greatest amount.
pub const PER_MEASURE: usize = 4;

impl MenuTable {
    /// The types of the statement's columns.
    pub fn types(&self) -> Vec<Type> {
        let Self { dimensions, window, measures, .. } = self;
        let keys = std::iter::once(Type::Long).chain(dimensions.iter().map(|_| Type::Text)).chain(window.iter().map(|_| Type::Date));
        keys.chain(std::iter::repeat_n(Type::Long, 1 + PER_MEASURE * measures.len())).collect()
    }
}

/// The statement. It counts whatever lies in the region, whoever may see it: the scope is the right to that.
pub fn base_table(backend: Backend, scope: &MenuScope, table: &MenuTable, today: NaiveDate) -> (String, Vec<Value>) {
    let MenuTable { register, leaf, dimensions, window, measures, zone } = table;
    let mut sql = Sql::new(backend);
    sql.push("SELECT ");
    match register.placing {
        Some(placing) => expression::region_of_level(&mut sql, "t", &placing, *leaf),
        None => {
            sql.push("NULL");
        }
    }
    for field in dimensions {
        sql.push(", ");
        expression::field(&mut sql, "t", &register.fields[*field], today);
    }
    if let Some(window) = window {
        sql.push(", ");
        first_day(&mut sql, "t", &register.fields[window.field], *zone, window.period);
    }
    sql.push(", count(*)");
    for field in measures {
        measured(&mut sql, &register.fields[*field], today);
    }
    sql.push(" FROM ").push(register.table).push(" t WHERE ");
    in_region(&mut sql, register, scope.region(), "t");
    if let Some(Window { field, from, until, .. }) = window {
        let field = &register.fields[*field];
        sql.push(" AND ");
        expression::field(&mut sql, "t", field, today);
        sql.push(" >= ").bind(beginning(field, *from, *zone)).push(" AND ");
        expression::field(&mut sql, "t", field, today);
        sql.push(" < ").bind(beginning(field, *until, *zone));
    }
    for index in 0..=dimensions.len() + window.iter().len() {
        sql.push(if index == 0 { " GROUP BY " } else { ", " }).push_number(index as i64 + 1);
    }
    sql.finish()
}

fn measured(sql: &mut Sql, field: &Field, today: NaiveDate) {
    let long = if sql.backend() == Backend::Postgres { "::bigint" } else { "" };
    for (call, end) in [("count(", ")"), ("sum(", ")"), ("sum(abs(", "))"), ("max(abs(", "))")] {
        sql.push(", ").push(call);
        expression::field(sql, "t", field, today);
        sql.push(end).push(long);
    }
}

/// The beginning of a day as the field's values are kept.
fn beginning(field: &Field, day: NaiveDate, zone: FixedOffset) -> Value {
    if !matches!(field.kind, Kind::Instant) {
        return Value::Date(day);
    }
    let local = day.and_time(NaiveTime::MIN) - Duration::seconds(i64::from(zone.local_minus_utc()));
    Value::Instant(DateTime::<Utc>::from_naive_utc_and_offset(local, Utc))
}
