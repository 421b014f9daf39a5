//! What a token says: its three parts, its claims, and what an assignment in it means.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use entities::codes::Board;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Cause;
use crate::policy::Assignment;

const LONGEST_KEY_ID: usize = 128;
const LONGEST_NAME: usize = 256;

/// The claims of a token.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Claims {
    /// Who signed it.
    pub iss: String,
    /// Whom it is meant for.
    pub aud: Audience,
    /// The account.
    pub sub: String,
    /// The token's own name.
    pub jti: String,
    /// When it was made, in seconds since 1970, like the other times.
    pub iat: i64,
    /// When it ends.
    pub exp: i64,
    /// When it begins.
    pub nbf: i64,
    /// What kind of caller it names.
    pub kind: Kind,
    /// The caller's own row of the person register (`person_…`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// The application the token was given to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    /// What the caller may act as.
    #[serde(default)]
    pub assignments: Vec<Assigned>,
}

/// One audience or several.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(untagged)]
pub enum Audience {
    /// One.
    One(String),
    /// Several.
    Several(Vec<String>),
}

/// A person or an application on its own account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A person.
    Person,
    /// An application.
    Client,
}

/// An assignment as a token spells it. A word nobody knows could be a bound, so it refuses the token.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Assigned {
    /// A role of the policy.
    pub role: String,
    /// Region codes of 12 digits, or 15 for a grid.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub regions: Vec<String>,
    /// A board, like `SERVICES`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub board: Option<String>,
    /// A department's id (`department_…`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub department: Option<String>,
    /// Codes of service projects.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub projects: Vec<String>,
}

/// A token taken apart, nothing of it proven.
pub(super) struct Token<'a> {
    pub(super) header: Header,
    pub(super) claims: Claims,
    /// The text that the signature covers.
    pub(super) signed: &'a str,
    pub(super) signature: &'a str,
}

#[derive(Deserialize)]
pub(super) struct Header {
    pub(super) alg: String,
    pub(super) kid: String,
    /// What kind of token it is, where it says so.
    #[serde(default)]
    typ: Option<String>,
    /// Extensions that must be understood (RFC 7515 §4.1.11). We understand none.
    #[serde(default)]
    crit: Option<serde::de::IgnoredAny>,
}

impl<'a> Token<'a> {
    pub(super) fn parse(token: &'a str) -> Result<Self, Cause> {
        let (signed, signature) = token.rsplit_once('.').ok_or(Cause::NotAToken("parts"))?;
        let (header, claims) = signed.split_once('.').ok_or(Cause::NotAToken("parts"))?;
        if claims.contains('.') || signature.is_empty() {
            return Err(Cause::NotAToken("parts"));
        }
        let header: Header = decode(header).ok_or(Cause::NotAToken("header"))?;
        if header.crit.is_some() {
            return Err(Cause::NotAToken("header crit"));
        }
        if header.typ.as_deref().is_some_and(|typ| !is_our_type(typ)) {
            return Err(Cause::NotAToken("header typ"));
        }
        if !is_key_id(&header.kid) {
            return Err(Cause::KeyIdForm);
        }
        let claims: Claims = decode(claims).ok_or(Cause::NotAToken("claims"))?;
        claims.check_names()?;
        Ok(Self { header, claims, signed, signature })
    }
}

fn decode<T: for<'de> Deserialize<'de>>(part: &str) -> Option<T> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}

/// Issuers sign more than tokens for us, such as sign-in tokens for screens and logout notices, and say which is which.
fn is_our_type(typ: &str) -> bool {
    let typ = typ.get(..12).filter(|head| head.eq_ignore_ascii_case("application/")).map_or(typ, |_| &typ[12..]);
    // RFC 7519 §5.1 and RFC 9068 §2.1.
    ["JWT", "at+jwt"].iter().any(|ours| ours.eq_ignore_ascii_case(typ))
}

/// Key ids have no sign that means something to a file system, an address or a query.
pub(super) fn is_key_id(text: &str) -> bool {
    (1..=LONGEST_KEY_ID).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'))
}

impl Audience {
    pub(super) fn names(&self, audience: &str) -> bool {
        match self {
            Self::One(one) => one == audience,
            Self::Several(several) => several.iter().any(|one| one == audience),
        }
    }
}

impl Claims {
    fn check_names(&self) -> Result<(), Cause> {
        for (name, text) in [("sub", Some(&self.sub)), ("jti", Some(&self.jti)), ("client", self.client.as_ref())] {
            if text.is_some_and(|text| text.is_empty() || text.len() > LONGEST_NAME) {
                return Err(Cause::Claim(name));
            }
        }
        Ok(())
    }

    /// The row of the person register.
    pub(super) fn person_id(&self) -> Result<Option<Uuid>, Cause> {
        self.person.as_deref().map(|text| id(text, "person").ok_or(Cause::Claim("person"))).transpose()
    }
}

impl Assigned {
    /// What it means.
    pub(super) fn assignment(&self) -> Result<Assignment, Cause> {
        let Self { role, regions, board, department, projects } = self;
        if role.is_empty() || role.len() > LONGEST_NAME || projects.iter().any(String::is_empty) {
            return Err(Cause::Claim("assignments"));
        }
        let regions = regions.iter().map(|code| code.parse()).collect::<Result<_, _>>().map_err(|_| Cause::Claim("assignments regions"))?;
        let board = board.as_deref().map(|name| board_named(name).ok_or(Cause::Claim("assignments board"))).transpose()?;
        let department =
            department.as_deref().map(|text| id(text, "department").ok_or(Cause::Claim("assignments department"))).transpose()?;
        Ok(Assignment { role: role.clone(), regions, board, department, projects: projects.clone() })
    }

    /// Says what is wrong with an assignment before it is signed.
    pub fn check(&self) -> Result<(), &'static str> {
        match self.assignment() {
            Ok(_) => Ok(()),
            Err(Cause::Claim("assignments regions")) => Err("a region is a code of 12 digits, or 15 for a grid, like 500103000000"),
            Err(Cause::Claim("assignments board")) => Err("a board is PARTY, ECONOMY, SERVICES, PEACE_LAW or COMMAND"),
            Err(Cause::Claim("assignments department")) => Err("a department is an id like department_01h455vb4pex5vsknk084sn02q"),
            Err(_) => Err("the role and the projects must not be empty"),
        }
    }
}

fn id(text: &str, register: &str) -> Option<Uuid> {
    entities::id::parse(text).filter(|(prefix, _)| *prefix == register).map(|(_, uuid)| uuid)
}

fn board_named(name: &str) -> Option<Board> {
    Some(match name {
        "PARTY" => Board::Party,
        "ECONOMY" => Board::Economy,
        "SERVICES" => Board::Services,
        "PEACE_LAW" => Board::PeaceLaw,
        "COMMAND" => Board::Command,
        _ => return None,
    })
}
