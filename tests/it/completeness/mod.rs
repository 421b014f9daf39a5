//! Complete by construction: for every role, each field, filter operator, order, group, measure and relation of every
//! register is asked once. What `me.permissions` tells is what happens, nothing fails, and both databases answer alike.

mod matrix;
mod permissions;
mod references;
mod requests;

use std::collections::HashMap;

use civigrid::config::Config;
use entities::registers::REGISTERS;
use serde_json::Value;

use crate::harness::{self, App, Client, Who};
use permissions::Rights;
pub(crate) use permissions::{Extent, Permissions};
pub(crate) use requests::{Expected, enum_value, pieces, schema};
use requests::{Piece, all_fields};

/// How many pieces one document holds.
const TOGETHER: usize = 40;

fn wide(config: &mut Config) {
    config.limits.node_budget = 10_000_000;
    config.limits.selections = 100_000;
    config.limits.aliases = 1_000;
}

/// Answers of the first database by role and document, for the second to equal.
#[derive(Default)]
struct Answers(HashMap<(String, String), String>);

impl Answers {
    fn compare(&mut self, role: &str, document: &str, text: &str) {
        let first = self.0.entry((role.to_owned(), document.to_owned())).or_insert_with(|| text.to_owned());
        assert_eq!(*first, text, "the databases answer {role} differently: {document}");
    }
}

#[tokio::test]
async fn every_role_may_ask_for_exactly_what_its_permissions_tell() {
    let mut answers = Answers::default();
    let mut asked = 0;
    for database in harness::databases().await {
        let app = App::start_with(&database, wide).await;
        for who in Who::all() {
            let client = app.as_who(&who);
            let permissions = Permissions::of_caller(&client).await;
            for register in REGISTERS {
                for part in pieces(register, &permissions).chunks(TOGETHER) {
                    let (document, text) = ask(&client, &who, part).await;
                    asked += part.len();
                    answers.compare(who.name(), &document, &text);
                }
            }
        }
    }
    assert!(asked > 10_000, "{asked}");
}

async fn ask(client: &Client<'_>, who: &Who, part: &[Piece]) -> (String, String) {
    let roots: Vec<String> = part.iter().enumerate().map(|(index, piece)| format!("p{index}: {}", piece.text)).collect();
    let document = format!("{{ {} }}", roots.join("\n"));
    let answer = client.query(&document).await;
    assert!(answer.status == 200 && answer.json["data"].is_object(), "{}: {} {}\n{document}", who.name(), answer.status, answer.text);
    let codes: HashMap<&str, &str> = answer
        .errors()
        .iter()
        .map(|error| (error["path"][0].as_str().unwrap_or_default(), error["extensions"]["code"].as_str().unwrap_or_default()))
        .collect();
    for (index, piece) in part.iter().enumerate() {
        let code = codes.get(format!("p{index}").as_str()).copied().unwrap_or_default();
        let fits = match piece.expected {
            Expected::Answered => code.is_empty(),
            Expected::Withheld => code == "FIELD_WITHHELD",
            Expected::SmallGroups => code == "SMALL_GROUPS",
            Expected::AnsweredOrSmallGroups => ["", "SMALL_GROUPS"].contains(&code),
            Expected::AnsweredOrTooWide => ["", "BAD_INPUT"].contains(&code),
        };
        assert!(fits, "{}: {:?}, got {code:?}: {}", who.name(), piece.expected, piece.text);
    }
    (document, answer.text)
}

#[tokio::test]
async fn what_is_shown_nowhere_is_null_everywhere_and_named() {
    let mut answers = Answers::default();
    for database in harness::databases().await {
        let app = App::start_with(&database, wide).await;
        for who in Who::all() {
            let client = app.as_who(&who);
            let permissions = Permissions::of_caller(&client).await;
            for register in REGISTERS {
                let Some(plural) = register.plural else { continue };
                let document = format!("{{ {plural}(first: 100) {{ nodes {{ {} }} }} }}", all_fields(register));
                let answer = client.query(&document).await;
                let nodes = answer.data()[plural]["nodes"].as_array().expect("rows");
                assert!(permissions.rows(register) || nodes.is_empty(), "{} {}", who.name(), register.name);
                for field in register.fields {
                    let Rights { show, mask, .. } = permissions.of(register, field);
                    let listed = answer.json["extensions"]["access"]["withheld"]
                        .as_array()
                        .is_some_and(|withheld| withheld.iter().any(|one| one["type"] == register.type_name && one["field"] == field.name));
                    let about = format!("{} {}.{}", who.name(), register.name, field.name);
                    assert_eq!(listed, show != Extent::All && mask != Extent::All && permissions.rows(register), "{about}");
                    for node in nodes {
                        let withheld =
                            node["access"]["withheld"].as_array().expect("a list").contains(&Value::from(enum_value(field.name)));
                        assert!(!withheld || node[field.name].is_null(), "{about}: {node}");
                        let masked = node["access"]["masked"].as_array().expect("a list").contains(&Value::from(enum_value(field.name)));
                        assert!(!masked || (!withheld && mask != Extent::None), "{about}: {node}");
                        match show {
                            Extent::All => assert!(!withheld && !masked, "{about}"),
                            Extent::None if mask == Extent::All => assert!(masked, "{about}: {node}"),
                            Extent::None if mask == Extent::Some => assert!(masked || withheld, "{about}: {node}"),
                            Extent::None => assert!(withheld && node[field.name].is_null(), "{about}: {node}"),
                            Extent::Some => {}
                        }
                        if !withheld && !field.nullable && field.target().is_none() {
                            assert!(!node[field.name].is_null(), "{about}: {node}");
                        }
                    }
                }
                answers.compare(who.name(), &document, &answer.text);
            }
        }
    }
}
