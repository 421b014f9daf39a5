//! Pages, orders, cursors, counts and the node budget.

use super::{ErrorCode, GraphError, Text, bad_input};

pub(in crate::graph) fn first_and_last() -> GraphError {
    bad_input(Text::new(
        "Give `first` or `last`, not both: they ask for two different pages.",
        "`first` 和 `last` 只能给一个：它们要的是两个不同的页。",
    ))
}

pub(in crate::graph) fn page_too_large(size: usize, most: usize) -> GraphError {
    let message = Text::new(
        format!("A page of {size} rows was asked for; at most {most} are allowed."),
        format!("一页要求 {size} 行，最多允许 {most} 行。"),
    );
    GraphError::new(ErrorCode::PageTooLarge, message)
        .hint(Text::new("Follow `pageInfo.endCursor` with `after`.", "请用 `after` 接着 `pageInfo.endCursor` 继续取下一页。"))
}

pub(in crate::graph) fn no_page_size(size: i64) -> GraphError {
    bad_input(Text::new(format!("A page cannot have {size} rows."), format!("一页不能有 {size} 行。")))
}

pub(in crate::graph) fn no_order_field(name: &str) -> GraphError {
    bad_input(Text::new(format!("{name} is no field to order by."), format!("{name} 不是可用于排序的字段。")))
}

pub(in crate::graph) fn ordered_twice(name: &str) -> GraphError {
    bad_input(Text::new(format!("The order names {name} twice."), format!("排序中 {name} 出现了两次。")))
}

pub(in crate::graph) fn no_cursor() -> GraphError {
    let message = Text::new("This is no cursor of this list.", "这不是此列表的游标。");
    GraphError::new(ErrorCode::CursorInvalid, message)
        .hint(Text::new("Take cursors from `pageInfo` or `edges`.", "请使用 `pageInfo` 或 `edges` 给出的游标。"))
}

pub(in crate::graph) fn cursor_of_another_order() -> GraphError {
    let message = Text::new("The cursor belongs to another order.", "该游标属于另一种排序。");
    GraphError::new(ErrorCode::CursorMismatch, message)
        .hint(Text::new("Keep `orderBy` the same from page to page.", "翻页时请保持 `orderBy` 不变。"))
}

pub(in crate::graph) fn cursor_of_other_groups() -> GraphError {
    let message = Text::new("The cursor belongs to other groups.", "该游标属于另一种分组。");
    GraphError::new(ErrorCode::CursorMismatch, message)
        .hint(Text::new("Keep `groupBy` and `orderBy` the same from page to page.", "翻页时请保持 `groupBy` 和 `orderBy` 不变。"))
}

pub(in crate::graph) fn count_limit() -> GraphError {
    bad_input(Text::new("The limit of a count must lie between 0 and 10,000,000.", "计数的上限必须在 0 到 10,000,000 之间。"))
}

/// `figures` has the nodes of each path.
pub(in crate::graph) fn too_costly(total: u64, most: u64, figures: &str) -> GraphError {
    let message = Text::new(
        format!("The pages could hold {total} nodes; at most {most} are allowed ({figures})."),
        format!("各页合计可能有 {total} 个节点，最多允许 {most} 个（{figures}）。"),
    );
    GraphError::new(ErrorCode::TooCostly, message).hint(Text::new("Ask for smaller pages with `first`.", "请用 `first` 要更小的页。"))
}

pub(in crate::graph) fn too_many_joins(most: usize) -> GraphError {
    let message =
        Text::new(format!("More than {most} to-one relations hang on one list."), format!("一个列表上的对一关系超过 {most} 个。"));
    GraphError::new(ErrorCode::TooWide, message)
}
