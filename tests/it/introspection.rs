//! Introspection and `/schema.graphql`: what each role finds there is a schema, a part of the whole, and all of it can be used.

use std::collections::BTreeSet;

use apollo_compiler::schema::{ExtendedType, FieldDefinition, Name};
use apollo_compiler::validation::Valid;
use apollo_compiler::{ExecutableDocument, Schema};
use entities::catalog;
use entities::registers::REGISTERS;
use serde_json::{Value, json};

use crate::completeness::{Expected, Extent, Permissions, pieces, schema};
use crate::harness::{self, App, Response, Who};

const QUESTION: &str = "{ __schema { queryType { name } types { name fields(includeDeprecated: true) { name type { ...T } args { name type { ...T } } } \
    inputFields { name type { ...T } } enumValues { name } interfaces { name } possibleTypes { name } } } } \
    fragment T on __Type { name ofType { name ofType { name ofType { name } } } }";

/// Every type, field, argument and value of a schema, each with its type, built-in ones aside.
fn parts(schema: &Schema) -> BTreeSet<String> {
    let mut parts = BTreeSet::new();
    for (name, definition) in schema.types.iter().filter(|(_, definition)| !definition.is_built_in()) {
        parts.insert(name.to_string());
        let fields = |fields: &mut dyn Iterator<Item = &FieldDefinition>, parts: &mut BTreeSet<String>| {
            for field in fields {
                parts.insert(format!("{name}.{}: {}", field.name, field.ty.inner_named_type()));
                for argument in &field.arguments {
                    parts.insert(format!("{name}.{}({}): {}", field.name, argument.name, argument.ty.inner_named_type()));
                }
            }
        };
        match definition {
            ExtendedType::Object(object) => {
                fields(&mut object.fields.values().map(|field| &***field), &mut parts);
                parts.extend(object.implements_interfaces.iter().map(|interface| format!("{name} is a {}", interface.name)));
            }
            ExtendedType::Interface(interface) => fields(&mut interface.fields.values().map(|field| &***field), &mut parts),
            ExtendedType::InputObject(input) => {
                parts.extend(input.fields.values().map(|field| format!("{name}.{}: {}", field.name, field.ty.inner_named_type())));
            }
            ExtendedType::Enum(values) => parts.extend(values.values.keys().map(|value| format!("{name}.{value}"))),
            ExtendedType::Scalar(_) | ExtendedType::Union(_) => {}
        }
    }
    parts
}

/// The same of an answer to the question above.
fn told(answer: &Response) -> BTreeSet<String> {
    let mut parts = BTreeSet::new();
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let text = |value: &Value| value["name"].as_str().unwrap_or_default().to_owned();
    let inner = |value: &Value| {
        let mut value = &value["type"];
        while !value["ofType"].is_null() {
            value = &value["ofType"];
        }
        text(value)
    };
    for definition in list(&answer.data()["__schema"]["types"]) {
        let name = text(&definition);
        if name.starts_with("__") || ["Int", "Float", "String", "Boolean", "ID"].contains(&name.as_str()) {
            continue;
        }
        for field in list(&definition["fields"]) {
            parts.insert(format!("{name}.{}: {}", text(&field), inner(&field)));
            for argument in list(&field["args"]) {
                parts.insert(format!("{name}.{}({}): {}", text(&field), text(&argument), inner(&argument)));
            }
        }
        parts.extend(list(&definition["inputFields"]).iter().map(|field| format!("{name}.{}: {}", text(field), inner(field))));
        parts.extend(list(&definition["enumValues"]).iter().map(|value| format!("{name}.{}", text(value))));
        parts.extend(list(&definition["interfaces"]).iter().map(|interface| format!("{name} is a {}", text(interface))));
        parts.insert(name);
    }
    parts
}

fn read(text: &str) -> Valid<Schema> {
    Schema::parse_and_validate(text, "usable.graphql").unwrap_or_else(|invalid| panic!("not a schema: {}", invalid.errors))
}

/// The schema that a caller can use.
async fn usable(engine: &civigrid::graph::Engine, who: &Who) -> Valid<Schema> {
    let published = engine.usable_schema(&who.caller(), crate::harness::now()).expect("it can be made");
    read(std::str::from_utf8(&published.text).expect("text"))
}

