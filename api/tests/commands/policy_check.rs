//! `policy check` tells what can be used and yet may not be meant; `--strict` refuses it.

use entities::registers::REGISTERS;

use crate::{civigrid, directory_with};

/// A policy that shows every field of every register to one role.
fn complete() -> String {
    let mut text = "version = 1\n[role.clerk]\ntitle = \"Clerk\"\n".to_owned();
    for register in REGISTERS {
        let labels = [
            ("minors", register.minor.is_some()),
            ("protected", register.protection.is_some()),
            ("sensitive_codes", register.sensitive_codes.is_some()),
        ];
        let labels: String = labels.iter().filter(|(_, borne)| *borne).map(|(label, _)| format!("{label} = true\n")).collect();
        text.push_str(&format!(
            "[[role.clerk.grant]]\nregister = \"{}\"\nrows = [\"all\"]\nshow = [\"class:internal\", \"class:personal\", \"class:sensitive\"]\n{labels}",
            register.name
        ));
    }
    text
}

/// The complete policy without the grants on a register, with further lines at its end; and the number of the first of those.
fn without(register: &str, further: &str) -> (String, usize) {
    let complete = complete();
    let (first, rest) = complete.split_once("[[").expect("grants");
    let grants = rest.split("[[").filter(|grant| !grant.contains(&format!("register = \"{register}\"\n")));
    let text: String = std::iter::once(first.to_owned()).chain(grants.map(|grant| format!("[[{grant}"))).collect();
    let line = text.lines().count() + 1;
    (format!("{text}{further}"), line)
}

#[test]
fn a_policy_that_shows_everything_to_somebody_passes_the_strict_check() {
    let directory = directory_with(&complete());
    let said = civigrid(directory.path(), &["policy", "check", "policy.toml", "--strict"]);
    assert!(said.success && said.complaints.is_empty(), "{}", said.complaints);
    assert!(said.out.starts_with("policy.toml can be used; its roles:\n  clerk "), "{}", said.out);
}

/// What may not be meant; the register whose grants are left out, the lines that are put at the end, and what is said (`LINE` is
/// the first of those): with the number of lines from the first of those at the end, or of the file as a whole.
const REMARKS: &[(&str, &str, &str, Option<usize>, &str)] = &[
    ("a register without a grant", "grid_member", "", None, "register \"grid_member\" has no grant: no role sees a row of it"),
    (
        "fields that no role sees",
        "grid_member",
        "[[role.clerk.grant]]\nregister = \"grid_member\"\nrows = [\"all\"]\nshow = [\"class:internal\"]\n",
        None,
        "no role sees these fields of \"grid_member\": person",
    ),
    (
        "a field that is unseen on purpose, but not so",
        "",
        "[unseen]\nperson = [\"phone\"]\n",
        Some(1),
        "[unseen] names these fields of \"person\", but a role sees them: phone",
    ),
    (
        "a role without a grant",
        "",
        "[role.chief]\ntitle = \"Chief\"\n",
        Some(0),
        "role \"chief\" has no grant: it sees no more than everyone",
    ),
    (
        "a field that its class gives already",
        "",
        "[[role.clerk.grant]]\nregister = \"case\"\nrows = [\"all\"]\nshow = [\"class:internal\", \"number\"]\n",
        Some(3),
        "\"number\" in show is given already by \"class:internal\"",
    ),
    (
        "a public field",
        "",
        "[[role.clerk.grant]]\nregister = \"case\"\nrows = [\"all\"]\nshow = [\"version\"]\n",
        Some(3),
        "\"version\" in show is public: it comes with every row of a grant",
    ),
    (
        "a right that the schema does not offer",
        "",
        "[[role.clerk.grant]]\nregister = \"case\"\nrows = [\"all\"]\naggregate = [\"description\"]\n",
        Some(3),
        "\"description\" in aggregate cannot be grouped by or measured, whoever asks",
    ),
    (
        "a grant that stands twice, in other words",
        "case",
        "[[role.clerk.grant]]\nregister = \"case\"\nrows = [\"region\", \"board\"]\nshow = [\"class:internal\", \"class:personal\", \"class:sensitive\"]\n\
        [[role.clerk.grant]]\nregister = \"case\"\nrows = [\"board\", \"region\"]\nshow = [\"class:personal\", \"class:sensitive\", \"class:internal\"]\n",
        Some(4),
        "this grant gives the same as that of line LINE; one of them can go",
    ),
    (
        "minors where there are none",
        "",
        "[[role.clerk.grant]]\nregister = \"department\"\nrows = [\"all\"]\nminors = true\n",
        Some(0),
        "the rows of \"department\" have no age, so minors = true changes nothing",
    ),
];

