//! What a reference shows as null is null to filters too, whether there is no target or none to see.

use std::collections::BTreeSet;

use entities::registers::REGISTERS;
use sea_orm::{ConnectionTrait, Statement};
use serde_json::Value;

use super::permissions::{Extent, Permissions};
use super::requests::enum_value;
use super::wide;
use crate::harness::{self, App, Who};

/// The ids of those nodes that a condition holds of.
fn ids(nodes: &Value, wanted: impl Fn(&Value) -> bool) -> BTreeSet<String> {
    let nodes = nodes["nodes"].as_array().expect("rows").iter();
    nodes.filter(|node| wanted(node)).map(|node| node["id"].as_str().expect("an id").to_owned()).collect()
}

#[tokio::test]
async fn a_reference_that_shows_null_is_null_to_filters_too() {
    let (mut nulls, mut hidden) = (0, 0);
    for database in harness::databases().await {
        let app = App::start_with(&database, wide).await;
        for who in Who::all() {
            let client = app.as_who(&who);
            let permissions = Permissions::of_caller(&client).await;
            for register in REGISTERS {
                let Some(plural) = register.plural.filter(|_| permissions.rows(register)) else { continue };
                for field in register.fields.iter().filter(|field| field.target().is_some()) {
                    let rights = permissions.of(register, field);
                    if rights.filter != Extent::All || rights.show != Extent::All {
                        continue;
                    }
                    let (name, about) = (field.name, format!("{} {}.{}", who.name(), register.name, field.name));
                    let answer = client
                        .query(&format!(
                            "{{ all: {plural}(first: 1000) {{ nodes {{ id {name} {{ id }} }} }} \
                             none: {plural}(first: 1000, filter: {{ {name}: {{ isNull: true }} }}) {{ nodes {{ id {name} {{ id }} }} }} \
                             some: {plural}(first: 1000, filter: {{ {name}: {{ isNull: false }} }}) {{ nodes {{ id {name} {{ id }} }} }} \
                             not: {plural}(first: 1000, filter: {{ not: {{ {name}: {{ isNull: false }} }} }}) {{ nodes {{ id }} }} }}"
                        ))
                        .await;
                    let data = answer.data();
                    // Pages run by id, so what the first thousand rows hold is in the first thousand of each part.
                    let first = ids(&data["all"], |_| true);
                    let within = |part: &str| ids(&data[part], |node| first.contains(node["id"].as_str().unwrap_or_default()));
                    assert_eq!(within("none"), ids(&data["all"], |node| node[name].is_null()), "{about}");
                    assert_eq!(within("some"), ids(&data["all"], |node| !node[name].is_null()), "{about}");
                    assert_eq!(within("not"), within("none"), "{about}");
                    nulls += within("none").len();
                    if (register.name, name) == ("party_organization", "parent") {
                        let null = within("none");
                        let branches = harness::rows().society.party_organizations.iter().filter(|branch| branch.parent_id.is_some());
                        hidden += branches.filter(|branch| null.contains(&branch.id.to_string())).count();
                    }
                }
            }
        }
    }
    assert!(nulls > 100 && hidden > 0, "{nulls} nulls, {hidden} parents out of scope");
}

#[tokio::test]
async fn hidden_targets_make_one_group_with_those_that_are_none() {
    let (mut asked, mut hidden) = (0, 0);
    for database in harness::databases().await {
        let app = App::start_with(&database, wide).await;
        let connection = database.open().writer().await.expect("a connection");
        for who in Who::all() {
            let client = app.as_who(&who);
            let permissions = Permissions::of_caller(&client).await;
            for register in REGISTERS {
                let Some(stats) = register.stats.filter(|_| permissions.rows(register)) else { continue };
                for field in register.fields.iter().filter(|field| field.target().is_some() && field.groups) {
                    if permissions.of(register, field).aggregate != Extent::All {
                        continue;
                    }
                    let (name, group) = (field.name, enum_value(field.name));
                    let query = format!(
                        "{{ {stats}(groupBy: [{{ field: {group} }}], first: 1000) {{ nodes {{ count key {{ {name} {{ id }} }} }} }} }}"
                    );
                    let answer = client.query(&query).await;
                    let nodes = answer.data()[stats]["nodes"].as_array().expect("groups").clone();
                    let nulls: Vec<_> = nodes.iter().filter(|node| node["key"][name].is_null()).collect();
                    assert!(nulls.len() <= 1, "{} {}.{name}: {} groups without a target", who.name(), register.name, nulls.len());
                    asked += 1;
                    // More than have none in the whole table: targets out of scope are among them.
                    let column = field.columns().next().expect("a reference has a column");
                    let count = format!("SELECT count(*) AS n FROM {} WHERE {column} IS NULL", register.table);
                    let row = connection.query_one_raw(Statement::from_string(connection.get_database_backend(), count)).await;
                    let without = row.expect("counted").expect("a row").try_get::<i64>("", "n").expect("a number");
                    hidden += usize::from(nulls.first().and_then(|node| node["count"].as_i64()).unwrap_or_default() > without);
                }
            }
        }
    }
    assert!(asked > 50 && hidden > 0, "{asked} asked, {hidden} with targets out of scope");
}
