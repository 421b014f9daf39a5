//! From the file's words to grants checked against the catalog.

use entities::catalog::{self, Class, Kind, Register};
use entities::codes::{BOARD, Board};
use entities::mask::Mask;
use entities::menus::{MENUS, Menu};
use entities::registers::REGISTERS;

use super::duties::{self, Duties};
use super::fields::FieldSet;
use super::file::{DenyFile, GrantFile, MenuFile, RoleFile, Word};
use super::finding::Findings;
use super::masks;
use super::permit::{Right, Rights};
use super::row_word::RowWord;
use super::terms::{self, Terms};

/// Something that an answer may be for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Purpose {
    /// What a caller states.
    pub code: String,
    /// What it means, in words.
    pub title: String,
}

/// The word that bounds nothing.
const ALL: &str = "all";

/// A word of a list of fields, and what it stands for.
#[derive(Clone, Debug)]
pub(super) struct Given {
    pub(super) word: String,
    pub(super) line: usize,
    pub(super) fields: FieldSet,
}

/// A word of the list of masks, and what it stands for.
#[derive(Clone, Debug)]
pub(super) struct GivenMask {
    pub(super) word: String,
    pub(super) line: usize,
    pub(super) field: usize,
    pub(super) mask: Mask,
}

/// A checked grant.
#[derive(Clone, Debug)]
pub(super) struct Grant {
    pub(super) line: usize,
    pub(super) register: &'static Register,
    pub(super) rows: Vec<RowWord>,
    pub(super) rights: Rights,
    /// True if it holds on rows of people under 14 too.
    pub(super) minors: bool,
    pub(super) terms: Terms,
    /// True if it gives the whereabouts of protected persons too.
    pub(super) protected: bool,
    /// True if it holds on rows whose code makes them sensitive too.
    pub(super) sensitive_codes: bool,
    /// What the answer must be for, one of these; anything if empty.
    pub(super) purposes: Vec<String>,
    /// The boards of which the assignment must name one; any, or none, if empty.
    pub(super) boards: Vec<Board>,
    /// The words that mask a field.
    pub(super) mask: Vec<GivenMask>,
    show: Vec<Given>,
    /// None if what is shown may be filtered by.
    filter: Option<Vec<Given>>,
    aggregate: Vec<Given>,
    duplicates: Vec<Given>,
}

impl Grant {
    /// The words that give a right. Public fields come without one.
    pub(super) fn words(&self, right: Right) -> &[Given] {
        match right {
            Right::Show => &self.show,
            Right::Filter => self.filter.as_deref().unwrap_or(&self.show),
            Right::Aggregate => &self.aggregate,
            Right::Duplicates => &self.duplicates,
        }
    }

    /// True if the right to filter follows from what is shown.
    pub(super) fn filters_what_it_shows(&self) -> bool {
        self.filter.is_none()
    }

    /// True if it lets persons be looked up by what is known of them, and gives nothing of its rows.
    pub(super) fn only_matches(&self) -> bool {
        let words = [&self.show, &self.aggregate].into_iter().chain(&self.filter);
        let gives = words.into_iter().any(|words| !words.is_empty()) || !self.mask.is_empty() || !self.rights.duplicates.is_empty();
        !self.terms.matching.is_empty() && !gives
    }
}

/// A checked deny.
#[derive(Clone, Debug)]
pub(super) struct Deny {
    pub(super) line: usize,
    pub(super) register: &'static Register,
    pub(super) rows: Vec<RowWord>,
    pub(super) fields: FieldSet,
    pub(super) words: Vec<Given>,
}

/// A checked right to the aggregates of a register's menu.
#[derive(Clone, Debug)]
pub(super) struct MenuGrant {
    pub(super) line: usize,
    pub(super) menu: &'static Menu,
    /// Nothing, or the assignment's regions.
    pub(super) rows: Vec<RowWord>,
}

/// A checked role.
#[derive(Clone, Debug)]
pub(super) struct Role {
    pub(super) line: usize,
    pub(super) name: String,
    pub(super) title: String,
    pub(super) grants: Vec<Grant>,
    pub(super) denies: Vec<Deny>,
    pub(super) duties: Duties,
    pub(super) menus: Vec<MenuGrant>,
}

