//! Row scopes as SQL: the one place where a policy's conditions become text.

use chrono::NaiveDate;
use entities::catalog::{self, Register, ScopePath};
use entities::codes::RegionLevel;
use entities::region_code::RegionCode;
use sea_orm::ActiveEnum;

use crate::policy::{Atom, Condition, ConditionSet, Cover, Permit};

use super::database::Backend;
use super::expression::{date, years_before};
use super::sql::{Sql, Value};

mod related;

/// The age from which personal data is no longer sensitive for age alone (PIPL article 28).
pub const AGE_OF_CONSENT: i32 = 14;

/// Writes the condition that the row `alias` is in the permit's scope. Null counts as outside.
pub fn in_scope(sql: &mut Sql, permit: &Permit, alias: &str, today: NaiveDate) {
    let conditions: Vec<&Condition> = permit.scope().collect();
    match conditions.as_slice() {
        [] => {
            sql.push(never());
        }
        [one] => condition(sql, permit.register(), one, alias, today),
        many => any_of(sql, permit.register(), many, alias, today),
    }
}

/// Writes the same condition for rows that a filter keeps to regions: where that alone brings them into scope, nothing
/// is left to ask of a row. PostgreSQL plans a range of unknown width poorly, and a filter is mostly narrower than a scope.
pub fn in_scope_given(sql: &mut Sql, permit: &Permit, alias: &str, today: NaiveDate, within: &[RegionCode]) {
    if permit.scope().any(|condition| within.iter().any(|region| holds_in(condition, *region))) {
        sql.push(always());
    } else {
        in_scope(sql, permit, alias, today);
    }
}

/// True if the condition asks for nothing but a place, and all of the region is such a place.
fn holds_in(condition: &Condition, region: RegionCode) -> bool {
    let in_it = |atom: &Atom| matches!(atom, Atom::Regions(regions) if regions.iter().any(|wide| wide.contains(region)));
    condition.atoms().iter().all(in_it)
}

/// True if every row is in scope.
pub fn is_unbounded(permit: &Permit) -> bool {
    permit.scope().any(Condition::is_always)
}

/// Writes the condition that a right of this cover holds on the row `alias`; two-valued.
pub fn covered(sql: &mut Sql, permit: &Permit, cover: Cover, alias: &str, today: NaiveDate) {
    match cover {
        Cover::Everywhere => {
            sql.push(always());
        }
        Cover::Nowhere => {
            sql.push(never());
        }
        Cover::Where { any, none } => {
            let pick = |set: ConditionSet| set.indices().map(|index| &permit.conditions()[index]).collect::<Vec<_>>();
            sql.push("(");
            any_of(sql, permit.register(), &pick(any), alias, today);
            sql.push(" IS TRUE");
            let denies = pick(none);
            if !denies.is_empty() {
                sql.push(" AND ");
                any_of(sql, permit.register(), &denies, alias, today);
                sql.push(" IS NOT TRUE");
            }
            sql.push(")");
        }
    }
}

/// The covers that leave rows out, each once: all that has to be asked where every one of them must hold.
pub fn partial(covers: impl Iterator<Item = Cover>) -> Vec<Cover> {
    let mut partial = Vec::new();
    for cover in covers {
        if cover != Cover::Everywhere && !partial.contains(&cover) {
            partial.push(cover);
        }
    }
    partial
}

/// Writes the same where rows are chosen by it, and unknown is as good as false. The databases see through a bare condition,
/// and join what it asks of other rows instead of looking it up for each row.
pub fn chosen_by(sql: &mut Sql, permit: &Permit, cover: Cover, alias: &str, today: NaiveDate) {
    if let Cover::Where { any, none } = cover
        && none == ConditionSet::default()
        && let (Some(only), None) = (any.indices().next(), any.indices().nth(1))
    {
        condition(sql, permit.register(), &permit.conditions()[only], alias, today);
    } else {
        covered(sql, permit, cover, alias, today);
    }
}

/// Writes a number whose bits tell which of the conditions the row `alias` satisfies.
pub fn condition_bits(sql: &mut Sql, permit: &Permit, set: ConditionSet, alias: &str, today: NaiveDate) {
    match sql.backend() {
        Backend::Postgres => sql.push("(0::bigint"),
        Backend::Sqlite => sql.push("(0"),
    };
    for index in set.indices() {
        sql.push(" + CASE WHEN ");
        condition(sql, permit.register(), &permit.conditions()[index], alias, today);
        sql.push(" THEN ").push_number(1 << index).push(" ELSE 0 END");
    }
    sql.push(")");
}

