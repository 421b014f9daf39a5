//! Masks, labels, purposes and boards, as permits tell of them.

use entities::catalog;
use entities::codes::{Board, RegionLevel};
use entities::mask::Mask;

use crate::policy::{Assignment, Atom, Caller, Cover, Policy, Purpose, Right, Shown};

const TEXT: &str = r#"
version = 1
[purposes]
CARE = "care"
[role.a]
title = "the ends of phones everywhere, phones in full on open cases, names by family"
[[role.a.grant]]
register = "person"
rows = ["all"]
mask = ["phone:token", "name:family_name", "region:street"]
minors = true
protected = true
[[role.a.grant]]
register = "person"
rows = ["all"]
mask = ["phone:ends"]
minors = true
[role.b]
title = "names of a board for care"
[[role.b.grant]]
register = "person"
rows = ["region"]
show = ["name"]
minors = true
boards = ["SERVICES"]
purposes = ["CARE"]
"#;

fn caller(board: Option<Board>, purpose: Option<&str>) -> Caller {
    let regions = vec!["500103000000".parse().expect("a code")];
    let assignment =
        |role: &str| Assignment { role: role.to_owned(), regions: regions.clone(), board, department: None, projects: Vec::new() };
    Caller { assignments: vec![assignment("a"), assignment("b")], ..Caller::anonymous() }.stating(purpose)
}

fn masks(caller: &Caller, field: &str) -> (Cover, Vec<Mask>, Shown) {
    let policy = Policy::parse(TEXT, "masks.toml").expect("sound");
    let person = catalog::register("person").expect("a register");
    let index = person.field(field).expect("a field").0;
    let permits = policy.permits(caller);
    let permit = permits.of(person);
    (permit.cover(Right::Show, index), permit.masks(index).map(|(mask, _)| mask).collect(), permit.shown(index))
}

#[test]
fn the_mildest_mask_comes_first_and_nothing_is_masked_that_is_shown_everywhere() {
    let nobody = caller(None, None);
    assert_eq!(masks(&nobody, "phone"), (Cover::Nowhere, vec![Mask::Ends, Mask::Token], Shown::Masked));
    assert_eq!(masks(&nobody, "region"), (Cover::Nowhere, vec![Mask::Within(RegionLevel::Street)], Shown::Masked));
    assert_eq!(masks(&nobody, "idNumber"), (Cover::Nowhere, Vec::new(), Shown::Nowhere));
}

#[test]
fn a_grant_with_purposes_and_boards_gives_nothing_without_both() {
    for (board, purpose) in [(None, Some("CARE")), (Some(Board::Services), None), (Some(Board::Party), Some("CARE"))] {
        assert_eq!(masks(&caller(board, purpose), "name").0, Cover::Nowhere, "{board:?} {purpose:?}");
    }
    let (cover, masks, shown) = masks(&caller(Some(Board::Services), Some("CARE")), "name");
    assert!(matches!(cover, Cover::Where { .. }), "{cover:?}");
    assert_eq!((masks, shown), (vec![Mask::FamilyName], Shown::Masked));
}

#[test]
fn a_purpose_that_would_show_more_is_told() {
    let policy = Policy::parse(TEXT, "masks.toml").expect("sound");
    let person = catalog::register("person").expect("a register");
    let index = person.field("name").expect("a field").0;
    let purposes = |purpose| -> Vec<String> {
        policy.permits(&caller(Some(Board::Services), purpose)).of(person).purposes_for(index).map(str::to_owned).collect()
    };
    assert_eq!((purposes(None), purposes(Some("CARE"))), (vec!["CARE".to_owned()], Vec::new()));
}

#[test]
fn whereabouts_of_protected_persons_need_a_grant_that_says_so() {
    let text = "version = 1\n[role.a]\ntitle = \"a\"\n[[role.a.grant]]\nregister = \"person\"\nrows = [\"all\"]\nshow = [\"name\", \"phone\", \"protected\"]\n";
    let policy = Policy::parse(text, "protected.toml").expect("sound");
    let person = catalog::register("person").expect("a register");
    let bounds = |field: &str| -> Vec<Atom> {
        let permits = policy.permits_of_role("a");
        let permit = permits.of(person);
        let Cover::Where { any, .. } = permit.cover(Right::Show, person.field(field).expect("a field").0) else { return Vec::new() };
        let narrowest = |index: usize| permit.conditions()[index].atoms().to_vec();
        any.indices().map(narrowest).min_by_key(Vec::len).unwrap_or_default()
    };
    assert_eq!(bounds("name"), [Atom::Adult]);
    assert_eq!(bounds("phone"), [Atom::Adult, Atom::Unprotected]);
}

#[test]
fn a_caller_in_general_states_any_purpose_and_is_told_which_it_takes() {
    let policy = Policy::parse(TEXT, "masks.toml").expect("sound");
    let person = catalog::register("person").expect("a register");
    let general = Caller::in_general(vec!["b".to_owned()]);
    assert_eq!(general.purpose, Purpose::Any);
    let permits = policy.permits(&general);
    let stated = permits.of(person).conditions().iter().any(|condition| condition.atoms().contains(&Atom::Stated(vec!["CARE".to_owned()])));
    assert!(stated);
}

#[test]
fn every_wrong_word_about_masks_is_found() {
    let wrong = "version = 1\n[purposes]\ncare = \"care\"\nCARE = \"care\"\n[role.a]\ntitle = \"a\"\n[[role.a.grant]]\nregister = \"person\"\nrows = [\"all\"]\n\
        mask = [\"phone\", \"fone:ends\", \"phone:end\", \"sex:ends\", \"name:family_name\"]\npurposes = [\"CAER\"]\nboards = [\"SERVISES\"]\nprotected = \"yes\"\n";
    let found: Vec<String> = Policy::parse(wrong, "p.toml").expect_err("wrong").iter().map(ToString::to_string).collect();
    for (line, part) in [
        (3, "must be of capital letters"),
        (10, "\"phone\" names no mask; write the field and the mask"),
        (10, "did you mean \"phone\"?"),
        (10, "unknown mask \"end\" of \"phone\"; did you mean \"ends\"?"),
        (10, "\"sex\" has no mask"),
        (11, "unknown purpose \"CAER\"; did you mean \"CARE\"?"),
        (12, "unknown board \"SERVISES\"; did you mean \"SERVICES\"?"),
        (13, "\"protected\" must be true or false"),
    ] {
        assert!(
            found.iter().any(|finding| finding.starts_with(&format!("p.toml:{line}:")) && finding.contains(part)),
            "{line} {part}: {found:#?}"
        );
    }
}
