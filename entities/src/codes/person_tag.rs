//! Code lists of tags: what a person is entitled to help for, and who says so. Tags serve the delivery of services;
//! lists of people to watch are not kept.

use sea_orm::{DeriveActiveEnum, EnumIter};

use super::{Code, CodeList};

/// What a person may need help for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum PersonTagKind {
    /// Elderly, 80 years or more.
    #[sea_orm(string_value = "ELDERLY_80_PLUS")]
    Elderly80Plus,
    /// Elderly, living alone.
    #[sea_orm(string_value = "LIVING_ALONE")]
    LivingAlone,
    /// Child left behind with grandparents.
    #[sea_orm(string_value = "LEFT_BEHIND_CHILD")]
    LeftBehindChild,
    /// Child in difficulty.
    #[sea_orm(string_value = "CHILD_IN_DIFFICULTY")]
    ChildInDifficulty,
    /// Disabled.
    #[sea_orm(string_value = "DISABLED")]
    Disabled,
    /// Lasting illness under a family doctor.
    #[sea_orm(string_value = "CHRONIC_ILLNESS")]
    ChronicIllness,
    /// On the minimum living allowance.
    #[sea_orm(string_value = "LOW_INCOME")]
    LowIncome,
    /// In extreme poverty.
    #[sea_orm(string_value = "EXTREME_POVERTY")]
    ExtremePoverty,
    /// Veteran.
    #[sea_orm(string_value = "VETERAN")]
    Veteran,
    /// Registered as unemployed.
    #[sea_orm(string_value = "UNEMPLOYED")]
    Unemployed,
}

/// The list of [`PersonTagKind`] with its labels.
pub const PERSON_TAG_KIND: CodeList = CodeList {
    name: "PersonTagKind",
    description: "What a person may need help for",
    standard: "",
    codes: &[
        Code { value: "ELDERLY_80_PLUS", code: "1", chinese: "高龄老人", english: "Elderly, 80 years or more" },
        Code { value: "LIVING_ALONE", code: "2", chinese: "独居老人", english: "Elderly, living alone" },
        Code { value: "LEFT_BEHIND_CHILD", code: "3", chinese: "留守儿童", english: "Child left behind with grandparents" },
        Code { value: "CHILD_IN_DIFFICULTY", code: "4", chinese: "困境儿童", english: "Child in difficulty" },
        Code { value: "DISABLED", code: "5", chinese: "残疾人", english: "Disabled" },
        Code { value: "CHRONIC_ILLNESS", code: "6", chinese: "慢病患者", english: "Lasting illness under a family doctor" },
        Code { value: "LOW_INCOME", code: "7", chinese: "低保对象", english: "On the minimum living allowance" },
        Code { value: "EXTREME_POVERTY", code: "8", chinese: "特困人员", english: "In extreme poverty" },
        Code { value: "VETERAN", code: "9", chinese: "退役军人", english: "Veteran" },
        Code { value: "UNEMPLOYED", code: "10", chinese: "登记失业", english: "Registered as unemployed" },
    ],
};

/// Tags that say something of somebody's health or need (PIPL article 28); the others, such as an age or service in the
/// army, are merely personal.
pub const SENSITIVE_TAGS: &[&str] =
    &["LIVING_ALONE", "LEFT_BEHIND_CHILD", "CHILD_IN_DIFFICULTY", "DISABLED", "CHRONIC_ILLNESS", "LOW_INCOME", "EXTREME_POVERTY"];

/// Who vouches for a tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum TagSource {
    /// Worked out from the person register.
    #[sea_orm(string_value = "PERSON_REGISTER")]
    PersonRegister,
    /// Seen at a grid visit.
    #[sea_orm(string_value = "GRID")]
    Grid,
    /// Civil affairs.
    #[sea_orm(string_value = "CIVIL_AFFAIRS")]
    CivilAffairs,
    /// Disabled persons' federation.
    #[sea_orm(string_value = "DISABLED_FEDERATION")]
    DisabledFederation,
    /// Health.
    #[sea_orm(string_value = "HEALTH")]
    Health,
    /// Veterans' affairs.
    #[sea_orm(string_value = "VETERANS_AFFAIRS")]
    VeteransAffairs,
    /// Human resources.
    #[sea_orm(string_value = "HUMAN_RESOURCES")]
    HumanResources,
}

/// The list of [`TagSource`] with its labels.
pub const TAG_SOURCE: CodeList = CodeList {
    name: "TagSource",
    description: "Who vouches for a tag",
    standard: "",
    codes: &[
        Code { value: "PERSON_REGISTER", code: "1", chinese: "人口库", english: "Worked out from the person register" },
        Code { value: "GRID", code: "2", chinese: "网格走访", english: "Seen at a grid visit" },
        Code { value: "CIVIL_AFFAIRS", code: "3", chinese: "民政部门", english: "Civil affairs" },
        Code { value: "DISABLED_FEDERATION", code: "4", chinese: "残联", english: "Disabled persons' federation" },
        Code { value: "HEALTH", code: "5", chinese: "卫健部门", english: "Health" },
        Code { value: "VETERANS_AFFAIRS", code: "6", chinese: "退役军人事务部门", english: "Veterans' affairs" },
        Code { value: "HUMAN_RESOURCES", code: "7", chinese: "人社部门", english: "Human resources" },
    ],
};
