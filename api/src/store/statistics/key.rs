//! What tells groups apart: fields, regions and periods of the row itself or of a row that it refers to.

use chrono::FixedOffset;
use entities::catalog::{self, Field, Kind, Register};
use entities::codes::RegionLevel;
use sea_orm::ActiveEnum as _;

use crate::policy::{Cover, Permit, Right};
use crate::store::context::Context;
use crate::store::database::Backend;
use crate::store::expression::{self, Type, type_of};
use crate::store::scope::{covered, in_scope, is_unbounded};
use crate::store::sql::Sql;

/// One of the things that tell groups apart.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupKey {
    /// The references that lead from the row to the row whose value counts, each a field of the register reached so far;
    /// none if it is the row's own. A step that leads nowhere, or to a row out of scope, gives no value.
    pub of: Vec<usize>,
    /// What counts there.
    pub by: GroupBy,
}

/// What of a row tells groups apart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum GroupBy {
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

impl GroupKey {
    /// The register whose value counts, from the register of the rows; None if a step is no reference.
    pub fn reached(&self, register: &'static Register) -> Option<&'static Register> {
        self.of.iter().try_fold(register, |register, step| catalog::register(register.fields.get(*step)?.target()?))
    }

    /// The field whose right it takes, of the register that [`Self::reached`] gives.
    pub fn field(&self, reached: &Register) -> Option<usize> {
        match self.by {
            GroupBy::Field(field) | GroupBy::Period(field, _) => Some(field),
            GroupBy::Region(_) => reached.placing.and_then(|placing| reached.field(placing.field)).map(|(index, _)| index),
        }
    }

    /// A name for it that no other key of the register has: `activity-team-kind`, `REGION-STREET`, `openedAt-Month`.
    pub fn name(&self, register: &'static Register) -> String {
        let mut parts = Vec::new();
        let mut at = register;
        for step in &self.of {
            parts.push(at.fields[*step].name.to_owned());
            at = target_of(at, *step).unwrap_or(at);
        }
        match self.by {
            GroupBy::Field(field) => parts.push(at.fields[field].name.to_owned()),
            GroupBy::Region(level) => parts.push(format!("REGION-{}", level.to_value())),
            GroupBy::Period(field, period) => parts.push(format!("{}-{period:?}", at.fields[field].name)),
        }
        parts.join("-")
    }

    /// The type of its values.
    pub(super) fn type_of(&self, register: &'static Register) -> Type {
        match self.by {
            GroupBy::Field(field) => self.reached(register).map_or(Type::Uuid, |reached| type_of(&reached.fields[field])),
            GroupBy::Region(_) => Type::Long,
            GroupBy::Period(..) => Type::Date,
        }
    }
}

/// A row that a key is read from.
struct Reached<'a> {
    alias: String,
    permit: &'a Permit,
}

/// Joins the rows that the keys are read from, as far as they are in scope: rows whose target is not are one group with
/// those that have none, so that nobody learns how many there are.
pub(super) fn joins(sql: &mut Sql, context: Context<'_>, permit: &Permit, keys: &[GroupKey]) {
    for (index, key) in keys.iter().enumerate() {
        let mut from = Reached { alias: "t".to_owned(), permit };
        for (position, step) in key.of.iter().enumerate() {
            let Some(target) = target_of(from.permit.register(), *step) else { break };
            let to = Reached { alias: alias(index, position), permit: context.permits.of(target) };
            // The right to the first step is asked of every row that is counted.
            let cover = if position == 0 { Cover::Everywhere } else { from.permit.cover(Right::Aggregate, *step) };
            join(sql, context, &from, *step, cover, &to);
            from = to;
        }
        if let Some((field, target)) = bounded_target(context, from.permit.register(), key.by) {
            let cover = cover_of_value(key, from.permit);
            let to = Reached { alias: alias(index, key.of.len()), permit: context.permits.of(target) };
            join(sql, context, &from, field, cover, &to);
        }
    }
}

