//! Applications on accounts of their own: their keys, limits and documents, on several servers that share one database.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use civigrid::clock::Clock;
use civigrid::config::{Authentication, Config};
use civigrid::policy::Account;
use civigrid::store::Database;
use civigrid::store::accounts::{self, Deed, Grant};
use civigrid::store::clients::{self, Application, ClientError, NewDocument, NewKey, Owner, digest_of, digest_text};
use entities::region_code::RegionCode;
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{self, App, Response, TestDatabase, Who};

const ISSUER: &str = Authentication::DEVELOPMENT_ISSUER;
/// What administrators are promised.
const SOON: Duration = Duration::from_secs(5);
const QUESTION: &str = "{ me { kind subject client assignments { role } } cases { totalCount } }";

/// A clock that the test moves.
#[derive(Default)]
struct Time(Arc<AtomicI64>);

impl Time {
    async fn server(&self, database: &TestDatabase) -> App {
        let seconds = Arc::clone(&self.0);
        let now = move || harness::instant() + TimeDelta::seconds(seconds.load(Ordering::SeqCst));
        App::start_at(database, Clock::told(now, Config::default().zone), |_| ()).await
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
            purposes: vec!["service".to_owned()],
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
        let purposes = vec!["a service".to_owned()];
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
async fn a_person_who_comes_through_a_client_has_its_limits_and_none_where_it_has_ended() {
    for database in harness::fresh_databases().await {
        let (time, store) = (Time::default(), database.open());
        let server = time.server(&database).await;
        let Admitted { id, key, .. } = time.admitted(&store, Application { page_size: Some(3), ..time.application("screen") }).await;
        soon(&[&server], &key, "a client", answered).await;
        let through = |client: &str| {
            let claims = harness::claims(Authentication::DEVELOPMENT_ISSUER, Authentication::DEVELOPMENT_AUDIENCE);
            Some(harness::sign(&civigrid::http::authentication::Claims { client: Some(client.to_owned()), ..claims }))
        };
        let page = "{ cases(first: 4) { nodes { id } } me { client kind } }";
        for named in ["screen", &id] {
            let answer = server.with_token(through(named)).query(page).await;
            assert_eq!(
                (answer.code(), &answer.json["data"]["me"]["kind"]),
                ("PAGE_TOO_LARGE", &json!("PERSON")),
                "{named}: {}",
                answer.text
            );
        }
        let answer = server.with_token(through("not registered")).query(page).await;
        assert_eq!(answer.data()["me"]["client"], "not registered");
        clients::end(&store, "screen", None, &time.deed("registrar")).await.expect("ended");
        for named in ["screen", &id] {
            soon(&[&server], &through(named), "an ended client", |answer| answer.status == 401).await;
        }
        assert_eq!(server.with_token(through("not registered")).query(page).await.status, 200);
    }
}

#[tokio::test]
async fn pages_and_nodes_are_bounded_by_client_and_never_beyond_everybodys() {
    for database in harness::fresh_databases().await {
        let (time, store) = (Time::default(), database.open());
        let server = time.server(&database).await;
        let small = Application { page_size: Some(5), node_budget: Some(20), ..time.application("small") };
        let large = Application { page_size: Some(1_000_000), node_budget: Some(1_000_000_000), ..time.application("large") };
        let (small, large) = (time.admitted(&store, small).await.key, time.admitted(&store, large).await.key);
        soon(&[&server], &small, "a client", answered).await;
        soon(&[&server], &large, "a client", answered).await;
        let ask = async |key: &Option<String>, query: &str| server.with_token(key.clone()).query(query).await;
        let answer = ask(&small, "{ cases { nodes { id } } }").await;
        assert_eq!(answer.data()["cases"]["nodes"].as_array().map(Vec::len), Some(5), "the page when none is asked is no larger");
        assert_eq!(answer.json["extensions"]["cost"], json!({ "requested": 5, "limit": 20, "remaining": 15 }));
        let answer = ask(&small, "{ cases(first: 6) { nodes { id } } }").await;
        assert_eq!(answer.code(), "PAGE_TOO_LARGE");
        assert!(answer.message().contains('5'), "{}", answer.message());
        let answer = ask(&small, "{ cases(first: 5) { nodes { id tasks(first: 5) { nodes { id } } } } }").await;
        assert_eq!(answer.code(), "TOO_COSTLY", "{}", answer.text);
        let answer = ask(&small, "{ caseStats(groupBy: [{ field: STATE }], first: 6) { nodes { count } } }").await;
        assert_eq!(answer.code(), "PAGE_TOO_LARGE");
        let answer = ask(&large, "{ cases(first: 1001) { nodes { id } } }").await;
        assert_eq!(answer.code(), "PAGE_TOO_LARGE", "everybody's limit holds for everybody");
        assert_eq!(ask(&large, "{ cases(first: 1) { nodes { id } } }").await.json["extensions"]["cost"]["limit"], 50_000);
    }
}

#[tokio::test]
async fn a_quota_is_one_for_all_servers_and_restarts_and_begins_anew_at_midnight() {
    for database in harness::fresh_databases().await {
        let (time, store) = (Time::default(), database.open());
        let (one, other) = (time.server(&database).await, time.server(&database).await);
        let Admitted { key, .. } = time.admitted(&store, Application { requests_per_day: Some(40), ..time.application("counted") }).await;
        let mut answered_so_far = 0;
        let started = Instant::now();
        while one.with_token(key.clone()).query(QUESTION).await.status != 200 {
            assert!(started.elapsed() < SOON);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        answered_so_far += 1;
        let count = async |servers: &[&App], requests: usize| {
            let clients: Vec<_> = (0..requests).map(|index| servers[index % servers.len()].with_token(key.clone())).collect();
            let answers = futures::future::join_all(clients.iter().map(|client| client.query(QUESTION))).await;
            assert!(answers.iter().all(|answer| answer.status == 200 || answer.code() == "QUOTA_EXCEEDED"), "{answers:?}");
            answers.iter().filter(|answer| answer.status == 200).count()
        };
        // The other server may not know the key yet.
        soon_known(&other, &key, &mut answered_so_far).await;
        answered_so_far += count(&[&one, &other], 12).await;
        // A server that comes anew finds what the others took.
        let third = time.server(&database).await;
        answered_so_far += count(&[&one, &other, &third], 60).await;
        assert_eq!(answered_so_far, 40, "not one more, and with so small a quota not one less");
        let refused = third.with_token(key.clone()).query(QUESTION).await;
        assert_eq!((refused.status, refused.code(), refused.header("retry-after")), (429, "QUOTA_EXCEEDED", "43200"), "noon in the city");
        assert_eq!(third.of("auditor").query("{ me { kind } }").await.status, 200, "others are answered");
        time.0.store(12 * 3_600 - 1, Ordering::SeqCst);
        assert_eq!(third.with_token(key.clone()).query(QUESTION).await.header("retry-after"), "1");
        time.0.store(12 * 3_600, Ordering::SeqCst);
        assert_eq!(count(&[&one, &third], 60).await, 40, "the next day");
        // Nothing is given twice if a clock goes back.
        time.0.store(12 * 3_600 - 1, Ordering::SeqCst);
        assert_eq!(count(&[&one, &other, &third], 9).await, 0);
    }
}

/// Waits until a server knows a key; what it answered is counted.
async fn soon_known(server: &App, key: &Option<String>, answered: &mut usize) {
    let started = Instant::now();
    while server.with_token(key.clone()).query(QUESTION).await.status != 200 {
        assert!(started.elapsed() < SOON);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    *answered += 1;
}

#[tokio::test]
async fn a_large_quota_is_taken_in_slices_and_never_exceeded() {
    for database in harness::fresh_databases().await {
        let (time, store) = (Time::default(), database.open());
        let Admitted { id, .. } = time.admitted(&store, time.application("sliced")).await;
        let uuid = entities::id::parse(&id).expect("an id").1;
        let day = harness::now().today;
        let takes = (0..30).map(|_| clients::take(&store, uuid, day, 100, 1_050));
        let taken: Vec<u32> = futures::future::join_all(takes).await.into_iter().map(|taken| taken.expect("counted")).collect();
        assert_eq!(taken.iter().sum::<u32>(), 1_050, "{taken:?}");
        assert!(taken.contains(&50) && taken.iter().filter(|taken| **taken == 100).count() == 10, "{taken:?}");
        assert_eq!(clients::take(&store, uuid, day.succ_opt().expect("a day"), 100, 1_050).await.expect("counted"), 100);
        let row = clients::by_word(&store, "sliced").await.expect("there");
        let days = clients::taken(&store, row.id).await.expect("a list");
        assert_eq!(days.iter().map(|day| day.taken).collect::<Vec<_>>(), [100, 1_050], "the newest day first");
    }
}

/// A request with Apollo's extension.
fn persisted(query: Option<&str>, hash: &str) -> Value {
    let mut body = json!({ "extensions": { "persistedQuery": { "version": 1, "sha256Hash": hash } } });
    if let Some(query) = query {
        body["query"] = json!(query);
    }
    body
}

fn hash(text: &str) -> String {
    digest_text(&digest_of(text))
}

#[tokio::test]
async fn a_confined_client_is_answered_for_its_registered_documents_alone() {
    for database in harness::fresh_databases().await {
        let (time, store) = (Time::default(), database.open());
        let server = time.server(&database).await;
        let confined = Application { trusted_documents_only: true, ..time.application("confined") };
        let Admitted { key, .. } = time.admitted(&store, confined).await;
        let free = time.admitted(&store, time.application("free")).await.key;
        soon(&[&server], &free, "a client", answered).await;
        const TRUSTED: &str = "query Open($first: Int) { cases(first: $first) { nodes { number } } }\n";
        let client = server.with_token(key.clone());
        let untrusted = |answer: &Response| (answer.status, answer.code()) == (403, "UNTRUSTED_DOCUMENT");
        for body in [
            json!({ "query": TRUSTED }),
            persisted(None, &hash(TRUSTED)),
            persisted(Some(TRUSTED), &hash(TRUSTED)),
            json!({ "query": QUESTION }),
        ] {
            let answer = client.post(&body).await;
            assert!(untrusted(&answer), "nothing is registered yet: {}", answer.text);
        }
        let new = NewDocument { name: "Open".to_owned(), text: TRUSTED.to_owned() };
        assert_eq!(
            clients::register_documents(&store, "confined", &[new.clone(), new.clone()], &time.deed("keeper")).await.expect("registered"),
            1
        );
        let again = clients::register_documents(&store, "confined", &[new.clone()], &time.deed("keeper")).await;
        assert!(matches!(again, Err(ClientError::KnownDocument(_))), "{again:?}");
        let started = Instant::now();
        while client.post(&persisted(None, &hash(TRUSTED))).await.status != 200 {
            assert!(started.elapsed() < SOON);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let mut with_variables = persisted(None, &hash(TRUSTED));
        with_variables["variables"] = json!({ "first": 2 });
        let answer = client.post(&with_variables).await;
        assert_eq!(answer.data()["cases"]["nodes"].as_array().map(Vec::len), Some(2), "variables are free");
        for body in [json!({ "query": TRUSTED }), persisted(Some(TRUSTED), &hash(TRUSTED)), persisted(None, &hash(TRUSTED).to_uppercase())]
        {
            client.post(&body).await.data();
        }
        let address = format!("/graphql?extensions={{\"persistedQuery\":{{\"version\":1,\"sha256Hash\":\"{}\"}}}}", hash(TRUSTED));
        client.get(&address).await.data();
        for body in [
            json!({ "query": TRUSTED.trim_end() }),
            json!({ "query": format!("{TRUSTED} ") }),
            json!({ "query": "{ __typename }" }),
            json!({ "query": "{ __schema { queryType { name } } }" }),
            persisted(None, &hash("{ __typename }")),
            persisted(Some("{ __typename }"), &hash("{ __typename }")),
        ] {
            let answer = client.post(&body).await;
            assert!(untrusted(&answer), "{body}: {}", answer.text);
        }
        let mismatch = client.post(&persisted(Some("{ __typename }"), &hash(TRUSTED))).await;
        assert_eq!((mismatch.status, mismatch.code()), (400, "BAD_REQUEST"), "a known hash opens nothing else");
        // What others have sent is no document of this client, and its documents are none of theirs.
        let other = server.with_token(free.clone());
        other.post(&persisted(Some(QUESTION), &hash(QUESTION))).await.data();
        assert!(untrusted(&client.post(&persisted(None, &hash(QUESTION))).await));
        assert_eq!(other.post(&persisted(None, &hash(TRUSTED))).await.code(), "PERSISTED_QUERY_NOT_FOUND");
        let removed = clients::remove_document(&store, "confined", &digest_of(TRUSTED), &time.deed("keeper")).await.expect("removed");
        assert_eq!(removed.name, "Open");
        let started = Instant::now();
        while !untrusted(&client.post(&persisted(None, &hash(TRUSTED))).await) {
            assert!(started.elapsed() < SOON);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        clients::register_documents(&store, "confined", &[new], &time.deed("keeper")).await.expect("registered anew");
    }
}

#[tokio::test]
async fn a_document_that_was_sent_with_its_hash_is_found_by_its_hash() {
    for database in harness::databases().await {
        let app = App::start(&database).await;
        let clients = [app.of("auditor"), app.anonymous()];
        for (index, client) in clients.iter().enumerate() {
            let text = format!("query Q{index}($first: Int) {{ regions(first: $first) {{ nodes {{ code }} }} }}");
            let missing = client.post(&persisted(None, &hash(&text))).await;
            let first = &missing.errors()[0];
            assert_eq!(
                (missing.status, missing.code(), &first["message"]),
                (200, "PERSISTED_QUERY_NOT_FOUND", &json!("PersistedQueryNotFound"))
            );
            let request = client.request(Method::POST, "/graphql").header("Accept-Language", "zh-CN").json(&persisted(None, &hash(&text)));
            assert_eq!(Response::of(request).await.errors()[0]["message"], "PersistedQueryNotFound", "clients compare the word");
            let wrong = client.post(&persisted(Some("{ me { kind } }"), &hash(&text))).await;
            assert_eq!((wrong.status, wrong.code()), (400, "BAD_REQUEST"));
            assert_eq!(client.post(&persisted(None, &hash(&text))).await.code(), "PERSISTED_QUERY_NOT_FOUND", "nothing was kept");
            let mut body = persisted(Some(&text), &hash(&text));
            body["variables"] = json!({ "first": 2 });
            let whole = client.post(&body).await;
            whole.data();
            let mut body = persisted(None, &hash(&text));
            body["variables"] = json!({ "first": 2 });
            assert_eq!(client.post(&body).await.text, whole.text);
            let address = format!(
                "/graphql?variables={{\"first\":2}}&extensions={{\"persistedQuery\":{{\"version\":1,\"sha256Hash\":\"{}\"}}}}",
                hash(&text)
            );
            assert_eq!(client.get(&address).await.text, whole.text);
            // Whoever knows the hash knows the text; the answer is each caller's own.
            assert_eq!(clients[1 - index].post(&body).await.data()["regions"], whole.data()["regions"]);
        }
        // What is no document is not kept.
        for text in ["{ nonsense }", "{ me {", "query A { me { kind } } query B { me { kind } }"] {
            let answer = clients[0].post(&persisted(Some(text), &hash(text))).await;
            assert!(!answer.errors().is_empty());
            assert_eq!(clients[0].post(&persisted(None, &hash(text))).await.code(), "PERSISTED_QUERY_NOT_FOUND", "{text}");
        }
        for extension in
            [json!({ "version": 2, "sha256Hash": hash("{ me { kind } }") }), json!({ "version": 1, "sha256Hash": "../etc" }), json!(7)]
        {
            let answer = clients[0].post(&json!({ "query": "{ me { kind } }", "extensions": { "persistedQuery": extension } })).await;
            assert_eq!((answer.status, answer.code()), (400, "BAD_REQUEST"), "{extension}");
        }
        let app = App::start_with(&database, |config| config.limits.persisted_bytes = 0).await;
        let text = "{ me { kind } }";
        app.of("auditor").post(&persisted(Some(text), &hash(text))).await.data();
        assert_eq!(
            app.of("auditor").post(&persisted(None, &hash(text))).await.code(),
            "PERSISTED_QUERY_NOT_FOUND",
            "nothing is to be kept"
        );
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
            let row = json!({ "id": id, "name": "read", "contract": "CQ-1", "purposes": "service", "ownerSubject": "owner", "registeredBy": "registrar",
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
