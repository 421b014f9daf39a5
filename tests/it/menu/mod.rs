//! The aggregate menu: who may ask, what is listed, and that both databases tell the same by one statement.

mod attack;

use std::collections::BTreeMap;

use civigrid::graph::{Engine, Limits};
use civigrid::policy::{Key, Policy};
use entities::codes::{AGE_BAND, RegionLevel, SEX};
use entities::menus::MENUS;
use sea_orm::ActiveEnum;
use serde_json::{Value, json};

use crate::harness::{self, App, KEY, TestDatabase, Who};

/// The engine alone, with the tests' key and a policy.
async fn engine(database: &TestDatabase, policy: Policy) -> Engine {
    let limits = Limits { nodes: 10_000_000, ..Limits::default() };
    Engine::build(database.open(), policy, limits).await.expect("the engine is built").keyed(Key::new(KEY))
}

async fn ask(engine: &Engine, who: &Who, document: &str) -> Value {
    let answer = harness::execute(engine, who, document).await;
    serde_json::from_slice(&answer.body).expect("JSON")
}

const CITY: &str = "500000000000";

#[tokio::test]
async fn all_cells_are_listed_in_one_order_with_one_statement_and_alike_on_both_databases() {
    let mut first: Option<Value> = None;
    for database in harness::databases().await {
        let engine = engine(&database, Policy::built_in()).await;
        let document = format!(
            "{{ personMenu(region: \"{CITY}\", level: DISTRICT, by: [SEX, AGE_BAND], first: 1000) {{ totalCount nodes {{ key {{ region {{ code }} sex ageBand }} count suppressed }} pageInfo {{ hasNextPage endCursor }} }} }}"
        );
        let answer = harness::execute(&engine, &Who::of("city_officer"), &document).await;
        assert_eq!(answer.cost.statements, 1);
        let json: Value = serde_json::from_slice(&answer.body).expect("JSON");
        let menu = &json["data"]["personMenu"];
        let nodes = menu["nodes"].as_array().unwrap_or_else(|| panic!("{json}"));
        let districts = harness::rows().regions.iter().filter(|region| region.level == RegionLevel::District).count();
        assert_eq!(menu["totalCount"], json!(districts * SEX.codes.len() * (AGE_BAND.codes.len() + 1)), "one band is that of unknown ages");
        assert_eq!(nodes.len(), 1_000);
        assert_eq!(
            nodes[0]["key"],
            json!({ "region": nodes[0]["key"]["region"], "sex": "UNKNOWN", "ageBand": nodes[0]["key"]["ageBand"] })
        );
        for node in nodes {
            let count = node["count"].as_i64();
            assert_eq!(node["suppressed"], json!(count.is_none()), "{node}");
            assert!(count.is_none_or(|count| count >= 10 && count % 5 == 0), "{node}");
        }
        let known = first.get_or_insert_with(|| json.clone());
        assert_eq!(*known, json, "{:?}", database.backend);
    }
}

#[tokio::test]
async fn a_cell_of_fewer_than_ten_rows_is_suppressed_and_one_with_a_large_base_cell_is_near_its_rows() {
    let persons = &harness::rows().persons;
    let mut base: BTreeMap<(String, String), i64> = BTreeMap::new();
    for person in persons.iter().filter_map(|person| Some((person.street_code?, person))) {
        *base.entry((person.0.to_string(), person.1.sex.to_value())).or_default() += 1;
    }
    for database in harness::databases().await {
        let engine = engine(&database, Policy::built_in()).await;
        let mut seen = 0;
        let mut after = String::new();
        loop {
            let document = format!(
                "{{ personMenu(region: \"{CITY}\", level: STREET, by: [SEX], first: 1000{after}) {{ nodes {{ key {{ region {{ code }} sex }} count suppressed }} pageInfo {{ hasNextPage endCursor }} }} }}"
            );
            let json = ask(&engine, &Who::of("auditor"), &document).await;
            let menu = &json["data"]["personMenu"];
            for node in menu["nodes"].as_array().unwrap_or_else(|| panic!("{json}")) {
                let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
                let rows = base.get(&(text(&node["key"]["region"]["code"]), text(&node["key"]["sex"]))).copied().unwrap_or_default();
                if rows < 10 {
                    assert_eq!((&node["count"], &node["suppressed"]), (&Value::Null, &json!(true)), "{node} {rows}");
                } else if let Some(count) = node["count"].as_i64() {
                    // At most seven small cells by age stand in by up to nine each.
                    assert!((count - rows).abs() <= 8 * 9 + 5, "{node} {rows}");
                    seen += 1;
                }
            }
            if menu["pageInfo"]["hasNextPage"] != json!(true) {
                break;
            }
            after = format!(", after: {}", menu["pageInfo"]["endCursor"]);
        }
        assert!(seen > 0, "nothing was told");
    }
}

