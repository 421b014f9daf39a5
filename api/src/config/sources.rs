//! Where settings come from, and in which order.

use std::path::{Path, PathBuf};

use figment::providers::{Env, Format, Toml};
use figment::value::{Dict, Map, Value};
use figment::{Figment, Metadata, Profile, Provider};

use super::{Config, Error};

/// The file that is read if it is there and none is named.
const USUAL_FILE: &str = "civigrid.toml";

/// Secrets that may also be given as the name of a file, by the same key with `_file` at its end.
const SECRETS: &[(&str, &str)] = &[("database", "url"), ("authentication", "dangerous_development_secret")];

/// True if the path names a secret.
pub(super) fn is_secret(path: &str) -> bool {
    SECRETS.iter().any(|(section, key)| path.strip_prefix(section).and_then(|rest| rest.strip_prefix('.')) == Some(key))
}

/// Names with our prefix that are no settings: the configuration file itself, and a switch of the tests.
const NO_SETTINGS: &[&str] = &["config", "require_postgres"];

/// The sources of settings, weakest first.
#[derive(Default)]
pub struct Sources {
    figment: Figment,
}

impl Sources {
    /// The file (the named one, that of `CIVIGRID_CONFIG`, or `civigrid.toml` if it is there) and the environment.
    pub fn standard(file: Option<&Path>) -> Result<Self, Error> {
        let named = std::env::var_os("CIVIGRID_CONFIG").map(PathBuf::from);
        let path = match file.or(named.as_deref()) {
            Some(path) if !path.is_file() => return Err(Error::Missing(path.to_owned())),
            Some(path) => path.to_owned(),
            None => PathBuf::from(USUAL_FILE),
        };
        let mut figment = Figment::new();
        if path.is_file() {
            figment = figment.merge(SecretFiles(Toml::file_exact(path)));
        }
        let figment = figment.merge(SecretFiles(Env::prefixed("CIVIGRID_").ignore(NO_SETTINGS).split("__")));
        Ok(Self { figment })
    }

    /// Adds settings written as TOML.
    #[must_use]
    pub fn text(self, toml: &str) -> Self {
        Self { figment: self.figment.merge(SecretFiles(Toml::string(toml))) }
    }

    /// Adds settings that hold only where no other source names them: a command's own defaults.
    #[must_use]
    pub fn weaker(self, toml: &str) -> Self {
        Self { figment: self.figment.join(SecretFiles(Toml::string(toml))) }
    }

    /// Adds one setting, if it is given: a flag of the command line.
    #[must_use]
    pub fn flag(self, name: &str, value: Option<impl serde::Serialize>) -> Self {
        match value {
            Some(value) => Self { figment: self.figment.merge((name, value)) },
            None => self,
        }
    }

    /// Reads and checks the settings.
    pub fn read(&self) -> Result<Config, Error> {
        let config: Config = self.figment.extract()?;
        config.validate()?;
        Ok(config)
    }
}

/// Puts the text of `…_file` in the place of the secret, source by source, so that a later source still wins.
struct SecretFiles<P>(P);

impl<P: Provider> Provider for SecretFiles<P> {
    fn metadata(&self) -> Metadata {
        self.0.metadata()
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        let mut data = self.0.data()?;
        for dict in data.values_mut() {
            for (section, key) in SECRETS {
                read_secret(dict, section, key)?;
            }
        }
        Ok(data)
    }
}

fn read_secret(dict: &mut Dict, section: &str, key: &str) -> Result<(), String> {
    let Some(Value::Dict(_, section_dict)) = dict.get_mut(section) else { return Ok(()) };
    let file_key = format!("{key}_file");
    let Some(file) = section_dict.remove(&file_key) else { return Ok(()) };
    let name = file.as_str().ok_or_else(|| format!("{section}.{file_key}: must be the name of a file"))?;
    if section_dict.contains_key(key) {
        return Err(format!("{section}: give {key} or {file_key}, not both"));
    }
    let text = std::fs::read_to_string(name).map_err(|error| format!("{section}.{file_key}: cannot read {name}: {error}"))?;
    section_dict.insert(key.to_owned(), Value::from(text.trim_end()));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(toml: &str) -> String {
        Sources::default().text(toml).read().expect_err("refused").to_string()
    }

    #[test]
    fn an_unknown_key_is_refused_with_the_nearest_known() {
        let text = refusal("[server]\nlisten_adress = \"127.0.0.1:1\"");
        assert!(text.contains("server.listen_adress is not a setting; did you mean listen?"), "{text}");
        let text = refusal("[databse]\nurl = \"\"");
        assert!(text.contains("databse is not a setting; did you mean database?"), "{text}");
    }

    #[test]
    fn a_value_of_the_wrong_kind_is_named_by_its_path() {
        let text = refusal("[server]\nbody_bytes = \"many\"");
        assert!(text.contains("server.body_bytes"), "{text}");
        let text = refusal("zone = \"Mars/Olympus\"");
        assert!(text.contains("zone") && text.contains("Asia/Shanghai"), "{text}");
    }

    #[test]
    fn a_word_that_is_none_of_the_allowed_is_told_with_them() {
        let text = refusal("[log]\nformat = \"xml\"");
        assert!(text.contains("log.format: is \"xml\"; it can be json or text"), "{text}");
    }

    #[test]
    fn what_stands_in_a_secrets_place_is_not_repeated() {
        let text = refusal("[authentication]\ndangerous_development_secret = 1234567");
        assert!(text.contains("dangerous_development_secret") && !text.contains("1234567"), "{text}");
    }

    #[test]
    fn all_contradictions_are_named_at_once_and_no_secret_is_repeated() {
        let text = refusal("[server]\nbody_bytes = 0\n[database]\nurl = \"mysql://root:hunter2@host\"");
        assert!(text.contains("server.body_bytes") && text.contains("database.url") && !text.contains("hunter2"), "{text}");
    }

    #[test]
    fn a_secret_may_stand_in_a_file_and_a_flag_wins() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("url");
        std::fs::write(&path, "sqlite:from-file.sqlite\n").expect("written");
        let toml = format!("[database]\nurl_file = {:?}", path.display().to_string());
        let sources = Sources::default().text(&toml);
        assert_eq!(sources.read().expect("valid").database.url.expose(), "sqlite:from-file.sqlite");
        let sources = sources.flag("database.url", Some("sqlite:from-flag.sqlite"));
        assert_eq!(sources.read().expect("valid").database.url.expose(), "sqlite:from-flag.sqlite");
        let text = refusal(&format!("{toml}\nurl = \"sqlite:x\""));
        assert!(text.contains("not both"), "{text}");
    }
}
