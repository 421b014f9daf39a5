//! Households with their members: who lives where, who is registered where, and who lived there before.

use chrono::{Days, NaiveDate};
use entities::codes::{
    HardshipLevel, HouseholdKind, HouseholdStatus, MaritalStatus, RegionLevel, RelationToHead, ResidenceStatus as Status,
};
use entities::region_code::RegionCode;
use entities::{household, person, residence};

use super::dice::Dice;
use super::family::{self, Member};
use super::maker::{Chunk, Maker, Origin};
use super::names;
use super::plan::Community;

/// How a family came to live where it lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tenure {
    /// Registered where it lives.
    Settled,
    /// Registered in another household of the city.
    MovedWithin,
    /// Registered outside the city, in no household here.
    Incomer,
}

/// A family that is being written down.
struct Household<'a> {
    community: &'a Community,
    members: Vec<Member>,
    tenure: Tenure,
    /// First day in the dwelling.
    since: NaiveDate,
}

impl Maker {
    /// Makes the people of a community, then its cases, then where they live and work.
    pub(crate) fn populate(&mut self, index: usize) -> Chunk {
        let community = self.communities[index].clone();
        let mut dice = Dice::new(self.seed, community.code.number() as u64);
        let mut chunk = Chunk::default();
        let unplaced = (f64::from(community.people) * self.rates.unplaced).round() as usize;
        for _ in 0..unplaced {
            let origin = Origin { district: community.district, incomer: true };
            let someone = Member { surname_of_head: true, ..family::someone(&mut dice) };
            let surname = names::surname(&mut dice);
            chunk.persons.push(self.person(&someone, surname, &origin, &mut dice));
        }
        while chunk.persons.len() < community.people as usize {
            let household = self.draw(&community, &mut dice);
            self.settle(&household, &mut chunk, &mut dice);
        }
        self.cases(&community, &mut chunk, &mut dice);
        self.economy.populate(&community, &mut chunk);
        chunk.society = self.society(index, &chunk);
        self.services(&community, &mut chunk);
        chunk
    }

