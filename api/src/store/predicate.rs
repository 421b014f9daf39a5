//! Filters as SQL, in three values.
//!
//! Every filter is compiled for the truth wanted of it: `True` gives a condition that holds exactly where the filter is
//! true, `False` one that holds exactly where it is false; where neither holds it is unknown. A `not` swaps the two, so
//! that no SQL `NOT` ever turns an unknown into a kept row. One compiler serves roots, relations, counts and statistics.

use entities::catalog::{self, Field, Kind, Register, Relation, Source, Through};

use crate::policy::{Cover, FieldSet, Permit, Right};

use super::context::Context;
use super::database::Backend;
use super::expression;
use super::filter::{Filter, Literal, Quantifier, Test};
use super::scope::{always, chosen_by, covered, in_region, in_scope, is_unbounded, never, partial};
use super::search;
use super::sql::{Sql, Value};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Truth {
    True,
    False,
}

impl Truth {
    fn opposite(self) -> Self {
        match self {
            Self::True => Self::False,
            Self::False => Self::True,
        }
    }
}

/// Writes the condition that the filter is true for the row `alias` of the register.
pub fn is_true(sql: &mut Sql, context: Context<'_>, register: &'static Register, filter: &Filter, alias: &str) {
    compile(sql, context, register, filter, alias, Truth::True);
}

fn compile(sql: &mut Sql, context: Context<'_>, register: &'static Register, filter: &Filter, alias: &str, truth: Truth) {
    match filter {
        Filter::And(all) => joined(sql, context, register, all, alias, truth, if truth == Truth::True { " AND " } else { " OR " }),
        Filter::Or(any) => joined(sql, context, register, any, alias, truth, if truth == Truth::True { " OR " } else { " AND " }),
        Filter::Not(inner) => compile(sql, context, register, inner, alias, truth.opposite()),
        Filter::Field(index, test) => {
            let cover = |index| context.permits.of(register).cover(Right::Filter, index);
            let pinyin = matches!(test, Test::Matches(..)).then(|| register.pinyin_of(&register.fields[*index])).flatten();
            let second = pinyin.map(cover).filter(|second| *second != cover(*index)).unwrap_or(Cover::Everywhere);
            guarded(sql, context, register, cover(*index), alias, &mut |sql| {
                guarded(sql, context, register, second, alias, &mut |sql| {
                    test_field(sql, context, register, *index, test, alias, truth);
                });
            });
        }
        Filter::One(index, inner) => one(sql, context, register, *index, inner, alias, truth),
        Filter::Many(relation, quantifier, inner) => many(sql, context, register, relation, *quantifier, inner, alias, truth),
        Filter::FullyVisible(fields) => fully_visible(sql, context, register, *fields, alias, truth),
        // Here is a row; `one` answers for where there is none.
        Filter::IsNull(null) => {
            sql.push(if *null == (truth == Truth::False) { always() } else { never() });
        }
    }
}

fn joined(sql: &mut Sql, context: Context<'_>, register: &'static Register, parts: &[Filter], alias: &str, truth: Truth, word: &str) {
    if parts.is_empty() {
        // An empty `and` is true, an empty `or` false: under the opposite truth the words swap, and so does the answer.
        sql.push(if word == " AND " { always() } else { never() });
        return;
    }
    sql.push("(");
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            sql.push(word);
        }
        compile(sql, context, register, part, alias, truth);
    }
    sql.push(")");
}

/// Writes a condition that holds only where the caller may look.
fn guarded(sql: &mut Sql, context: Context<'_>, register: &'static Register, cover: Cover, alias: &str, inner: &mut dyn FnMut(&mut Sql)) {
    match cover {
        Cover::Everywhere => inner(sql),
        Cover::Nowhere => {
            sql.push(never());
        }
        Cover::Where { .. } => {
            // The question comes first: it turns most rows away, and costs less.
            sql.push("(");
            inner(sql);
            sql.push(" AND ");
            covered(sql, context.permits.of(register), cover, alias, context.known(alias));
            sql.push(")");
        }
    }
}

