//! Who answers for children, and whose whereabouts are protected.

use entities::codes::RelationToHead as Relation;
use entities::guardianship::{self, GuardianshipKind};

use super::office::Office;
use crate::generate::dice::Dice;

/// The age from which nobody needs a guardian for being young.
const OF_AGE: i32 = 18;

impl Office<'_> {
    /// Guardianships of the community's children: of the parents where they live with the child, else of grandparents or whoever
    /// heads the household.
    pub(super) fn guardianships(&mut self) -> Vec<guardianship::Model> {
        let mut dice = self.dice(6);
        let mut found = Vec::new();
        for (_, members) in self.households() {
            let age = |person: usize| self.ages[person].unwrap_or(0);
            for (ward, relation) in members.iter().filter(|(ward, _)| self.ages[*ward].is_some_and(|age| age < OF_AGE)) {
                for (guardian, of) in members.iter().filter(|(guardian, _)| age(*guardian) >= OF_AGE) {
                    found.extend(kind(*relation, *of, members).map(|kind| (*guardian, *ward, kind)));
                }
            }
        }
        found.into_iter().filter_map(|(guardian, ward, kind)| self.guardianship(guardian, ward, kind, &mut dice)).collect()
    }

    /// A few grown people whose whereabouts are protected: those who fled from violence, witnesses, judges.
    pub(super) fn protected(&self) -> Vec<usize> {
        let mut dice = self.dice(7);
        self.living().filter(|(_, age)| *age >= OF_AGE).filter(|_| dice.chance(0.002)).map(|(person, _)| person).collect()
    }

    fn guardianship(&mut self, guardian: usize, ward: usize, kind: GuardianshipKind, dice: &mut Dice) -> Option<guardianship::Model> {
        let (guardian, ward) = (self.person(guardian), self.person(ward));
        let from_date = ward.birth_date?;
        let created_at = self.entered(from_date, ward.created_at.max(guardian.created_at), dice);
        Some(guardianship::Model {
            id: self.key(created_at),
            guardian_id: guardian.id,
            ward_id: ward.id,
            kind,
            from_date,
            to_date: None,
            region_code: ward.region_code,
            version: 1,
            created_at,
            updated_at: created_at,
        })
    }
}

/// Why a grown member of the household is the guardian of a young one; None if not.
fn kind(ward: Relation, guardian: Relation, members: &[(usize, Relation)]) -> Option<GuardianshipKind> {
    let head = matches!(guardian, Relation::Head | Relation::Spouse);
    match ward {
        Relation::Son | Relation::Daughter => head.then_some(GuardianshipKind::Parent),
        Relation::Grandchild => {
            let parents = members.iter().any(|(_, relation)| matches!(relation, Relation::Son | Relation::Daughter));
            (head && !parents).then_some(GuardianshipKind::Grandparent)
        }
        Relation::Sibling => (guardian == Relation::Head).then_some(GuardianshipKind::Relative),
        _ => (guardian == Relation::Head).then_some(GuardianshipKind::Appointed),
    }
}
