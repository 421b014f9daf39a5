//! Scopes that hang on other rows: guardians' wards, open tasks, open cases.

use chrono::NaiveDate;
use entities::codes::{CaseState, TaskState};
use sea_orm::{ActiveEnum, Iterable};
use uuid::Uuid;

use crate::store::expression::date;
use crate::store::sql::{Sql, Value};

/// Writes that the column names somebody whose guardian the person is today.
pub(super) fn to_a_ward(sql: &mut Sql, guardian: Uuid, alias: &str, column: &str, today: NaiveDate) {
    let tie = sql.alias();
    sql.push("EXISTS (SELECT 1 FROM guardianships ").push(&tie).push(" WHERE ").column(&tie, "ward_id").push(" = ").column(alias, column);
    sql.push(" AND ").column(&tie, "guardian_id").push(" = ").bind(Value::Uuid(guardian));
    sql.push(" AND ").column(&tie, "from_date").push(" <= ");
    date(sql, today);
    sql.push(" AND (").column(&tie, "to_date").push(" IS NULL OR ").column(&tie, "to_date").push(" >= ");
    date(sql, today);
    sql.push("))");
}

/// Writes that the column names a case of which the person has an open task.
pub(super) fn to_an_open_task(sql: &mut Sql, assignee: Uuid, alias: &str, column: &str) {
    let task = sql.alias();
    sql.push("EXISTS (SELECT 1 FROM case_tasks ").push(&task).push(" WHERE ").column(&task, "case_id").push(" = ").column(alias, column);
    sql.push(" AND ").column(&task, "assignee_id").push(" = ").bind(Value::Uuid(assignee)).push(" AND ");
    listed(sql, &task, "state", TaskState::iter().filter(|state| state.is_open()).map(|state| state.to_value()));
    sql.push(")");
}

/// Writes that the column names a case that is open.
pub(super) fn to_an_open_case(sql: &mut Sql, alias: &str, column: &str) {
    let case = sql.alias();
    sql.push("EXISTS (SELECT 1 FROM cases ")
        .push(&case)
        .push(" WHERE ")
        .column(&case, "id")
        .push(" = ")
        .column(alias, column)
        .push(" AND ");
    listed(sql, &case, "state", CaseState::iter().filter(|state| state.is_open()).map(|state| state.to_value()));
    sql.push(")");
}

/// Writes that the column holds none of these codes.
pub(super) fn not_listed(sql: &mut Sql, alias: &str, column: &str, codes: &[&str]) {
    sql.push("NOT ");
    listed(sql, alias, column, codes.iter().map(|code| (*code).to_owned()));
}

/// Writes that the column holds one of these codes of the catalog, which stand in the text: they never change.
fn listed(sql: &mut Sql, alias: &str, column: &str, codes: impl Iterator<Item = String>) {
    sql.column(alias, column).push(" IN (");
    for (index, code) in codes.enumerate() {
        sql.push(if index > 0 { ", '" } else { "'" }).push(&code).push("'");
    }
    sql.push(")");
}
