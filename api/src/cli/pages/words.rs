//! What the policy holds as data, in words for people who write no code.

use entities::catalog::{Register, ScopePath};
use entities::id;
use sea_orm::ActiveEnum;

use crate::policy::{Atom, Condition, ConditionSet, Cover, MenuPermit, Permit, Permits, RowWord};

/// Whether a condition is worded for everyone of a role or for one caller.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) enum Voice {
    /// "in the own regions".
    General,
    /// "in 500103000000".
    Exact,
}

/// The rows of a register in words: `case events`.
pub(in crate::cli) fn rows_of(register: &Register) -> String {
    register.table.replace('_', " ")
}

/// The rows in scope of a permit: `cases in the own regions and of the own board`; None if there are none.
pub(in crate::cli) fn scope(permit: &Permit, voice: Voice) -> Option<String> {
    let conditions: Vec<Condition> = permit.scope().cloned().collect();
    if conditions.is_empty() { None } else { Some(any_of(permit.register(), &conditions, voice)) }
}

/// The bounds of the rows in scope alone: `in the own regions and of the own board`, `all`, `none`.
pub(in crate::cli) fn bounds(permit: &Permit, voice: Voice) -> String {
    let register = permit.register();
    let bound = |condition: &Condition| if condition.is_always() { "all".to_owned() } else { all_of(register, condition, voice) };
    let conditions: Vec<String> = permit.scope().map(bound).collect();
    if conditions.is_empty() { "none".to_owned() } else { conditions.join(", or ") }
}

/// Where the aggregates of a register's menu may be asked for: `all regions`, `the own regions`, `–`.
pub(in crate::cli) fn menu(permits: &Permits, register: &Register) -> &'static str {
    match permits.menu(register).map(MenuPermit::regions) {
        None => "–",
        Some(None) => "all regions",
        Some(Some(_)) => "the own regions",
    }
}

/// The rows in scope on which a right holds: `cases of the own board`; None if it holds on all or on none of them.
pub(in crate::cli) fn some_rows(permit: &Permit, cover: Cover, voice: Voice) -> Option<String> {
    let (any, none) = beyond_scope(permit, cover)?;
    let register = permit.register();
    let rows = any_of(register, &any, voice);
    Some(if none.is_empty() { rows } else { format!("{rows}, but not {}", any_of(register, &none, voice)) })
}

/// The same as a note below a table.
pub(in crate::cli) fn note(permit: &Permit, cover: Cover) -> Option<String> {
    if let Some(labels) = unlabelled_only(permit, cover) {
        return Some(labels);
    }
    some_rows(permit, cover, Voice::General).map(|rows| format!("only {rows}"))
}

/// In words, if a right holds on all rows in scope but those that bear a label.
fn unlabelled_only(permit: &Permit, cover: Cover) -> Option<String> {
    let (any, none) = beyond_scope(permit, cover)?;
    let [only] = any.as_slice() else { return None };
    let label = |atom: &Atom| match atom {
        Atom::Adult => Some("adults only: not on rows of people under 14, or of unknown age"),
        Atom::Unprotected => Some("not on rows of protected persons"),
        Atom::Mild => Some("not on rows with a sensitive code"),
        _ => None,
    };
    let labels: Option<Vec<&str>> = only.atoms().iter().map(label).collect();
    labels.filter(|labels| none.is_empty() && !labels.is_empty()).map(|labels| labels.join("; "))
}

/// True if a right holds on all rows in scope but those of people under 14.
pub(in crate::cli) fn adults_only(permit: &Permit, cover: Cover) -> bool {
    beyond_scope(permit, cover).is_some_and(|(any, none)| none.is_empty() && any.iter().all(|condition| condition.atoms() == [Atom::Adult]))
}

/// A word of `rows` as the bound it stands for: what an assignment must say.
pub(in crate::cli) fn bound(word: RowWord) -> &'static str {
    match word {
        RowWord::Region => "a region",
        RowWord::Board => "a board",
        RowWord::Department => "a department",
        RowWord::OwnPerson | RowWord::OwnHousehold | RowWord::OwnWards | RowWord::OpenTasks => "the caller's own person",
        RowWord::OpenCase => "nothing",
        RowWord::Projects => "a service project",
        RowWord::Purpose => "one of the purposes it is for",
    }
}

/// The words of `rows` as they stand in the file.
pub(in crate::cli) fn row_words(words: &[RowWord]) -> String {
    if words.is_empty() { "all".to_owned() } else { words.iter().map(|word| word.word()).collect::<Vec<_>>().join(", ") }
}

