//! `policy explain` and `policy matrix` answer in words that lead to the line to change.

use crate::{civigrid, directory_with};

fn explain(directory: &std::path::Path, words: &[&str]) -> String {
    let said = civigrid(directory, &[&["policy", "explain"], words].concat());
    assert!(said.success, "{words:?}: {}", said.complaints);
    said.out
}

const POLICY: &str = "version = 1
[role.clerk]
title = \"Clerk\"
[[role.clerk.grant]]
register = \"person\"
rows = [\"region\"]
show = [\"class:internal\", \"name\"]
[[role.clerk.grant]]
register = \"case\"
rows = [\"region\", \"board\"]
show = [\"class:internal\"]
filter = [\"number\"]
[role.guard]
title = \"Guard\"
[[role.guard.deny]]
register = \"person\"
rows = [\"region\"]
fields = [\"class:personal\"]
";

/// The words that ask, and sentences of the answer.
const QUESTIONS: &[(&[&str], &[&str])] = &[
    (
        &["person", "name", "--role", "clerk"],
        &[
            "Person.name (personal): ",
            "ON SOME ROWS: clerk may see it on persons aged 14 or older (an unknown age counts as younger). In scope are persons in the own regions.",
            "policy.toml:4  grant of clerk, rows: region. Shows name by \"name\" (policy.toml:7); not on rows of people under 14",
            "    [[role.clerk.grant]]\n    register = \"person\"\n    rows = [\"region\"]\n    show = [\"name\"]\n    minors = true\n",
        ],
    ),
    (
        &["Person", "ageBand", "--role", "clerk", "--region", "500103000000", "--region", "500107001000"],
        &["YES: clerk may see it on every row in scope: persons in 500103000000 or 500107001000.", "by \"class:internal\" (policy.toml:7)"],
    ),
    (
        &["Person", "phone", "--role", "clerk"],
        &[
            "NO: clerk may not see it on any row. In scope are persons in the own regions; the field is null there",
            "policy.toml:4  grant of clerk, rows: region. Gives rows, but not phone.",
            "show = [\"phone\"]",
        ],
    ),
    (
        &["person", "name", "--role", "clerk", "--role", "guard"],
        &[
            "NO: clerk with guard may not see it",
            "policy.toml:15  deny of guard, rows: region. Takes name by \"class:personal\" (policy.toml:18); a deny wins over every grant.",
            "The deny of policy.toml:15 would have to go.",
        ],
    ),
    (
        &["case", "number", "--role", "clerk", "--region", "500103000000"],
        &[
            "NO: clerk knows of no row of Case, so of none of its fields.",
            "policy.toml:8  grant of clerk, rows: region, board. Does nothing here: the assignment says nothing of a board.",
            "The grant of policy.toml:8 is there; the assignment would have to say a board.",
        ],
    ),
    (
        &["case", "state", "--role", "clerk", "--right", "filter", "--region", "500103000000", "--board", "SERVICES"],
        &[
            "NO: clerk may not filter and order by it on any row. In scope are cases in 500103000000 and of the board SERVICES; asking for it is refused with FIELD_WITHHELD",
        ],
    ),
    (&["case", "number", "--role", "clerk", "--right", "filter"], &["YES: clerk may filter and order by it", "(policy.toml:12)."]),
    (&["person", "name", "--role", "clerk", "--right", "filter"], &["because it is shown and `filter` is not given"]),
    (&["case", "version", "--role", "clerk"], &["The field is public, so it comes with the rows."]),
    (&["case", "description", "--role", "clerk", "--right", "aggregate"], &["Nobody can group by and measure it, whatever a policy says"]),
    (&["household", "number", "--role", "clerk"], &["No grant of clerk names the register \"household\".", "rows = [\"region\"]"]),
    (
        &["person", "cases", "--role", "clerk"],
        &["Person.cases follows Case.reporter: it can be walked on the rows that show that field.", "Case.reporter (personal)"],
    ),
    (&["person", "name"], &["NO: anonymous knows of no row of Person", "Roles that see it, on rows of their own scope: clerk."]),
];

#[test]
fn an_explanation_names_the_line_the_rows_and_what_is_needed() {
    let directory = directory_with(POLICY);
    for (words, expected) in QUESTIONS {
        let answer = explain(directory.path(), &[words, ["--policy", "policy.toml"].as_slice()].concat());
        for expected in *expected {
            assert!(answer.contains(expected), "{words:?} lacks:\n{expected}\nin:\n{answer}");
        }
    }
}

#[test]
fn every_role_is_told_of_with_its_lines_as_if_it_were_asked_about_alone() {
    let directory = directory_with("");
    let question = ["person", "phone", "--region", "500112000000"];
    let all = explain(directory.path(), &[question.as_slice(), &["--every-role"]].concat());
    let roles = civigrid(directory.path(), &["policy", "check"]).out;
    let mut told = 0;
    for role in ["grid_worker", "community_secretary", "street_operator", "board_officer", "district_officer", "auditor", "integrator"] {
        assert!(roles.contains(role), "{roles}");
        let alone = explain(directory.path(), &[question.as_slice(), &["--role", role]].concat());
        let own = all.split("\n\n").find(|block| block.contains(&format!(": {role} "))).unwrap_or_else(|| panic!("{role}: {all}"));
        let says = alone.lines().filter(|line| line.contains(&format!(": {role} ")) || line.starts_with("  default.toml:"));
        for line in says {
            assert!(own.contains(line), "{role}: {line}\n{all}");
            told += 1;
        }
    }
    assert!(told > 14, "{all}");
    let nobody = explain(directory.path(), &["case", "description", "--right", "filter", "--every-role"]);
    assert!(nobody.contains("Nobody can filter and order by it") && !nobody.contains("YES"), "{nobody}");
}

#[test]
fn the_grant_that_an_explanation_prints_can_be_put_into_the_file() {
    let directory = directory_with("");
    let built_in = civigrid(directory.path(), &["policy", "show"]).out;
    let question = ["person", "phone", "--role", "street_operator"];
    let answer = explain(directory.path(), &question);
    let grant: String = answer.lines().filter_map(|line| line.strip_prefix("    ")).map(|line| format!("{line}\n")).collect();
    std::fs::write(directory.path().join("policy.toml"), format!("{built_in}\n{grant}")).expect("writable");
    let amended = explain(directory.path(), &[question.as_slice(), &["--policy", "policy.toml"]].concat());
    assert!(
        answer.contains("ON SOME ROWS: street_operator") && amended.contains("YES: street_operator may see it on every row"),
        "{answer}\n{amended}"
    );
}

#[test]
fn an_unknown_word_of_a_question_is_answered_with_the_nearest_valid_one() {
    let directory = directory_with(POLICY);
    let questions: &[(&[&str], &str)] = &[
        (&["persn", "name"], "unknown type \"persn\"; did you mean \"person\"?"),
        (&["CaseEvnt", "note"], "unknown type \"CaseEvnt\"; did you mean \"CaseEvent\"?"),
        (&["person", "ID_NUMBER"], "unknown field \"ID_NUMBER\" of Person; did you mean \"idNumber\"?"),
        (&["person", "caes"], "unknown field \"caes\" of Person; did you mean \"cases\"?"),
        (&["person", "name", "--role", "clrek"], "unknown role \"clrek\"; did you mean \"clerk\"?"),
        (&["person", "name", "--right", "agregate"], "aggregate"),
        (&["person", "name", "--board", "SERVICE"], "unknown board \"SERVICE\"; did you mean \"SERVICES\"?"),
        (&["person", "name", "--region", "5001"], "--region 5001: a region code has 12 digits"),
        (&["person", "name", "--department", "person_x"], "--department person_x: not the id of a department"),
    ];
    for (words, expected) in questions {
        let said = civigrid(directory.path(), &[&["policy", "explain", "--policy", "policy.toml"], *words].concat());
        assert!(!said.success && said.complaints.contains(expected), "{words:?}: {}", said.complaints);
    }
    let said = civigrid(directory.path(), &["policy", "matrix", "--role", "auditr"]);
    assert!(said.complaints.contains("did you mean \"auditor\"?"), "{}", said.complaints);
}

#[test]
fn a_page_on_a_policy_names_the_command_that_writes_it_anew() {
    let directory = directory_with(POLICY);
    for page in ["matrix", "privacy"] {
        let said = civigrid(directory.path(), &["policy", page, "--policy", "policy.toml"]);
        let expected = format!(
            "<!-- Written by `civigrid policy {page} --policy policy.toml` from the catalog and policy.toml. Changes by hand are lost. -->"
        );
        assert_eq!(said.out.lines().next(), Some(expected.as_str()), "{}", said.complaints);
        let built_in = civigrid(directory.path(), &["policy", page]).out;
        assert!(built_in.starts_with("<!-- Written by `cargo run -- regenerate` from the catalog and default.toml."), "{page}");
    }
}

#[test]
fn a_matrix_can_be_narrowed_to_a_role_and_a_register() {
    let directory = directory_with(POLICY);
    let said = civigrid(directory.path(), &["policy", "matrix", "--policy", "policy.toml", "--role", "clerk", "--register", "Person"]);
    let headings: Vec<&str> = said.out.lines().filter(|line| line.starts_with("## ")).collect();
    assert_eq!(headings, ["## Person"], "{}", said.complaints);
    assert!(said.out.contains("| field | class | meaning | clerk |\n"), "{}", said.out);
    assert!(said.out.contains("| **rows** | | | in the own regions |\n"), "{}", said.out);
    assert!(said.out.contains("\n¹ adults only: not on rows of people under 14, or of unknown age\n"), "{}", said.out);
}
