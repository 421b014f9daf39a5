//! Agreements: what a department is granted it reads, there and until then and no more.

use entities::codes::RegionLevel;
use entities::region_code::RegionCode;
use serde_json::{Value, json};

use super::*;

/// People of the district by page, with what is asked for.
const PEOPLE: &str = "{ persons(first: 1000) { totalCount nodes { id name phone idNumber region { code } } } \
    named: persons(filter: { fullyVisible: [NAME] }) { totalCount } }";

/// How many names are shown; each of them must be of somebody in one of these regions.
#[track_caller]
fn names(answer: &Response, within: &[RegionCode]) -> usize {
    let rows = harness::rows();
    let people = answer.data()["persons"]["nodes"].as_array().cloned().unwrap_or_default();
    let named: Vec<&Value> = people.iter().filter(|person| !person["name"].is_null() || !person["phone"].is_null()).collect();
    for person in &named {
        let row = rows.persons.iter().find(|row| row.id.to_string() == person["id"]).expect("a row");
        let place = row.region_code.expect("placed");
        assert!(within.iter().any(|region| region.contains(place)), "{person} lies outside");
    }
    named.len()
}

/// How many adults live in a region.
fn adults(region: RegionCode) -> usize {
    let day = chrono::NaiveDate::from_ymd_opt(2012, 6, 30).expect("a day");
    let rows = harness::rows().persons.iter();
    rows.filter(|row| row.region_code.is_some_and(|place| region.contains(place)) && row.birth_date.is_some_and(|born| born <= day)).count()
}

#[tokio::test]
async fn an_agreement_gives_its_fields_in_its_regions_to_its_department_and_ends_at_its_second() {
    for database in harness::fresh_databases().await {
        let watch = Watch::default();
        let (one, other) = (watch.server(&database, |_| {}).await, watch.server(&database, |_| {}).await);
        let [department, elsewhere] = departments();
        let officer = Asker::new("officer", "city_officer", &[district()]).of(department);
        let stranger = Asker::new("stranger", "city_officer", &[district()]).of(elsewhere);
        let secretary = Asker::new("secretary", "community_secretary", &[community()]);
        let asked = officer.at(&one).ask(REQUEST, request("k1", &["name", "phone"], &[community()], &Watch::text(100))).await;
        let agreement = done(&asked)["agreement"].clone();
        assert_eq!(
            (&agreement["state"], &agreement["version"], &agreement["fields"]),
            (&json!("PROPOSED"), &json!(1), &json!("name phone"))
        );
        assert_eq!(agreement["department"]["id"], text_of("department", department));
        assert_eq!(names(&read(&officer.at(&one), PEOPLE).await, &[]), 0, "nothing is given yet");

        let granted = secretary.at(&one).ask(DECIDE, decision("k2", &agreement["id"], "GRANT", 1)).await;
        assert_eq!(done(&granted)["agreement"]["state"], "GRANTED");
        let expected = adults(community());
        assert!(expected > 0);
        for app in [&one, &other] {
            let answer = soon(&officer.at(app), PEOPLE, "a grant", |answer| names(answer, &[community()]) > 0).await;
            assert_eq!(names(&answer, &[community()]), expected, "all adults of the community, and nobody else");
            assert_eq!(answer.data()["named"]["totalCount"], expected);
            let why = "query Why { access(type: \"Person\", field: \"phone\") { shown agreements { id assignment holds sentence } } }";
            let why = read(&officer.at(app), why).await;
            let told = &why.data()["access"]["agreements"][0];
            assert_eq!((&told["id"], &told["assignment"], &told["holds"]), (&agreement["id"], &json!(0), &Value::Null), "{}", why.text);
            assert!(told["sentence"].as_str().is_some_and(|text| text.contains(&community().to_string())), "{}", why.text);
            let unstated = officer.at(app).query(PEOPLE).await;
            assert_eq!(names(&unstated, &[]), 0, "without the purpose that it is for");
            assert_eq!(names(&read(&stranger.at(app), PEOPLE).await, &[]), 0, "another department");
        }
        // The assignment's own regions bound it too.
        let far = harness::rows().persons.iter().filter_map(|row| row.region_code?.at(RegionLevel::Community));
        let far = far.into_iter().find(|place| !community().contains(*place)).expect("another community");
        let bounded = Asker::new("bounded", "city_officer", &[far]).of(department);
        assert_eq!(names(&read(&bounded.at(&one), PEOPLE).await, &[]), 0);

        for (seconds, count) in [(99, expected), (100, 0), (99, expected), (101, 0)] {
            watch.set(seconds);
            for app in [&one, &other] {
                assert_eq!(names(&read(&officer.at(app), PEOPLE).await, &[community()]), count, "at second {seconds}");
            }
        }
    }
}