fn one(sql: &mut Sql, context: Context<'_>, register: &'static Register, index: usize, inner: &Filter, alias: &str, truth: Truth) {
    let context = context.behind();
    let field = &register.fields[index];
    let Some(target) = field.target().and_then(catalog::register) else {
        sql.push(never());
        return;
    };
    let visible = context.permits.of(register).cover(Right::Filter, index);
    guarded(sql, context, register, visible, alias, &mut |sql| {
        // A target out of scope is no target: the same statement, whether there is none or none to see.
        let exists = |sql: &mut Sql, filter: Option<&Filter>| {
            let other = sql.alias();
            sql.push("EXISTS (SELECT 1 FROM ").push(target.table).push(" ").push(&other).push(" WHERE ").column(&other, "id").push(" = ");
            expression::field(sql, alias, field, context.today);
            if let Some(filter) = filter {
                sql.push(" AND ");
                compile(sql, context, target, filter, &other, truth);
            }
            sql.push(" AND ");
            in_scope(sql, context.permits.of(target), &other, context.known(&other));
            sql.push(")");
        };
        let where_none = inner.where_none() == Some(truth == Truth::True);
        match inner {
            Filter::IsNull(_) => {
                sql.push(if where_none { "NOT " } else { "" });
                exists(sql, None);
            }
            inner if where_none => {
                sql.push("(");
                exists(sql, Some(inner));
                sql.push(" OR NOT ");
                exists(sql, None);
                sql.push(")");
            }
            inner => exists(sql, Some(inner)),
        }
    });
}

#[expect(clippy::too_many_arguments, reason = "the compiler's state is flat on purpose: one function per kind of filter")]
fn many(
    sql: &mut Sql,
    context: Context<'_>,
    register: &'static Register,
    relation: &Relation,
    quantifier: Quantifier,
    inner: &Filter,
    alias: &str,
    truth: Truth,
) {
    let context = context.behind();
    let Some(target) = catalog::register(relation.target) else {
        sql.push(never());
        return;
    };
    let exists = match quantifier {
        Quantifier::Some => truth == Truth::True,
        Quantifier::None | Quantifier::Every => truth == Truth::False,
    };
    let child = sql.alias();
    sql.push(if exists { "EXISTS (SELECT 1 FROM " } else { "NOT EXISTS (SELECT 1 FROM " }).push(target.table).push(" ").push(&child);
    sql.push(" WHERE ");
    let Some((index, tie)) = target.field(relation.through.tie()) else {
        sql.push(never()).push(")");
        return;
    };
    tied(sql, context, register, relation, tie, (alias, &child));
    // In brackets: `NOT (a) IS NOT TRUE` would mean `NOT (a IS NOT TRUE)`.
    sql.push(" AND (");
    compile(sql, context, target, inner, &child, Truth::True);
    sql.push(if quantifier == Quantifier::Every { ") IS NOT TRUE" } else { ")" });
    // What the question leaves is asked for: where the caller may look along the tie, and the scope.
    let permit = context.permits.of(target);
    let visible = permit.cover(Right::Filter, index);
    if visible != Cover::Everywhere {
        sql.push(" AND ");
        covered(sql, permit, visible, &child, context.known(&child));
    }
    if !is_unbounded(permit) {
        sql.push(" AND ");
        in_scope(sql, permit, &child, context.known(&child));
    }
    // PostgreSQL makes a join of `EXISTS`, and misjudges it where only few rows are looked at: it once read an index of all
    // persons from its start for the households of one community. An `OFFSET` keeps the question apart.
    let apart = context.few && sql.backend() == Backend::Postgres;
    sql.push(if apart { " OFFSET 0)" } else { ")" });
}

/// Writes what ties a child row to its parent row.
fn tied(sql: &mut Sql, context: Context<'_>, register: &Register, relation: &Relation, tie: &Field, (alias, child): (&str, &str)) {
    expression::field(sql, child, tie, context.today);
    match (relation.through, register.placing) {
        (Through::Place(_), Some(placing)) => {
            sql.push(" BETWEEN ").column(alias, placing.place).push(" AND ").column(alias, placing.place);
            sql.push(" + CASE ").column(alias, "level");
            sql.push(" WHEN 'MUNICIPALITY' THEN 9999999999999 WHEN 'DISTRICT' THEN 999999999 WHEN 'STREET' THEN 999999 WHEN 'COMMUNITY' THEN 999 ELSE 0 END");
        }
        _ => {
            sql.push(" = ").column(alias, "id");
        }
    }
}

