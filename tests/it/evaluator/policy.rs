//! The policy file, read anew: nothing here knows how the program reads it.
//!
//! For a caller it says of every row whether it is visible, and of every field of it whether it may be shown, filtered
//! and aggregated. Where the contract itself is about the policy and not the data (a field may be ordered or grouped by
//! only if it is covered on all rows as far as the bounds tell), [`Access::cover`] says so from the bounds alone.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};
use civigrid::policy::Caller;
use entities::catalog::{Class, Register, ScopePath};
use entities::registers::REGISTERS;
use sea_orm::ActiveEnum;
use toml::{Table, Value as Toml};
use uuid::Uuid;

use super::place;
use super::world::{Value, World, position};

/// What may be done with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Right {
    Show,
    Filter,
    Aggregate,
}

/// Where a right holds in principle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cover {
    Everywhere,
    Somewhere,
    Nowhere,
}

/// One bound on rows.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Bound {
    Regions(Vec<i64>),
    Board(String),
    Department(Uuid),
    Person(Uuid),
    HouseholdOf(Uuid),
    Adult,
}

/// What one grant gives, or one deny takes, on the rows within all of its bounds.
struct Share {
    bounds: Vec<Bound>,
    deny: bool,
    /// Fields by right: show, filter, aggregate; of a deny, three times the same.
    fields: [BTreeSet<usize>; 3],
}

/// What one caller may do with one row.
struct RowAccess {
    visible: bool,
    rights: [BTreeSet<usize>; 3],
}

/// What one caller may do.
pub(super) struct Access {
    shares: Vec<Vec<Share>>,
    rows: Vec<Vec<RowAccess>>,
}

impl Access {
    /// Reads the policy for a caller.
    pub(super) fn read(policy: &str, caller: &Caller, world: &World) -> Self {
        let file: Table = policy.parse().expect("a policy is TOML");
        let roles = file.get("role").and_then(Toml::as_table).cloned().unwrap_or_default();
        let mut shares: Vec<Vec<Share>> = REGISTERS.iter().map(|_| Vec::new()).collect();
        let bindings = caller.assignments.iter().filter(|assignment| assignment.role != "anonymous");
        for assignment in bindings {
            if let Some(role) = roles.get(&assignment.role) {
                let binding = Binding {
                    regions: assignment.regions.iter().map(|region| place::number(&region.to_string())).collect(),
                    board: assignment.board.map(|board| board.to_value()),
                    department: assignment.department,
                    person: caller.person,
                };
                role_shares(role, &binding, &mut shares);
            }
        }
        if let Some(role) = roles.get("anonymous") {
            role_shares(role, &Binding { person: caller.person, ..Binding::default() }, &mut shares);
        }
        let rows = (0..REGISTERS.len())
            .map(|register| {
                let count = world.tables[register].rows.len();
                (0..count).map(|row| row_access(world, register, row, &shares[register])).collect()
            })
            .collect();
        Self { shares, rows }
    }

    /// True if the caller may know of the row.
    pub(super) fn visible(&self, register: usize, row: usize) -> bool {
        self.rows[register][row].visible
    }

    /// True if the caller may do so with the field on the row.
    pub(super) fn may(&self, right: Right, register: usize, row: usize, field: usize) -> bool {
        self.rows[register][row].rights[right as usize].contains(&field)
    }

    /// True if no row of the register can be visible, whatever the data.
    pub(super) fn is_empty(&self, register: usize) -> bool {
        self.shares[register].iter().all(|share| share.deny)
    }

    /// Where the right holds as far as the bounds tell.
    pub(super) fn cover(&self, right: Right, register: usize, field: usize) -> Cover {
        let of = |deny: bool| -> Vec<&Share> {
            self.shares[register].iter().filter(|share| share.deny == deny && share.fields[right as usize].contains(&field)).collect()
        };
        let (giving, taking) = (of(false), of(true));
        let everywhere = |shares: &[&Share]| {
            let mut scopes = self.shares[register].iter().filter(|share| !share.deny);
            scopes.all(|scope| shares.iter().any(|wide| implies(&scope.bounds, &wide.bounds)))
        };
        if giving.is_empty() || (!taking.is_empty() && everywhere(&taking)) {
            Cover::Nowhere
        } else if taking.is_empty() && everywhere(&giving) {
            Cover::Everywhere
        } else {
            Cover::Somewhere
        }
    }

    /// True if on the rows on which one right to a field is given the other is given by the same bounds.
    pub(super) fn gives_where(&self, right: Right, other: Right, register: usize, field: usize) -> bool {
        let giving = |right: Right| {
            self.shares[register]
                .iter()
                .filter(move |share| !share.deny && share.fields[right as usize].contains(&field))
                .map(|share| &share.bounds)
        };
        giving(right).all(|bounds| giving(other).any(|same| same == bounds))
    }

    /// True if each of the caller's scopes lies in the one same district, or belongs to one person or household.
    pub(super) fn stays_in_a_district(&self, register: usize) -> bool {
        let mut districts = BTreeSet::new();
        for share in self.shares[register].iter().filter(|share| !share.deny) {
            if share.bounds.iter().any(|bound| matches!(bound, Bound::Person(_) | Bound::HouseholdOf(_))) {
                continue;
            }
            let Some(regions) =
                share.bounds.iter().find_map(|bound| if let Bound::Regions(regions) = bound { Some(regions) } else { None })
            else {
                return false;
            };
            districts.extend(regions.iter().map(|region| place::at(*region, 1)));
        }
        districts.len() <= 1 && !districts.contains(&None)
    }
}

