//! `account` as it is typed: what it says when it may not, and what it warns of.

use civigrid::store::Backend;

use super::check::run;
use crate::harness::{self, program};

/// What a command of accounts said.
struct Said {
    success: bool,
    complaints: String,
}

/// Runs `account` on a database, with two issuers' settings.
fn account(url: &str, arguments: &[&str]) -> Said {
    let file = program::directory("accounts").join("settings.toml");
    let issuer =
        "[[authentication.issuers]]\nissuer = \"https://login.example\"\naudience = \"a\"\njwks_file = \"f\"\ntrusted_for_roles = false\n";
    std::fs::write(&file, format!("[log]\nfilter = \"warn\"\n{issuer}")).expect("the workplace can be written to");
    let file = file.display().to_string();
    let deed = ["--by", "registrar", "--reason", "for the test", "--config", &file];
    let output = program::run(&[&["account"], arguments, &deed].concat(), &[("CIVIGRID_DATABASE__URL", url)]);
    Said { success: output.status.success(), complaints: String::from_utf8_lossy(&output.stderr).into_owned() }
}

#[tokio::test]
async fn a_role_of_the_database_that_may_not_write_is_told_so_once() {
    for database in harness::fresh_databases().await.into_iter().filter(|database| database.backend == Backend::Postgres) {
        let role = format!("only_reads_{}", std::process::id());
        run(&database, &[format!("CREATE ROLE {role} LOGIN"), format!("GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}")]).await;
        let (before, host) =
            database.url.split_once("//").and_then(|(scheme, rest)| Some((scheme, rest.split_once('@')?.1))).expect("a user");
        let said = account(&format!("{before}//{role}@{host}"), &["grant", "--subject", "li", "--role", "auditor"]);
        assert!(!said.success);
        let expected = "civigrid: the role that connects to the database may not do this: permission denied for table account_editions; \
            connect as one that may, by database.url or --database\n";
        assert_eq!(said.complaints, expected);
        run(&database, &[format!("DROP OWNED BY {role}"), format!("DROP ROLE {role}")]).await;
    }
}
