//! Volunteers: a fifth of those of age.

use chrono::TimeDelta;
use entities::codes::{PartyMemberStatus as Status, VolunteerDirection as Direction};
use entities::volunteer;

use super::{Comrade, Society, wording};

/// All directions, with how often volunteers and teams choose them.
pub(super) const DIRECTIONS: [(Direction, u32); 10] = [
    (Direction::ElderlyCare, 22),
    (Direction::ChildCare, 11),
    (Direction::Disability, 6),
    (Direction::Environment, 20),
    (Direction::Mediation, 8),
    (Direction::Traffic, 7),
    (Direction::Culture, 9),
    (Direction::Health, 7),
    (Direction::Safety, 6),
    (Direction::Publicity, 4),
];

impl Society<'_> {
    /// Makes the volunteers, who have served nothing yet.
    pub(super) fn volunteers(&mut self, comrades: &[Comrade]) {
        let mut comrades = comrades.iter().filter(|comrade| comrade.status != Status::Applicant).map(|comrade| comrade.person).peekable();
        for person in 0..self.chunk.persons.len() {
            let comrade = comrades.next_if_eq(&person).is_some();
            let Some(age) = self.age(person).filter(|age| *age >= 18) else { continue };
            let share = match age {
                _ if comrade => 0.55,
                ..36 => 0.22,
                36..60 => 0.18,
                60..75 => 0.17,
                75.. => 0.05,
            };
            if self.dice.chance(if self.tiny() { 2.0 * share } else { share }) {
                self.volunteer(person);
            }
        }
    }

    fn volunteer(&mut self, index: usize) {
        let today = self.maker.today;
        let earliest = (today - TimeDelta::days(2_200)).max(self.anniversary(index, 16));
        let registered_on = self.day(earliest, today - TimeDelta::days(20));
        let person = self.person(index);
        let created_at = self.entered(registered_on, person.created_at);
        let row = volunteer::Model {
            id: self.key(created_at),
            person_id: person.id,
            registered_on,
            direction: self.dice.chance(0.9).then(|| self.dice.weighted(&DIRECTIONS)),
            skills: self.dice.chance(0.3).then(|| wording::skill(&mut self.dice)),
            total_minutes: 0,
            region_code: person.region_code,
            community_code: person.community_code,
            street_code: person.street_code,
            version: 1,
            created_at,
            updated_at: created_at,
        };
        self.rows.volunteers.push(row);
        self.volunteering.push(index);
    }
}
