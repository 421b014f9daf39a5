//! The life of a case: its states, the actions on it, and which action leads from which state to which.
//!
//! The table is `domain.md` §2.1 of the design papers; limits of time and of repetition are the caller's to check.

use sea_orm::{DeriveActiveEnum, EnumIter};

use super::{Code, CodeList};

/// State of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum CaseState {
    /// Reported, not yet looked at.
    #[sea_orm(string_value = "SUBMITTED")]
    Submitted,
    /// Taken on.
    #[sea_orm(string_value = "ACCEPTED")]
    Accepted,
    /// Not taken on, with a reason told to the reporter.
    #[sea_orm(string_value = "REFUSED")]
    Refused,
    /// The same matter as another case, which carries it on.
    #[sea_orm(string_value = "MERGED")]
    Merged,
    /// Sent to a lead department.
    #[sea_orm(string_value = "DISPATCHED")]
    Dispatched,
    /// Sent back by a department as not its own.
    #[sea_orm(string_value = "RETURNED")]
    Returned,
    /// Sent up to the district or the city.
    #[sea_orm(string_value = "ESCALATED")]
    Escalated,
    /// Being handled.
    #[sea_orm(string_value = "IN_PROGRESS")]
    InProgress,
    /// On hold; the clock stands.
    #[sea_orm(string_value = "SUSPENDED")]
    Suspended,
    /// The handler says it is done.
    #[sea_orm(string_value = "RESOLVED")]
    Resolved,
    /// Checked on site; the reporter is asked.
    #[sea_orm(string_value = "AWAITING_FEEDBACK")]
    AwaitingFeedback,
    /// Ended.
    #[sea_orm(string_value = "CLOSED")]
    Closed,
    /// Taken up again after it was closed.
    #[sea_orm(string_value = "REOPENED")]
    Reopened,
    /// Invalid, a test or malicious; counted apart from all rates.
    #[sea_orm(string_value = "VOID")]
    Void,
}

/// What is done to a case; each doing is one event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum CaseAction {
    /// Report it.
    #[sea_orm(string_value = "REPORT")]
    Report,
    /// Take it on.
    #[sea_orm(string_value = "ACCEPT")]
    Accept,
    /// Do not take it on.
    #[sea_orm(string_value = "REFUSE")]
    Refuse,
    /// Mark it as a duplicate of an open case.
    #[sea_orm(string_value = "MERGE")]
    Merge,
    /// Settle it on the spot.
    #[sea_orm(string_value = "SELF_HANDLE")]
    SelfHandle,
    /// Send it to a lead department.
    #[sea_orm(string_value = "DISPATCH")]
    Dispatch,
    /// Sign for it and begin.
    #[sea_orm(string_value = "SIGN")]
    Sign,
    /// Send it back as not one's own.
    #[sea_orm(string_value = "RETURN")]
    Return,
    /// Send it up.
    #[sea_orm(string_value = "ESCALATE")]
    Escalate,
    /// Put it on hold.
    #[sea_orm(string_value = "SUSPEND")]
    Suspend,
    /// Go on after a hold.
    #[sea_orm(string_value = "RESUME")]
    Resume,
    /// Grant more time.
    #[sea_orm(string_value = "EXTEND")]
    Extend,
    /// Report the result.
    #[sea_orm(string_value = "RESOLVE")]
    Resolve,
    /// Find the result wanting.
    #[sea_orm(string_value = "REWORK")]
    Rework,
    /// Find the result good.
    #[sea_orm(string_value = "CHECK")]
    Check,
    /// End it after the return visit or its time-out.
    #[sea_orm(string_value = "CLOSE")]
    Close,
    /// Take it up again.
    #[sea_orm(string_value = "REOPEN")]
    Reopen,
    /// Declare it invalid.
    #[sea_orm(string_value = "VOID")]
    Void,
}

impl CaseState {
    /// True until the case has ended one way or another.
    pub const fn is_open(self) -> bool {
        !matches!(self, Self::Refused | Self::Merged | Self::Closed | Self::Void)
    }

    /// The state that `action` leads to from here; None if it is not allowed here.
    pub const fn after(self, action: CaseAction) -> Option<Self> {
        use CaseAction as A;
        let next = match (self, action) {
            (Self::Submitted, A::Accept) => Self::Accepted,
            (Self::Submitted, A::Refuse) => Self::Refused,
            (Self::Submitted | Self::Accepted, A::Merge) => Self::Merged,
            (Self::Submitted, A::SelfHandle) => Self::Resolved,
            (Self::Accepted | Self::Returned | Self::Escalated | Self::Reopened, A::Dispatch) => Self::Dispatched,
            (Self::Dispatched, A::Sign) => Self::InProgress,
            (Self::Dispatched, A::Return) => Self::Returned,
            (Self::InProgress, A::Suspend) => Self::Suspended,
            (Self::Suspended, A::Resume) => Self::InProgress,
            (Self::InProgress, A::Extend) => Self::InProgress,
            (Self::InProgress, A::Resolve) => Self::Resolved,
            (Self::Resolved, A::Rework) => Self::InProgress,
            (Self::Resolved, A::Check) => Self::AwaitingFeedback,
            (Self::AwaitingFeedback, A::Close) => Self::Closed,
            (Self::Closed, A::Reopen) => Self::Reopened,
            (Self::Void, _) => return None,
            (_, A::Void) => Self::Void,
            (_, A::Escalate) if self.is_open() && !matches!(self, Self::Escalated) => Self::Escalated,
            _ => return None,
        };
        Some(next)
    }
}

