//! Who may sign, with which keys. Key files are read again when they change and addresses fetched now and then, so keys
//! rotate by `kid`; whatever cannot be used changes nothing.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use serde::Deserialize;
use tokio::sync::watch;

use super::keys::{Jwk, Unusable, VerifyingKey};
use super::remote::{Remote, Turn};
use super::{Cause, SigningKey};
use crate::config::{self, Authentication};

/// Why keys cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file cannot be read.
    #[error("cannot read the key file {}: {cause}", .file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// What the system says.
        cause: std::io::Error,
    },
    /// The file is no JWKS that can be used.
    #[error("the key file {} cannot be used: {problem}", .file.display())]
    Unusable {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// The address cannot be asked for keys.
    #[error("the keys of the issuer {issuer} cannot be fetched: {problem}")]
    Unreachable {
        /// The issuer.
        issuer: String,
        /// Why.
        problem: String,
    },
}

pub(super) struct Issuers {
    issuers: Vec<Arc<Issuer>>,
    generation: Arc<AtomicU64>,
}

pub(super) struct Issuer {
    name: String,
    pub(super) audience: String,
    pub(super) trusted_for_roles: bool,
    source: Source,
    keys: RwLock<Keys>,
    /// Counts the changes of any issuer's keys.
    generation: Arc<AtomicU64>,
}

enum Source {
    /// The development secret.
    Settings,
    File(PathBuf),
    Address(Box<Remote>),
}

#[derive(Default)]
struct Keys {
    /// What the file or address gave, to see whether it changed.
    text: String,
    by_id: HashMap<String, Arc<VerifyingKey>>,
}

#[derive(Deserialize)]
struct Jwks {
    keys: Vec<Jwk>,
}

/// What becomes of keys that were not made for our tokens.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Strangers {
    /// The file is written for us, so it is a mistake.
    Refused,
    /// The sign-in service also serves others.
    Skipped,
}

impl Issuers {
    pub(super) fn read(settings: &Authentication) -> Result<Self, Error> {
        let generation = Arc::new(AtomicU64::new(0));
        let mut issuers = Vec::with_capacity(settings.issuers.len() + 1);
        for issuer in &settings.issuers {
            let (source, keys) = source(issuer, settings)?;
            issuers.push(Arc::new(Issuer {
                name: issuer.issuer.clone(),
                audience: issuer.audience.clone(),
                trusted_for_roles: issuer.trusted_for_roles,
                source,
                keys: RwLock::new(keys),
                generation: Arc::clone(&generation),
            }));
        }
        if let Some(secret) = &settings.dangerous_development_secret {
            let key = Arc::new(VerifyingKey::development(secret.expose()));
            let by_id = HashMap::from([(SigningKey::DEVELOPMENT_KID.to_owned(), key)]);
            issuers.push(Arc::new(Issuer {
                name: Authentication::DEVELOPMENT_ISSUER.to_owned(),
                audience: Authentication::DEVELOPMENT_AUDIENCE.to_owned(),
                trusted_for_roles: true,
                source: Source::Settings,
                keys: RwLock::new(Keys { text: String::new(), by_id }),
                generation: Arc::clone(&generation),
            }));
        }
        Ok(Self { issuers, generation })
    }

    pub(super) fn find(&self, name: &str) -> Option<&Arc<Issuer>> {
        self.issuers.iter().find(|issuer| issuer.name == name)
    }

    /// Changes with any change of keys: what was verified before must be verified anew.
    pub(super) fn generation(&self) -> u64 {
        self.generation.load(Ordering::Acquire)
    }

    /// Reads the files that changed.
    pub(super) fn reload(&self) {
        for issuer in &self.issuers {
            if let Err(error) = issuer.reload() {
                tracing::error!(issuer = issuer.name, %error, "keys are not reloaded; the old ones hold on");
            }
        }
    }

    /// Begins the fetches that are due, and gives what tells of their ends.
    pub(super) fn refresh(&self, now: i64) -> Vec<watch::Receiver<u64>> {
        self.issuers.iter().filter_map(|issuer| issuer.refresh(false, now)).collect()
    }
}

fn source(issuer: &config::Issuer, settings: &Authentication) -> Result<(Source, Keys), Error> {
    if let Some(file) = &issuer.jwks_file {
        let keys = Keys::of_file(read(file)?, file)?;
        return Ok((Source::File(file.clone()), keys));
    }
    let unreachable = |problem: String| Error::Unreachable { issuer: issuer.issuer.clone(), problem };
    let address = issuer.jwks_url.as_deref().ok_or_else(|| unreachable("the settings name no keys".to_owned()))?;
    let remote = Remote::new(address, settings).map_err(|error| unreachable(error.to_string()))?;
    Ok((Source::Address(Box::new(remote)), Keys::default()))
}

