//! From the file's words to grants checked against the catalog.

use entities::catalog::{self, Class, Kind, Register};
use entities::registers::REGISTERS;

use super::fields::FieldSet;
use super::file::{DenyFile, Findings, GrantFile, PolicyFile, Word};
use super::permit::Rights;

/// A word of the file that bounds rows, to be filled from an assignment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RowWord {
    /// The assignment's regions.
    Region,
    /// The assignment's board.
    Board,
    /// The assignment's department.
    Department,
    /// The caller's own person.
    OwnPerson,
    /// The caller's own household.
    OwnHousehold,
}

const ROW_WORDS: &[(&str, Option<RowWord>)] = &[
    ("all", None),
    ("region", Some(RowWord::Region)),
    ("board", Some(RowWord::Board)),
    ("department", Some(RowWord::Department)),
    ("own_person", Some(RowWord::OwnPerson)),
    ("own_household", Some(RowWord::OwnHousehold)),
];

/// A checked grant.
#[derive(Clone, Debug)]
pub(super) struct Grant {
    pub(super) register: &'static Register,
    pub(super) rows: Vec<RowWord>,
    pub(super) rights: Rights,
    pub(super) minors: bool,
}

/// A checked deny.
#[derive(Clone, Debug)]
pub(super) struct Deny {
    pub(super) register: &'static Register,
    pub(super) rows: Vec<RowWord>,
    pub(super) fields: FieldSet,
}

/// A checked role.
#[derive(Clone, Debug)]
pub(super) struct Role {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) grants: Vec<Grant>,
    pub(super) denies: Vec<Deny>,
}

/// Checks every word of the file; the roles are whole only if nothing was found.
pub(super) fn compile(file: &PolicyFile, findings: &mut Findings<'_>) -> Vec<Role> {
    if *file.version.get_ref() != 1 {
        findings.add(file.version.span(), format!("version {} is not known; this program reads version 1", file.version.get_ref()));
    }
    file.role
        .iter()
        .map(|(name, role)| Role {
            name: name.get_ref().clone(),
            title: role.title.clone(),
            grants: role.grant.iter().filter_map(|grant| compile_grant(grant, findings)).collect(),
            denies: role.deny.iter().filter_map(|deny| compile_deny(deny, findings)).collect(),
        })
        .collect()
}

fn compile_grant(grant: &GrantFile, findings: &mut Findings<'_>) -> Option<Grant> {
    let GrantFile { register, rows, show, filter, aggregate, minors } = grant;
    let word = register;
    let register = find_register(word, findings)?;
    let rows = compile_rows(register, word, rows, findings)?;
    let public = FieldSet::of_classes(register, &[Class::Public]);
    let show = compile_fields(register, show, findings)?.union(public);
    let filter = match filter {
        Some(words) => compile_fields(register, words, findings)?.union(public),
        None => show,
    };
    let aggregate = compile_fields(register, aggregate, findings)?.union(public);
    Some(Grant { register, rows, rights: Rights { show, filter, aggregate }, minors: *minors })
}

fn compile_deny(deny: &DenyFile, findings: &mut Findings<'_>) -> Option<Deny> {
    let DenyFile { register, rows, fields } = deny;
    let word = register;
    let register = find_register(word, findings)?;
    let rows = compile_rows(register, word, rows, findings)?;
    let public = FieldSet::of_classes(register, &[Class::Public]);
    let mut denied = FieldSet::EMPTY;
    for word in fields {
        let set = compile_field(register, word, findings)?;
        if !set.intersection(public).is_empty() {
            let text = word.get_ref();
            findings.add(word.span(), format!("\"{text}\" is public: who may see a row may see its public fields; deny the rows instead"));
        }
        denied = denied.union(set);
    }
    Some(Deny { register, rows, fields: denied })
}

fn find_register(word: &Word, findings: &mut Findings<'_>) -> Option<&'static Register> {
    let found = catalog::register(word.get_ref());
    if found.is_none() {
        findings.unknown("register", word, REGISTERS.iter().map(|register| register.name));
    }
    found
}

fn compile_rows(register: &'static Register, register_word: &Word, words: &[Word], findings: &mut Findings<'_>) -> Option<Vec<RowWord>> {
    let mut rows = Vec::new();
    let mut sound = true;
    for word in words {
        match ROW_WORDS.iter().find(|(known, _)| known == word.get_ref()) {
            None => {
                findings.unknown("row scope", word, ROW_WORDS.iter().map(|(known, _)| *known));
                sound = false;
            }
            Some((_, None)) => {}
            Some((_, Some(row_word))) if has_path(register, *row_word) => rows.push(*row_word),
            Some((_, Some(_))) => {
                findings.add(word.span(), format!("register \"{}\" has no {} to be bounded by", register.name, word.get_ref()));
                sound = false;
            }
        }
    }
    if words.is_empty() {
        findings
            .add(register_word.span(), format!("a grant on \"{}\" names no rows; write rows = [\"all\"] if all are meant", register.name));
        sound = false;
    }
    sound.then_some(rows)
}

fn has_path(register: &Register, word: RowWord) -> bool {
    match word {
        RowWord::Region => register.placing.is_some(),
        RowWord::Board => register.board.is_some(),
        RowWord::Department => register.department.is_some(),
        RowWord::OwnPerson => register.person.is_some(),
        RowWord::OwnHousehold => register.household.is_some(),
    }
}

fn compile_fields(register: &'static Register, words: &[Word], findings: &mut Findings<'_>) -> Option<FieldSet> {
    let mut set = FieldSet::EMPTY;
    let mut sound = true;
    for word in words {
        match compile_field(register, word, findings) {
            Some(fields) => set = set.union(fields),
            None => sound = false,
        }
    }
    sound.then_some(set)
}

fn compile_field(register: &'static Register, word: &Word, findings: &mut Findings<'_>) -> Option<FieldSet> {
    let text = word.get_ref().as_str();
    let found = match text.strip_prefix("class:") {
        Some(class) => Class::ALL.into_iter().find(|known| known.word() == class).map(|class| FieldSet::of_classes(register, &[class])),
        None => register.field(text).filter(|(_, field)| !matches!(field.kind, Kind::Id)).map(|(index, _)| FieldSet::one(index)),
    };
    if found.is_none() {
        let fields = register.fields.iter().skip(1).map(|field| field.name);
        findings.unknown(&format!("field of \"{}\"", register.name), word, fields.chain(CLASS_WORDS));
    }
    found
}

const CLASS_WORDS: [&str; 4] = ["class:public", "class:internal", "class:personal", "class:sensitive"];
