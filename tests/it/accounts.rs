//! Role assignments and revocations, on several servers that share one database.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use civigrid::clock::Clock;
use civigrid::config::{Config, Issuer};
use civigrid::http::authentication::{Audience, Claims, Kind, SigningKey, new_key_pair};
use civigrid::policy::Account;
use civigrid::store::Database;
use civigrid::store::accounts::{self, ChangeError, Deed, Ended, Grant, Revoked, Wanted};
use civigrid::store::regions;
use entities::codes::{Board, RegionLevel};
use entities::region_code::RegionCode;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use crate::harness::{self, App, Response, TestDatabase, Who};

const ISSUER: &str = "https://login.example";
/// What administrators are promised.
const SOON: Duration = Duration::from_secs(5);

/// An issuer whose tokens only say who asks, and a clock that the test moves.
struct Office {
    signer: SigningKey,
    directory: tempfile::TempDir,
    seconds: Arc<AtomicI64>,
}

impl Office {
    fn open() -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let (pem, jwks) = new_key_pair("main").expect("a key");
        std::fs::write(directory.path().join("jwks.json"), jwks).expect("written");
        let signer = SigningKey::from_pem(&pem, "main").expect("a private key");
        Self { signer, directory, seconds: Arc::default() }
    }

    async fn server(&self, database: &TestDatabase) -> App {
        let seconds = Arc::clone(&self.seconds);
        let now = move || harness::instant() + TimeDelta::seconds(seconds.load(Ordering::SeqCst));
        let file = self.directory.path().join("jwks.json");
        App::start_at(database, Clock::told(now, Config::default().zone), |config| {
            config.authentication.issuers = vec![Issuer {
                issuer: ISSUER.to_owned(),
                audience: "civigrid".to_owned(),
                jwks_file: Some(file),
                jwks_url: None,
                trusted_for_roles: false,
            }];
        })
        .await
    }

    fn now(&self) -> DateTime<Utc> {
        harness::instant() + TimeDelta::seconds(self.seconds.load(Ordering::SeqCst))
    }

    fn token(&self, subject: &str, jti: &str) -> Option<String> {
        let now = harness::instant().timestamp();
        let claims = Claims {
            iss: ISSUER.to_owned(),
            aud: Audience::One("civigrid".to_owned()),
            sub: subject.to_owned(),
            jti: jti.to_owned(),
            iat: now,
            exp: now + 36_000,
            nbf: now,
            kind: Kind::Person,
            person: None,
            client: None,
            assignments: Vec::new(),
        };
        Some(self.signer.sign(&claims).expect("signed"))
    }

    fn deed(&self, by: &str) -> Deed {
        Deed { by: account(by), reason: "for the test".to_owned(), now: self.now() }
    }

    /// A grant of a role to an account, given by the registrar.
    fn grant(&self, subject: &str, role: &str, regions: &[RegionCode]) -> Grant {
        Grant {
            account: account(subject),
            role: role.to_owned(),
            regions: regions.to_vec(),
            board: None,
            department: None,
            projects: Vec::new(),
            person: None,
            from: None,
            to: None,
            deed: self.deed("registrar"),
        }
    }
}

fn account(subject: &str) -> Account {
    Account { issuer: ISSUER.to_owned(), subject: subject.to_owned() }
}

fn roles() -> Vec<&'static str> {
    vec!["anonymous", "grid_worker", "community_secretary", "street_operator", "auditor", "administrator"]
}

fn community() -> RegionCode {
    Who::of("community_secretary").regions[0]
}

async fn give(database: &Database, grant: &Grant) -> Result<Vec<String>, String> {
    match accounts::grant(database, grant, &roles()).await {
        Ok(ids) => Ok(ids.iter().map(ToString::to_string).collect()),
        Err(error) => Err(error.to_string()),
    }
}

const QUESTION: &str = "{ me { assignments { role regions } } persons { totalCount } }";

