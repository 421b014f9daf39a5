//! What can be used and yet may not be meant: a policy that works is not always the one that was thought of.

use entities::catalog::{Class, Field, Register};
use entities::registers::REGISTERS;

use super::caller::{Assignment, Caller};
use super::compile::{CLASS, Given, Grant, MenuGrant, Role, Unseen, fields_of};
use super::explain::add;
use super::fields::FieldSet;
use super::finding::Finding;
use super::permit::{Right, Shown};
use super::row_word::RowWord;
use super::shares;
use super::{Permits, Policy};

/// What an assignment does not say, so that no grant which asks for a region, a board or a department gives a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lacking {
    /// How many grants give nothing.
    pub idle: usize,
    /// How many grants the role has.
    pub grants: usize,
    /// The least that would have to be said, in one way or another.
    pub words: Vec<Vec<RowWord>>,
}

impl Policy {
    /// What an assignment lacks to be of use; nothing if any grant that is bounded by what it says gives rows.
    pub fn lacking(&self, assignment: &Assignment) -> Option<Lacking> {
        let role = self.roles.iter().find(|role| role.name == assignment.role)?;
        // Whose own rows are meant is nothing that an assignment has to say.
        let holder = Caller::in_general(Vec::new());
        let asks = |word: &RowWord| matches!(word, RowWord::Region | RowWord::Board | RowWord::Department | RowWord::Projects);
        let bounded: Vec<&Grant> = role.grants.iter().filter(|grant| grant.rows.iter().any(asks)).collect();
        let missing = bounded.iter().map(|grant| shares::of_grant(grant, &holder, assignment).err()).collect::<Option<Vec<_>>>()?;
        let least =
            |words: &Vec<RowWord>| !missing.iter().any(|other| other.len() < words.len() && other.iter().all(|word| words.contains(word)));
        let mut words: Vec<Vec<RowWord>> = Vec::new();
        missing.iter().filter(|words| least(words)).for_each(|least| add(&mut words, least.clone()));
        (!words.is_empty()).then_some(Lacking { idle: bounded.len(), grants: role.grants.len(), words })
    }

    /// Registers without a grant, fields that no role sees though nothing says that it is meant so, or that a role sees though
    /// something does, roles without a grant, grants that stand twice, and words of grants
    /// that change nothing; in the order of the file, what concerns it as a whole first.
    pub fn review(&self) -> Vec<Finding> {
        let permits: Vec<Permits> = self.roles.iter().map(|role| self.permits_of_role(&role.name)).collect();
        let mut remarks: Vec<(Option<usize>, String)> = self.unseen(&permits).into_iter().map(|message| (None, message)).collect();
        remarks.extend(self.unseen.iter().flat_map(|unseen| seen(unseen, &permits)).map(|(line, message)| (Some(line), message)));
        remarks.extend(self.idle_acceptances().into_iter().map(|(line, message)| (Some(line), message)));
        for role in &self.roles {
            if role.grants.is_empty() && role.menus.is_empty() {
                remarks.push((Some(role.line), format!("role \"{}\" has no grant: it sees no more than everyone", role.name)));
            }
            remarks.extend(repeated(role).into_iter().map(|(line, message)| (Some(line), message)));
            remarks.extend(idle_words(role).into_iter().map(|(line, message)| (Some(line), message)));
        }
        remarks.sort_by_key(|(line, _)| *line);
        remarks.into_iter().map(|(line, message)| Finding { file: self.file.clone(), line, message }).collect()
    }

    fn unseen(&self, permits: &[Permits]) -> Vec<String> {
        let remark = |register: &&'static Register| {
            if permits.iter().all(|permits| permits.of(register).is_empty()) {
                return Some(format!("register \"{}\" has no grant: no role sees a row of it", register.name));
            }
            let meant = self.unseen.iter().filter(|unseen| unseen.register.name == register.name);
            let meant = meant.fold(FieldSet::EMPTY, |set, unseen| set.union(fields_of(&unseen.words)));
            let unseen = |index: usize| !meant.contains(index) && !is_seen(permits, register, index);
            let fields = register.fields.iter().enumerate().filter(|(index, _)| unseen(*index));
            let fields: Vec<&str> = fields.map(|(_, field)| field.name).collect();
            (!fields.is_empty()).then(|| format!("no role sees these fields of \"{}\": {}", register.name, fields.join(", ")))
        };
        REGISTERS.iter().filter_map(remark).collect()
    }
}

/// True if a role sees the field on some rows.
fn is_seen(permits: &[Permits], register: &Register, field: usize) -> bool {
    permits.iter().any(|permits| permits.of(register).shown(field) != Shown::Nowhere)
}

/// Fields that no role is meant to see, and yet one does.
fn seen(unseen: &Unseen, permits: &[Permits]) -> Vec<(usize, String)> {
    let Unseen { register, words } = unseen;
    let named = |given: &Given| {
        let fields = given.fields.indices().filter(|index| is_seen(permits, register, *index)).map(|index| register.fields[index].name);
        let fields: Vec<&str> = fields.collect();
        let message = || format!("[unseen] names these fields of \"{}\", but a role sees them: {}", register.name, fields.join(", "));
        (!fields.is_empty()).then(|| (given.line, message()))
    };
    words.iter().filter_map(named).collect()
}

