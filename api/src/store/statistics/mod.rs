//! Statements for statistics: rows in scope, grouped, measured, ordered and cut.

use chrono::FixedOffset;
use entities::catalog::{Kind, Register};

use crate::policy::{Cover, Permit, Right};

use super::context::Context;
use super::database::Backend;
use super::expression::{self, Type, type_of};
use super::filter::Filter;
use super::predicate;
use super::scope::{chosen_by, covered, partial};
use super::select::{self, Table};
use super::sql::{Sql, Value};

pub use key::{GroupBy, GroupKey, Period};
pub use menu::{MenuTable, PER_MEASURE, Window, base_table};

mod key;
mod menu;

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
    /// Where groups of few rows must not be told: which of the keys are not shown to the caller.
    pub hidden: Option<Hidden>,
}

/// How groups of few rows are kept back: those that agree in what is shown become one, which comes last and tells nothing else.
#[derive(Clone, Debug)]
pub struct Hidden {
    /// For each key, true if it is not shown.
    pub keys: Vec<bool>,
    /// The least group that is told.
    pub least: i64,
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
    /// Sum of the amounts, which are the values without their sign.
    Amounts,
    /// Greatest amount.
    GreatestAmount,
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
pub fn types(register: &'static Register, statistics: &Statistics) -> Vec<Type> {
    let keys = statistics.keys.iter().zip(&statistics.given).filter(|(_, given)| **given).map(|(key, _)| key.type_of(register));
    let measures = statistics.measures.iter().map(|measure| match measure {
        Measure::Count => Type::Long,
        Measure::Of(Function::Counted | Function::Sum | Function::Amounts | Function::GreatestAmount, _) => Type::Long,
        Measure::Of(Function::Average, _) => Type::Float,
        Measure::Of(Function::Least | Function::Greatest, field) => type_of(&register.fields[*field]),
    });
    keys.chain(measures).chain(statistics.hidden.iter().map(|_| Type::Boolean)).collect()
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
    if let Some(hidden) = &statistics.hidden {
        kept_back(&mut sql, statistics, hidden);
    }
    let context = Context { counts: true, ..context };
    let known = filter.map_or_else(Vec::new, |filter| predicate::covers_of_fully_visible(context, permit, filter.fully_visible()));
    let measurable = covers_of_keys(permit, statistics);
    let counted = Counted { permit, everywhere: known.iter().chain(&measurable).copied().collect() };
    inner(&mut sql, context, &counted, statistics);
    sql.push(" FROM ").push(table.register.table).push(" t");
    key::joins(&mut sql, context, permit, &statistics.keys);
    sql.push(" WHERE ");
    select::in_scope_and(&mut sql, context, permit, table.register, filter);
    // A key that is not measurable everywhere is grouped by only where it is; the graph has made sure that the filter says so.
    for cover in measurable.into_iter().filter(|cover| !known.contains(cover)) {
        sql.push(" AND ");
        chosen_by(&mut sql, permit, cover, "t", context.known("t"));
    }
    grouped(&mut sql, statistics);
    having(&mut sql, context, &counted, statistics);
    sql.push(if statistics.hidden.is_some() { ") i) g" } else { ") g" });
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
        select::column(sql, context, table, *column);
        sql.push(", ");
    }
    for index in (0..statistics.keys.len()).filter(|index| statistics.given[*index]) {
        sql.push("g.k").push_number(index as i64).push(", ");
    }
    for index in 0..statistics.measures.len() {
        sql.push("g.m").push_number(index as i64).push(", ");
    }
    sql.push(if statistics.hidden.is_some() { "g.few, " } else { "" }).end_list("1");
}

/// Writes what becomes of the groups `i`: of those of few rows only the keys that are shown, and each such group once.
fn kept_back(sql: &mut Sql, statistics: &Statistics, hidden: &Hidden) {
    sql.push("DISTINCT ");
    let unless_few = |sql: &mut Sql, name: &str, index: usize| {
        sql.push("CASE WHEN i.n >= ").push_number(hidden.least).push(" THEN i.").push(name).push_number(index as i64);
        sql.push(" END AS ").push(name).push_number(index as i64).push(", ");
    };
    for (index, is_hidden) in hidden.keys.iter().enumerate() {
        if *is_hidden {
            unless_few(sql, "k", index);
        } else {
            sql.push("i.k").push_number(index as i64).push(" AS k").push_number(index as i64).push(", ");
        }
    }
    for index in 0..statistics.measures.len() {
        unless_few(sql, "m", index);
    }
    sql.push("i.n < ").push_number(hidden.least).push(" AS few FROM (SELECT ");
}

