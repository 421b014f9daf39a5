//! Bounds on rows, and which rows lie within them.

use std::collections::HashMap;

use chrono::{Datelike, NaiveDate};
use entities::catalog::{Register, ScopePath};
use entities::registers::REGISTERS;
use uuid::Uuid;

use super::place;
use super::world::{Value, World, position};

/// One bound on rows.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Bound {
    Regions(Vec<i64>),
    Board(String),
    Department(Uuid),
    Person(Uuid),
    HouseholdOf(Uuid),
    WardsOf(Uuid),
    OpenTasksOf(Uuid),
    OpenCase,
    Projects(Vec<String>),
    Adult,
    Unprotected,
    Mild,
}

/// True if the row lies within the bound.
pub(super) fn holds(world: &World, register: usize, row: usize, bound: &Bound) -> bool {
    let catalog = REGISTERS[register];
    match bound {
        Bound::Regions(regions) => {
            let place = catalog.placing.and_then(|placing| world.row(register, row).columns[placing.place].integer());
            place.is_some_and(|place| regions.iter().any(|region| place::contains(*region, place)))
        }
        Bound::Board(board) => {
            along(world, register, row, |register| register.board).and_then(|value| value.text().map(str::to_owned)).as_ref() == Some(board)
        }
        Bound::Department(department) => along(world, register, row, |register| register.department) == Some(Value::Key(*department)),
        Bound::Person(person) => along(world, register, row, |register| register.person) == Some(Value::Key(*person)),
        Bound::HouseholdOf(person) => {
            let persons = position("person");
            let own = world.find(persons, *person).map(|row| world.row(persons, row).columns["household_id"].clone());
            own.filter(|own| !own.is_null()).is_some_and(|own| along(world, register, row, |register| register.household) == Some(own))
        }
        Bound::WardsOf(person) => along(world, register, row, |register| register.person).is_some_and(|ward| {
            let today = Value::Day(world.now.today);
            rows_of(world, "guardianship").any(|tie| {
                let lasts = tie["to_date"].is_null() || tie["to_date"].compare(&today).is_ge();
                tie["ward_id"] == ward && tie["guardian_id"] == Value::Key(*person) && tie["from_date"].compare(&today).is_le() && lasts
            })
        }),
        Bound::OpenTasksOf(person) => cases(world, register, row).iter().any(|case| {
            let open = |state: &Value| matches!(state.text(), Some("ASSIGNED" | "IN_PROGRESS" | "SUSPENDED"));
            rows_of(world, "case_task")
                .any(|task| task["case_id"] == *case && task["assignee_id"] == Value::Key(*person) && open(&task["state"]))
        }),
        Bound::OpenCase => cases(world, register, row).iter().any(|key| {
            let over = |state: &Value| matches!(state.text(), Some("REFUSED" | "MERGED" | "CLOSED" | "VOID"));
            rows_of(world, "case").any(|case| case["id"] == *key && !over(&case["state"]))
        }),
        Bound::Projects(codes) => {
            let code = along(world, register, row, |register| register.project);
            code.is_some_and(|code| code.text().is_some_and(|code| codes.iter().any(|known| known == code)))
        }
        Bound::Adult if is_nobodys(world, register, row, |register| register.minor) => true,
        Bound::Adult => match along(world, register, row, |register| register.minor) {
            Some(Value::Day(birth)) => turned_fourteen(birth, world.now.today),
            _ => false,
        },
        Bound::Unprotected if is_nobodys(world, register, row, |register| register.protection) => true,
        Bound::Unprotected => along(world, register, row, |register| register.protection) == Some(Value::Boolean(false)),
        Bound::Mild => {
            let codes = catalog.sensitive_codes.expect("a bound of registers with codes");
            world.row(register, row).columns[codes.column].text().is_some_and(|code| !codes.values.contains(&code))
        }
    }
}

fn rows_of<'w>(world: &'w World, register: &str) -> impl Iterator<Item = &'w HashMap<String, Value>> {
    world.tables[position(register)].rows.iter().map(|row| &row.columns)
}

/// The keys of the cases that a row is about.
fn cases(world: &World, register: usize, row: usize) -> Vec<Value> {
    match REGISTERS[register].case {
        Some(ScopePath::Back(reference, target)) => {
            let own = Value::Key(world.row(register, row).id);
            rows_of(world, target).filter(|case| case[reference] == own).map(|case| case["id"].clone()).collect()
        }
        _ => along(world, register, row, |register| register.case).into_iter().collect(),
    }
}

/// True if the row may be about somebody, and is about nobody.
fn is_nobodys(world: &World, register: usize, row: usize, path: fn(&Register) -> Option<ScopePath>) -> bool {
    match path(REGISTERS[register]) {
        Some(ScopePath::ViaIfAny(column, _)) => world.row(register, row).columns[column].is_null(),
        _ => false,
    }
}

pub(super) fn turned_fourteen(birth: NaiveDate, today: NaiveDate) -> bool {
    let passed = (today.month(), today.day()) >= (birth.month(), birth.day());
    today.year() - birth.year() - i32::from(!passed) >= 14
}

/// The value at the end of a scope path; None if there is none.
fn along(world: &World, register: usize, row: usize, path: fn(&Register) -> Option<ScopePath>) -> Option<Value> {
    let columns = &world.row(register, row).columns;
    match path(REGISTERS[register])? {
        ScopePath::Column(column) => Some(columns[column].clone()).filter(|value| !value.is_null()),
        ScopePath::Via(column, target) | ScopePath::ViaIfAny(column, target) => {
            let target = position(target);
            along(world, target, world.find(target, columns[column].key()?)?, path)
        }
        ScopePath::Back(..) => None,
    }
}

/// True if the bounds themselves tell that whatever is within `narrow` is within `wide`.
pub(super) fn implies(narrow: &[Bound], wide: &[Bound]) -> bool {
    wide.iter().all(|wide| {
        narrow.iter().any(|narrow| match (narrow, wide) {
            (Bound::Regions(narrow), Bound::Regions(wide)) => narrow
                .iter()
                .all(|inner| wide.iter().any(|outer| place::contains(*outer, *inner) && place::level(*outer) <= place::level(*inner))),
            _ => narrow == wide,
        })
    })
}