impl Issuer {
    /// The key of this id, if it still holds.
    pub(super) fn key(&self, kid: &str, now: i64) -> Result<Arc<VerifyingKey>, Cause> {
        if now >= self.keys_hold_until() {
            return Err(Cause::StaleKeys);
        }
        self.keys.read().unwrap_or_else(PoisonError::into_inner).by_id.get(kid).cloned().ok_or(Cause::UnknownKey)
    }

    /// Until when the keys hold, in seconds since 1970.
    pub(super) fn keys_hold_until(&self) -> i64 {
        match &self.source {
            Source::Settings | Source::File(_) => i64::MAX,
            Source::Address(remote) => remote.holds_until(),
        }
    }

    /// Begins a fetch on a task of its own if there is an address and it is time, and gives what tells of its end. A
    /// fetch that runs already is joined if one is wanted.
    pub(super) fn refresh(self: &Arc<Self>, wanted: bool, now: i64) -> Option<watch::Receiver<u64>> {
        let Source::Address(remote) = &self.source else { return None };
        match remote.turn(wanted, now) {
            Turn::No => None,
            Turn::Others(ended) => wanted.then_some(ended),
            Turn::Own(ended) => {
                let attempt = Attempt { issuer: Arc::clone(self), now };
                tokio::spawn(async move { attempt.run().await });
                Some(ended)
            }
        }
    }

    fn reload(&self) -> Result<(), Error> {
        let Source::File(file) = &self.source else { return Ok(()) };
        let text = read(file)?;
        if self.holds(&text) {
            return Ok(());
        }
        self.replace(Keys::of_file(text, file)?);
        Ok(())
    }

    fn holds(&self, text: &str) -> bool {
        self.keys.read().unwrap_or_else(PoisonError::into_inner).text == text
    }

    fn replace(&self, keys: Keys) {
        let ids: Vec<&str> = keys.by_id.keys().map(String::as_str).collect();
        tracing::info!(issuer = self.name, keys = ids.join(" "), "keys have changed");
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = keys;
        self.generation.fetch_add(1, Ordering::Release);
    }
}

/// A fetch under way. However it ends, those who wait are told.
struct Attempt {
    issuer: Arc<Issuer>,
    now: i64,
}

impl Attempt {
    async fn run(&self) {
        let Source::Address(remote) = &self.issuer.source else { return };
        let outcome = match remote.fetch().await {
            Ok(text) if self.issuer.holds(&text) => Ok("unchanged"),
            Ok(text) => Keys::parse(text, Strangers::Skipped).map(|keys| {
                self.issuer.replace(keys);
                "changed"
            }),
            Err(error) => Err(error.to_string()),
        };
        let issuer = self.issuer.name.as_str();
        let word = match outcome {
            Ok(word) => {
                remote.fetched(self.now);
                metrics::gauge!("civigrid_keys_fetched_timestamp_seconds", "issuer" => issuer.to_owned()).set(self.now as f64);
                word
            }
            Err(problem) => {
                let left = remote.holds_until().saturating_sub(self.now).max(0);
                tracing::warn!(issuer, problem, seconds_left = left, "keys cannot be fetched; those at hand hold for the seconds left");
                "failed"
            }
        };
        metrics::counter!("civigrid_key_fetches_total", "issuer" => issuer.to_owned(), "outcome" => word).increment(1);
    }
}

impl Drop for Attempt {
    fn drop(&mut self) {
        if let Source::Address(remote) = &self.issuer.source {
            remote.end_turn();
        }
    }
}

fn read(file: &Path) -> Result<String, Error> {
    std::fs::read_to_string(file).map_err(|cause| Error::Unreadable { file: file.to_owned(), cause })
}

impl Keys {
    fn of_file(text: String, file: &Path) -> Result<Self, Error> {
        Self::parse(text, Strangers::Refused).map_err(|problem| Error::Unusable { file: file.to_owned(), problem })
    }

    fn parse(text: String, strangers: Strangers) -> Result<Self, String> {
        // What stands in the text is not repeated: it might hold what nobody should publish.
        let jwks: Jwks = serde_json::from_str(&text).map_err(|error| format!("it is no JWKS, at line {}", error.line()))?;
        let mut by_id = HashMap::with_capacity(jwks.keys.len());
        let mut skipped = Vec::new();
        for (index, jwk) in jwks.keys.into_iter().enumerate() {
            let (kid, key) = match jwk.verifying_key() {
                Ok(key) => key,
                Err(Unusable::Foreign(problem)) if strangers == Strangers::Skipped => {
                    skipped.push(format!("keys[{index}]: {problem}"));
                    continue;
                }
                Err(problem) => return Err(format!("keys[{index}]: {}", problem.text())),
            };
            if by_id.insert(kid, Arc::new(key)).is_some() {
                return Err(format!("keys[{index}]: its kid is already taken"));
            }
        }
        if by_id.is_empty() {
            skipped.insert(0, "it has no keys for our tokens".to_owned());
            return Err(skipped.join("; "));
        }
        Ok(Self { text, by_id })
    }
}