/// Checks every word of the file; the roles are whole only if nothing was found.
pub(super) fn compile(roles: &[RoleFile], purposes: &[Purpose], findings: &mut Findings<'_>) -> Vec<Role> {
    let names: Vec<&str> = roles.iter().map(|role| role.name.text.as_str()).collect();
    roles
        .iter()
        .map(|role| Role {
            line: findings.line(&role.name.place),
            name: role.name.text.clone(),
            title: role.title.clone(),
            grants: role.grants.iter().filter_map(|grant| compile_grant(grant, purposes, findings)).collect(),
            denies: role.denies.iter().filter_map(|deny| compile_deny(deny, findings)).collect(),
            duties: duties::compile(&role.duties, &role.name.text, &names, findings),
            menus: role.menus.iter().filter_map(|menu| compile_menu(menu, findings)).collect(),
        })
        .collect()
}

/// Fields of a register that no role is meant to see.
#[derive(Clone, Debug)]
pub(super) struct Unseen {
    pub(super) register: &'static Register,
    pub(super) words: Vec<Given>,
}

/// Checks the words for what no role is meant to see.
pub(super) fn compile_unseen(unseen: &[(Word, Vec<Word>)], findings: &mut Findings<'_>) -> Vec<Unseen> {
    let checked = |(register, words): &(Word, Vec<Word>)| {
        let register = find_register(register, findings)?;
        Some(Unseen { register, words: compile_words(register, words, findings) })
    };
    unseen.iter().filter_map(checked).collect()
}

fn compile_grant(grant: &GrantFile, purposes: &[Purpose], findings: &mut Findings<'_>) -> Option<Grant> {
    let GrantFile {
        place,
        register,
        rows,
        show,
        filter,
        aggregate,
        duplicates,
        mask,
        minors,
        protected,
        sensitive_codes,
        purposes: needed,
        boards,
        terms,
    } = grant;
    let register = find_register(register, findings)?;
    let rows = compile_rows(register, rows, findings);
    let show = compile_words(register, show, findings);
    let filter = filter.as_ref().map(|words| compile_words(register, words, findings));
    let aggregate = compile_words(register, aggregate, findings);
    let terms = terms::compile(register, terms, findings);
    let mask = masks::compile(register, mask, findings);
    let duplicates = compile_duplicates(register, duplicates, findings);
    let public = FieldSet::of_classes(register, &[Class::Public]);
    let rights = Rights {
        show: fields_of(&show).union(public),
        filter: fields_of(filter.as_ref().unwrap_or(&show)).union(public),
        aggregate: fields_of(&aggregate).union(public),
        duplicates: fields_of(&duplicates),
        masked: masks::by_rank(register, &mask),
    };
    for Word { text, place } in needed {
        if !purposes.iter().any(|known| known.code == *text) {
            findings.unknown("purpose", text, place, purposes.iter().map(|known| known.code.as_str()));
        }
    }
    let find = |word: &Word| Board::named(&word.text);
    for Word { text, place } in boards.iter().filter(|word| find(word).is_none()) {
        findings.unknown("board", text, place, BOARD.codes.iter().map(|code| code.value));
    }
    Some(Grant {
        line: findings.line(place),
        register,
        rows: rows?,
        rights,
        minors: *minors,
        terms,
        protected: *protected,
        sensitive_codes: *sensitive_codes,
        purposes: needed.iter().map(|word| word.text.clone()).collect(),
        boards: boards.iter().filter_map(find).collect(),
        mask,
        show,
        filter,
        aggregate,
        duplicates,
    })
}

/// The words for fields that can be searched for values on several rows: others are wrong here.
fn compile_duplicates(register: &'static Register, words: &[Word], findings: &mut Findings<'_>) -> Vec<Given> {
    let known: Vec<&str> = register.duplicated().map(|field| field.name).collect();
    for Word { text, place } in words.iter().filter(|word| !known.contains(&word.text.as_str())) {
        if known.is_empty() {
            findings.add(place, format!("register \"{}\" has no search for duplicates; leave the word out", register.name));
        } else {
            findings.unknown(&format!("field of \"{}\" to search for duplicates", register.name), text, place, known.iter().copied());
        }
    }
    let words: Vec<Word> = words.iter().filter(|word| known.contains(&word.text.as_str())).cloned().collect();
    compile_words(register, &words, findings)
}

fn compile_deny(deny: &DenyFile, findings: &mut Findings<'_>) -> Option<Deny> {
    let DenyFile { place, register, rows, fields } = deny;
    let register = find_register(register, findings)?;
    let rows = compile_rows(register, rows, findings);
    let public = FieldSet::of_classes(register, &[Class::Public]);
    let words = compile_words(register, fields, findings);
    for word in fields {
        let names_public = words.iter().any(|given| given.word == word.text && !given.fields.intersection(public).is_empty());
        if names_public {
            let text = &word.text;
            findings.add(&word.place, format!("\"{text}\" is public: who may see a row may see its public fields; deny the rows instead"));
        }
    }
    Some(Deny { line: findings.line(place), register, rows: rows?, fields: fields_of(&words), words })
}

