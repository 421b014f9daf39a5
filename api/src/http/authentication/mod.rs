//! Who the caller is: a bearer token becomes a [`Caller`]. Nothing outside this folder knows what a token looks like.
//!
//! Every refusal looks alike from outside, so that nobody learns which check to work on next; the cause is logged.

mod claims;
mod client_keys;
mod fetch;
mod issuers;
mod keys;
mod register;
mod remote;
mod supposed;
#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use chrono::{DateTime, Utc};
use quick_cache::sync::Cache;
use sha2::{Digest, Sha256};

use crate::config;
use crate::policy::{Account, Assignment, Caller, CallerKind, Purpose};
use crate::store::accounts::{Accounts, Held};
use crate::store::clients::{self, Client, Holding};

pub use claims::{Assigned, Audience, Claims, Kind};
pub use issuers::Error;
pub use keys::{SigningKey, new_key_pair};

use claims::Token;
use issuers::Issuers;
use register::{Copy, Register};

/// How long a verified token is believed without another look at its signature, in seconds.
const REMEMBERED_SECONDS: i64 = 60;
/// How many unknown roles are told of, so that tokens cannot fill the log.
const UNKNOWN_ROLES_TOLD: usize = 100;
/// How long a request waits for keys that are being fetched because of it.
const PATIENCE: Duration = Duration::from_secs(2);

/// A caller who is known.
#[derive(Debug)]
pub(crate) struct Session {
    /// Who asks.
    pub(crate) caller: Caller,
    /// What logs call the account: 16 hexadecimal digits that do not tell who it is.
    pub(crate) label: String,
    /// The registered client that asks, or through which a person asks: its limits hold.
    pub(crate) client: Option<Arc<Client>>,
}

/// What a token's signature proves.
#[derive(Debug)]
struct Proven {
    kind: CallerKind,
    account: Account,
    token: String,
    person: Option<uuid::Uuid>,
    client: Option<String>,
    /// What the token gives; None where the register of role assignments gives instead.
    assignments: Option<Vec<Assignment>>,
    valid: Validity,
}

/// From when until when a token holds, in seconds since 1970.
#[derive(Clone, Copy, Debug)]
struct Validity {
    not_before: i64,
    expires: i64,
    remembered_until: i64,
}

/// A token whose signature was checked, with the session it gave while neither keys nor register change.
#[derive(Clone)]
struct Remembered {
    proven: Arc<Proven>,
    keys: u64,
    session: Arc<Session>,
    accounts: u64,
    /// The session holds from here …
    since: DateTime<Utc>,
    /// … until an assignment begins or ends.
    until: DateTime<Utc>,
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
    #[error("the issuer's keys were not fetched for longer than authentication.jwks_max_age_seconds")]
    StaleKeys,
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
    #[error("the token is revoked")]
    TokenRevoked,
    #[error("the account is revoked")]
    AccountRevoked,
    #[error("no client has such a key")]
    UnknownClientKey,
    #[error("the client's key has ended")]
    ClientKeyEnded,
    #[error("the client has ended or has not begun")]
    ClientEnded,
    /// No fault of the token.
    #[error("the register of accounts cannot be read")]
    AccountsUnread,
}

/// Turns bearer tokens into callers.
pub struct Authenticator {
    issuers: Issuers,
    register: Register,
    roles: RwLock<HashSet<String>>,
    unknown_roles: Mutex<HashSet<String>>,
    verified: Cache<[u8; 32], Remembered>,
    anonymous: Arc<Session>,
    leeway: i64,
    max_token_bytes: usize,
}