/// The rows that are counted.
struct Counted<'a> {
    permit: &'a Permit,
    /// Covers that hold on every one of them, since the statement asks for that.
    everywhere: Vec<Cover>,
}

fn inner(sql: &mut Sql, context: Context<'_>, counted: &Counted<'_>, statistics: &Statistics) {
    for (index, key) in statistics.keys.iter().enumerate() {
        key::value(sql, context, counted.permit, index, key, statistics.zone);
        sql.push(" AS k").push_number(index as i64).push(", ");
    }
    for (index, measure) in statistics.measures.iter().enumerate() {
        measure_expression(sql, context, counted, *measure);
        sql.push(" AS m").push_number(index as i64).push(", ");
    }
    sql.push(if statistics.hidden.is_some() { "count(*) AS n" } else { "1 AS one" });
}

fn measure_expression(sql: &mut Sql, context: Context<'_>, counted: &Counted<'_>, measure: Measure) {
    let Measure::Of(function, field) = measure else {
        sql.push("count(*)");
        return;
    };
    match (function, sql.backend()) {
        (Function::Counted, _) => aggregate(sql, context, counted, "count(", field),
        (Function::Amounts | Function::GreatestAmount, backend) => {
            aggregate(sql, context, counted, if function == Function::Amounts { "sum(abs(" } else { "max(abs(" }, field);
            sql.push(if backend == Backend::Postgres { ")::bigint" } else { ")" });
        }
        (Function::Sum, backend) => {
            aggregate(sql, context, counted, "sum(", field);
            // PostgreSQL sums 64 bits as a decimal; a register's amounts stay far below what 64 bits hold.
            let long = matches!(counted.permit.register().fields[field].kind, Kind::Money);
            sql.push(if long && backend == Backend::Postgres { "::bigint" } else { "" });
        }
        // PostgreSQL's own average is a decimal, cut to digits of which not every one survives; SQLite divides doubles.
        (Function::Average, Backend::Postgres) => {
            aggregate(sql, context, counted, "sum(", field);
            sql.push("::float8 / ");
            aggregate(sql, context, counted, "count(", field);
        }
        (Function::Average, Backend::Sqlite) => aggregate(sql, context, counted, "avg(", field),
        (Function::Least, _) => aggregate(sql, context, counted, "min(", field),
        (Function::Greatest, _) => aggregate(sql, context, counted, "max(", field),
    }
}

/// An aggregate over the rows on which the caller may measure the field.
fn aggregate(sql: &mut Sql, context: Context<'_>, counted: &Counted<'_>, call: &str, field: usize) {
    let permit = counted.permit;
    sql.push(call);
    let cover = permit.cover(Right::Aggregate, field);
    let partly = cover != Cover::Everywhere && !counted.everywhere.contains(&cover);
    if partly {
        sql.push("CASE WHEN ");
        covered(sql, permit, cover, "t", context.known("t"));
        sql.push(" THEN ");
    }
    expression::field(sql, "t", &permit.register().fields[field], context.today);
    sql.push(if partly { " END)" } else { ")" });
}

/// Where the keys may be measured, as far as that is not everywhere, each named once.
fn covers_of_keys(permit: &Permit, statistics: &Statistics) -> Vec<Cover> {
    partial(statistics.keys.iter().map(|key| {
        let field = key.of.first().copied().or_else(|| key.field(permit.register()));
        field.map_or(Cover::Nowhere, |field| permit.cover(Right::Aggregate, field))
    }))
}

fn grouped(sql: &mut Sql, statistics: &Statistics) {
    for index in 0..statistics.keys.len() {
        sql.push(if index == 0 { " GROUP BY " } else { ", " }).push_number(index as i64 + 1);
    }
}

fn having(sql: &mut Sql, context: Context<'_>, counted: &Counted<'_>, statistics: &Statistics) {
    for (index, Having { measure, operator, value }) in statistics.having.iter().enumerate() {
        sql.push(if index == 0 { " HAVING " } else { " AND " });
        measure_expression(sql, context, counted, *measure);
        sql.push(" ").push(operator).push(" ").bind(Value::Float(*value));
    }
}

fn ordered(sql: &mut Sql, statistics: &Statistics) {
    if statistics.keys.is_empty() {
        return;
    }
    sql.push(" ORDER BY ");
    sql.push(if statistics.hidden.is_some() { "g.few, " } else { "" });
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
