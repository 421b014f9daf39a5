//! Party organisations and members: 7 % of people, 19 to an organisation, a tree from the street's committee to groups.

use chrono::TimeDelta;
use entities::codes::{PartyDuty as Duty, PartyMemberStatus as Status, PartyOrganizationKind as Organization, Sex};
use entities::department::Department;
use entities::id::Id;
use entities::party_organization::PartyOrganization;
use entities::{party_member, party_organization};

use super::{Comrade, Society, wording};
use crate::generate::atlas::ATLAS;
use crate::generate::departments::{Bureau, command};
use crate::generate::ids::{FOUNDED, stable};
use crate::generate::regions::region_id;

/// Members a hundred people: 7 of all are so many of those of age.
const SHARE_OF_ADULTS: f64 = 0.0864;
/// Members to a branch, so that with the organisations above there are 19 to each.
const BRANCH: f64 = 25.0;
/// Offices of a branch, in the order in which they are filled.
const OFFICES: [Duty; 5] = [Duty::Secretary, Duty::Organization, Duty::Publicity, Duty::DeputySecretary, Duty::Discipline];

/// An organisation with those who belong to it.
struct Seat {
    organization: party_organization::Model,
    members: Vec<(Comrade, Option<Duty>)>,
}

impl Society<'_> {
    /// Who of the community's people is in the Party, or applies.
    pub(super) fn comrades(&mut self) -> Vec<Comrade> {
        let mut comrades = Vec::new();
        for person in 0..self.chunk.persons.len() {
            let Some(age) = self.age(person).filter(|age| *age >= 18 && self.is_citizen(person)) else { continue };
            let by_sex = if self.person(person).sex == Sex::Female { 0.6 } else { 1.4 };
            let by_age = match age {
                ..25 => 0.35,
                25..60 => 1.06,
                60.. => 1.04,
            };
            let share = if self.tiny() { 0.3 } else { SHARE_OF_ADULTS };
            if self.dice.chance(share * by_sex * by_age) {
                comrades.push(self.comrade(person, age));
            }
        }
        comrades
    }

    fn comrade(&mut self, person: usize, age: i32) -> Comrade {
        let today = self.maker.today;
        let of_age = self.anniversary(person, 18);
        let year_ago = today - TimeDelta::days(366);
        let rare = if self.tiny() { 12 } else { 4 };
        let status = match self.dice.weighted(&[(Status::Full, 100 - 2 * rare), (Status::Probationary, rare), (Status::Applicant, rare)]) {
            Status::Full if age < 20 => Status::Applicant,
            status => status,
        };
        let joined_on = match status {
            Status::Full => {
                let last = self.anniversary(person, age.min(45)).min(year_ago);
                Some(self.day(of_age, last.max(of_age)))
            }
            Status::Probationary => Some(self.day(of_age.max(year_ago + TimeDelta::days(2)), today - TimeDelta::days(1))),
            Status::Applicant => None,
        };
        Comrade { person, status, joined_on }
    }

    /// Makes the organisations of the community, those of the street's committee with its first, and their members.
    pub(super) fn party(&mut self, comrades: &[Comrade], first_of_street: bool) {
        self.minutes = self.rows.volunteers.iter().map(|row| (row.person_id, row.total_minutes)).collect();
        let mut seats = Vec::new();
        let committee = stable::<PartyOrganization>(self.community.street.number() as u64);
        let mut waiting = comrades.to_vec();
        if first_of_street {
            let officers = self.officers(&mut waiting, 1);
            seats.push(Seat { organization: self.street_committee(committee), members: officers });
        }
        let kind = match comrades.len() {
            100.. => Organization::Committee,
            50.. => Organization::GeneralBranch,
            _ if self.tiny() => Organization::GeneralBranch,
            _ => Organization::Branch,
        };
        let top = self.organization(kind, wording::top(self.community.name, kind), committee);
        let above = top.id;
        let leaves = if kind == Organization::Branch { Vec::new() } else { self.leaves(above, waiting.len()) };
        let officers = if leaves.is_empty() { Vec::new() } else { self.officers(&mut waiting, 3) };
        seats.push(Seat { organization: top, members: officers });
        let first_leaf = if leaves.is_empty() { seats.len() - 1 } else { seats.len() };
        seats.extend(leaves.into_iter().map(|organization| Seat { organization, members: Vec::new() }));
        let open = seats.len() - first_leaf;
        for (index, comrade) in waiting.into_iter().enumerate() {
            seats[first_leaf + index % open].members.push((comrade, None));
        }
        for seat in seats {
            self.seat(seat);
        }
    }

    /// Full members who are the committee of an organisation whose other members belong to the branches below it.
    fn officers(&mut self, waiting: &mut Vec<Comrade>, most: usize) -> Vec<(Comrade, Option<Duty>)> {
        let full = waiting.iter().filter(|comrade| comrade.status == Status::Full).count();
        let mut officers = Vec::new();
        while officers.len() < most.min(full / 3) {
            let place = self.dice.below(waiting.len());
            if waiting[place].status == Status::Full {
                officers.push((waiting.remove(place), None));
            }
        }
        officers
    }

    /// The branches and groups below the community's organisation.
    fn leaves(&mut self, above: Id<PartyOrganization>, members: usize) -> Vec<party_organization::Model> {
        let mut leaves = Vec::new();
        let branches = ((members as f64 / BRANCH).round() as usize).max(1);
        for number in 1..=branches {
            let mut branch = self.organization(Organization::Branch, wording::branch(self.community.name, number), above);
            // A firm has a branch of its own, next to those of the residents.
            if number > 1 || self.tiny() {
                let host = if self.dice.chance(if self.tiny() { 0.7 } else { 0.1 }) { self.host() } else { None };
                if let Some(business) = host {
                    branch.host_business_id = Some(business.id);
                    branch.name = wording::hosted(&business.name);
                }
            }
            let grouped = if self.tiny() { number == 1 } else { self.dice.chance(0.2) };
            let group = grouped.then(|| self.organization(Organization::Group, wording::group(self.community.name, number), branch.id));
            leaves.push(branch);
            leaves.extend(group);
        }
        leaves
    }

    fn organization(&mut self, kind: Organization, name: String, above: Id<PartyOrganization>) -> party_organization::Model {
        let today = self.maker.today;
        let founded_on = self.day(today - TimeDelta::days(11_000), today - TimeDelta::days(500));
        let created_at = self.entered(founded_on, FOUNDED);
        self.organizations += 1;
        party_organization::Model {
            id: self.key(created_at),
            code: format!("{}{:03}", self.community.code, self.organizations),
            name,
            kind,
            parent_id: Some(above),
            department_id: self.organization_department(),
            region_code: self.community.code,
            host_business_id: None,
            secretary_id: None,
            founded_on: self.dice.chance(0.97).then_some(founded_on),
            version: 1,
            created_at,
            updated_at: created_at,
        }
    }

    fn street_committee(&self, id: Id<PartyOrganization>) -> party_organization::Model {
        party_organization::Model {
            id,
            code: format!("{}000", self.community.street),
            name: wording::street_committee(ATLAS.place(self.community.street).name),
            kind: Organization::Committee,
            parent_id: None,
            department_id: self.organization_department(),
            region_code: self.community.street,
            host_business_id: None,
            secretary_id: None,
            founded_on: None,
            version: 1,
            created_at: FOUNDED,
            updated_at: FOUNDED,
        }
    }

    /// The district's Organisation department keeps all organisations of the district.
    fn organization_department(&self) -> Id<Department> {
        let district = self.community.district;
        Bureau::find("ORGANISATION").map_or_else(|| command(district), |bureau| bureau.of(district))
    }

    /// Gives the offices of an organisation to its first full members, and writes it and its members down.
    fn seat(&mut self, mut seat: Seat) {
        let offices: &[Duty] = match (seat.organization.kind, seat.members.len()) {
            (Organization::Group, _) => &[Duty::GroupLeader],
            (Organization::Branch, ..7) => &OFFICES[..1],
            (Organization::Branch, 7..15) => &OFFICES[..3],
            _ => &OFFICES,
        };
        let full = seat.members.iter_mut().filter(|(comrade, _)| comrade.status == Status::Full);
        for ((comrade, held), office) in full.zip(offices) {
            *held = Some(*office);
            if *office == Duty::Secretary {
                seat.organization.secretary_id = Some(self.chunk.persons[comrade.person].id);
            }
        }
        for (comrade, duty) in &seat.members {
            self.member(*comrade, *duty, &seat.organization);
        }
        self.rows.party_organizations.push(seat.organization);
    }

    fn member(&mut self, comrade: Comrade, duty: Option<Duty>, organization: &party_organization::Model) {
        let Comrade { person: index, status, joined_on } = comrade;
        let person = self.person(index);
        let fact = joined_on.unwrap_or(self.maker.today - TimeDelta::days(90));
        let created_at = self.entered(fact, person.created_at);
        let in_service = person.employer.is_some() && self.age(index).is_some_and(|age| age < 60);
        let reports = in_service && self.dice.chance(0.35);
        let double_registration_id = person.community_code.filter(|_| reports).map(region_id);
        let row = party_member::Model {
            id: self.key(created_at),
            person_id: person.id,
            organization_id: organization.id,
            status,
            joined_on,
            duty,
            double_registration_id,
            service_hours: self.minutes.get(&person.id).map_or(0, |minutes| minutes / 60),
            region_code: person.region_code,
            community_code: person.community_code,
            street_code: person.street_code,
            version: 1,
            created_at,
            updated_at: created_at,
        };
        self.rows.party_members.push(row);
    }
}
