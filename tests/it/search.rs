//! Names are found by their parts, by pinyin and by initials, inside a district, by an index.

use std::collections::BTreeSet;

use civigrid::store::Backend;
use entities::catalog::Source;
use entities::codes::RegionLevel;
use entities::registers::REGISTERS;
use entities::{name_keys, person};
use futures::future::join_all;
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use serde_json::json;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, Row};

use crate::harness::{self, App, Client, TestDatabase, Who};

const SEARCH: &str = "query ($typed: String!, $within: RegionCode!) { \
    persons(first: 1000, filter: { name: { matches: $typed }, region: { within: $within } }) { nodes { name namePinyin } totalCount } }";

async fn found(client: &Client<'_>, typed: &str, within: &str) -> BTreeSet<(String, String)> {
    let answer = client.ask(SEARCH, json!({ "typed": typed, "within": within })).await;
    let list = &answer.data()["persons"];
    let nodes = list["nodes"].as_array().expect("rows");
    assert_eq!(list["totalCount"], nodes.len(), "{typed}");
    let text = |value: &serde_json::Value| value.as_str().expect("the caller sees names").to_owned();
    nodes.iter().map(|node| (text(&node["name"]), text(&node["namePinyin"]))).collect()
}

#[tokio::test]
async fn what_people_type_finds_the_same_people_on_both_databases() {
    let who = Who::of("community_secretary");
    let community = who.regions[0];
    // The secretary may not search the names of children and of people whose age is unknown.
    let fourteen = chrono::NaiveDate::from_ymd_opt(2012, 6, 30).expect("a day");
    let grown = |person: &&person::Model| person.birth_date.is_some_and(|born| born <= fourteen);
    let lives_here = |person: &&person::Model| person.region_code.is_some_and(|code| community.contains(code));
    let here: Vec<_> = harness::rows().persons.iter().filter(lives_here).filter(grown).collect();
    let apps = join_all(harness::databases().await.iter().map(App::start)).await;
    let mut hits = 0;
    for person in here.iter().step_by(3) {
        let pinyin = person.name_pinyin.replace([' ', '\''], "");
        let first: String = person.name.chars().take(1).collect();
        let last: String = person.name.chars().rev().take(1).collect();
        let some = [person.name.clone(), first, last, pinyin.clone(), pinyin.to_uppercase(), person.name_pinyin.clone()];
        for typed in some.into_iter().chain([pinyin[..pinyin.len() - 1].to_owned(), pinyin[..1].to_owned()]) {
            let needle = name_keys::needle(&typed).expect("something typed");
            let expected: BTreeSet<_> = here
                .iter()
                .filter(|other| name_keys::found(&other.name_keys, &needle))
                .map(|other| (other.name.clone(), other.name_pinyin.clone()))
                .collect();
            assert!(expected.contains(&(person.name.clone(), person.name_pinyin.clone())), "{typed} finds {}", person.name);
            if !typed.is_ascii() {
                let holding = here.iter().filter(|other| other.name.contains(&typed));
                assert_eq!(expected, holding.map(|other| (other.name.clone(), other.name_pinyin.clone())).collect(), "{typed}");
            }
            for app in &apps {
                assert_eq!(found(&app.as_who(&who), &typed, &community.to_string()).await, expected, "{typed}");
            }
            hits += expected.len();
        }
    }
    assert!(hits > 100, "{hits}");
}

#[tokio::test]
async fn a_search_is_confined_to_a_district_and_needs_a_letter() {
    for database in harness::databases().await {
        let app = App::start(&database).await;
        let everywhere = Who { regions: Who::of("auditor").regions, ..Who::of("community_secretary") };
        let client = app.as_who(&everywhere);
        let answer = client.query("{ persons(filter: { name: { matches: \"ww\" } }) { totalCount } }").await;
        assert!(answer.code() == "BAD_INPUT" && answer.message().contains("within"), "{}", answer.text);
        let city = everywhere.regions[0].to_string();
        assert_eq!(client.ask(SEARCH, json!({ "typed": "ww", "within": city })).await.code(), "BAD_INPUT");
        let district = Who::of("district_officer").regions[0].to_string();
        let answer = client.ask(SEARCH, json!({ "typed": " '% ", "within": district })).await;
        assert!(answer.code() == "BAD_INPUT" && answer.message().contains("initials"), "{}", answer.text);
        client.ask(SEARCH, json!({ "typed": "w\u{0301}'; --*:|&", "within": district })).await.data();
    }
}

