//! How much a client may ask: pages, nodes, requests of a day.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use civigrid::config::{Authentication, Secret};
use civigrid::http::authentication::Claims;
use civigrid::store::Backend;
use civigrid::store::clients::{self, Application};
use serde_json::json;

use super::{Admitted, QUESTION, SOON, Time, answered, soon};
use crate::harness::{self, App};
use crate::operation::run;

#[tokio::test]
async fn a_person_who_comes_through_a_client_has_its_limits_and_none_where_it_has_ended() {
    for database in harness::fresh_databases().await {
        let (time, store) = (Time::default(), database.open());
        let server = time.server(&database).await;
        let Admitted { id, key, .. } = time.admitted(&store, Application { page_size: Some(3), ..time.application("screen") }).await;
        soon(&[&server], &key, "a client", answered).await;
        let through = |client: &str| {
            let claims = harness::claims(Authentication::DEVELOPMENT_ISSUER, Authentication::DEVELOPMENT_AUDIENCE);
            Some(harness::sign(&Claims { client: Some(client.to_owned()), ..claims }))
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

#[tokio::test]
async fn a_quota_that_cannot_be_counted_is_not_given_and_a_role_that_only_counts_can_serve() {
    for database in harness::fresh_databases().await.into_iter().filter(|database| database.backend == Backend::Postgres) {
        let (time, store) = (Time::default(), database.open());
        let counted = time.admitted(&store, Application { requests_per_day: Some(2), ..time.application("counted") }).await.key;
        let free = time.admitted(&store, time.application("free")).await.key;
        let role = format!("server_{}", std::process::id());
        run(&database, &[format!("CREATE ROLE {role} LOGIN"), format!("GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}")]).await;
        let (scheme, rest) = database.url.split_once("//").expect("an address");
        let url = format!("{scheme}//{role}@{}", rest.split_once('@').expect("a user").1);
        let server = App::start_with(&database, |config| config.database.url = Secret::new(url)).await;
        let ask = async |key: &Option<String>| server.with_token(key.clone()).query(QUESTION).await;
        assert_eq!(ask(&free).await.status, 200);
        let refused = ask(&counted).await;
        assert_eq!((refused.status, refused.code()), (503, "NOT_READY"), "{}", refused.text);
        run(&database, &[format!("GRANT INSERT, UPDATE ON client_usages TO {role}")]).await;
        let statuses = [ask(&counted).await.status, ask(&counted).await.status, ask(&counted).await.status];
        assert_eq!(statuses, [200, 200, 429]);
        drop(server);
        run(&database, &[format!("DROP OWNED BY {role}"), format!("DROP ROLE {role}")]).await;
    }
}
