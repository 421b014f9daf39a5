//! Who asks.

use entities::codes::Board;
use entities::region_code::RegionCode;
use uuid::Uuid;

/// Who asks, as the token or its absence tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// What kind of caller it is.
    pub kind: CallerKind,
    /// Issuer and subject of the token: the account. None for the anonymous caller.
    pub account: Option<Account>,
    /// The person register's row of the caller, for own-person scopes.
    pub person: Option<Uuid>,
    /// The client application the token was given to.
    pub client: Option<String>,
    /// That client's id (`client_…`), if it is registered: the audit log names it by that.
    pub client_id: Option<String>,
    /// The purposes that the caller may state; None for any. Of a registered client, those it was registered for.
    pub allowed_purposes: Option<Vec<String>>,
    /// What the caller says the answer is for.
    pub purpose: Purpose,
    /// What the caller may act as. Grants are evaluated per assignment and only the results are united.
    pub assignments: Vec<Assignment>,
    /// The emergency access that is in force, whose assignments are among them.
    pub break_glass: Option<Uuid>,
}

/// What a caller says an answer is for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// Nothing is said.
    #[default]
    Unstated,
    /// One of the purposes that the policy lists.
    Stated(String),
    /// Any of them: of a caller in general, who stands for everybody of some roles.
    Any,
}

/// Issuer and subject, which together name an account.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Account {
    /// Who signed the token.
    pub issuer: String,
    /// Whom it names.
    pub subject: String,
}

/// What kind of caller asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CallerKind {
    /// Nobody known: public data only.
    Anonymous,
    /// A person of a department, or a resident.
    Person,
    /// A client application on its own account.
    Client,
}

/// A role with the bounds it was given in. An empty list of regions bounds nothing in; it gives no rows of region scope.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Assignment {
    /// A role of the policy.
    pub role: String,
    /// Regions whose subtrees the assignment covers.
    pub regions: Vec<RegionCode>,
    /// Board, where the role works for one.
    pub board: Option<Board>,
    /// Department, where the role works for one.
    pub department: Option<Uuid>,
    /// Codes of the service projects it is confined to.
    pub projects: Vec<String>,
}

impl Caller {
    /// True if the caller may say that an answer is for this purpose, as far as its contract goes.
    #[must_use]
    pub fn may_state(&self, purpose: &str) -> bool {
        self.allowed_purposes.as_ref().is_none_or(|allowed| allowed.iter().any(|word| word == purpose))
    }

    /// The same caller, who says what the answer is for.
    #[must_use]
    pub fn stating(self, purpose: Option<&str>) -> Self {
        Self { purpose: purpose.map_or(Purpose::Unstated, |purpose| Purpose::Stated(purpose.to_owned())), ..self }
    }

    /// The caller without a token.
    pub fn anonymous() -> Self {
        Self {
            kind: CallerKind::Anonymous,
            account: None,
            person: None,
            client: None,
            client_id: None,
            allowed_purposes: None,
            purpose: Purpose::Unstated,
            assignments: Vec::new(),
            break_glass: None,
        }
    }

    /// A caller of these roles in general, with every bound that an assignment can have. The values stand for "the own" region,
    /// board, department and person; they belong to nobody.
    pub fn in_general(roles: Vec<String>) -> Self {
        let assignment = |role| Assignment {
            role,
            regions: RegionCode::from_number(500_000_000_000_000).into_iter().collect(),
            board: Some(Board::Command),
            department: Some(Uuid::nil()),
            projects: vec![String::new()],
        };
        let assignments = roles.into_iter().map(assignment).collect();
        Self { kind: CallerKind::Person, person: Some(Uuid::nil()), purpose: Purpose::Any, assignments, ..Self::anonymous() }
    }
}
