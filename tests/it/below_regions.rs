//! Lists of regions: what lies in a region or below it, compared with the rows themselves.

use entities::codes::RegionLevel;
use entities::region_code::RegionCode;
use serde_json::json;

use crate::harness::{self, App, Who};
use crate::lists::{city, ids};

#[tokio::test]
async fn a_regions_lists_hold_what_lies_in_it_or_below() {
    let rows = harness::rows();
    let street = Who::of("street_operator").regions[0];
    for database in harness::databases().await {
        let app = App::start(&database).await;
        let client = app.as_who(&city());
        // Regions of several levels in one list: the municipality, a district, a street and all below it.
        let document = "query ($street: RegionCode!, $above: [RegionCode!]!) { regions(first: 100, filter: { or: [{ code: { within: $street } }, { code: { in: $above } }] }) \
            { nodes { code level cases { totalCount } persons { totalCount } households(first: 3) { nodes { id } totalCount } departments { totalCount } } } }";
        let above: Vec<String> = [RegionLevel::District, RegionLevel::Municipality]
            .into_iter()
            .filter_map(|level| street.at(level))
            .map(|code| code.to_string())
            .collect();
        let answer = client.ask(document, json!({ "street": street.to_string(), "above": above })).await;
        let nodes = answer.data()["regions"]["nodes"].as_array().expect("rows");
        assert!(nodes.len() > 6, "{}", nodes.len());
        for node in nodes {
            let region: RegionCode = node["code"].as_str().and_then(|code| code.parse().ok()).expect("a code");
            let cases = rows.cases.iter().filter(|case| region.contains(case.region_code)).count();
            // Where protected persons live is not told, so no region leads to them.
            let here =
                rows.persons.iter().filter(|person| !person.protected && person.region_code.is_some_and(|code| region.contains(code)));
            let persons = here.count();
            let mut households: Vec<String> = rows
                .households
                .iter()
                .filter(|household| region.contains(household.region_code))
                .map(|household| household.id.to_string())
                .collect();
            households.sort_unstable();
            let departments = rows.departments.iter().filter(|department| region.contains(department.region_code)).count();
            assert_eq!(node["cases"]["totalCount"], cases, "{node}");
            assert_eq!(node["persons"]["totalCount"], persons, "{node}");
            assert_eq!(node["households"]["totalCount"], households.len(), "{node}");
            assert_eq!(ids(&node["households"]), households[..households.len().min(3)], "{node}");
            assert_eq!(node["departments"]["totalCount"], departments, "{node}");
        }
    }
}
