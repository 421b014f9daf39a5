//! The course of a case: what is done to it and when, by the rules of its states.

use chrono::{DateTime, TimeDelta, Utc};
use entities::codes::{CaseAction, CaseState};

use super::categories::Category;
use super::dice::Dice;

/// One thing done to a case.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Step {
    /// What.
    pub(crate) action: CaseAction,
    /// State before; none for the report.
    pub(crate) from: Option<CaseState>,
    /// State after.
    pub(crate) to: CaseState,
    /// When.
    pub(crate) at: DateTime<Utc>,
    /// Hours of extension granted.
    pub(crate) extension_hours: Option<i32>,
}

use CaseAction as A;

/// The course of a case reported at `opened`, as far as it has come by `now`.
pub(crate) fn course(category: &Category, opened: DateTime<Utc>, now: DateTime<Utc>, dice: &mut Dice) -> Vec<Step> {
    let mut actions = actions(category, dice);
    if dice.chance(0.022) {
        // Some cases get stuck on their way.
        actions.truncate(1 + dice.below(actions.len() - 1));
    }
    let mut steps = walk(&actions, category, opened, dice);
    steps.retain(|step| step.at <= now);
    steps
}

/// A course that ends in the given state, however little time there was.
pub(crate) fn course_to(goal: CaseState, category: &Category, opened: DateTime<Utc>, now: DateTime<Utc>, dice: &mut Dice) -> Vec<Step> {
    let mut steps = walk(way_to(goal), category, opened, dice);
    let taken = steps.last().map_or(0, |step| (step.at - opened).num_seconds());
    let left = (now - opened).num_seconds() * 9 / 10;
    if taken > left {
        for step in &mut steps {
            step.at = opened + TimeDelta::seconds((step.at - opened).num_seconds() * left / taken);
        }
    }
    steps
}

/// The time limit: hours to handle from acceptance, with extensions, the clock standing while on hold.
pub(crate) fn deadline(steps: &[Step], category: &Category) -> Option<DateTime<Utc>> {
    let accepted = steps.iter().find(|step| step.action == A::Accept)?;
    let mut limit = accepted.at + TimeDelta::hours(i64::from(category.handle_hours));
    let mut held = None;
    for step in steps {
        match step.action {
            A::Extend => limit += TimeDelta::hours(i64::from(step.extension_hours.unwrap_or(0))),
            A::Suspend => held = Some(step.at),
            A::Resume => limit += held.take().map_or(TimeDelta::zero(), |since| step.at - since),
            _ => {}
        }
    }
    Some(limit)
}

/// A shortest way to each state.
const fn way_to(goal: CaseState) -> &'static [CaseAction] {
    match goal {
        CaseState::Submitted => &[A::Report],
        CaseState::Accepted => &[A::Report, A::Accept],
        CaseState::Refused => &[A::Report, A::Refuse],
        CaseState::Merged => &[A::Report, A::Accept, A::Merge],
        CaseState::Dispatched => &[A::Report, A::Accept, A::Dispatch],
        CaseState::Returned => &[A::Report, A::Accept, A::Dispatch, A::Return],
        CaseState::Escalated => &[A::Report, A::Accept, A::Dispatch, A::Sign, A::Escalate],
        CaseState::InProgress => &[A::Report, A::Accept, A::Dispatch, A::Sign],
        CaseState::Suspended => &[A::Report, A::Accept, A::Dispatch, A::Sign, A::Suspend],
        CaseState::Resolved => &[A::Report, A::Accept, A::Dispatch, A::Sign, A::Resolve],
        CaseState::AwaitingFeedback => &[A::Report, A::Accept, A::Dispatch, A::Sign, A::Resolve, A::Check],
        CaseState::Closed => &[A::Report, A::Accept, A::Dispatch, A::Sign, A::Resolve, A::Check, A::Close],
        CaseState::Reopened => &[A::Report, A::Accept, A::Dispatch, A::Sign, A::Resolve, A::Check, A::Close, A::Reopen],
        CaseState::Void => &[A::Report, A::Void],
    }
}

/// All that will be done to a case if nothing stops it.
fn actions(category: &Category, dice: &mut Dice) -> Vec<CaseAction> {
    let early = dice.unit();
    if early < 0.015 {
        return vec![A::Report, A::Refuse];
    }
    if early < 0.025 {
        return vec![A::Report, A::Merge];
    }
    if early < 0.032 {
        return vec![A::Report, A::Void];
    }
    if category.minor && dice.chance(0.4) {
        return vec![A::Report, A::SelfHandle, A::Check, A::Close];
    }
    let mut actions = vec![A::Report, A::Accept, A::Dispatch];
    if dice.chance(0.04) {
        actions.extend([A::Return, A::Dispatch]);
        if dice.chance(0.2) {
            // After the second return the district decides.
            actions.extend([A::Return, A::Escalate, A::Dispatch]);
        }
    }
    actions.push(A::Sign);
    // After the way through the district too much of the limit is gone to ask before its end.
    if category.handle_hours > 24 && !actions.contains(&A::Escalate) && dice.chance(0.06) {
        actions.push(A::Extend);
    }
    if category.handle_hours > 24 && dice.chance(0.03) {
        actions.extend([A::Suspend, A::Resume]);
    }
    if dice.chance(0.012) {
        actions.extend([A::Escalate, A::Dispatch, A::Sign]);
    }
    finish(&mut actions, dice);
    actions
}

