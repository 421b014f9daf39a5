//! What an explanation says is needed is enough, and no less would do.

use entities::registers::REGISTERS;

use super::*;

/// Every role, register, field and right of the built-in policy.
fn every_question(policy: &Policy) -> Vec<(Caller, Explanation)> {
    let mut questions = Vec::new();
    for (role, _) in policy.roles() {
        let caller = if role == ANONYMOUS { Caller::anonymous() } else { Caller::in_general(vec![role.to_owned()]) };
        for register in REGISTERS {
            for field in 0..register.fields.len() {
                for right in Right::ALL {
                    questions.push((caller.clone(), policy.explain(&caller, register, field, right)));
                }
            }
        }
    }
    questions
}

/// The built-in policy with the role alone, and what holds for everyone: small enough to be read a thousand times.
fn policy_of(role: &str) -> String {
    let (preamble, roles) =
        crate::policy::BUILT_IN.split("\n[[accept]]").next().and_then(|text| text.split_once("\n[role.")).expect("the policy has roles");
    let kept = roles.split("\n[role.").filter(|text| [ANONYMOUS, role].contains(&text.split(']').next().unwrap_or_default()));
    kept.fold(preamble.to_owned(), |text, role| format!("{text}\n[role.{role}"))
}

#[test]
fn the_grants_that_are_said_to_be_needed_give_the_right_on_every_row() {
    let policy = Policy::built_in();
    let mut tried = 0;
    let mut rest = every_question(&policy);
    rest.sort_by_key(|(caller, explanation)| (roles(caller), explanation.register.name, format!("{:?}", explanation.right)));
    // One policy for all fields of a register: each grant names one field and one right, so none can stand in for another.
    let alike = |a: &(Caller, Explanation), b: &(Caller, Explanation)| {
        roles(&a.0) == roles(&b.0) && a.1.register.name == b.1.register.name && a.1.right == b.1.right
    };
    for questions in rest.chunk_by(alike) {
        let mut text = policy_of(&questions[0].0.assignments.first().map_or(ANONYMOUS.to_owned(), |assignment| assignment.role.clone()));
        let mut answered = Vec::new();
        for (caller, explanation) in questions {
            let Explanation { register, field, right, permit, needed, .. } = explanation;
            let about = format!("{} {}.{} {right:?}", roles(caller), register.name, register.fields[*field].name);
            let wanted = permit.cover(*right, *field) != Cover::Everywhere && right.applies_to(&register.fields[*field]);
            assert_eq!(!needed.is_empty(), wanted, "{about}: {needed:?}");
            if wanted && !needed.iter().any(|needed| matches!(needed, Needed::WithoutDeny { .. })) {
                let grants = needed.iter().filter_map(|needed| grant_text(needed, explanation));
                text.extend(grants.map(|grant| format!("\n{grant}")));
                answered.push((caller, explanation, about));
            }
        }
        let amended = Policy::parse(&text, "amended.toml").unwrap_or_else(|findings| panic!("{findings:?} in {text}"));
        for (caller, Explanation { register, field, right, .. }, about) in answered {
            let cover = amended.explain(caller, register, *field, *right).permit.cover(*right, *field);
            assert_eq!(cover, Cover::Everywhere, "{about}");
            tried += 1;
        }
    }
    assert!(tried > 500, "{tried}");
}

#[test]
fn every_explanation_names_the_line_of_what_decides() {
    let policy = Policy::built_in();
    let lines: Vec<&str> = crate::policy::BUILT_IN.lines().collect();
    for (caller, explanation) in every_question(&policy) {
        let Explanation { register, field, right, permit, rules, .. } = &explanation;
        let name = register.fields[*field].name;
        let about = format!("{} {}.{name} {right:?}", roles(&caller), register.name);
        let gives = rules.iter().any(|rule| matches!(rule.effect, Effect::Gives { .. } | Effect::ComesWithRows));
        let denied = rules.iter().any(|rule| matches!(rule.effect, Effect::Takes { .. }));
        let holds = permit.cover(*right, *field) != Cover::Nowhere;
        assert!(if holds { gives } else { !gives || denied }, "{about}: {rules:?}");
        for Rule { role, line, deny, effect, .. } in rules {
            let heading = format!("[[role.{role}.{}]]", if *deny { "deny" } else { "grant" });
            assert_eq!(lines[line - 1], heading, "{about}");
            if let Effect::Gives { word, line, .. } | Effect::Takes { word, line } = effect {
                assert!(lines[line - 1].contains(&format!("\"{word}\"")), "{about}: line {line} is {}", lines[line - 1]);
            }
        }
    }
}

#[test]
fn a_deny_and_a_missing_bound_are_told_apart_from_a_missing_grant() {
    let text = "version = 1\n[role.a]\ntitle = \"a\"\n[[role.a.grant]]\nregister = \"case\"\nrows = [\"region\", \"board\"]\nshow = [\"title\"]\n[role.b]\ntitle = \"b\"\n[[role.b.deny]]\nregister = \"case\"\nrows = [\"all\"]\nfields = [\"class:personal\"]\n";
    let policy = Policy::parse(text, "p.toml").expect("sound");
    let case = entities::catalog::register("case").expect("a register");
    let title = case.field("title").expect("a field").0;
    let both = policy.explain(&Caller::in_general(vec!["a".to_owned(), "b".to_owned()]), case, title, Right::Show);
    assert_eq!(both.needed, [Needed::WithoutDeny { line: 10 }]);
    let mut caller = Caller::in_general(vec!["a".to_owned()]);
    caller.assignments[0].board = None;
    let unbound = policy.explain(&caller, case, title, Right::Show);
    assert_eq!(unbound.needed[0], Needed::Bounds { line: 4, words: vec![crate::policy::RowWord::Board] });
    let said = explained(&policy, &caller, &unbound, Voice::Exact);
    assert!(said.contains("the assignment says nothing of a board") && said.contains("p.toml:4"), "{said}");
}
