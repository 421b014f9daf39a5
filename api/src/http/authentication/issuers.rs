//! Who may sign, with which keys. Key files are read at start and again when they change, so keys rotate by `kid`.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use serde::Deserialize;

use super::SigningKey;
use super::keys::{Jwk, VerifyingKey};
use crate::config::Authentication;

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
}

pub(super) struct Issuers(Vec<Issuer>);

pub(super) struct Issuer {
    name: String,
    pub(super) audience: String,
    pub(super) trusted_for_roles: bool,
    file: Option<PathBuf>,
    keys: RwLock<Keys>,
}

struct Keys {
    /// What the file held, to see whether it changed.
    text: String,
    by_id: HashMap<String, Arc<VerifyingKey>>,
}

#[derive(Deserialize)]
struct Jwks {
    keys: Vec<Jwk>,
}

impl Issuers {
    pub(super) fn read(settings: &Authentication) -> Result<Self, Error> {
        let mut issuers = Vec::with_capacity(settings.issuers.len() + 1);
        for issuer in &settings.issuers {
            issuers.push(Issuer {
                name: issuer.issuer.clone(),
                audience: issuer.audience.clone(),
                trusted_for_roles: issuer.trusted_for_roles,
                keys: RwLock::new(Keys::parse(read(&issuer.jwks_file)?, &issuer.jwks_file)?),
                file: Some(issuer.jwks_file.clone()),
            });
        }
        if let Some(secret) = &settings.dangerous_development_secret {
            let key = Arc::new(VerifyingKey::development(secret.expose()));
            let by_id = HashMap::from([(SigningKey::DEVELOPMENT_KID.to_owned(), key)]);
            issuers.push(Issuer {
                name: Authentication::DEVELOPMENT_ISSUER.to_owned(),
                audience: Authentication::DEVELOPMENT_AUDIENCE.to_owned(),
                trusted_for_roles: true,
                file: None,
                keys: RwLock::new(Keys { text: String::new(), by_id }),
            });
        }
        Ok(Self(issuers))
    }

    pub(super) fn find(&self, name: &str) -> Option<&Issuer> {
        self.0.iter().find(|issuer| issuer.name == name)
    }

    /// Reads the files that changed; true if any did and was good.
    pub(super) fn reload(&self) -> bool {
        let mut changed = false;
        for issuer in &self.0 {
            match issuer.reload() {
                Ok(now) => changed |= now,
                Err(error) => tracing::error!(issuer = issuer.name, %error, "keys are not reloaded; the old ones hold on"),
            }
        }
        changed
    }
}

impl Issuer {
    pub(super) fn key(&self, kid: &str) -> Option<Arc<VerifyingKey>> {
        self.keys.read().unwrap_or_else(PoisonError::into_inner).by_id.get(kid).cloned()
    }

    fn reload(&self) -> Result<bool, Error> {
        let Some(file) = &self.file else { return Ok(false) };
        let text = read(file)?;
        if self.keys.read().unwrap_or_else(PoisonError::into_inner).text == text {
            return Ok(false);
        }
        let keys = Keys::parse(text, file)?;
        tracing::info!(issuer = self.name, keys = keys.by_id.len(), "keys are reloaded");
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = keys;
        Ok(true)
    }
}

fn read(file: &Path) -> Result<String, Error> {
    std::fs::read_to_string(file).map_err(|cause| Error::Unreadable { file: file.to_owned(), cause })
}

impl Keys {
    fn parse(text: String, file: &Path) -> Result<Self, Error> {
        let unusable = |problem: String| Error::Unusable { file: file.to_owned(), problem };
        let jwks: Jwks = serde_json::from_str(&text).map_err(|error| unusable(error.to_string()))?;
        let mut by_id = HashMap::with_capacity(jwks.keys.len());
        for (index, jwk) in jwks.keys.into_iter().enumerate() {
            let (kid, key) = jwk.verifying_key().map_err(|problem| unusable(format!("keys[{index}]: {problem}")))?;
            if by_id.insert(kid, Arc::new(key)).is_some() {
                return Err(unusable(format!("keys[{index}]: its kid is already taken")));
            }
        }
        if by_id.is_empty() {
            return Err(unusable("it has no keys".to_owned()));
        }
        Ok(Self { text, by_id })
    }
}
