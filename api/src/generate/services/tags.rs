//! Tags: by age, by whom somebody lives with, by the household's hardship, and by what departments know.

use chrono::{Days, NaiveDate};
use entities::codes::{HardshipLevel, PersonTagKind as Tag, RelationToHead, Sex, TagSource as Source};
use entities::person_tag;

use super::office::{Office, birthday, years};
use crate::generate::dice::Dice;

impl Office<'_> {
    /// All tags of the community's people.
    pub(super) fn tags(&mut self) -> Vec<person_tag::Model> {
        let mut dice = self.dice(2);
        let mut tags = Vec::new();
        self.of_households(&mut tags, &mut dice);
        let living: Vec<(usize, i32)> = self.living().collect();
        for (person, age) in living {
            self.of_person(person, age, &mut tags, &mut dice);
        }
        self.of_the_dead(&mut tags, &mut dice);
        tags
    }

    /// Living alone in old age, children whose parents are away, and hardship.
    fn of_households(&mut self, tags: &mut Vec<person_tag::Model>, dice: &mut Dice) {
        let mut found = Vec::new();
        for (household, members) in self.households() {
            for (person, relation) in members {
                let Some(age) = self.ages[*person] else { continue };
                found.extend(needs(household.hardship_level, members, *relation, age).map(|(tag, source)| (*person, tag, source)));
            }
        }
        for (person, tag, source) in found {
            let age = self.ages[person].unwrap_or(0);
            let first = if tag == Tag::LivingAlone { (age - 60) * 365 } else { age * 365 };
            let from = self.days_ago(10, i64::from(first).min(1_800), dice);
            tags.push(self.tag(person, tag, source, (from, None), dice));
        }
    }

    /// What age, sex and chance bring.
    fn of_person(&mut self, person: usize, age: i32, tags: &mut Vec<person_tag::Model>, dice: &mut Dice) {
        let row = self.person(person);
        let Some(born) = row.birth_date else { return };
        if age >= 80 {
            tags.push(self.tag(person, Tag::Elderly80Plus, Source::PersonRegister, (birthday(born, 80), None), dice));
        }
        // Every throw is made for everybody, so that one person's age never changes another's tags.
        let disabled = dice.chance(if age >= 60 { 0.05 } else { 0.016 });
        let ill = dice.chance(if age >= 60 { 0.22 } else { 0.02 });
        let served = dice.chance(0.045);
        let unemployed = dice.chance(0.03);
        let difficult = dice.chance(0.006);
        let lately = |most: i32| i64::from(age * 365 - 30).clamp(10, i64::from(most));
        let spans = [
            (disabled, Tag::Disabled, Source::DisabledFederation, lately(5_000)),
            (ill && age >= 35, Tag::ChronicIllness, Source::Health, lately(3_000)),
            (served && age >= 22 && row.sex == Sex::Male, Tag::Veteran, Source::VeteransAffairs, lately(365 * (age - 20).max(1))),
            (unemployed && (20..60).contains(&age), Tag::Unemployed, Source::HumanResources, lately(700)),
            (difficult && age < 16, Tag::ChildInDifficulty, Source::CivilAffairs, lately(1_000)),
        ];
        for (_, tag, source, most) in spans.into_iter().filter(|(holds, ..)| *holds) {
            let from = self.days_ago(10, most, dice);
            let passes = matches!(tag, Tag::Unemployed | Tag::ChildInDifficulty) && dice.chance(0.3);
            let lasted = (self.today - from).num_days();
            let to = passes.then(|| from + Days::new(dice.between(5, lasted.max(5)).unsigned_abs())).filter(|day| *day <= self.today);
            tags.push(self.tag(person, tag, source, (from, to), dice));
        }
    }

    /// Tags of those who died, ended with them.
    fn of_the_dead(&mut self, tags: &mut Vec<person_tag::Model>, dice: &mut Dice) {
        for person in 0..self.chunk.persons.len() {
            let row = self.person(person);
            let (Some(born), Some(died)) = (row.birth_date, row.deceased_on) else { continue };
            if years(born, died) >= 80 {
                let span = (birthday(born, 80), Some(died));
                tags.push(self.tag(person, Tag::Elderly80Plus, Source::PersonRegister, span, dice));
            }
        }
    }

    fn tag(
        &mut self,
        person: usize,
        code: Tag,
        source: Source,
        (from_date, to_date): (NaiveDate, Option<NaiveDate>),
        dice: &mut Dice,
    ) -> person_tag::Model {
        let row = self.person(person);
        let created_at = self.entered(from_date, row.created_at, dice);
        let updated_at = to_date.map_or(created_at, |day| self.entered(day, created_at, dice));
        person_tag::Model {
            id: self.key(created_at),
            person_id: row.id,
            code,
            source,
            from_date,
            to_date,
            region_code: row.region_code,
            version: if to_date.is_some() { 2 } else { 1 },
            created_at,
            updated_at,
        }
    }
}

/// What living in such a household brings to a member of that age.
fn needs(
    hardship: HardshipLevel,
    members: &[(usize, RelationToHead)],
    relation: RelationToHead,
    age: i32,
) -> impl Iterator<Item = (Tag, Source)> {
    let between = |(_, relation): &(usize, RelationToHead)| {
        !matches!(relation, RelationToHead::Head | RelationToHead::Spouse | RelationToHead::Grandchild)
    };
    let alone = members.len() == 1 && age >= 60;
    let left_behind = relation == RelationToHead::Grandchild && age < 16 && !members.iter().any(between);
    let poor = match hardship {
        HardshipLevel::LowIncome => Some((Tag::LowIncome, Source::CivilAffairs)),
        HardshipLevel::ExtremePoverty => Some((Tag::ExtremePoverty, Source::CivilAffairs)),
        HardshipLevel::None | HardshipLevel::Edge => None,
    };
    let old_alone = alone.then_some((Tag::LivingAlone, Source::Grid));
    let left_behind = left_behind.then_some((Tag::LeftBehindChild, Source::Grid));
    [old_alone, left_behind, poor].into_iter().flatten()
}
