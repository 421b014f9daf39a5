//! Code lists of people and households.

use sea_orm::{DeriveActiveEnum, EnumIter};

use super::{Code, CodeList};

/// Sex of a person (GB/T 2261.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Sex {
    /// Unknown.
    #[sea_orm(string_value = "UNKNOWN")]
    Unknown,
    /// Male.
    #[sea_orm(string_value = "MALE")]
    Male,
    /// Female.
    #[sea_orm(string_value = "FEMALE")]
    Female,
    /// Not stated.
    #[sea_orm(string_value = "NOT_STATED")]
    NotStated,
}

/// The list of [`Sex`] with its labels.
pub const SEX: CodeList = CodeList {
    name: "Sex",
    description: "Sex of a person",
    standard: "GB/T 2261.1",
    codes: &[
        Code { value: "UNKNOWN", code: "0", chinese: "未知的性别", english: "Unknown" },
        Code { value: "MALE", code: "1", chinese: "男性", english: "Male" },
        Code { value: "FEMALE", code: "2", chinese: "女性", english: "Female" },
        Code { value: "NOT_STATED", code: "9", chinese: "未说明的性别", english: "Not stated" },
    ],
};

/// Kind of identity document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum IdType {
    /// Resident identity card.
    #[sea_orm(string_value = "RESIDENT_ID")]
    ResidentId,
    /// Passport.
    #[sea_orm(string_value = "PASSPORT")]
    Passport,
    /// Permit for residents of Hong Kong, Macao or Taiwan.
    #[sea_orm(string_value = "HK_MO_TW_PERMIT")]
    HkMoTwPermit,
    /// Foreign permanent resident card.
    #[sea_orm(string_value = "FOREIGN_PERMIT")]
    ForeignPermit,
    /// None.
    #[sea_orm(string_value = "NONE")]
    None,
}

/// The list of [`IdType`] with its labels.
pub const ID_TYPE: CodeList = CodeList {
    name: "IdType",
    description: "Kind of identity document",
    standard: "",
    codes: &[
        Code { value: "RESIDENT_ID", code: "111", chinese: "居民身份证", english: "Resident identity card" },
        Code { value: "PASSPORT", code: "414", chinese: "护照", english: "Passport" },
        Code {
            value: "HK_MO_TW_PERMIT",
            code: "516",
            chinese: "港澳台居民居住证",
            english: "Permit for residents of Hong Kong, Macao or Taiwan",
        },
        Code {
            value: "FOREIGN_PERMIT", code: "553", chinese: "外国人永久居留身份证", english: "Foreign permanent resident card"
        },
        Code { value: "NONE", code: "990", chinese: "无证件", english: "None" },
    ],
};

/// Band of completed years of age.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum AgeBand {
    /// 0 to 2.
    #[sea_orm(string_value = "UNDER_3")]
    Under3,
    /// 3 to 6.
    #[sea_orm(string_value = "FROM_3_TO_6")]
    From3To6,
    /// 7 to 13.
    #[sea_orm(string_value = "FROM_7_TO_13")]
    From7To13,
    /// 14 to 17.
    #[sea_orm(string_value = "FROM_14_TO_17")]
    From14To17,
    /// 18 to 34.
    #[sea_orm(string_value = "FROM_18_TO_34")]
    From18To34,
    /// 35 to 59.
    #[sea_orm(string_value = "FROM_35_TO_59")]
    From35To59,
    /// 60 to 79.
    #[sea_orm(string_value = "FROM_60_TO_79")]
    From60To79,
    /// 80 and over.
    #[sea_orm(string_value = "OVER_79")]
    Over79,
}

/// The list of [`AgeBand`] with its labels.
pub const AGE_BAND: CodeList = CodeList {
    name: "AgeBand",
    description: "Band of completed years of age",
    standard: "",
    codes: &[
        Code { value: "UNDER_3", code: "0", chinese: "0至2岁", english: "0 to 2" },
        Code { value: "FROM_3_TO_6", code: "3", chinese: "3至6岁", english: "3 to 6" },
        Code { value: "FROM_7_TO_13", code: "7", chinese: "7至13岁", english: "7 to 13" },
        Code { value: "FROM_14_TO_17", code: "14", chinese: "14至17岁", english: "14 to 17" },
        Code { value: "FROM_18_TO_34", code: "18", chinese: "18至34岁", english: "18 to 34" },
        Code { value: "FROM_35_TO_59", code: "35", chinese: "35至59岁", english: "35 to 59" },
        Code { value: "FROM_60_TO_79", code: "60", chinese: "60至79岁", english: "60 to 79" },
        Code { value: "OVER_79", code: "80", chinese: "80岁及以上", english: "80 and over" },
    ],
};

