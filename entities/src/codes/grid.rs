//! Code lists of grid teams and of the tasks that cases give.

use sea_orm::{DeriveActiveEnum, EnumIter};

use super::{Code, CodeList};

/// What somebody is to a grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum GridRole {
    /// Grid head.
    #[sea_orm(string_value = "HEAD")]
    Head,
    /// Full-time grid member.
    #[sea_orm(string_value = "FULL_TIME")]
    FullTime,
    /// Part-time grid member.
    #[sea_orm(string_value = "PART_TIME")]
    PartTime,
    /// Grid adviser.
    #[sea_orm(string_value = "ADVISER")]
    Adviser,
    /// One of the N: active resident, in-service worker, rider or other helper.
    #[sea_orm(string_value = "HELPER")]
    Helper,
}

/// The list of [`GridRole`] with its labels.
pub const GRID_ROLE: CodeList = CodeList {
    name: "GridRole",
    description: "What somebody is to a grid",
    standard: "1+3+N grid team of Chongqing",
    codes: &[
        Code { value: "HEAD", code: "1", chinese: "网格长", english: "Grid head" },
        Code { value: "FULL_TIME", code: "2", chinese: "专职网格员", english: "Full-time grid member" },
        Code { value: "PART_TIME", code: "3", chinese: "兼职网格员", english: "Part-time grid member" },
        Code { value: "ADVISER", code: "4", chinese: "网格指导员", english: "Grid adviser" },
        Code {
            value: "HELPER",
            code: "5",
            chinese: "其他力量",
            english: "One of the N: active resident, in-service worker, rider or other helper",
        },
    ],
};

/// How service in a grid is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum PayKind {
    /// Salary.
    #[sea_orm(string_value = "SALARY")]
    Salary,
    /// Points.
    #[sea_orm(string_value = "POINTS")]
    Points,
    /// Nothing.
    #[sea_orm(string_value = "NONE")]
    None,
}

/// The list of [`PayKind`] with its labels.
pub const PAY_KIND: CodeList = CodeList {
    name: "PayKind",
    description: "How service in a grid is paid",
    standard: "",
    codes: &[
        Code { value: "SALARY", code: "1", chinese: "工资", english: "Salary" },
        Code { value: "POINTS", code: "2", chinese: "积分", english: "Points" },
        Code { value: "NONE", code: "3", chinese: "无报酬", english: "Nothing" },
    ],
};

/// Part that a department takes in a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum TaskRole {
    /// Leads.
    #[sea_orm(string_value = "LEAD")]
    Lead,
    /// Assists.
    #[sea_orm(string_value = "ASSIST")]
    Assist,
}

/// The list of [`TaskRole`] with its labels.
pub const TASK_ROLE: CodeList = CodeList {
    name: "TaskRole",
    description: "Part that a department takes in a case",
    standard: "",
    codes: &[
        Code { value: "LEAD", code: "1", chinese: "主办", english: "Leads" },
        Code { value: "ASSIST", code: "2", chinese: "协办", english: "Assists" },
    ],
};

/// State of a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum TaskState {
    /// Assigned, not yet taken up.
    #[sea_orm(string_value = "ASSIGNED")]
    Assigned,
    /// In progress.
    #[sea_orm(string_value = "IN_PROGRESS")]
    InProgress,
    /// On hold, as its case is.
    #[sea_orm(string_value = "SUSPENDED")]
    Suspended,
    /// Done.
    #[sea_orm(string_value = "DONE")]
    Done,
    /// Sent back as not the department's own.
    #[sea_orm(string_value = "RETURNED")]
    Returned,
    /// Taken away: the case went elsewhere or was void.
    #[sea_orm(string_value = "CANCELLED")]
    Cancelled,
}

/// The list of [`TaskState`] with its labels.
pub const TASK_STATE: CodeList = CodeList {
    name: "TaskState",
    description: "State of a task",
    standard: "",
    codes: &[
        Code { value: "ASSIGNED", code: "1", chinese: "待签收", english: "Assigned, not yet taken up" },
        Code { value: "IN_PROGRESS", code: "2", chinese: "处置中", english: "In progress" },
        Code { value: "SUSPENDED", code: "3", chinese: "已挂起", english: "On hold, as its case is" },
        Code { value: "DONE", code: "4", chinese: "已完成", english: "Done" },
        Code { value: "RETURNED", code: "5", chinese: "已退回", english: "Sent back as not the department's own" },
        Code { value: "CANCELLED", code: "6", chinese: "已取消", english: "Taken away: the case went elsewhere or was void" },
    ],
};

impl TaskState {
    /// True while there is something to do.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Assigned | Self::InProgress | Self::Suspended)
    }
}
