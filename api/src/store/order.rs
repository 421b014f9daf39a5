//! The order of a list as SQL, and what lies beyond a place in it.

use entities::catalog::{Field, Register};

use super::context::Context;
use super::expression;
use super::filter::{Literal, OrderKey, Page, Seek};
use super::predicate::literal;
use super::sql::{Sql, Value};

/// Writes the order of a page's rows.
pub(super) fn ordered(sql: &mut Sql, context: Context<'_>, register: &Register, page: &Page, alias: &str) {
    sql.push(" ORDER BY ");
    order_keys(sql, context, register, page, alias, false);
}

/// Writes the keys of the order, the row's own key last; `follows` if another key stands before them.
pub(super) fn order_keys(sql: &mut Sql, context: Context<'_>, register: &Register, page: &Page, alias: &str, follows: bool) {
    if follows {
        sql.push(", ");
    }
    for OrderKey { field, descending } in &page.order {
        let field = &register.fields[*field];
        expression::field(sql, alias, field, context.today);
        sql.push(if *descending != page.backward { " DESC" } else { "" });
        if field.nullable {
            sql.push(if page.backward { " NULLS FIRST" } else { " NULLS LAST" });
        }
        sql.push(", ");
    }
    sql.column(alias, "id").push(if page.id_descending() != page.backward { " DESC" } else { "" });
}

/// Writes that a row lies beyond a place of the ordered list. Where all keys run the same way and have values, rows are
/// compared whole, which an index on the keys serves to the row; else it is spelled with OR. Both databases read both alike.
pub(super) fn beyond(sql: &mut Sql, context: Context<'_>, register: &Register, page: &Page, seek: &Seek, after: bool) {
    let descending = page.id_descending();
    let plain = |key: &OrderKey| key.descending == descending && !register.fields[key.field].nullable;
    if page.order.is_empty() || !page.order.iter().all(plain) || seek.values.iter().any(Option::is_none) {
        spelled_out(sql, context, register, page, seek, after);
        return;
    }
    sql.push(" AND (");
    for key in &page.order {
        expression::field(sql, "t", &register.fields[key.field], context.today);
        sql.push(", ");
    }
    sql.push(if descending == after { "t.id) < (" } else { "t.id) > (" });
    for value in seek.values.iter().flatten() {
        sql.bind(literal(value)).push(", ");
    }
    sql.bind(Value::Uuid(seek.id)).push(")");
}

/// Writes the same with OR, after a bound on the first key that an index can use.
fn spelled_out(sql: &mut Sql, context: Context<'_>, register: &Register, page: &Page, seek: &Seek, after: bool) {
    if let (Some(key), Some(Some(value))) = (page.order.first(), seek.values.first())
        && !register.fields[key.field].nullable
    {
        sql.push(" AND ");
        expression::field(sql, "t", &register.fields[key.field], context.today);
        sql.push(if key.descending == after { " <= " } else { " >= " }).bind(literal(value));
    }
    sql.push(" AND (");
    for depth in 0..=page.order.len() {
        sql.push(if depth > 0 { " OR (" } else { "(" });
        for (key, value) in page.order.iter().zip(&seek.values).take(depth) {
            same(sql, context, &register.fields[key.field], value.as_ref());
            sql.push(" AND ");
        }
        match page.order.get(depth) {
            Some(key) => further(sql, context, &register.fields[key.field], seek.values[depth].as_ref(), key.descending, after),
            None => {
                sql.push(if page.id_descending() == after { "t.id < " } else { "t.id > " }).bind(Value::Uuid(seek.id));
            }
        }
        sql.push(")");
    }
    sql.push(")");
}

fn same(sql: &mut Sql, context: Context<'_>, field: &Field, value: Option<&Literal>) {
    expression::field(sql, "t", field, context.today);
    match value {
        Some(value) => sql.push(" = ").bind(literal(value)),
        None => sql.push(" IS NULL"),
    };
}

fn further(sql: &mut Sql, context: Context<'_>, field: &Field, value: Option<&Literal>, descending: bool, after: bool) {
    match (value, after) {
        (None, true) => {
            sql.push(super::scope::never());
        }
        (None, false) => {
            expression::field(sql, "t", field, context.today);
            sql.push(" IS NOT NULL");
        }
        (Some(value), _) => {
            sql.push("(");
            expression::field(sql, "t", field, context.today);
            sql.push(if descending == after { " < " } else { " > " }).bind(literal(value));
            if after && field.nullable {
                sql.push(" OR ");
                expression::field(sql, "t", field, context.today);
                sql.push(" IS NULL");
            }
            sql.push(")");
        }
    }
}