#[tokio::test]
async fn what_every_role_finds_is_a_schema_and_a_part_of_the_whole() {
    let whole = parts(schema());
    let mut shapes = BTreeSet::new();
    for database in harness::databases().await {
        let app = App::start(&database).await;
        let engine = harness::engine(&database).await;
        for who in Who::all() {
            let usable = usable(&engine, &who).await;
            let (usable, answer) = (parts(&usable), app.as_who(&who).query(QUESTION).await);
            let more: Vec<_> = usable.difference(&whole).collect();
            assert!(more.is_empty(), "{}: {more:?}", who.name());
            let told = told(&answer);
            let differing: Vec<_> = usable.symmetric_difference(&told).collect();
            assert!(differing.is_empty(), "{}: {differing:?}", who.name());
            assert!(usable.len() < whole.len() && usable.contains("Me.kind: CallerKind"), "{}", who.name());
            shapes.insert(usable.len());
        }
    }
    assert!(shapes.len() > 8, "roles find different things: {shapes:?}");
}

#[tokio::test]
async fn every_field_that_is_found_is_shown_and_every_field_that_is_shown_is_found() {
    let mut found = 0;
    for database in harness::databases().await {
        let app = App::start(&database).await;
        let engine = harness::engine(&database).await;
        for who in Who::all() {
            let client = app.as_who(&who);
            let (permissions, usable) = (Permissions::of_caller(&client).await, usable(&engine, &who).await);
            for register in REGISTERS {
                let about = |name: &str| format!("{} {}.{name}", who.name(), register.name);
                let Some(object) = usable.get_object(register.type_name) else {
                    assert!(!permissions.rows(register), "{}", about("*"));
                    assert!(usable.types.keys().all(|name| !belongs(name, register.type_name)), "{}", about("*"));
                    continue;
                };
                assert!(permissions.rows(register), "{}", about("*"));
                for field in register.fields {
                    let rights = permissions.of(register, field);
                    let target = field.target().and_then(catalog::register).is_none_or(|target| permissions.rows(target));
                    assert_eq!(
                        object.fields.contains_key(field.name),
                        (rights.show != Extent::None || rights.mask != Extent::None) && target,
                        "{}",
                        about(field.name)
                    );
                    let filter = usable.get_input_object(&format!("{}Filter", register.type_name)).expect("a filter");
                    let filtered = field.filters && rights.filter != Extent::None && target;
                    assert_eq!(filter.fields.contains_key(field.name), filtered, "{}", about(field.name));
                }
                let Some(plural) = register.plural else { continue };
                let selected = object.fields.values().filter(|field| field.name != "access").map(|field| selection(&usable, field));
                let selected: Vec<String> = selected.collect();
                let answer = client.query(&format!("{{ {plural}(first: 3) {{ nodes {{ {} }} }} }}", selected.join(" "))).await;
                answer.data();
                let withheld = answer.json["extensions"]["access"]["withheld"].as_array().cloned().unwrap_or_default();
                let never: Vec<_> = withheld.iter().filter(|one| one["reason"] == "NO_GRANT").collect();
                assert!(never.is_empty(), "{}: {never:?}", about("*"));
                found += selected.len();
            }
        }
    }
    assert!(found > 1_000, "{found}");
}

/// True if a type is one of those that a register makes.
fn belongs(name: &Name, type_name: &str) -> bool {
    let suffixes = [
        "",
        "Filter",
        "RelationFilter",
        "Order",
        "OrderField",
        "Connection",
        "Edge",
        "Access",
        "Stats",
        "StatsKey",
        "Group",
        "StatsHaving",
    ];
    name.strip_prefix(type_name).is_some_and(|rest| suffixes.contains(&rest))
}

/// A field with as little below it as makes it a selection.
fn selection(schema: &Schema, field: &FieldDefinition) -> String {
    match schema.types.get(field.ty.inner_named_type()) {
        Some(ExtendedType::Object(object)) if object.fields.contains_key("id") => format!("{} {{ id }}", field.name),
        Some(ExtendedType::Object(_)) if field.ty.inner_named_type() == "Point" => format!("{} {{ longitude }}", field.name),
        Some(ExtendedType::Object(_)) => format!("{} {{ totalCount }}", field.name),
        _ => field.name.to_string(),
    }
}

