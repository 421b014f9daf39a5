//! A community moves to another street: its rows follow, keys stay, old codes are still understood.

use std::collections::BTreeMap;

use civigrid::store::regions::{self, MoveError};
use entities::catalog::Register;
use entities::codes::RegionLevel;
use entities::region_code::RegionCode;
use entities::registers::REGISTERS;
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use serde_json::{Value, json};

use crate::harness::{self, App, Who};

/// Every row's key with its place, by register.
async fn places(connection: &DatabaseConnection) -> BTreeMap<&'static str, BTreeMap<Vec<u8>, Option<i64>>> {
    let mut places = BTreeMap::new();
    for register in REGISTERS {
        let Some(placing) = register.placing else { continue };
        let statement = format!("SELECT id, {} AS place FROM {}", placing.place, register.table);
        let rows = connection.query_all_raw(Statement::from_string(connection.get_database_backend(), statement)).await.expect("rows");
        let rows = rows.iter().map(|row| {
            let id = row.try_get::<uuid::Uuid>("", "id").expect("a key").as_bytes().to_vec();
            (id, row.try_get("", "place").expect("a place"))
        });
        places.insert(register.name, rows.collect());
    }
    places
}

fn populated() -> (RegionCode, RegionCode) {
    let mut communities: Vec<RegionCode> = harness::rows().cases.iter().map(|case| case.community_code).collect();
    communities.sort_unstable();
    let first = communities[0];
    let other = communities.iter().find(|code| code.at(RegionLevel::Street) != first.at(RegionLevel::Street)).expect("several streets");
    (first, other.at(RegionLevel::Street).expect("a community lies in a street"))
}

/// What the standard street operator of a street counts.
async fn counts(app: &App, street: RegionCode) -> Value {
    let who = Who { regions: vec![street], ..Who::of("street_operator") };
    let document = "{ households { totalCount } persons { totalCount } residences { totalCount } cases { totalCount } caseEvents { totalCount } \
        caseStats(groupBy: [{ region: STREET }]) { nodes { key { region { code } } count } } }";
    app.as_who(&who).query(document).await.data().clone()
}

#[tokio::test]
async fn a_community_moves_with_all_that_is_in_it() {
    let (community, street) = populated();
    let old_street = community.at(RegionLevel::Street).expect("a community lies in a street");
    for database in harness::fresh_databases().await {
        let pool = database.open();
        let connection = pool.writer().await.expect("a connection");
        let before = places(&connection).await;
        let app = App::start(&database).await;
        let (old_before, new_before) = (counts(&app, old_street).await, counts(&app, street).await);

        let moved = regions::move_region(&pool, community, street, harness::instant()).await.expect("it moves");
        assert!(street.contains(moved.code) && moved.code.level() == RegionLevel::Community);

        let after = places(&connection).await;
        let shift = moved.code.number() - community.number();
        for (register, before) in &before {
            let expected: BTreeMap<_, _> = before
                .iter()
                .map(|(id, place)| {
                    let inside = place.is_some_and(|place| community.span().0 <= place && place <= community.span().1);
                    (id.clone(), place.map(|place| if inside { place + shift } else { place }))
                })
                .collect();
            assert_eq!(after[register], expected, "{:?} {register}: keys stay, places follow", database.backend);
        }

        // A server that starts now knows the new tree.
        let app = App::start(&database).await;
        let (old_after, new_after) = (counts(&app, old_street).await, counts(&app, street).await);
        for list in ["households", "persons", "residences", "cases", "caseEvents"] {
            let count = |counts: &Value| counts[list]["totalCount"].as_i64().expect("a count");
            assert!(count(&old_before) > count(&old_after), "{list}");
            assert_eq!(count(&old_before) + count(&new_before), count(&old_after) + count(&new_after), "{list}");
        }
        assert_eq!(
            new_after["caseStats"]["nodes"],
            json!([{ "key": { "region": { "code": street.to_string() } }, "count": new_after["cases"]["totalCount"] }])
        );

        let who = Who { regions: vec![street], ..Who::of("street_operator") };
        let document = "query ($code: RegionCode!) { regionByCode(code: $code) { parent { code } version updatedAt \
            aliases(filter: { system: { eq: \"former\" } }) { nodes { code } } children { nodes { code aliases { nodes { code } } } } \
            persons(first: 1) { nodes { region(level: STREET) { code } } } cases { totalCount } } }";
        let answer = app.as_who(&who).ask(document, json!({ "code": moved.code.to_string() })).await;
        let region = &answer.data()["regionByCode"];
        assert_eq!(region["parent"]["code"], street.to_string());
        assert_eq!(region["aliases"]["nodes"], json!([{ "code": community.to_string() }]));
        assert_eq!(region["updatedAt"], "2026-06-30T04:00:00.000000Z");
        assert_eq!(region["persons"]["nodes"], json!([{ "region": { "code": street.to_string() } }]));
        for child in region["children"]["nodes"].as_array().expect("grids") {
            let code: RegionCode = child["code"].as_str().and_then(|code| code.parse().ok()).expect("a code");
            let old = RegionCode::from_number(code.number() - shift).expect("a code");
            assert_eq!(child["aliases"]["nodes"], json!([{ "code": old.to_string() }]));
        }
        // The old code is nobody's place any more.
        let gone = app
            .as_who(&who)
            .ask("query ($code: RegionCode!) { regionByCode(code: $code) { id } }", json!({ "code": community.to_string() }))
            .await;
        assert_eq!(gone.data()["regionByCode"], Value::Null);

        // A second move keeps both old codes, and back home nobody gets an old code again.
        let back = regions::move_region(&pool, moved.code, old_street, harness::instant()).await.expect("it moves back");
        assert_ne!(back.code, community);
        connection.close().await.expect("closed");
    }
}

