//! What roles can derive though it is withheld from them.

use entities::catalog::{self, Class, Register};
use entities::derivations::{Conclusion, Derivation, Premise, derivations};

use super::Policy;
use super::caller::Caller;
use super::file::Word;
use super::finding::{Finding, Findings};
use super::permit::Permit;
use super::scope::Condition;
use super::{ANONYMOUS, Permits};

/// What follows from what, accepted with open eyes.
#[derive(Clone, Debug)]
pub(super) struct Accepted {
    pub(super) line: usize,
    pub(super) roles: Vec<String>,
    /// `case.description` and others.
    pub(super) shows: Vec<String>,
    /// `household.hardshipLevel`, or `anything`.
    pub(super) tells: String,
    pub(super) because: String,
}

/// The word for a conclusion that is anything at all.
const ANYTHING: &str = "anything";

/// One acceptance as the file words it.
pub(super) struct AcceptFile {
    pub(super) place: std::ops::Range<usize>,
    pub(super) roles: Vec<Word>,
    pub(super) shows: Vec<Word>,
    pub(super) tells: Word,
    pub(super) because: Word,
}

/// Something that is accepted, for the pages about a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acceptance<'p> {
    /// The roles.
    pub roles: &'p [String],
    /// What they are shown.
    pub shows: &'p [String],
    /// What follows from it.
    pub tells: &'p str,
    /// Why that is accepted.
    pub because: &'p str,
}

/// Checks the words of the acceptances.
pub(super) fn compile(accepts: &[AcceptFile], roles: &[String], findings: &mut Findings<'_>) -> Vec<Accepted> {
    for AcceptFile { roles: named, shows, tells, .. } in accepts {
        for role in named.iter().filter(|role| !roles.contains(&role.text)) {
            findings.unknown("role", &role.text, &role.place, roles.iter().map(String::as_str));
        }
        for word in shows.iter().chain([tells]).filter(|word| word.text != ANYTHING && find(&word.text).is_none()) {
            findings
                .add(&word.place, format!("\"{}\" names no field; write the register and the field, such as \"case.title\"", word.text));
        }
    }
    let accepted = accepts.iter().map(|AcceptFile { place, roles, shows, tells, because }| Accepted {
        line: findings.line(place),
        roles: roles.iter().map(|role| role.text.clone()).collect(),
        shows: shows.iter().map(|field| field.text.clone()).collect(),
        tells: tells.text.clone(),
        because: because.text.clone(),
    });
    accepted.collect()
}

fn find(name: &str) -> Option<(&'static Register, usize)> {
    let (register, field) = name.split_once('.')?;
    let register = catalog::register(register)?;
    register.field(field).map(|(index, _)| (register, index))
}

/// A field that is known to some roles together, and how.
struct Known {
    register: &'static str,
    field: &'static str,
    /// The field shown that it began with.
    first: String,
    /// The steps from what is shown, in words.
    chain: Vec<String>,
}

impl Policy {
    /// What is accepted to follow from what is shown.
    pub fn accepted(&self) -> impl Iterator<Item = Acceptance<'_>> {
        self.accepted.iter().map(|Accepted { roles, shows, tells, because, line: _ }| Acceptance { roles, shows, tells, because })
    }

    /// All that roles, alone or two together, are shown and could derive what is withheld from them; what the file accepts is
    /// left out. No derivation has premises that more than two roles would have to bring together.
    pub fn derivable(&self) -> Vec<Finding> {
        let all = derivations();
        let names: Vec<&str> = self.roles.iter().map(|role| role.name.as_str()).filter(|name| *name != ANONYMOUS).collect();
        let mut told: Vec<(Vec<&str>, Leak)> = Vec::new();
        let mut findings = Vec::new();
        let singles = names.iter().map(|name| vec![*name]);
        let pairs = names.iter().enumerate().flat_map(|(index, one)| names[index + 1..].iter().map(move |other| vec![*one, *other]));
        for roles in singles.chain(pairs) {
            let permits = self.permits(&Caller::in_general(roles.iter().map(|role| (*role).to_owned()).collect()));
            for leak in leaks(&permits, &all) {
                // What one of two roles can derive alone is told of that one.
                let same = |other: &Leak| other.shows == leak.shows && other.tells == leak.tells;
                let known = told.iter().any(|(others, other)| same(other) && others.iter().all(|other| roles.contains(other)));
                if !known && !self.accepts(&roles, &leak) {
                    let message = format!("{} {}", roles.join(" with "), leak.text);
                    findings.push(Finding { file: self.file.clone(), line: self.line_of(&roles), message });
                }
                told.push((roles.clone(), leak));
            }
        }
        findings
    }

    fn line_of(&self, roles: &[&str]) -> Option<usize> {
        self.roles.iter().find(|role| roles.contains(&role.name.as_str())).map(|role| role.line)
    }

    /// True if the file accepts it for one of the roles that bring it about.
    fn accepts(&self, roles: &[&str], leak: &Leak) -> bool {
        let of_role = |accepted: &Accepted| accepted.roles.iter().any(|role| roles.contains(&role.as_str()));
        self.accepted.iter().any(|accepted| accepted.shows.contains(&leak.shows) && accepted.tells == leak.tells && of_role(accepted))
    }

    /// Acceptances of what does not follow for any of their roles, or no longer.
    pub(super) fn idle_acceptances(&self) -> Vec<(usize, String)> {
        let all = derivations();
        let idle = |accepted: &&Accepted| {
            !accepted.roles.iter().any(|role| {
                let leaks = leaks(&self.permits_of_role(role), &all);
                leaks.iter().any(|leak| accepted.shows.contains(&leak.shows) && leak.tells == accepted.tells)
            })
        };
        let idle = self.accepted.iter().filter(idle);
        idle.map(|accepted| {
            (accepted.line, format!("{} does not tell {} to these roles; the acceptance can go", accepted.shows.join(", "), accepted.tells))
        })
        .collect()
    }
}

