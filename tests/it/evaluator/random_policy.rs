//! Random policies and callers.

use civigrid::policy::{Assignment, Caller, CallerKind, Purpose};
use entities::catalog::{Class, Register};
use entities::codes::Board;
use entities::registers::REGISTERS;
use sea_orm::Iterable;

use super::dice::Dice;
use super::place;
use super::world::{World, position};

/// Registers that the built-in policy opens to everyone.
const OPEN: [&str; 5] = ["region", "region_alias", "department", "case_category", "service_project"];

/// What answers may be for.
const PURPOSES: [&str; 2] = ["CARE", "AUDIT"];

/// A policy of one to four roles.
pub(super) fn policy(dice: &mut Dice) -> String {
    let mut text = "version = 1\n[purposes]\n".to_owned();
    for purpose in PURPOSES {
        text.push_str(&format!("{purpose} = \"for {purpose}\"\n"));
    }
    text.push_str("[role.anonymous]\ntitle = \"everyone\"\n");
    for register in OPEN {
        if dice.chance(80) {
            text.push_str(&format!(
                "[[role.anonymous.grant]]\nregister = \"{register}\"\nrows = [\"all\"]\naggregate = {}\n",
                if dice.chance(50) { "[\"class:public\"]" } else { "[]" }
            ));
        }
    }
    let roles = 1 + dice.below(4);
    for role in 0..roles {
        text.push_str(&format!("[role.r{role}]\ntitle = \"role {role}\"\n"));
        for register in REGISTERS {
            let likely = if OPEN.contains(&register.name) { 15 } else { 75 };
            while dice.chance(likely) {
                grant(dice, &mut text, role, register);
                if dice.chance(75) {
                    break;
                }
            }
            if dice.chance(15) {
                deny(dice, &mut text, role, register);
            }
        }
    }
    text
}

fn grant(dice: &mut Dice, text: &mut String, role: usize, register: &Register) {
    text.push_str(&format!("[[role.r{role}.grant]]\nregister = \"{}\"\nrows = {:?}\n", register.name, rows(dice, register)));
    let generous = dice.chance(60);
    text.push_str(&format!("show = {:?}\n", fields(dice, register, generous)));
    if dice.chance(35) {
        text.push_str(&format!("filter = {:?}\n", fields(dice, register, generous)));
    }
    if dice.chance(75) {
        text.push_str(&format!("aggregate = {:?}\n", fields(dice, register, generous)));
    }
    let masks = masks(dice, register);
    if !masks.is_empty() {
        text.push_str(&format!("mask = {masks:?}\n"));
    }
    for (label, likely) in [("minors", 40), ("protected", 25), ("sensitive_codes", 25)] {
        if dice.chance(likely) {
            text.push_str(&format!("{label} = {}\n", dice.chance(80)));
        }
    }
    if dice.chance(8) {
        text.push_str(&format!(
            "boards = {:?}\n",
            [["PARTY", "SERVICES"], ["ECONOMY", "COMMAND"], ["PEACE_LAW", "SERVICES"]][dice.below(3)]
        ));
    }
    if dice.chance(15) {
        text.push_str(&format!("purposes = {:?}\n", [&PURPOSES[..1], &PURPOSES[1..], &PURPOSES[..]][dice.below(3)]));
    }
}

/// Some of the register's fields with one of their masks each.
fn masks(dice: &mut Dice, register: &Register) -> Vec<String> {
    let maskable = register.fields.iter().filter(|field| !field.masks.is_empty() && field.class != Class::Public);
    let chosen: Vec<_> = maskable.filter(|_| dice.chance(30)).collect();
    chosen.into_iter().map(|field| format!("{}:{}", field.name, field.masks[dice.below(field.masks.len())].word())).collect()
}

fn deny(dice: &mut Dice, text: &mut String, role: usize, register: &Register) {
    let private: Vec<&str> = register.fields.iter().filter(|field| field.class != Class::Public).map(|field| field.name).collect();
    let mut fields = dice.some(&private, 15);
    if dice.chance(15) {
        fields.push("class:sensitive");
    }
    if fields.is_empty() {
        return;
    }
    let rows = rows(dice, register);
    text.push_str(&format!("[[role.r{role}.deny]]\nregister = \"{}\"\nrows = {rows:?}\nfields = {fields:?}\n", register.name));
}

