//! Code lists of cases. The states own their transitions in [`super::case_state`].

use sea_orm::{DeriveActiveEnum, EnumIter};

use super::{Code, CodeList};

/// Way a case came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum CaseChannel {
    /// Entered by hand.
    #[sea_orm(string_value = "MANUAL")]
    Manual,
    /// Text message.
    #[sea_orm(string_value = "SMS")]
    Sms,
    /// Website.
    #[sea_orm(string_value = "WEB")]
    Web,
    /// City management.
    #[sea_orm(string_value = "CITY_MANAGEMENT")]
    CityManagement,
    /// Call centre.
    #[sea_orm(string_value = "CALL_CENTRE")]
    CallCentre,
    /// Hotline 12345.
    #[sea_orm(string_value = "HOTLINE")]
    Hotline,
    /// Approval.
    #[sea_orm(string_value = "APPROVAL")]
    Approval,
    /// Home visit.
    #[sea_orm(string_value = "HOME_VISIT")]
    HomeVisit,
    /// Mobile app.
    #[sea_orm(string_value = "MOBILE")]
    Mobile,
    /// WeChat.
    #[sea_orm(string_value = "WECHAT")]
    Wechat,
    /// Desktop.
    #[sea_orm(string_value = "PC")]
    Pc,
    /// Joint unit.
    #[sea_orm(string_value = "JOINT")]
    Joint,
}

/// The list of [`CaseChannel`] with its labels.
pub const CASE_CHANNEL: CodeList = CodeList {
    name: "CaseChannel",
    description: "Way a case came in",
    standard: "",
    codes: &[
        Code { value: "MANUAL", code: "1", chinese: "人工录入", english: "Entered by hand" },
        Code { value: "SMS", code: "2", chinese: "短信", english: "Text message" },
        Code { value: "WEB", code: "3", chinese: "网站", english: "Website" },
        Code { value: "CITY_MANAGEMENT", code: "4", chinese: "城管", english: "City management" },
        Code { value: "CALL_CENTRE", code: "5", chinese: "呼叫中心", english: "Call centre" },
        Code { value: "HOTLINE", code: "6", chinese: "12345热线", english: "Hotline 12345" },
        Code { value: "APPROVAL", code: "7", chinese: "行政审批", english: "Approval" },
        Code { value: "HOME_VISIT", code: "8", chinese: "入户走访", english: "Home visit" },
        Code { value: "MOBILE", code: "9", chinese: "移动端", english: "Mobile app" },
        Code { value: "WECHAT", code: "10", chinese: "微信", english: "WeChat" },
        Code { value: "PC", code: "11", chinese: "电脑端", english: "Desktop" },
        Code { value: "JOINT", code: "12", chinese: "联动单位", english: "Joint unit" },
    ],
};

/// What the reporter wants (12345 hotline practice).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum CaseKind {
    /// Consultation.
    #[sea_orm(string_value = "CONSULTATION")]
    Consultation,
    /// Help request.
    #[sea_orm(string_value = "HELP_REQUEST")]
    HelpRequest,
    /// Complaint.
    #[sea_orm(string_value = "COMPLAINT")]
    Complaint,
    /// Report.
    #[sea_orm(string_value = "REPORT")]
    Report,
    /// Suggestion.
    #[sea_orm(string_value = "SUGGESTION")]
    Suggestion,
    /// Thanks.
    #[sea_orm(string_value = "THANKS")]
    Thanks,
}

/// The list of [`CaseKind`] with its labels.
pub const CASE_KIND: CodeList = CodeList {
    name: "CaseKind",
    description: "What the reporter wants",
    standard: "12345 hotline practice",
    codes: &[
        Code { value: "CONSULTATION", code: "1", chinese: "咨询", english: "Consultation" },
        Code { value: "HELP_REQUEST", code: "2", chinese: "求助", english: "Help request" },
        Code { value: "COMPLAINT", code: "3", chinese: "投诉", english: "Complaint" },
        Code { value: "REPORT", code: "4", chinese: "举报", english: "Report" },
        Code { value: "SUGGESTION", code: "5", chinese: "建议", english: "Suggestion" },
        Code { value: "THANKS", code: "6", chinese: "表扬", english: "Thanks" },
    ],
};

