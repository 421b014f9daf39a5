//! Lists: filters, orders, pages and counts, compared with the rows themselves.

use std::collections::BTreeSet;

use entities::case;
use entities::catalog::{Kind, Register};
use entities::codes::{CaseAction, CaseState, RegionLevel};
use entities::registers::REGISTERS;
use sea_orm::ActiveEnum;
use serde_json::{Value, json};

use crate::harness::{self, App, Client, Who};

/// A secretary of the whole city, who sees every case in full.
pub(crate) fn city() -> Who {
    let secretary = Who::of("community_secretary");
    Who { regions: vec![secretary.regions[0].at(RegionLevel::Municipality).expect("above")], ..secretary }
}

/// The ids on a page.
pub(crate) fn ids(page: &Value) -> Vec<&str> {
    page["nodes"].as_array().expect("rows").iter().map(|node| node["id"].as_str().expect("an id")).collect()
}

type Law = Box<dyn Fn(&case::Model) -> bool>;

/// Filters on cases with what they mean.
fn laws() -> Vec<(String, Law)> {
    let rows = harness::rows();
    let some = rows.cases[3].clone();
    let (number, opened, place) = (some.number.clone(), some.opened_at, some.region_code);
    let (id, part, start) = (some.id, some.number[3..].to_owned(), some.number[..some.number.len() - 2].to_owned());
    let street = place.at(RegionLevel::Street).expect("in a street");
    let instant = opened.format("%Y-%m-%dT%H:%M:%S%.6fZ");
    let closed = |case: &case::Model| case.state == CaseState::Closed;
    let category = |wanted: &'static str| {
        move |case: &case::Model| {
            let category = harness::rows().case_categories.iter().find(|category| category.id == case.category_id).expect("its category");
            category.code.starts_with(wanted)
        }
    };
    let events = |case: &case::Model| {
        harness::rows().case_events.iter().filter(|event| event.case_id == case.id).map(|event| event.action).collect::<Vec<_>>()
    };
    let first = rows.case_categories.iter().find(|category| category.id == some.category_id).expect("its category").code[..2].to_owned();
    let first: &'static str = Box::leak(first.into_boxed_str());
    let law = |text: String, law: Law| (text, law);
    let exact = number.clone();
    vec![
        law(format!("number: {{ eq: \"{number}\" }}"), Box::new(move |case| case.number == exact)),
        law(format!("number: {{ in: [\"{number}\", \"x\"] }}"), {
            let number = number.clone();
            Box::new(move |case| case.number == number)
        }),
        law(format!("number: {{ ne: \"{number}\" }}"), {
            let number = number.clone();
            Box::new(move |case| case.number != number)
        }),
        law(format!("number: {{ notIn: [\"{number}\"] }}"), {
            let number = number.clone();
            Box::new(move |case| case.number != number)
        }),
        law(format!("number: {{ startsWith: \"{start}\" }}"), Box::new(move |case| case.number.starts_with(&start))),
        law(format!("number: {{ contains: \"{part}\" }}"), Box::new(move |case| case.number.contains(&part))),
        law("number: { contains: \"%\" }".to_owned(), Box::new(|case| case.number.contains('%'))),
        law("number: { startsWith: \"_\" }".to_owned(), Box::new(|case| case.number.starts_with('_'))),
        law(format!("id: {{ eq: \"{id}\" }}"), Box::new(move |case| case.id == id)),
        law("id: { in: [] }".to_owned(), Box::new(|_| false)),
        law("number: { notIn: [] }".to_owned(), Box::new(|_| true)),
        law(format!("openedAt: {{ eq: \"{instant}\" }}"), Box::new(move |case| case.opened_at == opened)),
        law(format!("openedAt: {{ ne: \"{instant}\" }}"), Box::new(move |case| case.opened_at != opened)),
        law(format!("openedAt: {{ lt: \"{instant}\" }}"), Box::new(move |case| case.opened_at < opened)),
        law(format!("openedAt: {{ lte: \"{instant}\" }}"), Box::new(move |case| case.opened_at <= opened)),
        law(format!("openedAt: {{ gt: \"{instant}\" }}"), Box::new(move |case| case.opened_at > opened)),
        law(format!("openedAt: {{ gte: \"{instant}\" }}"), Box::new(move |case| case.opened_at >= opened)),
        law("closedAt: { isNull: true }".to_owned(), Box::new(|case| case.closed_at.is_none())),
        law("closedAt: { isNull: false }".to_owned(), Box::new(|case| case.closed_at.is_some())),
        law("urgent: { eq: true }".to_owned(), Box::new(|case| case.urgent)),
        law("satisfaction: { gte: 4 }".to_owned(), Box::new(|case| case.satisfaction.is_some_and(|number| number >= 4))),
        law("satisfaction: { ne: 5 }".to_owned(), Box::new(|case| case.satisfaction.is_some_and(|number| number != 5))),
        law("not: { satisfaction: { gte: 4 } }".to_owned(), Box::new(|case| case.satisfaction.is_some_and(|number| number < 4))),
        law("satisfaction: { notIn: [1, 2] }".to_owned(), Box::new(|case| case.satisfaction.is_some_and(|number| number > 2))),
        law("satisfaction: { gt: 2, lt: 5 }".to_owned(), Box::new(|case| case.satisfaction.is_some_and(|number| (3..5).contains(&number)))),
        law("state: { eq: CLOSED }".to_owned(), Box::new(closed)),
        law("state: { in: [CLOSED, VOID] }".to_owned(), Box::new(move |case| closed(case) || case.state == CaseState::Void)),
        law("state: { notIn: [CLOSED, VOID] }".to_owned(), Box::new(move |case| !closed(case) && case.state != CaseState::Void)),
        law("result: { ne: SOLVED }".to_owned(), Box::new(|case| case.result.is_some_and(|result| result.to_value() != "SOLVED"))),
        law(format!("region: {{ eq: \"{place}\" }}"), Box::new(move |case| case.region_code == place)),
        law(format!("region: {{ in: [\"{place}\"] }}"), Box::new(move |case| case.region_code == place)),
        law(format!("region: {{ within: \"{street}\" }}"), Box::new(move |case| street.contains(case.region_code))),
        law(format!("region: {{ within: \"{place}\" }}"), Box::new(move |case| place.contains(case.region_code))),
        law(format!("not: {{ region: {{ within: \"{street}\" }} }}"), Box::new(move |case| !street.contains(case.region_code))),
        law("point: { isNull: true }".to_owned(), Box::new(|case| case.longitude.is_none())),
        law(
            "point: { within: { west: 106.0, south: 29.0, east: 106.55, north: 30.0 } }".to_owned(),
            Box::new(|case| case.longitude.is_some_and(|degrees| (106.0..=106.55).contains(&degrees))),
        ),
        law("reporterPhone: { isNull: false }".to_owned(), Box::new(|case| case.reporter_phone.is_some())),
        law("reporter: {}".to_owned(), Box::new(|case| case.reporter_id.is_some())),
        // No reporter is no value: neither the test nor its negation holds.
        law("not: { reporter: {} }".to_owned(), Box::new(|_| false)),
        law(format!("category: {{ code: {{ startsWith: \"{first}\" }} }}"), Box::new(category(first))),
        law(format!("category: {{ not: {{ code: {{ startsWith: \"{first}\" }} }} }}"), Box::new(move |case| !category(first)(case))),
        law("events: { some: { action: { eq: RETURN } } }".to_owned(), Box::new(move |case| events(case).contains(&CaseAction::Return))),
        law("events: { none: { action: { eq: RETURN } } }".to_owned(), Box::new(move |case| !events(case).contains(&CaseAction::Return))),
        law(
            "events: { every: { action: { ne: CLOSE } } }".to_owned(),
            Box::new(move |case| events(case).iter().all(|action| *action != CaseAction::Close)),
        ),
        law(
            "events: { some: { action: { eq: CLOSE } }, none: { action: { eq: RETURN } } }".to_owned(),
            Box::new(move |case| events(case).contains(&CaseAction::Close) && !events(case).contains(&CaseAction::Return)),
        ),
        law(
            "or: [{ urgent: { eq: true } }, { and: [{ state: { eq: CLOSED } }, { not: { satisfaction: { eq: 5 } } }] }]".to_owned(),
            Box::new(move |case| case.urgent || (closed(case) && case.satisfaction.is_some_and(|number| number != 5))),
        ),
        law("or: []".to_owned(), Box::new(|_| false)),
        law("and: []".to_owned(), Box::new(|_| true)),
        law("state: { eq: CLOSED }, urgent: { eq: false }".to_owned(), Box::new(move |case| closed(case) && !case.urgent)),
    ]
}