/// Something that is withheld and yet follows.
struct Leak {
    shows: String,
    tells: String,
    text: String,
}

fn leaks(permits: &Permits, all: &[Derivation]) -> Vec<Leak> {
    let mut known: Vec<Known> = Vec::new();
    let mut leaks: Vec<Leak> = Vec::new();
    // Each turn adds what follows from the turns before, until nothing does.
    loop {
        let before = known.len() + leaks.len();
        for derivation in all {
            let Some(ways) = ways(permits, &known, &derivation.from) else { continue };
            let chain = |told: &str| {
                let steps = ways.iter().flat_map(|way| way.chain.iter().cloned());
                steps.chain([format!("{told} follows, because {}", derivation.because)]).collect::<Vec<_>>()
            };
            let shown: Vec<String> = ways.iter().map(|way| way.shown.clone()).collect();
            let first = ways[0].first.clone();
            match derivation.to {
                Conclusion::Field(register, field) => {
                    let open = catalog::register(register).is_some_and(|target| is_open(permits, &ways, derivation, target, field));
                    if open || known.iter().any(|known| known.register == register && known.field == field) {
                        continue;
                    }
                    let told = format!("{register}.{field}");
                    let text =
                        format!("is shown {}, from which {}; but it is withheld", shown.join(" and "), chain(&told).join("; from this "));
                    leaks.push(Leak { shows: first.clone(), tells: told.clone(), text });
                    known.push(Known { register, field, first, chain: chain(&told) });
                }
                Conclusion::Anything => {
                    let withheld = withheld_of_people(permits);
                    if withheld.is_empty() || leaks.iter().any(|leak| leak.shows == first && leak.tells == ANYTHING) {
                        continue;
                    }
                    let text = format!(
                        "is shown {}, which may tell anything, because {}; but withheld are {}",
                        shown[0], derivation.because, withheld
                    );
                    leaks.push(Leak { shows: first, tells: ANYTHING.to_owned(), text });
                }
            }
        }
        if known.len() + leaks.len() == before {
            return leaks;
        }
    }
}

/// How a premise is known.
struct Way<'a> {
    /// The conditions on whose rows it is; None if it was derived.
    conditions: Option<Vec<&'a Condition>>,
    register: &'static str,
    shown: String,
    first: String,
    chain: Vec<String>,
}

/// How each of the premises is known; None if one is not.
fn ways<'a>(permits: &'a Permits, known: &[Known], from: &[Premise]) -> Option<Vec<Way<'a>>> {
    let way = |premise: &Premise| {
        let register = catalog::register(premise.register)?;
        let (field, _) = register.field(premise.field)?;
        let name = format!("{}.{}", premise.register, premise.field);
        let conditions = permits.of(register).conditions_of(field, premise.mask);
        if !conditions.is_empty() {
            return Some(Way {
                conditions: Some(conditions),
                register: premise.register,
                shown: name.clone(),
                first: name,
                chain: Vec::new(),
            });
        }
        let derived = known.iter().find(|known| known.register == premise.register && known.field == premise.field)?;
        let (shown, chain) = (derived.first.clone(), derived.chain.clone());
        Some(Way { conditions: None, register: premise.register, shown, first: derived.first.clone(), chain })
    };
    from.iter().map(way).collect()
}

/// True if what follows is shown wherever its premises are: on the same rows where it is of the same register, else on any.
fn is_open(permits: &Permits, ways: &[Way<'_>], derivation: &Derivation, target: &'static Register, field: &str) -> bool {
    let Some((index, _)) = target.field(field) else { return true };
    let shown = permits.of(target).conditions_of(index, None);
    let same = derivation.from.iter().all(|premise| premise.register == target.name);
    let Some(conditions) = ways.iter().find(|way| way.register == target.name).and_then(|way| way.conditions.as_ref()).filter(|_| same)
    else {
        return !shown.is_empty();
    };
    conditions.iter().all(|condition| shown.iter().any(|wide| condition.implies(wide)))
}

/// What of people is withheld from whoever holds these permits, in words.
fn withheld_of_people(permits: &Permits) -> String {
    let Some(person) = catalog::register("person") else { return String::new() };
    let permit: &Permit = permits.of(person);
    let fields = person.fields.iter().enumerate().filter(|(_, field)| field.class >= Class::Personal);
    let withheld: Vec<&str> =
        fields.filter(|(index, _)| permit.conditions_of(*index, None).is_empty()).map(|(_, field)| field.name).collect();
    match withheld.as_slice() {
        [] => String::new(),
        fields => format!("person.{}", fields.join(", person.")),
    }
}

#[cfg(test)]
mod tests;