async fn run(connection: &DatabaseConnection, statement: &str) -> Vec<sea_orm::QueryResult> {
    let backend = connection.get_database_backend();
    connection.query_all_raw(Statement::from_string(backend, statement.to_owned())).await.expect(statement)
}

/// Every search of the catalog: table, column of the keys, columns they are made from.
fn searches() -> Vec<(&'static str, &'static str, &'static str, Option<&'static str>)> {
    let column = |source| if let Source::Column(column) = source { column } else { unreachable!("searched fields are columns") };
    let mut searches = Vec::new();
    for register in REGISTERS {
        for field in register.fields {
            if let Some(search) = field.search {
                let pinyin = register.pinyin_of(field).map(|index| column(register.fields[index].source));
                searches.push((register.table, search.keys, column(field.source), pinyin));
            }
        }
    }
    searches
}

#[tokio::test]
async fn the_keys_of_every_row_are_those_of_its_name() {
    assert!(searches().len() >= 2, "people and businesses");
    for database in harness::databases().await {
        let connection = database.open().writer().await.expect("a connection");
        for (table, keys, name, pinyin) in searches() {
            let rows =
                run(&connection, &format!("SELECT {name} AS name, {} AS pinyin, {keys} AS keys FROM {table}", pinyin.unwrap_or("''")))
                    .await;
            assert!(!rows.is_empty(), "{table}");
            for row in rows {
                let text = |column: &str| row.try_get::<String>("", column).expect("text");
                assert_eq!(text("keys"), name_keys::of(&text("name"), &text("pinyin")), "{table}");
            }
        }
        connection.close().await.expect("closed");
    }
}

#[tokio::test]
async fn the_index_follows_what_is_written() {
    for database in harness::fresh_databases().await {
        let person = harness::rows().persons.iter().find(|person| person.region_code.is_some()).expect("somebody lives somewhere");
        let place = person.region_code.expect("placed");
        let district = place.at(RegionLevel::District).expect("in a district");
        let other = harness::rows().persons.iter().filter_map(|person| person.region_code);
        let other =
            other.filter_map(|place| place.at(RegionLevel::District).map(|there| (place, there))).find(|(_, there)| *there != district);
        let (far, there) = other.expect("people live in two districts");
        let app = App::start(&database).await;
        let who = Who { regions: Who::of("auditor").regions, ..Who::of("community_secretary") };
        let client = app.as_who(&who);
        let names = async |typed: &'static str, district: String| found(&client, typed, &district).await.len();
        let (district, there) = (district.to_string(), there.to_string());
        let connection = database.open().writer().await.expect("a connection");
        let id = match database.backend {
            Backend::Postgres => format!("'{}'", person.id.uuid()),
            Backend::Sqlite => format!("x'{}'", person.id.uuid().simple()),
        };
        let write = async |change: String| connection.execute_unprepared(&change).await.expect("written");

        assert_eq!(names("龘", district.clone()).await, 0);
        write(format!(
            "UPDATE persons SET name = '龘龘', name_pinyin = 'da da', name_keys = '{}' WHERE id = {id}",
            name_keys::of("龘龘", "da da")
        ))
        .await;
        assert_eq!(names("龘", district.clone()).await, 1, "{:?}: a name that was given is found", database.backend);
        write(format!("UPDATE persons SET region_code = {} WHERE id = {id}", far.number())).await;
        assert_eq!(names("龘", district.clone()).await, 0, "{:?}: who moves away is found there no more", database.backend);
        assert_eq!(names("dada", there.clone()).await, 1, "{:?}: but at the new place", database.backend);
        write(format!("UPDATE persons SET name = '刘', name_pinyin = 'liu', name_keys = '{}' WHERE id = {id}", name_keys::of("刘", "liu")))
            .await;
        assert_eq!(names("龘", there.clone()).await, 0, "{:?}: a name that was taken away is not found", database.backend);
        connection.close().await.expect("closed");
    }
}

