//! The words of reasons, and of questions that name nothing.

use super::{ErrorCode, GraphError, Text};
use crate::policy::{Shown, hint};

pub(in crate::graph) fn no_type<'k>(name: &str, known: impl Iterator<Item = &'k str>) -> GraphError {
    let message = Text::new(format!("There is no type {name:?}."), format!("没有类型 {name:?}。"));
    GraphError::new(ErrorCode::BadInput, message).hint(did_you_mean(name, known))
}

pub(in crate::graph) fn no_field<'k>(type_name: &str, name: &str, known: impl Iterator<Item = &'k str>) -> GraphError {
    let message = Text::new(format!("{type_name} has no field {name:?}."), format!("{type_name} 没有字段 {name:?}。"));
    GraphError::new(ErrorCode::BadInput, message).hint(did_you_mean(name, known))
}

/// Names of the schema are no secret, and here they are what is asked about.
fn did_you_mean<'k>(name: &str, known: impl Iterator<Item = &'k str>) -> Text {
    let hint = hint(name, known);
    Text::new(hint.clone(), format!("提示：{hint}"))
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
