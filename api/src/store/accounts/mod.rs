//! Role assignments and revocations: what servers know of them, and how administrators change them.
//!
//! Every change raises the edition in its own transaction. Servers keep a copy in memory ([`Watch`], [`Accounts`]), so
//! that a request costs no statement; ends act by comparing with the request's instant.

mod change;
mod grant;
mod list;
mod revoke;
mod watch;
mod words;

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use entities::codes::Board;
use entities::{account_revocation, role_assignment};
use uuid::Uuid;

use super::clients::Clients;
use crate::policy::{Account, Agreement, Agreements, Assignment};
use crate::store::emergencies::{Emergency, Held as HeldInEmergency};

pub use change::{ChangeError, Deed};
pub use grant::{Ended, Grant, end, grant};
pub use list::{Wanted, assignments, revocations};
pub use revoke::{Revoked, lift, revoke};
pub use watch::Watch;

pub(super) use change::{Noted, check_length, instant, maybe_instant, new_id, note_change, raise_edition};
pub(super) use words::{department, unknown};

/// All assignments and revocations that hold now or will, at one edition.
#[derive(Debug, Default)]
pub struct Accounts {
    assigned: HashMap<Account, Vec<Assigned>>,
    /// By issuer, then by subject: until when.
    accounts: HashMap<String, HashMap<String, Ends>>,
    /// By issuer, then by token.
    tokens: HashMap<String, HashMap<String, Ends>>,
    emergencies: HashMap<Account, Vec<Emergency>>,
    agreements: Agreements,
    clients: Clients,
}

/// The first instant at which something no longer holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Ends(DateTime<Utc>);

#[derive(Debug)]
struct Assigned {
    from: DateTime<Utc>,
    to: Ends,
    role: String,
    region: Option<entities::region_code::RegionCode>,
    board: Option<Board>,
    department: Option<Uuid>,
    project: Option<String>,
    person: Option<Uuid>,
}

/// What an account may act as at one instant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Held {
    /// The assignments.
    pub assignments: Vec<Assignment>,
    /// The holder's row of the person register, where all assignments that name one name the same.
    pub person: Option<Uuid>,
    /// When an assignment begins or ends next.
    pub until: Option<DateTime<Utc>>,
}

impl Ends {
    fn of(at: Option<DateTime<Utc>>) -> Self {
        Self(at.unwrap_or(DateTime::<Utc>::MAX_UTC))
    }

    fn passed(self, now: DateTime<Utc>) -> bool {
        self.0 <= now
    }
}

impl Accounts {
    /// What these rows say.
    pub fn of(
        assignments: impl IntoIterator<Item = role_assignment::Model>,
        revocations: impl IntoIterator<Item = account_revocation::Model>,
    ) -> Self {
        let mut accounts = Self::default();
        assignments.into_iter().for_each(|row| accounts.add_assignment(row));
        revocations.into_iter().for_each(|row| accounts.add_revocation(row));
        accounts
    }

    /// The same, with emergency accesses and agreements.
    pub(super) fn with(mut self, emergencies: Vec<(Account, Emergency)>, agreements: Vec<Agreement>) -> Self {
        for (account, emergency) in emergencies {
            self.emergencies.entry(account).or_default().push(emergency);
        }
        self.agreements = Agreements::of(agreements);
        self
    }

    /// The agreements between departments that hold now or will.
    pub fn agreements(&self) -> &Agreements {
        &self.agreements
    }

    /// What an account has taken in an emergency.
    pub fn emergency(&self, account: &Account, now: DateTime<Utc>) -> HeldInEmergency {
        HeldInEmergency::of(self.emergencies.get(account).map(Vec::as_slice).unwrap_or_default(), now)
    }

    /// The same, with what is known of clients.
    pub fn with_clients(self, clients: Clients) -> Self {
        Self { clients, ..self }
    }

    /// What is known of clients.
    pub fn clients(&self) -> &Clients {
        &self.clients
    }