#[tokio::test]
async fn whatever_fits_what_a_role_finds_is_not_refused_and_whatever_is_refused_does_not_fit() {
    let database = harness::databases().await.remove(0);
    let (app, engine) = (App::start(&database).await, harness::engine(&database).await);
    let (mut fitting, mut refused) = (0, 0);
    for who in Who::all() {
        let (permissions, usable) = (Permissions::of_caller(&app.as_who(&who)).await, usable(&engine, &who).await);
        for register in REGISTERS {
            for piece in pieces(register, &permissions) {
                let fits = ExecutableDocument::parse_and_validate(&usable, format!("{{ {} }}", piece.text), "piece").is_ok();
                // What holds on some rows only is used with `fullyVisible`, which another piece does.
                let on_some_rows =
                    !piece.text.contains("fullyVisible") && ["orderBy:", "groupBy:"].iter().any(|word| piece.text.contains(word));
                assert!(!fits || piece.expected != Expected::Withheld || on_some_rows, "{}: {}", who.name(), piece.text);
                fitting += usize::from(fits);
                refused += usize::from(piece.expected == Expected::Withheld && !fits);
            }
        }
    }
    assert!(fitting > 5_000 && refused > 1_000, "{fitting} fit, {refused} are refused");
}

#[tokio::test]
async fn the_schemas_text_is_whole_for_those_who_are_known_and_else_what_anyone_can_use() {
    for database in harness::databases().await {
        let app = App::start(&database).await;
        let whole = app.of("grid_worker").get("/schema.graphql").await;
        assert_eq!((whole.status, whole.text == civigrid::graph::sdl()), (200, true), "the contract is one for all");
        let part = app.anonymous().get("/schema.graphql").await;
        assert_eq!(part.status, 200);
        let (schema, engine) = (read(&part.text), harness::engine(&database).await);
        let anyone = usable(&engine, &Who::anonymous()).await;
        assert_eq!(parts(&schema), parts(&anyone));
        assert!(schema.get_object("Region").is_some() && schema.get_object("Person").is_none(), "{}", part.text);
        let tags = [whole.header("etag").to_owned(), part.header("etag").to_owned()];
        assert_ne!(tags[0], tags[1]);
        for (client, own, other) in [(app.of("auditor"), &tags[0], &tags[1]), (app.anonymous(), &tags[1], &tags[0])] {
            for (tag, status) in [(own, 304), (other, 200)] {
                let request = client.request(reqwest::Method::GET, "/schema.graphql").header("If-None-Match", tag);
                assert_eq!(Response::of(request).await.status, status);
            }
        }
        let refused = app.with_token(Some("x.y.z".to_owned())).get("/schema.graphql").await;
        assert_eq!((refused.status, refused.code()), (401, "UNAUTHENTICATED"));
    }
}

#[tokio::test]
async fn documents_are_read_by_the_whole_schema_whoever_sends_them() {
    for database in harness::databases().await {
        let app = App::start(&database).await;
        let client = app.anonymous();
        let answer =
            client.query("{ __type(name: \"Person\") { name } region: __type(name: \"Region\") { name } persons { totalCount } }").await;
        assert_eq!(*answer.data(), json!({ "__type": null, "region": { "name": "Region" }, "persons": { "totalCount": 0 } }));
    }
}

/// The name with two letters changed places, one left out, one doubled.
fn misspelt(name: &str) -> Vec<String> {
    let signs: Vec<char> = name.chars().collect();
    let middle = signs.len() / 2;
    let mut swapped = signs.clone();
    swapped.swap(middle - 1, middle);
    let (mut short, mut long) = (signs.clone(), signs.clone());
    short.remove(middle);
    long.insert(middle, signs[middle]);
    let spelt = [swapped, short, long].map(|signs| signs.into_iter().collect::<String>());
    spelt.into_iter().filter(|spelt| spelt != name && !spelt.contains("__")).collect()
}

/// True if the text has the name as a word of its own.
fn names(text: &str, name: &str) -> bool {
    // What counts the findings says "document" of itself, and some register has a field of that name.
    let text = text.split("The document has ").next().unwrap_or_default();
    text.split(|sign: char| !(sign.is_alphanumeric() || sign == '_')).any(|word| word == name)
}