/// Grants that give what another one above them gives on the same rows.
fn repeated(role: &Role) -> Vec<(usize, String)> {
    let again = |(index, grant): (usize, &Grant)| {
        let first = role.grants[..index].iter().find(|first| same(first, grant))?;
        Some((grant.line, format!("this grant gives the same as that of line {}; one of them can go", first.line)))
    };
    role.grants.iter().enumerate().filter_map(again).collect()
}

/// True if two grants give the same, however they are worded.
fn same(one: &Grant, other: &Grant) -> bool {
    let rows = one.rows.len() == other.rows.len() && one.rows.iter().all(|word| other.rows.contains(word));
    let same_terms = one.terms == other.terms && one.purposes == other.purposes && one.boards == other.boards;
    rows && one.register.name == other.register.name && one.rights == other.rights && labels(one) == labels(other) && same_terms
}

/// Labels of rows on which a grant holds too.
fn labels(grant: &Grant) -> [bool; 3] {
    [grant.minors, grant.protected, grant.sensitive_codes]
}

/// Labels that a grant names though no row of its register can bear them.
fn idle_labels(grant: &Grant) -> Vec<(usize, String)> {
    let register = grant.register;
    let idle =
        |what: &str, key: &str| (grant.line, format!("the rows of \"{}\" have no {what}, so {key} = true changes nothing", register.name));
    let labels = [
        (grant.minors && register.minor.is_none(), "age", "minors"),
        (grant.protected && register.protection.is_none(), "whereabouts to protect", "protected"),
        (grant.sensitive_codes && register.sensitive_codes.is_none(), "sensitive codes", "sensitive_codes"),
    ];
    labels.into_iter().filter(|(holds, ..)| *holds).map(|(_, what, key)| idle(what, key)).collect()
}

/// Masks of fields that the same grant shows in full.
fn idle_masks(grant: &Grant) -> Vec<(usize, String)> {
    let shown = grant.mask.iter().filter(|given| grant.rights.show.contains(given.field));
    shown.map(|given| (given.line, format!("\"{}\" in mask changes nothing: the grant shows the field in full", given.word))).collect()
}

fn idle_words(role: &Role) -> Vec<(usize, String)> {
    let mut idle = Vec::new();
    for (index, menu) in role.menus.iter().enumerate() {
        let covers = |other: &MenuGrant| other.menu.register == menu.menu.register && (other.rows.is_empty() || other.rows == menu.rows);
        if let Some(first) = role.menus[..index].iter().find(|other| covers(other)) {
            idle.push((menu.line, format!("this menu gives nothing that of line {} does not give; one of them can go", first.line)));
        }
    }
    for grant in &role.grants {
        idle.extend(idle_labels(grant));
        idle.extend(idle_masks(grant));
        idle.extend(idle_in(grant, Right::Show, "show"));
        if !grant.filters_what_it_shows() {
            idle.extend(idle_in(grant, Right::Filter, "filter"));
        }
        idle.extend(idle_in(grant, Right::Aggregate, "aggregate"));
        idle.extend(idle_in(grant, Right::Duplicates, "duplicates"));
    }
    for deny in &role.denies {
        idle.extend(given_twice(&deny.words, deny.register, "fields"));
    }
    idle
}

fn idle_in(grant: &Grant, right: Right, key: &str) -> Vec<(usize, String)> {
    let words = grant.words(right);
    let mut idle = given_twice(words, grant.register, key);
    for (given, field) in named_fields(words, grant.register) {
        let word = &given.word;
        if field.class == Class::Public {
            idle.push((given.line, format!("\"{word}\" in {key} is public: it comes with every row of a grant")));
        }
        if !right.applies_to(field) {
            let what = if right == Right::Filter { "filtered or ordered by" } else { "grouped by or measured" };
            idle.push((given.line, format!("\"{word}\" in {key} cannot be {what}, whoever asks")));
        }
    }
    idle
}

/// Words that name a field which a class beside them gives already.
fn given_twice(words: &[Given], register: &'static Register, key: &str) -> Vec<(usize, String)> {
    let class_of = |field: &Field| format!("{CLASS}{}", field.class.word());
    named_fields(words, register)
        .filter(|(_, field)| words.iter().any(|other| other.word == class_of(field)))
        .map(|(given, field)| (given.line, format!("\"{}\" in {key} is given already by \"{}\"", given.word, class_of(field))))
        .collect()
}

/// The words that are names of fields, with the field.
fn named_fields<'g>(words: &'g [Given], register: &'static Register) -> impl Iterator<Item = (&'g Given, &'static Field)> {
    words.iter().filter_map(|given| register.field(&given.word).map(|(_, field)| (given, field)))
}
