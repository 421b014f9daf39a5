//! Whose tokens are believed.

use std::path::PathBuf;

use serde::Deserialize;
use url::{Host, Url};

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
    /// How often keys are fetched from a `jwks_url`, in seconds.
    pub jwks_refresh_seconds: u32,
    /// The least time between two fetches from one issuer, whatever asks for them, in seconds.
    pub jwks_retry_seconds: u32,
    /// How long keys hold without being fetched again, while their issuer cannot be reached, in seconds.
    pub jwks_max_age_seconds: u32,
    /// The longest a fetch may take, in milliseconds.
    pub jwks_timeout_ms: u64,
    /// The largest answer to a fetch, in bytes.
    pub jwks_max_bytes: usize,
    /// A shared secret (HS256) whose holder can be anyone: for demonstrations and development only.
    /// Also from a file, as `dangerous_development_secret_file`.
    pub dangerous_development_secret: Option<Secret>,
}

/// Someone who may sign tokens, with public keys in a JWKS (EdDSA, ES256, RS256): a file or an address, one of the two.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Issuer {
    /// The claim `iss` of its tokens, exactly.
    pub issuer: String,
    /// What the claim `aud` of its tokens must name.
    pub audience: String,
    /// Its public keys in a file, which is read again when it changes, so keys can be rotated while the server runs.
    pub jwks_file: Option<PathBuf>,
    /// Its public keys by `https://` (or `http://` on this machine), fetched again and again.
    pub jwks_url: Option<String>,
    /// True if the roles that its tokens name hold. Otherwise its tokens only say who asks, and the register of role
    /// assignments says what they may do.
    pub trusted_for_roles: bool,
}

impl Issuer {
    /// True if its keys come over an unprotected line, which only this machine's own may.
    pub fn keys_are_unprotected(&self) -> bool {
        self.jwks_url.as_ref().is_some_and(|url| url.starts_with("http://"))
    }

    fn problem(&self) -> Option<&'static str> {
        if self.issuer.is_empty() || self.audience.is_empty() {
            return Some("issuer and audience must not be empty");
        }
        match (&self.jwks_file, &self.jwks_url) {
            (None, None) => Some("give its keys by jwks_file or jwks_url"),
            (Some(_), Some(_)) => Some("give jwks_file or jwks_url, not both"),
            (Some(_), None) => None,
            (None, Some(url)) => url_problem(url),
        }
    }
}

/// What keeps an address from being asked or told what is secret. It is not repeated: it may hold a password.
pub(super) fn address_problem(text: &str) -> Option<&'static str> {
    url_problem(text).map(|problem| problem.strip_prefix("jwks_url ").unwrap_or(problem))
}

/// What keeps keys from being fetched there. The address is not repeated: it may hold a password.
fn url_problem(text: &str) -> Option<&'static str> {
    let Ok(url) = Url::parse(text) else { return Some("jwks_url is no address; it looks like https://login.example/jwks.json") };
    let loopback = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => return Some("jwks_url names no host"),
    };
    if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
        return Some("jwks_url must have no user, password or fragment");
    }
    match url.scheme() {
        "https" => None,
        "http" if loopback => None,
        _ => Some(
            "jwks_url must begin with https://, for whoever can change the keys on their way can be anyone; http:// is for this machine only",
        ),
    }
}

/// HS256 is as strong as its secret: this many bytes at least.
const SHORTEST_SECRET: usize = 32;

impl Authentication {
    /// The `iss` of tokens signed with the development secret.
    pub const DEVELOPMENT_ISSUER: &str = "civigrid-development";
    /// The `aud` of tokens signed with the development secret.
    pub const DEVELOPMENT_AUDIENCE: &str = "civigrid";
    /// The issuer of clients' accounts. It signs nothing: a client's key is looked up in the register of clients.
    pub const CLIENT_ISSUER: &str = "civigrid-client";

    pub(super) fn validate(&self, problems: &mut Vec<String>) {
        for (index, issuer) in self.issuers.iter().enumerate() {
            if let Some(problem) = issuer.problem() {
                problems.push(format!("authentication.issuers[{index}]: {problem}"));
            }
            let ours = [Self::DEVELOPMENT_ISSUER, Self::CLIENT_ISSUER].contains(&issuer.issuer.as_str());
            if ours || self.issuers[..index].iter().any(|other| other.issuer == issuer.issuer) {
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
        if self.jwks_retry_seconds == 0 || self.jwks_timeout_ms == 0 || self.jwks_max_bytes == 0 {
            problems.push("authentication: jwks_retry_seconds, jwks_timeout_ms and jwks_max_bytes must be more than 0".to_owned());
        }
        if self.jwks_refresh_seconds < self.jwks_retry_seconds {
            problems.push("authentication.jwks_refresh_seconds: must not be less than jwks_retry_seconds".to_owned());
        }
        if self.jwks_max_age_seconds < self.jwks_refresh_seconds {
            problems.push("authentication.jwks_max_age_seconds: must not be less than jwks_refresh_seconds".to_owned());
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
            jwks_refresh_seconds: 300,
            jwks_retry_seconds: 30,
            jwks_max_age_seconds: 86_400,
            jwks_timeout_ms: 5_000,
            jwks_max_bytes: 256 * 1024,
            dangerous_development_secret: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::config::Sources;

    fn problems(issuer: &str) -> String {
        let toml = format!(
            "[[authentication.issuers]]\nissuer = \"https://login.example\"\naudience = \"civigrid\"\ntrusted_for_roles = false\n{issuer}"
        );
        Sources::default().text(&toml).read().err().map(|error| error.to_string()).unwrap_or_default()
    }

    #[test]
    fn keys_by_address_come_over_a_protected_line_or_from_this_machine() {
        for good in ["https://login.example/keys?a=b", "https://[::1]/k", "http://localhost:1/k", "http://127.0.0.2/k", "http://[::1]:8/k"]
        {
            assert_eq!(problems(&format!("jwks_url = \"{good}\"")), "", "{good}");
        }
        for (bad, word) in [
            ("http://login.example/keys", "https://"),
            ("http://localhost.example/keys", "https://"),
            ("http://127.0.0.1.example/keys", "https://"),
            ("http://192.0.2.1/keys", "https://"),
            ("ftp://localhost/keys", "https://"),
            ("file:///etc/keys", "no host"),
            ("login.example/keys", "no address"),
            ("https://somebody:hunter2@login.example/keys", "no user"),
            ("https://login.example/keys#a", "fragment"),
        ] {
            let text = problems(&format!("jwks_url = \"{bad}\""));
            assert!(text.contains("authentication.issuers[0]") && text.contains(word) && !text.contains("hunter2"), "{bad}: {text}");
        }
    }

    #[test]
    fn an_issuer_has_its_keys_in_one_place() {
        assert!(problems("").contains("jwks_file or jwks_url"));
        assert!(problems("jwks_file = \"a\"\njwks_url = \"https://login.example/\"").contains("not both"));
    }

    #[test]
    fn times_of_fetching_that_contradict_each_other_are_refused() {
        for (toml, word) in [
            ("jwks_retry_seconds = 0", "more than 0"),
            ("jwks_refresh_seconds = 10", "jwks_retry_seconds"),
            ("jwks_max_age_seconds = 60", "jwks_refresh_seconds"),
        ] {
            let text = Sources::default().text(&format!("[authentication]\n{toml}")).read().expect_err("refused").to_string();
            assert!(text.contains(word), "{text}");
        }
    }
}