/// A condition that holds for every row, on both databases.
pub const fn always() -> &'static str {
    "1 = 1"
}

/// A condition that holds for no row, on both databases.
pub const fn never() -> &'static str {
    "1 = 0"
}

fn any_of(sql: &mut Sql, register: &Register, conditions: &[&Condition], alias: &str, today: NaiveDate) {
    sql.push("(");
    for (index, each) in conditions.iter().enumerate() {
        if index > 0 {
            sql.push(" OR ");
        }
        condition(sql, register, each, alias, today);
    }
    sql.push(")");
}

fn condition(sql: &mut Sql, register: &Register, condition: &Condition, alias: &str, today: NaiveDate) {
    if condition.is_always() {
        sql.push(always());
        return;
    }
    let has = |wanted: &Atom| condition.atoms().contains(wanted);
    // What is asked of the person is asked on one way there.
    let whose = Whose { adult: has(&Atom::Adult), unprotected: has(&Atom::Unprotected) };
    sql.push("(");
    let mut first = true;
    let mut next = |sql: &mut Sql| {
        sql.push(if first { "" } else { " AND " });
        first = false;
    };
    for each in condition.atoms().iter().filter(|atom| !matches!(atom, Atom::Adult | Atom::Unprotected)) {
        next(sql);
        atom(sql, register, each, alias, today);
    }
    if whose.adult || whose.unprotected {
        next(sql);
        about(sql, register, whose, alias, today);
    }
    sql.push(")");
}

fn atom(sql: &mut Sql, register: &Register, atom: &Atom, alias: &str, today: NaiveDate) {
    let equal = |value: Value| {
        move |sql: &mut Sql, alias: &str, column: &str| {
            sql.column(alias, column).push(" = ").bind(value.clone());
        }
    };
    match atom {
        Atom::Regions(regions) => in_regions(sql, register, regions, alias),
        Atom::Board(board) => along(sql, register, |register| register.board, alias, &equal(Value::Text(board.to_value()))),
        Atom::Department(department) => along(sql, register, |register| register.department, alias, &equal(Value::Uuid(*department))),
        Atom::Person(person) => along(sql, register, |register| register.person, alias, &equal(Value::Uuid(*person))),
        Atom::HouseholdOf(person) => {
            let person = Value::Uuid(*person);
            along(sql, register, |register| register.household, alias, &|sql, alias, column| {
                sql.column(alias, column)
                    .push(" = (SELECT own.household_id FROM persons own WHERE own.id = ")
                    .bind(person.clone())
                    .push(")");
            });
        }
        Atom::WardsOf(person) => along(sql, register, |register| register.person, alias, &|sql, alias, column| {
            related::to_a_ward(sql, *person, alias, column, today);
        }),
        Atom::OpenTasksOf(person) => along(sql, register, |register| register.case, alias, &|sql, alias, column| {
            related::to_an_open_task(sql, *person, alias, column);
        }),
        Atom::OpenCase => along(sql, register, |register| register.case, alias, &related::to_an_open_case),
        Atom::Projects(codes) => along(sql, register, |register| register.project, alias, &|sql, alias, column| {
            sql.column(alias, column).bind_any(Value::Texts(codes.clone()));
        }),
        Atom::Mild => match register.sensitive_codes {
            Some(codes) => related::not_listed(sql, alias, codes.column, codes.values),
            None => {
                sql.push(always());
            }
        },
        // Known before rows are: a condition that is left stands for callers in general, who read nothing.
        Atom::Stated(_) | Atom::Serving(_) => {
            sql.push(never());
        }
        Atom::Adult => about(sql, register, Whose { adult: true, unprotected: false }, alias, today),
        Atom::Unprotected => about(sql, register, Whose { adult: false, unprotected: true }, alias, today),
    }
}

/// What is asked of the person that a row is about.
#[derive(Clone, Copy)]
struct Whose {
    /// That the known birth lies far enough back.
    adult: bool,
    /// That the whereabouts are not protected.
    unprotected: bool,
}

