//! Tasks of cases, read off their events, and how cases ended.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use entities::business::Business;
use entities::case::{self, Case};
use entities::case_event;
use entities::case_task;
use entities::codes::{Board, BusinessStatus, CaseAction, CaseState, GridRole, SubjectType, TaskRole, TaskState};
use entities::department::Department;
use entities::grid_member;
use entities::id::Id;
use entities::person::Person;
use entities::region_code::RegionCode;

use super::office::Office;
use crate::generate::departments::post;
use crate::generate::dice::Dice;

/// Boards whose posts are asked to help.
const HELPING: [Board; 4] = [Board::PeaceLaw, Board::Services, Board::Economy, Board::Party];

/// What a case's events do not tell: who reported it, and how it ended.
#[derive(Clone, Copy, Default)]
pub(super) struct End {
    /// The business that reported it.
    pub(super) business: Option<Id<Business>>,
    /// The case that carries on a duplicate.
    pub(super) merged_into: Option<Id<Case>>,
    /// Whether the return visit reached the reporter.
    pub(super) reached: Option<bool>,
    /// The event that closed it last, by its index.
    pub(super) closing: Option<usize>,
    /// What to note there.
    pub(super) note: Option<&'static str>,
}

impl Office<'_> {
    /// The tasks of all cases: one that leads for every dispatch, sometimes another that assists.
    pub(super) fn tasks(&mut self, members: &[grid_member::Model]) -> Vec<case_task::Model> {
        let mut dice = self.dice(4);
        let mut serving: HashMap<RegionCode, Vec<&grid_member::Model>> = HashMap::new();
        for member in members.iter().filter(|member| member.to_date.is_none()) {
            serving.entry(member.region_code).or_default().push(member);
        }
        let mut tasks = Vec::new();
        let mut next = 0;
        let chunk = self.chunk;
        for case in &chunk.cases {
            let count = chunk.events[next..].iter().take_while(|event| event.case_id == case.id).count();
            let events = &chunk.events[next..next + count];
            next += count;
            let team = serving.get(&case.region_code).map(Vec::as_slice).unwrap_or_default();
            self.tasks_of(case, events, team, &mut tasks, &mut dice);
        }
        tasks
    }

    fn tasks_of(
        &mut self,
        case: &case::Model,
        events: &[case_event::Model],
        team: &[&grid_member::Model],
        tasks: &mut Vec<case_task::Model>,
        dice: &mut Dice,
    ) {
        // Tasks of the last dispatch; earlier ones have ended.
        let mut current = tasks.len();
        for event in events {
            if event.action == CaseAction::Dispatch {
                current = tasks.len();
                tasks.extend(self.dispatched(case, event, team, dice));
                continue;
            }
            for task in &mut tasks[current..] {
                if let Some(state) = after(task.state, task.role, event.action) {
                    task.state = state;
                    task.done_at = (state == TaskState::Done).then_some(event.occurred_at);
                    task.updated_at = event.occurred_at;
                    task.version += 1;
                }
            }
        }
    }

    fn dispatched(
        &mut self,
        case: &case::Model,
        event: &case_event::Model,
        team: &[&grid_member::Model],
        dice: &mut Dice,
    ) -> Vec<case_task::Model> {
        let Some(lead) = event.department_id else { return Vec::new() };
        let (at, street) = (event.occurred_at, self.community.street);
        let on_site = lead == post(street, case.board) && dice.chance(0.6);
        let assignee = someone(team, &[GridRole::FullTime, GridRole::Head], at, dice).filter(|_| on_site);
        let mut tasks = vec![self.task(case, TaskRole::Lead, (lead, assignee), (at, case.deadline))];
        if dice.chance(0.15) {
            let others: Vec<Board> = HELPING.into_iter().filter(|board| *board != case.board).collect();
            let helping = others[dice.below(others.len())];
            let assignee = someone(team, &[GridRole::PartTime, GridRole::Helper], at, dice).filter(|_| dice.chance(0.8));
            // Whoever assists has to be ready before the lead.
            let due = case.deadline.map(|due| due - TimeDelta::seconds(((due - at).num_seconds() / 5).max(0)));
            tasks.push(self.task(case, TaskRole::Assist, (post(street, helping), assignee), (at, due)));
        }
        tasks
    }

    fn task(
        &mut self,
        case: &case::Model,
        role: TaskRole,
        (department_id, assignee_id): (Id<Department>, Option<Id<Person>>),
        (assigned_at, due_at): (DateTime<Utc>, Option<DateTime<Utc>>),
    ) -> case_task::Model {
        case_task::Model {
            id: self.key(assigned_at),
            case_id: case.id,
            role,
            department_id,
            assignee_id,
            state: TaskState::Assigned,
            assigned_at,
            due_at,
            done_at: None,
            region_code: case.region_code,
            version: 1,
            created_at: assigned_at,
            updated_at: assigned_at,
        }
    }

    /// Of each case: which business reported it, which case carries on a duplicate, and whether the reporter was reached.
    pub(super) fn ends_of_cases(&self) -> Vec<End> {
        let mut dice = self.dice(5);
        let cases = &self.chunk.cases;
        let open: Vec<_> = self.chunk.economy.businesses.iter().filter(|business| business.status == BusinessStatus::Open).collect();
        let mut closings: HashMap<Id<Case>, usize> = HashMap::new();
        for (index, event) in self.chunk.events.iter().enumerate().filter(|(_, event)| event.action == CaseAction::Close) {
            closings.insert(event.case_id, index);
        }
        let carries_on = |case: &case::Model| !matches!(case.state, CaseState::Merged | CaseState::Refused | CaseState::Void);
        let mut of = |case: &case::Model| {
            let same = cases.iter().filter(|other| other.category_id == case.category_id && other.opened_at < case.opened_at);
            let mut same = same.filter(|other| carries_on(other)).map(|other| other.id);
            let merged_into = if case.state == CaseState::Merged { same.next_back() } else { None };
            let reporting = open.get(dice.below(open.len())).filter(|_| case.subject_type == SubjectType::Enterprise);
            let closing = closings.get(&case.id).copied().filter(|_| case.state == CaseState::Closed);
            let reached = closing.map(|_| case.satisfaction.is_some() || dice.chance(0.2));
            let note = reached.map(|reached| if reached { "回访完成" } else { "回访未接通，按期办结" });
            End { business: reporting.map(|business| business.id), merged_into, reached, closing, note }
        };
        cases.iter().map(&mut of).collect()
    }
}

/// Somebody of the team with one of these roles who served already at that instant.
fn someone(team: &[&grid_member::Model], roles: &[GridRole], at: DateTime<Utc>, dice: &mut Dice) -> Option<Id<Person>> {
    let fits: Vec<_> = team.iter().filter(|member| roles.contains(&member.role) && member.from_date < at.date_naive()).collect();
    let pick = dice.below(fits.len());
    fits.get(pick).map(|member| member.person_id)
}

/// The state of a task after an action on its case; none if it stays as it is.
fn after(state: TaskState, role: TaskRole, action: CaseAction) -> Option<TaskState> {
    use {CaseAction as A, TaskState as T};
    match (action, state) {
        (A::Sign, T::Assigned) | (A::Resume, T::Suspended) => Some(T::InProgress),
        (A::Suspend, T::InProgress) => Some(T::Suspended),
        (A::Return, T::Assigned) if role == TaskRole::Lead => Some(T::Returned),
        (A::Return | A::Escalate | A::Void, open) if open.is_open() => Some(T::Cancelled),
        (A::Resolve, open) if open.is_open() => Some(T::Done),
        (A::Rework, T::Done) => Some(T::InProgress),
        _ => None,
    }
}
