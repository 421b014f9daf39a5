//! Code lists of the audit log.

use sea_orm::{DeriveActiveEnum, EnumIter};

use super::{Code, CodeList};

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum AuditKind {
    /// Something was read.
    #[sea_orm(string_value = "READ")]
    Read,
    /// A register was changed.
    #[sea_orm(string_value = "CHANGE")]
    Change,
    /// The log itself was handled: exported, or somebody was erased from it.
    #[sea_orm(string_value = "LOG")]
    Log,
}

/// The list of [`AuditKind`] with its labels.
pub const AUDIT_KIND: CodeList = CodeList {
    name: "AuditKind",
    description: "What was done",
    standard: "",
    codes: &[
        Code { value: "READ", code: "1", chinese: "查阅", english: "Something was read" },
        Code { value: "CHANGE", code: "2", chinese: "变更", english: "A register was changed" },
        Code { value: "LOG", code: "3", chinese: "日志处理", english: "The log itself was exported, or somebody was erased from it" },
    ],
};

/// How a request ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum AuditOutcome {
    /// All that was asked was given.
    #[sea_orm(string_value = "COMPLETE")]
    Complete,
    /// Something personal that was asked was withheld.
    #[sea_orm(string_value = "WITHHELD")]
    Withheld,
    /// A root field, or all of it, was refused.
    #[sea_orm(string_value = "REFUSED")]
    Refused,
    /// It failed, or took too long.
    #[sea_orm(string_value = "FAILED")]
    Failed,
}

/// The list of [`AuditOutcome`] with its labels.
pub const AUDIT_OUTCOME: CodeList = CodeList {
    name: "AuditOutcome",
    description: "How a request ended",
    standard: "",
    codes: &[
        Code { value: "COMPLETE", code: "1", chinese: "全部提供", english: "All that was asked was given" },
        Code { value: "WITHHELD", code: "2", chinese: "部分不予显示", english: "Something personal that was asked was withheld" },
        Code { value: "REFUSED", code: "3", chinese: "被拒绝", english: "A root field, or all of it, was refused" },
        Code { value: "FAILED", code: "4", chinese: "失败", english: "It failed, or took too long" },
    ],
};

/// The strictest class of what was touched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum AuditClass {
    /// Nothing of persons.
    #[sea_orm(string_value = "INTERNAL")]
    Internal,
    /// Personal fields.
    #[sea_orm(string_value = "PERSONAL")]
    Personal,
    /// Sensitive fields.
    #[sea_orm(string_value = "SENSITIVE")]
    Sensitive,
}

/// The list of [`AuditClass`] with its labels.
pub const AUDIT_CLASS: CodeList = CodeList {
    name: "AuditClass",
    description: "The strictest class of the fields that were touched",
    standard: "",
    codes: &[
        Code { value: "INTERNAL", code: "1", chinese: "内部", english: "Internal" },
        Code { value: "PERSONAL", code: "2", chinese: "个人信息", english: "Personal" },
        Code { value: "SENSITIVE", code: "3", chinese: "敏感个人信息", english: "Sensitive" },
    ],
};