/// The list of [`CaseState`] with its labels.
pub const CASE_STATE: CodeList = CodeList {
    name: "CaseState",
    description: "State of a case",
    standard: "",
    codes: &[
        Code { value: "SUBMITTED", code: "100", chinese: "已上报", english: "Submitted" },
        Code { value: "ACCEPTED", code: "110", chinese: "已受理", english: "Accepted" },
        Code { value: "REFUSED", code: "190", chinese: "不予受理", english: "Refused" },
        Code { value: "MERGED", code: "180", chinese: "已合并", english: "Merged" },
        Code { value: "DISPATCHED", code: "120", chinese: "已分派", english: "Dispatched" },
        Code { value: "RETURNED", code: "130", chinese: "已退回", english: "Returned" },
        Code { value: "ESCALATED", code: "140", chinese: "已上呈", english: "Escalated" },
        Code { value: "IN_PROGRESS", code: "200", chinese: "处置中", english: "In progress" },
        Code { value: "SUSPENDED", code: "210", chinese: "已挂起", english: "Suspended" },
        Code { value: "RESOLVED", code: "800", chinese: "已办结待核", english: "Resolved" },
        Code { value: "AWAITING_FEEDBACK", code: "810", chinese: "待回访", english: "Awaiting feedback" },
        Code { value: "CLOSED", code: "1000", chinese: "已结案", english: "Closed" },
        Code { value: "REOPENED", code: "150", chinese: "重新办理", english: "Reopened" },
        Code { value: "VOID", code: "0", chinese: "已作废", english: "Void" },
    ],
};

/// The list of [`CaseAction`] with its labels.
pub const CASE_ACTION: CodeList = CodeList {
    name: "CaseAction",
    description: "What was done to a case",
    standard: "",
    codes: &[
        Code { value: "REPORT", code: "1", chinese: "上报", english: "Report" },
        Code { value: "ACCEPT", code: "2", chinese: "受理", english: "Accept" },
        Code { value: "REFUSE", code: "3", chinese: "不予受理", english: "Refuse" },
        Code { value: "MERGE", code: "4", chinese: "合并", english: "Merge" },
        Code { value: "SELF_HANDLE", code: "5", chinese: "自办", english: "Settle on the spot" },
        Code { value: "DISPATCH", code: "6", chinese: "分派", english: "Dispatch" },
        Code { value: "SIGN", code: "7", chinese: "签收", english: "Sign" },
        Code { value: "RETURN", code: "8", chinese: "退回", english: "Return" },
        Code { value: "ESCALATE", code: "9", chinese: "上呈", english: "Escalate" },
        Code { value: "SUSPEND", code: "10", chinese: "挂起", english: "Suspend" },
        Code { value: "RESUME", code: "11", chinese: "恢复", english: "Resume" },
        Code { value: "EXTEND", code: "12", chinese: "延期", english: "Extend" },
        Code { value: "RESOLVE", code: "13", chinese: "办结", english: "Resolve" },
        Code { value: "REWORK", code: "14", chinese: "返工", english: "Rework" },
        Code { value: "CHECK", code: "15", chinese: "核查", english: "Check" },
        Code { value: "CLOSE", code: "16", chinese: "结案", english: "Close" },
        Code { value: "REOPEN", code: "17", chinese: "重开", english: "Reopen" },
        Code { value: "VOID", code: "18", chinese: "作废", english: "Void" },
    ],
};

#[cfg(test)]
mod tests {
    use sea_orm::Iterable;

    use super::*;

    #[test]
    fn nothing_leads_out_of_void_and_only_reopening_or_voiding_out_of_closed() {
        for action in CaseAction::iter() {
            assert_eq!(CaseState::Void.after(action), None);
            assert_eq!(CaseState::Closed.after(action).is_some(), matches!(action, CaseAction::Reopen | CaseAction::Void));
        }
    }

    #[test]
    fn every_open_state_can_reach_closed() {
        for start in CaseState::iter().filter(|state| state.is_open()) {
            let mut reached = vec![start];
            let mut next = 0;
            while next < reached.len() {
                for action in CaseAction::iter() {
                    if let Some(state) = reached[next].after(action).filter(|state| !reached.contains(state)) {
                        reached.push(state);
                    }
                }
                next += 1;
            }
            assert!(reached.contains(&CaseState::Closed), "{start:?}");
        }
    }
}
