//! Aggregates from a menu.

use entities::codes::{REGION_LEVEL, RegionLevel};
use entities::region_code::RegionCode;
use sea_orm::ActiveEnum;

use super::{ErrorCode, GraphError, Text, bad_input};

fn withheld(message: Text) -> GraphError {
    GraphError::new(ErrorCode::FieldWithheld, message).hint(Text::new(
        "`me { permissions { type menu menuRegions } }` lists whose aggregates you may ask for, and where.",
        "`me { permissions { type menu menuRegions } }` 会列出您可以查询哪些登记册的汇总数据以及范围。",
    ))
}

pub(in crate::graph) fn not_given(type_name: &str) -> GraphError {
    withheld(Text::new(format!("You may not ask for aggregates of {type_name}."), format!("您无权查询 {type_name} 的汇总数据。")))
}

pub(in crate::graph) fn not_given_there(type_name: &str, region: RegionCode) -> GraphError {
    withheld(Text::new(
        format!("You may not ask for aggregates of {type_name} in {region}."),
        format!("您无权查询 {region} 范围内 {type_name} 的汇总数据。"),
    ))
}

pub(in crate::graph) fn below_leaf(leaf: RegionLevel) -> GraphError {
    let name = leaf.to_value();
    let label = REGION_LEVEL.find(&name).map_or("", |code| code.chinese);
    bad_input(Text::new(
        format!("This menu tells nothing below the level {name}: `region` and `level` must be that or above."),
        format!("该汇总数据最细到{label}：`region` 和 `level` 必须是这一级或更高。"),
    ))
}

pub(in crate::graph) fn level_above_region(region: RegionCode) -> GraphError {
    bad_input(Text::new(
        format!("`level` is above the region {region}; it must be the region's own level or below."),
        format!("`level` 高于区域 {region} 的级别；它必须是该区域自身的级别或更低。"),
    ))
}
