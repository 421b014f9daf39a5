//! Statements for statistics: rows in scope, grouped, measured, ordered and cut.

use chrono::FixedOffset;
use entities::catalog::{self, Field, Kind, Register};
use entities::codes::RegionLevel;

use crate::policy::{Cover, Permit, Right};

use super::database::Backend;
use super::expression::{self, Type, type_of};
use super::filter::Filter;
use super::predicate::Context;
use super::scope::{covered, in_scope, is_unbounded};
use super::select::{self, Content, Table};
use super::sql::{Sql, Value};

/// What is counted by what.
#[derive(Clone, Debug)]
pub struct Statistics {
    /// What tells the groups apart.
    pub keys: Vec<GroupKey>,
    /// Which of the keys the statement gives; one that is only joined on, or not asked for, costs a column for nothing.
    pub given: Vec<bool>,
    /// What is worked out for each group.
    pub measures: Vec<Measure>,
    /// Bounds on the groups.
    pub having: Vec<Having>,
    /// The order, before the keys, which come last.
    pub order: Vec<GroupOrder>,
    /// Most groups wanted; one more tells whether there are more.
    pub size: usize,
    /// Groups passed over.
    pub offset: u64,
    /// The zone's offset, by which periods begin.
    pub zone: FixedOffset,
}

/// What tells groups apart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum GroupKey {
    /// The value of a field, also a reference.
    Field(usize),
    /// The region of a level in which the row lies.
    Region(RegionLevel),
    /// The period in which the field's instant or day falls.
    Period(usize, Period),
}

/// Periods of time, named by their first day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// Calendar day.
    Day,
    /// Week from Monday (ISO 8601).
    Week,
    /// Calendar month.
    Month,
    /// Quarter of a year.
    Quarter,
    /// Calendar year.
    Year,
}

/// What is worked out for a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Rows.
    Count,
    /// Something of a field, over the rows where the caller may measure it.
    Of(Function, usize),
}

/// What is worked out of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// Values that went in.
    Counted,
    /// Sum.
    Sum,
    /// Mean.
    Average,
    /// Least.
    Least,
    /// Greatest.
    Greatest,
}

/// A bound on groups.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Having {
    /// What is bounded.
    pub measure: Measure,
    /// `=`, `<>`, `<`, `<=`, `>` or `>=`.
    pub operator: &'static str,
    /// The bound.
    pub value: f64,
}

/// One key of an order of groups.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GroupOrder {
    /// What is compared.
    pub by: GroupOrderBy,
    /// True for the greatest first. Nulls come last either way.
    pub descending: bool,
}

/// What groups are ordered by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum GroupOrderBy {
    /// A key, by its index.
    Key(usize),
    /// A measure, by its index.
    Measure(usize),
}

/// The types of the statement's columns after those of joined tables: keys, then measures.
pub fn types(register: &Register, statistics: &Statistics) -> Vec<Type> {
    let keys = statistics.keys.iter().zip(&statistics.given).filter(|(_, given)| **given).map(|(key, _)| match key {
        GroupKey::Field(field) => type_of(&register.fields[*field]),
        GroupKey::Region(_) => Type::Long,
        GroupKey::Period(..) => Type::Date,
    });
    let measures = statistics.measures.iter().map(|measure| match measure {
        Measure::Count | Measure::Of(Function::Counted | Function::Sum, _) => Type::Long,
        Measure::Of(Function::Average, _) => Type::Float,
        Measure::Of(Function::Least | Function::Greatest, field) => type_of(&register.fields[*field]),
    });
    keys.chain(measures).collect()
}

/// The statement. Joins of `table` start from keys of the groups, or from each other.
pub fn groups(
    backend: Backend,
    context: Context<'_>,
    permit: &Permit,
    table: &Table,
    statistics: &Statistics,
    filter: Option<&Filter>,
) -> (String, Vec<Value>) {
    let mut sql = Sql::new(backend);
    sql.push("SELECT ");
    output(&mut sql, context, table, statistics);
    sql.push(" FROM (SELECT ");
    inner(&mut sql, context, permit, statistics);
    sql.push(" FROM ").push(table.register.table).push(" t");
    visible_targets(&mut sql, context, table.register, statistics);
    sql.push(" WHERE ");
    select::in_scope_and(&mut sql, context, permit, table.register, filter);
    fully_measurable(&mut sql, context, permit, statistics);
    grouped(&mut sql, statistics);
    having(&mut sql, context, permit, statistics);
    sql.push(") g");
    select::joins(&mut sql, context, table);
    ordered(&mut sql, statistics);
    sql.push(" LIMIT ").push_number(statistics.size as i64 + 1);
    if statistics.offset > 0 {
        sql.push(" OFFSET ").bind(Value::Integer(i64::try_from(statistics.offset).unwrap_or(i64::MAX)));
    }
    sql.finish()
}