    fn draw<'a>(&self, community: &'a Community, dice: &mut Dice) -> Household<'a> {
        let members = family::family(dice);
        let tenure = dice.weighted(&[(Tenure::Settled, 81), (Tenure::MovedWithin, 4), (Tenure::Incomer, 15)]);
        let most = if tenure == Tenure::Settled { 9_000 } else { 3_000 };
        let grown = ((members[0].age - 17.0).max(1.0) * 365.0) as i64;
        let days = dice.between(30, most.min(grown.max(31)));
        Household { community, members, tenure, since: self.today - Days::new(days.unsigned_abs()) }
    }

    /// Writes a family down: persons, where they live, and where they are registered if that is elsewhere.
    fn settle(&mut self, family: &Household<'_>, chunk: &mut Chunk, dice: &mut Dice) {
        let settled = family.tenure == Tenure::Settled;
        let kind = if settled { HouseholdKind::Registered } else { HouseholdKind::Dwelling };
        let mut home = self.household(kind, grid(family.community, dice), family.since, dice);
        home.hardship_level = hardship(&family.members, dice);
        let first = chunk.persons.len();
        self.people(family, chunk, dice);
        let mut away = Vec::new();
        for (offset, member) in family.members.iter().enumerate() {
            let left = settled && may_leave(member) && dice.chance(0.3);
            let status = match (settled, left) {
                (false, _) => Status::LivesNotRegistered,
                (true, false) => Status::LivesAndRegistered,
                (true, true) => Status::RegisteredNotLiving,
            };
            self.reside(first + offset, member, &mut home, (status, family.since), chunk, dice);
            if left {
                away.push((first + offset, *member));
            }
        }
        self.afterwards(family, first, &home, chunk, dice);
        chunk.households.push(home);
        for (person, member) in away {
            self.live_alone(family.community, person, &member, chunk, dice);
        }
    }

    /// What else there is of a family: where it is registered, where it lived before, whom it lost.
    fn afterwards(&mut self, family: &Household<'_>, first: usize, home: &household::Model, chunk: &mut Chunk, dice: &mut Dice) {
        if family.tenure == Tenure::MovedWithin {
            self.registered_elsewhere(family, first, chunk, dice);
        }
        if dice.chance(self.rates.moved) {
            self.lived_before(family, first, chunk, dice);
        }
        let alone = family.members.len() == 1 && family.members[0].marital == MaritalStatus::Widowed;
        if alone && dice.chance(self.rates.late_spouse) {
            self.late_spouse(family, home, chunk, dice);
        }
    }

    fn people(&mut self, family: &Household<'_>, chunk: &mut Chunk, dice: &mut Dice) {
        let origin = Origin { district: family.community.district, incomer: family.tenure == Tenure::Incomer };
        let surname = names::surname(dice);
        for member in &family.members {
            let head = member.relation == RelationToHead::Head;
            let own = if head || member.surname_of_head { surname } else { names::surname(dice) };
            let person = self.person(member, own, &origin, dice);
            chunk.persons.push(person);
        }
    }

    /// A household without members yet.
    fn household(&mut self, kind: HouseholdKind, place: RegionCode, since: NaiveDate, dice: &mut Dice) -> household::Model {
        let created_at = self.entered(since, dice);
        let verified_at = dice.chance(0.85).then(|| self.between(created_at, self.now, dice));
        let number = (kind == HouseholdKind::Registered).then(|| format!("{}{:09}", &place.to_string()[..6], self.running()));
        household::Model {
            id: self.key(created_at),
            kind,
            number,
            head_person_id: None,
            member_count: 0,
            hardship_level: HardshipLevel::None,
            status: HouseholdStatus::Active,
            region_code: place,
            community_code: place.at(RegionLevel::Community).unwrap_or(place),
            street_code: place.at(RegionLevel::Street).unwrap_or(place),
            dwelling_id: None,
            verified_at,
            version: if verified_at.is_some() { 2 } else { 1 },
            created_at,
            updated_at: verified_at.unwrap_or(created_at),
        }
    }

    /// Lets a person live in, or be registered in, a household from a day on; keeps head, count and the person's place.
    fn reside(
        &mut self,
        person: usize,
        member: &Member,
        home: &mut household::Model,
        since: (Status, NaiveDate),
        chunk: &mut Chunk,
        dice: &mut Dice,
    ) {
        let (status, day) = since;
        let from = day.max(self.birthday(member.age));
        let residence = self.residence(&chunk.persons[person], member, home, (status, from, None), dice);
        chunk.residences.push(residence);
        home.member_count += 1;
        let person = &mut chunk.persons[person];
        if member.relation == RelationToHead::Head {
            home.head_person_id = Some(person.id);
        }
        if status != Status::RegisteredNotLiving || person.household_id.is_none() {
            person.household_id = Some(home.id);
            person.region_code = Some(home.region_code);
            person.community_code = Some(home.community_code);
            person.street_code = Some(home.street_code);
        }
    }

    fn residence(
        &mut self,
        person: &person::Model,
        member: &Member,
        home: &household::Model,
        (status, from_date, to_date): (Status, NaiveDate, Option<NaiveDate>),
        dice: &mut Dice,
    ) -> residence::Model {
        let created_at = self.entered(from_date, dice).max(person.created_at).max(home.created_at);
        let updated_at = to_date.map_or(created_at, |day| self.entered(day, dice).max(created_at));
        residence::Model {
            id: self.key(created_at),
            person_id: person.id,
            household_id: home.id,
            dwelling_id: None,
            relation_to_head: member.relation,
            status,
            from_date,
            to_date,
            region_code: home.region_code,
            version: if to_date.is_some() { 2 } else { 1 },
            created_at,
            updated_at,
        }
    }

    /// The household, somewhere in the populated part of the city, where a family that lives elsewhere is registered.
    fn registered_elsewhere(&mut self, family: &Household<'_>, first: usize, chunk: &mut Chunk, dice: &mut Dice) {
        let elsewhere = dice.below(self.communities.len());
        let place = grid(&self.communities[elsewhere], dice);
        let since = family.since - Days::new(dice.between(400, 4_000).unsigned_abs());
        let mut book = self.household(HouseholdKind::Registered, place, since, dice);
        for (offset, member) in family.members.iter().enumerate() {
            self.reside(first + offset, member, &mut book, (Status::RegisteredNotLiving, since), chunk, dice);
        }
        chunk.households.push(book);
    }

    /// A household that the family left when it came here: nobody belongs to it any more.
    fn lived_before(&mut self, family: &Household<'_>, first: usize, chunk: &mut Chunk, dice: &mut Dice) {
        let kind = if family.tenure == Tenure::Settled { HouseholdKind::Registered } else { HouseholdKind::Dwelling };
        let since = family.since - Days::new(dice.between(300, 3_000).unsigned_abs());
        let mut left = self.household(kind, grid(family.community, dice), since, dice);
        left.status = if dice.chance(0.7) { HouseholdStatus::Moved } else { HouseholdStatus::Cancelled };
        let status = if family.tenure == Tenure::Settled { Status::LivesAndRegistered } else { Status::LivesNotRegistered };
        for (offset, member) in family.members.iter().enumerate() {
            let from = since.max(self.birthday(member.age));
            if from < family.since {
                let span = (status, from, Some(family.since));
                let residence = self.residence(&chunk.persons[first + offset], member, &left, span, dice);
                chunk.residences.push(residence);
            }
        }
        chunk.households.push(left);
    }

    /// A grown child who is registered with the parents and lives alone, here or outside the city.
    fn live_alone(&mut self, community: &Community, person: usize, member: &Member, chunk: &mut Chunk, dice: &mut Dice) {
        if !dice.chance(0.5) {
            return;
        }
        let since = self.today - Days::new(dice.between(30, 700).unsigned_abs());
        let mut flat = self.household(HouseholdKind::Dwelling, grid(community, dice), since, dice);
        let head = Member { relation: RelationToHead::Head, ..*member };
        self.reside(person, &head, &mut flat, (Status::LivesNotRegistered, since), chunk, dice);
        chunk.households.push(flat);
    }

    /// The spouse who died while they lived here: still in the register, belonging to no household.
    fn late_spouse(&mut self, family: &Household<'_>, home: &household::Model, chunk: &mut Chunk, dice: &mut Dice) {
        let widowed = family.members[0];
        let age = (widowed.age + dice.real(-2.0, 5.0)).min(104.0);
        let member =
            Member { relation: RelationToHead::Spouse, male: !widowed.male, age, marital: MaritalStatus::Married, surname_of_head: false };
        let origin = Origin { district: family.community.district, incomer: family.tenure == Tenure::Incomer };
        let mut person = self.person(&member, names::surname(dice), &origin, dice);
        let together = (self.today - family.since).num_days();
        let died = self.today - Days::new(dice.between(1, together.min(1_000)).unsigned_abs());
        person.deceased_on = Some(died);
        person.phone = None;
        let residence = self.residence(&person, &member, home, (Status::LivesAndRegistered, family.since, Some(died)), dice);
        person.version = 2;
        person.updated_at = residence.updated_at.max(person.created_at);
        chunk.residences.push(residence);
        chunk.persons.push(person);
    }
}

/// A grid of the community, or the community itself where nobody noted the grid.
fn grid(community: &Community, dice: &mut Dice) -> RegionCode {
    if dice.chance(0.03) { community.code } else { community.grids[dice.below(community.grids.len())].code }
}

/// True for a grown child, who may live elsewhere.
fn may_leave(member: &Member) -> bool {
    matches!(member.relation, RelationToHead::Son | RelationToHead::Daughter) && (19.0..32.0).contains(&member.age)
}

/// The household's level of hardship: extreme poverty is mostly that of old people alone.
fn hardship(members: &[Member], dice: &mut Dice) -> HardshipLevel {
    let alone = members.len() == 1 && members[0].age >= 60.0;
    let (extreme, low) = if alone { (0.115, 0.05) } else { (0.001, 0.0265) };
    let throw = dice.unit();
    if throw < extreme {
        HardshipLevel::ExtremePoverty
    } else if throw < extreme + low {
        HardshipLevel::LowIncome
    } else if throw < extreme + low + 0.009 {
        HardshipLevel::Edge
    } else {
        HardshipLevel::None
    }
}