#[tokio::test]
async fn no_misspelling_is_told_the_right_name() {
    let mut documents: Vec<(String, String)> = Vec::new();
    let mut add = |name: &str, document: &dyn Fn(&str) -> String| {
        documents.extend(misspelt(name).iter().map(|spelt| (name.to_owned(), document(spelt))));
    };
    for register in REGISTERS {
        let (Some(plural), type_name) = (register.plural, register.type_name) else { continue };
        add(plural, &|name| format!("{{ {name} {{ totalCount }} }}"));
        for name in [format!("{type_name}Filter"), format!("{type_name}OrderField")] {
            add(&name, &|name| format!("query ($x: {name}) {{ {plural} {{ totalCount }} }}"));
        }
        add(type_name, &|name| format!("{{ {plural} {{ nodes {{ ... on {name} {{ id }} }} }} }}"));
        for field in register.fields.iter().filter(|field| field.name.len() > 3) {
            add(field.name, &|name| format!("{{ {plural} {{ nodes {{ {name} }} }} }}"));
            add(field.name, &|name| format!("{{ {plural}(filter: {{ {name}: {{}} }}) {{ totalCount }} }}"));
            let value = crate::completeness::enum_value(field.name);
            add(&value, &|value| format!("{{ {plural}(orderBy: [{{ field: {value} }}]) {{ totalCount }} }}"));
        }
        add("orderBy", &|name| format!("{{ {plural}({name}: []) {{ totalCount }} }}"));
    }
    for (name, document) in [("include", "{ me @NAME(if: true) { kind } }"), ("permissions", "{ me { NAME { type } } }")] {
        add(name, &|spelt| document.replace("NAME", spelt));
    }
    let database = harness::databases().await.remove(0);
    let app = App::start(&database).await;
    let clients = [app.of("auditor"), app.anonymous()];
    assert!(documents.len() > 2_000, "{}", documents.len());
    for (index, (name, document)) in documents.iter().enumerate() {
        let answer = clients[index % 2].query(document).await;
        // Another field may happen to have the misspelt name.
        if answer.errors().is_empty() {
            continue;
        }
        let said = answer.message();
        assert!(!names(&said, name) || names(document, name), "{document}: {said}");
        assert!(!said.to_lowercase().contains("did you mean"), "{document}: {said}");
    }
    // Values in variables are read by other code.
    let document = "query ($order: [PersonOrder!], $filter: PersonFilter) { persons(orderBy: $order, filter: $filter) { totalCount } }";
    for (variables, name) in [
        (json!({ "order": [{ "field": "NAEM" }] }), "NAME"),
        (json!({ "order": [{ "feild": "NAME" }] }), "field"),
        (json!({ "filter": { "phnoe": { "eq": "1" } } }), "phone"),
        (json!({ "filter": { "sex": { "eq": "MAEL" } } }), "MALE"),
    ] {
        let answer = clients[0].ask(document, variables.clone()).await;
        assert_eq!(answer.code(), "BAD_INPUT", "{}", answer.text);
        assert!(!names(&answer.message(), name), "{variables}: {}", answer.message());
    }
}

#[tokio::test]
async fn a_role_finds_the_changes_that_it_may_ask_for_and_no_other() {
    let database = harness::databases().await.remove(0);
    let engine = harness::engine(&database).await;
    let policy: toml::Table = civigrid::policy::BUILT_IN.parse().expect("TOML");
    let mut found = BTreeSet::new();
    for who in Who::all() {
        let usable = usable(&engine, &who).await;
        let mutation = usable.schema_definition.mutation.as_ref().and_then(|_| usable.get_object("Mutation"));
        let names: BTreeSet<&str> = mutation.iter().flat_map(|object| object.fields.keys()).map(Name::as_str).collect();
        let mut expected = BTreeSet::new();
        for role in who.caller().assignments.iter().map(|assignment| assignment.role.as_str()) {
            let role = &policy["role"][role];
            let says = |key: &str| role.get(key).is_some();
            let grants = role["grant"].as_array().expect("grants");
            let matches = grants.iter().any(|grant| grant.get("match").is_some());
            expected.extend([("requestAccess", says("requests")), ("decideAccess", says("requests") || says("decides"))]);
            expected.extend([("breakGlass", says("break_glass")), ("endBreakGlass", says("break_glass")), ("lookupPerson", matches)]);
        }
        let expected: BTreeSet<&str> = expected.into_iter().filter(|(_, may)| *may).map(|(name, _)| name).collect();
        assert_eq!(names, expected, "{}", who.name());
        found.extend(names.iter().map(|name| (*name).to_owned()));
    }
    let all: BTreeSet<String> = schema().get_object("Mutation").expect("changes").fields.keys().map(ToString::to_string).collect();
    assert_eq!(found, all, "somebody may ask for each");
}