fn fully_visible(sql: &mut Sql, context: Context<'_>, register: &'static Register, fields: FieldSet, alias: &str, truth: Truth) {
    let permit = context.permits.of(register);
    sql.push("(").push(always());
    for cover in covers_of_fully_visible(context, permit, fields) {
        sql.push(" AND ");
        if truth == Truth::True && !context.few {
            chosen_by(sql, permit, cover, alias, context.known(alias));
        } else {
            covered(sql, permit, cover, alias, context.known(alias));
        }
    }
    sql.push(if truth == Truth::True { ")" } else { ") IS NOT TRUE" });
}

/// Where these fields are fully visible: each of the covers must hold.
pub(super) fn covers_of_fully_visible(context: Context<'_>, permit: &Permit, fields: FieldSet) -> Vec<Cover> {
    partial(fields.indices().flat_map(|index| context.fully().iter().map(move |right| permit.cover(*right, index))))
}

fn test_field(sql: &mut Sql, context: Context<'_>, register: &'static Register, index: usize, test: &Test, alias: &str, truth: Truth) {
    let field = &register.fields[index];
    if let Test::InBox(area) = test {
        in_box(sql, field, area, alias, truth);
        return;
    }
    if let Test::Matches(needle, district) = test {
        search::matches(sql, register, field, needle, district.filter(|_| truth == Truth::True), alias, truth == Truth::False);
        return;
    }
    let negated = truth == Truth::False;
    sql.push(if negated { "NOT (" } else { "(" });
    if let (Source::Age(birth), Some((operator, years))) = (field.source, born(test)) {
        sql.column(alias, birth).push(operator).bind(Value::Date(expression::years_before(context.today, years))).push(")");
        return;
    }
    match test {
        Test::Within(region) => in_region(sql, register, *region, alias),
        Test::IsNull(null) => {
            expression::field(sql, alias, field, context.today);
            sql.push(if *null { " IS NULL" } else { " IS NOT NULL" });
        }
        Test::StartsWith(prefix) => starts_with(sql, context, field, prefix, alias),
        Test::Contains(part) => {
            sql.push(if sql.backend() == Backend::Postgres { "strpos(" } else { "instr(" });
            expression::field(sql, alias, field, context.today);
            sql.push(", ").bind(Value::Text(part.clone())).push(") > 0");
        }
        Test::In(list) => in_list(sql, context, field, list, alias),
        Test::NotIn(list) => {
            sql.push("NOT (");
            in_list(sql, context, field, list, alias);
            sql.push(")");
        }
        Test::Equal(value) => compare(sql, context, field, alias, " = ", value),
        Test::NotEqual(value) => compare(sql, context, field, alias, " <> ", value),
        Test::Less(value) => compare(sql, context, field, alias, " < ", value),
        Test::LessOrEqual(value) => compare(sql, context, field, alias, " <= ", value),
        Test::Greater(value) => compare(sql, context, field, alias, " > ", value),
        Test::GreaterOrEqual(value) => compare(sql, context, field, alias, " >= ", value),
        Test::InBox(_) | Test::Matches(..) => {}
    }
    sql.push(")");
}

/// A bound on ages as one on birth dates, which costs less and which the database knows the spread of: the comparison, and
/// the age at which it turns. Ages of less than a year are left as they are, since people yet to be born count as zero.
fn born(test: &Test) -> Option<(&'static str, i32)> {
    let (operator, years) = match test {
        Test::GreaterOrEqual(Literal::Integer(years)) => (" <= ", *years),
        Test::Greater(Literal::Integer(years)) => (" <= ", years.checked_add(1)?),
        Test::Less(Literal::Integer(years)) => (" > ", *years),
        Test::LessOrEqual(Literal::Integer(years)) => (" > ", years.checked_add(1)?),
        _ => return None,
    };
    let years = i32::try_from(years).ok().filter(|years| (1..=200).contains(years))?;
    Some((operator, years))
}

