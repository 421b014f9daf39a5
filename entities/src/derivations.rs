//! What values tell of other values: who is shown the first knows the second, whatever is withheld.
//!
//! The list is what the check of a policy knows, and so the limit of what it can promise.

use crate::mask::Mask;

/// One field of one register, in full or as a mask leaves it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Premise {
    /// The register.
    pub register: &'static str,
    /// The field.
    pub field: &'static str,
    /// The mask by which it is known at least; None if it must be known in full.
    pub mask: Option<Mask>,
}

/// What follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Conclusion {
    /// A field.
    Field(&'static str, &'static str),
    /// Anything that is personal of a person.
    Anything,
}

/// One derivation: all premises together tell the conclusion.
#[derive(Clone, Debug)]
pub struct Derivation {
    /// What must be known: of one register, or of several.
    pub from: Vec<Premise>,
    /// What is known then.
    pub to: Conclusion,
    /// Why, to complete "… follows, because".
    pub because: &'static str,
}

/// Register of what is known, fields of it, what follows, and why.
type Row = (&'static str, &'static [&'static str], (&'static str, &'static str), &'static str);

const TABLE: &[Row] = &[
    ("person", &["idNumber"], ("person", "birthDate"), "its digits 7 to 14 are the day of birth (GB 11643)"),
    ("person", &["idNumber"], ("person", "sex"), "its digit 17 is odd for men (GB 11643)"),
    ("person", &["idNumber"], ("person", "maskedIdNumber"), "it is part of it"),
    ("person", &["birthDate"], ("person", "birthYear"), "it is part of it"),
    ("person", &["birthDate"], ("person", "age"), "it is counted from it"),
    ("person", &["age"], ("person", "ageBand"), "it is a band of it"),
    ("person", &["name"], ("person", "namePinyin"), "it is how the name is read"),
    ("person", &["household"], ("person", "region"), "a household has a place"),
    ("household", &["dwelling"], ("household", "region"), "a dwelling has a place"),
    ("residence", &["household"], ("residence", "region"), "a household has a place"),
    ("residence", &["dwelling"], ("residence", "region"), "a dwelling has a place"),
    ("dwelling", &["building"], ("dwelling", "region"), "a building has a place"),
    ("building", &["point"], ("building", "region"), "a point lies in a place"),
    ("building", &["address"], ("building", "region"), "an address lies in a place"),
    ("case", &["point"], ("case", "region"), "a point lies in a place"),
    ("case", &["placeText"], ("case", "region"), "the words name a place"),
    ("team_membership", &["volunteer", "team"], ("party_member", "person"), "whoever is in a team of Party members is one"),
    ("volunteer_team", &["leader"], ("party_member", "person"), "whoever leads a team of Party members is one"),
    ("service_record", &["volunteer", "activity"], ("party_member", "person"), "Party members serve in activities of their teams"),
    ("party_organization", &["secretary"], ("party_member", "person"), "a secretary is a member"),
    ("enrollment", &["person", "project"], ("household", "hardshipLevel"), "aid goes to those who are in hardship"),
    ("enrollment", &["household", "project"], ("household", "hardshipLevel"), "aid goes to those who are in hardship"),
    ("person_tag", &["person", "code"], ("household", "hardshipLevel"), "tags name who is on the living allowance"),
];

/// Every derivation that is known.
pub fn derivations() -> Vec<Derivation> {
    let full = |register, fields: &[&'static str]| fields.iter().map(|field| Premise { register, field, mask: None }).collect();
    let mut all: Vec<Derivation> = TABLE
        .iter()
        .map(|(register, from, (target, field), because)| Derivation {
            from: full(register, from),
            to: Conclusion::Field(target, field),
            because,
        })
        .collect();
    let masked = |field, mask, shown, because| Derivation {
        from: vec![Premise { register: "person", field, mask: Some(mask) }],
        to: Conclusion::Field("person", shown),
        because,
    };
    all.push(masked("birthDate", Mask::Year, "birthYear", "the mask leaves the year"));
    all.push(masked("idNumber", Mask::FirstAndLast, "maskedIdNumber", "the mask leaves the same"));
    all.extend(FREE_TEXTS.iter().map(|(register, field)| Derivation {
        from: full(register, &[field]),
        to: Conclusion::Anything,
        because: "whoever writes a free text may write anything of anybody",
    }));
    all
}

/// Texts in which people write about people. What is told of one thing, such as an employer's name, is none.
pub const FREE_TEXTS: &[(&str, &str)] = &[
    ("case", "title"),
    ("case", "description"),
    ("case", "placeText"),
    ("case_event", "note"),
    ("volunteer", "skills"),
    ("role_assignment", "reason"),
    ("role_assignment", "endReason"),
    ("agreement", "basis"),
    ("agreement", "reason"),
    ("agreement", "decisionReason"),
    ("agreement", "endReason"),
    ("emergency_access", "reason"),
    ("emergency_access", "endReason"),
    ("client", "reason"),
    ("client", "endReason"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog;

    #[test]
    fn every_text_that_is_described_as_free_is_on_the_list() {
        for register in crate::registers::REGISTERS {
            for field in register.fields.iter().filter(|field| field.description.to_lowercase().contains("free text")) {
                assert!(FREE_TEXTS.contains(&(register.name, field.name)), "{}.{}", register.name, field.name);
            }
        }
    }

    #[test]
    fn every_derivation_names_fields_of_the_catalog() {
        let field =
            |register: &str, field: &str| catalog::register(register).and_then(|register| register.field(field)).map(|(_, field)| field);
        for Derivation { from, to, .. } in derivations() {
            for premise in &from {
                let known = field(premise.register, premise.field);
                assert!(known.is_some_and(|known| premise.mask.is_none_or(|mask| known.masks.contains(&mask))), "{premise:?}");
            }
            if let Conclusion::Field(register, name) = to {
                assert!(field(register, name).is_some(), "{register}.{name}");
            }
        }
    }
}