/// Highest education (GB/T 4658).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Education {
    /// Postgraduate.
    #[sea_orm(string_value = "POSTGRADUATE")]
    Postgraduate,
    /// Bachelor.
    #[sea_orm(string_value = "BACHELOR")]
    Bachelor,
    /// Junior college.
    #[sea_orm(string_value = "JUNIOR_COLLEGE")]
    JuniorCollege,
    /// Vocational.
    #[sea_orm(string_value = "VOCATIONAL")]
    Vocational,
    /// High school.
    #[sea_orm(string_value = "HIGH_SCHOOL")]
    HighSchool,
    /// Junior middle school.
    #[sea_orm(string_value = "JUNIOR_MIDDLE")]
    JuniorMiddle,
    /// Primary school.
    #[sea_orm(string_value = "PRIMARY")]
    Primary,
    /// Other.
    #[sea_orm(string_value = "OTHER")]
    Other,
}

/// The list of [`Education`] with its labels.
pub const EDUCATION: CodeList = CodeList {
    name: "Education",
    description: "Highest education",
    standard: "GB/T 4658",
    codes: &[
        Code { value: "POSTGRADUATE", code: "10", chinese: "研究生教育", english: "Postgraduate" },
        Code { value: "BACHELOR", code: "20", chinese: "大学本科教育", english: "Bachelor" },
        Code { value: "JUNIOR_COLLEGE", code: "30", chinese: "大学专科教育", english: "Junior college" },
        Code { value: "VOCATIONAL", code: "40", chinese: "中等职业教育", english: "Vocational" },
        Code { value: "HIGH_SCHOOL", code: "60", chinese: "普通高级中学教育", english: "High school" },
        Code { value: "JUNIOR_MIDDLE", code: "70", chinese: "初级中学教育", english: "Junior middle school" },
        Code { value: "PRIMARY", code: "80", chinese: "小学教育", english: "Primary school" },
        Code { value: "OTHER", code: "90", chinese: "其他", english: "Other" },
    ],
};

/// Marital status (GB/T 2261.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum MaritalStatus {
    /// Single.
    #[sea_orm(string_value = "SINGLE")]
    Single,
    /// Married.
    #[sea_orm(string_value = "MARRIED")]
    Married,
    /// Widowed.
    #[sea_orm(string_value = "WIDOWED")]
    Widowed,
    /// Divorced.
    #[sea_orm(string_value = "DIVORCED")]
    Divorced,
    /// Not stated.
    #[sea_orm(string_value = "NOT_STATED")]
    NotStated,
}

/// The list of [`MaritalStatus`] with its labels.
pub const MARITAL_STATUS: CodeList = CodeList {
    name: "MaritalStatus",
    description: "Marital status",
    standard: "GB/T 2261.2",
    codes: &[
        Code { value: "SINGLE", code: "10", chinese: "未婚", english: "Single" },
        Code { value: "MARRIED", code: "20", chinese: "已婚", english: "Married" },
        Code { value: "WIDOWED", code: "30", chinese: "丧偶", english: "Widowed" },
        Code { value: "DIVORCED", code: "40", chinese: "离婚", english: "Divorced" },
        Code { value: "NOT_STATED", code: "90", chinese: "未说明的婚姻状况", english: "Not stated" },
    ],
};

/// Kind of a household.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum HouseholdKind {
    /// Registered (hukou).
    #[sea_orm(string_value = "REGISTERED")]
    Registered,
    /// Living together in fact.
    #[sea_orm(string_value = "DWELLING")]
    Dwelling,
}

/// The list of [`HouseholdKind`] with its labels.
pub const HOUSEHOLD_KIND: CodeList = CodeList {
    name: "HouseholdKind",
    description: "Kind of a household",
    standard: "",
    codes: &[
        Code { value: "REGISTERED", code: "1", chinese: "户籍户", english: "Registered (hukou)" },
        Code { value: "DWELLING", code: "2", chinese: "居住户", english: "Living together in fact" },
    ],
};

/// Status of a household.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum HouseholdStatus {
    /// Active.
    #[sea_orm(string_value = "ACTIVE")]
    Active,
    /// Moved away.
    #[sea_orm(string_value = "MOVED")]
    Moved,
    /// Cancelled.
    #[sea_orm(string_value = "CANCELLED")]
    Cancelled,
}

