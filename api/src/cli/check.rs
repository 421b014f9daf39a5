//! `civigrid serve --check`: whether the settings can be used, and what is not safe for production in them, in the files they name
//! and in the database.

use std::path::Path;
use std::process::ExitCode;

use super::console::Console;
use super::logging;
use crate::app;
use crate::config::{Authentication, Config, Danger, Finding, NamedFile};
use crate::http::authentication::Authenticator;
use crate::policy::Policy;
use crate::store::rights::{Rights, rights};

/// The exit code if something is dangerous; 1 and 2 say that nothing could be checked.
const DANGEROUS: u8 = 3;

/// Prints every finding, or all that keeps a server from starting. `files` are those of the settings; without `database` nobody
/// is asked there.
pub(super) async fn check(config: &Config, files: &[NamedFile], database: bool, console: &mut Console) -> ExitCode {
    let unusable = unusable(config);
    if !unusable.is_empty() {
        for problem in unusable {
            console.complain(format_args!("the settings cannot be used: {problem:#}"));
        }
        return ExitCode::FAILURE;
    }
    let mut findings = config.findings();
    findings.extend(app::policy(config).iter().flat_map(|policy| of_policy(config, policy)));
    findings.extend(of_files(config, files));
    if database {
        findings.extend(of_database(config).await);
    }
    for Finding { danger, setting, text } in &findings {
        let word = match danger {
            Danger::Dangerous => "dangerous",
            Danger::Advice => "advice",
        };
        console.line(format_args!("{word}: {setting} {text}"));
    }
    let dangerous = findings.iter().filter(|finding| finding.danger == Danger::Dangerous).count();
    console.line(format_args!("{dangerous} dangerous, {} to think about", findings.len() - dangerous));
    if dangerous == 0 { ExitCode::SUCCESS } else { ExitCode::from(DANGEROUS) }
}

/// What a server with these settings would refuse when it starts, whatever its database says: each read as the server reads it.
fn unusable(config: &Config) -> Vec<anyhow::Error> {
    let Authentication { issuers, .. } = &config.authentication;
    // Each issuer by itself, so that all unusable key files are told of at once.
    let keys = issuers.iter().filter_map(|issuer| {
        let alone = Authentication { issuers: vec![issuer.clone()], ..config.authentication.clone() };
        Authenticator::new(&alone, std::iter::empty()).err().map(anyhow::Error::from)
    });
    let policy = app::policy(config).err().map(anyhow::Error::from);
    logging::filter(&config.log).err().into_iter().chain(policy).chain(keys).collect()
}

/// What the policy speaks of and the settings do not allow.
fn of_policy(config: &Config, policy: &Policy) -> Vec<Finding> {
    let finding = |setting: &str, text: &str| Finding { danger: Danger::Advice, setting: setting.to_owned(), text: text.to_owned() };
    let mut findings = Vec::new();
    if policy.has_emergencies() && config.break_glass.notify_url.is_none() {
        let text = "is not set: roles of the policy may break the glass, but nobody would be told, so nobody is given emergency access";
        findings.push(finding("break_glass.notify_url", text));
    }
    if policy.has_matches() && config.privacy.key.is_none() {
        let text = "is not set: roles of the policy may look up persons, but it could not be recorded, so nobody is found";
        findings.push(finding("privacy.key", text));
    }
    findings
}

/// What is wrong with the rights to the files that decide who sees what.
fn of_files(config: &Config, files: &[NamedFile]) -> Vec<Finding> {
    let mut files = files.to_vec();
    let plain = |setting: &str, path: &Path| NamedFile { setting: setting.to_owned(), path: path.to_owned(), secret: false };
    files.extend(config.policy_file.as_deref().map(|path| plain("policy_file", path)));
    let keys = config.authentication.issuers.iter().filter_map(|issuer| issuer.jwks_file.as_deref());
    files.extend(keys.map(|path| plain("authentication.issuers.jwks_file", path)));
    files.iter().flat_map(of_file).collect()
}

#[cfg(unix)]
fn of_file(file: &NamedFile) -> Vec<Finding> {
    use std::os::unix::fs::PermissionsExt as _;
    let NamedFile { setting, path, secret } = file;
    let finding = |text: String| Finding { danger: Danger::Dangerous, setting: setting.clone(), text };
    let mode = match std::fs::metadata(path) {
        Ok(file) => file.permissions().mode(),
        Err(error) => return vec![finding(format!("names {}, which cannot be read: {error}", path.display()))],
    };
    let mut findings = Vec::new();
    if mode & 0o022 != 0 {
        let text = "can be changed by others than its owner, who could then decide who sees what; chmod go-w";
        findings.push(finding(format!("names {}, which {text}", path.display())));
    }
    if *secret && mode & 0o004 != 0 {
        findings.push(finding(format!("names {}, which holds a secret and can be read by everyone; chmod o-r", path.display())));
    }
    findings
}

