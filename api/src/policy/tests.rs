//! Properties of the policy core.

use entities::catalog;
use entities::registers::REGISTERS;

use super::*;

const SMALL: &str = r#"
version = 1
[role.a]
title = "names in a region"
[[role.a.grant]]
register = "person"
rows = ["region"]
show = ["name", "ageBand"]
[role.b]
title = "phones of a board nobody has"
[[role.b.grant]]
register = "case"
rows = ["board"]
show = ["number"]
[role.c]
title = "takes names"
[[role.c.deny]]
register = "person"
rows = ["all"]
fields = ["name"]
"#;

fn caller(assignments: Vec<Assignment>) -> Caller {
    Caller { assignments, ..Caller::anonymous() }
}

fn assignment(role: &str, regions: &[&str]) -> Assignment {
    let regions = regions.iter().map(|code| code.parse().expect("a code")).collect();
    Assignment { role: role.to_owned(), regions, board: None, department: None, projects: Vec::new() }
}

fn cover(policy: &Policy, caller: &Caller, register: &str, field: &str) -> Cover {
    let register = catalog::register(register).expect("a register");
    let index = register.field(field).expect("a field").0;
    policy.permits(caller).of(register).cover(Right::Show, index)
}

#[test]
fn an_assignment_that_gives_nothing_lacks_what_its_grants_ask_for() {
    let policy = Policy::built_in();
    let lacking = |role: &str, regions: &[&str]| policy.lacking(&assignment(role, regions)).map(|lacking| lacking.words);
    assert_eq!(lacking("grid_worker", &[]), Some(vec![vec![RowWord::Region]]));
    assert_eq!(lacking("grid_worker", &["500103000000"]), None);
    assert_eq!(lacking("board_officer", &[]), Some(vec![vec![RowWord::Region]]));
    // Only what is the caller's own, everything, or nothing at all.
    assert_eq!(["resident", "administrator", "nobody"].map(|role| lacking(role, &[])), [None, None, None]);
    let text = "version = 1\n[role.a]\ntitle = \"A\"\n[[role.a.grant]]\nregister = \"case\"\nrows = [\"region\", \"board\"]\n\
        [[role.a.grant]]\nregister = \"case\"\nrows = [\"department\"]\n[[role.a.grant]]\nregister = \"region\"\nrows = [\"all\"]\n";
    let policy = Policy::parse(text, "a.toml").expect("sound");
    let words = vec![vec![RowWord::Region, RowWord::Board], vec![RowWord::Department]];
    assert_eq!(policy.lacking(&assignment("a", &[])), Some(Lacking { idle: 2, grants: 3, words }));
    let words = vec![vec![RowWord::Board], vec![RowWord::Department]];
    assert_eq!(policy.lacking(&assignment("a", &["500103000000"])), Some(Lacking { idle: 2, grants: 3, words }));
    let officer = Assignment { department: Some(uuid::Uuid::nil()), ..assignment("a", &[]) };
    assert_eq!(policy.lacking(&officer), None);
}

#[test]
fn the_built_in_policy_is_sound_and_has_the_eleven_roles() {
    let roles: Vec<String> = Policy::built_in().roles().map(|(name, _)| name.to_owned()).collect();
    for role in
        "grid_worker grid_helper community_secretary street_operator board_officer district_officer city_officer auditor integrator administrator resident"
            .split(' ')
    {
        assert!(roles.iter().any(|known| known == role), "{role}");
    }
}

#[test]
fn without_an_assignment_only_public_registers_have_rows() {
    let permits = Policy::built_in().permits(&Caller::anonymous());
    for register in REGISTERS {
        let public = ["region", "region_alias", "department", "case_category"];
        let public =
            public.into_iter().chain(["service_project", "volunteer_team", "volunteer_activity"]).any(|name| name == register.name);
        assert_eq!(permits.of(register).is_empty(), !public, "{}", register.name);
    }
}