#[tokio::test]
async fn every_filter_means_what_it_says() {
    let rows = harness::rows();
    for database in harness::databases().await {
        let app = App::start(&database).await;
        let client = app.as_who(&city());
        for (text, law) in laws() {
            let answer = client.query(&format!("{{ cases(first: 500, filter: {{ {text} }}) {{ nodes {{ id }} totalCount }} }}")).await;
            let cases = &answer.data()["cases"];
            let found: BTreeSet<String> = ids(cases).into_iter().map(str::to_owned).collect();
            let wanted: BTreeSet<String> = rows.cases.iter().filter(|case| law(case)).map(|case| case.id.to_string()).collect();
            assert_eq!(found, wanted, "{:?} {text}", database.backend);
            assert_eq!(cases["totalCount"], wanted.len(), "{text}");
        }
    }
}

/// Rows of one register in one order, page by page.
struct Walk<'a> {
    client: &'a Client<'a>,
    list: String,
    arguments: String,
    field: String,
}

impl Walk<'_> {
    async fn page(&self, arguments: &str) -> Value {
        let Self { client, list, arguments: own, field } = self;
        let document = format!(
            "{{ {list}({own}, {arguments}) {{ nodes {{ id {field} }} edges {{ cursor node {{ id }} }} pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }}"
        );
        let answer = client.query(&document).await;
        let page = answer.data()[list.as_str()].clone();
        let edges: Vec<&str> = page["edges"].as_array().expect("edges").iter().filter_map(|edge| edge["node"]["id"].as_str()).collect();
        assert_eq!(edges, ids(&page), "edges are the nodes");
        assert_eq!(
            page["pageInfo"]["startCursor"],
            page["edges"].as_array().and_then(|edges| edges.first()).map_or(Value::Null, |edge| edge["cursor"].clone())
        );
        assert_eq!(
            page["pageInfo"]["endCursor"],
            page["edges"].as_array().and_then(|edges| edges.last()).map_or(Value::Null, |edge| edge["cursor"].clone())
        );
        page
    }

    async fn forward(&self, size: usize) -> Vec<String> {
        let (mut walked, mut after) = (Vec::new(), String::new());
        loop {
            let page = self.page(&format!("first: {size}{after}")).await;
            assert_eq!(page["pageInfo"]["hasPreviousPage"], !after.is_empty());
            walked.extend(ids(&page).into_iter().map(str::to_owned));
            if page["pageInfo"]["hasNextPage"] == false {
                return walked;
            }
            assert_eq!(ids(&page).len(), size, "a page with more behind it is full");
            after = format!(", after: {}", page["pageInfo"]["endCursor"]);
        }
    }

    async fn backward(&self, size: usize) -> Vec<String> {
        let (mut walked, mut before) = (Vec::new(), String::new());
        loop {
            let page = self.page(&format!("last: {size}{before}")).await;
            assert_eq!(page["pageInfo"]["hasNextPage"], !before.is_empty());
            let mut part: Vec<String> = ids(&page).into_iter().map(str::to_owned).collect();
            part.extend(walked);
            walked = part;
            if page["pageInfo"]["hasPreviousPage"] == false {
                return walked;
            }
            before = format!(", before: {}", page["pageInfo"]["startCursor"]);
        }
    }
}

