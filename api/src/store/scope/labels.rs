//! The person that a row is about: who it is, the age, and whether the whereabouts are protected.

use entities::catalog::{self, Register, ScopePath};

use super::{AGE_OF_CONSENT, Known, never};
use crate::policy::Labels;
use crate::store::expression::{date, years_before};
use crate::store::select::{Join, Link, Origin, Table, alias_of};
use crate::store::sql::Sql;

/// What is asked of the person that a row is about.
#[derive(Clone, Copy)]
pub(super) struct Whose {
    /// That the known birth lies far enough back.
    pub(super) adult: bool,
    /// That the whereabouts are not protected.
    pub(super) unprotected: bool,
}

/// Writes what is asked of the person a row is about, where it may be about nobody at all: then it holds.
pub(super) fn about(sql: &mut Sql, register: &Register, whose: Whose, alias: &str, known: Known<'_>) {
    // Where both are asked, both ways are one; a test holds the catalog to it.
    let way = if whose.adult { register.minor } else { register.protection };
    if let Some(ScopePath::Column(_)) = way {
        about_person(sql, register, whose, alias, known);
        return;
    }
    let Some((reference, target, if_any)) = referred(way) else {
        sql.push(never());
        return;
    };
    if if_any {
        sql.push("(").column(alias, reference).push(" IS NULL OR ");
    }
    let inner = sql.alias();
    sql.push("EXISTS (SELECT 1 FROM ").push(target.table).push(" ").push(&inner).push(" WHERE ");
    sql.column(&inner, "id").push(" = ").column(alias, reference).push(" AND ");
    about(sql, target, whose, &inner, known);
    sql.push(if if_any { "))" } else { ")" });
}

fn about_person(sql: &mut Sql, register: &Register, whose: Whose, alias: &str, known: Known<'_>) {
    if let (true, Some(ScopePath::Column(birth))) = (whose.adult, register.minor) {
        sql.column(alias, birth).push(" <= ");
        date(sql, years_before(known.today, AGE_OF_CONSENT));
    }
    if let (true, Some(ScopePath::Column(protected))) = (whose.unprotected, register.protection) {
        sql.push(if whose.adult { " AND NOT " } else { "NOT " }).column(alias, protected);
    }
}

/// Writes the labels of the person a row is about, by [`Labels::number`]; null if there is no such person. A row that the
/// statement joins anyway is asked; where the caller does not see that one, the register is.
pub(in crate::store) fn labels(sql: &mut Sql, table: &Table, of: usize, known: Known<'_>) {
    labels_of(sql, table.register_of(of), alias_of(of), Some((table, of)), known);
}

fn labels_of(sql: &mut Sql, register: &Register, alias: &str, joined: Option<(&Table, usize)>, known: Known<'_>) {
    const NOBODY: Labels = Labels { adult: true, unprotected: true };
    let way = register.minor.or(register.protection);
    if let Some(ScopePath::Column(_)) = way {
        let whose = [(Whose { adult: true, unprotected: false }, 1), (Whose { adult: false, unprotected: true }, 2)];
        sql.push("(0");
        for (whose, number) in whose {
            if (whose.adult && register.minor.is_some()) || (whose.unprotected && register.protection.is_some()) {
                sql.push(" + CASE WHEN ");
                about_person(sql, register, whose, alias, known);
                sql.push(" THEN ").push_number(number).push(" ELSE 0 END");
            }
        }
        sql.push(")");
        return;
    }
    let Some((reference, target, if_any)) = referred(way) else {
        sql.push("0");
        return;
    };
    let join = joined.and_then(|joined| joined_by(joined, reference, target));
    let cases = if_any || join.is_some();
    sql.push(if cases { "CASE" } else { "" });
    if if_any {
        sql.push(" WHEN ").column(alias, reference).push(" IS NULL THEN ").push_number(NOBODY.number() as i64);
    }
    if let Some((table, of)) = join {
        sql.push(" WHEN ").column(alias_of(of), "id").push(" IS NOT NULL THEN ");
        labels_of(sql, target, alias_of(of), Some((table, of)), known);
    }
    sql.push(if cases { " ELSE " } else { "" });
    let inner = sql.alias();
    sql.push("(SELECT ");
    labels_of(sql, target, &inner, None, known);
    sql.push(" FROM ").push(target.table).push(" ").push(&inner).push(" WHERE ");
    sql.column(&inner, "id").push(" = ").column(alias, reference).push(")");
    sql.push(if cases { " END" } else { "" });
}

/// Writes the key of the person a row is about, whether or not the caller sees the rows on the way there.
pub(in crate::store) fn person(sql: &mut Sql, table: &Table, of: usize) {
    person_of(sql, table.register_of(of), alias_of(of), Some((table, of)));
}

fn person_of(sql: &mut Sql, register: &Register, alias: &str, joined: Option<(&Table, usize)>) {
    if let Some(ScopePath::Column(column)) = register.person {
        sql.column(alias, column);
        return;
    }
    let Some((reference, target, _)) = referred(register.person) else {
        sql.push("NULL");
        return;
    };
    let join = joined.and_then(|joined| joined_by(joined, reference, target));
    if let Some((table, of)) = join {
        sql.push("CASE WHEN ").column(alias_of(of), "id").push(" IS NOT NULL THEN ");
        person_of(sql, target, alias_of(of), Some((table, of)));
        sql.push(" ELSE ");
    }
    let inner = sql.alias();
    sql.push("(SELECT ");
    person_of(sql, target, &inner, None);
    sql.push(" FROM ").push(target.table).push(" ").push(&inner).push(" WHERE ");
    sql.column(&inner, "id").push(" = ").column(alias, reference).push(")");
    sql.push(if join.is_some() { " END" } else { "" });
}

/// The table of the statement that a reference of one of its tables leads to.
fn joined_by<'a>((table, of): (&'a Table, usize), reference: &str, target: &Register) -> Option<(&'a Table, usize)> {
    let leads = |join: &Join| {
        let same = join.target.name == target.name && join.field.columns().eq([reference]);
        same && join.from == Origin::Table(of) && join.link == Link::Forward
    };
    table.joins.iter().position(leads).map(|position| (table, position + 1))
}

/// The reference that leads on, the register it leads to, and whether there may be none.
fn referred(way: Option<ScopePath>) -> Option<(&'static str, &'static Register, bool)> {
    let (reference, target, if_any) = match way? {
        ScopePath::Via(reference, target) => (reference, target, false),
        ScopePath::ViaIfAny(reference, target) => (reference, target, true),
        ScopePath::Column(_) | ScopePath::Back(..) => return None,
    };
    Some((reference, catalog::register(target)?, if_any))
}