/// The end of a course: result, check on site, return visit; now and then once more.
fn finish(actions: &mut Vec<CaseAction>, dice: &mut Dice) {
    actions.push(A::Resolve);
    if dice.chance(0.04) {
        actions.extend([A::Rework, A::Resolve]);
    }
    actions.extend([A::Check, A::Close]);
    if dice.chance(0.015) {
        actions.extend([A::Reopen, A::Dispatch, A::Sign, A::Resolve, A::Check, A::Close]);
    }
}

/// Takes the actions one after another from state to state.
fn walk(actions: &[CaseAction], category: &Category, opened: DateTime<Utc>, dice: &mut Dice) -> Vec<Step> {
    let mut at = opened;
    let mut state = None;
    let mut steps = Vec::with_capacity(actions.len());
    for action in actions {
        let next = match (state, action) {
            (None, _) => Some(CaseState::Submitted),
            (Some(state), action) => CaseState::after(state, *action),
        };
        let Some(to) = next else { break };
        if state.is_some() {
            at += TimeDelta::seconds((pause(*action, category, dice) * 3_600.0) as i64 + 1);
        }
        let extension_hours = (*action == A::Extend).then(|| 24 * dice.between(1, 5) as i32);
        steps.push(Step { action: *action, from: state, to, at, extension_hours });
        state = Some(to);
    }
    steps
}

/// How many hours pass before an action.
fn pause(action: CaseAction, category: &Category, dice: &mut Dice) -> f64 {
    let accept = f64::from(category.accept_hours);
    let handle = f64::from(category.handle_hours);
    match action {
        A::Report => 0.0,
        A::Accept | A::Refuse | A::Merge | A::Void => accept * late(0.05, 0.9, 0.03, dice),
        A::SelfHandle => dice.real(0.1, 3.0),
        A::Dispatch => dice.real(0.05, 3.0).min(handle * 0.1),
        A::Sign => dice.real(0.1, 6.0).min(handle * 0.15),
        A::Return => dice.real(0.5, 8.0).min(handle * 0.2),
        A::Escalate => handle * dice.real(0.2, 0.6),
        A::Suspend => handle * dice.real(0.05, 0.2),
        A::Resume => dice.real(24.0, 400.0),
        A::Extend => handle * dice.real(0.2, 0.6),
        A::Resolve => handle * late(0.05, 0.7, 0.02, dice),
        A::Rework => dice.real(1.0, 24.0).min(handle * 0.1),
        A::Check => dice.real(1.0, 36.0),
        A::Close => dice.real(1.0, 72.0),
        A::Reopen => dice.real(24.0, 340.0),
    }
}

/// A share of a limit; with the given probability beyond it.
fn late(low: f64, high: f64, probability: f64, dice: &mut Dice) -> f64 {
    if dice.chance(probability) { dice.real(1.05, 2.5) } else { dice.real(low, high) }
}

#[cfg(test)]
mod tests {
    use super::super::categories::LEAVES;
    use super::super::ids::FOUNDED;
    use super::*;

    #[test]
    fn a_course_can_be_led_to_every_state() {
        let mut dice = Dice::new(5, 5);
        for goal in super::super::cases::STATES {
            let steps = course_to(goal, LEAVES[3], FOUNDED, FOUNDED + TimeDelta::hours(5), &mut dice);
            assert_eq!(steps.last().map(|step| step.to), Some(goal));
            assert!(steps.iter().all(|step| step.at <= FOUNDED + TimeDelta::hours(5)));
        }
    }

    #[test]
    fn courses_keep_the_limits() {
        let mut dice = Dice::new(6, 6);
        let mut closed = 0;
        for round in 0..20_000 {
            let category = LEAVES[round % LEAVES.len()];
            let steps = course(category, FOUNDED, FOUNDED + TimeDelta::days(365), &mut dice);
            let count = |action| steps.iter().filter(|step| step.action == action).count();
            assert!(count(CaseAction::Return) <= 2 && count(CaseAction::Reopen) <= 2);
            assert!(steps.is_sorted_by_key(|step| step.at));
            for (index, step) in steps.iter().enumerate() {
                if step.action == CaseAction::Extend {
                    assert!(deadline(&steps[..index], category).is_some_and(|limit| step.at < limit), "asked before the deadline");
                }
            }
            closed += usize::from(steps.last().is_some_and(|step| step.to == CaseState::Closed));
        }
        assert!((18_700..19_300).contains(&closed), "{closed} of 20,000 closed");
    }
}
