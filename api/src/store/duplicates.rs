//! The statement that finds values which stand on several rows, and those rows.

use crate::policy::{Permit, Right};

use super::context::Context;
use super::database::Backend;
use super::expression;
use super::scope::{chosen_by, in_scope};
use super::select::{Table, columns, joins};
use super::sql::{Sql, Value};

/// What is searched.
#[derive(Clone, Copy, Debug)]
pub struct Search {
    /// The field whose values are compared.
    pub field: usize,
    /// The reference of which a value's rows must have more than one; None if any two rows will do.
    pub across: Option<usize>,
    /// Most values wanted; one more tells whether there are more.
    pub size: usize,
    /// Values passed over.
    pub offset: u64,
    /// Most rows wanted of each value.
    pub rows: usize,
}

/// The statement: rows of a page of values, those of one value together, in the order of their first keys. Behind the table's
/// columns stand the value, which is told to nobody, and how many rows have it.
pub fn duplicates(backend: Backend, context: Context<'_>, permit: &Permit, table: &Table, search: &Search) -> (String, Vec<Value>) {
    let mut sql = Sql::new(backend);
    let register = permit.register();
    let field = &register.fields[search.field];
    sql.push("WITH g AS (SELECT ");
    expression::field(&mut sql, "t", field, context.today);
    sql.push(" AS v, count(*) AS n, ").push(match backend {
        // PostgreSQL finds no least key, but texts of keys are ordered as the keys are.
        Backend::Postgres => "min(t.id::text)",
        Backend::Sqlite => "min(t.id)",
    });
    sql.push(" AS f FROM ").push(register.table).push(" t WHERE ");
    searched(&mut sql, context, permit, search);
    sql.push(" AND ");
    expression::field(&mut sql, "t", field, context.today);
    sql.push(" IS NOT NULL GROUP BY 1 HAVING count(*) > 1");
    if let Some(across) = search.across {
        sql.push(" AND count(DISTINCT ");
        expression::field(&mut sql, "t", &register.fields[across], context.today);
        sql.push(") > 1");
    }
    sql.push(" ORDER BY f LIMIT ").push_number(search.size as i64 + 1);
    sql.push(" OFFSET ").bind(Value::Integer(i64::try_from(search.offset).unwrap_or(i64::MAX))).push(") SELECT ");
    columns(&mut sql, context, table);
    sql.push(", t.g_v, t.g_n FROM (SELECT t.*, g.v AS g_v, g.n AS g_n, g.f AS g_f, row_number() OVER (PARTITION BY g.v ORDER BY t.id) AS g_place FROM g JOIN ");
    sql.push(register.table).push(" t ON ");
    expression::field(&mut sql, "t", field, context.today);
    sql.push(" = g.v WHERE ");
    searched(&mut sql, context, permit, search);
    sql.push(") t");
    joins(&mut sql, context, table);
    sql.push(" WHERE t.g_place <= ").push_number(search.rows as i64).push(" ORDER BY t.g_f, t.id");
    sql.finish()
}

/// Writes the condition that a row is in scope and may be searched.
fn searched(sql: &mut Sql, context: Context<'_>, permit: &Permit, search: &Search) {
    in_scope(sql, permit, "t", context.known("t"));
    sql.push(" AND ");
    chosen_by(sql, permit, permit.cover(Right::Duplicates, search.field), "t", context.known("t"));
}