/// Writes the columns of the result: of joined tables, then keys, then measures.
fn output(sql: &mut Sql, context: Context<'_>, table: &Table, statistics: &Statistics) {
    for column in &table.columns {
        let register = table.register_of(column.table);
        let alias = select::alias_of(column.table);
        match column.content {
            Content::Field(field) => expression::field(sql, alias, &register.fields[field], context.today),
            Content::Latitude(field) => {
                if let entities::catalog::Source::Point { latitude, .. } = register.fields[field].source {
                    sql.column(alias, latitude);
                }
            }
            Content::Birth(field) => {
                for column in register.fields[field].columns() {
                    sql.column(alias, column);
                }
            }
            Content::Conditions(set) => super::scope::condition_bits(sql, context.permits.of(register), set, alias, context.today),
        }
        sql.push(", ");
    }
    for index in (0..statistics.keys.len()).filter(|index| statistics.given[*index]) {
        sql.push("g.k").push_number(index as i64).push(", ");
    }
    for index in 0..statistics.measures.len() {
        sql.push("g.m").push_number(index as i64).push(", ");
    }
    sql.end_list("1");
}

fn inner(sql: &mut Sql, context: Context<'_>, permit: &Permit, statistics: &Statistics) {
    for (index, key) in statistics.keys.iter().enumerate() {
        match bounded_target(context, permit.register(), *key) {
            Some(_) => {
                sql.push("v").push_number(index as i64).push(".id");
            }
            None => key_expression(sql, context, permit.register(), *key, statistics.zone),
        }
        sql.push(" AS k").push_number(index as i64).push(", ");
    }
    for (index, measure) in statistics.measures.iter().enumerate() {
        measure_expression(sql, context, permit, *measure);
        sql.push(" AS m").push_number(index as i64).push(", ");
    }
    sql.push("1 AS one");
}

/// Joins the rows that a reference among the keys points to, as far as they are in scope: rows whose target is not are one
/// group with those that have none, so that nobody learns how many there are.
fn visible_targets(sql: &mut Sql, context: Context<'_>, register: &Register, statistics: &Statistics) {
    for (index, key) in statistics.keys.iter().enumerate() {
        let Some((field, target)) = bounded_target(context, register, *key) else { continue };
        let alias = format!("v{index}");
        sql.push(" LEFT JOIN ").push(target.table).push(" ").push(&alias).push(" ON ").column(&alias, "id").push(" = ");
        expression::field(sql, "t", field, context.today);
        sql.push(" AND ");
        in_scope(sql, context.permits.of(target), &alias, context.today);
    }
}

/// The reference that a key is, and its target, where not every row of the target is in scope.
fn bounded_target(context: Context<'_>, register: &Register, key: GroupKey) -> Option<(&'static Field, &'static Register)> {
    let GroupKey::Field(field) = key else { return None };
    let field = &register.fields[field];
    let target = field.target().and_then(catalog::register)?;
    (!is_unbounded(context.permits.of(target))).then_some((field, target))
}

fn key_expression(sql: &mut Sql, context: Context<'_>, register: &Register, key: GroupKey, zone: FixedOffset) {
    match key {
        GroupKey::Field(field) => expression::field(sql, "t", &register.fields[field], context.today),
        GroupKey::Region(level) => match register.placing {
            Some(placing) => expression::region_of_level(sql, "t", &placing, level),
            None => {
                sql.push("NULL");
            }
        },
        GroupKey::Period(field, period) => {
            let field = &register.fields[field];
            let seconds = if matches!(field.kind, Kind::Instant) { zone.local_minus_utc() } else { 0 };
            let column = field.columns().next().unwrap_or("id");
            period_expression(sql, column, seconds, period);
        }
    }
}

/// The first day of the period, in the deployment's zone at its present offset.
fn period_expression(sql: &mut Sql, column: &str, seconds: i32, period: Period) {
    match sql.backend() {
        Backend::Postgres => {
            let unit = match period {
                Period::Day => "day",
                Period::Week => "week",
                Period::Month => "month",
                Period::Quarter => "quarter",
                Period::Year => "year",
            };
            sql.push("date_trunc('").push(unit).push("', t.").push(column);
            if seconds == 0 {
                sql.push("::timestamp)::date");
            } else {
                sql.push(" AT TIME ZONE 'UTC' + interval '").push_number(i64::from(seconds)).push(" seconds')::date");
            }
        }
        Backend::Sqlite => {
            let shift = format!("'{seconds:+} seconds'");
            sql.push("date(t.").push(column).push(", ").push(&shift);
            match period {
                Period::Day => sql.push(")"),
                Period::Week => sql.push(", 'weekday 0', '-6 days')"),
                Period::Month => sql.push(", 'start of month')"),
                Period::Year => sql.push(", 'start of year')"),
                Period::Quarter => sql
                    .push(", 'start of month', '-' || ((strftime('%m', t.")
                    .push(column)
                    .push(", ")
                    .push(&shift)
                    .push(") - 1) % 3) || ' months')"),
            };
        }
    }
}

