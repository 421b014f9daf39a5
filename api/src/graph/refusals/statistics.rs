//! Groups and measures.

use super::{GraphError, Text, bad_input};

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
