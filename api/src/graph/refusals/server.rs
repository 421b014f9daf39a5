//! What the server could not do.

use super::{ErrorCode, GraphError, Text};

pub(in crate::graph) fn answer_too_large(most: usize) -> GraphError {
    let message = Text::new(format!("The answer is larger than {most} bytes."), format!("应答超过 {most} 个字节。"));
    GraphError::new(ErrorCode::AnswerTooLarge, message).hint(Text::new("Ask for fewer rows or fields.", "请减少行数或字段。"))
}

pub(in crate::graph) fn timeout() -> GraphError {
    let message = Text::new("The answer took longer than allowed.", "应答用时超过了允许的时间。");
    GraphError::new(ErrorCode::Timeout, message)
        .hint(Text::new("Ask for fewer rows, or filter by a region or a date.", "请减少行数，或按区划、日期筛选。"))
}

pub(in crate::graph) fn busy() -> GraphError {
    let message = Text::new("The server is busy.", "服务器繁忙。");
    GraphError::new(ErrorCode::Unavailable, message).hint(Text::new("Try again in a moment.", "请稍后再试。"))
}

pub(in crate::graph) fn unreachable() -> GraphError {
    let message = Text::new("The database does not answer.", "数据库没有应答。");
    GraphError::new(ErrorCode::Unavailable, message).hint(Text::new("Try again in a moment.", "请稍后再试。"))
}

pub(in crate::graph) fn unrecorded() -> GraphError {
    let message = Text::new(
        "The answer holds personal data, and the audit log cannot note at present that it is given.",
        "应答包含个人信息，而审计日志目前无法记录此次查阅。",
    );
    GraphError::new(ErrorCode::AuditUnavailable, message).hint(Text::new("Try again in a moment.", "请稍后再试。"))
}

pub(in crate::graph) fn failed() -> GraphError {
    let message = Text::new("The server could not answer.", "服务器无法应答。");
    GraphError::new(ErrorCode::Internal, message)
        .hint(Text::new("Quote the requestId to the administrator.", "请将 requestId 告知管理员。"))
}