/// Writes the value of a key.
pub(super) fn value(sql: &mut Sql, context: Context<'_>, permit: &Permit, index: usize, key: &GroupKey, zone: FixedOffset) {
    let reached = key.reached(permit.register()).unwrap_or(permit.register());
    if bounded_target(context, reached, key.by).is_some() {
        sql.column(&alias(index, key.of.len()), "id");
        return;
    }
    let from = key.of.len().checked_sub(1).map_or_else(|| "t".to_owned(), |last| alias(index, last));
    let permit = if key.of.is_empty() { permit } else { context.permits.of(reached) };
    let cover = cover_of_value(key, permit);
    let partly = !matches!(cover, Cover::Everywhere);
    if partly {
        sql.push("CASE WHEN ");
        covered(sql, permit, cover, &from, context.known(&from));
        sql.push(" THEN ");
    }
    plain_value(sql, context, &from, reached, key.by, zone);
    sql.push(if partly { " END" } else { "" });
}

/// Where the value may be told: a row's own is asked of every row that is counted; of another row, it is as good as none
/// where it may not.
fn cover_of_value(key: &GroupKey, reached: &Permit) -> Cover {
    match key.field(reached.register()) {
        Some(field) if !key.of.is_empty() => reached.cover(Right::Aggregate, field),
        _ => Cover::Everywhere,
    }
}

fn alias(key: usize, position: usize) -> String {
    format!("v{key}_{position}")
}

fn target_of(register: &Register, field: usize) -> Option<&'static Register> {
    register.fields[field].target().and_then(catalog::register)
}

/// The reference that a key is, and its target, where not every row of the target is in scope.
fn bounded_target(context: Context<'_>, register: &Register, by: GroupBy) -> Option<(usize, &'static Register)> {
    let GroupBy::Field(field) = by else { return None };
    let target = target_of(register, field)?;
    (!is_unbounded(context.permits.of(target))).then_some((field, target))
}

fn join(sql: &mut Sql, context: Context<'_>, from: &Reached<'_>, field: usize, cover: Cover, to: &Reached<'_>) {
    let target = to.permit.register();
    sql.push(" LEFT JOIN ").push(target.table).push(" ").push(&to.alias).push(" ON ").column(&to.alias, "id").push(" = ");
    expression::field(sql, &from.alias, &from.permit.register().fields[field], context.today);
    if !is_unbounded(to.permit) {
        sql.push(" AND ");
        in_scope(sql, to.permit, &to.alias, context.known(&to.alias));
    }
    if cover != Cover::Everywhere {
        sql.push(" AND ");
        covered(sql, from.permit, cover, &from.alias, context.known(&from.alias));
    }
}

fn plain_value(sql: &mut Sql, context: Context<'_>, alias: &str, register: &Register, by: GroupBy, zone: FixedOffset) {
    match by {
        GroupBy::Field(field) => expression::field(sql, alias, &register.fields[field], context.today),
        GroupBy::Region(level) => match register.placing {
            Some(placing) => expression::region_of_level(sql, alias, &placing, level),
            None => {
                sql.push("NULL");
            }
        },
        GroupBy::Period(field, period) => first_day(sql, alias, &register.fields[field], zone, period),
    }
}

/// The first day of the period, in the deployment's zone at its present offset.
pub(super) fn first_day(sql: &mut Sql, alias: &str, field: &Field, zone: FixedOffset, period: Period) {
    let seconds = if matches!(field.kind, Kind::Instant) { zone.local_minus_utc() } else { 0 };
    let column = field.columns().next().unwrap_or("id");
    match sql.backend() {
        Backend::Postgres => {
            let unit = match period {
                Period::Day => "day",
                Period::Week => "week",
                Period::Month => "month",
                Period::Quarter => "quarter",
                Period::Year => "year",
            };
            sql.push("date_trunc('").push(unit).push("', ").column(alias, column);
            if seconds == 0 {
                sql.push("::timestamp)::date");
            } else {
                sql.push(" AT TIME ZONE 'UTC' + interval '").push_number(i64::from(seconds)).push(" seconds')::date");
            }
        }
        Backend::Sqlite => {
            let shift = format!("'{seconds:+} seconds'");
            sql.push("date(").column(alias, column).push(", ").push(&shift);
            match period {
                Period::Day => sql.push(")"),
                Period::Week => sql.push(", 'weekday 0', '-6 days')"),
                Period::Month => sql.push(", 'start of month')"),
                Period::Year => sql.push(", 'start of year')"),
                Period::Quarter => sql
                    .push(", 'start of month', '-' || ((strftime('%m', ")
                    .column(alias, column)
                    .push(", ")
                    .push(&shift)
                    .push(") - 1) % 3) || ' months')"),
            };
        }
    }
}
