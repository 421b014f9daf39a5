//! Every kind of mistake in a policy file is told with its line, what is wrong, and what would be right.

use crate::{civigrid, directory_with};

/// The lines before the mistake: a sound role, and the heading of a grant on line 4.
const CLERK: &str = "version = 1\n[role.clerk]\ntitle = \"Clerk\"\n";
const GRANT: &str = "version = 1\n[role.clerk]\ntitle = \"Clerk\"\n[[role.clerk.grant]]\n";
const DENY: &str = "version = 1\n[role.clerk]\ntitle = \"Clerk\"\n[[role.clerk.deny]]\n";

/// What kind of mistake, the lines before it, the lines with it, and what is said (without the file's name).
const MISTAKES: &[(&str, &str, &str, &[&str])] = &[
    ("no version", "", "[role.clerk]\ntitle = \"Clerk\"\n", &["1: the file has no version; begin it with: version = 1"]),
    ("another version", "", "version = 2\n", &["1: version 2 is not known; this program reads version 1"]),
    ("a version in quotes", "", "version = \"1\"\n", &["1: \"version\" must be a number without quotes: version = 1; here stands a text"]),
    ("no TOML", CLERK, "[[role.clerk.grant]\n", &["4: this is no TOML: "]),
    (
        "an unknown key at the top",
        CLERK,
        "[roles.chief]\ntitle = \"Chief\"\n",
        &["4: unknown key \"roles\" at the top of the file; did you mean \"role\"?"],
    ),
    (
        "an unknown key of a role",
        CLERK,
        "[[role.clerk.grants]]\nregister = \"person\"\n",
        &["4: unknown key \"grants\" in role \"clerk\"; did you mean \"grant\"?"],
    ),
    (
        "an unknown role",
        CLERK,
        "[[role.clrek.grant]]\nregister = \"person\"\nrows = [\"all\"]\n",
        &["4: unknown role \"clrek\"; did you mean the role \"clerk\"? A new role begins with [role.clrek] and a line title = \"…\""],
    ),
    (
        "a role twice",
        CLERK,
        "[role.clerk]\ntitle = \"Chief\"\n",
        &["4: \"clerk\" stands here a second time", "5: \"title\" stands here a second time"],
    ),
    (
        "a role that is no table",
        "version = 1\n[role]\n",
        "clerk = \"Clerk\"\n",
        &["3: \"clerk\" must be a table: [role.clerk]; here stands a text"],
    ),
    (
        "a title that is no text",
        "version = 1\n[role.clerk]\n",
        "title = 3\n",
        &["3: \"title\" must be a text in quotes, like \"Clerk of a street\"; here stands a number"],
    ),
    (
        "a menu of a register without one",
        "version = 1\n[role.clerk]\ntitle = \"Clerk\"\n[[role.clerk.menu]]\n",
        "register = \"department\"\nrows = [\"all\"]\n",
        &["5: register \"department\" has no aggregate menu; those with one are household, person, business, "],
    ),
    (
        "a menu bounded by a board",
        "version = 1\n[role.clerk]\ntitle = \"Clerk\"\n[[role.clerk.menu]]\nregister = \"case\"\n",
        "rows = [\"board\"]\n",
        &["6: a menu counts all rows of a region, so it cannot be bounded by \"board\"; possible are all, region"],
    ),
    (
        "an unknown key of a menu",
        "version = 1\n[role.clerk]\ntitle = \"Clerk\"\n[[role.clerk.menu]]\nregister = \"case\"\nrows = [\"all\"]\n",
        "row = [\"all\"]\n",
        &["7: unknown key \"row\" in a menu; did you mean \"rows\"?"],
    ),
    (
        "a field that cannot be searched for duplicates",
        GRANT,
        "register = \"person\"\nrows = [\"all\"]\nduplicates = [\"idNumbr\"]\n",
        &["7: unknown field of \"person\" to search for duplicates \"idNumbr\"; did you mean \"idNumber\"?"],
    ),
    (
        "duplicates of a register without such a search",
        GRANT,
        "register = \"case\"\nrows = [\"all\"]\nduplicates = [\"number\"]\n",
        &["7: register \"case\" has no search for duplicates; leave the word out"],
    ),
    (
        "a grant in one bracket",
        CLERK,
        "[role.clerk.grant]\nregister = \"person\"\nrows = [\"all\"]\n",
        &["4: \"grant\" must stand under a heading of two brackets: [[role.clerk.grant]]; here stands a table"],
    ),
    (
        "grants in one bracket each, told of once each",
        CLERK,
        "[role.clerk.grant]\nregister = \"person\"\nrows = [\"all\"]\n[role.clerk.grant] # more\nregister = \"case\"\nrows = [\"all\"]\n",
        &[
            "4: \"grant\" must stand under a heading of two brackets: [[role.clerk.grant]]",
            "7: \"grant\" must stand under a heading of two brackets: [[role.clerk.grant]]",
        ],
    ),
    (
        "a grant in one bracket before one in two",
        CLERK,
        "[role.clerk.grant]\nregister = \"person\"\nrows = [\"all\"]\n[[role.clerk.grant]]\nregister = \"case\"\nrows = [\"all\"]\n",
        &["4: \"grant\" must stand under a heading of two brackets: [[role.clerk.grant]]"],
    ),
    (
        "a deny in one bracket after one in two, and another mistake",
        DENY,
        "register = \"person\"\nregister = \"case\"\nrows = [\"all\"]\n[role.clerk.deny]\nregister = \"case\"\nrows = [\"all\"]\n",
        &["6: \"register\" stands here a second time", "8: \"deny\" must stand under a heading of two brackets: [[role.clerk.deny]]"],
    ),
    (
        "a new role without a title",
        CLERK,
        "[role.new]\n[[role.new.grant]]\nregister = \"case\"\nrows = [\"all\"]\n",
        &["4: role \"new\" has no title; write a line title = \"…\" below [role.new]"],
    ),
    (
        "grants of a role that is like no other",
        CLERK,
        "[[role.new.grant]]\nregister = \"case\"\nrows = [\"all\"]\n",
        &["4: unknown role \"new\"; a new role begins with [role.new] and a line title = \"…\""],
    ),
    (
        "unseen fields that are no list, of no register and of no such name",
        CLERK,
        "[unseen]\nhousehold = \"head\"\npersn = [\"name\"]\nperson = [\"fone\"]\n",
        &[
            "5: \"household\" must be a list of words in quotes, like household = [\"class:internal\", \"name\"]; here stands a text",
            "6: unknown register \"persn\"; did you mean \"person\"?",
            "7: unknown field of \"person\" \"fone\"; did you mean \"phone\"?",
        ],
    ),
    (
        "unseen fields in no table",
        "version = 1\n",
        "unseen = true\n",
        &["2: \"unseen\" must be a table: [unseen]; here stands true or false"],
    ),
    ("no register", GRANT, "rows = [\"all\"]\n", &["4: this grant names no register; write register = \"person\", or another"]),
    (
        "an unknown register",
        GRANT,
        "register = \"persn\"\nrows = [\"all\"]\n",
        &["5: unknown register \"persn\"; did you mean \"person\"?"],
    ),
    (
        "a register that is no text",
        GRANT,
        "register = [\"person\"]\nrows = [\"all\"]\n",
        &["5: \"register\" must be a text in quotes, like \"person\"; here stands a list"],
    ),
    (
        "a register twice",
        GRANT,
        "register = \"person\"\nregister = \"case\"\nrows = [\"all\"]\n",
        &["6: \"register\" stands here a second time"],
    ),
    ("no rows", GRANT, "register = \"person\"\n", &["4: this grant names no rows; write rows = [\"all\"] if all are meant"]),
    ("empty rows", GRANT, "register = \"person\"\nrows = []\n", &["6: this grant names no rows; write rows = [\"all\"] if all are meant"]),
    (
        "rows that are no list",
        GRANT,
        "register = \"person\"\nrows = \"all\"\n",
        &["6: \"rows\" must be a list of words in quotes, like rows = [\"region\"]; here stands a text"],
    ),
    (
        "an unknown row scope",
        GRANT,
        "register = \"person\"\nrows = [\"regoin\"]\n",
        &["6: unknown row scope \"regoin\"; did you mean \"region\"?"],
    ),
    (
        "a row scope that the register has no path for",
        GRANT,
        "register = \"household\"\nrows = [\"board\"]\n",
        &["6: register \"household\" has no board to be bounded by; possible are all, region, own_person, own_household, own_wards"],
    ),
    (
        "all beside another scope",
        GRANT,
        "register = \"person\"\nrows = [\"all\", \"region\"]\n",
        &["6: \"all\" bounds nothing, so it cannot stand beside other words; leave one or the other out"],
    ),
    ("a row scope twice", GRANT, "register = \"person\"\nrows = [\"region\", \"region\"]\n", &["6: \"region\" stands twice in \"rows\""]),
    (
        "an unknown right",
        GRANT,
        "register = \"person\"\nrows = [\"all\"]\nshows = [\"name\"]\n",
        &["7: unknown key \"shows\" in a grant; did you mean \"show\"?"],
    ),
    (
        "a right of no list",
        GRANT,
        "register = \"person\"\nrows = [\"all\"]\naggregate = true\n",
        &["7: \"aggregate\" must be a list of words in quotes, like aggregate = [\"class:internal\", \"name\"]; here stands true or false"],
    ),
    (
        "a word that is no text",
        GRANT,
        "register = \"person\"\nrows = [\"all\"]\nshow = [\"name\", 14]\n",
        &["7: each word of \"show\" must be a text in quotes, like \"name\"; here stands a number"],
    ),
    (
        "an unknown field",
        GRANT,
        "register = \"person\"\nrows = [\"all\"]\nshow = [\n  \"name\",\n  \"fone\",\n]\n",
        &["9: unknown field of \"person\" \"fone\"; did you mean \"phone\"?"],
    ),
    (
        "an unknown class",
        GRANT,
        "register = \"person\"\nrows = [\"all\"]\nshow = [\"class:privat\"]\n",
        &["7: unknown class \"class:privat\"; did you mean \"class:personal\"?"],
    ),
    (
        "the row's key",
        GRANT,
        "register = \"person\"\nrows = [\"all\"]\nshow = [\"id\"]\n",
        &["7: \"id\" is the row's key: who may see a row may see it; leave the word out"],
    ),
    (
        "a field twice",
        GRANT,
        "register = \"person\"\nrows = [\"all\"]\nfilter = [\"name\", \"phone\", \"name\"]\n",
        &["7: \"name\" stands twice in \"filter\""],
    ),
    (
        "minors in quotes",
        GRANT,
        "register = \"person\"\nrows = [\"all\"]\nminors = \"true\"\n",
        &["7: \"minors\" must be true or false, without quotes; here stands a text"],
    ),
    ("a deny without fields", DENY, "register = \"person\"\nrows = [\"all\"]\n", &["4: this deny names no fields; write fields = [\"…\"]"]),
    (
        "a deny with a right",
        DENY,
        "register = \"person\"\nrows = [\"all\"]\nfields = [\"phone\"]\nshow = [\"name\"]\n",
        &["8: unknown key \"show\" in a deny; "],
    ),
    (
        "a deny of a public field",
        DENY,
        "register = \"person\"\nrows = [\"all\"]\nfields = [\"version\"]\n",
        &["7: \"version\" is public: who may see a row may see its public fields; deny the rows instead"],
    ),
    (
        "several mistakes at once, in the order of the file",
        GRANT,
        "register = \"person\"\nrows = [\"regoin\"]\nshow = [\"fone\"]\n[[role.clerk.deny]]\nregister = \"houshold\"\nrows = [\"all\"]\nfields = [\"head\"]\n",
        &[
            "6: unknown row scope \"regoin\"; did you mean \"region\"?",
            "7: unknown field of \"person\" \"fone\"; did you mean \"phone\"?",
            "9: unknown register \"houshold\"; did you mean \"household\"?",
        ],
    ),
];

