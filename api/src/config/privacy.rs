//! What keeps figures about few people, and tokens in the place of values, from being undone.

use serde::Deserialize;

use super::Secret;

/// What keeps figures about few people, and tokens in the place of values, from being undone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Privacy {
    /// The key by which figures are rounded and tokens are made, also from a file as `key_file`. All servers of a deployment need
    /// the same one; without it each draws its own at every start. Whoever knows it can tell which value a token stands for.
    pub key: Option<Secret>,
}

/// HMAC-SHA256 is as strong as its key: this many bytes at least.
const SHORTEST_KEY: usize = 32;

impl Privacy {
    pub(super) fn validate(&self, problems: &mut Vec<String>) {
        let Self { key } = self;
        if key.as_ref().is_some_and(|key| key.expose().len() < SHORTEST_KEY) {
            problems.push(format!("privacy.key: must have {SHORTEST_KEY} bytes or more; `openssl rand -hex 32` makes one"));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::config::Sources;

    #[test]
    fn a_short_key_is_refused_and_not_repeated_and_one_from_a_file_is_read() {
        let refusal = Sources::default().text("[privacy]\nkey = \"hunter2\"").read().expect_err("refused").to_string();
        assert!(refusal.contains("privacy.key: must have 32 bytes") && !refusal.contains("hunter2"), "{refusal}");
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("privacy.key");
        std::fs::write(&path, format!("{}\n", "k".repeat(32))).expect("written");
        let toml = format!("[privacy]\nkey_file = {:?}", path.display().to_string());
        let config = Sources::default().text(&toml).read().expect("valid");
        assert_eq!(config.privacy.key.expect("a key").expose(), "k".repeat(32));
    }
}
