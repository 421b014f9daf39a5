//! Code lists of Party organisations and volunteers.

use sea_orm::{DeriveActiveEnum, EnumIter};

use super::{Code, CodeList};

/// Kind of a Party organisation, by its size (Constitution of the CPC, article 30).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum PartyOrganizationKind {
    /// Primary committee.
    #[sea_orm(string_value = "COMMITTEE")]
    Committee,
    /// General branch committee.
    #[sea_orm(string_value = "GENERAL_BRANCH")]
    GeneralBranch,
    /// Branch.
    #[sea_orm(string_value = "BRANCH")]
    Branch,
    /// Group.
    #[sea_orm(string_value = "GROUP")]
    Group,
}

/// The list of [`PartyOrganizationKind`] with its labels.
pub const PARTY_ORGANIZATION_KIND: CodeList = CodeList {
    name: "PartyOrganizationKind",
    description: "Kind of a Party organisation, by its size",
    standard: "Constitution of the CPC, article 30",
    codes: &[
        Code { value: "COMMITTEE", code: "1", chinese: "基层党委", english: "Primary committee" },
        Code { value: "GENERAL_BRANCH", code: "2", chinese: "党总支", english: "General branch committee" },
        Code { value: "BRANCH", code: "3", chinese: "党支部", english: "Branch" },
        Code { value: "GROUP", code: "4", chinese: "党小组", english: "Group" },
    ],
};

/// How far a person has come in joining the Party (after GB/T 4762).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum PartyMemberStatus {
    /// Full member.
    #[sea_orm(string_value = "FULL")]
    Full,
    /// Probationary member.
    #[sea_orm(string_value = "PROBATIONARY")]
    Probationary,
    /// Applicant.
    #[sea_orm(string_value = "APPLICANT")]
    Applicant,
}

/// The list of [`PartyMemberStatus`] with its labels.
pub const PARTY_MEMBER_STATUS: CodeList = CodeList {
    name: "PartyMemberStatus",
    description: "How far a person has come in joining the Party",
    standard: "after GB/T 4762",
    codes: &[
        Code { value: "FULL", code: "1", chinese: "正式党员", english: "Full member" },
        Code { value: "PROBATIONARY", code: "2", chinese: "预备党员", english: "Probationary member" },
        Code { value: "APPLICANT", code: "3", chinese: "入党积极分子", english: "Applicant" },
    ],
};

/// Duty in a Party organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum PartyDuty {
    /// Secretary.
    #[sea_orm(string_value = "SECRETARY")]
    Secretary,
    /// Deputy secretary.
    #[sea_orm(string_value = "DEPUTY_SECRETARY")]
    DeputySecretary,
    /// Committee member for organisation.
    #[sea_orm(string_value = "ORGANIZATION")]
    Organization,
    /// Committee member for publicity.
    #[sea_orm(string_value = "PUBLICITY")]
    Publicity,
    /// Committee member for discipline.
    #[sea_orm(string_value = "DISCIPLINE")]
    Discipline,
    /// Leader of a group.
    #[sea_orm(string_value = "GROUP_LEADER")]
    GroupLeader,
}

/// The list of [`PartyDuty`] with its labels.
pub const PARTY_DUTY: CodeList = CodeList {
    name: "PartyDuty",
    description: "Duty in a Party organisation",
    standard: "",
    codes: &[
        Code { value: "SECRETARY", code: "1", chinese: "书记", english: "Secretary" },
        Code { value: "DEPUTY_SECRETARY", code: "2", chinese: "副书记", english: "Deputy secretary" },
        Code { value: "ORGANIZATION", code: "3", chinese: "组织委员", english: "Committee member for organisation" },
        Code { value: "PUBLICITY", code: "4", chinese: "宣传委员", english: "Committee member for publicity" },
        Code { value: "DISCIPLINE", code: "5", chinese: "纪检委员", english: "Committee member for discipline" },
        Code { value: "GROUP_LEADER", code: "6", chinese: "党小组长", english: "Leader of a group" },
    ],
};