fn enum_value(name: &str) -> String {
    let spell = |letter: char| if letter.is_ascii_uppercase() { format!("_{letter}") } else { letter.to_ascii_uppercase().to_string() };
    name.chars().map(spell).collect()
}

/// Rows enough for several pages, and few enough for many walks.
fn narrow(register: &Register) -> String {
    let community = Who::of("community_secretary").regions[0];
    let street = community.at(RegionLevel::Street).expect("in a street");
    match register.name {
        "region" => format!("code: {{ within: \"{street}\" }}"),
        "department" | "role_assignment" => "region: { within: \"500103000000\" }".to_owned(),
        "person" => format!("region: {{ within: \"{street}\" }}"),
        "residence" | "case_event" => format!("region: {{ within: \"{community}\" }}"),
        _ => String::new(),
    }
}

/// Whoever sees rows of a list: the secretary of the whole city sees most.
async fn who_sees_rows<'a>(app: &'a App, list: &str) -> Client<'a> {
    for who in [city()].into_iter().chain(Who::all()) {
        let client = app.as_who(&who);
        let answer = client.query(&format!("{{ {list}(first: 4) {{ nodes {{ id }} }} }}")).await;
        if answer.data()[list]["nodes"].as_array().is_some_and(|rows| rows.len() == 4) {
            return client;
        }
    }
    panic!("no role sees rows of {list}");
}

