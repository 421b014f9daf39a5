//! Code lists of service projects and of enrollments. The states own their transitions.

use sea_orm::{DeriveActiveEnum, EnumIter};

use super::{Code, CodeList};

/// Field of a service project.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum ServiceDomain {
    /// Medical care.
    #[sea_orm(string_value = "MEDICAL")]
    Medical,
    /// Insurance.
    #[sea_orm(string_value = "INSURANCE")]
    Insurance,
    /// Legal help.
    #[sea_orm(string_value = "LEGAL")]
    Legal,
    /// Housing.
    #[sea_orm(string_value = "HOUSING")]
    Housing,
    /// Education.
    #[sea_orm(string_value = "EDUCATION")]
    Education,
    /// Training.
    #[sea_orm(string_value = "TRAINING")]
    Training,
    /// Rest places.
    #[sea_orm(string_value = "REST_PLACE")]
    RestPlace,
    /// Care for the elderly.
    #[sea_orm(string_value = "ELDERLY_CARE")]
    ElderlyCare,
    /// Social assistance.
    #[sea_orm(string_value = "ASSISTANCE")]
    Assistance,
    /// Employment.
    #[sea_orm(string_value = "EMPLOYMENT")]
    Employment,
    /// Support of businesses.
    #[sea_orm(string_value = "BUSINESS_SUPPORT")]
    BusinessSupport,
    /// Culture and sport.
    #[sea_orm(string_value = "CULTURE")]
    Culture,
}

/// The list of [`ServiceDomain`] with its labels.
pub const SERVICE_DOMAIN: CodeList = CodeList {
    name: "ServiceDomain",
    description: "Field of a service project",
    standard: "",
    codes: &[
        Code { value: "MEDICAL", code: "1", chinese: "医疗健康", english: "Medical care" },
        Code { value: "INSURANCE", code: "2", chinese: "保险保障", english: "Insurance" },
        Code { value: "LEGAL", code: "3", chinese: "法律服务", english: "Legal help" },
        Code { value: "HOUSING", code: "4", chinese: "住房安居", english: "Housing" },
        Code { value: "EDUCATION", code: "5", chinese: "教育托幼", english: "Education" },
        Code { value: "TRAINING", code: "6", chinese: "技能培训", english: "Training" },
        Code { value: "REST_PLACE", code: "7", chinese: "驿站场景", english: "Rest places" },
        Code { value: "ELDERLY_CARE", code: "8", chinese: "养老服务", english: "Care for the elderly" },
        Code { value: "ASSISTANCE", code: "9", chinese: "社会救助", english: "Social assistance" },
        Code { value: "EMPLOYMENT", code: "10", chinese: "就业创业", english: "Employment" },
        Code { value: "BUSINESS_SUPPORT", code: "11", chinese: "惠企服务", english: "Support of businesses" },
        Code { value: "CULTURE", code: "12", chinese: "文化体育", english: "Culture and sport" },
    ],
};

/// Whom a service project is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum TargetGroup {
    /// People of new occupations.
    #[sea_orm(string_value = "NEW_OCCUPATION")]
    NewOccupation,
    /// The elderly.
    #[sea_orm(string_value = "ELDERLY")]
    Elderly,
    /// The disabled.
    #[sea_orm(string_value = "DISABLED")]
    Disabled,
    /// Households on low income.
    #[sea_orm(string_value = "LOW_INCOME")]
    LowIncome,
    /// Children.
    #[sea_orm(string_value = "CHILDREN")]
    Children,
    /// Veterans.
    #[sea_orm(string_value = "VETERANS")]
    Veterans,
    /// Businesses.
    #[sea_orm(string_value = "ENTERPRISE")]
    Enterprise,
    /// Everyone.
    #[sea_orm(string_value = "ALL")]
    All,
}

/// The list of [`TargetGroup`] with its labels.
pub const TARGET_GROUP: CodeList = CodeList {
    name: "TargetGroup",
    description: "Whom a service project is for",
    standard: "",
    codes: &[
        Code { value: "NEW_OCCUPATION", code: "1", chinese: "新就业群体", english: "People of new occupations" },
        Code { value: "ELDERLY", code: "2", chinese: "老年人", english: "The elderly" },
        Code { value: "DISABLED", code: "3", chinese: "残疾人", english: "The disabled" },
        Code { value: "LOW_INCOME", code: "4", chinese: "低收入家庭", english: "Households on low income" },
        Code { value: "CHILDREN", code: "5", chinese: "未成年人", english: "Children" },
        Code { value: "VETERANS", code: "6", chinese: "退役军人", english: "Veterans" },
        Code { value: "ENTERPRISE", code: "7", chinese: "企业和个体工商户", english: "Businesses" },
        Code { value: "ALL", code: "8", chinese: "全体居民", english: "Everyone" },
    ],
};

/// Status of a service project.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum ProjectStatus {
    /// Planned.
    #[sea_orm(string_value = "PLANNED")]
    Planned,
    /// Open.
    #[sea_orm(string_value = "OPEN")]
    Open,
    /// Closed.
    #[sea_orm(string_value = "CLOSED")]
    Closed,
}

