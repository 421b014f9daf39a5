//! Who may aggregate a field and not see it learns nothing of single rows, and finds equal numbers without reading one.

use civigrid::policy::{Key, Tokens};
use serde_json::{Value, json};

use crate::harness::{self, App, KEY, Who};
use crate::operation::check::run;

const CITY: &str = "500000000000";

#[tokio::test]
async fn no_question_tells_an_auditor_a_persons_sex() {
    let person = harness::rows().persons.iter().find(|person| person.birth_date.is_some()).expect("a person");
    for database in harness::databases().await {
        let app = App::start(&database).await;
        let client = app.of("auditor");
        let created = person.created_at.to_rfc3339();
        for filter in [
            format!("id: {{ eq: \"{}\" }}", person.id),
            format!("not: {{ id: {{ eq: \"{}\" }} }}", person.id),
            format!("createdAt: {{ eq: \"{created}\" }}"),
            "residences: { some: { status: { eq: RESIDENT } } }".to_owned(),
            "cases: { none: {} }".to_owned(),
        ] {
            let answer = client.query(&format!("{{ personStats(filter: {{ {filter} }}, groupBy: [{{ field: SEX }}]) {{ nodes {{ key {{ sex }} count suppressed }} }} }}")).await;
            let code = answer.errors().first().map(|error| error["extensions"]["code"].clone());
            assert!(
                ["SMALL_GROUPS", "FIELD_WITHHELD", "GRAPHQL_VALIDATION_FAILED"].iter().any(|known| code == Some(json!(known))),
                "{filter}: {}",
                answer.text
            );
        }
        for rest in ["having: { count: { eq: 1 } }", "orderBy: [{ by: COUNT }]", "orderBy: [{ by: MAX_AGE }]"] {
            let answer = client.query(&format!("{{ personStats(groupBy: [{{ field: SEX }}], {rest}) {{ nodes {{ count }} }} }}")).await;
            assert_eq!(answer.errors()[0]["extensions"]["code"], "SMALL_GROUPS", "{rest}");
        }
        // In a grid nearly every group is small: they are one for each shown key, without the key that is not shown.
        let document = "{ personStats(groupBy: [{ region: GRID }, { field: SEX }, { field: EDUCATION }], first: 1000) { nodes { key { region { code } sex education } count suppressed counted { age } sum { age } avg { age } min { age } max { age } } } }";
        let answer = client.query(document).await;
        let nodes = answer.data()["personStats"]["nodes"].as_array().unwrap_or_else(|| panic!("{}", answer.text)).clone();
        let small: Vec<&Value> = nodes.iter().filter(|node| node["suppressed"] == true).collect();
        assert!(!small.is_empty());
        for node in &small {
            let nothing = json!({ "age": null });
            assert_eq!(
                (&node["key"]["sex"], &node["key"]["education"], &node["count"]),
                (&Value::Null, &Value::Null, &Value::Null),
                "{node}"
            );
            assert_eq!((&node["sum"], &node["avg"], &node["max"], &node["counted"]), (&nothing, &nothing, &nothing, &json!({ "age": 0 })));
        }
        let mut regions: Vec<String> = small.iter().map(|node| node["key"]["region"]["code"].to_string()).collect();
        let before = regions.len();
        regions.dedup();
        assert_eq!(regions.len(), before, "one group for each region");
        assert!(nodes.iter().skip_while(|node| node["suppressed"] == false).all(|node| node["suppressed"] == true), "they come last");
    }
}

#[tokio::test]
async fn sums_and_counts_of_what_is_not_shown_are_rounded_and_those_of_what_is_shown_exact() {
    let persons = &harness::rows().persons;
    let placed: Vec<_> = persons.iter().filter(|person| person.region_code.is_some()).collect();
    for database in harness::databases().await {
        let app = App::start(&database).await;
        let client = app.of("auditor");
        let answer = client.query("{ bands: personStats(groupBy: [{ field: AGE_BAND }]) { nodes { count suppressed } } ages: personStats { nodes { count counted { age } sum { age } avg { age } min { age } max { age } } } }").await;
        let data = answer.data();
        let counts: Vec<i64> =
            data["bands"]["nodes"].as_array().expect("groups").iter().filter_map(|node| node["count"].as_i64()).collect();
        assert_eq!(counts.iter().sum::<i64>(), placed.len() as i64, "the band is shown: {data}");
        let ages = &data["ages"]["nodes"][0];
        let count = ages["count"].as_i64().expect("a count");
        assert!(count % 5 == 0 && (count - placed.len() as i64).abs() < 5 && count > 100, "{ages}");
        assert!(
            ages["min"]["age"].is_null()
                && ages["max"]["age"].is_null()
                && ages["counted"]["age"].as_i64().is_some_and(|count| count % 5 == 0)
        );
        let sum = ages["sum"]["age"].as_f64().expect("a sum");
        assert!((format!("{sum:.2e}").parse::<f64>().expect("a number") - sum).abs() < f64::EPSILON, "three digits: {sum}");
        assert!(ages["avg"]["age"].as_f64().is_some_and(|age| (10.0..90.0).contains(&age)), "{ages}");
        // Who sees the ages gets exact statistics of them.
        let secretary = Who { regions: Who::of("auditor").regions, ..Who::of("community_secretary") };
        let answer = app.as_who(&secretary).query("{ personStats(filter: { fullyVisible: [AGE] }, having: { count: { gte: 1 } }) { nodes { count suppressed min { age } } } }").await;
        let node = &answer.data()["personStats"]["nodes"][0];
        assert!(node["suppressed"] == false && node["min"]["age"].as_i64().is_some_and(|age| age >= 14), "{}", answer.text);
    }
}

