//! Row scopes as SQL: the one place where a policy's conditions become text.

use chrono::NaiveDate;
use entities::catalog::{self, Register, ScopePath};
use entities::codes::RegionLevel;
use entities::region_code::RegionCode;
use sea_orm::ActiveEnum;

use crate::policy::{Atom, Condition, ConditionSet, Cover, Permit};

use super::database::Backend;
use super::sql::{Sql, Value};

mod labels;
mod related;

use labels::{Whose, about};
pub(super) use labels::{labels, person};

/// The age from which personal data is no longer sensitive for age alone (PIPL article 28).
pub const AGE_OF_CONSENT: i32 = 14;

/// What is known of the rows that a condition is asked of.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// The day of the request.
    pub today: NaiveDate,
    /// True if a key, a parent or a narrow filter has led to the rows, so that the condition is asked of each. PostgreSQL takes a
    /// range of unknown width for half a percent of the rows, and would read an index of a whole city's places to meet them, or
    /// sort where an index gives the order, since it expects one row at most.
    pub found: bool,
    /// Regions that a filter keeps the rows to: places around those need not be asked for.
    pub within: &'a [RegionCode],
    /// What every scope of the caller's asks: a row that is in scope has passed it.
    pub passed: &'a [Atom],
}

impl Known<'_> {
    /// True if every row passes.
    fn settles(self, atom: &Atom) -> bool {
        let around = |regions: &[RegionCode]| self.within.iter().any(|narrow| regions.iter().any(|wide| wide.contains(*narrow)));
        self.passed.contains(atom) || matches!(atom, Atom::Regions(regions) if around(regions))
    }

    /// True if the condition asks for nothing but what is known.
    fn holds(self, condition: &Condition) -> bool {
        condition.atoms().iter().all(|atom| self.settles(atom))
    }
}

/// Writes the condition that the row `alias` is in the permit's scope. Null counts as outside.
pub fn in_scope(sql: &mut Sql, permit: &Permit, alias: &str, known: Known<'_>) {
    let conditions: Vec<&Condition> = permit.scope().collect();
    match conditions.as_slice() {
        [] => {
            sql.push(never());
        }
        [one] => condition(sql, permit.register(), one, alias, known),
        many => any_of(sql, permit.register(), many, alias, known),
    }
}

/// True if every row is in scope.
pub fn is_unbounded(permit: &Permit) -> bool {
    permit.scope().any(Condition::is_always)
}