#[tokio::test]
async fn pages_put_together_are_the_whole_list_in_every_order() {
    for database in harness::databases().await {
        let app = App::start(&database).await;
        for register in REGISTERS {
            let Some(list) = register.plural else { continue };
            let client = &who_sees_rows(&app, list).await;
            for field in register.fields.iter().filter(|field| field.orders) {
                let name = enum_value(field.name);
                for direction in ["ASC", "DESC"] {
                    let order = format!("orderBy: [{{ field: {name}, direction: {direction} }}]");
                    let arguments = format!("{order}, filter: {{ fullyVisible: [{name}], {} }}", narrow(register));
                    let walk = Walk { client, list: list.to_owned(), arguments, field: field.name.to_owned() };
                    let document = format!("{{ {list}({}, first: 1) {{ nodes {{ id }} }} }}", walk.arguments);
                    if client.query(&document).await.code() == "FIELD_WITHHELD" {
                        continue;
                    }
                    let whole = walk.page("first: 1000").await;
                    check_order(register, field.name, direction, &whole);
                    let whole: Vec<String> = ids(&whole).into_iter().map(str::to_owned).collect();
                    let about = format!("{:?} {} {name} {direction}", database.backend, register.name);
                    assert!(whole.len() > 3, "{about}: {}", whole.len());
                    let size = whole.len() / 4 + 1;
                    assert_eq!(walk.forward(size).await, whole, "{about}, forward");
                    assert_eq!(walk.backward(size).await, whole, "{about}, backward");
                }
            }
        }
    }
}

/// The fen of an amount in yuan.
fn fen(amount: &Value) -> Option<i64> {
    amount.as_str()?.replace('.', "").parse().ok()
}

/// Nulls come last in both directions, and what is comparable here is sorted.
fn check_order(register: &Register, field: &str, direction: &str, page: &Value) {
    let values: Vec<&Value> = page["nodes"].as_array().expect("rows").iter().map(|node| &node[field]).collect();
    let nulls = values.iter().position(|value| value.is_null()).unwrap_or(values.len());
    assert!(values[nulls..].iter().all(|value| value.is_null()), "{}.{field} {direction}: nulls come last", register.name);
    let kind = register.field(field).expect("a field").1.kind;
    let sorted = values[..nulls].windows(2).all(|pair| {
        let ordering = match kind {
            Kind::Int => pair[0].as_i64().cmp(&pair[1].as_i64()),
            Kind::Money => fen(pair[0]).cmp(&fen(pair[1])),
            Kind::Boolean => pair[0].as_bool().cmp(&pair[1].as_bool()),
            Kind::Id | Kind::Text | Kind::Date | Kind::Instant | Kind::RegionCode => pair[0].as_str().cmp(&pair[1].as_str()),
            _ => std::cmp::Ordering::Equal,
        };
        if direction == "ASC" { ordering.is_le() } else { ordering.is_ge() }
    });
    assert!(sorted, "{}.{field} {direction}: {values:?}", register.name);
}

#[tokio::test]
async fn pages_of_every_parent_put_together_are_its_whole_list() {
    for database in harness::databases().await {
        let app = App::start(&database).await;
        let client = app.as_who(&city());
        for (list, relation, order) in [
            ("households", "residences", "orderBy: [{ field: CREATED_AT, direction: DESC }]"),
            ("households", "residents", "orderBy: [{ field: AGE_BAND }]"),
            ("cases", "events", "orderBy: [{ field: OCCURRED_AT, direction: DESC }, { field: SEQUENCE }]"),
            ("caseCategories", "cases", "orderBy: [{ field: SATISFACTION }, { field: URGENT, direction: DESC }]"),
        ] {
            let inner = "nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount";
            let document = format!(
                "{{ {list}(first: 60) {{ nodes {{ id all: {relation}(first: 100, {order}) {{ {inner} }} first: {relation}(first: 2, {order}) {{ {inner} }} last: {relation}(last: 2, {order}) {{ {inner} }} }} }} }}"
            );
            let answer = client.query(&document).await;
            let mut long = None;
            for node in answer.data()[list]["nodes"].as_array().expect("rows") {
                let all = ids(&node["all"]);
                assert_eq!(node["all"]["totalCount"], all.len());
                assert_eq!(node["first"]["totalCount"], all.len());
                assert_eq!(ids(&node["first"]), all[..all.len().min(2)]);
                assert_eq!(ids(&node["last"]), all[all.len().saturating_sub(2)..]);
                assert_eq!(node["first"]["pageInfo"]["hasNextPage"], all.len() > 2);
                assert_eq!(node["last"]["pageInfo"]["hasPreviousPage"], all.len() > 2);
                if all.len() >= 3 {
                    long.get_or_insert(node.clone());
                }
            }
            // The second page of one parent, by its cursor.
            let long = long.expect("a parent with three children");
            let all = ids(&long["all"]);
            let document = format!(
                "query ($after: String, $before: String, $id: ID!) {{ {list}(filter: {{ id: {{ eq: $id }} }}) {{ nodes {{ next: {relation}(first: 100, after: $after, {order}) {{ {inner} }} previous: {relation}(last: 100, before: $before, {order}) {{ {inner} }} }} }} }}"
            );
            let variables = json!({ "id": long["id"], "after": long["first"]["pageInfo"]["endCursor"], "before": long["last"]["pageInfo"]["startCursor"] });
            let answer = client.ask(&document, variables).await;
            let node = &answer.data()[list]["nodes"][0];
            assert_eq!(ids(&node["next"]), all[2..], "{list}.{relation}");
            assert_eq!(ids(&node["previous"]), all[..all.len() - 2], "{list}.{relation}");
        }
    }
}

