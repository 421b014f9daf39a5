//! A year of cases of one community, with their events.

use chrono::{DateTime, TimeDelta, Utc};
use entities::case::{self, Case};
use entities::codes::{Board, CaseAction, CaseChannel, CaseKind, CaseResult, CaseState, SubjectType, Supervision};
use entities::department::Department;
use entities::id::Id;
use entities::{case_event, person};

use super::atlas::ATLAS;
use super::categories::{Category, LEAVES};
use super::course::{self, Step};
use super::departments::{command, post};
use super::dice::Dice;
use super::maker::{CITY_HOURS, Chunk, Maker};
use super::plan::{Community, Grid};
use super::{traits, wording};

/// All states of a case.
pub(crate) const STATES: [CaseState; 14] = [
    CaseState::Submitted,
    CaseState::Accepted,
    CaseState::Refused,
    CaseState::Merged,
    CaseState::Dispatched,
    CaseState::Returned,
    CaseState::Escalated,
    CaseState::InProgress,
    CaseState::Suspended,
    CaseState::Resolved,
    CaseState::AwaitingFeedback,
    CaseState::Closed,
    CaseState::Reopened,
    CaseState::Void,
];

/// How many cases come in at each hour of the city's day.
const HOURS: [u32; 24] = [2, 1, 1, 1, 1, 2, 8, 20, 50, 80, 85, 70, 40, 45, 70, 75, 70, 55, 40, 35, 30, 22, 12, 5];

/// Who raised a case, and how.
struct Report {
    subject: SubjectType,
    channel: CaseChannel,
    kind: CaseKind,
    anonymous: bool,
    reporter: Option<usize>,
    phone: Option<String>,
}

impl Maker {
    /// Makes the year's cases of a community whose people are made.
    pub(crate) fn cases(&mut self, community: &Community, chunk: &mut Chunk, dice: &mut Dice) {
        let reporters: Vec<usize> = (0..chunk.persons.len()).filter(|index| self.may_report(&chunk.persons[*index], community)).collect();
        let mut opened: Vec<_> = (0..community.cases).map(|_| self.moment(dice)).collect();
        opened.sort_unstable();
        for (index, opened) in opened.into_iter().enumerate() {
            let category = LEAVES[dice.below(LEAVES.len())];
            let steps = match STATES.get(index) {
                Some(state) if self.every_state => course::course_to(*state, category, opened, self.now, dice),
                _ => course::course(category, opened, self.now, dice),
            };
            let report = report(&reporters, chunk, dice);
            let case = self.case(community, index, category, &report, &steps, chunk, dice);
            self.events(community, category, &steps, case, chunk, dice);
        }
    }

    fn may_report(&self, person: &person::Model, community: &Community) -> bool {
        let grown = person.birth_date.is_none_or(|born| born < self.birthday(16.0));
        grown && person.phone.is_some() && person.community_code == Some(community.code)
    }

    /// Some instant of the last year, by day more than by night.
    fn moment(&self, dice: &mut Dice) -> DateTime<Utc> {
        let hours: Vec<(i64, u32)> = (0..).zip(HOURS).collect();
        loop {
            let days = TimeDelta::days(dice.between(0, 365));
            let hour = TimeDelta::hours(dice.weighted(&hours)) + TimeDelta::microseconds(dice.between(0, 3_599_999_999));
            let midnight = (self.today.and_time(chrono::NaiveTime::MIN)).and_utc() - CITY_HOURS;
            let moment = midnight - days + hour;
            if moment < self.now && moment > self.now - TimeDelta::days(365) {
                return moment;
            }
        }
    }