fn rows(dice: &mut Dice, register: &Register) -> Vec<&'static str> {
    let words = [
        ("region", register.placing.is_some(), 60),
        ("board", register.board.is_some(), 25),
        ("department", register.department.is_some(), 15),
        ("own_person", register.person.is_some(), 12),
        ("own_household", register.household.is_some(), 12),
        ("own_wards", register.person.is_some(), 8),
        ("open_tasks", register.case.is_some(), 10),
        ("open_case", register.case.is_some(), 12),
        ("projects", register.project.is_some(), 20),
    ];
    let known: Vec<_> = words.into_iter().filter(|(_, there, _)| *there).collect();
    let chosen: Vec<&str> = known.into_iter().filter(|(_, _, likely)| dice.chance(*likely)).map(|(word, ..)| word).collect();
    if chosen.is_empty() { vec!["all"] } else { chosen }
}

fn fields(dice: &mut Dice, register: &Register, generous: bool) -> Vec<&'static str> {
    let mut words: Vec<&str> = Vec::new();
    for class in ["class:internal", "class:personal", "class:sensitive"] {
        if dice.chance(if generous { 60 } else { 15 }) {
            words.push(class);
        }
    }
    let names: Vec<&str> = register.fields.iter().skip(1).map(|field| field.name).collect();
    words.extend(dice.some(&names, if generous { 40 } else { 20 }));
    words
}

/// A caller of none to three assignments.
pub(super) fn caller(dice: &mut Dice, roles: &[String], world: &World) -> Caller {
    let persons = position("person");
    let pick = |dice: &mut Dice, register: usize| {
        let row = dice.below(world.tables[register].rows.len());
        world.row(register, row).id
    };
    let assignments = (0..dice.below(13).div_ceil(4)).map(|_| {
        let role = if dice.chance(3) { "no_such_role".to_owned() } else { dice.pick(roles).cloned().unwrap_or_default() };
        Assignment {
            role,
            regions: regions(dice, world),
            board: dice.chance(75).then(|| Board::iter().nth(dice.below(5)).expect("five boards")),
            department: dice.chance(70).then(|| handling_department(dice, world)),
            projects: projects(dice, world),
        }
    });
    let assignments = assignments.collect();
    // Guardians and those who have tasks are few among all.
    let own = |dice: &mut Dice| match dice.below(4) {
        0 => referred(dice, world, "guardianship", "guardian_id"),
        1 => referred(dice, world, "case_task", "assignee_id"),
        _ => Some(pick(dice, persons)),
    };
    let person = if dice.chance(70) { own(dice) } else { None };
    let purpose = if dice.chance(40) { Purpose::Stated(PURPOSES[dice.below(2)].to_owned()) } else { Purpose::Unstated };
    Caller { kind: CallerKind::Person, person, purpose, assignments, ..Caller::anonymous() }
}

/// A department that handles a case, or leads a service project.
fn handling_department(dice: &mut Dice, world: &World) -> uuid::Uuid {
    let cases = &world.tables[position("case")].rows;
    let projects = &world.tables[position("service_project")].rows;
    let leading = projects.iter().filter_map(|project| project.columns["lead_department_id"].key());
    let handling: Vec<uuid::Uuid> = cases.iter().filter_map(|case| case.columns["department_id"].key()).chain(leading).collect();
    *dice.pick(&handling).expect("a case has a department")
}

/// Regions of any level in which something is, and rarely one in which nothing is.
fn regions(dice: &mut Dice, world: &World) -> Vec<entities::region_code::RegionCode> {
    let count = [0, 1, 1, 1, 1, 1, 2, 3][dice.below(8)];
    (0..count)
        .map(|_| {
            let register = position(["household", "person", "case", "region"][dice.below(4)]);
            let row = dice.below(world.tables[register].rows.len());
            let columns = &world.row(register, row).columns;
            let column = if register == position("region") { "code" } else { "region_code" };
            let place = columns[column].integer().unwrap_or(500_000_000_000_000);
            let level = [0, 1, 1, 2, 2, 3, 3, 4][dice.below(8)];
            place::text(place::at(place, level).unwrap_or(place)).parse().expect("a region's code")
        })
        .collect()
}

/// Somebody whom a row of the register refers to; None if the row chosen refers to nobody.
fn referred(dice: &mut Dice, world: &World, register: &str, column: &str) -> Option<uuid::Uuid> {
    let rows = &world.tables[position(register)].rows;
    dice.pick(rows).and_then(|row| row.columns[column].key())
}

/// Codes of none to two service projects.
fn projects(dice: &mut Dice, world: &World) -> Vec<String> {
    let rows = &world.tables[position("service_project")].rows;
    let code = |dice: &mut Dice| dice.pick(rows).and_then(|row| row.columns["code"].text().map(str::to_owned));
    (0..dice.below(3)).filter_map(|_| code(dice)).collect()
}