/// Writes what is asked of the person a row is about, where it may be about nobody at all: then it holds.
fn about(sql: &mut Sql, register: &Register, whose: Whose, alias: &str, today: NaiveDate) {
    // Where both are asked, both ways are one; a test holds the catalog to it.
    let way = if whose.adult { register.minor } else { register.protection };
    let (reference, target, if_any) = match way {
        Some(ScopePath::Column(_)) => {
            about_person(sql, register, whose, alias, today);
            return;
        }
        Some(ScopePath::Via(reference, target)) => (reference, target, false),
        Some(ScopePath::ViaIfAny(reference, target)) => (reference, target, true),
        Some(ScopePath::Back(..)) | None => {
            sql.push(never());
            return;
        }
    };
    let Some(target) = catalog::register(target) else {
        sql.push(never());
        return;
    };
    if if_any {
        sql.push("(").column(alias, reference).push(" IS NULL OR ");
    }
    let inner = sql.alias();
    sql.push("EXISTS (SELECT 1 FROM ").push(target.table).push(" ").push(&inner).push(" WHERE ");
    sql.column(&inner, "id").push(" = ").column(alias, reference).push(" AND ");
    about(sql, target, whose, &inner, today);
    sql.push(if if_any { "))" } else { ")" });
}

fn about_person(sql: &mut Sql, register: &Register, whose: Whose, alias: &str, today: NaiveDate) {
    if let (true, Some(ScopePath::Column(birth))) = (whose.adult, register.minor) {
        sql.column(alias, birth).push(" <= ");
        date(sql, years_before(today, AGE_OF_CONSENT));
    }
    if let (true, Some(ScopePath::Column(protected))) = (whose.unprotected, register.protection) {
        sql.push(if whose.adult { " AND NOT " } else { "NOT " }).column(alias, protected);
    }
}

/// Writes a comparison at the end of a scope path, following references on the way. A register without the path has no such rows.
fn along(
    sql: &mut Sql,
    register: &Register,
    path: fn(&Register) -> Option<ScopePath>,
    alias: &str,
    compare: &dyn Fn(&mut Sql, &str, &str),
) {
    let (reference, target, back) = match path(register) {
        None => {
            sql.push(never());
            return;
        }
        Some(ScopePath::Column(column)) => {
            compare(sql, alias, column);
            return;
        }
        Some(ScopePath::Via(reference, target) | ScopePath::ViaIfAny(reference, target)) => (reference, target, false),
        Some(ScopePath::Back(reference, target)) => (reference, target, true),
    };
    let Some(target) = catalog::register(target) else {
        sql.push(never());
        return;
    };
    let inner = sql.alias();
    sql.push("EXISTS (SELECT 1 FROM ").push(target.table).push(" ").push(&inner).push(" WHERE ");
    if back {
        sql.column(&inner, reference).push(" = ").column(alias, "id").push(" AND ");
    } else {
        sql.column(&inner, "id").push(" = ").column(alias, reference).push(" AND ");
    }
    along(sql, target, path, &inner, compare);
    sql.push(")");
}

fn in_regions(sql: &mut Sql, register: &Register, regions: &[RegionCode], alias: &str) {
    sql.push("(");
    for (index, region) in regions.iter().enumerate() {
        if index > 0 {
            sql.push(" OR ");
        }
        in_region(sql, register, *region, alias);
    }
    if regions.is_empty() {
        sql.push(never());
    }
    sql.push(")");
}

/// Writes the condition that the row lies in the subtree of a region: an equality where the register keeps that level's code.
pub fn in_region(sql: &mut Sql, register: &Register, region: RegionCode, alias: &str) {
    let Some(placing) = register.placing else {
        sql.push(never());
        return;
    };
    let equal = match region.level() {
        RegionLevel::Community => placing.community,
        RegionLevel::Street => placing.street,
        RegionLevel::Grid => Some(placing.place),
        RegionLevel::District | RegionLevel::Municipality => None,
    };
    match equal {
        Some(column) => {
            sql.column(alias, column).push(" = ").bind(Value::Integer(region.number()));
        }
        None => {
            let (first, last) = region.span();
            sql.column(alias, placing.place).push(" BETWEEN ").bind(Value::Integer(first)).push(" AND ").bind(Value::Integer(last));
        }
    }
}
