//! What is known of a community when its people and cases are made: who lives together, how old everybody is.

use std::collections::HashMap;

use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, Utc};
use entities::codes::{RelationToHead, ResidenceStatus};
use entities::household::{self, Household};
use entities::id::{Id, Kind};
use entities::person;

use crate::generate::dice::{Dice, mix};
use crate::generate::ids;
use crate::generate::maker::{Chunk, Maker, instant};
use crate::generate::plan::Community;

/// Tells the streams and keys of this part from those of others.
const SALT: u64 = 0x5e_7166;

/// A community with its people, and the means to make rows about them.
pub(super) struct Office<'a> {
    pub(super) community: &'a Community,
    pub(super) chunk: &'a Chunk,
    pub(super) now: DateTime<Utc>,
    pub(super) today: NaiveDate,
    /// The share of the profile's people who live here.
    pub(super) share: f64,
    /// Completed years by person; none if the birth is unknown.
    pub(super) ages: Vec<Option<i32>>,
    /// Who lives in a household now: person and relation to the head.
    pub(super) homes: HashMap<Id<Household>, Vec<(usize, RelationToHead)>>,
    seed: u64,
    keys: u64,
}

impl<'a> Office<'a> {
    pub(super) fn open(maker: &Maker, community: &'a Community, chunk: &'a Chunk) -> Self {
        let everybody: u32 = maker.communities.iter().map(|community| community.people).sum();
        let seed = mix(maker.seed ^ SALT);
        let persons: HashMap<_, usize> = chunk.persons.iter().enumerate().map(|(index, person)| (person.id, index)).collect();
        let mut homes: HashMap<Id<Household>, Vec<(usize, RelationToHead)>> = HashMap::new();
        let lives = chunk.residences.iter().filter(|row| row.to_date.is_none() && row.status != ResidenceStatus::RegisteredNotLiving);
        for residence in lives {
            if let Some(person) = persons.get(&residence.person_id) {
                homes.entry(residence.household_id).or_default().push((*person, residence.relation_to_head));
            }
        }
        Self {
            community,
            chunk,
            now: maker.now,
            today: maker.today,
            share: f64::from(community.people) / f64::from(everybody.max(1)),
            ages: chunk.persons.iter().map(|person| person.birth_date.map(|born| years(born, maker.today))).collect(),
            homes,
            seed,
            keys: mix(seed ^ community.code.number() as u64),
        }
    }

    /// The throws of one subject, numbered, in this community.
    pub(super) fn dice(&self, subject: u64) -> Dice {
        Dice::new(mix(self.seed ^ subject), self.community.code.number() as u64)
    }

    /// The next key of a register, for a row made at that instant.
    pub(super) fn key<K: Kind>(&mut self, made: DateTime<Utc>) -> Id<K> {
        self.keys = self.keys.wrapping_add(1);
        ids::seeded(self.seed, made, self.keys)
    }

    pub(super) fn person(&self, index: usize) -> &'a person::Model {
        &self.chunk.persons[index]
    }

    /// People who are alive and whose place is known, with their age.
    pub(super) fn living(&self) -> impl Iterator<Item = (usize, i32)> {
        let ages = self.ages.iter().enumerate().filter_map(|(index, age)| Some((index, (*age)?)));
        ages.filter(|(index, _)| {
            let person = &self.chunk.persons[*index];
            person.deceased_on.is_none() && person.region_code.is_some()
        })
    }

    /// Households in which somebody lives, with those who do.
    pub(super) fn households(&self) -> impl Iterator<Item = (&'a household::Model, &[(usize, RelationToHead)])> {
        self.chunk.households.iter().filter_map(|household| Some((household, self.homes.get(&household.id)?.as_slice())))
    }

    /// When a fact of that day came into the register: some days later, not before the floor, never in the future.
    pub(super) fn entered(&self, fact: NaiveDate, floor: DateTime<Utc>, dice: &mut Dice) -> DateTime<Utc> {
        let told = instant(fact) + TimeDelta::seconds(dice.between(86_400, 20 * 86_400));
        told.max(floor).min(self.now - TimeDelta::seconds(60))
    }

    /// Some day between two numbers of days ago.
    pub(super) fn days_ago(&self, least: i64, most: i64, dice: &mut Dice) -> NaiveDate {
        self.today - Days::new(dice.between(least, most.max(least)).unsigned_abs())
    }
}

/// Completed years at a day.
pub(super) fn years(born: NaiveDate, day: NaiveDate) -> i32 {
    let passed = (day.month(), day.day()) >= (born.month(), born.day());
    day.year() - born.year() - i32::from(!passed)
}

/// The birthday on which somebody completes so many years; 1 March for those born on a leap day.
pub(super) fn birthday(born: NaiveDate, years: i32) -> NaiveDate {
    let year = born.year() + years;
    born.with_year(year).or_else(|| NaiveDate::from_ymd_opt(year, 3, 1)).unwrap_or(born)
}
