//! Who the caller is: a bearer token becomes a [`Caller`]. Nothing outside this folder knows what a token looks like.
//!
//! Every refusal looks alike from outside, so that nobody learns which check to work on next; the cause is logged.

mod claims;
mod issuers;
mod keys;
mod supposed;
#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use quick_cache::sync::Cache;
use sha2::{Digest, Sha256};

use crate::config;
use crate::policy::{Account, Caller, CallerKind};

pub use claims::{Assigned, Audience, Claims, Kind};
pub use issuers::Error;
pub use keys::{SigningKey, new_key_pair};

use claims::Token;
use issuers::Issuers;

/// How long a verified token is believed without another look at its signature, in seconds.
const REMEMBERED_SECONDS: i64 = 60;
/// How many unknown roles are told of, so that tokens cannot fill the log.
const UNKNOWN_ROLES_TOLD: usize = 100;

/// A caller who is known, for as long as the token is remembered.
#[derive(Debug)]
pub(crate) struct Session {
    /// Who asks.
    pub(crate) caller: Caller,
    /// What logs call the account: 16 hexadecimal digits that do not tell who it is.
    pub(crate) label: String,
    valid: Validity,
}

/// From when until when a token holds, in seconds since 1970.
#[derive(Clone, Copy, Debug)]
struct Validity {
    not_before: i64,
    expires: i64,
    remembered_until: i64,
}

