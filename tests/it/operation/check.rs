//! `serve --check` and `health`: what they say, and the exit codes that scripts rely on.

use std::os::unix::fs::PermissionsExt;

use civigrid::http::authentication::new_key_pair;
use civigrid::store::Backend;
use sea_orm::{ConnectionTrait, Statement};

use crate::harness::{self, Program, TestDatabase, program};

/// The exit code and what was said.
fn check(arguments: &[&str], variables: &[(&str, &str)]) -> (i32, String) {
    let output = program::run(&[&["serve", "--check"][..], arguments].concat(), variables);
    let text = [output.stdout, output.stderr].concat();
    (output.status.code().expect("it ends by itself"), String::from_utf8_lossy(&text).into_owned())
}

#[test]
fn the_exit_code_tells_safe_from_dangerous_from_unusable() {
    let (code, text) = check(&["--offline"], &[]);
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("advice: authentication.issuers is empty") && text.ends_with("0 dangerous, 6 to think about\n"), "{text}");
    assert!(text.contains("advice: break_glass.notify_url is not set") && text.contains("advice: privacy.key is not set: roles"), "{text}");
    let secret = "a secret of at least thirty-two bytes";
    let (code, text) = check(&["--offline"], &[("CIVIGRID_AUTHENTICATION__DANGEROUS_DEVELOPMENT_SECRET", secret)]);
    assert_eq!(code, 3, "{text}");
    assert!(text.contains("dangerous: authentication.dangerous_development_secret ") && !text.contains(secret), "{text}");
    let (code, text) = check(&["--offline"], &[("CIVIGRID_SERVER__LISTEN", "0.0.0.0:8080")]);
    assert!(code == 3 && text.contains("dangerous: server.listen "), "{text}");
    let (code, text) = check(&["--offline"], &[("CIVIGRID_AUDIT__ENABLED", "false")]);
    assert!(code == 3 && text.contains("dangerous: audit.enabled is false"), "{text}");
    assert!(check(&["--offline"], &[]).1.contains("advice: audit.checkpoint_key_file is not set"));
    let behind = [("CIVIGRID_SERVER__LISTEN", "0.0.0.0:8080"), ("CIVIGRID_SERVER__TLS_IN_FRONT", "true")];
    let (code, text) = check(&["--offline"], &behind);
    assert!(code == 0 && text.contains("advice: server.metrics "), "{text}");
    let (code, text) = check(&["--offline"], &[("CIVIGRID_SERVER__BODY_BYTES", "0")]);
    assert!(code == 1 && text.contains("server.body_bytes"), "{text}");
    assert_eq!(check(&["--nonsense"], &[]).0, 2);
    // A port that nobody listens on: what cannot be asked is not taken for safe.
    let (code, text) = check(&[], &[("CIVIGRID_DATABASE__URL", "postgres://nobody:hunter2@127.0.0.1:1/none")]);
    assert!(code == 3 && text.contains("cannot be asked") && !text.contains("hunter2"), "{text}");
}

#[test]
fn what_a_server_would_refuse_is_refused_with_all_its_reasons() {
    let directory = program::directory("unusable");
    let write = |name: &str, text: &str| {
        let path = directory.join(name);
        std::fs::write(&path, text).expect("the workplace can be written to");
        path.display().to_string()
    };
    let (pem, _) = new_key_pair("main").expect("a key");
    let pem = write("key.pem", &pem);
    let private = write("private.json", r#"{ "keys": [{ "kty": "OKP", "crv": "Ed25519", "kid": "main", "x": "AA", "d": "hunter2" }] }"#);
    let policy = write(
        "policy.toml",
        "version = 1\n[role.clerk]\ntitle = \"Clerk\"\n[[role.clerk.grant]]\nregister = \"persn\"\nrows = [\"all\"]\n",
    );
    let issuer = |name: &str, file: &str| {
        format!("[[authentication.issuers]]\nissuer = \"{name}\"\naudience = \"a\"\njwks_file = {file:?}\ntrusted_for_roles = false\n")
    };
    let issuers = [issuer("one", &pem), issuer("two", &private)].concat();
    let settings = write("settings.toml", &format!("policy_file = {policy:?}\n[log]\nfilter = \"a=b=c\"\n{issuers}"));
    let (code, text) = check(&["--offline", "--config", &settings], &[]);
    assert_eq!(code, 1, "{text}");
    for reason in [
        "policy.toml:5: unknown register \"persn\"; did you mean \"person\"?",
        "key.pem cannot be used: it is no JWKS, at line 1",
        "private.json cannot be used: keys[0]: it holds a private key",
        "log.filter: \"a=b=c\" cannot be read",
    ] {
        assert!(text.contains(reason), "{reason}\n{text}");
    }
    assert_eq!(text.matches("the settings cannot be used: ").count(), 4, "{text}");
    assert!(!text.contains("hunter2") && !text.contains("0 dangerous"), "{text}");
    let serve = program::run(&["serve", "--config", &settings], &[]);
    assert_eq!(serve.status.code(), Some(1), "the server refuses them too");
}

#[test]
fn files_that_others_may_read_or_change_are_found() {
    let directory = program::directory("check");
    let write = |name: &str, text: &str, mode: u32| {
        let path = directory.join(name);
        std::fs::write(&path, text).expect("the workplace can be written to");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).expect("it is ours");
        path.display().to_string()
    };
    let url = write("url", "postgres://civigrid:hunter2@localhost/civigrid\n", 0o644);
    let policy = write("policy.toml", "version = 1\n", 0o666);
    let settings = write("settings.toml", &format!("policy_file = {policy:?}\n[database]\nurl_file = {url:?}\n"), 0o644);
    let (code, text) = check(&["--offline", "--config", &settings], &[]);
    assert_eq!(code, 3, "{text}");
    assert!(text.contains("dangerous: database.url_file names ") && text.contains("dangerous: policy_file names "), "{text}");
    assert!(!text.contains("--config names") && !text.contains("hunter2"), "settings without a secret may be read: {text}");
    for (path, mode) in [(&url, 0o640), (&policy, 0o644)] {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("it is ours");
    }
    assert_eq!(check(&["--offline", "--config", &settings], &[]).0, 0);
    let settings = write("secret.toml", "[database]\nurl = \"postgres://civigrid:hunter2@localhost/civigrid\"\n", 0o644);
    let (code, text) = check(&["--offline", "--config", &settings], &[]);
    assert!(code == 3 && text.contains("dangerous: --config names ") && !text.contains("hunter2"), "{text}");
}

