//! Applications on accounts of their own: their keys, limits and documents, on several servers that share one database.

mod commands;
mod documents;
mod limits;
mod recorded;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use civigrid::clock::Clock;
use civigrid::config::{Authentication, Config};
use civigrid::policy::Account;
use civigrid::store::Database;
use civigrid::store::accounts::{self, Deed, Grant};
use civigrid::store::clients::{self, Application, ClientError, NewKey, Owner, digest_of, digest_text};
use entities::region_code::RegionCode;
use serde_json::json;

use crate::harness::{self, App, Response, TestDatabase, Who};
use crate::masked::for_purpose;

const ISSUER: &str = Authentication::DEVELOPMENT_ISSUER;
/// What administrators are promised.
const SOON: Duration = Duration::from_secs(5);
const QUESTION: &str = "{ me { kind subject client assignments { role } } cases { totalCount } }";

/// A clock that the test moves.
#[derive(Default)]
struct Time(Arc<AtomicI64>);

impl Time {
    async fn server(&self, database: &TestDatabase) -> App {
        self.server_with(database, |_| ()).await
    }

    async fn server_with(&self, database: &TestDatabase, change: fn(&mut Config)) -> App {
        let seconds = Arc::clone(&self.0);
        let now = move || harness::instant() + TimeDelta::seconds(seconds.load(Ordering::SeqCst));
        App::start_at(database, Clock::told(now, Config::default().zone), change).await
    }

    fn deed(&self, by: &str) -> Deed {
        let now = harness::instant() + TimeDelta::seconds(self.0.load(Ordering::SeqCst));
        Deed { by: Account { issuer: ISSUER.to_owned(), subject: by.to_owned() }, reason: "for the test".to_owned(), now }
    }

    fn application(&self, name: &str) -> Application {
        Application {
            name: name.to_owned(),
            owner: Owner { account: Some(Account { issuer: ISSUER.to_owned(), subject: "owner".to_owned() }), department: None },
            contract: Some("CQ-1".to_owned()),
            purposes: vec!["CONTRACT".to_owned()],
            from: None,
            to: None,
            requests_per_day: None,
            page_size: None,
            node_budget: None,
            trusted_documents_only: false,
            deed: self.deed("registrar"),
        }
    }

    /// Registers an application with an integrator's role and a key.
    async fn admitted(&self, store: &Database, application: Application) -> Admitted {
        let id = clients::register(store, &application).await.expect("registered").to_string();
        self.grant(store, &id, "granter").await.expect("given");
        let NewKey { id: key_id, text } = self.key(store, &application.name, "keeper").await.expect("made");
        Admitted { id, key_id: key_id.to_string(), key: Some(text) }
    }

    async fn key(&self, store: &Database, client: &str, by: &str) -> Result<NewKey, ClientError> {
        let deed = self.deed(by);
        clients::make_key(store, client, deed.now + TimeDelta::days(30), &deed).await
    }

    async fn grant(&self, store: &Database, subject: &str, by: &str) -> Result<(), String> {
        let grant = Grant {
            account: Account { issuer: Authentication::CLIENT_ISSUER.to_owned(), subject: subject.to_owned() },
            role: "integrator".to_owned(),
            regions: vec![district()],
            board: None,
            department: None,
            projects: Vec::new(),
            person: None,
            from: None,
            to: None,
            deed: self.deed(by),
        };
        accounts::grant(store, &grant, &["integrator"]).await.map(drop).map_err(|error| error.to_string())
    }
}

struct Admitted {
    id: String,
    key_id: String,
    key: Option<String>,
}

fn district() -> RegionCode {
    Who::of("integrator").regions[0]
}

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

fn answered(answer: &Response) -> bool {
    answer.json["data"]["me"]["kind"] == "CLIENT"
}

/// The SHA-256 of a text, as clients send it.
fn hash(text: &str) -> String {
    digest_text(&digest_of(text))
}