#[tokio::test]
async fn an_agreement_ends_early_when_either_side_says_so() {
    for database in harness::fresh_databases().await {
        let watch = Watch::default();
        let app = watch.server(&database, |_| {}).await;
        let officer = Asker::new("officer", "city_officer", &[district()]).of(departments()[0]);
        let secretary = Asker::new("secretary", "community_secretary", &[community()]);
        let answer = officer.at(&app).ask(REQUEST, request("k1", &["name"], &[community()], &Watch::text(1_000))).await;
        let id = done(&answer)["agreement"]["id"].clone();
        done(&secretary.at(&app).ask(DECIDE, decision("k2", &id, "GRANT", 1)).await);
        at_once(&officer.at(&app), PEOPLE, "a grant", |answer| names(answer, &[community()]) > 0).await;
        let ended = done(&officer.at(&app).ask(DECIDE, decision("k3", &id, "END", 2)).await);
        assert_eq!((&ended["agreement"]["state"], &ended["agreement"]["endedBy"]), (&json!("ENDED"), &json!("officer")));
        at_once(&officer.at(&app), PEOPLE, "an end", |answer| names(answer, &[community()]) == 0).await;
        let again = secretary.at(&app).ask(DECIDE, decision("k4", &id, "GRANT", 3)).await;
        assert_eq!(code(&again), "STATE", "{}", again.text);
    }
}

#[tokio::test]
async fn nobody_decides_their_own_request_nor_more_than_they_see_nor_what_they_do_not_see() {
    for database in harness::fresh_databases().await {
        let app = Watch::default().server(&database, |_| {}).await;
        let [department, elsewhere] = departments();
        let officer = Asker::new("officer", "city_officer", &[district()]).of(department);
        let secretary = Asker::new("secretary", "community_secretary", &[community()]);
        let ask = async |key: &str, fields: &[&str], regions: &[RegionCode]| {
            let answer = officer.at(&app).ask(REQUEST, request(key, fields, regions, &Watch::text(1_000))).await;
            done(&answer)["agreement"]["id"].clone()
        };
        let id = ask("k1", &["name"], &[community()]).await;
        let try_it = async |who: &Asker, id: &Value, what: &str, version: i64| {
            let key = format!("{} {} {what} {version} {}", who.subject, who.role, id.as_str().unwrap_or_default());
            who.at(&app).ask(DECIDE, decision(&key, id, what, version)).await
        };
        for (who, what, expected) in [
            (officer.clone(), "GRANT", "NOT_ALLOWED"),
            // The same account in another role, and a colleague of the asking department.
            (Asker::new("officer", "community_secretary", &[community()]), "GRANT", "OWN_REQUEST"),
            (Asker::new("officer", "community_secretary", &[community()]), "REFUSE", "OWN_REQUEST"),
            (Asker::new("colleague", "community_secretary", &[community()]).of(department), "GRANT", "OWN_REQUEST"),
            (secretary.clone(), "WITHDRAW", "NOT_ALLOWED"),
            (secretary.clone(), "END", "STATE"),
            (Asker::new("auditor", "auditor", &[district()]), "GRANT", "NOT_ALLOWED"),
        ] {
            let answer = try_it(&who, &id, what, 1).await;
            assert_eq!(code(&answer), expected, "{} {what}: {}", who.subject, answer.text);
        }
        assert_eq!(code(&try_it(&secretary, &id, "GRANT", 7).await), "VERSION");
        // More than the deciding side sees: a field nobody sees, and a region beyond its own.
        let wide = ask("k2", &["name", "idNumber"], &[community()]).await;
        let answer = try_it(&secretary, &wide, "GRANT", 1).await;
        assert!(code(&answer) == "TOO_WIDE" && answer.text.contains("idNumber"), "{}", answer.text);
        // What is out of scope is as if it were not there.
        let district_wide = ask("k3", &["name"], &[district()]).await;
        let hidden = try_it(&secretary, &district_wide, "GRANT", 1).await;
        let nothing = try_it(&secretary, &json!(text_of("agreement", uuid::Uuid::from_u128(9))), "GRANT", 1).await;
        assert_eq!((code(&hidden), &hidden.text), ("UNKNOWN".to_owned(), &nothing.text));
        let other = Asker::new("else", "community_secretary", &["500101001001".parse().expect("a code")]);
        assert_eq!(try_it(&other, &id, "GRANT", 1).await.text, nothing.text);
        // Somebody of another department may.
        let decided = done(&try_it(&Asker::new("head", "community_secretary", &[community()]).of(elsewhere), &id, "GRANT", 1).await);
        assert_eq!(decided["agreement"]["decidedBy"], "head");
        done(&try_it(&officer, &wide, "WITHDRAW", 1).await);
    }
}

