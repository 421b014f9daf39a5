//! Buildings, dwellings, businesses and work: what hangs together is found from every side, by those who may.

use std::collections::BTreeMap;

use entities::business;
use entities::codes::BusinessKind;
use entities::region_code::RegionCode;
use sea_orm::ActiveEnum;
use serde_json::{Value, json};

use crate::harness::{self, App, Who};
use crate::lists::{city, ids};

/// A firm with a credit code and a building, where people work today.
fn firm() -> &'static business::Model {
    let economy = &harness::rows().economy;
    let works = |business: &business::Model| {
        economy.employments.iter().filter(|employment| employment.business_id == business.id && employment.to_date.is_none()).count() > 1
    };
    economy
        .businesses
        .iter()
        .find(|business| business.credit_code.is_some() && business.building_id.is_some() && works(business))
        .expect("some firm is known in full")
}

/// The ids of the rows that are meant, in their order.
fn sorted(ids: impl Iterator<Item = String>) -> Vec<String> {
    let mut ids: Vec<String> = ids.collect();
    ids.sort_unstable();
    ids
}

#[tokio::test]
async fn a_firm_is_found_by_its_credit_code_and_leads_to_its_people_and_back() {
    let (firm, rows) = (firm(), harness::rows());
    let staff: Vec<_> = rows.economy.employments.iter().filter(|employment| employment.business_id == firm.id).collect();
    let building = rows.economy.buildings.iter().find(|building| Some(building.id) == firm.building_id).expect("a building");
    let seated = rows.economy.businesses.iter().filter(|business| business.building_id == firm.building_id);
    let seated = sorted(seated.map(|business| business.id.to_string()));
    let document = "query ($code: String!) { businessByCreditCode(creditCode: $code) { id name industry legalRepresentative { id representedBusinesses { nodes { id } } } \
        building { code address businesses { nodes { id } } } employments { nodes { id business { id } person { id employments(filter: { toDate: { isNull: true } }) { nodes { id } } } } } } }";
    for database in harness::databases().await {
        let app = App::start(&database).await;
        let answer = app.as_who(&city()).ask(document, json!({ "code": firm.credit_code })).await;
        let found = &answer.data()["businessByCreditCode"];
        assert_eq!(found["id"], firm.id.to_string());
        assert_eq!(found["name"], firm.name);
        assert_eq!((&found["building"]["code"], &found["building"]["address"]), (&json!(building.code), &json!(building.address)));
        assert_eq!(ids(&found["building"]["businesses"]), seated);
        assert_eq!(ids(&found["employments"]), sorted(staff.iter().map(|employment| employment.id.to_string())));
        for node in found["employments"]["nodes"].as_array().expect("rows") {
            let employment = staff.iter().find(|employment| node["id"] == employment.id.to_string()).expect("one of the firm's");
            assert_eq!(node["business"]["id"], firm.id.to_string());
            // A child's or an unknown person's work is told to nobody without more right than this caller's.
            if node["person"].is_null() {
                continue;
            }
            assert_eq!(node["person"]["id"], employment.person_id.to_string());
            let others = rows.economy.employments.iter().filter(|other| other.person_id == employment.person_id && other.to_date.is_none());
            assert_eq!(ids(&node["person"]["employments"]), sorted(others.map(|other| other.id.to_string())));
        }
        if let Some(head) = firm.legal_representative_id {
            assert_eq!(found["legalRepresentative"]["id"], head.to_string());
            assert!(ids(&found["legalRepresentative"]["representedBusinesses"]).contains(&firm.id.to_string().as_str()));
        }
        let unknown = app.as_who(&city()).ask(document, json!({ "code": "91110000802100433B" })).await;
        assert!(unknown.data()["businessByCreditCode"].is_null());
    }
}

#[tokio::test]
async fn a_household_is_found_by_its_dwelling_and_building() {
    let rows = harness::rows();
    let household = rows.households.iter().find(|household| household.dwelling_id.is_some() && household.member_count > 0).expect("a home");
    let residences = rows.residences.iter().filter(|residence| residence.dwelling_id == household.dwelling_id);
    let residences = sorted(residences.map(|residence| residence.id.to_string()));
    let document = "query ($id: ID!) { household(id: $id) { dwelling { id room households { nodes { id } } residences { nodes { id } } building { id dwellings { nodes { id } } region { code } } } } }";
    for database in harness::databases().await {
        let app = App::start(&database).await;
        let answer = app.as_who(&city()).ask(document, json!({ "id": household.id.to_string() })).await;
        let dwelling = &answer.data()["household"]["dwelling"];
        assert_eq!(dwelling["id"], household.dwelling_id.expect("a home").to_string());
        assert_eq!(ids(&dwelling["households"]), [household.id.to_string()]);
        assert_eq!(ids(&dwelling["residences"]), residences);
        assert_eq!(dwelling["building"]["region"]["code"], household.region_code.to_string());
        let all = rows.economy.dwellings.iter().filter(|row| dwelling["building"]["id"] == row.building_id.to_string());
        let all = sorted(all.map(|row| row.id.to_string()));
        assert_eq!(ids(&dwelling["building"]["dwellings"]), all[..all.len().min(20)]);
    }
}

