//! `account` as it is typed: what it says when it may not, and what it warns of.

use civigrid::store::Backend;

use super::check::run;
use crate::harness::{self, Who, program};

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
        let url = format!("{before}//{role}@{host}");
        let said = account(&url, &["grant", "--subject", "li", "--role", "auditor"]);
        assert!(!said.success);
        let expected = "civigrid: the role that connects to the database may not do this: permission denied for table account_editions; \
            connect as one that may, by database.url or --database\n";
        assert_eq!(said.complaints, expected);
        // Whose shape is incomplete.
        run(&database, &["DELETE FROM seaql_migrations".to_owned()]).await;
        let migrated = program::run(&["migrate", "--database", &url], &[("CIVIGRID_LOG__FILTER", "off")]);
        let complaints = String::from_utf8_lossy(&migrated.stderr).into_owned();
        assert!(complaints.starts_with("civigrid: the role that connects to the database may not do this: "), "{complaints}");
        assert!(complaints.lines().count() == 1 && !complaints.contains("at line"), "{complaints}");
        run(&database, &[format!("DROP OWNED BY {role}"), format!("DROP ROLE {role}")]).await;
    }
}

#[tokio::test]
async fn a_role_that_gives_nothing_as_it_is_given_is_warned_of() {
    for database in harness::fresh_databases().await {
        let url = &database.url;
        let said = account(url, &["grant", "--subject", "li", "--role", "integrator"]);
        assert!(said.success, "{}", said.complaints);
        let expected = "civigrid: warning: \"integrator\" is given without the bounds that its grants ask for, so none of its 4 grants gives a \
            row; end it and give it with --region\n";
        assert_eq!(said.complaints, expected);
        let community = Who::of("community_secretary").regions[0].to_string();
        let said = account(url, &["grant", "--subject", "li", "--role", "integrator", "--region", &community]);
        assert!(said.success && said.complaints.is_empty(), "{}", said.complaints);
    }
}

#[tokio::test]
async fn an_account_that_was_never_seen_is_revoked_with_a_warning() {
    for database in harness::fresh_databases().await {
        let url = &database.url;
        let said = account(url, &["grant", "--subject", "li.jianguo", "--role", "administrator"]);
        assert!(said.success, "{}", said.complaints);
        let said = account(url, &["revoke", "--subject", "li.jiangou"]);
        let expected = "civigrid: warning: no account \"li.jiangou\" of https://login.example is known; tokens of it are refused from now on; \
            did you mean \"li.jianguo\"?\n";
        assert!(said.success && said.complaints == expected, "{}", said.complaints);
        let said = account(url, &["revoke", "--subject", "zhang"]);
        assert!(said.success && said.complaints.ends_with("refused from now on\n"), "{}", said.complaints);
        for words in [["revoke", "--subject", "li.jianguo"], ["revoke", "--jti", "t1"]] {
            let said = account(url, &words);
            assert!(said.success && said.complaints.is_empty(), "{words:?}: {}", said.complaints);
        }
    }
}
