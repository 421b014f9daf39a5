//! Filters and the values in them.

use entities::region_code::NotARegionCode;
use serde_json::Value;

use super::{GraphError, Text, bad_input};

pub(in crate::graph) fn null_entry(name: &str) -> GraphError {
    bad_input(Text::new(
        format!("`{name}: null` says nothing; leave `{name}` out, or test with `isNull`."),
        format!("`{name}: null` 没有意义；请去掉 `{name}`，或用 `isNull` 判断。"),
    ))
}

pub(in crate::graph) fn null_operand(name: &str, operator: &str) -> GraphError {
    bad_input(Text::new(
        format!("`{name}: {{{operator}: null}}` compares with nothing; use `{name}: {{isNull: true}}`."),
        format!("`{name}: {{{operator}: null}}` 没有可比较的值；请用 `{name}: {{isNull: true}}`。"),
    ))
}

pub(in crate::graph) fn too_many_tests(most: usize) -> GraphError {
    bad_input(Text::new(format!("The filter holds more than {most} tests."), format!("筛选条件超过 {most} 个。")))
}

pub(in crate::graph) fn no_field(name: &str) -> GraphError {
    bad_input(Text::new(format!("There is no field {name} to filter by."), format!("没有可用于筛选的字段 {name}。")))
}

pub(in crate::graph) fn no_relation(name: &str) -> GraphError {
    bad_input(Text::new(format!("There is no relation {name}."), format!("没有关系 {name}。")))
}

/// A search in names that is not confined to a district.
pub(in crate::graph) fn search_too_wide(operator: &str, field: &str) -> GraphError {
    let message = Text::new(
        format!("`{operator}` on {field} searches at most one district."),
        format!("{field} 的 `{operator}` 最多只能在一个区县内搜索。"),
    );
    bad_input(message).hint(Text::new(
        "Add `region: { within: … }` with a district, street or community to the filter.",
        "请在筛选条件中加上 `region: { within: … }`，填写区县、街道或社区的代码。",
    ))
}

pub(in crate::graph) fn list_too_long(field: &str, items: usize, most: usize) -> GraphError {
    bad_input(Text::new(
        format!("The list for {field} has {items} items; at most {most} are allowed."),
        format!("{field} 的列表有 {items} 项，最多允许 {most} 项。"),
    ))
}

/// What a value must be.
#[derive(Clone, Copy)]
pub(in crate::graph) enum Wanted {
    Integer,
    Money,
    Number,
    Day,
    Instant,
    Text,
    Name,
}

impl Wanted {
    const fn wordings(self) -> (&'static str, &'static str) {
        match self {
            Self::Integer => ("an integer", "整数"),
            Self::Money => (
                "an amount in yuan as text, like \"1250.00\", with at most two decimals",
                "以文本表示的金额（元），例如 \"1250.00\"，最多两位小数",
            ),
            Self::Number => ("a number", "数字"),
            Self::Day => ("a day like \"2026-11-23\"", "日期，例如 \"2026-11-23\""),
            Self::Instant => ("an instant like \"2026-11-23T08:30:00Z\"", "时间，例如 \"2026-11-23T08:30:00Z\""),
            Self::Text => ("text without the character U+0000", "不含 U+0000 字符的文本"),
            Self::Name => ("part of a name, its pinyin or its initials", "姓名（名称）的一部分、拼音或拼音首字母"),
        }
    }
}

pub(in crate::graph) fn unfit(field: &str, value: &Value, wanted: Wanted) -> GraphError {
    let (english, chinese) = wanted.wordings();
    bad_input(Text::new(format!("{field} must be {english}, not {value}."), format!("{field} 必须是{chinese}，而不是 {value}。")))
}

pub(in crate::graph) fn no_region_code(field: &str, value: &Value) -> GraphError {
    bad_input(Text::new(
        format!("{field} must be a region code, not {value}: {NotARegionCode}."),
        format!(
            "{field} 必须是区划代码，而不是 {value}：区划代码有 12 位数字，网格有 15 位，为零的一段之下不能再有非零的段，例如 \"500103001002\"。"
        ),
    ))
}

pub(in crate::graph) fn id_of_another(text: &str, prefix: &str, register: &str) -> GraphError {
    bad_input(Text::new(
        format!("{text:?} is the id of a {prefix}, not of a {register}."),
        format!("{text:?} 是 {prefix} 的标识，不是 {register} 的标识。"),
    ))
}

pub(in crate::graph) fn no_id_of(text: &str, register: &str) -> GraphError {
    bad_input(Text::new(
        format!("{text:?} is no id; the id of a {register} looks like \"{register}_01h455vb4pex5vsknk084sn02q\"."),
        format!("{text:?} 不是标识；{register} 的标识形如 \"{register}_01h455vb4pex5vsknk084sn02q\"。"),
    ))
}

pub(in crate::graph) fn no_id(id: &Value) -> GraphError {
    bad_input(Text::new(
        format!("{id} is no id; ids look like \"person_01h455vb4pex5vsknk084sn02q\"."),
        format!("{id} 不是标识；标识形如 \"person_01h455vb4pex5vsknk084sn02q\"。"),
    ))
}

pub(in crate::graph) fn too_many_ids(count: usize, most: usize) -> GraphError {
    bad_input(Text::new(
        format!("{count} ids were given; at most {most} are allowed."),
        format!("给出了 {count} 个标识，最多允许 {most} 个。"),
    ))
}