    #[expect(clippy::too_many_arguments, reason = "one row is put together here from what was drawn before")]
    fn case(
        &mut self,
        community: &Community,
        index: usize,
        category: &Category,
        report: &Report,
        steps: &[Step],
        chunk: &mut Chunk,
        dice: &mut Dice,
    ) -> Id<Case> {
        let opened_at = steps[0].at;
        let last = steps[steps.len() - 1];
        let grid = community.grids[dice.below(community.grids.len())];
        let region_code = if dice.chance(0.92) { grid.code } else { community.code };
        let position = dice.chance(0.88).then(|| position(&grid, dice));
        let place_text = dice.chance(0.9).then(|| wording::place(community.name, dice));
        let deadline = course::deadline(steps, category);
        let (result, satisfaction) = outcome(steps, report.kind, dice);
        let words = wording::words(community.name, place_text.as_deref(), category, report.kind, dice.bits());
        let id = self.key(opened_at);
        let count = |action| steps.iter().filter(|step| step.action == action).count() as i32;
        chunk.cases.push(case::Model {
            id,
            number: format!("CQ{}{}{:05}", (opened_at + CITY_HOURS).format("%y"), &community.code.to_string()[2..], index + 1),
            channel: report.channel,
            platform: platform(report.channel).map(str::to_owned),
            kind: report.kind,
            category_id: category.id(),
            subject_type: report.subject,
            reporter_id: report.reporter.map(|index| chunk.persons[index].id),
            business_id: None,
            reporter_phone: report.phone.clone(),
            anonymous: report.anonymous,
            title: words.title,
            description: words.description,
            place_text,
            longitude: position.map(|position| position.0),
            latitude: position.map(|position| position.1),
            region_code,
            community_code: community.code,
            street_code: community.street,
            severity: category.severity(),
            urgent: dice.chance(if category.handle_hours <= 2 { 0.6 } else { 0.02 }),
            state: last.to,
            board: category.board(),
            department_id: None,
            supervision: supervision(deadline, &last, self.now, dice),
            opened_at,
            accepted_at: steps.iter().find(|step| step.action == CaseAction::Accept).map(|step| step.at),
            deadline,
            closed_at: (!last.to.is_open()).then_some(last.at),
            result,
            merged_into_id: None,
            reached: None,
            satisfaction,
            return_count: count(CaseAction::Return),
            version: steps.len() as i32,
            created_at: opened_at,
            updated_at: last.at,
        });
        id
    }

    /// The events of the case pushed last, and the department that has it in the end.
    fn events(&mut self, community: &Community, category: &Category, steps: &[Step], case: Id<Case>, chunk: &mut Chunk, dice: &mut Dice) {
        let bureau = dice.chance(0.2);
        let mut at_department = command(community.street);
        let Some(row) = chunk.cases.last_mut() else { return };
        for (index, step) in steps.iter().enumerate() {
            let passed = steps[..index].iter().filter(|before| before.action == CaseAction::Return).count() > 0;
            let target = target(step.action, community, category, bureau || passed);
            at_department = target.unwrap_or(at_department);
            let event = case_event::Model {
                id: self.key(step.at),
                case_id: case,
                sequence: index as i32 + 1,
                action: step.action,
                from_state: step.from,
                to_state: step.to,
                actor: actor(step.action, community, row, category.board()),
                department_id: target,
                occurred_at: step.at,
                note: wording::note(step.action, dice),
                extension_hours: step.extension_hours,
                region_code: row.region_code,
            };
            chunk.events.push(event);
        }
        row.department_id = Some(at_department);
    }
}

/// Where an action sends the case; none if it stays.
fn target(action: CaseAction, community: &Community, category: &Category, district: bool) -> Option<Id<Department>> {
    match action {
        CaseAction::Report | CaseAction::Return | CaseAction::Reopen => Some(command(community.street)),
        CaseAction::Escalate if district => community.district.parent().map(|city| category.lead.of(city)),
        CaseAction::Escalate => Some(command(community.district)),
        CaseAction::Dispatch if district => Some(category.lead.of(community.district)),
        CaseAction::Dispatch => Some(post(community.street, category.board())),
        _ => None,
    }
}

/// The account that acted: the reporter has none, a grid worker, the command centre or a board's post has.
fn actor(action: CaseAction, community: &Community, case: &case::Model, board: Board) -> Option<String> {
    match action {
        CaseAction::Report if case.subject_type == SubjectType::GridPatrol => Some(format!("grid-{}", case.region_code)),
        CaseAction::Report => None,
        CaseAction::SelfHandle | CaseAction::Check | CaseAction::Rework => Some(format!("community-{}", community.code)),
        CaseAction::Sign | CaseAction::Return | CaseAction::Suspend | CaseAction::Resolve => {
            Some(format!("post-{}-{}", community.street, format!("{board:?}").to_lowercase()))
        }
        _ => Some(format!("operator-{}", community.street)),
    }
}

