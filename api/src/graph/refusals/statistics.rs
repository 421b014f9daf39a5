//! Groups and measures.

use super::{GraphError, Text, bad_input};

pub(in crate::graph) fn one_kind_of_group() -> GraphError {
    bad_input(Text::new(
        "Each item of `groupBy` names exactly one of `field`, `region` and `time`.",
        "`groupBy` 的每一项只能给出 `field`、`region`、`time` 之一。",
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

pub(in crate::graph) fn ordered_but_not_grouped(name: &str) -> GraphError {
    bad_input(Text::new(format!("Groups are ordered by {name}, but not grouped by it."), format!("各组按 {name} 排序，却没有按它分组。")))
}

pub(in crate::graph) fn no_group_field(name: &str) -> GraphError {
    bad_input(Text::new(format!("There is no field {name} to group by."), format!("没有可用于分组的字段 {name}。")))
}
