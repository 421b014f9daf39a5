//! What a role may do beside reading: ask for agreements, decide them, take another role in an emergency, look persons up.

use entities::catalog::Register;

use super::caller::{Assignment, Caller};
use super::compile::{Role, find_register};
use super::file::DutiesFile;
use super::finding::Findings;
use super::{ANONYMOUS, Policy};
use crate::clock::Now;

/// A kind of change that a role lets its holders ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Duty {
    /// To ask for agreements.
    Request,
    /// To decide them.
    Decide,
    /// To take another role in an emergency.
    BreakGlass,
    /// To find persons by all that is known of them.
    LookUp,
}

/// A role's duties.
#[derive(Clone, Debug, Default)]
pub(super) struct Duties {
    requests: bool,
    decides: Vec<&'static Register>,
    break_glass: Option<String>,
}

/// Checks the words; `roles` are those of the file.
pub(super) fn compile(file: &DutiesFile, role: &str, roles: &[&str], findings: &mut Findings<'_>) -> Duties {
    let DutiesFile { requests, decides, break_glass } = file;
    let mut registers = Vec::with_capacity(decides.len());
    for word in decides {
        let Some(register) = find_register(word, findings) else { continue };
        if register.placing.is_none() {
            findings.add(&word.place, format!("register \"{}\" has no region to be agreed on; leave it out of decides", register.name));
        }
        registers.push(register);
    }
    let other = break_glass.as_ref().and_then(|word| {
        let known = || roles.iter().copied().filter(|known| *known != role && *known != ANONYMOUS);
        if known().any(|known| known == word.text) {
            return Some(word.text.clone());
        }
        if word.text == role || word.text == ANONYMOUS {
            findings.add(&word.place, format!("break_glass must name another role that somebody can hold, not \"{}\"", word.text));
        } else {
            findings.unknown("role", &word.text, &word.place, known());
        }
        None
    });
    let holds_duty = *requests || !registers.is_empty() || other.is_some();
    if role == ANONYMOUS && holds_duty {
        let place = decides.first().or(break_glass.as_ref()).map_or(0..0, |word| word.place.clone());
        findings.add(
            &place,
            "everyone may neither ask for agreements, decide them nor break the glass: say it of a role that is given".to_owned(),
        );
    }
    Duties { requests: *requests, decides: registers, break_glass: other }
}

/// The duties of these roles, each once and in one order. Whether an assignment says what they are bound by is told to who tries.
pub(super) fn of_roles(held: &[(&Role, Assignment)], now: Option<Now>) -> Vec<Duty> {
    let has = |duty: &Duty| {
        held.iter().any(|(role, _)| match duty {
            Duty::Request => role.duties.requests,
            Duty::Decide => !role.duties.decides.is_empty(),
            Duty::BreakGlass => role.duties.break_glass.is_some(),
            Duty::LookUp => role.grants.iter().any(|grant| {
                let holds = !now.is_some_and(|now| grant.terms.ended(now));
                grant.register.name == "person" && !grant.terms.matching.is_empty() && holds
            }),
        })
    };
    [Duty::Request, Duty::Decide, Duty::BreakGlass, Duty::LookUp].into_iter().filter(has).collect()
}

impl Policy {
    /// The assignments of a caller whose roles may ask for agreements, each for its department.
    pub fn requesting<'c>(&'c self, caller: &'c Caller) -> impl Iterator<Item = &'c Assignment> {
        self.with_duty(caller, |duties| duties.requests)
    }

    /// The assignments of a caller whose roles decide agreements on the register.
    pub fn deciding<'c>(&'c self, caller: &'c Caller, register: &'static Register) -> impl Iterator<Item = &'c Assignment> {
        self.with_duty(caller, move |duties| duties.decides.iter().any(|known| known.name == register.name))
    }

    /// Registers that some role decides on.
    pub fn decided(&self) -> Vec<&'static Register> {
        let mut registers: Vec<&'static Register> = Vec::new();
        for register in self.roles.iter().flat_map(|role| &role.duties.decides) {
            if !registers.iter().any(|known| known.name == register.name) {
                registers.push(register);
            }
        }
        registers
    }

    /// What a caller may take in an emergency: the other role with the bounds of the assignment that allows it.
    pub fn emergency(&self, caller: &Caller) -> Vec<Assignment> {
        let other = |assignment: &Assignment| {
            let role = self.roles.iter().find(|role| role.name == assignment.role)?;
            role.duties.break_glass.clone().map(|role| Assignment { role, ..assignment.clone() })
        };
        let mut taken: Vec<Assignment> = Vec::new();
        for assignment in caller.assignments.iter().filter_map(other) {
            super::explain::add(&mut taken, assignment);
        }
        taken
    }

    /// True if a role of the policy may be taken in an emergency.
    pub fn has_emergencies(&self) -> bool {
        self.roles.iter().any(|role| role.duties.break_glass.is_some())
    }

    /// True if a grant lets anything be matched.
    pub fn has_matches(&self) -> bool {
        self.termed().iter().any(|termed| !termed.matched.is_empty())
    }

    fn with_duty<'c>(&'c self, caller: &'c Caller, has: impl Fn(&Duties) -> bool + 'c) -> impl Iterator<Item = &'c Assignment> {
        let role = |assignment: &&Assignment| self.roles.iter().find(|role| role.name == assignment.role);
        caller.assignments.iter().filter(move |assignment| role(assignment).is_some_and(|role| has(&role.duties)))
    }
}
