//! The policy file, read anew: nothing here knows how the program reads it.
//!
//! For a caller it says of every row whether it is visible, and of every field of it whether it may be shown, filtered
//! and aggregated. Where the contract itself is about the policy and not the data (a field may be ordered or grouped by
//! only if it is covered on all rows as far as the bounds tell), [`Access::cover`] says so from the bounds alone.

use std::collections::BTreeSet;

use civigrid::policy::{Caller, Purpose};
use entities::catalog::{Class, Register};
use entities::registers::REGISTERS;
use sea_orm::ActiveEnum;
use toml::{Table, Value as Toml};
use uuid::Uuid;

use super::bounds::{Bound, holds, implies};
use super::place;
use super::world::{World, position};

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

/// The most masks a field has.
const MASKS: usize = 2;

/// What one grant gives, or one deny takes, on the rows within all of its bounds.
struct Share {
    bounds: Vec<Bound>,
    deny: bool,
    /// Fields by right: show, filter, aggregate, then by mask, the strictest first; of a deny, each time the same.
    fields: [BTreeSet<usize>; 3 + MASKS],
}

/// What one caller may do with one row.
struct RowAccess {
    visible: bool,
    rights: [BTreeSet<usize>; 3 + MASKS],
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
        let stated = if let Purpose::Stated(purpose) = &caller.purpose { Some(purpose.clone()) } else { None };
        let bindings = caller.assignments.iter().filter(|assignment| assignment.role != "anonymous");
        for assignment in bindings {
            if let Some(role) = roles.get(&assignment.role) {
                let binding = Binding {
                    regions: assignment.regions.iter().map(|region| place::number(&region.to_string())).collect(),
                    board: assignment.board.map(|board| board.to_value()),
                    department: assignment.department,
                    projects: assignment.projects.clone(),
                    person: caller.person,
                    purpose: stated.clone(),
                };
                role_shares(role, &binding, &mut shares);
            }
        }
        if let Some(role) = roles.get("anonymous") {
            role_shares(role, &Binding { person: caller.person, purpose: stated, ..Binding::default() }, &mut shares);
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

    /// The mildest mask by which the row shows the field, as its position in the catalog's chain; None if it shows it in full or
    /// not at all.
    pub(super) fn mask(&self, register: usize, row: usize, field: usize) -> Option<usize> {
        if self.may(Right::Show, register, row, field) {
            return None;
        }
        (0..MASKS).rev().find(|rank| self.rows[register][row].rights[3 + rank].contains(&field))
    }

    /// True if the field may be shown on some row, in full or masked.
    pub(super) fn is_shown(&self, register: usize, field: usize) -> bool {
        self.cover(Right::Show, register, field) != Cover::Nowhere || self.mask_cover(register, field) != Cover::Nowhere
    }

    /// Where the field is masked rather than shown in full, as far as the bounds tell.
    pub(super) fn mask_cover(&self, register: usize, field: usize) -> Cover {
        let mut covers: Vec<Cover> = (0..MASKS).map(|rank| self.cover_of(3 + rank, register, field, None)).collect();
        if self.cover(Right::Show, register, field) == Cover::Everywhere {
            covers.clear();
        }
        if covers.contains(&Cover::Everywhere) {
            Cover::Everywhere
        } else if covers.contains(&Cover::Somewhere) {
            Cover::Somewhere
        } else {
            Cover::Nowhere
        }
    }

    /// True if no row of the register can be visible, whatever the data.
    pub(super) fn is_empty(&self, register: usize) -> bool {
        self.shares[register].iter().all(|share| share.deny)
    }

    /// Where the right holds as far as the bounds tell.
    pub(super) fn cover(&self, right: Right, register: usize, field: usize) -> Cover {
        // Statistics leave protected persons out by themselves.
        let without = if right == Right::Aggregate { Some(Bound::Unprotected) } else { None };
        self.cover_of(right as usize, register, field, without)
    }

    /// Where the field may be aggregated if protected persons were not left out of statistics.
    pub(super) fn cover_of_aggregates(&self, register: usize, field: usize) -> Cover {
        self.cover_of(Right::Aggregate as usize, register, field, None)
    }

    /// Where the right holds as far as the bounds tell, of the rows within one more.
    fn cover_of(&self, right: usize, register: usize, field: usize, without: Option<Bound>) -> Cover {
        let of = |deny: bool| -> Vec<&Share> {
            self.shares[register].iter().filter(|share| share.deny == deny && share.fields[right].contains(&field)).collect()
        };
        let (giving, taking) = (of(false), of(true));
        let given: Vec<Bound> = without.into_iter().filter(|_| taking.is_empty()).collect();
        let everywhere = |shares: &[&Share]| {
            let mut scopes = self.shares[register].iter().filter(|share| !share.deny);
            scopes.all(|scope| shares.iter().any(|wide| implies(&[scope.bounds.clone(), given.clone()].concat(), &wide.bounds)))
        };
        if giving.is_empty() || (!taking.is_empty() && everywhere(&taking)) {
            Cover::Nowhere
        } else if taking.is_empty() && everywhere(&giving) {
            Cover::Everywhere
        } else {
            Cover::Somewhere
        }
    }

    /// True if on the rows on which one right to a field is given the other is given too, as far as the bounds tell.
    pub(super) fn gives_where(&self, right: Right, other: Right, register: usize, field: usize) -> bool {
        let giving = |right: Right| {
            self.shares[register]
                .iter()
                .filter(move |share| !share.deny && share.fields[right as usize].contains(&field))
                .map(|share| &share.bounds)
        };
        giving(right).all(|bounds| giving(other).any(|wide| implies(bounds, wide)))
    }

    /// True if each of the caller's scopes lies in the one same district, or belongs to one person or household.
    pub(super) fn stays_in_a_district(&self, register: usize) -> bool {
        let mut districts = BTreeSet::new();
        for share in self.shares[register].iter().filter(|share| !share.deny) {
            if share.bounds.iter().any(|bound| matches!(bound, Bound::Person(_) | Bound::HouseholdOf(_) | Bound::WardsOf(_))) {
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
    projects: Vec<String>,
    person: Option<Uuid>,
    purpose: Option<String>,
}

fn role_shares(role: &Toml, binding: &Binding, shares: &mut [Vec<Share>]) {
    for (word, deny) in [("grant", false), ("deny", true)] {
        for entry in role.get(word).and_then(Toml::as_array).into_iter().flatten() {
            let register = position(entry["register"].as_str().expect("a register's name"));
            let Some(bounds) = bounds(&entry["rows"], binding) else { continue };
            if deny {
                let fields = fields_of(REGISTERS[register], entry.get("fields"));
                shares[register].push(Share { bounds, deny: true, fields: std::array::from_fn(|_| fields.clone()) });
            } else {
                let purposes: Vec<&str> = list(entry.get("purposes"));
                let boards: Vec<&str> = list(entry.get("boards"));
                if !boards.is_empty() && !binding.board.as_ref().is_some_and(|board| boards.contains(&board.as_str())) {
                    continue;
                }
                if purposes.is_empty() || binding.purpose.as_ref().is_some_and(|stated| purposes.contains(&stated.as_str())) {
                    grant(entry, register, &bounds, shares);
                }
            }
        }
    }
}

fn grant(entry: &Toml, register: usize, bounds: &[Bound], shares: &mut [Vec<Share>]) {
    let catalog = REGISTERS[register];
    let with_public = |mut fields: BTreeSet<usize>| {
        fields.extend((0..catalog.fields.len()).filter(|index| catalog.fields[*index].class == Class::Public));
        fields
    };
    let show = with_public(fields_of(catalog, entry.get("show")));
    let filter = entry.get("filter").map_or_else(|| show.clone(), |words| with_public(fields_of(catalog, Some(words))));
    let aggregate = with_public(fields_of(catalog, entry.get("aggregate")));
    let masked = |rank: usize| -> BTreeSet<usize> {
        let words = list(entry.get("mask"));
        let named = |field: &usize| {
            let catalog = &catalog.fields[*field];
            catalog.masks.get(rank).is_some_and(|mask| words.contains(&format!("{}:{}", catalog.name, mask.word()).as_str()))
        };
        (0..catalog.fields.len()).filter(named).collect()
    };
    let all: [BTreeSet<usize>; 3 + MASKS] = [show, filter, aggregate, masked(0), masked(1)];
    let says = |key: &str| entry.get(key).and_then(Toml::as_bool).unwrap_or(false);
    let strict = |field: usize| matches!(catalog.fields[field].class, Class::Personal | Class::Sensitive);
    // What a row must not be for the grant to give the field there.
    let labels = |field: usize| {
        let labels = [
            (catalog.minor.is_some() && strict(field) && !says("minors"), Bound::Adult),
            (catalog.protection.is_some() && catalog.fields[field].locates && !says("protected"), Bound::Unprotected),
            (catalog.sensitive_codes.is_some() && strict(field) && !says("sensitive_codes"), Bound::Mild),
        ];
        labels.into_iter().filter(|(holds, _)| *holds).map(|(_, bound)| bound).collect::<Vec<_>>()
    };
    let mut kinds: Vec<Vec<Bound>> = vec![Vec::new()];
    for field in all.iter().flatten() {
        if !kinds.contains(&labels(*field)) {
            kinds.push(labels(*field));
        }
    }
    for kind in kinds {
        let fields = all.clone().map(|fields| fields.into_iter().filter(|field| labels(*field) == kind).collect());
        shares[register].push(Share { bounds: [bounds, &kind].concat(), deny: false, fields });
    }
}

/// The words of a list.
fn list(words: Option<&Toml>) -> Vec<&str> {
    words.and_then(Toml::as_array).into_iter().flatten().filter_map(Toml::as_str).collect()
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
            "own_wards" => binding.person.map(Bound::WardsOf),
            "open_tasks" => binding.person.map(Bound::OpenTasksOf),
            "open_case" => Some(Bound::OpenCase),
            "projects" => (!binding.projects.is_empty()).then(|| Bound::Projects(binding.projects.clone())),
            word => unreachable!("no such word: {word}"),
        })
        .collect()
}

fn fields_of(register: &Register, words: Option<&Toml>) -> BTreeSet<usize> {
    let words = list(words);
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