#[tokio::test]
async fn a_key_signs_a_client_in_on_every_server_until_it_or_the_client_ends() {
    for database in harness::fresh_databases().await {
        let (time, store) = (Time::default(), database.open());
        let (one, other) = (time.server(&database).await, time.server(&database).await);
        let servers = [&one, &other];
        let Admitted { id, key, key_id } = time.admitted(&store, time.application("parking-app")).await;
        soon(&servers, &key, "a key", |answer| answered(answer) && answer.json["data"]["cases"]["totalCount"] != json!(0)).await;
        let answer = one.with_token(key.clone()).query(QUESTION).await;
        let me = json!({ "kind": "CLIENT", "subject": id, "client": "parking-app", "assignments": [{ "role": "integrator" }] });
        assert_eq!(answer.data()["me"], me);

        // What holds no more is refused as what never was.
        let malformed = one.with_token(Some("x.y.z".to_owned())).query(QUESTION).await.text;
        let refused = |answer: &Response| answer.status == 401 && answer.text == malformed;
        let text = key.clone().expect("a key");
        for wrong in [
            format!("{text}A"),
            text[..text.len() - 1].to_owned(),
            text.to_uppercase(),
            text.replace("civigrid_", ""),
            "civigrid_".to_owned(),
        ] {
            let answer = one.with_token(Some(wrong.clone())).query(QUESTION).await;
            assert!(refused(&answer), "{wrong}: {} {}", answer.status, answer.text);
        }

        // The next key comes before the old one goes.
        let next = time.key(&store, "parking-app", "keeper").await.expect("made").text;
        let third = time.key(&store, &id, "keeper").await.err().expect("refused").to_string();
        assert!(third.contains("2 keys that hold") && third.contains(&key_id), "{third}");
        soon(&servers, &Some(next.clone()), "the next key", answered).await;
        soon(&servers, &key, "the old key", answered).await;
        let key_id = entities::id::Id::new(entities::id::parse(&key_id).expect("an id").1);
        clients::end_key(&store, key_id, &time.deed("keeper")).await.expect("ended");
        soon(&servers, &key, "an ended key", refused).await;
        soon(&servers, &Some(next.clone()), "the next key", answered).await;
        assert!(clients::end_key(&store, key_id, &time.deed("keeper")).await.is_err(), "it has ended");

        // A key ends of itself, at its second.
        for (seconds, holds) in [(30 * 86_400 - 1, true), (30 * 86_400, false), (30 * 86_400 - 1, true)] {
            time.0.store(seconds, Ordering::SeqCst);
            let answer = one.with_token(Some(next.clone())).query(QUESTION).await;
            assert_eq!((answered(&answer), refused(&answer)), (holds, !holds), "{seconds}");
        }
        clients::end(&store, "parking-app", None, &time.deed("registrar")).await.expect("ended");
        soon(&servers, &Some(next), "an ended client", refused).await;
        let again = clients::end(&store, "parking-app", None, &time.deed("registrar")).await.expect_err("refused");
        assert!(again.to_string().contains("has ended"), "{again}");
        let key = time.key(&store, "parking-app", "keeper").await.err().expect("refused").to_string();
        assert!(key.contains("has ended"), "{key}");
        let again = clients::register(&store, &time.application("parking-app")).await.expect_err("refused");
        assert!(again.to_string().contains("used once"), "{again}");
    }
}

#[tokio::test]
async fn a_client_that_ends_later_is_refused_from_that_second_on() {
    for database in harness::fresh_databases().await {
        let (time, store) = (Time::default(), database.open());
        let server = time.server(&database).await;
        let to = Some(time.deed("x").now + TimeDelta::seconds(100));
        let Admitted { key, .. } = time.admitted(&store, Application { to, ..time.application("until") }).await;
        soon(&[&server], &key, "a key", answered).await;
        for (seconds, status) in [(99, 200), (100, 401), (99, 200), (101, 401)] {
            time.0.store(seconds, Ordering::SeqCst);
            assert_eq!(server.with_token(key.clone()).query(QUESTION).await.status, status, "{seconds}");
        }
    }
}

#[tokio::test]
async fn a_client_states_the_purposes_of_its_contract_and_no_other() {
    for database in harness::fresh_databases().await {
        let (time, store) = (Time::default(), database.open());
        let server = time.server(&database).await;
        let Admitted { key, .. } = time.admitted(&store, time.application("purposes")).await;
        soon(&[&server], &key, "a key", answered).await;
        let client = server.with_token(key.clone());
        let answer = for_purpose(&client, "CONTRACT", "{ me { purposes { code } } }").await;
        assert_eq!(answer.data()["me"]["purposes"], json!([{ "code": "CONTRACT" }]));
        for other in ["CARE", "contract"] {
            assert_eq!(for_purpose(&client, other, "{ me { kind } }").await.code(), "PURPOSE_UNKNOWN", "{other}");
        }
    }
}

