//! Who asks: the same token, verified as strictly and remembered as long as by Civigrid.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};
use civigrid::http::authentication::Claims;
use entities::region_code::RegionCode;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use quick_cache::sync::Cache;
use sha2::{Digest, Sha256};

use crate::setup::{AUDIENCE, BASIC_IN_REGION, EVERYTHING, FULL_IN_REGION, ISSUER};

/// How long a verified token is believed without another look, in seconds.
const REMEMBERED: i64 = 60;

/// Verifies tokens.
pub(super) struct Identity {
    key: DecodingKey,
    rules: Validation,
    verified: Cache<[u8; 32], Arc<Known>>,
}

/// A caller who is known.
pub(super) struct Known {
    /// True if everything may be seen.
    pub(super) everything: bool,
    /// Grids whose people are seen in full.
    pub(super) full: Vec<i64>,
    /// The region whose people are seen a little of; it holds the others.
    pub(super) basic: (i64, i64),
    until: i64,
}

impl Identity {
    /// Reads the only key of a JWKS file.
    pub(super) fn read(jwks: &Path) -> Result<Self> {
        let jwks: serde_json::Value = serde_json::from_slice(&std::fs::read(jwks)?)?;
        let key = jwks["keys"][0]["x"].as_str().context("the JWKS file has no Ed25519 key")?;
        let mut rules = Validation::new(Algorithm::EdDSA);
        rules.set_audience(&[AUDIENCE]);
        rules.set_issuer(&[ISSUER]);
        rules.validate_nbf = true;
        Ok(Self { key: DecodingKey::from_ed_components(key)?, rules, verified: Cache::new(10_000) })
    }

    /// The caller that the header names.
    pub(super) fn of(&self, header: &[u8], now: i64) -> Option<Arc<Known>> {
        let token = header.strip_prefix(b"Bearer ")?;
        let digest: [u8; 32] = Sha256::digest(token).into();
        if let Some(known) = self.verified.get(&digest)
            && now < known.until
        {
            return Some(known);
        }
        let claims = decode::<Claims>(token, &self.key, &self.rules).ok()?.claims;
        let known = Arc::new(known(&claims, now)?);
        self.verified.insert(digest, Arc::clone(&known));
        Some(known)
    }
}

fn known(claims: &Claims, now: i64) -> Option<Known> {
    let mut known = Known { everything: false, full: Vec::new(), basic: (1, 0), until: claims.exp.min(now + REMEMBERED) };
    for assigned in &claims.assignments {
        let spans = assigned.regions.iter().map(|code| code.parse::<RegionCode>().ok().map(RegionCode::span));
        let spans: Vec<(i64, i64)> = spans.collect::<Option<_>>()?;
        match assigned.role.as_str() {
            EVERYTHING => known.everything = true,
            FULL_IN_REGION if spans.iter().all(|(first, last)| first == last) => {
                known.full = spans.into_iter().map(|span| span.0).collect();
            }
            FULL_IN_REGION => return None,
            BASIC_IN_REGION => known.basic = *spans.first()?,
            _ => {}
        }
    }
    // The one statement of the handler knows grids in full, inside of one wider region.
    known.full.iter().all(|grid| (known.basic.0..=known.basic.1).contains(grid)).then_some(known)
}