#[tokio::test]
async fn a_cursor_holds_for_its_own_list_and_order() {
    for database in harness::databases().await {
        let app = App::start(&database).await;
        let client = app.as_who(&city());
        let answer = client.query("{ cases(first: 1, orderBy: [{ field: OPENED_AT }]) { pageInfo { endCursor } } households(first: 1) { pageInfo { endCursor } } }").await;
        let (case, household) = (&answer.data()["cases"]["pageInfo"]["endCursor"], &answer.data()["households"]["pageInfo"]["endCursor"]);
        for (arguments, cursor, code) in [
            ("orderBy: [{ field: OPENED_AT }]", case.clone(), ""),
            ("orderBy: [{ field: OPENED_AT, direction: DESC }]", case.clone(), "CURSOR_MISMATCH"),
            ("orderBy: [{ field: NUMBER }]", case.clone(), "CURSOR_MISMATCH"),
            ("first: 2", case.clone(), "CURSOR_MISMATCH"),
            ("first: 2", household.clone(), "CURSOR_INVALID"),
            ("first: 2", json!("nonsense"), "CURSOR_INVALID"),
            ("first: 2", json!("W10"), "CURSOR_INVALID"),
            ("first: 2", json!(""), "CURSOR_INVALID"),
        ] {
            let document = format!("query ($cursor: String) {{ cases(after: $cursor, {arguments}) {{ nodes {{ id }} }} }}");
            let answer = client.ask(&document, json!({ "cursor": cursor })).await;
            assert_eq!(answer.code(), code, "{arguments} {cursor}: {}", answer.text);
            assert!(code.is_empty() || answer.message().len() > 20);
        }
        for (arguments, code) in [
            ("first: 2, last: 2", "BAD_INPUT"),
            ("first: -1", "BAD_INPUT"),
            ("first: 1001", "PAGE_TOO_LARGE"),
            ("orderBy: [{ field: NUMBER }, { field: NUMBER }]", "BAD_INPUT"),
        ] {
            assert_eq!(client.query(&format!("{{ cases({arguments}) {{ nodes {{ id }} }} }}")).await.code(), code, "{arguments}");
        }
    }
}

#[tokio::test]
async fn counts_stop_at_their_limit() {
    let cases = harness::rows().cases.len();
    for database in harness::databases().await {
        let app = App::start(&database).await;
        let client = app.as_who(&city());
        let document = format!(
            "{{ cases {{ all: totalCount exact: totalCount(limit: {cases}) less: totalCount(limit: {}) none: totalCount(limit: 0) }} \
             empty: cases(filter: {{ id: {{ in: [] }} }}) {{ totalCount(limit: 0) nodes {{ id }} }} }}",
            cases - 1
        );
        let answer = client.query(&document).await;
        assert_eq!(answer.data()["cases"], json!({ "all": cases, "exact": cases, "less": null, "none": null }));
        assert_eq!(answer.data()["empty"], json!({ "totalCount": 0, "nodes": [] }));
        let document = "{ cases(first: 100) { nodes { few: events { totalCount(limit: 2) } all: events { totalCount } } } }";
        for node in client.query(document).await.data()["cases"]["nodes"].as_array().expect("rows") {
            let all = node["all"]["totalCount"].as_u64().expect("a count");
            assert_eq!(node["few"]["totalCount"], if all > 2 { Value::Null } else { json!(all) });
        }
        for limit in ["-1", "10000001"] {
            assert_eq!(client.query(&format!("{{ cases {{ totalCount(limit: {limit}) }} }}")).await.code(), "BAD_INPUT");
        }
    }
}
