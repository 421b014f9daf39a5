//! `policy diff` tells what a change of the policy changes for whom, and nothing else.

use crate::{civigrid, directory_with};

const BEFORE: &str = "version = 1\n[role.clerk]\ntitle = \"Clerk\"\n[[role.clerk.grant]]\nregister = \"person\"\nrows = [\"region\"]\nshow = [\"name\", \"sex\"]\n";

/// The lines of the difference between the policy above and another.
fn differences(after: &str) -> Vec<String> {
    let directory = directory_with(BEFORE);
    std::fs::write(directory.path().join("new.toml"), after).expect("a file");
    let said = civigrid(directory.path(), &["policy", "diff", "policy.toml", "new.toml"]);
    assert!(said.success, "{}", said.complaints);
    said.out.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

#[test]
fn a_field_more_is_one_line() {
    assert_eq!(
        differences(&BEFORE.replace("\"sex\"]", "\"sex\", \"phone\"]")),
        [
            "clerk Person.phone – → shown (adults only: not on rows of people under 14, or of unknown age; not on rows of protected persons)",
            "1 difference"
        ]
    );
}

#[test]
fn other_rows_another_title_and_another_role_are_told() {
    let after = BEFORE.replace("[\"region\"]", "[\"all\"]").replace("Clerk", "Clerk of the city");
    assert_eq!(
        differences(&format!("{after}[role.guest]\ntitle = \"Guest\"\n")),
        [
            "clerk the role Clerk → Clerk of the city",
            "clerk Person rows in the own regions → all",
            "guest the role no such role → Guest",
            "3 differences"
        ]
    );
}

#[test]
fn what_is_only_written_otherwise_is_no_difference() {
    let reordered = BEFORE.replace("[\"name\", \"sex\"]", "[\"sex\", \"name\"]").replace("version = 1", "# A comment.\nversion = 1");
    assert_eq!(differences(&reordered), ["no cell of the matrix differs"]);
}

#[test]
fn without_a_second_file_the_first_is_what_would_be_changed_to() {
    let directory = directory_with("");
    let shown = civigrid(directory.path(), &["policy", "show"]).out;
    std::fs::write(directory.path().join("mine.toml"), shown).expect("a file");
    let said = civigrid(directory.path(), &["policy", "diff", "mine.toml"]);
    assert_eq!(said.out.trim(), "no cell of the matrix differs", "{}", said.complaints);
}
