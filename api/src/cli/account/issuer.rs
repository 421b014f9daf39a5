//! The issuers of the settings, found by what was typed.

use anyhow::bail;

use crate::config::{Authentication, Config};

/// What an issuer is wanted for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// To name an account.
    Naming,
    /// To give one of its accounts a role.
    Granting,
}

pub(super) struct Issuers(Vec<Known>);

struct Known {
    name: String,
    brings_roles: bool,
}

impl Issuers {
    pub(super) fn of(config: &Config) -> Self {
        let named = config.authentication.issuers.iter();
        let mut known: Vec<Known> =
            named.map(|issuer| Known { name: issuer.issuer.clone(), brings_roles: issuer.trusted_for_roles }).collect();
        if config.authentication.dangerous_development_secret.is_some() {
            known.push(Known { name: Authentication::DEVELOPMENT_ISSUER.to_owned(), brings_roles: true });
        }
        Self(known)
    }

    /// The issuer of this name, or the only one.
    pub(super) fn find(&self, name: Option<String>, purpose: Purpose) -> anyhow::Result<String> {
        let names = || self.0.iter().map(|known| known.name.as_str()).collect::<Vec<_>>().join(", ");
        let found = match (&name, self.0.as_slice()) {
            (_, []) => bail!("the settings name no issuer; accounts belong to one of authentication.issuers"),
            (None, [only]) => only,
            (None, _) => bail!("give --issuer: the settings name {}", names()),
            (Some(name), all) => match all.iter().find(|known| known.name == *name) {
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