#[tokio::test]
async fn agreements_are_seen_by_the_departments_concerned_and_those_who_oversee() {
    const QUESTION: &str = "{ agreements(filter: { purpose: { eq: \"BENEFITS\" } }) { totalCount nodes { reason basis requestedBy } } }";
    for database in harness::fresh_databases().await {
        let app = Watch::default().server(&database, |_| {}).await;
        let [department, elsewhere] = departments();
        let officer = Asker::new("officer", "city_officer", &[district()]).of(department);
        done(&officer.at(&app).ask(REQUEST, request("k1", &["name"], &[community()], &Watch::text(100))).await);
        let secretary = Asker::new("secretary", "community_secretary", &[community()]);
        let auditor = Asker::new("auditor", "auditor", &[district()]);
        for who in [officer, secretary, auditor, Asker::new("administrator", "administrator", &[])] {
            let answer = who.at(&app).query(QUESTION).await;
            assert_eq!(answer.data()["agreements"]["totalCount"], 1, "{}: {}", who.subject, answer.text);
            assert_eq!(answer.data()["agreements"]["nodes"][0]["requestedBy"], "officer");
        }
        let stranger = Asker::new("stranger", "city_officer", &[district()]).of(elsewhere);
        for who in [stranger, Asker::new("worker", "grid_worker", &[community()]), Asker::new("operator", "street_operator", &[district()])]
        {
            assert_eq!(who.at(&app).query(QUESTION).await.data()["agreements"]["totalCount"], 0, "{}", who.subject);
        }
    }
}

#[tokio::test]
async fn a_request_that_is_wrong_is_told_all_at_once_with_what_would_be_allowed() {
    for database in harness::fresh_databases().await {
        let app = Watch::default().server(&database, |_| {}).await;
        let officer = Asker::new("officer", "city_officer", &[district()]).of(departments()[0]);
        let before = count(&database, "SELECT count(*) AS v FROM agreements").await;
        let mut wrong = request("k1", &["name", "fone", "id"], &[], "2020-01-01T00:00:00Z");
        wrong["input"]["regions"] = json!(["500103", "500199000000"]);
        wrong["input"]["reason"] = json!("short");
        wrong["input"]["purpose"] = json!("two words");
        let answer = officer.at(&app).ask(REQUEST, wrong).await;
        let errors = answer.data()["requestAccess"]["fieldErrors"].as_array().expect("a list").clone();
        let told: Vec<(String, String)> = errors
            .iter()
            .map(|error| (error["path"][0].as_str().unwrap_or_default().to_owned(), error["code"].as_str().unwrap_or_default().to_owned()))
            .collect();
        let expected = [
            ("fields", "UNKNOWN"),
            ("fields", "UNKNOWN"),
            ("regions", "INVALID"),
            ("purpose", "UNKNOWN"),
            ("reason", "TOO_SHORT"),
            ("until", "PAST"),
            ("regions", "UNKNOWN"),
        ];
        assert_eq!(told, expected.map(|(path, code)| (path.to_owned(), code.to_owned())), "{}", answer.text);
        assert!(errors[0]["allowed"].as_array().expect("a list").contains(&json!("phone")), "{}", answer.text);
        assert_eq!(answer.status, 200);
        assert!(answer.errors().is_empty(), "business errors are no errors: {}", answer.text);
        let mut unknown = request("k1", &["name"], &[community()], &Watch::text(100));
        unknown["input"]["register"] = json!("case");
        let answer = officer.at(&app).ask(REQUEST, unknown).await;
        assert!(code(&answer) == "UNKNOWN" && answer.text.contains("\"allowed\":[\"person\""), "{}", answer.text);
        let secretary = Asker::new("secretary", "community_secretary", &[community()]);
        let answer = secretary.at(&app).ask(REQUEST, request("k1", &["name"], &[community()], &Watch::text(100))).await;
        assert_eq!(code(&answer), "NOT_ALLOWED", "{}", answer.text);
        assert_eq!(count(&database, "SELECT count(*) AS v FROM agreements").await, before, "nothing was written");
        assert_eq!(count(&database, "SELECT count(*) AS v FROM change_keys").await, 0, "nor a key");
    }
}