#[cfg(not(unix))]
fn of_file(_: &NamedFile) -> Vec<Finding> {
    Vec::new()
}

async fn of_database(config: &Config) -> Vec<Finding> {
    let asked = match app::database(config) {
        Ok(database) => rights(&database).await,
        Err(error) => Err(error),
    };
    match asked {
        Ok(Some(rights)) => of_rights(&rights, config.audit.enabled),
        Ok(None) => Vec::new(),
        Err(error) => {
            let text = format!("cannot be asked what its role may do ({error}); --offline leaves the question out");
            vec![Finding { danger: Danger::Dangerous, setting: "database.url".to_owned(), text }]
        }
    }
}

fn of_rights(rights: &Rights, audited: bool) -> Vec<Finding> {
    let Rights {
        superuser,
        privileged,
        writable,
        unwritable,
        creates,
        encrypted,
        logs_values,
        encoding,
        records,
        rewrites_records,
        outdated,
    } = rights;
    let mut findings = Vec::new();
    let mut found = |danger, text: String| findings.push(Finding { danger, setting: "database.url".to_owned(), text });
    use Danger::{Advice, Dangerous};
    if *superuser {
        found(Dangerous, "connects as a superuser; serve needs a role that reads, and adds to the audit log".to_owned());
    } else {
        if *privileged {
            found(Dangerous, "connects as a role that may make roles or databases, or passes by row security".to_owned());
        }
        if let [first, rest @ ..] = writable.as_slice() {
            let more = if rest.is_empty() { String::new() } else { format!(" and {} more tables", rest.len()) };
            let text = "beside the tables of changes serve needs SELECT, and what adds to the audit log";
            found(Dangerous, format!("connects as a role that may change {first}{more}; {text}"));
        }
        if !unwritable.is_empty() {
            let text = "callers then ask for no agreement, take no emergency access and look up nobody";
            found(Advice, format!("connects as a role that may not change {}; {text}", unwritable.join(", ")));
        }
        if *creates {
            found(Advice, "connects as a role that may make tables; REVOKE CREATE ON SCHEMA public FROM it".to_owned());
        }
    }
    if audited && !*records && !*superuser && !*outdated {
        let text = "connects as a role that cannot write the audit log, so that no personal data would be given; docs/administrator.md has the grants";
        found(Dangerous, text.to_owned());
    }
    if *rewrites_records && !*superuser {
        found(Dangerous, "connects as a role that may change what stands in the audit log; it needs to add to it only".to_owned());
    }
    if *encrypted == Some(false) {
        found(Dangerous, "reaches the database over the network without encryption; add sslmode=verify-full".to_owned());
    }
    if *logs_values {
        let text = "leads to a server that writes the values of statements to its own log; set log_parameter_max_length = 0";
        found(Advice, text.to_owned());
    }
    if let Some(encoding) = encoding {
        found(Dangerous, format!("leads to a database in {encoding}; it must be UTF8"));
    }
    if *outdated {
        found(Advice, "leads to a database whose shape is not up to date; run civigrid migrate".to_owned());
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_that_only_reads_an_up_to_date_database_is_safe() {
        let safe = Rights { records: true, ..Rights::default() };
        assert_eq!(of_rights(&safe, true), []);
        assert_eq!(of_rights(&Rights::default(), false), []);
        assert_eq!(of_rights(&Rights::default(), true).len(), 1, "it would give nothing personal");
        let all = Rights {
            superuser: false,
            privileged: true,
            writable: vec!["cases".to_owned(), "persons".to_owned()],
            unwritable: vec!["agreements".to_owned()],
            creates: true,
            encrypted: Some(false),
            logs_values: true,
            encoding: Some("LATIN1".to_owned()),
            records: true,
            rewrites_records: true,
            outdated: true,
        };
        assert_eq!(of_rights(&all, true).len(), 9);
        assert_eq!(of_rights(&Rights { superuser: true, ..Rights::default() }, true).len(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn files_that_others_change_or_secrets_that_others_read_are_dangerous() {
        use std::os::unix::fs::PermissionsExt as _;
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("secret");
        std::fs::write(&path, "x").expect("written");
        for (mode, secret, count) in
            [(0o600, true, 0), (0o640, true, 0), (0o644, true, 1), (0o644, false, 0), (0o664, false, 1), (0o646, true, 2)]
        {
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).expect("it is ours");
            let file = NamedFile { setting: "x".to_owned(), path: path.clone(), secret };
            assert_eq!(of_file(&file).len(), count, "{mode:o} {secret}");
        }
        let gone = NamedFile { setting: "x".to_owned(), path: directory.path().join("gone"), secret: true };
        assert!(of_file(&gone)[0].text.contains("cannot be read"));
    }
}
