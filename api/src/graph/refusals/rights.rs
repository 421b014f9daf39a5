//! Fields that a caller may not use so.

use super::{ErrorCode, GraphError, Text};

/// A use of a field that takes a right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::graph) enum Use {
    Filter,
    LookUp,
    Order,
    Group,
    Measure,
    Duplicates,
}

impl Use {
    const fn wordings(self) -> (&'static str, &'static str) {
        match self {
            Self::Filter => ("filter by", "筛选"),
            Self::LookUp => ("look up by", "查找"),
            Self::Order => ("order by", "排序"),
            Self::Group => ("group by", "分组"),
            Self::Measure => ("measure", "统计"),
            Self::Duplicates => ("search for duplicates by", "查重"),
        }
    }
}

/// The field may be used so on no row.
pub(in crate::graph) fn withheld(field: &str, wanted: Use) -> GraphError {
    let (english, chinese) = wanted.wordings();
    let message = Text::new(format!("You may not {english} {field}."), format!("您无权按 {field} {chinese}。"));
    GraphError::new(ErrorCode::FieldWithheld, message).hint(Text::new(
        "`me { permissions { type fields { name filter aggregate } } }` lists what you may use.",
        "`me { permissions { type fields { name filter aggregate } } }` 会列出您可以使用的字段。",
    ))
}

/// The field may be used so on some rows only; `name` is its enum value.
pub(in crate::graph) fn withheld_on_some_rows(field: &str, name: &str, wanted: Use) -> GraphError {
    let (english, chinese) = wanted.wordings();
    let message = Text::new(format!("You may not {english} every row's {field}."), format!("您无权按所有行的 {field} {chinese}。"));
    GraphError::new(ErrorCode::FieldWithheld, message).hint(Text::new(
        format!("You see it on some rows only: add `fullyVisible: [{name}]` to the filter to keep to those."),
        format!("您只能看到部分行的该字段：请在筛选条件中加上 `fullyVisible: [{name}]`，只取这些行。"),
    ))
}

/// A selected field is withheld, told as an error where the client wants that.
pub(in crate::graph) fn not_shown(field: &str, on_some_rows: bool) -> GraphError {
    let message = if on_some_rows {
        Text::new(format!("{field} is withheld on some rows."), format!("部分行的 {field} 未予显示。"))
    } else {
        Text::new(format!("{field} is withheld."), format!("{field} 未予显示。"))
    };
    GraphError::new(ErrorCode::FieldWithheld, message)
}

/// What the caller would need to be shown the field.
pub(in crate::graph) fn needed(on_some_rows: bool) -> Text {
    if on_some_rows {
        Text::new("a grant that names the field on the other rows too", "还需要一项在其他行上也包含该字段的授权")
    } else {
        Text::new("a grant that names the field or its class", "需要一项包含该字段或其类别的授权")
    }
}

/// What the caller would need to state to be shown the field.
pub(in crate::graph) fn purpose_needed(purposes: &str) -> Text {
    Text::new(
        format!("a stated purpose: the header Civigrid-Purpose with one of {purposes}"),
        format!("需要说明用途：请求头 Civigrid-Purpose 取以下之一：{purposes}"),
    )
}

/// The purpose that is stated is none that the policy lists.
pub(in crate::graph) fn no_purpose(known: &str) -> GraphError {
    let message = Text::new("The stated purpose is none that you may state.", "所述用途不在您可说明的用途之列。");
    let hint = if known.is_empty() {
        Text::new(
            "The policy lists no purpose: leave the header Civigrid-Purpose out.",
            "访问策略未列出任何用途：请不要发送 Civigrid-Purpose 请求头。",
        )
    } else {
        Text::new(format!("Civigrid-Purpose may be one of {known}."), format!("Civigrid-Purpose 可取：{known}。"))
    };
    GraphError::new(ErrorCode::PurposeUnknown, message).hint(hint)
}