/// The list of [`HouseholdStatus`] with its labels.
pub const HOUSEHOLD_STATUS: CodeList = CodeList {
    name: "HouseholdStatus",
    description: "Status of a household",
    standard: "",
    codes: &[
        Code { value: "ACTIVE", code: "1", chinese: "正常", english: "Active" },
        Code { value: "MOVED", code: "2", chinese: "迁出", english: "Moved away" },
        Code { value: "CANCELLED", code: "3", chinese: "注销", english: "Cancelled" },
    ],
};

/// Level of hardship that entitles to assistance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum HardshipLevel {
    /// None.
    #[sea_orm(string_value = "NONE")]
    None,
    /// On the edge of low income.
    #[sea_orm(string_value = "EDGE")]
    Edge,
    /// Low income.
    #[sea_orm(string_value = "LOW_INCOME")]
    LowIncome,
    /// Extreme poverty.
    #[sea_orm(string_value = "EXTREME_POVERTY")]
    ExtremePoverty,
}

/// The list of [`HardshipLevel`] with its labels.
pub const HARDSHIP_LEVEL: CodeList = CodeList {
    name: "HardshipLevel",
    description: "Level of hardship that entitles to assistance",
    standard: "",
    codes: &[
        Code { value: "NONE", code: "0", chinese: "无", english: "None" },
        Code { value: "EDGE", code: "1", chinese: "低保边缘", english: "On the edge of low income" },
        Code { value: "LOW_INCOME", code: "2", chinese: "低保", english: "Low income" },
        Code { value: "EXTREME_POVERTY", code: "3", chinese: "特困", english: "Extreme poverty" },
    ],
};

/// Relation of a person to the head of the household (GB/T 4761).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum RelationToHead {
    /// Head.
    #[sea_orm(string_value = "HEAD")]
    Head,
    /// Spouse.
    #[sea_orm(string_value = "SPOUSE")]
    Spouse,
    /// Son.
    #[sea_orm(string_value = "SON")]
    Son,
    /// Daughter.
    #[sea_orm(string_value = "DAUGHTER")]
    Daughter,
    /// Grandchild.
    #[sea_orm(string_value = "GRANDCHILD")]
    Grandchild,
    /// Parent.
    #[sea_orm(string_value = "PARENT")]
    Parent,
    /// Grandparent.
    #[sea_orm(string_value = "GRANDPARENT")]
    Grandparent,
    /// Sibling.
    #[sea_orm(string_value = "SIBLING")]
    Sibling,
    /// Other.
    #[sea_orm(string_value = "OTHER")]
    Other,
}

/// The list of [`RelationToHead`] with its labels.
pub const RELATION_TO_HEAD: CodeList = CodeList {
    name: "RelationToHead",
    description: "Relation of a person to the head of the household",
    standard: "GB/T 4761",
    codes: &[
        Code { value: "HEAD", code: "01", chinese: "户主", english: "Head" },
        Code { value: "SPOUSE", code: "10", chinese: "配偶", english: "Spouse" },
        Code { value: "SON", code: "20", chinese: "子", english: "Son" },
        Code { value: "DAUGHTER", code: "30", chinese: "女", english: "Daughter" },
        Code { value: "GRANDCHILD", code: "40", chinese: "孙子女", english: "Grandchild" },
        Code { value: "PARENT", code: "50", chinese: "父母", english: "Parent" },
        Code { value: "GRANDPARENT", code: "60", chinese: "祖父母", english: "Grandparent" },
        Code { value: "SIBLING", code: "70", chinese: "兄弟姐妹", english: "Sibling" },
        Code { value: "OTHER", code: "80", chinese: "其他", english: "Other" },
    ],
};

/// Whether a person lives where registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum ResidenceStatus {
    /// Lives and is registered here.
    #[sea_orm(string_value = "LIVES_AND_REGISTERED")]
    LivesAndRegistered,
    /// Lives here, registered elsewhere.
    #[sea_orm(string_value = "LIVES_NOT_REGISTERED")]
    LivesNotRegistered,
    /// Registered here, lives elsewhere.
    #[sea_orm(string_value = "REGISTERED_NOT_LIVING")]
    RegisteredNotLiving,
}

/// The list of [`ResidenceStatus`] with its labels.
pub const RESIDENCE_STATUS: CodeList = CodeList {
    name: "ResidenceStatus",
    description: "Whether a person lives where registered",
    standard: "",
    codes: &[
        Code { value: "LIVES_AND_REGISTERED", code: "1", chinese: "人户一致", english: "Lives and is registered here" },
        Code { value: "LIVES_NOT_REGISTERED", code: "2", chinese: "人在户不在", english: "Lives here, registered elsewhere" },
        Code { value: "REGISTERED_NOT_LIVING", code: "3", chinese: "户在人不在", english: "Registered here, lives elsewhere" },
    ],
};
