//! Keys: what is asked for again is done once; root fields run one after another; only known callers change anything.

use futures::future::join_all;
use serde_json::json;

use super::*;

#[tokio::test]
async fn the_same_key_and_input_are_answered_alike_and_done_once() {
    for database in harness::fresh_databases().await {
        let app = Watch::default().server(&database, |_| {}).await;
        let officer = Asker::new("officer", "city_officer", &[district()]).of(departments()[0]);
        let before = count(&database, "SELECT count(*) AS v FROM agreements").await;
        let input = request("k1", &["name"], &[community()], &Watch::text(100));
        let first = officer.at(&app).ask(REQUEST, input.clone()).await;
        done(&first);
        let again = officer.at(&app).ask(REQUEST, input.clone()).await;
        assert_eq!(first.text, again.text);
        let other = officer.at(&app).ask(REQUEST, request("k1", &["phone"], &[community()], &Watch::text(100))).await;
        assert_eq!(code(&other), "KEY_USED", "{}", other.text);
        // The same key of another account is another key.
        let colleague = Asker::new("colleague", "city_officer", &[district()]).of(departments()[0]);
        let theirs = colleague.at(&app).ask(REQUEST, input).await;
        assert_ne!(done(&theirs)["agreement"]["id"], done(&first)["agreement"]["id"]);
        assert_eq!(count(&database, "SELECT count(*) AS v FROM agreements").await, before + 2);
        for key in ["", " \u{7} ", &"k".repeat(129)] {
            let answer = officer.at(&app).ask(REQUEST, request(key, &["name"], &[community()], &Watch::text(100))).await;
            assert_eq!(code(&answer), "INVALID", "{}", answer.text);
        }
    }
}

#[tokio::test]
async fn many_at_once_with_one_key_are_done_once() {
    for database in harness::fresh_databases().await {
        let watch = Watch::default();
        let (one, other) = (watch.server(&database, |_| {}).await, watch.server(&database, |_| {}).await);
        let officer = Asker::new("officer", "city_officer", &[district()]).of(departments()[0]);
        let before = count(&database, "SELECT count(*) AS v FROM agreements").await;
        let ask = async |app: &App| officer.at(app).ask(REQUEST, request("k1", &["name"], &[community()], &Watch::text(100))).await.text;
        let answers = join_all((0..12_usize).map(|turn| ask(if turn.is_multiple_of(2) { &one } else { &other }))).await;
        assert!(answers.iter().all(|answer| *answer == answers[0] && answer.contains("\"DONE\"")), "{answers:?}");
        assert_eq!(count(&database, "SELECT count(*) AS v FROM agreements").await, before + 1);
        // Of many who decide at once one does; the others see that it was decided.
        let id = serde_json::from_str::<Value>(&answers[0]).expect("JSON")["data"]["requestAccess"]["agreement"]["id"].clone();
        let secretary = Asker::new("secretary", "community_secretary", &[community()]);
        let decide = async |turn: usize| {
            let what = if turn.is_multiple_of(2) { "GRANT" } else { "REFUSE" };
            let answer = secretary.at(&one).ask(DECIDE, decision(&format!("d{turn}"), &id, what, 1)).await;
            (answer.data()["decideAccess"]["status"].as_str().unwrap_or_default().to_owned(), code(&answer))
        };
        let decided = join_all((0..6).map(decide)).await;
        assert_eq!(decided.iter().filter(|(status, _)| status == "DONE").count(), 1, "{decided:?}");
        assert!(decided.iter().all(|(status, code)| status == "DONE" || code == "VERSION"), "{decided:?}");
    }
}