/// What a row in scope must satisfy one of, and what none of; None if the right holds on all or on none of them.
fn beyond_scope(permit: &Permit, cover: Cover) -> Option<(Vec<Condition>, Vec<Condition>)> {
    let Cover::Where { any, none } = cover else { return None };
    let scope: Vec<&Condition> = permit.scope().collect();
    let of = |conditions: ConditionSet| -> Vec<Condition> {
        widest(&conditions.indices().map(|index| beyond(&permit.conditions()[index], &scope)).collect::<Vec<_>>())
    };
    Some((of(any), of(none)))
}

/// The condition without the bounds that all rows in scope keep anyway.
fn beyond(condition: &Condition, scope: &[&Condition]) -> Condition {
    let shared = |atom: &&Atom| scope.iter().all(|scope| scope.implies(&Condition::all(vec![(*atom).clone()])));
    Condition::all(condition.atoms().iter().filter(|atom| !shared(atom)).cloned().collect())
}

/// The conditions that no other one of them covers, each once.
fn widest(conditions: &[Condition]) -> Vec<Condition> {
    let covered = |index: usize| {
        let condition = &conditions[index];
        conditions.iter().enumerate().any(|(other, wide)| {
            let narrower = other != index && condition.implies(wide);
            narrower && (!wide.implies(condition) || other < index)
        })
    };
    (0..conditions.len()).filter(|index| !covered(*index)).map(|index| conditions[index].clone()).collect()
}

fn any_of(register: &Register, conditions: &[Condition], voice: Voice) -> String {
    let rows = rows_of(register);
    if conditions.iter().any(Condition::is_always) {
        return format!("all {rows}");
    }
    let conditions: Vec<String> = conditions.iter().map(|condition| all_of(register, condition, voice)).collect();
    format!("{rows} {}", conditions.join(", or "))
}

fn all_of(register: &Register, condition: &Condition, voice: Voice) -> String {
    let atoms: Vec<String> = condition.atoms().iter().map(|atom| in_words(register, atom, voice)).collect();
    atoms.join(" and ")
}

fn in_words(register: &Register, atom: &Atom, voice: Voice) -> String {
    match (atom, voice) {
        (Atom::Adult, _) => {
            // A row that has a birth date of its own is the person; others belong to one.
            let whose = if matches!(register.minor, Some(ScopePath::Column(_))) { "aged" } else { "of people aged" };
            format!("{whose} 14 or older (an unknown age counts as younger)")
        }
        (Atom::Unprotected, _) => "of nobody protected".to_owned(),
        (Atom::Mild, _) => "without a sensitive code".to_owned(),
        (Atom::OpenCase, _) => "of an open case".to_owned(),
        (Atom::Serving(boards), _) => {
            let boards: Vec<String> = boards.iter().map(ActiveEnum::to_value).collect();
            format!("for the board {}", boards.join(" or "))
        }
        (Atom::Stated(purposes), _) => format!("for {}", purposes.join(" or ")),
        (Atom::WardsOf(_), Voice::General) => "about the caller's wards".to_owned(),
        (Atom::OpenTasksOf(_), Voice::General) => "of the caller's open tasks".to_owned(),
        (Atom::Projects(_), Voice::General) => "of the own service projects".to_owned(),
        (Atom::WardsOf(person), Voice::Exact) => format!("about the wards of {}", id::text("person", *person)),
        (Atom::OpenTasksOf(person), Voice::Exact) => format!("of the open tasks of {}", id::text("person", *person)),
        (Atom::Projects(codes), Voice::Exact) => format!("of the service projects {}", codes.join(", ")),
        (Atom::Regions(_), Voice::General) => "in the own regions".to_owned(),
        (Atom::Board(_), Voice::General) => "of the own board".to_owned(),
        (Atom::Department(_), Voice::General) => "of the own department".to_owned(),
        (Atom::Person(_), Voice::General) => "about the caller".to_owned(),
        (Atom::HouseholdOf(_), Voice::General) => "of the caller's household".to_owned(),
        (Atom::Regions(regions), Voice::Exact) => {
            let codes: Vec<String> = regions.iter().map(ToString::to_string).collect();
            format!("in {}", codes.join(" or "))
        }
        (Atom::Board(board), Voice::Exact) => format!("of the board {}", board.to_value()),
        (Atom::Department(department), Voice::Exact) => format!("of {}", id::text("department", *department)),
        (Atom::Person(person), Voice::Exact) => format!("about {}", id::text("person", *person)),
        (Atom::HouseholdOf(person), Voice::Exact) => format!("of the household of {}", id::text("person", *person)),
    }
}
