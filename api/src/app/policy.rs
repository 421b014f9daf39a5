//! The policy of the settings, and looking whether its file has changed.

use std::path::{Path, PathBuf};

use crate::config::Config;
use crate::policy::Policy;

use super::Error;

/// The policy of the settings: the named file's, else the built-in one.
///
/// # Errors
/// If the file cannot be read or is no policy.
pub fn policy(config: &Config) -> Result<Policy, Error> {
    Ok(PolicyFile::open(config)?.0)
}

/// A policy file that is looked at now and then.
///
/// A changed text is believed once two looks in a row have found it the same: what an editor has half written may be a
/// policy too, one whose denies have not come yet.
pub(super) struct PolicyFile {
    path: PathBuf,
    /// What was tried last, whether it could be used or not.
    tried: String,
    /// What the last look found, if that is to be tried.
    seen: Option<String>,
    /// How many looks in a row could not read it.
    away: u32,
}

/// A file that is being replaced may be away for one look; after so many it is told that it is, once.
const TOLD_AFTER: u32 = 2;

impl PolicyFile {
    /// The policy of the settings, and the file it stands in; None of the built-in one.
    ///
    /// # Errors
    /// If the file cannot be read or is no policy.
    pub(super) fn open(config: &Config) -> Result<(Policy, Option<Self>), Error> {
        let Some(path) = &config.policy_file else { return Ok((Policy::built_in(), None)) };
        let text = read(path)?;
        Ok((parse(path, &text)?, Some(Self { path: path.clone(), tried: text, seen: None, away: 0 })))
    }

    /// The file's policy, if it has changed and rests, or what is wrong with it; `at_once` does not wait for rest.
    pub(super) fn look(&mut self, at_once: bool) -> Option<Result<Policy, Error>> {
        let text = match read(&self.path) {
            Ok(text) => text,
            Err(error) => {
                self.away = self.away.saturating_add(1);
                return (at_once || self.away == TOLD_AFTER).then_some(Err(error));
            }
        };
        self.away = 0;
        if text == self.tried && !at_once {
            self.seen = None;
            return None;
        }
        if self.seen.as_deref() != Some(text.as_str()) && !at_once {
            self.seen = Some(text);
            return None;
        }
        let policy = parse(&self.path, &text);
        (self.tried, self.seen) = (text, None);
        Some(policy)
    }
}

fn read(path: &Path) -> Result<String, Error> {
    std::fs::read_to_string(path).map_err(|cause| Error::PolicyFile { file: path.display().to_string(), cause })
}

fn parse(path: &Path, text: &str) -> Result<Policy, Error> {
    Policy::parse(text, &path.display().to_string()).map_err(|findings| {
        let lines: Vec<String> = findings.iter().map(ToString::to_string).collect();
        Error::Policy(lines.join("\n"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A policy with as many roles.
    fn text(roles: usize) -> String {
        let roles = (0..roles).map(|role| format!("[role.r{role}]\ntitle = \"R\"\n"));
        format!("version = 1\n{}", roles.collect::<String>())
    }

    #[test]
    fn a_changed_file_is_believed_when_it_rests_and_a_bad_one_is_told_once() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("policy.toml");
        let write = |text: &str| std::fs::write(&path, text).expect("writable");
        write(&text(1));
        let config = Config { policy_file: Some(path.clone()), ..Config::default() };
        let mut file = PolicyFile::open(&config).expect("a policy").1.expect("a file");
        assert!(file.look(false).is_none(), "nothing has changed");
        write(&text(2));
        assert!(file.look(false).is_none(), "it may be half written");
        write(&text(3));
        assert!(file.look(false).is_none(), "it was");
        let roles = |policy: Policy| policy.roles().count();
        assert_eq!(file.look(false).map(|policy| policy.map(roles).ok()), Some(Some(3)));
        assert!(file.look(false).is_none());
        write("version = 1\n[role");
        assert!(file.look(false).is_none());
        assert!(matches!(file.look(false), Some(Err(Error::Policy(_)))));
        assert!(file.look(false).is_none(), "told once");
        std::fs::remove_file(&path).expect("it is there");
        assert!(file.look(false).is_none(), "it may be being replaced");
        assert!(matches!(file.look(false), Some(Err(Error::PolicyFile { .. }))));
        assert!(file.look(false).is_none(), "told once");
        assert!(matches!(file.look(true), Some(Err(Error::PolicyFile { .. }))));
        write(&text(3));
        assert_eq!(file.look(true).map(|policy| policy.map(roles).ok()), Some(Some(3)), "asked for, it is read at once");
    }
}
