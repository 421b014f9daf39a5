//! Code lists of businesses and of the people who work there.

use sea_orm::{DeriveActiveEnum, EnumIter};

use super::{Code, CodeList};

/// Kind of a business: of whatever has, or could have, a unified social credit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum BusinessKind {
    /// Enterprise.
    #[sea_orm(string_value = "ENTERPRISE")]
    Enterprise,
    /// Self-employed business.
    #[sea_orm(string_value = "SELF_EMPLOYED")]
    SelfEmployed,
    /// Cooperative.
    #[sea_orm(string_value = "COOPERATIVE")]
    Cooperative,
    /// Social organization.
    #[sea_orm(string_value = "SOCIAL_ORGANIZATION")]
    SocialOrganization,
    /// Public institution.
    #[sea_orm(string_value = "PUBLIC_INSTITUTION")]
    PublicInstitution,
    /// Platform: it gives work to riders, couriers or drivers.
    #[sea_orm(string_value = "PLATFORM")]
    Platform,
}

/// The list of [`BusinessKind`] with its labels.
pub const BUSINESS_KIND: CodeList = CodeList {
    name: "BusinessKind",
    description: "Kind of a business",
    standard: "registries and kinds of GB 32100, and platforms apart",
    codes: &[
        Code { value: "ENTERPRISE", code: "91", chinese: "企业", english: "Enterprise" },
        Code { value: "SELF_EMPLOYED", code: "92", chinese: "个体工商户", english: "Self-employed business" },
        Code { value: "COOPERATIVE", code: "93", chinese: "农民专业合作社", english: "Cooperative" },
        Code { value: "SOCIAL_ORGANIZATION", code: "5", chinese: "社会组织", english: "Social organization" },
        Code { value: "PUBLIC_INSTITUTION", code: "12", chinese: "事业单位", english: "Public institution" },
        Code { value: "PLATFORM", code: "91P", chinese: "平台企业", english: "Platform: it gives work to riders, couriers or drivers" },
    ],
};

/// Whether a business is at work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum BusinessStatus {
    /// Open.
    #[sea_orm(string_value = "OPEN")]
    Open,
    /// Suspended.
    #[sea_orm(string_value = "SUSPENDED")]
    Suspended,
    /// Closed.
    #[sea_orm(string_value = "CLOSED")]
    Closed,
    /// Licence revoked.
    #[sea_orm(string_value = "REVOKED")]
    Revoked,
}

/// The list of [`BusinessStatus`] with its labels.
pub const BUSINESS_STATUS: CodeList = CodeList {
    name: "BusinessStatus",
    description: "Whether a business is at work",
    standard: "",
    codes: &[
        Code { value: "OPEN", code: "1", chinese: "在营", english: "Open" },
        Code { value: "SUSPENDED", code: "2", chinese: "歇业", english: "Suspended" },
        Code { value: "CLOSED", code: "3", chinese: "注销", english: "Closed" },
        Code { value: "REVOKED", code: "4", chinese: "吊销", english: "Licence revoked" },
    ],
};

/// Yearly revenue of a business, in bands of yuan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum RevenueBand {
    /// Under 100,000.
    #[sea_orm(string_value = "UNDER_100K")]
    Under100k,
    /// From 100,000 to under 1 million.
    #[sea_orm(string_value = "FROM_100K_TO_1M")]
    From100kTo1m,
    /// From 1 to under 5 million.
    #[sea_orm(string_value = "FROM_1M_TO_5M")]
    From1mTo5m,
    /// From 5 to under 20 million.
    #[sea_orm(string_value = "FROM_5M_TO_20M")]
    From5mTo20m,
    /// From 20 to under 100 million.
    #[sea_orm(string_value = "FROM_20M_TO_100M")]
    From20mTo100m,
    /// 100 million and over.
    #[sea_orm(string_value = "OVER_100M")]
    Over100m,
}