impl Authenticator {
    /// Reads the issuers' key files. `roles` are those of the policy; an assignment of any other gives nothing.
    pub fn new<'a>(settings: &config::Authentication, roles: impl Iterator<Item = &'a str>) -> Result<Self, Error> {
        Ok(Self {
            issuers: Issuers::read(settings)?,
            register: Register::default(),
            roles: RwLock::new(roles.map(str::to_owned).collect()),
            unknown_roles: Mutex::default(),
            verified: Cache::new(settings.cached_tokens),
            anonymous: Arc::new(Session { caller: Caller::anonymous(), label: "anonymous".to_owned(), client: None }),
            leeway: i64::from(settings.leeway_seconds),
            max_token_bytes: settings.max_token_bytes,
        })
    }

    /// Knows these roles from now on, of a policy that has come into force. What is remembered of tokens is worked out anew.
    pub fn know_roles(&self, roles: impl IntoIterator<Item = String>) {
        *self.roles.write().unwrap_or_else(PoisonError::into_inner) = roles.into_iter().collect();
        self.unknown_roles.lock().unwrap_or_else(PoisonError::into_inner).clear();
        self.verified.clear();
    }

    /// Reads key files that changed. A bad file changes nothing.
    pub(crate) fn reload_keys(&self) {
        self.issuers.reload();
    }

    /// Begins the fetches of keys that are due.
    pub(crate) fn refresh_keys(&self, now: DateTime<Utc>) {
        drop(self.issuers.refresh(now.timestamp()));
    }

    /// Fetches keys and waits for them, before the first request. What does not come now is tried again later.
    pub(crate) async fn first_keys(&self, now: DateTime<Utc>) {
        let mut fetches = self.issuers.refresh(now.timestamp());
        futures::future::join_all(fetches.iter_mut().map(|ended| ended.changed())).await;
    }

    /// Takes what a look at the register of accounts gave; None if nothing had changed since the last look.
    pub(crate) fn install_accounts(&self, accounts: Option<Accounts>, looked_at: tokio::time::Instant) {
        self.register.install(accounts, looked_at);
    }

    /// The caller that the value of the `Authorization` header names; the anonymous one without it.
    pub(crate) fn session(&self, authorization: Option<&[u8]>, now: DateTime<Utc>) -> Result<Arc<Session>, Cause> {
        let Some(authorization) = authorization else { return Ok(Arc::clone(&self.anonymous)) };
        let token = bearer(authorization).ok_or(Cause::NotBearer)?;
        if token.len() > self.max_token_bytes {
            return Err(Cause::TooLong);
        }
        // A cryptographic digest, so that no made-up token can share the place of a verified one.
        let digest: [u8; 32] = Sha256::digest(token).into();
        if clients::is_key(token) {
            return self.of_key(digest, now);
        }
        let seconds = now.timestamp();
        let keys = self.issuers.generation();
        let remembered = self.verified.get(&digest).filter(|known| known.keys == keys && seconds < known.proven.valid.remembered_until);
        if let Some(known) = &remembered {
            self.check_time(known.proven.valid, seconds)?;
        }
        if let Some(known) = remembered.as_ref().filter(|known| self.holds(known, now)) {
            return Ok(Arc::clone(&known.session));
        }
        let proven = match remembered {
            Some(known) => known.proven,
            None => Arc::new(self.verify(token, seconds)?),
        };
        if !self.register.is_fresh() {
            return Err(Cause::AccountsUnread);
        }
        let known = self.remember(&self.register.copy(), proven, keys, now)?;
        let session = Arc::clone(&known.session);
        self.verified.insert(digest, known);
        Ok(session)
    }

    /// Waits a little for what could turn the refusal into a caller: keys being fetched, or the register being read.
    /// True if it is worth another try.
    pub(crate) async fn wait_for(&self, cause: &Cause, authorization: Option<&[u8]>, now: DateTime<Utc>) -> bool {
        match cause {
            Cause::AccountsUnread => {
                self.register.refreshed().await;
                true
            }
            Cause::UnknownKey | Cause::StaleKeys => {
                let token = authorization.and_then(bearer).and_then(|token| Token::parse(token).ok());
                let issuer = token.and_then(|token| self.issuers.find(&token.claims.iss));
                let Some(mut ended) = issuer.and_then(|issuer| issuer.refresh(true, now.timestamp())) else { return false };
                matches!(tokio::time::timeout(PATIENCE, ended.changed()).await, Ok(Ok(())))
            }
            _ => false,
        }
    }

    fn verify(&self, token: &str, now: i64) -> Result<Proven, Cause> {
        let token = Token::parse(token)?;
        let claims = &token.claims;
        // The issuer is read before the signature is known to be good: it only chooses whose keys must have made it.
        let issuer = self.issuers.find(&claims.iss).ok_or(Cause::UnknownIssuer)?;
        let key = issuer.key(&token.header.kid, now)?;
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
        let remembered_until = claims.exp.min(now.saturating_add(REMEMBERED_SECONDS)).min(issuer.keys_hold_until());
        let valid = Validity { not_before: claims.nbf, expires: claims.exp, remembered_until };
        self.check_time(valid, now)?;
        let proven = proven(token.claims, issuer.trusted_for_roles, valid)?;
        metrics::counter!("civigrid_tokens_verified_total").increment(1);
        Ok(proven)
    }

    /// True if the session that was made of it still holds.
    fn holds(&self, known: &Remembered, now: DateTime<Utc>) -> bool {
        let unchanged = self.register.is_fresh() && known.accounts == self.register.generation();
        unchanged && (known.since..known.until).contains(&now)
    }

    /// What the token and the register together give at this instant.
    fn remember(&self, copy: &Copy, proven: Arc<Proven>, keys: u64, now: DateTime<Utc>) -> Result<Remembered, Cause> {
        let Copy { accounts, generation } = copy;
        let account = &proven.account;
        if accounts.token_is_revoked(&account.issuer, &proven.token, now) {
            return Err(Cause::TokenRevoked);
        }
        if accounts.is_revoked(account, now) {
            return Err(Cause::AccountRevoked);
        }
        let named = proven.client.as_deref().map(|name| accounts.clients().by_name(name, now)).transpose()?.flatten();
        let (client, client_until) = named.map(|Holding { client, until }| (client, until)).unzip();
        let Held { mut assignments, person, until } = match &proven.assignments {
            Some(assignments) => Held { assignments: assignments.clone(), ..Held::default() },
            None => accounts.held(account, now),
        };
        let emergency = accounts.emergency(account, now);
        let until = until.into_iter().chain(emergency.until).min();
        let break_glass = emergency.held.map(|(id, taken)| {
            assignments.extend(taken.iter().cloned());
            id
        });
        assignments.retain(|assignment| self.knows(&assignment.role, &account.issuer));
        let caller = Caller {
            kind: proven.kind,
            account: Some(account.clone()),
            person: proven.person.or(person),
            client: proven.client.clone(),
            client_id: client.as_ref().map(|client| client.subject.clone()),
            allowed_purposes: client.as_ref().and_then(|client| client.purposes.clone()),
            purpose: Purpose::Unstated,
            assignments,
            break_glass,
        };
        let session = Arc::new(Session { label: label(&account.issuer, &account.subject), caller, client });
        let until = [until, client_until].into_iter().flatten().min().unwrap_or(DateTime::<Utc>::MAX_UTC);
        Ok(Remembered { proven, keys, session, accounts: *generation, since: now, until })
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

    /// True if the policy knows the role; else it is told, not too often.
    fn knows(&self, role: &str, issuer: &str) -> bool {
        if self.knows_role(role) {
            return true;
        }
        let mut told = self.unknown_roles.lock().unwrap_or_else(PoisonError::into_inner);
        if told.len() < UNKNOWN_ROLES_TOLD && told.insert(role.to_owned()) {
            tracing::warn!(role, issuer, "an assignment names a role that the policy does not know; it gives nothing");
        }
        false
    }
}

/// What the claims mean, once the signature is known to be good.
fn proven(claims: Claims, trusted_for_roles: bool, valid: Validity) -> Result<Proven, Cause> {
    // A malformed assignment refuses the token even where it would give nothing.
    let assignments = claims.assignments.iter().map(claims::Assigned::assignment).collect::<Result<Vec<_>, _>>()?;
    Ok(Proven {
        kind: match claims.kind {
            Kind::Person => CallerKind::Person,
            Kind::Client => CallerKind::Client,
        },
        person: claims.person_id()?,
        account: Account { issuer: claims.iss, subject: claims.sub },
        token: claims.jti,
        client: claims.client,
        assignments: trusted_for_roles.then_some(assignments),
        valid,
    })
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