#[test]
fn every_kind_of_mistake_is_told_with_its_line_and_what_would_be_right() {
    for (kind, before, mistake, expected) in MISTAKES {
        let directory = directory_with(&format!("{before}{mistake}"));
        let said = civigrid(directory.path(), &["policy", "check", "policy.toml"]);
        assert!(!said.success, "{kind} is accepted");
        let lines: Vec<&str> = said.complaints.lines().collect();
        assert_eq!(lines[0], "civigrid: the policy cannot be used:", "{kind}");
        assert_eq!(lines.len() - 1, expected.len(), "{kind}: {}", said.complaints);
        for (line, expected) in lines[1..].iter().zip(*expected) {
            let told = line.strip_prefix("policy.toml:").unwrap_or_default();
            // Where the sentence goes on with all known words, or with the parser's own words, its beginning is compared.
            let fits = if expected.ends_with(": ") || expected.ends_with("; ") { told.starts_with(expected) } else { told == *expected };
            assert!(fits, "{kind}:\n{line}\n{expected}");
        }
    }
}

#[test]
fn a_server_does_not_start_with_a_policy_that_has_a_mistake() {
    let directory = directory_with(&format!("{GRANT}register = \"persn\"\nrows = [\"all\"]\n"));
    std::fs::write(directory.path().join("civigrid.toml"), "policy_file = \"policy.toml\"\n[database]\nurl = \"sqlite:none.sqlite\"\n")
        .expect("a file");
    let said = civigrid(directory.path(), &["serve", "--listen", "127.0.0.1:0"]);
    assert!(!said.success && said.complaints.contains("policy.toml:5: unknown register \"persn\""), "{}", said.complaints);
}

#[test]
fn a_policy_file_that_is_not_there_is_named() {
    let directory = tempfile::tempdir().expect("a directory");
    let said = civigrid(directory.path(), &["policy", "check", "nowhere.toml"]);
    assert!(!said.success && said.complaints.contains("cannot read the policy file nowhere.toml"), "{}", said.complaints);
}