fn report(reporters: &[usize], chunk: &Chunk, dice: &mut Dice) -> Report {
    use {CaseChannel as C, CaseKind as K, SubjectType as S};
    let subject = dice.weighted(&[(S::Resident, 48), (S::Hotline, 22), (S::GridPatrol, 22), (S::Enterprise, 5), (S::Sensor, 3)]);
    let channel = match subject {
        S::Resident => dice.weighted(&[
            (C::Wechat, 34),
            (C::Mobile, 18),
            (C::HomeVisit, 16),
            (C::Manual, 12),
            (C::Web, 8),
            (C::Pc, 6),
            (C::Sms, 3),
            (C::CallCentre, 3),
        ]),
        S::Hotline => dice.weighted(&[(C::Hotline, 90), (C::CallCentre, 10)]),
        S::GridPatrol => dice.weighted(&[(C::Mobile, 70), (C::HomeVisit, 20), (C::CityManagement, 10)]),
        S::Enterprise => dice.weighted(&[(C::Web, 40), (C::Pc, 30), (C::Approval, 20), (C::Hotline, 10)]),
        S::Sensor => dice.weighted(&[(C::CityManagement, 70), (C::Joint, 30)]),
    };
    let kind = match subject {
        S::GridPatrol | S::Sensor => K::Report,
        _ => dice.weighted(&[
            (K::Consultation, 470),
            (K::HelpRequest, 300),
            (K::Complaint, 35),
            (K::Report, 15),
            (K::Suggestion, 150),
            (K::Thanks, 3),
        ]),
    };
    let anonymous = matches!(subject, S::Resident | S::Hotline) && dice.chance(0.1);
    let named = matches!(subject, S::Resident | S::Hotline) && !anonymous && !reporters.is_empty() && dice.chance(0.95);
    let reporter = named.then(|| reporters[dice.below(reporters.len())]);
    let own = reporter.and_then(|index| chunk.persons[index].phone.clone()).filter(|_| dice.chance(0.93));
    let phone = match subject {
        _ if anonymous => None,
        S::Resident | S::Hotline => own.or_else(|| Some(traits::mobile(dice))),
        S::Enterprise => Some(format!("023{:08}", dice.between(40_000_000, 89_999_999))),
        S::GridPatrol | S::Sensor => None,
    };
    Report { subject, channel, kind, anonymous, reporter, phone }
}

/// The system that takes in what comes by a channel.
const fn platform(channel: CaseChannel) -> Option<&'static str> {
    match channel {
        CaseChannel::Wechat => Some("重庆基层智治小程序"),
        CaseChannel::Mobile | CaseChannel::Pc => Some("渝快政"),
        CaseChannel::Web | CaseChannel::Approval => Some("渝快办"),
        CaseChannel::Hotline | CaseChannel::CallCentre => Some("12345热线平台"),
        CaseChannel::CityManagement => Some("城市运行管理平台"),
        CaseChannel::Manual | CaseChannel::HomeVisit | CaseChannel::Sms => Some("基层智治平台"),
        CaseChannel::Joint => None,
    }
}

/// The result that the handler reported and how the reporter liked it, as far as the case has come.
fn outcome(steps: &[Step], kind: CaseKind, dice: &mut Dice) -> (Option<CaseResult>, Option<i32>) {
    use CaseResult as R;
    let (mut result, mut satisfaction) = (None, None);
    for step in steps {
        match step.action {
            CaseAction::Resolve | CaseAction::SelfHandle if kind == CaseKind::Consultation => {
                result = Some(dice.weighted(&[(R::Explained, 70), (R::Solved, 28), (R::PartlySolved, 2)]));
            }
            CaseAction::Resolve | CaseAction::SelfHandle => {
                result = Some(dice.weighted(&[(R::Solved, 82), (R::PartlySolved, 9), (R::Explained, 6), (R::NotSolved, 3)]));
            }
            CaseAction::Close => {
                satisfaction = dice.chance(0.88).then(|| dice.weighted(&[(5, 62), (4, 26), (3, 7), (2, 3), (1, 2)]));
            }
            CaseAction::Rework | CaseAction::Reopen => (result, satisfaction) = (None, None),
            _ => {}
        }
    }
    (result, satisfaction)
}

/// Supervision follows how far beyond its limit a case is; a few are watched for other reasons.
fn supervision(deadline: Option<DateTime<Utc>>, last: &Step, now: DateTime<Utc>, dice: &mut Dice) -> Supervision {
    let until = if last.to.is_open() { now } else { last.at };
    let over = deadline.map_or(0, |deadline| (until - deadline).num_hours());
    match over {
        120.. => Supervision::Red,
        24.. if dice.chance(0.6) => Supervision::Yellow,
        _ if dice.chance(0.02) => Supervision::Normal,
        _ => Supervision::None,
    }
}

/// A place in the grid.
fn position(grid: &Grid, dice: &mut Dice) -> (f64, f64) {
    ATLAS.boundary(grid.code).map_or(grid.centre, |boundary| boundary.near(grid.centre, 0.002, dice))
}

/// The hour of an instant in the city: the tests look at it.
#[cfg(test)]
pub(crate) fn city_hour(instant: DateTime<Utc>) -> u32 {
    chrono::Timelike::hour(&(instant + CITY_HOURS))
}