/// Who a volunteer team is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum VolunteerTeamKind {
    /// Party members.
    #[sea_orm(string_value = "PARTY")]
    Party,
    /// Young people.
    #[sea_orm(string_value = "YOUTH")]
    Youth,
    /// Workers in new occupations.
    #[sea_orm(string_value = "NEW_OCCUPATION")]
    NewOccupation,
    /// Residents.
    #[sea_orm(string_value = "RESIDENT")]
    Resident,
    /// Social organisation.
    #[sea_orm(string_value = "SOCIAL_ORG")]
    SocialOrg,
}

/// The list of [`VolunteerTeamKind`] with its labels.
pub const VOLUNTEER_TEAM_KIND: CodeList = CodeList {
    name: "VolunteerTeamKind",
    description: "Who a volunteer team is made of",
    standard: "",
    codes: &[
        Code { value: "PARTY", code: "1", chinese: "党员", english: "Party members" },
        Code { value: "YOUTH", code: "2", chinese: "青年", english: "Young people" },
        Code { value: "NEW_OCCUPATION", code: "3", chinese: "新就业群体", english: "Workers in new occupations" },
        Code { value: "RESIDENT", code: "4", chinese: "居民", english: "Residents" },
        Code { value: "SOCIAL_ORG", code: "5", chinese: "社会组织", english: "Social organisation" },
    ],
};

/// Direction of volunteer service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum VolunteerDirection {
    /// Care for the elderly.
    #[sea_orm(string_value = "ELDERLY_CARE")]
    ElderlyCare,
    /// Care for children.
    #[sea_orm(string_value = "CHILD_CARE")]
    ChildCare,
    /// Help for people with disabilities.
    #[sea_orm(string_value = "DISABILITY")]
    Disability,
    /// Environment.
    #[sea_orm(string_value = "ENVIRONMENT")]
    Environment,
    /// Mediation.
    #[sea_orm(string_value = "MEDIATION")]
    Mediation,
    /// Traffic.
    #[sea_orm(string_value = "TRAFFIC")]
    Traffic,
    /// Culture and sports.
    #[sea_orm(string_value = "CULTURE")]
    Culture,
    /// Health.
    #[sea_orm(string_value = "HEALTH")]
    Health,
    /// Safety patrol.
    #[sea_orm(string_value = "SAFETY")]
    Safety,
    /// Publicity.
    #[sea_orm(string_value = "PUBLICITY")]
    Publicity,
}

/// The list of [`VolunteerDirection`] with its labels.
pub const VOLUNTEER_DIRECTION: CodeList = CodeList {
    name: "VolunteerDirection",
    description: "Direction of volunteer service",
    standard: "",
    codes: &[
        Code { value: "ELDERLY_CARE", code: "1", chinese: "助老", english: "Care for the elderly" },
        Code { value: "CHILD_CARE", code: "2", chinese: "关爱儿童", english: "Care for children" },
        Code { value: "DISABILITY", code: "3", chinese: "助残", english: "Help for people with disabilities" },
        Code { value: "ENVIRONMENT", code: "4", chinese: "环境保护", english: "Environment" },
        Code { value: "MEDIATION", code: "5", chinese: "纠纷调解", english: "Mediation" },
        Code { value: "TRAFFIC", code: "6", chinese: "文明交通", english: "Traffic" },
        Code { value: "CULTURE", code: "7", chinese: "文体服务", english: "Culture and sports" },
        Code { value: "HEALTH", code: "8", chinese: "健康服务", english: "Health" },
        Code { value: "SAFETY", code: "9", chinese: "平安巡逻", english: "Safety patrol" },
        Code { value: "PUBLICITY", code: "10", chinese: "政策宣讲", english: "Publicity" },
    ],
};