#[tokio::test]
async fn one_number_in_two_households_is_found_by_its_token_and_never_shown() {
    let rows = harness::rows();
    let mut people = rows.persons.iter().filter(|person| person.household_id.is_some() && person.id_number.is_some());
    let first = people.next().expect("a person");
    let elsewhere = people.clone().find(|person| person.household_id != first.household_id).expect("another household");
    let number = first.id_number.clone().expect("a number");
    for database in harness::fresh_databases().await {
        let key = |uuid: uuid::Uuid| match database.backend {
            civigrid::store::Backend::Postgres => format!("'{uuid}'"),
            civigrid::store::Backend::Sqlite => format!("x'{}'", uuid.simple()),
        };
        run(&database, &[format!("UPDATE persons SET id_number = '{number}' WHERE id = {}", key(elsewhere.id.uuid()))]).await;
        let app = App::start(&database).await;
        let ask = |arguments: &str| {
            format!(
                "{{ personDuplicates(field: ID_NUMBER{arguments}) {{ nodes {{ token count rows {{ id idNumber ageBand access {{ withheld }} }} }} pageInfo {{ hasNextPage endCursor }} }} }}"
            )
        };
        let answer = app.of("auditor").query(&ask("")).await;
        let found = &answer.data()["personDuplicates"];
        let nodes = found["nodes"].as_array().expect("values");
        assert_eq!(nodes.len(), 1, "{}", answer.text);
        let person = entities::catalog::register("person").expect("a register");
        let (_, field) = person.field("idNumber").expect("a field");
        assert_eq!(nodes[0]["token"], Tokens::new(&Key::new(KEY), "").token(person, field, &number));
        assert_eq!(nodes[0]["count"], 2);
        let mut ids: Vec<String> = [first.id, elsewhere.id].map(|id| id.to_string()).to_vec();
        ids.sort_unstable();
        let told: Vec<&str> = nodes[0]["rows"].as_array().expect("rows").iter().filter_map(|row| row["id"].as_str()).collect();
        assert_eq!(told, ids);
        let masked = nodes[0]["rows"][0]["idNumber"].as_str().is_some_and(|shown| shown.contains("****"));
        assert!(masked && !answer.text.contains(&number), "{}", answer.text);
        let page = app.of("auditor").query(&ask(", first: 0")).await;
        assert_eq!(page.data()["personDuplicates"]["pageInfo"]["hasNextPage"], true, "{}", page.text);
        // In a scope that holds one of the two rows there is nothing to find.
        let narrow = Who { regions: first.region_code.into_iter().collect(), ..Who::of("auditor") };
        if elsewhere.region_code != first.region_code {
            let answer = app.as_who(&narrow).query(&ask("")).await;
            assert_eq!(answer.data()["personDuplicates"]["nodes"], json!([]), "{}", answer.text);
        }
        let none = app.of("city_officer").query(&ask("")).await;
        assert_eq!(none.data()["personDuplicates"]["nodes"], json!([]), "who has no rows of people finds none: {}", none.text);
        for role in ["grid_worker", "community_secretary"] {
            let answer = app.of(role).query(&ask("")).await;
            assert_eq!(answer.errors()[0]["extensions"]["code"], "FIELD_WITHHELD", "{role}: {}", answer.text);
        }
        let answer = app.of("auditor").query("{ personDuplicates(field: PHONE) { nodes { token } } }").await;
        assert_eq!(answer.errors()[0]["extensions"]["code"], "FIELD_WITHHELD");
        // In one household it is no matter of two.
        let household = format!(
            "UPDATE persons SET household_id = {} WHERE id = {}",
            key(first.household_id.expect("one").uuid()),
            key(elsewhere.id.uuid())
        );
        run(&database, &[household]).await;
        let both = format!(
            "{} {}",
            ask("").replace("personDuplicates", "apart: personDuplicates").trim_end_matches('}'),
            ask(", acrossHouseholds: false").trim_start_matches('{')
        );
        let answer = app.of("auditor").query(&both).await;
        assert_eq!(answer.data()["apart"]["nodes"], json!([]), "{}", answer.text);
        assert_eq!(answer.data()["personDuplicates"]["nodes"][0]["count"], 2, "{}", answer.text);
    }
}

#[tokio::test]
async fn menus_and_duplicates_take_one_statement_each() {
    for database in harness::databases().await {
        let engine = harness::engine(&database).await;
        let document = format!(
            "{{ personDuplicates(field: ID_NUMBER) {{ nodes {{ rows {{ id region {{ name }} household {{ number }} }} }} }} caseMenu(region: \"{CITY}\", level: MUNICIPALITY, by: [BOARD]) {{ nodes {{ key {{ region {{ name }} board }} count }} }} personStats(groupBy: [{{ field: SEX }}]) {{ nodes {{ count avg {{ age }} }} }} }}"
        );
        let answer = harness::execute(&engine, &Who::of("auditor"), &document).await;
        assert_eq!(answer.cost.statements, 3, "{}", String::from_utf8_lossy(&answer.body));
    }
}