#[tokio::test]
async fn two_people_stand_behind_what_a_client_may_do() {
    for database in harness::fresh_databases().await {
        let (time, store) = (Time::default(), database.open());
        let own = Application { deed: time.deed("owner"), ..time.application("a") };
        assert!(matches!(clients::register(&store, &own).await, Err(ClientError::OwnClient(_))));
        let nobodys = Application { owner: Owner::default(), ..time.application("a") };
        assert!(matches!(clients::register(&store, &nobodys).await, Err(ClientError::NoOwner)));
        for name in ["", "a b", "client_x", "名", &"a".repeat(65)] {
            assert!(matches!(clients::register(&store, &time.application(name)).await, Err(ClientError::NoName(_))), "{name}");
        }
        let purposes = vec!["contract".to_owned()];
        assert!(matches!(
            clients::register(&store, &Application { purposes, ..time.application("a") }).await,
            Err(ClientError::NoPurpose(_))
        ));
        let department = Owner { account: None, department: Some("no such department".to_owned()) };
        let error = clients::register(&store, &Application { owner: department, ..time.application("a") }).await.expect_err("refused");
        assert!(error.to_string().contains("there is no department"), "{error}");

        let Admitted { id, .. } = time.admitted(&store, time.application("a")).await;
        for (by, words) in [("owner", "answers for this client"), ("keeper", "made a key of it")] {
            let said = time.grant(&store, &id, by).await.expect_err("refused");
            assert!(said.contains(words), "{said}");
        }
        let said = time.key(&store, "a", "granter").await.err().expect("refused").to_string();
        assert!(said.contains("gave this client a role"), "{said}");
        for (subject, words) in [
            ("a", "give it by its id"),
            ("hotline-bride", "did you mean \"hotline-bridge\"?"),
            ("client_00000000000000000000000007", "there is no client"),
        ] {
            let said = time.grant(&store, subject, "granter").await.expect_err("refused");
            assert!(said.contains(words), "{subject}: {said}");
        }
        clients::end(&store, "a", None, &time.deed("registrar")).await.expect("ended");
        assert!(time.grant(&store, &id, "another").await.expect_err("refused").contains("has ended"));
    }
}

#[tokio::test]
async fn the_register_of_clients_is_read_by_those_who_register_and_those_who_oversee() {
    for database in harness::fresh_databases().await {
        let (time, store) = (Time::default(), database.open());
        let Admitted { id, key, .. } = time.admitted(&store, time.application("read")).await;
        let app = App::start(&database).await;
        let question =
            "{ clientByName(name: \"read\") { id name contract purposes ownerSubject registeredBy trustedDocumentsOnly requestsPerDay } }";
        for role in ["administrator", "auditor"] {
            let answer = app.of(role).query(question).await;
            let row = json!({ "id": id, "name": "read", "contract": "CQ-1", "purposes": "CONTRACT", "ownerSubject": "owner", "registeredBy": "registrar",
                "trustedDocumentsOnly": false, "requestsPerDay": null });
            assert_eq!(answer.data()["clientByName"], row, "{role}");
        }
        for role in ["grid_worker", "community_secretary", "street_operator", "district_officer", "integrator", "resident", "anonymous"] {
            let answer = app.of(role).query("{ clients { totalCount } clientByName(name: \"read\") { id } }").await;
            assert_eq!(*answer.data(), json!({ "clients": { "totalCount": 0 }, "clientByName": null }), "{role}");
        }
        // Nothing of a key is anywhere in the schema, and only its digest is in the database.
        for word in ["digest", "lastFour", "ClientKey", "ClientDocument"] {
            assert!(!civigrid::graph::sdl().contains(word), "{word}");
        }
        let row = clients::by_word(&store, "read").await.expect("there");
        let keys = clients::keys(&store, row.id).await.expect("a list");
        let text = key.expect("a key");
        assert_eq!((keys.len(), keys[0].digest.as_str(), keys[0].last_four.as_str()), (1, hash(&text).as_str(), &text[text.len() - 4..]));
    }
}