/// Asks all servers until all answer as they should; how long that may take is promised.
async fn soon(servers: &[&App], token: &Option<String>, what: &str, right: impl Fn(&Response) -> bool) {
    let started = Instant::now();
    for server in servers {
        loop {
            let answer = server.with_token(token.clone()).query(QUESTION).await;
            if right(&answer) {
                break;
            }
            assert!(started.elapsed() < SOON, "{what}: {} {}", answer.status, answer.text);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

fn roles_of(answer: &Response) -> usize {
    answer.json["data"]["me"]["assignments"].as_array().map_or(usize::MAX, Vec::len)
}

#[tokio::test]
async fn grants_ends_and_revocations_act_on_every_server_within_seconds() {
    for database in harness::fresh_databases().await {
        let office = Office::open();
        let (one, other) = (office.server(&database).await, office.server(&database).await);
        let servers = [&one, &other];
        let store = database.open();
        let (token, second) = (office.token("li", "t1"), office.token("li", "t2"));
        for server in servers {
            let answer = server.with_token(token.clone()).query(QUESTION).await;
            assert_eq!((roles_of(&answer), &answer.data()["persons"]["totalCount"]), (0, &json!(0)), "nothing is given yet");
        }

        let to = office.now() + TimeDelta::seconds(100);
        let grant = Grant { to: Some(to), ..office.grant("li", "community_secretary", &[community()]) };
        give(&store, &grant).await.expect("given");
        soon(&servers, &token, "a grant", |answer| roles_of(answer) == 1).await;
        for (seconds, count) in [(99, 1), (100, 0), (99, 1), (101, 0)] {
            office.seconds.store(seconds, Ordering::SeqCst);
            for server in servers {
                let answer = server.with_token(token.clone()).query(QUESTION).await;
                assert_eq!(roles_of(&answer), count, "an end acts at its second, without waiting: {seconds}");
                assert_eq!(answer.data()["persons"]["totalCount"].as_u64() > Some(0), count == 1, "{seconds}");
            }
        }

        give(&store, &office.grant("li", "community_secretary", &[community()])).await.expect("given again");
        soon(&servers, &token, "another grant", |answer| roles_of(answer) == 1).await;
        let ended = Ended::Of(account("li"), Some("community_secretary".to_owned()));
        assert_eq!(accounts::end(&store, &ended, None, &office.deed("registrar")).await.expect("ended").len(), 1);
        soon(&servers, &token, "an end", |answer| answer.status == 200 && roles_of(answer) == 0).await;

        let malformed = one.with_token(Some("x.y.z".to_owned())).query(QUESTION).await.text;
        let revoked = Revoked::Token("t1".to_owned());
        accounts::revoke(&store, ISSUER, &revoked, None, &office.deed("registrar")).await.expect("revoked");
        soon(&servers, &token, "a revoked token", |answer| answer.status == 401 && answer.text == malformed).await;
        soon(&servers, &second, "another token of the account", |answer| answer.status == 200).await;
        let account_revoked = Revoked::Account("li".to_owned());
        accounts::revoke(&store, ISSUER, &account_revoked, None, &office.deed("registrar")).await.expect("revoked");
        soon(&servers, &second, "a revoked account", |answer| answer.status == 401 && answer.text == malformed).await;
        accounts::lift(&store, ISSUER, &account_revoked, &office.deed("registrar")).await.expect("lifted");
        soon(&servers, &second, "a lifted revocation", |answer| answer.status == 200).await;
        let answer = one.with_token(token.clone()).query(QUESTION).await;
        assert_eq!(answer.status, 401, "the token's own revocation holds on");
    }
}

#[tokio::test]
async fn nobody_gives_to_themselves_not_even_past_the_program() {
    for database in harness::fresh_databases().await {
        let office = Office::open();
        let store = database.open();
        let grant = Grant { deed: office.deed("li"), ..office.grant("li", "auditor", &[community()]) };
        assert!(give(&store, &grant).await.expect_err("refused").contains("cannot give roles to themselves"));
        // The same human under another account, as far as the register knows.
        let person = Who::of("resident").person;
        give(&store, &Grant { person, ..office.grant("li", "auditor", &[community()]) }).await.expect("given");
        let by_li = |grant: Grant| Grant { deed: office.deed("li"), ..grant };
        let grant = by_li(Grant { person, ..office.grant("li-too", "auditor", &[community()]) });
        assert!(give(&store, &grant).await.expect_err("refused").contains("themselves"));
        give(&store, &Grant { person, ..office.grant("li-too", "auditor", &[community()]) }).await.expect("given by somebody else");
        let grant = by_li(office.grant("li-too", "street_operator", &[community()]));
        assert!(give(&store, &grant).await.expect_err("refused").contains("themselves"));
        give(&store, &by_li(office.grant("zhao", "auditor", &[community()]))).await.expect("given to somebody else");

        let revoked = Revoked::Account("li".to_owned());
        accounts::revoke(&store, ISSUER, &revoked, None, &office.deed("registrar")).await.expect("revoked");
        let lifted = accounts::lift(&store, ISSUER, &revoked, &office.deed("li")).await;
        assert!(matches!(lifted, Err(ChangeError::Themselves(_))), "{lifted:?}");

        let connection = store.writer().await.expect("a connection");
        for statement in [
            "UPDATE role_assignments SET granted_by = subject, granted_by_issuer = issuer WHERE subject = 'zhao'",
            "UPDATE account_revocations SET lifted_by = subject, lifted_by_issuer = issuer, lift_reason = 'mine' WHERE subject = 'li'",
            "UPDATE role_assignments SET to_at = NULL, ended_by = 'x', ended_by_issuer = 'x', end_reason = 'x' WHERE subject = 'zhao'",
        ] {
            let error = connection.execute_unprepared(statement).await.expect_err(statement);
            assert!(error.to_string().to_lowercase().contains("check"), "{error}");
        }
        connection.close().await.expect("closed");
    }
}

#[tokio::test]
async fn a_wrong_word_is_told_with_the_nearest_right_one_and_changes_nothing() {
    for database in harness::fresh_databases().await {
        let office = Office::open();
        let store = database.open();
        let good = || office.grant("li", "auditor", &[community()]);
        let missing: RegionCode = format!("{}998", &community().to_string()[..9]).parse().expect("a code");
        let department = harness::rows().departments.iter().find(|row| row.board == Board::Services).expect("a department");
        let misspelt = department.name.replacen('局', "", 1).replacen('会', "", 1);
        let past = office.now() - TimeDelta::seconds(1);
        let cases: Vec<(Grant, String)> = vec![
            (Grant { role: "auditer".to_owned(), ..good() }, "there is no role \"auditer\"; did you mean \"auditor\"?".to_owned()),
            (Grant { role: "anonymous".to_owned(), ..good() }, "there is no role \"anonymous\"".to_owned()),
            (
                Grant { regions: vec![missing], ..good() },
                format!("there is no region \"{missing}\"; did you mean \"{}", &missing.to_string()[..9]),
            ),
            (Grant { department: Some(misspelt.clone()), ..good() }, format!("there is no department {misspelt:?}; did you mean")),
            (Grant { department: Some("department_00000000000000000000000007".to_owned()), ..good() }, "there is no department".to_owned()),
            (Grant { person: Some(uuid::Uuid::from_u128(7)), ..good() }, "there is no person".to_owned()),
            (Grant { account: account(""), ..good() }, "the subject must not be empty".to_owned()),
            (Grant { from: Some(past), ..good() }, "cannot be given for the past".to_owned()),
            (Grant { to: Some(office.now()), ..good() }, "the end must come after the beginning".to_owned()),
            (
                Grant { deed: Deed { reason: " ".to_owned(), ..office.deed("registrar") }, ..good() },
                "the reason must not be empty".to_owned(),
            ),
            (Grant { deed: office.deed(""), ..good() }, "(by) must not be empty".to_owned()),
        ];
        for (grant, words) in cases {
            let error = give(&store, &grant).await.expect_err(&words);
            assert!(error.contains(&words), "{error}");
        }
        let wanted = Wanted { subject: Some("li".to_owned()), ..Wanted::default() };
        assert!(accounts::assignments(&store, &wanted).await.expect("a list").is_empty());

        let ids =
            give(&store, &Grant { department: Some(department.name.clone()), ..good() }).await.expect("given by the department's name");
        let again = give(&store, &Grant { department: Some(department.id.to_string()), ..good() }).await.expect_err("held");
        assert!(again.contains(&ids[0]), "{again}");
        let nothing = accounts::end(&store, &Ended::Of(account("zhao"), None), None, &office.deed("registrar")).await;
        assert!(matches!(nothing, Err(ChangeError::Nothing(_))));
        let nothing = accounts::lift(&store, ISSUER, &Revoked::Token("t".to_owned()), &office.deed("registrar")).await;
        assert!(matches!(nothing, Err(ChangeError::Nothing(_))));
    }
}

#[tokio::test]
async fn an_end_only_comes_nearer_and_the_past_stays_as_it_was() {
    for database in harness::fresh_databases().await {
        let office = Office::open();
        let store = database.open();
        let at = |seconds| harness::instant() + TimeDelta::seconds(seconds);
        let two = [community(), community().at(RegionLevel::Street).expect("a street")];
        let grant = Grant { from: Some(at(10)), to: Some(at(100)), ..office.grant("li", "auditor", &two) };
        assert_eq!(give(&store, &grant).await.expect("given").len(), 2, "one row for each region");
        let wanted = Wanted { subject: Some("li".to_owned()), ..Wanted::default() };
        let ends = async || {
            let rows = accounts::assignments(&store, &wanted).await.expect("a list");
            rows.into_iter().map(|row| (row.from_at, row.to_at, row.ended_by)).collect::<Vec<_>>()
        };
        let registrar = office.deed("registrar");
        let later = accounts::end(&store, &Ended::Of(account("li"), None), Some(at(200)), &registrar).await;
        assert!(matches!(later, Err(ChangeError::Nothing(_))), "{later:?}");
        let past = accounts::end(&store, &Ended::Of(account("li"), None), Some(at(-1)), &registrar).await;
        assert!(matches!(past, Err(ChangeError::Times(_))), "{past:?}");
        assert_eq!(ends().await, vec![(at(10), Some(at(100)), None); 2]);
        accounts::end(&store, &Ended::Of(account("li"), None), Some(at(50)), &registrar).await.expect("ended");
        assert_eq!(ends().await, vec![(at(10), Some(at(50)), Some("registrar".to_owned())); 2]);
        // What has not begun never begins.
        accounts::end(&store, &Ended::Of(account("li"), None), None, &registrar).await.expect("ended");
        assert_eq!(ends().await, vec![(at(10), Some(at(10)), Some("registrar".to_owned())); 2]);
        let again = accounts::end(&store, &Ended::Of(account("li"), None), None, &registrar).await;
        assert!(matches!(again, Err(ChangeError::Nothing(_))));
        give(&store, &grant).await.expect("given anew");

        // A token's revocation is kept as long as the token could be used.
        let token = Revoked::Token("t".to_owned());
        let past = accounts::revoke(&store, ISSUER, &token, Some(at(-601)), &registrar).await;
        assert!(matches!(past, Err(ChangeError::Times(_))), "{past:?}");
        accounts::revoke(&store, ISSUER, &token, Some(at(60)), &registrar).await.expect("revoked");
        let again = accounts::revoke(&store, ISSUER, &token, Some(at(60)), &registrar).await;
        assert!(matches!(again, Err(ChangeError::AlreadyRevoked(_))), "{again:?}");
        accounts::revoke(&store, ISSUER, &token, None, &registrar).await.expect("revoked for longer");
        office.seconds.store(40 * 86_400, Ordering::SeqCst);
        accounts::revoke(&store, ISSUER, &Revoked::Token("u".to_owned()), None, &office.deed("registrar")).await.expect("revoked");
        let kept = accounts::revocations(&store, &Wanted::default()).await.expect("a list");
        assert_eq!(kept.len(), 2, "the one that ended long ago is forgotten: {kept:?}");
    }
}

#[tokio::test]
async fn the_register_is_read_by_those_who_give_those_who_oversee_and_those_who_hold() {
    const QUESTION: &str = "{ roleAssignments(first: 1000, filter: { subject: { eq: \"li\" } }) { totalCount \
        nodes { role subject reason grantedBy region { code } fromAt toAt } } }";
    for database in harness::fresh_databases().await {
        let office = Office::open();
        let store = database.open();
        let who = Who::of("resident");
        let grant = Grant { person: who.person, ..office.grant("li", "grid_worker", &[community()]) };
        give(&store, &grant).await.expect("given");
        let app = App::start(&database).await;
        for role in ["administrator", "auditor", "resident"] {
            let answer = app.of(role).query(QUESTION).await;
            let rows = &answer.data()["roleAssignments"]["nodes"];
            assert_eq!(rows.as_array().map(Vec::len), Some(1), "{role}: {}", answer.text);
            let row = json!({ "role": "grid_worker", "subject": "li", "reason": "for the test", "grantedBy": "registrar",
                "region": { "code": community().to_string() }, "fromAt": "2026-06-30T04:00:00.000000Z", "toAt": null });
            let expected: Value = row;
            assert_eq!(rows[0], expected, "{role}");
        }
        for role in ["grid_worker", "community_secretary", "street_operator", "district_officer", "integrator", "anonymous"] {
            let answer = app.of(role).query("{ roleAssignments { totalCount } }").await;
            assert_eq!(answer.data()["roleAssignments"]["totalCount"], 0, "{role}");
        }
        let elsewhere = Who { regions: vec!["500101000000".parse().expect("a code")], ..Who::of("auditor") };
        let counted = app.as_who(&elsewhere).query("{ roleAssignments(filter: { role: { eq: \"grid_worker\" } }) { totalCount } }").await;
        assert_eq!(counted.data()["roleAssignments"]["totalCount"], 0, "an auditor of another district");
    }
}

#[tokio::test]
async fn assignments_move_with_their_community() {
    for database in harness::fresh_databases().await {
        let office = Office::open();
        let store = database.open();
        let app = office.server(&database).await;
        let token = office.token("li", "t1");
        give(&store, &office.grant("li", "community_secretary", &[community()])).await.expect("given");
        soon(&[&app], &token, "a grant", |answer| roles_of(answer) == 1).await;
        let streets = harness::rows().cases.iter().filter_map(|case| case.region_code.at(RegionLevel::Street));
        let street = streets.into_iter().find(|street| !street.contains(community())).expect("another street");
        let moved = regions::move_region(&store, community(), street, office.now()).await.expect("it moves");
        soon(&[&app], &token, "a move", |answer| {
            answer.json["data"]["me"]["assignments"][0]["regions"][0] == json!(moved.code.to_string())
        })
        .await;
    }
}