#[tokio::test]
async fn a_menu_is_asked_where_the_policy_gives_it_and_nowhere_else() {
    let district = Who::of("district_officer").regions[0];
    let outside = "500000000000";
    for database in harness::databases().await {
        let app = App::start(&database).await;
        let personal = |region: &str| {
            format!(
                "{{ personMenu(region: \"{region}\", level: DISTRICT) {{ nodes {{ count }} }} me {{ permissions {{ type menu menuRegions }} }} }}"
            )
        };
        let permissions = |json: &Value| {
            let all = json["data"]["me"]["permissions"].as_array().expect("a list").clone();
            all.into_iter().find(|one| one["type"] == "Person").expect("persons")
        };
        let answer = app.of("city_officer").query(&personal(outside)).await;
        assert!(answer.errors().is_empty() && permissions(&answer.json)["menu"] == "ALL", "{}", answer.text);
        for role in ["grid_worker", "integrator", "administrator", "resident", "anonymous"] {
            let answer = app.of(role).query(&personal(outside)).await;
            assert_eq!(answer.errors()[0]["extensions"]["code"], "FIELD_WITHHELD", "{role}");
            assert_eq!((&answer.json["data"]["personMenu"], &permissions(&answer.json)["menu"]), (&Value::Null, &json!("NONE")), "{role}");
        }
        let auditor = Who { regions: vec![district], ..Who::of("auditor") };
        let answer = app.as_who(&auditor).query(&personal(outside)).await;
        assert!(answer.text.contains("FIELD_WITHHELD") && answer.text.contains("aggregates of Person in 500000000000"), "{}", answer.text);
        let answer = app.as_who(&auditor).query(&personal(&district.to_string())).await;
        assert!(answer.errors().is_empty() && permissions(&answer.json)["menuRegions"] == json!([district.to_string()]), "{}", answer.text);
    }
}

#[tokio::test]
async fn what_a_menu_does_not_have_is_refused_in_words() {
    for database in harness::databases().await {
        let app = App::start(&database).await;
        let client = app.of("city_officer");
        let street = Who::of("street_operator").regions[0];
        for (arguments, says) in [
            (format!("region: \"{CITY}\", level: COMMUNITY"), "below the level STREET"),
            (format!("region: \"{}\", level: GRID", Who::of("grid_worker").regions[0]), "below the level STREET"),
            (format!("region: \"{street}\", level: DISTRICT"), "above the region"),
            (format!("region: \"{CITY}\", level: DISTRICT, first: 1001"), "1000"),
            (format!("region: \"{CITY}\", level: DISTRICT, after: \"group:1:x\""), "no cursor"),
            ("region: \"5\", level: DISTRICT".to_owned(), "12 digits"),
        ] {
            let answer = client.query(&format!("{{ personMenu({arguments}) {{ totalCount }} }}")).await;
            assert!(answer.errors().len() == 1 && answer.text.contains(says), "{arguments}: {}", answer.text);
        }
    }
}

#[tokio::test]
async fn every_menu_is_answered_with_all_its_parts_and_pages_join_without_a_gap() {
    let mut answers: BTreeMap<&str, Value> = BTreeMap::new();
    for database in harness::databases().await {
        let engine = engine(&database, Policy::built_in()).await;
        let auditor = Who::of("auditor");
        for menu in MENUS {
            let register = entities::catalog::register(menu.register).expect("a register");
            let shout = crate::completeness::enum_value;
            let mut dimensions: Vec<String> = menu.dimensions.iter().map(|name| shout(name)).collect();
            let mut keys: Vec<&str> = menu.dimensions.to_vec();
            if menu.periods.is_some() {
                dimensions.push("PERIOD".to_owned());
                keys.push("period");
            }
            let measures =
                if menu.measures.is_empty() { String::new() } else { format!("sum {{ {0} }} avg {{ {0} }}", menu.measures.join(" ")) };
            let page = |size: usize, after: &str| {
                format!(
                    "{{ {}(region: \"{CITY}\", level: MUNICIPALITY, by: [{}], first: {size}{after}) {{ __typename totalCount nodes {{ __typename key {{ __typename region {{ name }} {} }} count suppressed {measures} }} pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }}",
                    menu.root,
                    dimensions.join(", "),
                    keys.join(" ")
                )
            };
            let whole = ask(&engine, &auditor, &page(1_000, "")).await;
            let nodes = whole["data"][menu.root]["nodes"].as_array().unwrap_or_else(|| panic!("{}: {whole}", register.name)).clone();
            assert_eq!(whole["data"][menu.root]["totalCount"], json!(nodes.len()), "{}", register.name);
            let (mut joined, mut after) = (Vec::new(), String::new());
            loop {
                let json = ask(&engine, &auditor, &page(7, &after)).await;
                let found = &json["data"][menu.root];
                joined.extend(found["nodes"].as_array().expect("cells").clone());
                if found["pageInfo"]["hasNextPage"] != json!(true) {
                    break;
                }
                after = format!(", after: {}", found["pageInfo"]["endCursor"]);
            }
            assert_eq!(joined, nodes, "{}", register.name);
            assert_eq!(*answers.entry(menu.root).or_insert_with(|| whole.clone()), whole, "{:?}", database.backend);
        }
    }
    let told = answers.values().flat_map(|json| json["data"].as_object().expect("data").values().cloned().collect::<Vec<_>>());
    let told = told.flat_map(|menu| menu["nodes"].as_array().expect("cells").clone()).filter(|node| node["count"].is_i64()).count();
    assert!(told > 8, "{told} cells are told");
}