#[test]
fn what_may_not_be_meant_is_told_with_its_line_and_refused_if_strict() {
    for (kind, left_out, further, below, remark) in REMARKS {
        let (text, first) = without(left_out, further);
        let remark = remark.replace("LINE", &first.to_string());
        let directory = directory_with(&text);
        let place = below.map_or_else(|| "policy.toml".to_owned(), |below| format!("policy.toml:{}", first + below));
        let said = civigrid(directory.path(), &["policy", "check", "policy.toml"]);
        assert!(said.success, "{kind}: {}", said.complaints);
        assert_eq!(said.complaints, format!("{place}: warning: {remark}\n"), "{kind}");
        let strict = civigrid(directory.path(), &["policy", "check", "--strict", "policy.toml"]);
        assert!(!strict.success, "{kind}");
        assert!(strict.complaints.starts_with(&format!("{place}: not strict: {remark}\n")), "{kind}: {}", strict.complaints);
    }
}

#[test]
fn a_policy_that_shows_what_it_withholds_is_refused_with_the_chain_spelled_out() {
    let grant = "[[role.clerk.grant]]\nregister = \"person\"\nrows = [\"all\"]\nshow = [\"idNumber\"]\nminors = true\n";
    let directory = directory_with(&format!("version = 1\n[role.clerk]\ntitle = \"Clerk\"\n{grant}"));
    let said = civigrid(directory.path(), &["policy", "check", "policy.toml"]);
    assert!(!said.success, "{}", said.out);
    let chain = "policy.toml:2: clerk is shown person.idNumber, from which person.birthDate follows, because its digits 7 to 14 are the day of birth (GB 11643)";
    assert!(said.complaints.starts_with(chain), "{}", said.complaints);
    assert!(said.complaints.contains("accept it with [[accept]] and say why"), "{}", said.complaints);
}

#[test]
fn the_built_in_policy_grants_something_of_every_register_and_no_word_of_it_is_idle() {
    let directory = tempfile::tempdir().expect("a directory");
    let said = civigrid(directory.path(), &["policy", "check"]);
    assert!(said.success, "{}", said.complaints);
    assert_eq!(said.complaints, "");
}

#[test]
fn a_policy_that_begins_as_the_built_in_one_passes_the_strict_check() {
    let directory = directory_with("");
    let built_in = civigrid(directory.path(), &["policy", "show"]).out;
    std::fs::write(directory.path().join("policy.toml"), built_in).expect("writable");
    let said = civigrid(directory.path(), &["policy", "check", "--strict", "policy.toml"]);
    assert!(said.success && said.complaints.is_empty(), "{}", said.complaints);
}

#[test]
fn what_is_unseen_on_purpose_is_no_remark() {
    let grant = "[[role.clerk.grant]]\nregister = \"grid_member\"\nrows = [\"all\"]\nshow = [\"class:internal\"]\n";
    for word in ["person", "class:personal"] {
        let (text, _) = without("grid_member", &format!("{grant}[unseen]\ngrid_member = [\"{word}\"]\n"));
        let directory = directory_with(&text);
        let said = civigrid(directory.path(), &["policy", "check", "--strict", "policy.toml"]);
        assert!(said.success && said.complaints.is_empty(), "{word}: {}", said.complaints);
    }
}

#[test]
fn the_policy_shown_is_the_one_that_holds() {
    let directory = directory_with(&complete());
    let built_in = civigrid(directory.path(), &["policy", "show"]);
    assert_eq!(built_in.out, civigrid::policy::BUILT_IN);
    let named = civigrid(directory.path(), &["policy", "show", "--policy", "policy.toml"]);
    assert_eq!(named.out, complete());
    std::fs::write(directory.path().join("civigrid.toml"), "policy_file = \"policy.toml\"\n").expect("a file");
    assert_eq!(civigrid(directory.path(), &["policy", "show"]).out, complete());
}