#[tokio::test]
async fn a_running_server_notices_a_move() {
    let (community, street) = populated();
    for database in harness::fresh_databases().await {
        let engine = harness::engine(&database).await;
        let who = Who { regions: vec![street], ..Who::of("street_operator") };
        let query = "{ households(first: 1) { nodes { region(level: COMMUNITY) { parent { code } } } } }";
        let moved = regions::move_region(&database.open(), community, street, harness::instant()).await.expect("it moves");
        engine.refresh_regions().await.expect("the table is read");
        let within = query.replace("first: 1", &format!("first: 1, filter: {{ region: {{ within: \"{}\" }} }}", moved.code));
        let answer: Value = serde_json::from_slice(&harness::execute(&engine, &who, &within).await.body).expect("JSON");
        assert_eq!(answer["data"]["households"]["nodes"][0]["region"]["parent"]["code"], street.to_string(), "{answer}");
    }
}

#[tokio::test]
async fn what_cannot_be_moved_stays() {
    let (community, street) = populated();
    let old_street = community.at(RegionLevel::Street).expect("a community lies in a street");
    let nowhere: RegionCode = "500103001999".parse().expect("a code");
    for database in harness::fresh_databases().await {
        let pool = database.open();
        let at = harness::instant();
        assert!(matches!(regions::move_region(&pool, street, old_street, at).await, Err(MoveError::WrongLevel(..))));
        assert!(matches!(regions::move_region(&pool, community, community, at).await, Err(MoveError::WrongLevel(..))));
        assert!(matches!(regions::move_region(&pool, community, old_street, at).await, Err(MoveError::AlreadyThere(..))));
        assert!(matches!(regions::move_region(&pool, nowhere, street, at).await, Err(MoveError::Unknown(_))));
    }
}

#[test]
fn every_place_column_is_known_to_the_catalog() {
    // What a move changes is driven by the placings: each register with a place names the columns of its own table.
    for register in REGISTERS {
        let Register { placing: Some(placing), .. } = register else { continue };
        let field = register.field(placing.field).expect("the place is a field").1;
        assert!(field.columns().any(|column| column == placing.place), "{}", register.name);
    }
}
