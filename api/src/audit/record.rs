//! One record, on its way into the log and out of it again. It is a line of JSON that holds no key of a person; those
//! stand beside it in the batch.

use chrono::{DateTime, Datelike, Utc};
use entities::catalog::{Class, Register};
use sea_orm::ActiveEnum;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::{NoContext, Timestamp, Uuid};

use crate::policy::Caller;

pub use entities::codes::{AuditKind as Kind, AuditOutcome as Outcome};

/// A field that was touched.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// The register.
    pub register: &'static Register,
    /// The field's index.
    pub index: usize,
}

impl Field {
    /// How strictly it is kept.
    pub fn class(self) -> Class {
        self.register.fields.get(self.index).map_or(Class::Public, |field| field.class)
    }
}

impl Serialize for Field {
    /// As the policy names it: `person.phone`.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let name = self.register.fields.get(self.index).map_or("", |field| field.name);
        serializer.collect_str(&format_args!("{}.{name}", self.register.name))
    }
}

/// An assignment of the caller.
#[derive(Clone, Debug, Serialize)]
pub struct Held<'a> {
    role: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    regions: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    board: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    department: Option<Uuid>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    projects: &'a [String],
}

/// What is recorded. Texts of callers are taken as they are; values of variables, names and keys of persons never are.
#[derive(Clone, Debug, Serialize)]
pub struct Record<'a> {
    /// Key, made by [`Record::new`].
    pub id: Uuid,
    /// Microseconds since 1970.
    pub at: i64,
    /// What was done.
    #[serde(serialize_with = "word")]
    pub kind: Kind,
    /// How it ended.
    #[serde(serialize_with = "word")]
    pub outcome: Outcome,
    /// Codes of errors.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<&'a str>,
    /// Who signed the caller's token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuer: Option<&'a str>,
    /// The caller's account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<&'a str>,
    /// The application: the id of a registered one, else the name that the token gives.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client: Option<&'a str>,
    /// True if the caller is in the person register: then the first mention of the record is the caller.
    pub caller: bool,
    /// The caller's assignments.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub assignments: Vec<Held<'a>>,
    /// The stated purpose.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub purpose: Option<&'a str>,
    /// The request's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request: Option<&'a str>,
    /// The operation's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operation: Option<&'a str>,
    /// The document's hash.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<&'a str>,
    /// Keyed hash of the variables.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variables: Option<String>,
    /// Fields that were shown, or changed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub shown: Vec<Field>,
    /// Fields that were filtered, ordered, grouped or measured by.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub used: Vec<Field>,
    /// Fields that were asked and withheld.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub withheld: Vec<Field>,
    /// The regions that were asked for, in numbers; none if the question was not bound to any.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub within: Vec<i64>,
    /// The smallest region that holds what was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<i64>,
    /// Rows that were read or changed.
    pub rows: u64,
    /// How many persons it is about, the caller as such aside. Set by [`Entry::of`].
    pub subjects: usize,
    /// The policy's version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy: Option<&'a str>,
    /// Why, where somebody said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'a str>,
    /// Batches that an erasure took mentions out of, and how many.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub erased: Vec<(Uuid, u32)>,
}

impl<'a> Record<'a> {
    /// A record of something that a caller does, with nothing touched yet.
    pub fn new(kind: Kind, at: DateTime<Utc>, caller: &'a Caller) -> Self {
        Self {
            id: key(at),
            at: at.timestamp_micros(),
            kind,
            outcome: Outcome::Complete,
            errors: Vec::new(),
            issuer: caller.account.as_ref().map(|account| account.issuer.as_str()),
            account: caller.account.as_ref().map(|account| account.subject.as_str()),
            client: caller.client_id.as_deref().or(caller.client.as_deref()),
            caller: caller.person.is_some(),
            assignments: caller.assignments.iter().map(Held::of).collect(),
            purpose: None,
            request: None,
            operation: None,
            document: None,
            variables: None,
            shown: Vec::new(),
            used: Vec::new(),
            withheld: Vec::new(),
            within: Vec::new(),
            region: None,
            rows: 0,
            subjects: 0,
            policy: None,
            reason: None,
            erased: Vec::new(),
        }
    }
}

impl<'a> Held<'a> {
    fn of(assignment: &'a crate::policy::Assignment) -> Self {
        Self {
            role: &assignment.role,
            regions: assignment.regions.iter().map(ToString::to_string).collect(),
            board: assignment.board.map(|board| board.to_value()),
            department: assignment.department,
            projects: &assignment.projects,
        }
    }
}

/// A key that begins with the instant.
pub(super) fn key(at: DateTime<Utc>) -> Uuid {
    let seconds = u64::try_from(at.timestamp()).unwrap_or_default();
    Uuid::new_v7(Timestamp::from_unix(NoContext, seconds, at.timestamp_subsec_nanos()))
}

/// A code as the log has it.
fn word<S: Serializer>(code: &impl ActiveEnum<Value = String>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&code.to_value())
}

fn of_word<'de, D: Deserializer<'de>, C: ActiveEnum<Value = String>>(deserializer: D) -> Result<C, D::Error> {
    C::try_from_value(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
}

/// A record as it goes into a batch: its line, and the persons it mentions.
#[derive(Clone, Debug)]
pub struct Entry {
    pub(super) at: i64,
    pub(super) line: Vec<u8>,
    /// The caller first, if the caller is in the person register.
    pub(super) persons: Vec<Uuid>,
}

impl Entry {
    /// Encodes a record. `subjects` are the persons it is about, in any order and however often.
    pub fn of(mut record: Record<'_>, caller: &Caller, mut subjects: Vec<Uuid>) -> Self {
        subjects.sort_unstable();
        subjects.dedup();
        record.subjects = subjects.len();
        record.caller = caller.person.is_some();
        let mut persons = Vec::with_capacity(subjects.len() + 1);
        persons.extend(caller.person);
        persons.append(&mut subjects);
        let mut line = Vec::with_capacity(768);
        #[expect(clippy::expect_used, reason = "texts, numbers and lists of them always have a form in JSON")]
        serde_json::to_writer(&mut line, &record).expect("a record is texts and numbers");
        line.push(b'\n');
        Self { at: record.at, line, persons }
    }

    /// About how large it is in the database.
    pub(super) fn bytes(&self) -> usize {
        self.line.len() + self.persons.len() * super::batch::MENTION
    }
}

/// A record as it stands in the log.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[expect(missing_docs, reason = "the fields are those of `Record`")]
pub struct Stored {
    pub id: Uuid,
    pub at: i64,
    #[serde(serialize_with = "word", deserialize_with = "of_word")]
    pub kind: Kind,
    #[serde(serialize_with = "word", deserialize_with = "of_word")]
    pub outcome: Outcome,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    pub caller: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub assignments: Vec<serde_json::Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variables: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shown: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub used: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub withheld: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub within: Vec<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<i64>,
    pub rows: u64,
    pub subjects: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub erased: Vec<(Uuid, u32)>,
}

impl Stored {
    /// When it was; None if no calendar of the databases reaches so far, which nothing that the program wrote does.
    pub fn instant(&self) -> Option<DateTime<Utc>> {
        DateTime::from_timestamp_micros(self.at).filter(|at| (1970..10_000).contains(&at.year()))
    }

    /// The roles of the assignments, each once.
    pub fn roles(&self) -> Vec<&str> {
        let mut roles: Vec<&str> = self.assignments.iter().filter_map(|held| held["role"].as_str()).collect();
        roles.sort_unstable();
        roles.dedup();
        roles
    }
}