/// The list of [`RevenueBand`] with its labels.
pub const REVENUE_BAND: CodeList = CodeList {
    name: "RevenueBand",
    description: "Yearly revenue, in bands of yuan",
    standard: "",
    codes: &[
        Code { value: "UNDER_100K", code: "1", chinese: "10万元以下", english: "Under 100,000" },
        Code { value: "FROM_100K_TO_1M", code: "2", chinese: "10万至100万元", english: "From 100,000 to under 1 million" },
        Code { value: "FROM_1M_TO_5M", code: "3", chinese: "100万至500万元", english: "From 1 to under 5 million" },
        Code { value: "FROM_5M_TO_20M", code: "4", chinese: "500万至2000万元", english: "From 5 to under 20 million" },
        Code { value: "FROM_20M_TO_100M", code: "5", chinese: "2000万至1亿元", english: "From 20 to under 100 million" },
        Code { value: "OVER_100M", code: "6", chinese: "1亿元及以上", english: "100 million and over" },
    ],
};

/// What a person does in a business.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum EmploymentRole {
    /// Owner.
    #[sea_orm(string_value = "OWNER")]
    Owner,
    /// Legal representative.
    #[sea_orm(string_value = "LEGAL_REPRESENTATIVE")]
    LegalRepresentative,
    /// Manager.
    #[sea_orm(string_value = "MANAGER")]
    Manager,
    /// Employee.
    #[sea_orm(string_value = "EMPLOYEE")]
    Employee,
    /// Temporary worker.
    #[sea_orm(string_value = "TEMPORARY")]
    Temporary,
}

/// The list of [`EmploymentRole`] with its labels.
pub const EMPLOYMENT_ROLE: CodeList = CodeList {
    name: "EmploymentRole",
    description: "What a person does in a business",
    standard: "",
    codes: &[
        Code { value: "OWNER", code: "1", chinese: "经营者", english: "Owner" },
        Code { value: "LEGAL_REPRESENTATIVE", code: "2", chinese: "法定代表人", english: "Legal representative" },
        Code { value: "MANAGER", code: "3", chinese: "管理人员", english: "Manager" },
        Code { value: "EMPLOYEE", code: "4", chinese: "员工", english: "Employee" },
        Code { value: "TEMPORARY", code: "5", chinese: "临时工", english: "Temporary worker" },
    ],
};

/// Occupation that came up with platforms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum NewOccupation {
    /// Ride-hailing driver.
    #[sea_orm(string_value = "RIDE_HAILING")]
    RideHailing,
    /// Food delivery rider.
    #[sea_orm(string_value = "FOOD_DELIVERY")]
    FoodDelivery,
    /// Courier.
    #[sea_orm(string_value = "COURIER")]
    Courier,
    /// Truck driver.
    #[sea_orm(string_value = "TRUCK")]
    Truck,
    /// Live streamer.
    #[sea_orm(string_value = "LIVE_STREAM")]
    LiveStream,
    /// Other.
    #[sea_orm(string_value = "OTHER")]
    Other,
}

/// The list of [`NewOccupation`] with its labels.
pub const NEW_OCCUPATION: CodeList = CodeList {
    name: "NewOccupation",
    description: "Occupation that came up with platforms",
    standard: "",
    codes: &[
        Code { value: "RIDE_HAILING", code: "1", chinese: "网约车司机", english: "Ride-hailing driver" },
        Code { value: "FOOD_DELIVERY", code: "2", chinese: "外卖骑手", english: "Food delivery rider" },
        Code { value: "COURIER", code: "3", chinese: "快递员", english: "Courier" },
        Code { value: "TRUCK", code: "4", chinese: "货车司机", english: "Truck driver" },
        Code { value: "LIVE_STREAM", code: "5", chinese: "网络主播", english: "Live streamer" },
        Code { value: "OTHER", code: "6", chinese: "其他", english: "Other" },
    ],
};

/// How a worker is bound to the platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum EmploymentForm {
    /// Full time.
    #[sea_orm(string_value = "FULL_TIME")]
    FullTime,
    /// Part time.
    #[sea_orm(string_value = "PART_TIME")]
    PartTime,
    /// Through a contractor.
    #[sea_orm(string_value = "OUTSOURCED")]
    Outsourced,
}

/// The list of [`EmploymentForm`] with its labels.
pub const EMPLOYMENT_FORM: CodeList = CodeList {
    name: "EmploymentForm",
    description: "How a worker is bound to the platform",
    standard: "",
    codes: &[
        Code { value: "FULL_TIME", code: "1", chinese: "专职", english: "Full time" },
        Code { value: "PART_TIME", code: "2", chinese: "兼职", english: "Part time" },
        Code { value: "OUTSOURCED", code: "3", chinese: "外包", english: "Through a contractor" },
    ],
};