/// The plan of a statement, its values unknown.
async fn plan(database: &TestDatabase, statement: &str) -> String {
    match database.backend {
        Backend::Sqlite => {
            let connection = database.open().writer().await.expect("a connection");
            let rows = run(&connection, &format!("EXPLAIN QUERY PLAN {statement}")).await;
            connection.close().await.expect("closed");
            rows.iter().map(|row| row.try_get::<String>("", "detail").expect("text")).collect::<Vec<_>>().join("\n")
        }
        Backend::Postgres => {
            let values = (1..).take_while(|number| statement.contains(&format!("${number}"))).count();
            let nulls = vec!["NULL"; values].join(", ");
            let prepare = format!("SET plan_cache_mode = force_generic_plan; PREPARE search AS {statement}");
            let mut connection = PgConnection::connect(&database.url).await.expect("a connection");
            connection.execute(sqlx::raw_sql(AssertSqlSafe(prepare))).await.expect("prepared");
            let explain = sqlx::raw_sql(AssertSqlSafe(format!("EXPLAIN EXECUTE search({nulls})")));
            let rows = connection.fetch_all(explain).await.expect("a plan");
            connection.close().await.expect("closed");
            rows.iter().map(|row| row.try_get::<String, _>(0).expect("text")).collect::<Vec<_>>().join("\n")
        }
    }
}

/// Copies the people and businesses until an index is worth using: few rows are read whole sooner than by any.
async fn crowd(database: &TestDatabase) {
    let connection = database.open().writer().await.expect("a connection");
    for table in ["persons", "businesses"] {
        let copy = "jsonb_build_object('id', gen_random_uuid(), 'credit_code', NULL)";
        let copies = format!(
            "INSERT INTO {table} SELECT (jsonb_populate_record(one, {copy} || jsonb_build_object('version', copy))).* \
             FROM {table} AS one, generate_series(2, 300) AS copy"
        );
        connection.execute_unprepared(&copies).await.expect("copied");
        // What was just written waits outside the index until it is cleaned up, and is dear to look through until then.
        connection.execute_unprepared(&format!("VACUUM ANALYZE {table}")).await.expect("looked at");
    }
    connection.close().await.expect("closed");
}

#[tokio::test]
async fn a_search_uses_its_index_on_both_databases() {
    let secretary = Who::of("community_secretary");
    let everywhere = Who { regions: Who::of("auditor").regions, ..secretary.clone() };
    let district = Who::of("district_officer").regions[0];
    let within = format!(
        "{{ persons(first: 20, filter: {{ name: {{ matches: \"王伟\" }}, region: {{ within: \"{district}\" }} }}) {{ nodes {{ name }} totalCount }} }}"
    );
    let business =
        format!("{{ businesses(filter: {{ name: {{ matches: \"茶\" }}, region: {{ within: \"{district}\" }} }}) {{ totalCount }} }}");
    for database in harness::fresh_databases().await {
        if database.backend == Backend::Postgres {
            crowd(&database).await;
        }
        let engine = harness::engine(&database).await;
        for (who, document, index) in [
            (&everywhere, within.as_str(), "persons_name_keys"),
            (
                &secretary,
                "{ persons(first: 20, filter: { name: { matches: \"wangw\" } }) { nodes { name } totalCount } }",
                "persons_name_keys",
            ),
            (&everywhere, business.as_str(), "businesses_name_keys"),
        ] {
            let answer = harness::execute(&engine, who, document).await;
            assert!(!answer.statements.is_empty(), "{document}");
            for statement in &answer.statements {
                let plan = plan(&database, statement).await;
                assert!(plan.contains(index), "{:?}\n{document}\n{statement}\n{plan}", database.backend);
            }
        }
    }
}