    fn add_assignment(&mut self, row: role_assignment::Model) {
        let account = Account { issuer: row.issuer, subject: row.subject };
        self.assigned.entry(account).or_default().push(Assigned {
            from: row.from_at,
            to: Ends::of(row.to_at),
            role: row.role,
            region: row.region_code,
            board: row.board,
            department: row.department_id.map(|id| id.uuid()),
            project: row.project_code,
            person: row.person_id.map(|id| id.uuid()),
        });
    }

    fn add_revocation(&mut self, row: account_revocation::Model) {
        let (place, name, ends) = match (row.subject, row.token) {
            (Some(subject), _) => (&mut self.accounts, subject, Ends::of(row.to_at)),
            (None, Some(token)) => (&mut self.tokens, token, Ends::of(row.to_at)),
            (None, None) => return,
        };
        let longest = place.entry(row.issuer).or_default().entry(name).or_insert(ends);
        *longest = ends.max(*longest);
    }

    /// What an account may act as.
    pub fn held(&self, account: &Account, now: DateTime<Utc>) -> Held {
        let all = self.assigned.get(account).map(Vec::as_slice).unwrap_or_default();
        let holds = |one: &&Assigned| one.from <= now && !one.to.passed(now);
        let active: Vec<&Assigned> = all.iter().filter(holds).collect();
        let persons: BTreeSet<Uuid> = active.iter().filter_map(|one| one.person).collect();
        let changes = all.iter().flat_map(|one| [one.from, one.to.0]).filter(|at| *at > now && *at < DateTime::<Utc>::MAX_UTC);
        Held { assignments: united(&active), person: persons.first().copied().filter(|_| persons.len() == 1), until: changes.min() }
    }

    /// True if all tokens of the account are refused.
    pub fn is_revoked(&self, account: &Account, now: DateTime<Utc>) -> bool {
        let ends = self.accounts.get(&account.issuer).and_then(|subjects| subjects.get(&account.subject));
        ends.is_some_and(|ends| !ends.passed(now))
    }

    /// True if the issuer's token of this name (claim `jti`) is refused.
    pub fn token_is_revoked(&self, issuer: &str, token: &str, now: DateTime<Utc>) -> bool {
        let ends = self.tokens.get(issuer).and_then(|tokens| tokens.get(token));
        ends.is_some_and(|ends| !ends.passed(now))
    }
}

/// Rows as assignments: those that differ in their region alone become one with several regions, which gives the same and
/// keeps the number of conditions small; likewise with projects.
fn united(active: &[&Assigned]) -> Vec<Assignment> {
    let mut united: Vec<Assignment> = Vec::new();
    for one in active {
        let Assigned { from: _, to: _, role, region, board, department, project, person: _ } = one;
        let next = Assignment {
            role: role.clone(),
            regions: region.iter().copied().collect(),
            board: *board,
            department: *department,
            projects: project.iter().cloned().collect(),
        };
        add(&mut united, next, |a, b| a.regions == b.regions && !a.projects.is_empty() && !b.projects.is_empty());
    }
    let mut wider: Vec<Assignment> = Vec::new();
    for one in united {
        add(&mut wider, one, |a, b| a.projects == b.projects && !a.regions.is_empty() && !b.regions.is_empty());
    }
    wider
}

/// Adds an assignment to one that gives the same but for one list, or else to the end.
fn add(united: &mut Vec<Assignment>, next: Assignment, mergeable: impl Fn(&Assignment, &Assignment) -> bool) {
    let same = |a: &Assignment| a.role == next.role && a.board == next.board && a.department == next.department && mergeable(a, &next);
    match united.iter_mut().find(|a| same(a)) {
        Some(known) => {
            known.regions.extend(next.regions);
            known.regions.sort_unstable();
            known.regions.dedup();
            known.projects.extend(next.projects);
            known.projects.sort_unstable();
            known.projects.dedup();
        }
        None => united.push(next),
    }
}

#[cfg(test)]
mod tests;
