//! The words of reasons, and of questions that name nothing.

use chrono::{DateTime, SecondsFormat, Utc};
use entities::region_code::RegionCode;

use super::{ErrorCode, GraphError, Text};
use crate::policy::Shown;

pub(in crate::graph) fn no_type(name: &str) -> GraphError {
    let message = Text::new(format!("There is no type {name:?}."), format!("没有类型 {name:?}。"));
    GraphError::new(ErrorCode::BadInput, message).hint(where_names_are())
}

pub(in crate::graph) fn no_field(type_name: &str, name: &str) -> GraphError {
    let message = Text::new(format!("{type_name} has no field {name:?}."), format!("{type_name} 没有字段 {name:?}。"));
    GraphError::new(ErrorCode::BadInput, message).hint(where_names_are())
}

/// No refusal tells a name that was not sent.
fn where_names_are() -> Text {
    let hint = "me { permissions { type fields { name } } } lists what you may ask about.";
    Text::new(hint.to_owned(), "me { permissions { type fields { name } } } 列出您可以询问的类型和字段。".to_owned())
}

pub(in crate::graph) fn hidden(type_name: &str) -> Text {
    Text::new(format!("There is no such {type_name}, or none that you may know of."), format!("没有这样的 {type_name}，或您无权知晓。"))
}

pub(in crate::graph) fn no_rows(type_name: &str) -> Text {
    Text::new(
        format!("You know of no row of {type_name}, so of none of its fields."),
        format!("您无权知晓任何 {type_name} 行，因此也看不到其字段。"),
    )
}

pub(in crate::graph) fn masked(field: &str, mask: &str) -> Text {
    Text::new(format!("You are shown what the mask \"{mask}\" leaves of {field}."), format!("您只能看到 {field} 经“{mask}”脱敏后的内容。"))
}

/// Of no row in particular: masked on all rows or on some, and shown in full on some others or nowhere.
pub(in crate::graph) fn masked_in_part(field: &str, mask: &str, in_full: bool, everywhere: bool) -> Text {
    match (in_full, everywhere) {
        (false, true) => masked(field, mask),
        (false, false) => Text::new(
            format!("You are shown what the mask \"{mask}\" leaves of {field} on some rows, and nothing of it on others."),
            format!("部分行的 {field} 经“{mask}”脱敏后显示，其余不显示。"),
        ),
        (true, true) => Text::new(
            format!("You are shown {field} in full on some rows, and what the mask \"{mask}\" leaves of it on the others."),
            format!("部分行的 {field} 完整显示，其余经“{mask}”脱敏后显示。"),
        ),
        (true, false) => Text::new(
            format!(
                "You are shown {field} in full on some rows, what the mask \"{mask}\" leaves of it on others, and nothing on the rest."
            ),
            format!("部分行的 {field} 完整显示，部分经“{mask}”脱敏后显示，其余不显示。"),
        ),
    }
}

pub(in crate::graph) fn verdict(field: &str, shown: Shown) -> Text {
    match shown {
        Shown::Full => Text::new(format!("You are shown {field} in full."), format!("您可以看到完整的 {field}。")),
        Shown::Masked => Text::new(format!("You are shown {field} masked on some rows."), format!("部分行的 {field} 以脱敏形式显示。")),
        Shown::SomeRows => Text::new(format!("You are shown {field} on some rows only."), format!("您只能看到部分行的 {field}。")),
        Shown::Nowhere => Text::new(format!("{field} is withheld from you."), format!("{field} 不向您显示。")),
    }
}

pub(in crate::graph) fn unbound(words: &str) -> Text {
    Text::new(format!("Does nothing: nothing is said of {words}."), format!("不起作用：缺少 {words} 的限定。"))
}

pub(in crate::graph) fn ended(until: &str) -> Text {
    Text::new(format!("Does nothing any more: it has ended ({until})."), format!("不再起作用：已于 {until} 到期。"))
}