/// What an assignment fills the policy's words with.
#[derive(Default)]
struct Binding {
    regions: Vec<i64>,
    board: Option<String>,
    department: Option<Uuid>,
    person: Option<Uuid>,
}

fn role_shares(role: &Toml, binding: &Binding, shares: &mut [Vec<Share>]) {
    for (word, deny) in [("grant", false), ("deny", true)] {
        for entry in role.get(word).and_then(Toml::as_array).into_iter().flatten() {
            let register = position(entry["register"].as_str().expect("a register's name"));
            let Some(bounds) = bounds(&entry["rows"], binding) else { continue };
            if deny {
                let fields = fields_of(REGISTERS[register], entry.get("fields"));
                shares[register].push(Share { bounds, deny: true, fields: [fields.clone(), fields.clone(), fields] });
            } else {
                grant(entry, register, bounds, shares);
            }
        }
    }
}

fn grant(entry: &Toml, register: usize, bounds: Vec<Bound>, shares: &mut [Vec<Share>]) {
    let catalog = REGISTERS[register];
    let with_public = |mut fields: BTreeSet<usize>| {
        fields.extend((0..catalog.fields.len()).filter(|index| catalog.fields[*index].class == Class::Public));
        fields
    };
    let show = with_public(fields_of(catalog, entry.get("show")));
    let filter = entry.get("filter").map_or_else(|| show.clone(), |words| with_public(fields_of(catalog, Some(words))));
    let aggregate = with_public(fields_of(catalog, entry.get("aggregate")));
    let all = [show, filter, aggregate];
    let minors = entry.get("minors").and_then(Toml::as_bool).unwrap_or(false);
    if minors || catalog.minor.is_none() {
        shares[register].push(Share { bounds, deny: false, fields: all });
        return;
    }
    let strict = |field: &usize| matches!(catalog.fields[*field].class, Class::Personal | Class::Sensitive);
    let mild = all.clone().map(|fields| fields.into_iter().filter(|field| !strict(field)).collect::<BTreeSet<_>>());
    let mut grown = bounds.clone();
    grown.push(Bound::Adult);
    shares[register].push(Share { bounds, deny: false, fields: mild });
    shares[register].push(Share { bounds: grown, deny: false, fields: all });
}

/// The bounds that the words come to; None if the assignment lacks what a word needs.
fn bounds(words: &Toml, binding: &Binding) -> Option<Vec<Bound>> {
    let words = words.as_array().expect("rows are a list").iter().filter_map(Toml::as_str).filter(|word| *word != "all");
    words
        .map(|word| match word {
            "region" => (!binding.regions.is_empty()).then(|| Bound::Regions(binding.regions.clone())),
            "board" => binding.board.clone().map(Bound::Board),
            "department" => binding.department.map(Bound::Department),
            "own_person" => binding.person.map(Bound::Person),
            "own_household" => binding.person.map(Bound::HouseholdOf),
            word => unreachable!("no such word: {word}"),
        })
        .collect()
}

fn fields_of(register: &Register, words: Option<&Toml>) -> BTreeSet<usize> {
    let words: Vec<&str> = words.and_then(Toml::as_array).into_iter().flatten().filter_map(Toml::as_str).collect();
    let named = |index: &usize| {
        let field = &register.fields[*index];
        words.iter().any(|word| word.strip_prefix("class:").map_or(*word == field.name, |class| class == field.class.word()))
    };
    (0..register.fields.len()).filter(named).collect()
}

fn row_access(world: &World, register: usize, row: usize, shares: &[Share]) -> RowAccess {
    let mut access = RowAccess { visible: false, rights: Default::default() };
    let holding: Vec<&Share> = shares.iter().filter(|share| share.bounds.iter().all(|bound| holds(world, register, row, bound))).collect();
    for share in holding.iter().filter(|share| !share.deny) {
        access.visible = true;
        for (rights, fields) in access.rights.iter_mut().zip(&share.fields) {
            rights.extend(fields);
        }
    }
    for share in holding.iter().filter(|share| share.deny) {
        for (rights, fields) in access.rights.iter_mut().zip(&share.fields) {
            rights.retain(|field| !fields.contains(field));
        }
    }
    access
}

fn holds(world: &World, register: usize, row: usize, bound: &Bound) -> bool {
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
        Bound::Adult if is_nobodys(world, register, row) => true,
        Bound::Adult => match along(world, register, row, |register| register.minor) {
            Some(Value::Day(birth)) => turned_fourteen(birth, world.now.today),
            _ => false,
        },
    }
}

/// True if the row may be about somebody, and is about nobody.
fn is_nobodys(world: &World, register: usize, row: usize) -> bool {
    match REGISTERS[register].minor {
        Some(ScopePath::ViaIfAny(column, _)) => world.row(register, row).columns[column].is_null(),
        _ => false,
    }
}

fn turned_fourteen(birth: NaiveDate, today: NaiveDate) -> bool {
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
    }
}

/// True if the bounds themselves tell that whatever is within `narrow` is within `wide`.
fn implies(narrow: &[Bound], wide: &[Bound]) -> bool {
    wide.iter().all(|wide| {
        narrow.iter().any(|narrow| match (narrow, wide) {
            (Bound::Regions(narrow), Bound::Regions(wide)) => narrow
                .iter()
                .all(|inner| wide.iter().any(|outer| place::contains(*outer, *inner) && place::level(*outer) <= place::level(*inner))),
            _ => narrow == wide,
        })
    })
}
