//! Emergency access: it gives for a while, tells the officer, marks what is done in it, and ends.

use std::sync::Mutex;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use entities::codes::RegionLevel;
use serde_json::{Value, json};

use super::*;

const BREAK: &str = "mutation Break($input: BreakGlassInput!) { breakGlass(input: $input) { status untilAt \
    fieldErrors { path code message allowed } emergencyAccess { id role reason fromAt untilAt region { code } subject } } }";
const END: &str = "mutation End($input: EndBreakGlassInput!) { endBreakGlass(input: $input) { status \
    fieldErrors { path code } emergencyAccess { id endedAt endReason } } }";
const QUESTION: &str = "{ me { emergencyAccess assignments { role regions } } \
    persons(first: 1000, filter: { fullyVisible: [EMPLOYER] }) { totalCount } }";
const REASON: &str = "the river has left its bed, people have to be fetched";

/// The officer's desk: what came, after the first two were turned away.
#[derive(Clone, Default)]
struct Desk(Arc<Mutex<Vec<Value>>>);

async fn receive(State(desk): State<Desk>, body: String) -> StatusCode {
    let mut came = desk.0.lock().expect("unbroken");
    came.push(serde_json::from_str(&body).expect("JSON"));
    if came.len() < 3 { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::NO_CONTENT }
}

async fn desk() -> (Desk, String) {
    let desk = Desk::default();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = format!("http://{}/notices", listener.local_addr().expect("it listens"));
    let routes = Router::new().route("/notices", post(receive)).with_state(desk.clone());
    tokio::spawn(async move { axum::serve(listener, routes).await });
    (desk, address)
}

fn input(key: &str, reason: &str) -> Value {
    json!({ "input": { "reason": reason, "idempotencyKey": key } })
}

fn operator(subject: &'static str) -> Asker {
    Asker::new(subject, "street_operator", &[community().at(RegionLevel::Street).expect("a street")])
}

fn employers(answer: &Response) -> u64 {
    answer.data()["persons"]["totalCount"].as_u64().unwrap_or_default()
}