fn compile_menu(menu: &MenuFile, findings: &mut Findings<'_>) -> Option<MenuGrant> {
    let MenuFile { place, register, rows } = menu;
    let found = find_register(register, findings)?;
    let Some(menu) = found.menu() else {
        let known: Vec<&str> = MENUS.iter().map(|menu| menu.register).collect();
        let message = format!("register \"{}\" has no aggregate menu; those with one are {}", found.name, known.join(", "));
        findings.add(&register.place, message);
        return None;
    };
    let bounds = compile_rows(found, rows, findings)?;
    for word in rows.iter().filter(|word| word.text != ALL && word.text != RowWord::Region.word()) {
        let message = format!("a menu counts all rows of a region, so it cannot be bounded by \"{}\"; possible are all, region", word.text);
        findings.add(&word.place, message);
    }
    Some(MenuGrant { line: findings.line(place), menu, rows: bounds })
}

pub(super) fn find_register(word: &Word, findings: &mut Findings<'_>) -> Option<&'static Register> {
    let found = catalog::register(&word.text);
    if found.is_none() {
        findings.unknown("register", &word.text, &word.place, REGISTERS.iter().map(|register| register.name));
    }
    found
}

fn compile_rows(register: &'static Register, words: &[Word], findings: &mut Findings<'_>) -> Option<Vec<RowWord>> {
    let mut rows = Vec::new();
    let mut sound = true;
    for Word { text, place } in words {
        match RowWord::BOUNDS.into_iter().find(|known| known.word() == text) {
            None if text == ALL && words.len() == 1 => {}
            None if text == ALL => {
                findings.add(place, "\"all\" bounds nothing, so it cannot stand beside other words; leave one or the other out".to_owned());
                sound = false;
            }
            None => {
                let known = std::iter::once(ALL).chain(RowWord::BOUNDS.map(RowWord::word));
                findings.unknown("row scope", text, place, known);
                sound = false;
            }
            Some(word) if word.fits(register) => rows.push(word),
            Some(_) => {
                findings.add(place, format!("register \"{}\" has no {text} to be bounded by; {}", register.name, possible(register)));
                sound = false;
            }
        }
    }
    sound.then_some(rows)
}

fn possible(register: &Register) -> String {
    let words: Vec<&str> = RowWord::BOUNDS.into_iter().filter(|word| word.fits(register)).map(RowWord::word).collect();
    if words.is_empty() { "only all is possible".to_owned() } else { format!("possible are all, {}", words.join(", ")) }
}

pub(super) fn compile_words(register: &'static Register, words: &[Word], findings: &mut Findings<'_>) -> Vec<Given> {
    let mut given = Vec::with_capacity(words.len());
    for Word { text, place } in words {
        match find_fields(register, text) {
            Some(fields) => given.push(Given { word: text.clone(), line: findings.line(place), fields }),
            None if text.starts_with(CLASS) => findings.unknown("class", text, place, CLASS_WORDS),
            None if register.fields.first().is_some_and(|id| id.name == text) => {
                findings.add(place, format!("\"{text}\" is the row's key: who may see a row may see it; leave the word out"));
            }
            None => {
                let fields = register.fields.iter().skip(1).map(|field| field.name);
                findings.unknown(&format!("field of \"{}\"", register.name), text, place, fields.chain(CLASS_WORDS));
            }
        }
    }
    given
}

fn find_fields(register: &'static Register, word: &str) -> Option<FieldSet> {
    match word.strip_prefix(CLASS) {
        Some(class) => Class::ALL.into_iter().find(|known| known.word() == class).map(|class| FieldSet::of_classes(register, &[class])),
        None => register.field(word).filter(|(_, field)| !matches!(field.kind, Kind::Id)).map(|(index, _)| FieldSet::one(index)),
    }
}

pub(super) fn fields_of(words: &[Given]) -> FieldSet {
    words.iter().fold(FieldSet::EMPTY, |set, given| set.union(given.fields))
}

/// What stands before the name of a class.
pub(super) const CLASS: &str = "class:";
const CLASS_WORDS: [&str; 4] = ["class:public", "class:internal", "class:personal", "class:sensitive"];
