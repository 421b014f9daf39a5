//! What is odd about Party organisations and volunteers: unplaced people, ended memberships, values that nobody noted.

use chrono::{Days, NaiveDate};
use civigrid::generate::{Rows, SocietyRows};
use entities::codes::PartyMemberStatus;

const TEXTS: [&str; 4] = ["", "O'Brien \"急救\"", "a%b_c\\d", "王\u{10FFFF}"];

/// Every so many rows of each register become odd in another way.
pub(super) fn odd(rows: &mut Rows) {
    let SocietyRows {
        party_organizations,
        party_members,
        volunteers,
        volunteer_teams,
        team_memberships,
        volunteer_activities,
        service_records,
    } = &mut rows.society;
    for (index, organization) in party_organizations.iter_mut().enumerate() {
        match index % 4 {
            1 => organization.secretary_id = None,
            2 => organization.founded_on = None,
            3 => organization.parent_id = None,
            _ => {}
        }
    }
    for (index, member) in party_members.iter_mut().enumerate() {
        if index % 7 == 2 {
            (member.region_code, member.community_code, member.street_code) = (None, None, None);
        }
        if index % 5 == 3 {
            (member.status, member.joined_on, member.duty) = (PartyMemberStatus::Applicant, None, None);
        }
        member.service_hours += index as i32 % 3;
    }
    for (index, volunteer) in volunteers.iter_mut().enumerate() {
        if index % 6 == 1 {
            (volunteer.region_code, volunteer.community_code, volunteer.street_code) = (None, None, None);
        }
        if index % 5 == 2 {
            (volunteer.direction, volunteer.skills) = (None, Some(TEXTS[index % TEXTS.len()].to_owned()));
        }
        if index % 9 == 4 {
            volunteer.registered_on = NaiveDate::from_ymd_opt(2024, 2, 29).expect("a leap day");
        }
    }
    for (index, team) in volunteer_teams.iter_mut().enumerate() {
        match index % 4 {
            1 => team.leader_id = None,
            2 => (team.founded_on, team.served_minutes) = (None, 0),
            3 => team.name = TEXTS[index % TEXTS.len()].to_owned(),
            _ => {}
        }
    }
    for (index, membership) in team_memberships.iter_mut().enumerate() {
        if index % 4 == 1 {
            membership.to_date = membership.from_date.checked_add_days(Days::new(index as u64 % 3));
        }
        if index % 6 == 5 {
            membership.region_code = None;
        }
    }
    for (index, activity) in volunteer_activities.iter_mut().enumerate() {
        match index % 5 {
            1 => (activity.place_text, activity.capacity) = (None, None),
            2 => activity.case_id = None,
            3 => activity.title = TEXTS[index % TEXTS.len()].to_owned(),
            _ => {}
        }
    }
    for (index, record) in service_records.iter_mut().enumerate() {
        match index % 6 {
            1 => record.check_out_at = None,
            2 => (record.confirmed_by_id, record.department_id) = (None, None),
            3 => record.region_code = None,
            4 => record.minutes = 0,
            _ => {}
        }
    }
}