#[tokio::test]
async fn root_fields_run_one_after_another_and_each_stands_for_itself() {
    const BOTH: &str = "mutation Both($first: RequestAccessInput!, $second: RequestAccessInput!) { __typename \
        first: requestAccess(input: $first) { __typename agreement { id purpose } } \
        second: requestAccess(input: $second) { status fieldErrors { code } agreement { id } } \
        third: requestAccess(input: $first) { agreement { id } } }";
    for database in harness::fresh_databases().await {
        let app = Watch::default().server(&database, |_| {}).await;
        let officer = Asker::new("officer", "city_officer", &[district()]).of(departments()[0]);
        let before = count(&database, "SELECT count(*) AS v FROM agreements").await;
        let good = request("k1", &["name"], &[community()], &Watch::text(100))["input"].clone();
        let bad = request("k2", &["nmae"], &[community()], &Watch::text(100))["input"].clone();
        let answer = officer.at(&app).ask(BOTH, json!({ "first": good, "second": bad })).await;
        let data = answer.data();
        assert_eq!((&data["__typename"], &data["first"]["__typename"]), (&json!("Mutation"), &json!("RequestAccessPayload")));
        assert_eq!(data["second"], json!({ "status": "REFUSED", "fieldErrors": [{ "code": "UNKNOWN" }], "agreement": null }));
        assert_eq!(data["first"]["agreement"]["id"], data["third"]["agreement"]["id"], "the third repeats the first");
        assert_eq!(count(&database, "SELECT count(*) AS v FROM agreements").await, before + 1);
        let keys: Vec<&String> = data.as_object().expect("an object").keys().collect();
        assert_eq!(keys, ["__typename", "first", "second", "third"]);
    }
}

#[tokio::test]
async fn a_selection_that_costs_too_much_changes_nothing() {
    for database in harness::fresh_databases().await {
        let app = Watch::default().server(&database, |config| config.limits.node_budget = 10).await;
        let officer = Asker::new("officer", "city_officer", &[district()]).of(departments()[0]);
        let before = count(&database, "SELECT count(*) AS v FROM agreements").await;
        let document = "mutation Wide($input: RequestAccessInput!) { requestAccess(input: $input) { \
            agreement { region { cases(first: 500) { nodes { id } } } } } }";
        let answer = officer.at(&app).ask(document, request("k1", &["name"], &[community()], &Watch::text(100))).await;
        assert_eq!(answer.code(), "TOO_COSTLY", "{}", answer.text);
        assert_eq!(count(&database, "SELECT count(*) AS v FROM agreements").await, before);
    }
}

#[tokio::test]
async fn only_known_callers_change_anything_and_not_by_get() {
    for database in harness::fresh_databases().await {
        let app = Watch::default().server(&database, |_| {}).await;
        let before = count(&database, "SELECT count(*) AS v FROM agreements").await;
        let answer = app.anonymous().ask(REQUEST, request("k1", &["name"], &[community()], &Watch::text(100))).await;
        assert_eq!((answer.code(), &answer.json["data"]), ("UNAUTHENTICATED", &json!({ "requestAccess": null })), "{}", answer.text);
        let officer = Asker::new("officer", "city_officer", &[district()]).of(departments()[0]);
        let document = "/graphql?query=mutation%7BendBreakGlass(input:%7Breason:%22x%22,idempotencyKey:%22k%22%7D)%7Bstatus%7D%7D";
        let answer = officer.at(&app).get(document).await;
        assert_eq!((answer.status, answer.code()), (405, "CHANGE_NOT_ALLOWED"), "{}", answer.text);
        assert_eq!(count(&database, "SELECT count(*) AS v FROM agreements").await, before);
        let explained = officer.at(&app).request(reqwest::Method::POST, "/explain").json(&json!({ "query": "{ me { kind } }" }));
        assert_eq!(Response::of(explained).await.status, 403);
    }
}

#[tokio::test]
async fn business_errors_are_told_in_the_language_asked_for() {
    for database in harness::databases().await {
        let app = Watch::default().server(&database, |_| {}).await;
        let officer = Asker::new("officer", "city_officer", &[district()]).of(departments()[0]);
        let body = json!({ "query": REQUEST, "variables": request("k1", &["nmae"], &[community()], &Watch::text(100)) });
        let answer = officer.at(&app).request(reqwest::Method::POST, "/graphql").header("Accept-Language", "zh").json(&body);
        let answer = Response::of(answer).await;
        assert!(answer.text.contains("不是 person 中可以申请的字段"), "{}", answer.text);
    }
}
