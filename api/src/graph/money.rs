//! Amounts of money: whole fen in the database, yuan with two decimals outside, never a binary fraction.

use serde_json::Value;

/// The most digits before the point: fen stay exact also where a bound is compared as a number with a fraction.
const MOST_DIGITS: usize = 13;

/// The fen of an amount in yuan: text, or a whole number. None for anything else.
pub(super) fn fen(value: &Value) -> Option<i64> {
    match value {
        Value::String(text) => fen_of_text(text),
        Value::Number(number) => number.as_i64().and_then(|yuan| fen_of_text(&yuan.to_string())),
        _ => None,
    }
}

fn fen_of_text(text: &str) -> Option<i64> {
    let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let sound = |part: &str, most: usize| (1..=most).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    if !sound(whole, MOST_DIGITS) || !sound(fraction, 2) {
        return None;
    }
    let fen = whole.parse::<i64>().ok()? * 100 + format!("{fraction:0<2}").parse::<i64>().ok()?;
    Some(if negative { -fen } else { fen })
}

/// The amount in yuan, with two decimals.
pub(super) fn yuan(fen: i64) -> String {
    let amount = fen.unsigned_abs();
    format!("{}{}.{:02}", if fen < 0 { "-" } else { "" }, amount / 100, amount % 100)
}

/// The amount in yuan of a mean in fen, rounded to the nearest whole fen, halves away from zero.
pub(super) fn yuan_of_mean(fen: f64) -> String {
    yuan(fen.round() as i64)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn only_exact_amounts_are_read() {
        for (value, expected) in [
            (json!("12.34"), Some(1_234)),
            (json!("12.3"), Some(1_230)),
            (json!("-0.05"), Some(-5)),
            (json!("007"), Some(700)),
            (json!(12), Some(1_200)),
            (json!("12.345"), None),
            (json!("12."), None),
            (json!(".5"), None),
            (json!("1e3"), None),
            (json!("+1"), None),
            (json!(""), None),
            (json!("-"), None),
            (json!(12.34), None),
            (json!("12345678901234"), None),
            (json!(i64::MIN), None),
            (json!(true), None),
        ] {
            assert_eq!(fen(&value), expected, "{value}");
        }
    }

    #[test]
    fn means_are_rounded_to_whole_fen() {
        assert_eq!(yuan_of_mean(100.5), "1.01");
        assert_eq!(yuan_of_mean(-100.5), "-1.01");
        assert_eq!(yuan_of_mean(0.4), "0.00");
    }

    proptest! {
        #[test]
        fn an_amount_is_read_back(amount in -99_999_999_999_999i64..=99_999_999_999_999) {
            prop_assert_eq!(fen(&json!(yuan(amount))), Some(amount));
        }
    }
}
