//! Documents, operations and variables.

use super::{ErrorCode, GraphError, Text, bad_input};

pub(in crate::graph) fn too_many_bytes(bytes: usize, most: usize) -> GraphError {
    GraphError::new(
        ErrorCode::DocumentTooLarge,
        Text::new(
            format!("The document has {bytes} bytes; at most {most} are allowed."),
            format!("查询文档有 {bytes} 个字节，最多允许 {most} 个。"),
        ),
    )
}

pub(in crate::graph) fn too_many_tokens(most: usize) -> GraphError {
    let message = Text::new(format!("The document has more than {most} tokens."), format!("查询文档的词法单元超过 {most} 个。"));
    GraphError::new(ErrorCode::DocumentTooLarge, message)
}

pub(in crate::graph) fn too_deep(depth: usize, most: usize) -> GraphError {
    let message = Text::new(
        format!("The document is nested {depth} levels deep; at most {most} are allowed."),
        format!("查询文档嵌套了 {depth} 层，最多允许 {most} 层。"),
    );
    GraphError::new(ErrorCode::TooDeep, message).hint(Text::new("Ask in two requests, or leave out levels.", "请分两次查询，或减少层级。"))
}

pub(in crate::graph) fn too_many_selections(selections: usize, most: usize) -> GraphError {
    let message = Text::new(
        format!("The document selects {selections} fields once its fragments are put in; at most {most} are allowed."),
        format!("展开片段后，查询文档选取了 {selections} 个字段，最多允许 {most} 个。"),
    );
    GraphError::new(ErrorCode::TooWide, message)
        .hint(Text::new("Check for fragments that include each other more than once.", "请检查是否有片段多次相互引用。"))
}

pub(in crate::graph) fn too_many_aliases(aliases: usize, most: usize) -> GraphError {
    let message = Text::new(
        format!("The document has {aliases} aliases; at most {most} are allowed."),
        format!("查询文档有 {aliases} 个别名，最多允许 {most} 个。"),
    );
    GraphError::new(ErrorCode::TooWide, message).hint(Text::new(
        "Ask for many rows by `in` or `nodes` instead of one alias each.",
        "需要多行时请用 `in` 或 `nodes`，不要每行一个别名。",
    ))
}

/// The compiler's finding, whose sentence is English.
pub(in crate::graph) fn not_graphql(code: ErrorCode, finding: &str) -> GraphError {
    let frame = match code {
        ErrorCode::ParseFailed => "文档不是有效的 GraphQL",
        ErrorCode::TooDeep => "查询文档嵌套过深",
        ErrorCode::BadInput => "变量的值与其类型不符",
        _ => "查询文档与 schema 不符",
    };
    GraphError::new(code, Text::new(finding.to_owned(), format!("{frame}：{finding}")))
}

pub(in crate::graph) fn not_valid(code: ErrorCode) -> GraphError {
    GraphError::new(code, Text::new("The document is not valid.", "查询文档无效。"))
}

/// The hint that the document has more findings than the one that is told.
pub(in crate::graph) fn more_findings(count: usize) -> Text {
    Text::new(
        format!("The document has {count} findings; this is the first to mend."),
        format!("查询文档共有 {count} 处问题，请先改正这一处。"),
    )
}

pub(in crate::graph) fn no_operation(name: Option<&str>, known: &str) -> GraphError {
    let message = match name {
        Some(name) => Text::new(format!("The document has no operation named {name:?}."), format!("查询文档中没有名为 {name:?} 的操作。")),
        None => Text::new(
            "The document has several operations, or none; name the one to run in `operationName`.",
            "查询文档中有多个操作或没有操作，请用 `operationName` 指明要执行的操作。",
        ),
    };
    let hint = Text::new(format!("The document's operations: {known}."), format!("文档中的操作：{known}。"));
    GraphError::new(ErrorCode::OperationNotFound, message).hint(hint)
}

pub(in crate::graph) fn change_by_get() -> GraphError {
    let message = Text::new("A GET request can only run a query.", "GET 请求只能执行查询。");
    GraphError::new(ErrorCode::ChangeNotAllowed, message).hint(Text::new("Send the operation by POST.", "请用 POST 发送该操作。"))
}

pub(in crate::graph) fn change_explained() -> GraphError {
    let message = Text::new("Only a query can be explained.", "只能说明查询。");
    GraphError::new(ErrorCode::ChangeNotAllowed, message)
}

pub(in crate::graph) fn no_code_list(name: &str, known: &str) -> GraphError {
    bad_input(Text::new(format!("There is no code list named {name:?}."), format!("没有名为 {name:?} 的代码表。")))
        .hint(Text::new(format!("The lists: {known}."), format!("现有代码表：{known}。")))
}