#[tokio::test]
async fn it_gives_the_other_role_with_the_same_bounds_for_its_time_and_marks_the_caller() {
    for database in harness::fresh_databases().await {
        let (desk, address) = desk().await;
        let watch = Watch::default();
        let app = watch.server(&database, |config| config.break_glass.notify_url = Some(address)).await;
        let person = Who::of("resident").person.expect("a person");
        let (one, other) = (operator("li").person(person), operator("zhao"));
        let before = one.at(&app).query(QUESTION).await;
        assert_eq!((employers(&before), &before.data()["me"]["emergencyAccess"]), (0, &Value::Null));
        let short = one.at(&app).ask(BREAK, input("k1", "flood")).await;
        assert_eq!(code(&short), "TOO_SHORT", "{}", short.text);

        let answer = one.at(&app).ask(BREAK, input("k1", REASON)).await;
        let taken = done(&answer);
        let access = taken["emergencyAccess"].clone();
        assert_eq!(taken["untilAt"], "2026-06-30T04:30:00.000000Z");
        assert_eq!((&access["role"], &access["reason"], &access["subject"]), (&json!("community_secretary"), &json!(REASON), &json!("li")));
        assert_eq!(one.at(&app).ask(BREAK, input("k1", REASON)).await.text, answer.text, "the same key takes nothing anew");

        let given = at_once(&one.at(&app), QUESTION, "emergency access", |answer| employers(answer) > 0).await;
        let me = &given.data()["me"];
        assert_eq!(me["emergencyAccess"], access["id"], "marked");
        assert_eq!(me["assignments"][0]["regions"], me["assignments"][1]["regions"], "the same bounds");
        assert_eq!(me["assignments"][1]["role"], "community_secretary");
        assert_eq!(employers(&other.at(&app).query(QUESTION).await), 0, "only the account itself");
        let again = one.at(&app).ask(BREAK, input("k2", REASON)).await;
        assert_eq!(code(&again), "TOO_SOON", "{}", again.text);

        // The officer is told until the notice is taken, and not again.
        for (notices, seconds) in [(1, 0), (2, 10), (3, 60)] {
            watch.set(seconds);
            let begun = Instant::now();
            while desk.0.lock().expect("unbroken").len() < notices {
                assert!(begun.elapsed() < Duration::from_secs(20), "notice {notices} does not come");
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
        // Time enough for one too many.
        tokio::time::sleep(Duration::from_millis(1_200)).await;
        let came = desk.0.lock().expect("unbroken").clone();
        assert_eq!(came.len(), 3, "{came:?}");
        assert!(came.iter().all(|notice| *notice == came[0]), "{came:?}");
        assert_eq!((&came[0]["subject"], &came[0]["reason"], &came[0]["id"]), (&json!("li"), &json!(REASON), &access["id"]));
        assert_eq!(count(&database, "SELECT count(*) AS v FROM notices WHERE delivered_at IS NOT NULL AND body IS NULL").await, 1);

        for (seconds, holds) in [(1_799, true), (1_800, false), (1_799, true), (1_801, false)] {
            watch.set(seconds);
            let answer = one.at(&app).query(QUESTION).await;
            assert_eq!(employers(&answer) > 0, holds, "at second {seconds}: {}", answer.text);
            assert_eq!(answer.data()["me"]["emergencyAccess"].is_null(), !holds);
        }
        watch.set(1_800 + 3_599);
        assert_eq!(code(&one.at(&app).ask(BREAK, input("k3", REASON)).await), "TOO_SOON", "it cools down");
        watch.set(1_800 + 3_600);
        done(&one.at(&app).ask(BREAK, input("k3", REASON)).await);
    }
}

#[tokio::test]
async fn it_is_ended_early_by_the_account_itself_and_read_by_those_who_oversee() {
    const LIST: &str = "{ emergencyAccesses(filter: { subject: { eq: \"li\" } }) { nodes { reason endReason role } } }";
    for database in harness::fresh_databases().await {
        let (_, address) = desk().await;
        let watch = Watch::default();
        let app = watch.server(&database, |config| config.break_glass.notify_url = Some(address)).await;
        let (one, other) = (operator("li").person(Who::of("resident").person.expect("a person")), operator("zhao"));
        assert_eq!(code(&one.at(&app).ask(END, input("e0", "done")).await), "STATE", "there is nothing to end");
        done(&one.at(&app).ask(BREAK, input("k1", REASON)).await);
        at_once(&one.at(&app), QUESTION, "emergency access", |answer| employers(answer) > 0).await;
        assert_eq!(code(&other.at(&app).ask(END, input("e1", "not mine")).await), "STATE");
        watch.set(5);
        let ended = done(&one.at(&app).ask(END, input("e1", "everybody is safe")).await);
        assert_eq!(ended["emergencyAccess"]["endedAt"], "2026-06-30T04:00:05.000000Z");
        at_once(&one.at(&app), QUESTION, "an early end", |answer| employers(answer) == 0).await;
        for who in [one.clone(), Asker::new("auditor", "auditor", &[district()])] {
            let answer = who.at(&app).query(LIST).await;
            let expected = json!([{ "reason": REASON, "endReason": "everybody is safe", "role": "community_secretary" }]);
            assert_eq!(answer.data()["emergencyAccesses"]["nodes"], expected, "{}", who.subject);
        }
        let elsewhere = Asker::new("auditor", "auditor", &["500101000000".parse().expect("a code")]);
        for who in [other, Asker::new("administrator", "administrator", &[]), elsewhere] {
            let answer =
                who.at(&app).query("{ emergencyAccesses(filter: { role: { eq: \"community_secretary\" } }) { totalCount } }").await;
            assert_eq!(answer.data()["emergencyAccesses"]["totalCount"], 0, "{} {}", who.subject, answer.text);
        }
    }
}

#[tokio::test]
async fn without_an_officer_or_a_role_that_allows_it_nobody_takes_any() {
    for database in harness::fresh_databases().await {
        let app = Watch::default().server(&database, |_| {}).await;
        let answer = operator("li").at(&app).ask(BREAK, input("k1", REASON)).await;
        assert_eq!(code(&answer), "NOT_SET_UP", "{}", answer.text);
        let (_, address) = desk().await;
        let app = Watch::default().server(&database, |config| config.break_glass.notify_url = Some(address)).await;
        let worker = Asker::new("worker", "grid_worker", &[community()]);
        let answer = worker.at(&app).ask(BREAK, input("k1", REASON)).await;
        assert_eq!(code(&answer), "NOT_ALLOWED", "{}", answer.text);
        let other = json!({ "input": { "reason": REASON, "role": "auditor", "idempotencyKey": "k1" } });
        let answer = operator("li").at(&app).ask(BREAK, other).await;
        assert!(code(&answer) == "NOT_ALLOWED" && answer.text.contains("[\"community_secretary\"]"), "{}", answer.text);
        assert_eq!(count(&database, "SELECT count(*) AS v FROM notices").await, 0);
    }
}

#[tokio::test]
async fn of_many_at_once_one_is_taken() {
    for database in harness::fresh_databases().await {
        let (_, address) = desk().await;
        let app = Watch::default().server(&database, |config| config.break_glass.notify_url = Some(address)).await;
        let one = operator("li");
        let take = async |turn: usize| {
            let answer = one.at(&app).ask(BREAK, input(&format!("k{turn}"), REASON)).await;
            answer.data()["breakGlass"]["status"] == "DONE"
        };
        let taken = futures::future::join_all((0..6).map(take)).await;
        assert_eq!(taken.iter().filter(|taken| **taken).count(), 1, "{taken:?}");
    }
}

#[tokio::test]
async fn what_fails_in_the_middle_writes_nothing_and_leaves_its_key_free() {
    for database in harness::fresh_databases().await {
        let (_, address) = desk().await;
        let app = Watch::default().server(&database, |config| config.break_glass.notify_url = Some(address)).await;
        let run = async |statement: &str| {
            let connection = database.open().writer().await.expect("a connection");
            connection.execute_unprepared(statement).await.expect("done");
            connection.close().await.expect("closed");
        };
        let taken = "SELECT count(*) AS v FROM emergency_accesses WHERE subject = 'li'";
        run("ALTER TABLE notices RENAME TO notices_away").await;
        let answer = operator("li").at(&app).ask(BREAK, input("k1", REASON)).await;
        assert!(
            answer.json["data"]["breakGlass"].is_null() && !answer.code().is_empty() && !answer.text.contains("notices"),
            "{}",
            answer.text
        );
        assert_eq!((count(&database, taken).await, count(&database, "SELECT count(*) AS v FROM change_keys").await), (0, 0));
        run("ALTER TABLE notices_away RENAME TO notices").await;
        done(&operator("li").at(&app).ask(BREAK, input("k1", REASON)).await);
        assert_eq!(count(&database, taken).await, 1);
    }
}
