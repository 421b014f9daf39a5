//! The languages that answers speak, and texts in all of them.
//!
//! Error codes, names and log lines stay as they are; what people read of an error is in the language they ask for.

use std::borrow::Cow;

use serde::Deserialize;

/// A language of messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Deserialize)]
pub enum Language {
    /// English.
    #[default]
    #[serde(rename = "en")]
    English,
    /// Chinese in simplified characters.
    #[serde(rename = "zh")]
    Chinese,
}

impl Language {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::English, Self::Chinese];

    /// The tag in `Content-Language` (RFC 5646).
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh-CN",
        }
    }

    /// The language that values of `Accept-Language` prefer (RFC 9110, section 12.5.4), or `default` where they name none
    /// of ours.
    ///
    /// Each language weighs as the most specific range that fits it says: `zh-Hans-CN`, `zh-CN` and `zh` all fit Chinese,
    /// `*` fits those that nothing else fits. Of two that weigh the same the one named first is taken.
    pub fn accepted<'v>(values: impl Iterator<Item = &'v str>, default: Self) -> Self {
        let ranges: Vec<(Option<Self>, u16)> = values.flat_map(|value| value.split(',')).filter_map(range).collect();
        let any = ranges.iter().find(|(language, _)| language.is_none()).map(|(_, quality)| *quality);
        let named = |wanted: Self| ranges.iter().filter(|(language, _)| *language == Some(wanted)).map(|(_, quality)| *quality).max();
        let mut order: Vec<Self> = ranges.iter().filter_map(|(language, _)| *language).collect();
        order.extend([default].into_iter().chain(Self::ALL));
        let mut best = (default, 0);
        for language in order {
            let quality = named(language).or(any).unwrap_or(0);
            if quality > best.1 {
                best = (language, quality);
            }
        }
        best.0
    }
}

/// A range of `Accept-Language`: the language of ours that it fits, None for `*`, and its quality in thousandths. Ranges
/// of other languages, and of Chinese in traditional characters, fit none.
fn range(text: &str) -> Option<(Option<Language>, u16)> {
    let mut parts = text.split(';').map(str::trim);
    let tag = parts.next()?.to_ascii_lowercase();
    let quality = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
    let quality = quality.map_or(1.0, |text| text.trim().parse::<f32>().unwrap_or(0.0).clamp(0.0, 1.0));
    let quality = (quality * 1000.0).round() as u16;
    let mut subtags = tag.split('-');
    let language = match subtags.next()? {
        "*" => None,
        "en" => Some(Language::English),
        "zh" | "cmn" if subtags.all(|subtag| !matches!(subtag, "hant" | "tw" | "hk" | "mo")) => Some(Language::Chinese),
        _ => return None,
    };
    Some((language, quality))
}

/// A text in every language. It cannot be made without one of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    english: Cow<'static, str>,
    chinese: Cow<'static, str>,
}

impl Text {
    /// The text, worded in each language.
    pub fn new(english: impl Into<Cow<'static, str>>, chinese: impl Into<Cow<'static, str>>) -> Self {
        let (english, chinese) = (english.into(), chinese.into());
        debug_assert!(chinese.chars().any(is_chinese), "{english:?} has no Chinese wording, but {chinese:?}");
        Self { english, chinese }
    }

    /// A word of a protocol, which programs compare: the same in every language.
    pub const fn protocol(word: &'static str) -> Self {
        Self { english: Cow::Borrowed(word), chinese: Cow::Borrowed(word) }
    }

    /// The wording in a language.
    pub fn wording(&self, language: Language) -> &str {
        match language {
            Language::English => &self.english,
            Language::Chinese => &self.chinese,
        }
    }
}

/// True for a character of the Chinese script.
pub fn is_chinese(letter: char) -> bool {
    matches!(letter, '\u{4E00}'..='\u{9FFF}' | '\u{3400}'..='\u{4DBF}' | '\u{20000}'..='\u{3FFFF}')
}

#[cfg(test)]
mod tests {
    use super::Language::{Chinese, English};
    use super::*;

    #[test]
    fn the_most_welcome_language_is_spoken() {
        let cases: &[(&[&str], Language)] = &[
            (&[], English),
            (&[""], English),
            (&["*"], English),
            (&["zh"], Chinese),
            (&["ZH-cn"], Chinese),
            (&["zh-Hans"], Chinese),
            (&["zh-Hans-CN"], Chinese),
            (&["cmn-Hans"], Chinese),
            (&["zh-TW"], English),
            (&["zh-Hant, zh;q=0.5"], Chinese),
            (&["en-GB"], English),
            (&["zh-CN,zh;q=0.9,en;q=0.8"], Chinese),
            (&["en-US,en;q=0.9,zh-CN;q=0.8"], English),
            (&["en;q=0.5, zh;q=0.8"], Chinese),
            (&["en;q=0.5", "zh;q=0.8"], Chinese),
            (&["fr, zh;q=0.1"], Chinese),
            (&["fr"], English),
            (&["fr, *;q=0.5"], English),
            (&["en;q=0, *"], Chinese),
            (&["en;q=0"], English),
            (&["zh;q=0"], English),
            (&["zh, en"], Chinese),
            (&["en, zh"], English),
            (&["zh;q=nonsense, en;q=0.1"], English),
            (&[";;,,q=1"], English),
        ];
        for (values, expected) in cases {
            assert_eq!(Language::accepted(values.iter().copied(), English), *expected, "{values:?}");
        }
        for values in [vec![], vec!["fr"], vec!["*"]] {
            assert_eq!(Language::accepted(values.iter().copied(), Chinese), Chinese, "{values:?}");
        }
        assert_eq!(Language::accepted(["en"].into_iter(), Chinese), English);
    }
}
