//! Exact look-ups: who knows id number and name finds the person, and whoever does not learns nothing.

use civigrid::config::Secret;
use entities::person;
use reqwest::Method;
use serde_json::{Value, json};

use super::*;

const LOOK: &str = "mutation Look($input: LookupPersonInput!) { lookupPerson(input: $input) { status matched \
    fieldErrors { path code message } person { id name idNumber phone ageBand } } }";

fn set_up(config: &mut Config) {
    config.privacy.key = Some(Secret::new("a key of at least thirty-two bytes here"));
    config.lookups.per_day = 8;
}

async fn look(client: &Client<'_>, key: &str, id_number: &str, name: &str) -> Response {
    let input = json!({ "input": { "idNumber": id_number, "name": name, "idempotencyKey": key } });
    let body = json!({ "query": LOOK, "variables": input });
    Response::of(client.request(Method::POST, "/graphql").header("Civigrid-Purpose", "CONTRACT").json(&body)).await
}

/// Persons with an id number: an adult and a child of the community, and an adult of elsewhere in the district.
fn people() -> [&'static person::Model; 3] {
    let day = chrono::NaiveDate::from_ymd_opt(2012, 6, 30).expect("a day");
    let find = |adult: bool, inside: bool| {
        let fits = |row: &&person::Model| {
            let place =
                row.region_code.is_some_and(|place| community().contains(place) == inside && (inside || district().contains(place)));
            place && row.id_number.is_some() && row.birth_date.is_some_and(|born| (born <= day) == adult)
        };
        harness::rows().persons.iter().find(fits)
    };
    let anywhere = || {
        harness::rows()
            .persons
            .iter()
            .find(|row| row.id_number.is_some() && !row.region_code.is_some_and(|place| community().contains(place)))
    };
    [
        find(true, true).expect("an adult"),
        find(false, true).expect("a child"),
        find(true, false).or_else(anywhere).expect("an adult elsewhere"),
    ]
}

fn number(row: &person::Model) -> &str {
    row.id_number.as_deref().expect("a number")
}

#[tokio::test]
async fn who_knows_number_and_name_finds_the_person_and_sees_what_they_see_anyway() {
    for database in harness::fresh_databases().await {
        let app = Watch::default().server(&database, set_up).await;
        let [adult, ..] = people();
        let secretary = Asker::new("secretary", "community_secretary", &[community()]);
        let found = done(&look(&secretary.at(&app), "k1", number(adult), &adult.name).await);
        assert_eq!(
            (&found["matched"], &found["person"]["id"], &found["person"]["name"]),
            (&json!(true), &json!(adult.id.to_string()), &json!(adult.name))
        );
        assert_eq!(found["person"]["idNumber"], Value::Null, "what nobody sees stays withheld");
        let officer = Asker::new("officer", "district_officer", &[district()]);
        let found = done(&look(&officer.at(&app), "k1", number(adult), &adult.name).await);
        assert_eq!(found["person"]["id"], adult.id.to_string());
        assert_ne!(found["person"]["name"], adult.name, "the name is not shown to them in full");
    }
}

#[tokio::test]
async fn all_failures_are_alike_to_the_byte() {
    for database in harness::fresh_databases().await {
        let app = Watch::default().server(&database, set_up).await;
        let [adult, child, elsewhere] = people();
        let secretary = Asker::new("secretary", "community_secretary", &[community()]);
        let wrong = "51010119900101001X";
        let nobody = look(&secretary.at(&app), "k1", wrong, &adult.name).await;
        assert_eq!(done(&nobody)["matched"], false);
        for (key, id_number, name) in [
            ("k2", number(adult), "王某某某"),
            ("k3", number(adult), &adult.name[..3]),
            ("k4", number(elsewhere), elsewhere.name.as_str()),
            ("k5", number(child), child.name.as_str()),
            ("k6", wrong, "' OR 1 = 1 --"),
        ] {
            assert_eq!(look(&secretary.at(&app), key, id_number, name).await.text, nobody.text, "{key}");
        }
        // Nor does it show whether somebody may match at all.
        let worker = Asker::new("worker", "grid_worker", &[community()]);
        // What their roles show of people anyway differs, and is told beside it.
        let theirs = look(&worker.at(&app), "k1", number(adult), &adult.name).await;
        assert_eq!(theirs.json["data"].to_string(), nobody.json["data"].to_string());
        let replayed = look(&secretary.at(&app), "k1", wrong, &adult.name).await;
        assert_eq!(replayed.text, nobody.text);
    }
}

#[tokio::test]
async fn look_ups_are_bounded_by_day_need_a_purpose_and_leave_nothing_readable() {
    for database in harness::fresh_databases().await {
        let watch = Watch::default();
        let app = watch.server(&database, set_up).await;
        let [adult, ..] = people();
        let secretary = Asker::new("secretary", "community_secretary", &[community()]);
        let input = json!({ "input": { "idNumber": number(adult), "name": adult.name, "idempotencyKey": "k" } });
        let without = secretary.at(&app).ask(LOOK, input).await;
        assert_eq!(code(&without), "PURPOSE", "{}", without.text);
        for turn in 0..8 {
            done(&look(&secretary.at(&app), &format!("k{turn}"), number(adult), &adult.name).await);
        }
        let over = look(&secretary.at(&app), "k8", number(adult), &adult.name).await;
        assert_eq!(code(&over), "QUOTA", "{}", over.text);
        let nobody = look(&secretary.at(&app), "k9", "51010119900101001X", &adult.name).await;
        assert_eq!(nobody.text, over.text, "the bound tells nothing of whom one looks for");
        done(&look(&secretary.at(&app), "k3", number(adult), &adult.name).await);
        let colleague = Asker::new("colleague", "community_secretary", &[community()]);
        done(&look(&colleague.at(&app), "k0", number(adult), &adult.name).await);
        watch.set(86_400);
        done(&look(&secretary.at(&app), "k8", number(adult), &adult.name).await);
        for hidden in [number(adult), adult.name.as_str()] {
            let columns = "issuer || subject || mutation || change_key || input_digest || coalesce(told, '')";
            let question = format!("SELECT count(*) AS v FROM change_keys WHERE {columns} LIKE '%{hidden}%'");
            assert_eq!(count(&database, &question).await, 0);
        }
        assert!(count(&database, "SELECT count(*) AS v FROM change_keys").await > 8);
    }
}

#[tokio::test]
async fn without_a_key_for_digests_nobody_looks_up_anybody() {
    for database in harness::databases().await {
        let app = Watch::default().server(&database, |config| config.privacy.key = None).await;
        let [adult, ..] = people();
        let secretary = Asker::new("secretary", "community_secretary", &[community()]);
        let answer = look(&secretary.at(&app), "k1", number(adult), &adult.name).await;
        assert_eq!(code(&answer), "NOT_SET_UP", "{}", answer.text);
    }
}
