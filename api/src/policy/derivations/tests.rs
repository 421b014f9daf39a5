//! What follows from what is shown.

use crate::policy::Policy;

/// A policy of these roles: name, and the lines of its grants.
fn derivable(roles: &[(&str, &str)], rest: &str) -> Vec<String> {
    let mut text = "version = 1\n".to_owned();
    for (role, grants) in roles {
        text.push_str(&format!("[role.{role}]\ntitle = \"{role}\"\n"));
        for grant in grants.split(';').filter(|grant| !grant.is_empty()) {
            text.push_str(&format!("[[role.{role}.grant]]\n{}\n", grant.replace(',', "\n").replace('+', ",")));
        }
    }
    text.push_str(rest);
    let policy = Policy::parse(&text, "d.toml").unwrap_or_else(|findings| panic!("{findings:?} in {text}"));
    policy.derivable().iter().map(ToString::to_string).collect()
}

fn person(show: &str) -> String {
    format!("register = \"person\",rows = [\"region\"],show = [{show}],minors = true")
}

#[test]
fn the_built_in_policy_shows_nothing_that_it_withholds_but_what_it_accepts() {
    assert_eq!(Policy::built_in().derivable(), []);
    assert_eq!(Policy::built_in().idle_acceptances(), []);
}

#[test]
fn an_identity_number_tells_the_day_of_birth_and_what_follows_from_that() {
    let found = derivable(&[("a", &person("\"idNumber\""))], "");
    let chain = "d.toml:2: a is shown person.idNumber, from which person.birthDate follows, because its digits 7 to 14 are the day of birth (GB 11643); \
        from this person.age follows, because it is counted from it";
    assert!(found.iter().any(|finding| finding.starts_with(chain)), "{found:#?}");
    assert!(found.iter().any(|finding| finding.contains("person.sex follows")), "{found:#?}");
    let open = person("\"idNumber\"+\"birthDate\"+\"sex\"+\"age\"+\"birthYear\"+\"maskedIdNumber\"+\"ageBand\"");
    assert_eq!(derivable(&[("a", &open)], ""), Vec::<String>::new());
}

#[test]
fn what_is_shown_on_fewer_rows_than_it_follows_on_is_found() {
    let narrow = "register = \"person\",rows = [\"region\"+\"open_case\"],show = [\"namePinyin\"],minors = true";
    let found = derivable(&[("a", &format!("{};{narrow}", person("\"name\"")))], "");
    assert!(found.iter().any(|finding| finding.contains("person.namePinyin follows")), "{found:#?}");
}

#[test]
fn a_mask_tells_what_it_leaves() {
    let masked = "register = \"person\",rows = [\"region\"],mask = [\"birthDate:year\"],minors = true";
    let found = derivable(&[("a", masked)], "");
    assert!(found.iter().any(|finding| finding.contains("person.birthYear follows, because the mask leaves the year")), "{found:#?}");
}

#[test]
fn two_roles_can_bring_together_what_neither_could_alone() {
    let teams = "register = \"team_membership\",rows = [\"region\"],show = [\"team\"],minors = true";
    let volunteers = "register = \"team_membership\",rows = [\"region\"],show = [\"volunteer\"],minors = true";
    assert_eq!(derivable(&[("a", teams)], ""), Vec::<String>::new());
    assert_eq!(derivable(&[("b", volunteers)], ""), Vec::<String>::new());
    let found = derivable(&[("a", teams), ("b", volunteers)], "");
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(
        found[0].contains("a with b is shown team_membership.volunteer and team_membership.team, from which party_member.person follows")
    );
}

#[test]
fn hardship_follows_from_enrollments_and_everything_from_free_text() {
    let enrolled = "register = \"enrollment\",rows = [\"region\"],show = [\"person\"+\"project\"],minors = true";
    let found = derivable(&[("a", enrolled)], "");
    assert!(found.iter().any(|finding| finding.contains("household.hardshipLevel follows")), "{found:#?}");
    let text = "register = \"case\",rows = [\"region\"],show = [\"description\"]";
    let found = derivable(&[("a", text)], "");
    assert!(found[0].contains("is shown case.description, which may tell anything") && found[0].contains("person.idNumber"), "{found:#?}");
}

#[test]
fn what_is_accepted_is_not_told_and_an_acceptance_without_use_is() {
    let text = "register = \"case\",rows = [\"region\"],show = [\"description\"]";
    let accept =
        |shows: &str| format!("[[accept]]\nroles = [\"a\"]\nshows = [\"{shows}\"]\ntells = \"anything\"\nbecause = \"the work\"\n");
    assert_eq!(derivable(&[("a", text)], &accept("case.description")), Vec::<String>::new());
    assert_eq!(derivable(&[("a", text)], &accept("case.title")).len(), 1);
    let whole = format!("version = 1\n[role.a]\ntitle = \"a\"\n{}", accept("case.title"));
    let policy = Policy::parse(&whole, "d.toml").expect("sound");
    assert!(policy.review().iter().any(|finding| finding.message.contains("case.title does not tell anything to these roles")));
}