/// Runs statements, one after the other.
pub(crate) async fn run(database: &TestDatabase, statements: &[String]) {
    let writer = database.open().writer().await.expect("a connection");
    for statement in statements {
        let statement = Statement::from_string(writer.get_database_backend(), statement.clone());
        writer.execute_raw(statement).await.expect("it is done");
    }
    writer.close().await.expect("closed");
}

#[tokio::test]
async fn the_rights_of_the_databases_role_are_looked_at() {
    for database in harness::fresh_databases().await {
        let (code, text) = check(&[], &[("CIVIGRID_DATABASE__URL", &database.url)]);
        assert_eq!(code, 3, "{text}");
        if database.backend == Backend::Sqlite {
            assert!(text.contains("dangerous: database.url is SQLite"), "{text}");
            continue;
        }
        assert!(text.contains("connects as a superuser"), "{text}");
        let role = format!("reader_{}", std::process::id());
        let grants = [format!("CREATE ROLE {role} LOGIN"), format!("GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}")];
        run(&database, &grants).await;
        let (before, host) =
            database.url.split_once("//").and_then(|(scheme, rest)| Some((scheme, rest.split_once('@')?.1))).expect("a user");
        let url = format!("{before}//{role}@{host}");
        let (code, text) = check(&[], &[("CIVIGRID_DATABASE__URL", &url)]);
        assert!(code == 3 && text.contains("a role that cannot write the audit log"), "{text}");
        let grants = [
            format!("GRANT INSERT ON audit_batches, audit_records, audit_accesses, audit_touches, audit_checkpoints TO {role}"),
            format!("GRANT UPDATE (number, hash) ON audit_batches TO {role}"),
            format!("GRANT UPDATE ON audit_chain TO {role}"),
            format!("GRANT USAGE ON SEQUENCE audit_drawn TO {role}"),
        ];
        run(&database, &grants).await;
        let (code, text) = check(&[], &[("CIVIGRID_DATABASE__URL", &url)]);
        assert!(code == 0 && text.ends_with("0 dangerous, 7 to think about\n"), "{text}");
        run(&database, &[format!("GRANT DELETE ON audit_batches TO {role}")]).await;
        let (code, text) = check(&[], &[("CIVIGRID_DATABASE__URL", &url)]);
        assert!(code == 3 && text.contains("may change what stands in the audit log"), "{text}");
        run(&database, &[format!("REVOKE DELETE ON audit_batches FROM {role}")]).await;
        assert!(text.contains("may not change account_editions, agreements, "), "{text}");
        run(&database, &[format!("GRANT INSERT, UPDATE ON agreements, notices TO {role}")]).await;
        run(&database, &[format!("GRANT INSERT, UPDATE ON client_usages TO {role}")]).await;
        let (code, text) = check(&[], &[("CIVIGRID_DATABASE__URL", &url)]);
        assert!(code == 0 && text.contains("may not change account_editions, change_keys, "), "{text}");
        run(&database, &[format!("GRANT UPDATE ON persons TO {role}")]).await;
        let (code, text) = check(&[], &[("CIVIGRID_DATABASE__URL", &url)]);
        assert!(code == 3 && text.contains("a role that may change persons"), "{text}");
        run(&database, &[format!("DROP OWNED BY {role}"), format!("DROP ROLE {role}")]).await;
    }
}

#[tokio::test]
async fn health_asks_the_running_server() {
    for database in harness::databases().await {
        let mut program = Program::serve(&database, "").await;
        let server = program.address().to_owned();
        for arguments in [&["health", "--server", &server][..], &["health", "--live", "--server", &server]] {
            let output = program::run(arguments, &[]);
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        }
        let by_settings = program::run(&["health"], &[("CIVIGRID_SERVER__LISTEN", &server.replace("127.0.0.1", "0.0.0.0"))]);
        assert!(by_settings.status.success(), "{}", String::from_utf8_lossy(&by_settings.stderr));
        program.stop();
        let output = program::run(&["health", "--server", &server], &[]);
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.code() == Some(1) && told.contains("does not answer"), "{told}");
    }
}
