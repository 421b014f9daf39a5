//! How many statements a request takes follows from its document, whatever the rows.

use apollo_compiler::ExecutableDocument;
use apollo_compiler::executable::{Field, Selection, SelectionSet};
use civigrid::graph::{Engine, Outcome};
use entities::catalog::{self, Register};
use entities::registers::REGISTERS;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};

use crate::completeness::schema;
use crate::harness::{self, TestDatabase, Who};
use crate::lists::city;

/// The most statements a document may take: one for each root, one for each to-many relation at each level, one for each
/// `totalCount`. `nodes` takes one for each register, of which `registers` says how many its ids name.
fn bound(document: &str, registers: u32) -> u32 {
    let document = ExecutableDocument::parse_and_validate(schema(), document, "request").expect("a valid document");
    let operation = document.operations.get(None).expect("one operation");
    fields(&document, &operation.selection_set)
        .map(|field| {
            let own = match field.name.as_str() {
                "me" | "codeLists" | "__typename" | "__schema" | "__type" => 0,
                "nodes" => registers,
                _ => 1,
            };
            own + below(&document, &field.selection_set)
        })
        .sum()
}

/// Statements that hang on a selection.
fn below(document: &ExecutableDocument, set: &SelectionSet) -> u32 {
    fields(document, set)
        .map(|field| {
            let is_list = field.ty().inner_named_type().ends_with("Connection");
            u32::from(is_list || field.name == "totalCount") + below(document, &field.selection_set)
        })
        .sum()
}

/// The fields of a selection, fragments put in.
fn fields<'d>(document: &'d ExecutableDocument, set: &'d SelectionSet) -> Box<dyn Iterator<Item = &'d Field> + 'd> {
    Box::new(set.selections.iter().flat_map(move |selection| -> Box<dyn Iterator<Item = &'d Field> + 'd> {
        match selection {
            Selection::Field(field) => Box::new(std::iter::once(&**field)),
            Selection::InlineFragment(inline) => fields(document, &inline.selection_set),
            Selection::FragmentSpread(spread) => fields(document, &document.fragments[&spread.fragment_name].selection_set),
        }
    }))
}

const CORPUS: &[&str] = &[
    "{ me { kind permissions { type } } codeLists { name } __typename __schema { queryType { name } } }",
    "{ cases { totalCount } }",
    "{ cases(first: 50) { nodes { id number category { name parent { name } leadDepartment { name } } reporter { name household { number head { name } } } region { name } } totalCount } }",
    "{ households(first: 20) { nodes { id residents(first: 10) { nodes { name cases(first: 5) { nodes { number events(first: 5) { nodes { action } totalCount } } } } totalCount } residences { nodes { person { name } } } } } }",
    "{ a: cases(first: 1) { nodes { id } } b: cases(first: 1) { nodes { id } } c: cases { totalCount } }",
    "{ persons(first: 10) { nodes { a: cases(first: 1) { nodes { id } } b: cases(first: 1) { nodes { id } } } } }",
    "{ regions(first: 5, filter: { level: { eq: STREET } }) { nodes { parent { name parent { name } } children(first: 3) { nodes { name households(first: 2) { nodes { id } totalCount } } } cases { totalCount } } } }",
    "{ caseStats(groupBy: [{ of: { category: { field: PARENT } } }, { of: { category: { field: LEAD_DEPARTMENT } } }]) { nodes { key { of { category { parent { name } leadDepartment { region { name } } } } } count } } }",
    "{ caseStats(groupBy: [{ field: CATEGORY }, { region: STREET }]) { nodes { key { category { name leadDepartment { name } } region { name parent { name } } } count } } }",
    "{ caseEvents(first: 30) { nodes { case { number category { name } region(level: DISTRICT) { name } } department { name region { name } } } } }",
    "query { ...F } fragment F on Query { cases(first: 3) { ...C } } fragment C on CaseConnection { nodes { events { totalCount nodes { id } } } }",
];

async fn check(engine: &Engine, database: &TestDatabase, who: &Who, document: &str) -> Result<String, String> {
    let answer = harness::execute(engine, who, document).await;
    let text = String::from_utf8_lossy(&answer.body).into_owned();
    let allowed = bound(document, 1);
    if !matches!(answer.outcome, Outcome::Complete | Outcome::Partial) {
        return Err(format!("{:?}: {text}\n{document}", database.backend));
    }
    if answer.cost.statements > allowed || answer.statements.len() != answer.cost.statements as usize {
        return Err(format!("{:?}: {} statements, {allowed} allowed\n{document}", database.backend, answer.cost.statements));
    }
    Ok(text)
}

/// From a community down to the business that a resident works in.
const ALL_REGISTERS: &str = "{ regions(filter: { level: { eq: COMMUNITY }, households: { some: {} } }, first: 3) { nodes { name children { nodes { name \
    households(first: 5) { nodes { number residents(first: 5) { nodes { name ageBand partyMember { status organization { name } } \
    volunteer { totalMinutes serviceRecords(first: 2) { nodes { minutes } } } enrollments(first: 3) { nodes { state amount project { title } } } \
    cases(first: 3) { nodes { number state tasks(first: 2) { nodes { role state } } } } \
    employments(first: 2) { nodes { role business { name industry } } } } } } } } } } } }";

