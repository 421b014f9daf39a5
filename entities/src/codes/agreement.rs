//! The life of an agreement between departments: its states, and which decision leads from which to which.

use sea_orm::{DeriveActiveEnum, EnumIter};

use super::{Code, CodeList};

/// State of an agreement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum AgreementState {
    /// Asked for, not decided.
    #[sea_orm(string_value = "PROPOSED")]
    Proposed,
    /// Given; it is in force until its end.
    #[sea_orm(string_value = "GRANTED")]
    Granted,
    /// Not given.
    #[sea_orm(string_value = "REFUSED")]
    Refused,
    /// Taken back by those who asked.
    #[sea_orm(string_value = "WITHDRAWN")]
    Withdrawn,
    /// Ended before its time.
    #[sea_orm(string_value = "ENDED")]
    Ended,
}

/// What is decided on an agreement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter)]
pub enum AgreementDecision {
    /// Give it.
    Grant,
    /// Do not give it.
    Refuse,
    /// Take the request back.
    Withdraw,
    /// End it before its time.
    End,
}

impl AgreementDecision {
    /// The decision as the graph spells it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Grant => "GRANT",
            Self::Refuse => "REFUSE",
            Self::Withdraw => "WITHDRAW",
            Self::End => "END",
        }
    }
}

impl AgreementState {
    /// The state that the decision leads to from here; None if it is not allowed here.
    pub const fn after(self, decision: AgreementDecision) -> Option<Self> {
        match (self, decision) {
            (Self::Proposed, AgreementDecision::Grant) => Some(Self::Granted),
            (Self::Proposed, AgreementDecision::Refuse) => Some(Self::Refused),
            (Self::Proposed, AgreementDecision::Withdraw) => Some(Self::Withdrawn),
            (Self::Granted, AgreementDecision::End) => Some(Self::Ended),
            (Self::Proposed | Self::Granted | Self::Refused | Self::Withdrawn | Self::Ended, _) => None,
        }
    }
}

/// The list of [`AgreementState`] with its labels.
pub const AGREEMENT_STATE: CodeList = CodeList {
    name: "AgreementState",
    description: "State of an agreement between departments",
    standard: "",
    codes: &[
        Code { value: "PROPOSED", code: "1", chinese: "已申请", english: "Proposed" },
        Code { value: "GRANTED", code: "2", chinese: "已同意", english: "Granted" },
        Code { value: "REFUSED", code: "3", chinese: "未同意", english: "Refused" },
        Code { value: "WITHDRAWN", code: "4", chinese: "已撤回", english: "Withdrawn" },
        Code { value: "ENDED", code: "5", chinese: "已终止", english: "Ended" },
    ],
};

#[cfg(test)]
mod tests {
    use sea_orm::Iterable;

    use super::*;

    #[test]
    fn an_agreement_is_decided_once_and_only_a_granted_one_ends() {
        for state in AgreementState::iter() {
            for decision in AgreementDecision::iter() {
                let expected = match state {
                    AgreementState::Proposed => decision != AgreementDecision::End,
                    AgreementState::Granted => decision == AgreementDecision::End,
                    AgreementState::Refused | AgreementState::Withdrawn | AgreementState::Ended => false,
                };
                assert_eq!(state.after(decision).is_some(), expected, "{state:?} {decision:?}");
            }
        }
    }
}