/// The list of [`ProjectStatus`] with its labels.
pub const PROJECT_STATUS: CodeList = CodeList {
    name: "ProjectStatus",
    description: "Status of a service project",
    standard: "",
    codes: &[
        Code { value: "PLANNED", code: "1", chinese: "筹备中", english: "Planned" },
        Code { value: "OPEN", code: "2", chinese: "实施中", english: "Open" },
        Code { value: "CLOSED", code: "3", chinese: "已结项", english: "Closed" },
    ],
};

/// What an enrollment gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum BenefitKind {
    /// Money.
    #[sea_orm(string_value = "CASH")]
    Cash,
    /// Voucher.
    #[sea_orm(string_value = "VOUCHER")]
    Voucher,
    /// Service.
    #[sea_orm(string_value = "SERVICE")]
    Service,
    /// Training.
    #[sea_orm(string_value = "TRAINING")]
    Training,
    /// Equipment.
    #[sea_orm(string_value = "EQUIPMENT")]
    Equipment,
    /// Insurance cover.
    #[sea_orm(string_value = "INSURANCE")]
    Insurance,
    /// Housing.
    #[sea_orm(string_value = "HOUSING")]
    Housing,
    /// Advice.
    #[sea_orm(string_value = "ADVICE")]
    Advice,
}

/// The list of [`BenefitKind`] with its labels.
pub const BENEFIT_KIND: CodeList = CodeList {
    name: "BenefitKind",
    description: "What an enrollment gives",
    standard: "",
    codes: &[
        Code { value: "CASH", code: "1", chinese: "资金补助", english: "Money" },
        Code { value: "VOUCHER", code: "2", chinese: "消费券", english: "Voucher" },
        Code { value: "SERVICE", code: "3", chinese: "上门服务", english: "Service" },
        Code { value: "TRAINING", code: "4", chinese: "培训课程", english: "Training" },
        Code { value: "EQUIPMENT", code: "5", chinese: "设施器具", english: "Equipment" },
        Code { value: "INSURANCE", code: "6", chinese: "保险", english: "Insurance cover" },
        Code { value: "HOUSING", code: "7", chinese: "住房", english: "Housing" },
        Code { value: "ADVICE", code: "8", chinese: "咨询援助", english: "Advice" },
    ],
};

/// State of an enrollment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum EnrollmentState {
    /// Invited.
    #[sea_orm(string_value = "INVITED")]
    Invited,
    /// Applied.
    #[sea_orm(string_value = "APPLIED")]
    Applied,
    /// Approved.
    #[sea_orm(string_value = "APPROVED")]
    Approved,
    /// Served.
    #[sea_orm(string_value = "SERVED")]
    Served,
    /// Closed.
    #[sea_orm(string_value = "CLOSED")]
    Closed,
    /// Rejected.
    #[sea_orm(string_value = "REJECTED")]
    Rejected,
    /// Withdrawn.
    #[sea_orm(string_value = "WITHDRAWN")]
    Withdrawn,
}

/// The list of [`EnrollmentState`] with its labels.
pub const ENROLLMENT_STATE: CodeList = CodeList {
    name: "EnrollmentState",
    description: "State of an enrollment",
    standard: "",
    codes: &[
        Code { value: "INVITED", code: "1", chinese: "已邀请", english: "Invited" },
        Code { value: "APPLIED", code: "2", chinese: "已申请", english: "Applied" },
        Code { value: "APPROVED", code: "3", chinese: "已通过", english: "Approved" },
        Code { value: "SERVED", code: "4", chinese: "已服务", english: "Served" },
        Code { value: "CLOSED", code: "5", chinese: "已办结", english: "Closed" },
        Code { value: "REJECTED", code: "6", chinese: "未通过", english: "Rejected" },
        Code { value: "WITHDRAWN", code: "7", chinese: "已撤回", english: "Withdrawn" },
    ],
};

impl EnrollmentState {
    /// The states that may follow this one.
    pub const fn next(self) -> &'static [Self] {
        match self {
            Self::Invited => &[Self::Applied, Self::Withdrawn],
            Self::Applied => &[Self::Approved, Self::Rejected, Self::Withdrawn],
            Self::Approved => &[Self::Served, Self::Withdrawn],
            Self::Served => &[Self::Closed],
            Self::Closed | Self::Rejected | Self::Withdrawn => &[],
        }
    }

    /// True if the enrollment takes one of the project's places, or has taken one.
    pub const fn counts(self) -> bool {
        matches!(self, Self::Approved | Self::Served | Self::Closed)
    }
}

#[cfg(test)]
mod tests {
    use sea_orm::Iterable;

    use super::*;

    #[test]
    fn every_enrollment_can_end_and_none_returns_to_a_state_it_had() {
        for start in EnrollmentState::iter() {
            let mut reached = vec![start];
            let mut next = 0;
            while next < reached.len() {
                reached.extend(reached[next].next().iter().copied());
                next += 1;
            }
            assert!(!reached[1..].contains(&start), "{start:?}");
            assert!(reached.iter().any(|state| state.next().is_empty()), "{start:?}");
            let closes = reached.contains(&EnrollmentState::Closed);
            assert_eq!(closes, !matches!(start, EnrollmentState::Rejected | EnrollmentState::Withdrawn));
        }
    }
}