/// Why a token is refused. For the log; the caller is not told.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Cause {
    #[error("the Authorization header is not a bearer token")]
    NotBearer,
    #[error("longer than authentication.max_token_bytes")]
    TooLong,
    #[error("not a signed token: {0}")]
    NotAToken(&'static str),
    #[error("the key id has signs that no key id has")]
    KeyIdForm,
    #[error("no such issuer")]
    UnknownIssuer,
    #[error("the issuer has no such key")]
    UnknownKey,
    #[error("the algorithm is not the key's")]
    Algorithm,
    #[error("the signature is not the key's")]
    Signature,
    #[error("expired")]
    Expired,
    #[error("not valid yet")]
    NotYet,
    #[error("meant for another audience")]
    Audience,
    #[error("claim {0}")]
    Claim(&'static str),
}

/// Turns bearer tokens into callers.
pub struct Authenticator {
    issuers: Issuers,
    roles: HashSet<String>,
    unknown_roles: Mutex<HashSet<String>>,
    verified: Cache<[u8; 32], Arc<Session>>,
    anonymous: Arc<Session>,
    leeway: i64,
    max_token_bytes: usize,
}

impl Authenticator {
    /// Reads the issuers' keys. `roles` are those of the policy; an assignment of any other gives nothing.
    pub fn new<'a>(settings: &config::Authentication, roles: impl Iterator<Item = &'a str>) -> Result<Self, Error> {
        let anonymous = Session {
            caller: Caller::anonymous(),
            label: "anonymous".to_owned(),
            valid: Validity { not_before: 0, expires: i64::MAX, remembered_until: i64::MAX },
        };
        Ok(Self {
            issuers: Issuers::read(settings)?,
            roles: roles.map(str::to_owned).collect(),
            unknown_roles: Mutex::default(),
            verified: Cache::new(settings.cached_tokens),
            anonymous: Arc::new(anonymous),
            leeway: i64::from(settings.leeway_seconds),
            max_token_bytes: settings.max_token_bytes,
        })
    }

    /// Reads key files that changed, and forgets the verified tokens if any did. A bad file changes nothing.
    pub(crate) fn reload_keys(&self) {
        if self.issuers.reload() {
            self.verified.clear();
        }
    }

    /// The caller that the value of the `Authorization` header names; the anonymous one without it.
    pub(crate) fn session(&self, authorization: Option<&[u8]>, now: DateTime<Utc>) -> Result<Arc<Session>, Cause> {
        let Some(authorization) = authorization else { return Ok(Arc::clone(&self.anonymous)) };
        let token = bearer(authorization).ok_or(Cause::NotBearer)?;
        if token.len() > self.max_token_bytes {
            return Err(Cause::TooLong);
        }
        let now = now.timestamp();
        // A cryptographic digest, so that no made-up token can share the place of a verified one.
        let digest: [u8; 32] = Sha256::digest(token).into();
        if let Some(session) = self.verified.get(&digest)
            && now < session.valid.remembered_until
        {
            self.check_time(session.valid, now)?;
            return Ok(session);
        }
        let session = Arc::new(self.verify(token, now)?);
        self.verified.insert(digest, Arc::clone(&session));
        metrics::counter!("civigrid_tokens_verified_total").increment(1);
        Ok(session)
    }

    fn verify(&self, token: &str, now: i64) -> Result<Session, Cause> {
        let token = Token::parse(token)?;
        let claims = &token.claims;
        // The issuer is read before the signature is known to be good: it only chooses whose keys must have made it.
        let issuer = self.issuers.find(&claims.iss).ok_or(Cause::UnknownIssuer)?;
        let key = issuer.key(&token.header.kid).ok_or(Cause::UnknownKey)?;
        if key.algorithm() != token.header.alg {
            return Err(Cause::Algorithm);
        }
        if !key.verifies(token.signed, token.signature) {
            return Err(Cause::Signature);
        }
        if !claims.aud.names(&issuer.audience) {
            return Err(Cause::Audience);
        }
        if claims.iat > now.saturating_add(self.leeway) {
            return Err(Cause::NotYet);
        }
        let valid = Validity {
            not_before: claims.nbf,
            expires: claims.exp,
            remembered_until: claims.exp.min(now.saturating_add(REMEMBERED_SECONDS)),
        };
        self.check_time(valid, now)?;
        let caller = self.caller(&token.claims, issuer.trusted_for_roles)?;
        Ok(Session { label: label(&claims.iss, &claims.sub), caller, valid })
    }

    fn check_time(&self, valid: Validity, now: i64) -> Result<(), Cause> {
        if now >= valid.expires.saturating_add(self.leeway) {
            return Err(Cause::Expired);
        }
        if now < valid.not_before.saturating_sub(self.leeway) {
            return Err(Cause::NotYet);
        }
        Ok(())
    }

    fn caller(&self, claims: &Claims, trusted_for_roles: bool) -> Result<Caller, Cause> {
        let mut caller = Caller {
            kind: match claims.kind {
                Kind::Person => CallerKind::Person,
                Kind::Client => CallerKind::Client,
            },
            account: Some(Account { issuer: claims.iss.clone(), subject: claims.sub.clone() }),
            person: claims.person_id()?,
            client: claims.client.clone(),
            assignments: Vec::with_capacity(claims.assignments.len()),
        };
        for assigned in &claims.assignments {
            let assignment = assigned.assignment()?;
            if !trusted_for_roles {
                continue;
            }
            if self.roles.contains(&assignment.role) {
                caller.assignments.push(assignment);
            } else {
                self.tell_unknown_role(&assignment.role, &claims.iss);
            }
        }
        Ok(caller)
    }

    fn tell_unknown_role(&self, role: &str, issuer: &str) {
        let mut told = self.unknown_roles.lock().unwrap_or_else(PoisonError::into_inner);
        if told.len() < UNKNOWN_ROLES_TOLD && told.insert(role.to_owned()) {
            tracing::warn!(role, issuer, "a token names a role that the policy does not know; its assignment gives nothing");
        }
    }
}

/// The token of `Bearer <token>`.
fn bearer(authorization: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(authorization).ok()?;
    let (scheme, token) = text.split_once(' ')?;
    let token = token.trim_start_matches(' ');
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

fn label(issuer: &str, subject: &str) -> String {
    let mut digest = Sha256::new();
    digest.update(issuer);
    digest.update([0]);
    digest.update(subject);
    let digest = digest.finalize();
    digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
