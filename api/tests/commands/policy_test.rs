//! `policy test` holds a policy against cases, and tells what is otherwise.

use crate::{civigrid, directory_with};

const CASES: &str = r#"
[[case]]
name = "a grid worker sees names, of children the family name alone, and the ends of adults' identity numbers"
roles = ["grid_worker"]
regions = ["500107001001001"]
query = "{ persons(first: 1) { nodes { name idNumber ethnicity household { number } } } }"
cells = { "Person.name" = "masked", "Person.idNumber" = "some rows", "Person.ethnicity" = "withheld", "Household.number" = "full" }

[[case]]
name = "a secretary must say what identity numbers are for"
roles = ["community_secretary"]
regions = ["500107001001"]
query = "query Numbers($first: Int) { persons(first: $first) { nodes { idNumber } } }"
variables = { first = 1 }
cells = { "Person.idNumber" = "withheld" }

[[case]]
name = "and is shown them then"
roles = ["community_secretary"]
regions = ["500107001001"]
purpose = "CARE"
query = "{ persons(first: 1) { nodes { idNumber } } }"
cells = { "Person.idNumber" = "full" }

[[case]]
name = "nobody may search by what is masked"
roles = ["auditor"]
regions = ["500000000000"]
query = "{ persons(filter: { phone: { eq: \"13800000000\" } }) { totalCount } }"
refused = { persons = "FIELD_WITHHELD" }

[[case]]
name = "without a token no person is known"
query = "{ persons(first: 1) { nodes { name } } }"
cells = { "Person.name" = "withheld" }
"#;

fn tested(cases: &str) -> (bool, String, String) {
    let directory = directory_with("");
    std::fs::write(directory.path().join("cases.toml"), cases).expect("a file");
    let said = civigrid(directory.path(), &["policy", "test", "cases.toml"]);
    (said.success, said.out, said.complaints)
}

#[test]
fn cases_that_hold_pass() {
    let (success, out, complaints) = tested(CASES);
    assert!(success, "{out}{complaints}");
    assert!(out.ends_with("5 of 5 cases hold by default.toml\n"), "{out}");
}

#[test]
fn a_case_that_does_not_hold_is_told_with_what_is_otherwise() {
    let wrong = CASES.replace("\"Person.ethnicity\" = \"withheld\"", "\"Person.ethnicity\" = \"full\", \"Person.phone\" = \"full\"");
    let (success, out, _) = tested(&wrong.replace("refused = { persons = \"FIELD_WITHHELD\" }", ""));
    assert!(!success);
    for line in [
        "FAILED  a grid worker sees names",
        "Person.ethnicity is withheld; expected is full",
        "Person.phone is not asked for",
        "persons is refused with FIELD_WITHHELD",
        "3 of 5 cases hold",
    ] {
        assert!(out.contains(line), "{line}: {out}");
    }
}

#[test]
fn a_wrong_word_of_a_case_is_told() {
    for (right, wrong, told) in [
        ("\"grid_worker\"", "\"grid_wroker\"", "did you mean \"grid_worker\"?"),
        ("\"CARE\"", "\"CAER\"", "\"CAER\" is no purpose"),
        ("= \"withheld\" }", "= \"hidden\" }", "possible are full, masked, some rows and withheld"),
        ("nodes { idNumber }", "nodes { idNumbr }", "idNumbr"),
        ("purpose =", "porpose =", "porpose"),
        ("500107001001001", "5001", "5001"),
    ] {
        let (success, out, complaints) = tested(&CASES.replacen(right, wrong, 1));
        assert!(!success && complaints.contains(told), "{wrong}: {out}{complaints}");
    }
}