fn measure_expression(sql: &mut Sql, context: Context<'_>, permit: &Permit, measure: Measure) {
    let Measure::Of(function, field) = measure else {
        sql.push("count(*)");
        return;
    };
    match (function, sql.backend()) {
        (Function::Counted, _) => aggregate(sql, context, permit, "count(", field),
        (Function::Sum, backend) => {
            aggregate(sql, context, permit, "sum(", field);
            // PostgreSQL sums 64 bits as a decimal; a register's amounts stay far below what 64 bits hold.
            let long = matches!(permit.register().fields[field].kind, Kind::Money);
            sql.push(if long && backend == Backend::Postgres { "::bigint" } else { "" });
        }
        // PostgreSQL's own average is a decimal, cut to digits of which not every one survives; SQLite divides doubles.
        (Function::Average, Backend::Postgres) => {
            aggregate(sql, context, permit, "sum(", field);
            sql.push("::float8 / ");
            aggregate(sql, context, permit, "count(", field);
        }
        (Function::Average, Backend::Sqlite) => aggregate(sql, context, permit, "avg(", field),
        (Function::Least, _) => aggregate(sql, context, permit, "min(", field),
        (Function::Greatest, _) => aggregate(sql, context, permit, "max(", field),
    }
}

/// An aggregate over the rows on which the caller may measure the field.
fn aggregate(sql: &mut Sql, context: Context<'_>, permit: &Permit, call: &str, field: usize) {
    sql.push(call);
    let cover = permit.cover(Right::Aggregate, field);
    let partly = !matches!(cover, Cover::Everywhere);
    if partly {
        sql.push("CASE WHEN ");
        covered(sql, permit, cover, "t", context.today);
        sql.push(" THEN ");
    }
    expression::field(sql, "t", &permit.register().fields[field], context.today);
    sql.push(if partly { " END)" } else { ")" });
}

/// A key that is not measurable everywhere is grouped by only where it is; the graph has made sure that the filter says so.
fn fully_measurable(sql: &mut Sql, context: Context<'_>, permit: &Permit, statistics: &Statistics) {
    let place = permit.register().placing.and_then(|placing| permit.register().field(placing.field)).map(|(index, _)| index);
    for key in &statistics.keys {
        let field = match key {
            GroupKey::Field(field) | GroupKey::Period(field, _) => Some(*field),
            GroupKey::Region(_) => place,
        };
        let cover = field.map_or(Cover::Nowhere, |field| permit.cover(Right::Aggregate, field));
        if cover != Cover::Everywhere {
            sql.push(" AND ");
            covered(sql, permit, cover, "t", context.today);
        }
    }
}

fn grouped(sql: &mut Sql, statistics: &Statistics) {
    for index in 0..statistics.keys.len() {
        sql.push(if index == 0 { " GROUP BY " } else { ", " }).push_number(index as i64 + 1);
    }
}

fn having(sql: &mut Sql, context: Context<'_>, permit: &Permit, statistics: &Statistics) {
    for (index, Having { measure, operator, value }) in statistics.having.iter().enumerate() {
        sql.push(if index == 0 { " HAVING " } else { " AND " });
        measure_expression(sql, context, permit, *measure);
        sql.push(" ").push(operator).push(" ").bind(Value::Float(*value));
    }
}

fn ordered(sql: &mut Sql, statistics: &Statistics) {
    if statistics.keys.is_empty() {
        return;
    }
    sql.push(" ORDER BY ");
    for GroupOrder { by, descending } in &statistics.order {
        match by {
            GroupOrderBy::Key(index) => sql.push("g.k").push_number(*index as i64),
            GroupOrderBy::Measure(index) => sql.push("g.m").push_number(*index as i64),
        };
        sql.push(if *descending { " DESC NULLS LAST, " } else { " NULLS LAST, " });
    }
    for index in 0..statistics.keys.len() {
        sql.push(if index == 0 { "g.k" } else { ", g.k" }).push_number(index as i64).push(" NULLS LAST");
    }
}
