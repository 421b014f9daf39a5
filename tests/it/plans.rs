//! The SQL of representative requests, on both databases. A change of these texts is a change of what production runs:
//! look at it, then accept it with `INSTA_UPDATE=always cargo test -p tests plans`.

use civigrid::store::Backend;

use crate::harness::{self, Who};

/// Name, role and document.
pub(crate) const REQUESTS: &[(&str, &str, &str)] = &[
    ("one_row_by_id", "community_secretary", "{ caseById(id: \"case_00000000000000000000000007\") { number state category { name } } }"),
    ("one_row_by_natural_key", "street_operator", "{ caseByNumber(number: \"x\") { id region { name } } }"),
    (
        "a_page_in_scope_of_a_community",
        "community_secretary",
        "{ cases(first: 20) { nodes { number state openedAt } pageInfo { hasNextPage endCursor } } }",
    ),
    (
        "a_page_ordered_by_a_nullable_field",
        "street_operator",
        "{ cases(first: 20, orderBy: [{ field: CLOSED_AT, direction: DESC }]) { nodes { number } } }",
    ),
    ("personal_fields_of_adults_only", "grid_worker", "{ persons(first: 20) { nodes { ageBand name phone access { withheld } } } }"),
    (
        "a_filter_on_a_field_that_some_rows_withhold",
        "grid_worker",
        "{ persons(filter: { not: { education: { in: [BACHELOR, PRIMARY] } } }) { nodes { id } totalCount } }",
    ),
    (
        "to_one_relations_are_joined",
        "community_secretary",
        "{ cases(first: 5) { nodes { category { name leadDepartment { name } } reporter { name household { number } } } } }",
    ),
    (
        "pages_of_every_parent",
        "community_secretary",
        "{ households(first: 10) { nodes { residents(first: 5, orderBy: [{ field: AGE_BAND }]) { nodes { ageBand } pageInfo { hasNextPage } totalCount } } } }",
    ),
    (
        "pages_of_every_region",
        "street_operator",
        "{ regions(first: 3, filter: { level: { eq: COMMUNITY } }) { nodes { name cases(first: 2) { nodes { number } totalCount } } } }",
    ),
    (
        "quantified_filters",
        "street_operator",
        "{ cases(filter: { events: { some: { action: { eq: RETURN } }, none: { action: { eq: VOID } } }, category: { code: { startsWith: \"01\" } } }) { totalCount } }",
    ),
    ("scope_through_another_register", "board_officer", "{ caseEvents(first: 5) { nodes { action case { number } } } }"),
    ("own_rows", "resident", "{ persons { nodes { name idNumber } } households { nodes { number } } cases { nodes { number } } }"),
    (
        "groups_with_bounds",
        "auditor",
        "{ caseStats(groupBy: [{ region: STREET }, { time: { field: OPENED_AT, by: MONTH } }], having: { count: { gte: 2 } }, orderBy: [{ by: COUNT, direction: DESC }], first: 5) { nodes { key { period region { name } } count avg { satisfaction } } } }",
    ),
    ("groups_by_a_reference", "auditor", "{ caseStats(groupBy: [{ field: DEPARTMENT }]) { nodes { key { department { name } } count } } }"),
    (
        "groups_by_fields_of_other_rows",
        "community_secretary",
        "{ serviceRecordStats(filter: { fullyVisible: [ACTIVITY] }, groupBy: [{ of: { activity: { of: { team: { field: KIND } } } } }, { of: { activity: { region: STREET } } }]) { nodes { key { of { activity { of { team { kind } } region { name } } } } sum { minutes } } } }",
    ),
    ("a_search_in_names", "community_secretary", "{ persons(filter: { name: { contains: \"王\" } }, first: 5) { nodes { name } } }"),
];

#[tokio::test]
async fn the_statements_of_representative_requests() {
    for database in harness::databases().await {
        let engine = harness::engine(&database).await;
        let dialect = match database.backend {
            Backend::Postgres => "postgres",
            Backend::Sqlite => "sqlite",
        };
        for (name, role, document) in REQUESTS {
            let answer = harness::execute(&engine, &Who::of(role), document).await;
            assert!(!answer.statements.is_empty(), "{role}: {document} asks the database nothing");
            let text = format!("{role}: {document}\n\n{}", answer.statements.join("\n\n"));
            insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
                insta::assert_snapshot!(format!("{name}_{dialect}"), text);
            });
        }
    }
}
