//! Party organisations with their members, volunteers with their teams and hours, of one community after another.
//!
//! They are drawn from chance of their own, once the people, cases and businesses of the community are made: those stay as
//! they are.
//! What holds: an organisation's secretary is a full member of it; of a team of Party members only members are
//! volunteers; the minutes of a volunteer, of an activity and of a team are the sums of their service records; a row
//! that follows a person is where the person is.

mod activities;
mod party;
mod teams;
mod volunteers;
mod wording;

#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};
use entities::business;
use entities::codes::{BusinessStatus, IdType, PartyMemberStatus};
use entities::id::{Id, Kind};
use entities::person::{self, Person};
use entities::{party_member, party_organization, service_record, team_membership, volunteer, volunteer_activity, volunteer_team};

use super::dice::{Dice, mix};
use super::ids;
use super::maker::{Chunk, Maker, instant};
use super::plan::Community;
use crate::store::load::{self, Loader};

/// Sets the chance of this part apart from that of people and cases.
const STREAM: u64 = 0x0073_6f63_6965_7479;

/// The rows of this part.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SocietyRows {
    /// Party organisations.
    pub party_organizations: Vec<party_organization::Model>,
    /// Party members.
    pub party_members: Vec<party_member::Model>,
    /// Volunteers.
    pub volunteers: Vec<volunteer::Model>,
    /// Volunteer teams.
    pub volunteer_teams: Vec<volunteer_team::Model>,
    /// Team memberships.
    pub team_memberships: Vec<team_membership::Model>,
    /// Volunteer activities.
    pub volunteer_activities: Vec<volunteer_activity::Model>,
    /// Service records.
    pub service_records: Vec<service_record::Model>,
}

impl SocietyRows {
    /// Takes the other rows in.
    pub(crate) fn append(&mut self, other: Self) {
        let Self {
            party_organizations,
            party_members,
            volunteers,
            volunteer_teams,
            team_memberships,
            volunteer_activities,
            service_records,
        } = other;
        self.party_organizations.extend(party_organizations);
        self.party_members.extend(party_members);
        self.volunteers.extend(volunteers);
        self.volunteer_teams.extend(volunteer_teams);
        self.team_memberships.extend(team_memberships);
        self.volunteer_activities.extend(volunteer_activities);
        self.service_records.extend(service_records);
    }

    /// Writes them, referenced before referencing.
    ///
    /// # Errors
    /// If the database refuses.
    pub async fn write(&self, loader: &mut Loader) -> Result<(), load::Error> {
        loader.write(&self.party_organizations).await?;
        loader.write(&self.party_members).await?;
        loader.write(&self.volunteers).await?;
        loader.write(&self.volunteer_teams).await?;
        loader.write(&self.team_memberships).await?;
        loader.write(&self.volunteer_activities).await?;
        loader.write(&self.service_records).await
    }
}

/// The society of one community, being made.
struct Society<'a> {
    maker: &'a Maker,
    community: &'a Community,
    chunk: &'a Chunk,
    dice: Dice,
    /// Keys given so far; those of each community begin with a number of its own.
    keys: u64,
    /// Party organisations of the community so far.
    organizations: u32,
    /// For each volunteer, the position among the community's people.
    volunteering: Vec<usize>,
    /// Who works in a new occupation.
    workers: HashSet<Id<Person>>,
    /// Minutes that people have served as volunteers.
    minutes: HashMap<Id<Person>, i32>,
    rows: SocietyRows,
}

/// Somebody who is in the Party, or applies.
#[derive(Clone, Copy)]
struct Comrade {
    /// Position among the community's people.
    person: usize,
    status: PartyMemberStatus,
    joined_on: Option<NaiveDate>,
}

impl Maker {
    /// Makes the society of the community of this index, whose people, cases and businesses are made.
    pub(crate) fn society(&self, index: usize, chunk: &Chunk) -> SocietyRows {
        let community = &self.communities[index];
        let first_of_street = index == 0 || self.communities[index - 1].street != community.street;
        let dice = Dice::new(mix(self.seed ^ STREAM), community.code.number() as u64);
        let mut society = Society {
            maker: self,
            community,
            chunk,
            dice,
            keys: (index as u64) << 32,
            organizations: 0,
            volunteering: Vec::new(),
            workers: chunk.economy.new_occupation_workers.iter().map(|worker| worker.person_id).collect(),
            minutes: HashMap::new(),
            rows: SocietyRows::default(),
        };
        let comrades = society.comrades();
        society.volunteers(&comrades);
        let teams = society.teams(&comrades, index);
        society.activities(&teams);
        society.party(&comrades, first_of_street);
        society.rows
    }
}

impl<'a> Society<'a> {
    /// Some business that is large enough to have an organisation or a team of its own.
    fn host(&mut self) -> Option<&'a business::Model> {
        let chunk: &'a Chunk = self.chunk;
        let least = if self.tiny() { 1 } else { 10 };
        let large = |business: &&business::Model| {
            business.status == BusinessStatus::Open && business.employees.is_some_and(|employees| employees >= least)
        };
        let hosts: Vec<&business::Model> = chunk.economy.businesses.iter().filter(large).collect();
        if hosts.is_empty() { None } else { Some(hosts[self.dice.below(hosts.len())]) }
    }

    /// True for the profile that shows one of everything with few people.
    const fn tiny(&self) -> bool {
        self.maker.every_state
    }

    fn key<K: Kind>(&mut self, made: DateTime<Utc>) -> Id<K> {
        self.keys += 1;
        ids::seeded(self.maker.seed, made, self.keys)
    }

    fn person(&self, index: usize) -> &'a person::Model {
        let chunk: &'a Chunk = self.chunk;
        &chunk.persons[index]
    }

    /// When a fact of that day came into a register that was filled 400 days ago, at the earliest once `after` was there.
    fn entered(&mut self, fact: NaiveDate, after: DateTime<Utc>) -> DateTime<Utc> {
        let filled = self.maker.now - TimeDelta::days(400) + TimeDelta::microseconds(self.dice.between(0, 86_399_999_999));
        let told = instant(fact) + TimeDelta::seconds(self.dice.between(3_600, 20 * 86_400));
        filled.max(told).max(after).min(self.latest())
    }

    /// The last instant at which anything was written.
    fn latest(&self) -> DateTime<Utc> {
        self.maker.now - TimeDelta::seconds(60)
    }

    /// Completed years of a living person with a known birth; none for all others.
    fn age(&self, index: usize) -> Option<i32> {
        let person = self.person(index);
        let born = person.birth_date.filter(|_| person.deceased_on.is_none())?;
        let today = self.maker.today;
        let passed = (today.month(), today.day()) >= (born.month(), born.day());
        Some(today.year() - born.year() - i32::from(!passed))
    }

    /// The day so many years after the person's birth, which is known.
    fn anniversary(&self, index: usize, years: i32) -> NaiveDate {
        let born = self.person(index).birth_date.unwrap_or(self.maker.today);
        born.with_year(born.year() + years).unwrap_or(born + TimeDelta::days(i64::from(years) * 365))
    }

    /// Some day between two, both included; the first if they are not in order.
    fn day(&mut self, first: NaiveDate, last: NaiveDate) -> NaiveDate {
        first + TimeDelta::days(self.dice.between(0, (last - first).num_days().max(0)))
    }

    /// True for a citizen, who alone can join the Party.
    fn is_citizen(&self, index: usize) -> bool {
        self.person(index).id_type == IdType::ResidentId
    }
}
