//! Whose tokens are believed.

use std::path::PathBuf;

use serde::Deserialize;

use super::Secret;

/// Whose tokens are believed.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Authentication {
    /// Who may sign tokens.
    pub issuers: Vec<Issuer>,
    /// The clocks' difference that is forgiven, in seconds.
    pub leeway_seconds: u32,
    /// The longest token, in bytes.
    pub max_token_bytes: usize,
    /// How many verified tokens are remembered for a minute.
    pub cached_tokens: usize,
    /// A shared secret (HS256) whose holder can be anyone: for demonstrations and development only.
    /// Also from a file, as `dangerous_development_secret_file`.
    pub dangerous_development_secret: Option<Secret>,
}

/// Someone who may sign tokens, with public keys in a JWKS file (EdDSA, ES256, RS256).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Issuer {
    /// The claim `iss` of its tokens, exactly.
    pub issuer: String,
    /// What the claim `aud` of its tokens must name.
    pub audience: String,
    /// Its public keys. The file is read again when it changes, so keys can be rotated while the server runs.
    pub jwks_file: PathBuf,
    /// True if the roles that its tokens name hold. Otherwise its tokens only say who asks.
    pub trusted_for_roles: bool,
}

/// HS256 is as strong as its secret: this many bytes at least.
const SHORTEST_SECRET: usize = 32;

impl Authentication {
    /// The `iss` of tokens signed with the development secret.
    pub const DEVELOPMENT_ISSUER: &str = "civigrid-development";
    /// The `aud` of tokens signed with the development secret.
    pub const DEVELOPMENT_AUDIENCE: &str = "civigrid";

    pub(super) fn validate(&self, problems: &mut Vec<String>) {
        for (index, issuer) in self.issuers.iter().enumerate() {
            if issuer.issuer.is_empty() || issuer.audience.is_empty() {
                problems.push(format!("authentication.issuers[{index}]: issuer and audience must not be empty"));
            }
            if issuer.issuer == Self::DEVELOPMENT_ISSUER || self.issuers[..index].iter().any(|other| other.issuer == issuer.issuer) {
                problems.push(format!("authentication.issuers[{index}]: the issuer {:?} is already taken", issuer.issuer));
            }
        }
        if self.dangerous_development_secret.as_ref().is_some_and(|secret| secret.expose().len() < SHORTEST_SECRET) {
            problems.push(format!("authentication.dangerous_development_secret: must have {SHORTEST_SECRET} bytes or more"));
        }
        if self.leeway_seconds > 600 {
            problems.push("authentication.leeway_seconds: must not be more than 600".to_owned());
        }
        if self.max_token_bytes == 0 || self.cached_tokens == 0 {
            problems.push("authentication: max_token_bytes and cached_tokens must be more than 0".to_owned());
        }
    }
}

impl Default for Authentication {
    fn default() -> Self {
        Self {
            issuers: Vec::new(),
            leeway_seconds: 60,
            max_token_bytes: 8 * 1024,
            cached_tokens: 10_000,
            dangerous_development_secret: None,
        }
    }
}