#[tokio::test]
async fn firms_are_counted_by_industry_and_riders_by_platform() {
    let economy = &harness::rows().economy;
    let district = Who::of("district_officer").regions[0];
    let here = |place: Option<RegionCode>| place.is_some_and(|place| district.contains(place));
    let mut industries: BTreeMap<String, u64> = BTreeMap::new();
    for business in economy.businesses.iter().filter(|business| here(Some(business.region_code)) && business.kind != BusinessKind::Platform)
    {
        *industries.entry(business.industry.map_or("null".to_owned(), |industry| industry.to_value())).or_default() += 1;
    }
    let mut platforms: BTreeMap<String, u64> = BTreeMap::new();
    for worker in economy.new_occupation_workers.iter().filter(|worker| here(worker.region_code)) {
        let platform = economy.businesses.iter().find(|business| Some(business.id) == worker.platform_id);
        // The name of a platform seated elsewhere is out of this caller's scope.
        let name = platform.filter(|platform| here(Some(platform.region_code))).map_or("null".to_owned(), |platform| platform.name.clone());
        *platforms.entry(name).or_default() += 1;
    }
    let document = "{ businessStats(first: 100, groupBy: [{ field: INDUSTRY }], filter: { kind: { ne: PLATFORM } }) { nodes { key { industry } count } } \
        newOccupationWorkerStats(first: 100, groupBy: [{ field: PLATFORM }]) { nodes { key { platform { name } } count } } }";
    for database in harness::databases().await {
        let app = App::start(&database).await;
        let answer = app.of("district_officer").query(document).await;
        let counted = |stats: &str, key: fn(&Value) -> &Value| {
            let mut counts: BTreeMap<String, u64> = BTreeMap::new();
            for node in answer.data()[stats]["nodes"].as_array().expect("groups") {
                *counts.entry(key(&node["key"]).as_str().unwrap_or("null").to_owned()).or_default() +=
                    node["count"].as_u64().expect("a count");
            }
            counts
        };
        assert_eq!(counted("businessStats", |key| &key["industry"]), industries);
        assert_eq!(counted("newOccupationWorkerStats", |key| &key["platform"]["name"]), platforms);
    }
}

#[tokio::test]
async fn what_is_public_of_a_business_is_told_more_widely_than_whom_to_call() {
    // Role, whether it sees any business, and whether it sees the contact's phone.
    const ROLES: [(&str, bool, bool); 12] = [
        ("anonymous", false, false),
        ("grid_worker", true, true),
        ("grid_helper", true, false),
        ("community_secretary", true, true),
        ("street_operator", true, true),
        ("board_officer", true, false),
        ("district_officer", true, false),
        ("city_officer", true, false),
        ("auditor", true, false),
        ("integrator", true, false),
        ("administrator", false, false),
        ("resident", true, false),
    ];
    let own: Vec<_> = Who::of("resident").person.into_iter().collect();
    let businesses = &harness::rows().economy.businesses;
    for database in harness::databases().await {
        let app = App::start(&database).await;
        for (role, sees, phones) in ROLES {
            let client = app.of(role);
            let answer = client.query("{ businesses(first: 1000) { nodes { id name creditCode contactPhone } } }").await;
            let nodes = answer.data()["businesses"]["nodes"].as_array().expect("rows");
            assert_eq!(!nodes.is_empty(), sees, "{role}");
            for node in nodes {
                let row = businesses.iter().find(|business| node["id"] == business.id.to_string()).expect("a row");
                assert_eq!(node["name"], row.name, "{role}");
                assert_eq!(node["creditCode"], json!(row.credit_code), "{role}");
                let mine = role == "resident" && row.legal_representative_id.is_some_and(|head| own.contains(&head.uuid()));
                let masked = row.contact_phone.as_ref().map(|phone| format!("{}****{}", &phone[..3], &phone[phone.len() - 4..]));
                let told = match role {
                    _ if phones || mine => json!(row.contact_phone),
                    "auditor" => json!(masked),
                    _ => Value::Null,
                };
                assert_eq!(node["contactPhone"], told, "{role}");
            }
        }
    }
}