/// Writes the condition that a right of this cover holds on the row `alias`, which is in scope; two-valued.
pub fn covered(sql: &mut Sql, permit: &Permit, cover: Cover, alias: &str, known: Known<'_>) {
    match cover {
        Cover::Everywhere => {
            sql.push(always());
        }
        Cover::Nowhere => {
            sql.push(never());
        }
        Cover::Where { any, none } => {
            let passed = permit.passed();
            let known = Known { passed: &passed, ..known };
            let pick = |set: ConditionSet| set.indices().map(|index| &permit.conditions()[index]).collect::<Vec<_>>();
            sql.push("(");
            any_of(sql, permit.register(), &pick(any), alias, known);
            sql.push(" IS TRUE");
            let denies = pick(none);
            if !denies.is_empty() {
                sql.push(" AND ");
                any_of(sql, permit.register(), &denies, alias, known);
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

/// Writes the same where rows in scope are chosen by it, and unknown is as good as false. The databases see through a bare condition,
/// and join what it asks of other rows instead of looking it up for each row.
pub fn chosen_by(sql: &mut Sql, permit: &Permit, cover: Cover, alias: &str, known: Known<'_>) {
    if let Cover::Where { any, none } = cover
        && none == ConditionSet::default()
        && let (Some(only), None) = (any.indices().next(), any.indices().nth(1))
    {
        let known = Known { passed: &permit.passed(), ..known };
        condition(sql, permit.register(), &permit.conditions()[only], alias, known);
    } else {
        covered(sql, permit, cover, alias, known);
    }
}

/// Writes a number whose bits tell which of the conditions the row `alias`, which is in scope, satisfies, labels aside.
pub fn condition_bits(sql: &mut Sql, permit: &Permit, set: ConditionSet, alias: &str, known: Known<'_>) {
    let passed = permit.passed();
    let known = Known { passed: &passed, ..known };
    match sql.backend() {
        Backend::Postgres => sql.push("(0::bigint"),
        Backend::Sqlite => sql.push("(0"),
    };
    for index in set.indices() {
        sql.push(" + CASE WHEN ");
        condition(sql, permit.register(), &permit.conditions()[index].without_labels(), alias, known);
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

fn any_of(sql: &mut Sql, register: &Register, conditions: &[&Condition], alias: &str, known: Known<'_>) {
    if conditions.iter().any(|condition| known.holds(condition)) {
        sql.push("(").push(always()).push(")");
        return;
    }
    // Where one holds whatever satisfies another, the other adds nothing.
    let mut wide: Vec<&Condition> = Vec::with_capacity(conditions.len());
    for each in conditions {
        if !wide.iter().any(|other| each.implies(other)) {
            wide.retain(|other| !other.implies(each));
            wide.push(each);
        }
    }
    sql.push("(");
    for (index, each) in wide.into_iter().enumerate() {
        if index > 0 {
            sql.push(" OR ");
        }
        condition(sql, register, each, alias, known);
    }
    sql.push(")");
}

fn condition(sql: &mut Sql, register: &Register, condition: &Condition, alias: &str, known: Known<'_>) {
    if known.holds(condition) {
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
    let asked = |atom: &&Atom| match atom {
        Atom::Adult | Atom::Unprotected => false,
        _ => !known.settles(atom),
    };
    for each in condition.atoms().iter().filter(asked) {
        next(sql);
        atom(sql, register, each, alias, known);
    }
    if whose.adult || whose.unprotected {
        next(sql);
        about(sql, register, whose, alias, known);
    }
    sql.push(")");
}

fn atom(sql: &mut Sql, register: &Register, atom: &Atom, alias: &str, known: Known<'_>) {
    let equal = |value: Value| {
        move |sql: &mut Sql, alias: &str, column: &str| {
            sql.column(alias, column).push(" = ").bind(value.clone());
        }
    };
    match atom {
        Atom::Regions(regions) => in_regions(sql, register, regions, alias, known.found),
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
            related::to_a_ward(sql, *person, alias, column, known.today);
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
        Atom::Adult => about(sql, register, Whose { adult: true, unprotected: false }, alias, known),
        Atom::Unprotected => about(sql, register, Whose { adult: false, unprotected: true }, alias, known),
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

fn in_regions(sql: &mut Sql, register: &Register, regions: &[RegionCode], alias: &str, found: bool) {
    sql.push("(");
    for (index, region) in regions.iter().enumerate() {
        if index > 0 {
            sql.push(" OR ");
        }
        placed(sql, register, *region, alias, found);
    }
    if regions.is_empty() {
        sql.push(never());
    }
    sql.push(")");
}

/// Writes the condition that the row lies in the subtree of a region: an equality where the register keeps that level's code.
pub fn in_region(sql: &mut Sql, register: &Register, region: RegionCode, alias: &str) {
    placed(sql, register, region, alias, false);
}

/// Writes the same; what is `asked` of rows that something else leads to stands in a form which no index serves, and which
/// PostgreSQL takes for true of nearly every row, as it mostly is.
fn placed(sql: &mut Sql, register: &Register, region: RegionCode, alias: &str, asked: bool) {
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
    sql.push(if asked { "CASE WHEN " } else { "" });
    match equal {
        Some(column) => {
            sql.column(alias, column).push(" = ").bind(Value::Integer(region.number()));
        }
        None => {
            let (first, last) = region.span();
            sql.column(alias, placing.place).push(" BETWEEN ");
            match region.level() {
                // They are few, and stand in the text: PostgreSQL takes a range whose ends it is given later for half a percent of
                // the rows, and plans the statement anew each time where it finds that to be wrong.
                RegionLevel::Municipality | RegionLevel::District => sql.push_number(first).push(" AND ").push_number(last),
                _ => sql.bind(Value::Integer(first)).push(" AND ").bind(Value::Integer(last)),
            };
        }
    }
    sql.push(if asked { " THEN 1 END IS NOT NULL" } else { "" });
}