#[test]
fn registers_fit_into_a_field_set() {
    for register in REGISTERS {
        assert!(register.fields.len() <= FieldSet::CAPACITY, "{}", register.name);
    }
}

#[test]
fn an_assignment_without_the_bound_it_needs_gives_no_rows() {
    let policy = Policy::parse(SMALL, "small.toml").expect("sound");
    let case = catalog::register("case").expect("a register");
    assert!(policy.permits(&caller(vec![assignment("b", &["500103000000"])])).of(case).is_empty());
    let person = catalog::register("person").expect("a register");
    assert!(policy.permits(&caller(vec![assignment("a", &[])])).of(person).is_empty());
}

#[test]
fn personal_fields_hold_on_adults_only_and_internal_ones_everywhere() {
    let policy = Policy::parse(SMALL, "small.toml").expect("sound");
    let caller = caller(vec![assignment("a", &["500103000000"])]);
    assert_eq!(cover(&policy, &caller, "person", "ageBand"), Cover::Everywhere);
    assert!(matches!(cover(&policy, &caller, "person", "name"), Cover::Where { .. }));
    assert_eq!(cover(&policy, &caller, "person", "phone"), Cover::Nowhere);
    assert_eq!(cover(&policy, &caller, "person", "id"), Cover::Everywhere);
}

#[test]
fn a_deny_wins_over_the_grant_of_another_assignment() {
    let policy = Policy::parse(SMALL, "small.toml").expect("sound");
    let caller = caller(vec![assignment("a", &["500103000000"]), assignment("c", &[])]);
    assert_eq!(cover(&policy, &caller, "person", "name"), Cover::Nowhere);
    assert_eq!(cover(&policy, &caller, "person", "ageBand"), Cover::Everywhere);
}

#[test]
fn a_wider_region_swallows_a_narrower_one() {
    let policy = Policy::parse(SMALL, "small.toml").expect("sound");
    let caller = caller(vec![assignment("a", &["500103001000"]), assignment("a", &["500103000000"])]);
    let person = catalog::register("person").expect("a register");
    assert_eq!(policy.permits(&caller).of(person).scope().count(), 1);
}

#[test]
fn every_wrong_word_is_found_with_its_line_and_the_nearest_right_one() {
    let wrong = "version = 1\n[role.x]\ntitle = \"x\"\n[[role.x.grant]]\nregister = \"persom\"\nrows = [\"all\"]\n[[role.x.grant]]\nregister = \"person\"\nrows = [\"regoin\"]\n[[role.x.grant]]\nregister = \"person\"\nrows = [\"board\"]\n[[role.x.grant]]\nregister = \"person\"\nrows = [\"all\"]\nshow = [\"fone\", \"class:privat\"]\n[[role.x.deny]]\nregister = \"region\"\nrows = [\"all\"]\nfields = [\"name\"]\n";
    let found: Vec<String> = Policy::parse(wrong, "p.toml").expect_err("unsound").iter().map(ToString::to_string).collect();
    assert_eq!(
        found,
        [
            "p.toml:5: unknown register \"persom\"; did you mean \"person\"?",
            "p.toml:9: unknown row scope \"regoin\"; did you mean \"region\"?",
            "p.toml:12: register \"person\" has no board to be bounded by; possible are all, region, own_person, own_household, own_wards, open_tasks, open_case",
            "p.toml:16: unknown field of \"person\" \"fone\"; did you mean \"phone\"?",
            "p.toml:16: unknown class \"class:privat\"; did you mean \"class:personal\"?",
            "p.toml:20: \"name\" is public: who may see a row may see its public fields; deny the rows instead",
        ]
    );
}

#[test]
fn an_unknown_key_is_refused_with_its_line() {
    let found = Policy::parse("version = 1\n[role.x]\ntitle = \"x\"\nmask = 3\n", "p.toml").expect_err("unsound");
    assert_eq!(found[0].line, Some(4), "{}", found[0]);
}
