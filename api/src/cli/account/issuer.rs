//! The issuers of the settings, found by what was typed.

use anyhow::bail;

use crate::config::{Authentication, Config};

/// What an issuer is wanted for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) enum Purpose {
    /// To name an account.
    Naming,
    /// To give one of its accounts a role.
    Granting,
}

pub(in crate::cli) struct Issuers(Vec<Known>);

struct Known {
    name: String,
    brings_roles: bool,
}

impl Issuers {
    pub(in crate::cli) fn of(config: &Config) -> Self {
        let named = config.authentication.issuers.iter();
        let mut known: Vec<Known> =
            named.map(|issuer| Known { name: issuer.issuer.clone(), brings_roles: issuer.trusted_for_roles }).collect();
        if config.authentication.dangerous_development_secret.is_some() {
            known.push(Known { name: Authentication::DEVELOPMENT_ISSUER.to_owned(), brings_roles: true });
        }
        Self(known)
    }

    /// The issuer of a person's account: of this name, or the only one.
    pub(in crate::cli) fn find_person(&self, name: Option<&str>) -> anyhow::Result<String> {
        if name == Some(Authentication::CLIENT_ISSUER) {
            bail!("clients do nothing here themselves; name the issuer of the account that does");
        }
        self.find(name, Purpose::Naming)
    }

    /// The issuer of this name, or the only one that signs tokens. Accounts of clients belong to
    /// [`Authentication::CLIENT_ISSUER`], which is known without being named in the settings.
    pub(in crate::cli) fn find(&self, name: Option<&str>, purpose: Purpose) -> anyhow::Result<String> {
        if name == Some(Authentication::CLIENT_ISSUER) {
            return Ok(Authentication::CLIENT_ISSUER.to_owned());
        }
        let names = || self.0.iter().map(|known| known.name.as_str()).collect::<Vec<_>>().join(", ");
        let found = match (name, self.0.as_slice()) {
            (_, []) => bail!("the settings name no issuer; accounts belong to one of authentication.issuers"),
            (None, [only]) => only,
            (None, _) => bail!("give --issuer: the settings name {}", names()),
            (Some(name), all) => match all.iter().find(|known| known.name == name) {
                Some(known) => known,
                None => {
                    let likeness = |known: &&Known| strsim::jaro_winkler(&known.name, name);
                    let near = all.iter().max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
                    let hint = near.map_or(String::new(), |near| format!("; did you mean {:?}?", near.name));
                    bail!("the settings name no issuer {name:?}{hint}");
                }
            },
        };
        if purpose == Purpose::Granting && found.brings_roles {
            bail!(
                "the tokens of {:?} bring their own roles (trusted_for_roles = true), so a role given here would not count; give it there",
                found.name
            );
        }
        Ok(found.name.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Sources;

    fn issuers(names: &[(&str, bool)]) -> Issuers {
        let table = |(name, trusted): &(&str, bool)| {
            format!("[[authentication.issuers]]\nissuer = \"{name}\"\naudience = \"a\"\njwks_file = \"f\"\ntrusted_for_roles = {trusted}\n")
        };
        let toml: String = names.iter().map(table).collect();
        Issuers::of(&Sources::default().text(&toml).read().expect("valid"))
    }

    #[test]
    fn the_only_issuer_needs_no_name_and_an_unknown_one_is_told_the_nearest() {
        let one = issuers(&[("https://login.example", false)]);
        assert_eq!(one.find(None, Purpose::Granting).expect("found"), "https://login.example");
        let text = one.find(Some("https://login.exampel"), Purpose::Naming).expect_err("refused").to_string();
        assert!(text.contains("did you mean \"https://login.example\"?"), "{text}");
        let two = issuers(&[("https://login.example", false), ("https://other.example", true)]);
        let text = two.find(None, Purpose::Naming).expect_err("refused").to_string();
        assert!(text.contains("--issuer") && text.contains("https://other.example"), "{text}");
        let text = issuers(&[]).find(None, Purpose::Naming).expect_err("refused").to_string();
        assert!(text.contains("authentication.issuers"), "{text}");
    }

    #[test]
    fn a_role_that_would_not_count_is_not_given() {
        let trusted = issuers(&[("https://login.example", true)]);
        assert!(trusted.find(None, Purpose::Naming).is_ok());
        let text = trusted.find(None, Purpose::Granting).expect_err("refused").to_string();
        assert!(text.contains("trusted_for_roles"), "{text}");
    }
}
