//! Groups and measures.

use super::{ErrorCode, GraphError, Text, bad_input};

pub(in crate::graph) fn one_kind_of_group() -> GraphError {
    bad_input(Text::new(
        "Each item of `groupBy` names exactly one of `field`, `region`, `time` and `of`; `of` names exactly one reference.",
        "`groupBy` 的每一项只能给出 `field`、`region`、`time`、`of` 之一；`of` 之内只能给出一个引用。",
    ))
}

pub(in crate::graph) fn no_level() -> GraphError {
    bad_input(Text::new("There is no such level of regions.", "没有这一区划级别。"))
}

pub(in crate::graph) fn grouped_twice() -> GraphError {
    bad_input(Text::new(
        "`groupBy` names the same field twice, or two levels of regions, or two periods.",
        "`groupBy` 中同一字段出现了两次，或有两个区划级别，或有两个时间段。",
    ))
}

pub(in crate::graph) fn too_many_steps(most: usize) -> GraphError {
    bad_input(Text::new(
        format!("`of` leads over more than {most} references; group by a row at most {most} away."),
        format!("`of` 经过的引用超过 {most} 个；最多只能按相隔 {most} 个引用的行分组。"),
    ))
}

pub(in crate::graph) fn ordered_but_not_grouped(name: &str) -> GraphError {
    bad_input(Text::new(format!("Groups are ordered by {name}, but not grouped by it."), format!("各组按 {name} 排序，却没有按它分组。")))
}

pub(in crate::graph) fn no_group_field(name: &str) -> GraphError {
    bad_input(Text::new(format!("There is no field {name} to group by."), format!("没有可用于分组的字段 {name}。")))
}

fn small_groups(message: Text) -> GraphError {
    GraphError::new(ErrorCode::SmallGroups, message).hint(Text::new(
        "You may count by a field here that you are not shown, so groups of fewer than 10 are kept back, and what could single out a row is refused.",
        "这里统计所用的字段中有不向您显示的，因此少于 10 行的组不予给出，可能指向单个行的查询也会被拒绝。",
    ))
}

/// Bounds on groups of a field that is not shown.
pub(in crate::graph) fn bounded_small_groups() -> GraphError {
    small_groups(Text::new(
        "Groups of a field that you are not shown cannot be bounded by `having`.",
        "不向您显示的字段，其分组不能用 `having` 限定。",
    ))
}

/// An order by a measure of groups of a field that is not shown.
pub(in crate::graph) fn ordered_small_groups() -> GraphError {
    small_groups(Text::new(
        "Groups of a field that you are not shown can be ordered by their keys alone.",
        "不向您显示的字段，其分组只能按分组键排序。",
    ))
}

/// A filter that could single out rows; `name` is what it asks about.
pub(in crate::graph) fn filtered_small_groups(name: &str) -> GraphError {
    small_groups(Text::new(
        format!("Statistics of a field that you are not shown cannot be filtered by {name}: only by codes, truth values and regions."),
        format!("不向您显示的字段，其统计不能按 {name} 筛选：只能按代码、真假值和区域筛选。"),
    ))
}
