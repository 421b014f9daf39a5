//! Where settings come from, and in which order.

use std::path::{Path, PathBuf};

use figment::error::Kind;
use figment::providers::{Env, Format, Toml};
use figment::value::{Dict, Map, Value};
use figment::{Figment, Metadata, Profile, Provider};

use super::{Config, Error};

/// The file that is read if it is there and none is named.
const USUAL_FILE: &str = "civigrid.toml";

/// Secrets that may also be given as the name of a file, by the same key with `_file` at its end.
const SECRETS: &[(&str, &str)] =
    &[("database", "url"), ("authentication", "dangerous_development_secret"), ("privacy", "key"), ("audit", "variables_secret")];

/// True if the path names a secret.
pub(super) fn is_secret(path: &str) -> bool {
    SECRETS.iter().any(|(section, key)| path.strip_prefix(section).and_then(|rest| rest.strip_prefix('.')) == Some(key))
}

/// True if the section knows the key.
pub(super) fn is_setting(section: &str, key: &str) -> bool {
    let path = format!("{section}.{key}");
    // A secret can also be given by the name of a file, which no type of the settings knows.
    if path.strip_suffix("_file").is_some_and(is_secret) {
        return true;
    }
    // A value of no right type is refused, but not as unknown: only the section itself can tell.
    match Figment::new().merge((path.as_str(), ())).extract::<Config>() {
        Ok(_) => true,
        Err(error) => error.into_iter().all(|one| !matches!(one.kind, Kind::UnknownField(..)) && one.path.join(".") == path),
    }
}

/// Names with our prefix that are no settings: the configuration file itself, and a switch of the tests.
const NO_SETTINGS: &[&str] = &["config", "require_postgres"];

/// The sources of settings, weakest first.
#[derive(Default)]
pub struct Sources {
    figment: Figment,
    files: Vec<NamedFile>,
}

/// A file that settings come from or name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedFile {
    /// The setting that names it; `--config` for the settings' own file.
    pub setting: String,
    /// Where it is.
    pub path: PathBuf,
    /// True if who reads it learns a secret.
    pub secret: bool,
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
        let mut files = Vec::new();
        if path.is_file() {
            let file = Toml::file_exact(&path);
            let data = file.data().map_err(Error::from)?;
            files.push(NamedFile { setting: "--config".to_owned(), secret: data.values().any(holds_secret), path });
            files.extend(data.values().flat_map(secret_files));
            figment = figment.merge(SecretFiles(file));
        }
        let environment = Env::prefixed("CIVIGRID_").ignore(NO_SETTINGS).split("__");
        files.extend(environment.data().map_err(Error::from)?.values().flat_map(secret_files));
        let figment = figment.merge(SecretFiles(environment));
        Ok(Self { figment, files })
    }

    /// The settings' own file and the files of secrets, as far as they are named.
    pub fn files(&self) -> &[NamedFile] {
        &self.files
    }

    /// Adds settings written as TOML.
    #[must_use]
    pub fn text(self, toml: &str) -> Self {
        Self { figment: self.figment.merge(SecretFiles(Toml::string(toml))), ..self }
    }

    /// Adds settings that hold only where no other source names them: a command's own defaults.
    #[must_use]
    pub fn weaker(self, toml: &str) -> Self {
        Self { figment: self.figment.join(SecretFiles(Toml::string(toml))), ..self }
    }

    /// Adds one setting, if it is given: a flag of the command line.
    #[must_use]
    pub fn flag(self, name: &str, value: Option<impl serde::Serialize>) -> Self {
        match value {
            Some(value) => Self { figment: self.figment.merge((name, value)), ..self },
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

/// True if a secret stands in the settings themselves. An address without a password is none.
fn holds_secret(dict: &Dict) -> bool {
    SECRETS.iter().any(|(section, key)| {
        let Some(Value::Dict(_, section)) = dict.get(*section) else { return false };
        let Some(text) = section.get(*key).and_then(Value::as_str) else { return false };
        match text.split_once("://") {
            Some((_, rest)) => rest.split_once('@').is_some_and(|(user, _)| user.contains(':')),
            None => !text.starts_with("sqlite:"),
        }
    })
}

/// The files of secrets that the settings name.
fn secret_files(dict: &Dict) -> Vec<NamedFile> {
    let file_of = |(section, key): &(&str, &str)| {
        let Some(Value::Dict(_, settings)) = dict.get(*section) else { return None };
        let name = settings.get(&format!("{key}_file")).and_then(Value::as_str)?;
        Some(NamedFile { setting: format!("{section}.{key}_file"), path: PathBuf::from(name), secret: true })
    };
    SECRETS.iter().filter_map(file_of).collect()
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
        assert!(text.contains("server.body_bytes: must be a whole number, 0 or more; here stands a text"), "{text}");
        let text = refusal("zone = \"Mars/Olympus\"");
        assert!(text.contains("zone") && text.contains("Asia/Shanghai"), "{text}");
    }

    #[test]
    fn what_would_be_right_is_said_in_words_of_the_settings() {
        for (toml, expected) in [
            ("[server]\nbody_bytes = -1", "server.body_bytes: must be a whole number, 0 or more; here stands -1"),
            ("[database]\nmax_connections = 5000000000", "must be a whole number from 0 to 4294967295; here stands 5000000000"),
            ("[server]\nmetrics = \"yes\"", "server.metrics: must be true or false; here stands a text"),
            (
                "[server]\nlisten = 8080",
                "server.listen: must be an address and a port in quotes, like \"127.0.0.1:8080\"; here stands 8080",
            ),
            ("[server]\nlisten = \"here\"", "server.listen: must be an address and a port in quotes, like \"127.0.0.1:8080\""),
            ("[server]\ncors_origins = true", "server.cors_origins: must be a list in square brackets; here stands true"),
            ("[traces]\nshare = \"all\"", "traces.share: must be a number; here stands a text"),
            ("policy_file = 1", "policy_file: must be the name of a file in quotes; here stands 1"),
            ("database = \"postgres://root:hunter2@host\"", "database: must be a table of settings; here stands a text"),
        ] {
            let text = refusal(toml);
            assert!(text.contains(expected) && !text.contains("hunter2"), "{text}");
        }
    }

    #[test]
    fn a_setting_without_its_section_is_told_where_it_belongs() {
        assert!(refusal("rate_limit_burst = 3").contains("rate_limit_burst is not a setting; did you mean burst under [rate_limit]?"));
        assert!(refusal("policy_file_name = 3").contains("policy_file_name is not a setting; did you mean policy_file?"));
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