/// Who raised a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum SubjectType {
    /// Resident.
    #[sea_orm(string_value = "RESIDENT")]
    Resident,
    /// Enterprise.
    #[sea_orm(string_value = "ENTERPRISE")]
    Enterprise,
    /// Grid patrol.
    #[sea_orm(string_value = "GRID_PATROL")]
    GridPatrol,
    /// Sensor.
    #[sea_orm(string_value = "SENSOR")]
    Sensor,
    /// Hotline.
    #[sea_orm(string_value = "HOTLINE")]
    Hotline,
}

/// The list of [`SubjectType`] with its labels.
pub const SUBJECT_TYPE: CodeList = CodeList {
    name: "SubjectType",
    description: "Who raised a case",
    standard: "",
    codes: &[
        Code { value: "RESIDENT", code: "1", chinese: "居民", english: "Resident" },
        Code { value: "ENTERPRISE", code: "2", chinese: "企业", english: "Enterprise" },
        Code { value: "GRID_PATROL", code: "3", chinese: "网格巡查", english: "Grid patrol" },
        Code { value: "SENSOR", code: "4", chinese: "感知设备", english: "Sensor" },
        Code { value: "HOTLINE", code: "5", chinese: "热线", english: "Hotline" },
    ],
};

/// How grave a case is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Severity {
    /// General.
    #[sea_orm(string_value = "GENERAL")]
    General,
    /// Complex.
    #[sea_orm(string_value = "COMPLEX")]
    Complex,
    /// Utilities.
    #[sea_orm(string_value = "UTILITIES")]
    Utilities,
    /// Life or property at risk.
    #[sea_orm(string_value = "LIFE_OR_PROPERTY")]
    LifeOrProperty,
}

/// The list of [`Severity`] with its labels.
pub const SEVERITY: CodeList = CodeList {
    name: "Severity",
    description: "How grave a case is",
    standard: "",
    codes: &[
        Code { value: "GENERAL", code: "1", chinese: "一般", english: "General" },
        Code { value: "COMPLEX", code: "2", chinese: "复杂", english: "Complex" },
        Code { value: "UTILITIES", code: "3", chinese: "水电气保障", english: "Utilities" },
        Code { value: "LIFE_OR_PROPERTY", code: "4", chinese: "危及生命财产", english: "Life or property at risk" },
    ],
};

/// Level of supervision, apart from the state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Supervision {
    /// None.
    #[sea_orm(string_value = "NONE")]
    None,
    /// Normal.
    #[sea_orm(string_value = "NORMAL")]
    Normal,
    /// Yellow.
    #[sea_orm(string_value = "YELLOW")]
    Yellow,
    /// Red.
    #[sea_orm(string_value = "RED")]
    Red,
}

/// The list of [`Supervision`] with its labels.
pub const SUPERVISION: CodeList = CodeList {
    name: "Supervision",
    description: "Level of supervision, apart from the state",
    standard: "",
    codes: &[
        Code { value: "NONE", code: "0", chinese: "未督办", english: "None" },
        Code { value: "NORMAL", code: "1", chinese: "普通督办", english: "Normal" },
        Code { value: "YELLOW", code: "2", chinese: "黄牌督办", english: "Yellow" },
        Code { value: "RED", code: "3", chinese: "红牌督办", english: "Red" },
    ],
};

/// Outcome that the handler reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum CaseResult {
    /// Solved.
    #[sea_orm(string_value = "SOLVED")]
    Solved,
    /// Partly solved.
    #[sea_orm(string_value = "PARTLY_SOLVED")]
    PartlySolved,
    /// Explained.
    #[sea_orm(string_value = "EXPLAINED")]
    Explained,
    /// Not solved.
    #[sea_orm(string_value = "NOT_SOLVED")]
    NotSolved,
}

/// The list of [`CaseResult`] with its labels.
pub const CASE_RESULT: CodeList = CodeList {
    name: "CaseResult",
    description: "Outcome that the handler reported",
    standard: "",
    codes: &[
        Code { value: "SOLVED", code: "1", chinese: "已解决", english: "Solved" },
        Code { value: "PARTLY_SOLVED", code: "2", chinese: "部分解决", english: "Partly solved" },
        Code { value: "EXPLAINED", code: "3", chinese: "解释说明", english: "Explained" },
        Code { value: "NOT_SOLVED", code: "4", chinese: "未解决", english: "Not solved" },
    ],
};
