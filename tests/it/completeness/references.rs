//! What a reference shows as null is null to filters too, whether there is no target or none to see.

use std::collections::BTreeSet;

use entities::registers::REGISTERS;
use serde_json::Value;

use super::permissions::{Extent, Permissions};
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
                    if (register.name, name) == ("case", "reporter") {
                        let null = within("none");
                        let reported = harness::rows().cases.iter().filter(|case| case.reporter_id.is_some());
                        hidden += reported.filter(|case| null.contains(&case.id.to_string())).count();
                    }
                }
            }
        }
    }
    assert!(nulls > 100 && hidden > 0, "{nulls} nulls, {hidden} reporters out of scope");
}