fn compare(sql: &mut Sql, context: Context<'_>, field: &Field, alias: &str, operator: &str, value: &Literal) {
    expression::field(sql, alias, field, context.today);
    sql.push(operator).bind(literal(value));
}

/// Neither true nor false of null, also where the list is empty: there SQL's own `IN` would be false.
fn in_list(sql: &mut Sql, context: Context<'_>, field: &Field, list: &[Literal], alias: &str) {
    expression::field(sql, alias, field, context.today);
    if list.is_empty() {
        sql.push(" <> ");
        expression::field(sql, alias, field, context.today);
    } else {
        sql.bind_any(list_of(list, field.kind));
    }
}

/// A prefix is a range of bytes, so that an ordered index serves it.
fn starts_with(sql: &mut Sql, context: Context<'_>, field: &Field, prefix: &str, alias: &str) {
    expression::field(sql, alias, field, context.today);
    sql.push(" >= ").bind(Value::Text(prefix.to_owned()));
    if let Some(end) = search::after_prefix(prefix) {
        sql.push(" AND ");
        expression::field(sql, alias, field, context.today);
        sql.push(" < ").bind(Value::Text(end));
    }
}

fn in_box(sql: &mut Sql, field: &Field, area: &super::filter::BoundingBox, alias: &str, truth: Truth) {
    let Source::Point { longitude, latitude } = field.source else {
        sql.push(never());
        return;
    };
    sql.push(if truth == Truth::True { "(" } else { "NOT (" });
    sql.column(alias, longitude).push(" BETWEEN ").bind(Value::Float(area.west)).push(" AND ").bind(Value::Float(area.east));
    sql.push(" AND ");
    sql.column(alias, latitude).push(" BETWEEN ").bind(Value::Float(area.south)).push(" AND ").bind(Value::Float(area.north));
    sql.push(")");
}

/// The value to bind for a literal.
pub fn literal(value: &Literal) -> Value {
    match value {
        Literal::Boolean(value) => Value::Boolean(*value),
        Literal::Integer(value) => Value::Integer(*value),
        Literal::Float(value) => Value::Float(*value),
        Literal::Text(value) => Value::Text(value.clone()),
        Literal::Uuid(value) => Value::Uuid(*value),
        Literal::Date(value) => Value::Date(*value),
        Literal::Instant(value) => Value::Instant(*value),
    }
}

/// A list bound as one value. Lists of days and instants do not exist as operators, so every list is of one of three types.
fn list_of(list: &[Literal], kind: Kind) -> Value {
    match kind {
        Kind::Id | Kind::Reference(_) => {
            Value::Uuids(list.iter().filter_map(|value| if let Literal::Uuid(uuid) = value { Some(*uuid) } else { None }).collect())
        }
        Kind::Int | Kind::Money | Kind::Place | Kind::RegionCode => Value::Integers(
            list.iter().filter_map(|value| if let Literal::Integer(number) = value { Some(*number) } else { None }).collect(),
        ),
        _ => {
            Value::Texts(list.iter().filter_map(|value| if let Literal::Text(text) = value { Some(text.clone()) } else { None }).collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_on_ages_turn_at_a_birthday() {
        assert_eq!(born(&Test::GreaterOrEqual(Literal::Integer(80))), Some((" <= ", 80)));
        assert_eq!(born(&Test::Greater(Literal::Integer(79))), Some((" <= ", 80)));
        assert_eq!(born(&Test::Less(Literal::Integer(14))), Some((" > ", 14)));
        assert_eq!(born(&Test::LessOrEqual(Literal::Integer(0))), Some((" > ", 1)));
        assert_eq!(born(&Test::GreaterOrEqual(Literal::Integer(0))), None);
        assert_eq!(born(&Test::Greater(Literal::Integer(i64::MAX))), None);
    }
}
