//! A year of what volunteer teams did, and who took part for how long.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entities::case::Case;
use entities::codes::Board;
use entities::id::Id;
use entities::{service_record, volunteer_activity};

use super::teams::Team;
use super::{Society, wording};
use crate::generate::departments::post;
use crate::generate::maker::{CITY_HOURS, instant};
use crate::generate::wording as case_wording;

/// When an activity is.
#[derive(Clone, Copy)]
struct Slot {
    day: NaiveDate,
    starts_at: DateTime<Utc>,
    minutes: i64,
}

impl Society<'_> {
    /// Makes the activities of the last year with their service records, and sums the minutes up.
    pub(super) fn activities(&mut self, teams: &[Team]) {
        for team in teams {
            let count = if self.tiny() { self.dice.between(2, 3) } else { self.dice.between(6, 15) };
            for _ in 0..count {
                self.activity(team);
            }
        }
    }

    fn activity(&mut self, team: &Team) {
        let slot = self.slot();
        let created_at = self.entered(slot.day - TimeDelta::days(22), self.rows.volunteer_teams[team.team].created_at).min(slot.starts_at);
        let ends_at = slot.starts_at + TimeDelta::minutes(slot.minutes);
        let row = &self.rows.volunteer_teams[team.team];
        let (team_id, direction) = (row.id, row.direction);
        let grid = self.community.grids[self.dice.below(self.community.grids.len())].code;
        let mut activity = volunteer_activity::Model {
            id: self.key(created_at),
            team_id,
            title: wording::activity(self.community.name, direction, &mut self.dice),
            place_text: self.dice.chance(0.9).then(|| case_wording::place(self.community.name, &mut self.dice)),
            region_code: if self.dice.chance(0.6) { grid } else { self.community.code },
            starts_at: slot.starts_at,
            ends_at,
            capacity: None,
            case_id: self.case(slot.starts_at),
            served_minutes: 0,
            version: 2,
            created_at,
            updated_at: ends_at.min(self.latest()),
        };
        let share = if self.tiny() { 0.6 } else { 0.21 };
        let mut taking_part = 0;
        for (volunteer, membership) in &team.members {
            let membership = &self.rows.team_memberships[*membership];
            let belongs = membership.from_date <= slot.day && membership.to_date.is_none_or(|last| last >= slot.day);
            if belongs && self.dice.chance(share) {
                activity.served_minutes += self.serve(*volunteer, &mut activity, team.team, slot);
                taking_part += 1;
            }
        }
        activity.capacity = self.dice.chance(0.7).then(|| (taking_part + self.dice.between(0, 12)).max(5) as i32);
        let team = &mut self.rows.volunteer_teams[team.team];
        if activity.served_minutes > 0 {
            team.served_minutes += activity.served_minutes;
            team.version += 1;
            team.updated_at = team.updated_at.max(activity.updated_at);
        }
        self.rows.volunteer_activities.push(activity);
    }

    /// Some hours of a day of the last year, today not among them.
    fn slot(&mut self) -> Slot {
        let day = self.maker.today - TimeDelta::days(self.dice.between(1, 364));
        let starts_at = instant(day) - CITY_HOURS + TimeDelta::minutes(self.dice.between(16, 36) * 30);
        Slot { day, starts_at, minutes: self.dice.between(2, 7) * 30 }
    }

    /// A case of the community that was known by then; rarely one at all.
    fn case(&mut self, before: DateTime<Utc>) -> Option<Id<Case>> {
        if self.chunk.cases.is_empty() || !self.dice.chance(if self.tiny() { 0.3 } else { 0.06 }) {
            return None;
        }
        let case = &self.chunk.cases[self.dice.below(self.chunk.cases.len())];
        (case.opened_at < before).then_some(case.id)
    }

    /// Writes down that a volunteer took part, and says for how many minutes.
    fn serve(&mut self, volunteer: usize, activity: &mut volunteer_activity::Model, team: usize, slot: Slot) -> i32 {
        let minutes = slot.minutes - self.dice.between(0, 20);
        let check_in_at = slot.starts_at + TimeDelta::seconds(self.dice.between(-600, 1_200));
        let check_out_at = check_in_at + TimeDelta::minutes(minutes) + TimeDelta::seconds(self.dice.between(0, 59));
        let leader = self.rows.volunteer_teams[team].leader_id;
        let row = &self.rows.volunteers[volunteer];
        let by_leader = leader.filter(|leader| *leader != row.person_id && self.dice.chance(0.8));
        let by_department = by_leader.is_none() && self.dice.chance(0.8);
        let confirmed = by_leader.is_some() || by_department;
        let written = check_out_at.min(self.latest());
        let (volunteer_id, region_code) = (row.id, row.region_code);
        let confirmed_at = written + TimeDelta::seconds(self.dice.between(600, 3 * 86_400));
        let record = service_record::Model {
            id: self.key(written),
            volunteer_id,
            activity_id: activity.id,
            check_in_at,
            check_out_at: self.dice.chance(0.95).then_some(check_out_at),
            minutes: minutes as i32,
            confirmed_by_id: by_leader,
            department_id: by_department.then(|| post(self.community.street, Board::Services)),
            region_code,
            version: if confirmed { 2 } else { 1 },
            created_at: written,
            updated_at: if confirmed { confirmed_at.min(self.latest()) } else { written },
        };
        let row = &mut self.rows.volunteers[volunteer];
        row.total_minutes += record.minutes;
        row.version += 1;
        row.updated_at = row.updated_at.max(record.updated_at);
        activity.updated_at = activity.updated_at.max(record.updated_at);
        let served = record.minutes;
        self.rows.service_records.push(record);
        served
    }
}
