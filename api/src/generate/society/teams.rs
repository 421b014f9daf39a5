//! Volunteer teams and who belongs to them.

use std::collections::HashSet;

use chrono::TimeDelta;
use entities::codes::{PartyMemberStatus as Status, VolunteerTeamKind as Kind};
use entities::{team_membership, volunteer_team};

use super::volunteers::DIRECTIONS;
use super::{Comrade, Society, wording};

/// Volunteers to a team, so that a street has 37 teams.
const VOLUNTEERS: f64 = 140.0;

/// A team, by its place among the rows, with the memberships in it.
pub(super) struct Team {
    /// Place among the rows of teams.
    pub(super) team: usize,
    /// For each membership, the places of the volunteer and of the membership among the rows.
    pub(super) members: Vec<(usize, usize)>,
}

impl Society<'_> {
    /// Makes the community's teams with their members.
    pub(super) fn teams(&mut self, comrades: &[Comrade], index: usize) -> Vec<Team> {
        let members = comrades.iter().filter(|comrade| comrade.status != Status::Applicant);
        let members: HashSet<usize> = members.map(|comrade| comrade.person).collect();
        let kinds = self.kinds(&members, index);
        let mut teams: Vec<Team> = Vec::new();
        for (number, kind) in kinds.into_iter().enumerate() {
            let team = self.team(kind, number + 1);
            self.rows.volunteer_teams.push(team);
            teams.push(Team { team: number, members: Vec::new() });
        }
        for volunteer in 0..self.rows.volunteers.len() {
            let fitting: Vec<usize> = (0..teams.len()).filter(|team| self.fits(*team, volunteer, &members)).collect();
            let first = self.dice.below(fitting.len());
            let second = self.dice.below(fitting.len());
            if !fitting.is_empty() && self.dice.chance(0.86) {
                self.join(&mut teams[fitting[first]], volunteer);
                if second != first && self.dice.chance(0.3) {
                    self.join(&mut teams[fitting[second]], volunteer);
                }
            }
        }
        for team in &teams {
            self.lead(team);
        }
        teams
    }

    fn kinds(&mut self, members: &HashSet<usize>, index: usize) -> Vec<Kind> {
        let volunteers = self.rows.volunteers.len();
        if volunteers == 0 {
            return Vec::new();
        }
        let comrades = self.volunteering.iter().any(|person| members.contains(person));
        let others = [Kind::Youth, Kind::NewOccupation, Kind::SocialOrg];
        if self.tiny() {
            let party = comrades.then_some(Kind::Party);
            return [Some(Kind::Resident), party, Some(others[index % others.len()])].into_iter().flatten().collect();
        }
        let count = ((volunteers as f64 / VOLUNTEERS).round() as usize).clamp(1, 14);
        let drawn = |society: &mut Self, number: usize| match number {
            0 => Kind::Resident,
            1 if comrades => Kind::Party,
            _ => society.dice.weighted(&[(Kind::Resident, 40), (Kind::Youth, 25), (Kind::SocialOrg, 20), (Kind::NewOccupation, 15)]),
        };
        (0..count).map(|number| drawn(self, number)).collect()
    }

    fn team(&mut self, kind: Kind, number: usize) -> volunteer_team::Model {
        let today = self.maker.today;
        let founded_on = self.day(today - TimeDelta::days(3_000), today - TimeDelta::days(420));
        let created_at = self.entered(founded_on, self.maker.now - TimeDelta::days(400));
        let direction = self.dice.weighted(&DIRECTIONS);
        let hosted = matches!(kind, Kind::SocialOrg | Kind::NewOccupation) && self.dice.chance(0.7);
        let host = if hosted { self.host() } else { None };
        volunteer_team::Model {
            id: self.key(created_at),
            code: format!("{}V{number:02}", self.community.code),
            name: wording::team(self.community.name, kind, direction),
            kind,
            direction,
            leader_id: None,
            host_business_id: host.map(|business| business.id),
            founded_on: self.dice.chance(0.95).then_some(founded_on),
            served_minutes: 0,
            region_code: self.community.code,
            version: 1,
            created_at,
            updated_at: created_at,
        }
    }

    /// True if the volunteer is one of those a team is made of.
    fn fits(&self, team: usize, volunteer: usize, members: &HashSet<usize>) -> bool {
        let index = self.volunteering[volunteer];
        match self.rows.volunteer_teams[team].kind {
            Kind::Party => members.contains(&index),
            Kind::Youth => self.age(index).is_some_and(|age| age < 36),
            Kind::NewOccupation => self.workers.contains(&self.person(index).id),
            Kind::Resident | Kind::SocialOrg => true,
        }
    }

    fn join(&mut self, team: &mut Team, volunteer: usize) {
        let yesterday = self.maker.today - TimeDelta::days(1);
        let team_row = &self.rows.volunteer_teams[team.team];
        let row = &self.rows.volunteers[volunteer];
        let (team_id, volunteer_id, region_code) = (team_row.id, row.id, row.region_code);
        let known = row.created_at.max(team_row.created_at);
        let earliest = row.registered_on.max(team_row.founded_on.unwrap_or(row.registered_on));
        let from_date = (earliest + TimeDelta::days(self.dice.between(0, 45))).min(yesterday);
        let to_date = self.dice.chance(0.1).then(|| self.day(from_date, yesterday));
        let created_at = self.entered(from_date, known);
        let updated_at = to_date.map_or(created_at, |day| self.entered(day, created_at));
        team.members.push((volunteer, self.rows.team_memberships.len()));
        let row = team_membership::Model {
            id: self.key(created_at),
            volunteer_id,
            team_id,
            from_date,
            to_date,
            region_code,
            version: if to_date.is_some() { 2 } else { 1 },
            created_at,
            updated_at,
        };
        self.rows.team_memberships.push(row);
    }

    /// The team is led by one who still belongs to it.
    fn lead(&mut self, team: &Team) {
        let lasting = |(_, membership): &&(usize, usize)| self.rows.team_memberships[*membership].to_date.is_none();
        let leader = team.members.iter().find(lasting).map(|(volunteer, _)| self.rows.volunteers[*volunteer].person_id);
        self.rows.volunteer_teams[team.team].leader_id = leader;
    }
}