pub(in crate::graph) fn elsewhere() -> Text {
    Text::new("Does nothing here: it holds in other regions only.", "此处不起作用：仅适用于其他区划。")
}

pub(in crate::graph) fn rows_only(field: &str) -> Text {
    Text::new(format!("Gives rows, but not {field}."), format!("给出行，但不含 {field}。"))
}

pub(in crate::graph) fn public(field: &str) -> Text {
    Text::new(format!("{field} is public and comes with the row."), format!("{field} 为公开字段，随行一并显示。"))
}

pub(in crate::graph) fn gives(field: &str, word: &str, line: &str, not_on: &[&str]) -> Text {
    Text::new(
        format!("Shows {field} by \"{word}\" ({line}){}.", except(not_on)),
        format!("通过 \"{word}\"（{line}）显示 {field}{}。", except_in_chinese(not_on)),
    )
}

pub(in crate::graph) fn masks(field: &str, mask: &str, word: &str, line: &str, not_on: &[&str]) -> Text {
    Text::new(
        format!("Masks {field} as \"{mask}\" by \"{word}\" ({line}){}.", except(not_on)),
        format!("通过 \"{word}\"（{line}）以“{mask}”方式脱敏显示 {field}{}。", except_in_chinese(not_on)),
    )
}

/// What an agreement does, for what and by what basis; `unstated` if its purpose would have to be stated.
pub(in crate::graph) fn agreed(
    field: &str,
    regions: &[RegionCode],
    (purpose, basis): (&str, &str),
    until: DateTime<Utc>,
    unstated: bool,
) -> Text {
    let regions = regions.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let until = until.to_rfc3339_opts(SecondsFormat::Secs, true);
    let (unless, unless_in_chinese) = if unstated { (" once that purpose is stated", "（须声明该目的）") } else { ("", "") };
    Text::new(
        format!("Shows {field} in {regions} until {until} for {purpose}{unless}, by {basis}."),
        format!("依据 {basis}，为 {purpose}{unless_in_chinese}，在 {until} 之前显示 {regions} 的 {field}。"),
    )
}

pub(in crate::graph) fn takes(field: &str, word: &str, line: &str) -> Text {
    Text::new(
        format!("Takes {field} by \"{word}\" ({line}); a deny wins over every grant."),
        format!("通过 \"{word}\"（{line}）禁止显示 {field}；禁止优先于一切授权。"),
    )
}

pub(in crate::graph) fn grant_needed(role: &str, rows: &str, labels: &[&str]) -> Text {
    let keys: String = labels.iter().map(|label| format!(", {label} = true")).collect();
    Text::new(
        format!("a grant to {role} that names the field, with rows = [{rows}]{keys}"),
        format!("需要一项授予 {role} 且包含该字段的授权：rows = [{rows}]{keys}"),
    )
}

pub(in crate::graph) fn bounds_needed(line: &str, words: &str) -> Text {
    Text::new(format!("for the grant of {line}: that something is said of {words}"), format!("{line} 的授权需要 {words} 的限定"))
}

pub(in crate::graph) fn deny_in_the_way(line: &str) -> Text {
    Text::new(format!("that the deny of {line} goes"), format!("需要取消 {line} 的禁止"))
}

/// The rows on which a grant does not hold, for want of a key.
fn except(not_on: &[&str]) -> String {
    let rows = |label: &&str| match *label {
        "minors" => "; not of people under 14",
        "protected" => "; not of protected persons",
        _ => "; not with a sensitive code",
    };
    not_on.iter().map(rows).collect()
}

fn except_in_chinese(not_on: &[&str]) -> String {
    let rows = |label: &&str| match *label {
        "minors" => "；不含不满十四周岁者",
        "protected" => "；不含受保护人员",
        _ => "；不含敏感代码的行",
    };
    not_on.iter().map(rows).collect()
}