#[tokio::test]
async fn the_question_that_joins_all_registers_is_bounded_and_the_databases_agree() {
    let mut engines = Vec::new();
    for database in harness::databases().await {
        let engine = harness::engine(&database).await;
        engines.push((database, engine));
    }
    let mut told = std::collections::BTreeSet::new();
    for who in Who::all().into_iter().chain([city()]) {
        let mut answers = Vec::new();
        for (database, engine) in &engines {
            answers.push(check(engine, database, &who, ALL_REGISTERS).await.unwrap_or_else(|wrong| panic!("{} {wrong}", who.name())));
        }
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{}", who.name());
        told.extend(answers.pop());
    }
    assert!(told.len() >= 6, "roles are told different things: {}", told.len());
}

#[tokio::test]
async fn statements_are_bounded_by_the_document() {
    for database in harness::databases().await {
        let engine = harness::engine(&database).await;
        for who in Who::all().into_iter().chain([city()]) {
            for document in CORPUS {
                check(&engine, &database, &who, document).await.unwrap_or_else(|wrong| panic!("{} {wrong}", who.name()));
            }
        }
        let rows = harness::rows();
        let ids =
            [rows.cases[0].id.to_string(), rows.cases[1].id.to_string(), rows.persons[0].id.to_string(), rows.households[0].id.to_string()];
        let document = format!("{{ nodes(ids: {ids:?}) {{ id ... on Case {{ events {{ totalCount }} }} }} }}");
        let answer = harness::execute(&engine, &city(), &document).await;
        assert!(answer.cost.statements <= bound(&document, 3), "{}", answer.cost.statements);
    }
}

/// A random selection of a row, at most `depth` to-many levels deep.
fn selection(register: &'static Register, depth: u32) -> BoxedStrategy<String> {
    let references: Vec<_> = register.fields.iter().filter(|field| field.target().is_some()).collect();
    let one = match references.is_empty() {
        true => Just(String::new()).boxed(),
        false => proptest::option::of(proptest::sample::select(references))
            .prop_flat_map(move |field| match field.and_then(|field| Some((field.name, catalog::register(field.target()?)?))) {
                Some((name, target)) if depth > 0 => {
                    selection(target, depth - 1).prop_map(move |inner| format!("{name} {{ {inner} }}")).boxed()
                }
                _ => Just(String::new()).boxed(),
            })
            .boxed(),
    };
    if depth == 0 || register.relations.is_empty() {
        return one.prop_map(|one| format!("id {one}")).boxed();
    }
    let relations = proptest::sample::subsequence(register.relations.to_vec(), 0..=register.relations.len().min(2));
    let many = relations.prop_flat_map(move |relations| {
        let lists = relations.into_iter().map(move |relation| {
            let (name, target) = (relation.name, catalog::register(relation.target).expect("a register"));
            if relation.through.is_to_one() {
                return selection(target, depth - 1).prop_map(move |inner| format!("{name} {{ {inner} }}")).boxed();
            }
            list(name.to_owned(), target, depth - 1)
        });
        lists.collect::<Vec<_>>()
    });
    (one, many).prop_map(|(one, many)| format!("id {one} {}", many.join(" "))).boxed()
}

/// A random list.
fn list(name: String, register: &'static Register, depth: u32) -> BoxedStrategy<String> {
    let order = proptest::sample::select(vec!["", ", orderBy: [{ field: ID, direction: DESC }]"]);
    (1..4u32, any::<bool>(), any::<bool>(), any::<bool>(), order, selection(register, depth))
        .prop_map(move |(size, backward, total, edges, order, inner)| {
            let size = if backward { format!("last: {size}") } else { format!("first: {size}") };
            let total = if total { "totalCount(limit: 100)" } else { "" };
            let rows = if edges {
                format!("edges {{ cursor node {{ {inner} }} }}")
            } else {
                format!("nodes {{ {inner} }} pageInfo {{ hasNextPage }}")
            };
            format!("{name}({size}{order}) {{ {rows} {total} }}")
        })
        .boxed()
}

/// A random document.
fn document() -> impl Strategy<Value = String> {
    let roots: Vec<_> = REGISTERS.iter().copied().filter_map(|register| Some((register.plural?, register))).collect();
    let root = proptest::sample::select(roots).prop_flat_map(|(plural, register)| list(plural.to_owned(), register, 3));
    proptest::collection::vec(root, 1..3).prop_map(|roots| {
        let roots: Vec<String> = roots.into_iter().enumerate().map(|(index, root)| format!("r{index}: {root}")).collect();
        format!("{{ {} }}", roots.join(" "))
    })
}

#[test]
fn statements_of_random_documents_are_bounded_and_the_databases_agree() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let mut engines = Vec::new();
    for database in runtime.block_on(harness::databases()) {
        engines.push((runtime.block_on(harness::engine(&database)), database));
    }
    let who = city();
    let config = Config { cases: 150, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let result = runner.run(&document(), |document| {
        let mut texts = Vec::new();
        for (engine, database) in &engines {
            texts.push(runtime.block_on(check(engine, database, &who, &document)).map_err(TestCaseError::fail)?);
        }
        texts.dedup();
        prop_assert_eq!(texts.len(), 1, "the databases differ: {}", document);
        Ok(())
    });
    result.unwrap_or_else(|wrong| panic!("{wrong}"));
}
