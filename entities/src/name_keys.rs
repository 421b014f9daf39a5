//! What a name is found by: the beginnings of these keys.
//!
//! 王小伟 with `wang xiaowei` has the keys 王小伟, 小伟, 伟, `wangxiaowei`, `xiaowei`, `wei`, `wxw`, `xw` and `wangxw`. Whoever
//! types the beginning of one of them finds the person, so that any part of the written name, any syllables from one on
//! and initials do. A register's keys stand in one column, divided by spaces, and whatever writes a name writes them by
//! [`of`]; the catalog's [`crate::catalog::Search`] tells from which columns.

use unicode_normalization::UnicodeNormalization;

use crate::pinyin;

/// Keys are cut to so many characters, and what is typed too.
pub const LONGEST: usize = 24;

/// Names longer than this are found by their beginning alone beyond it; it bounds the keys of one row.
const MOST_CHARACTERS: usize = 40;

/// A pinyin of more words is taken to have divided its syllables itself.
const MOST_DIVIDED: usize = 4;

/// The keys of a name and its pinyin, divided by spaces; the pinyin may be empty where there is none.
pub fn of(name: &str, pinyin: &str) -> String {
    let written: Vec<char> = letters(name).chars().take(MOST_CHARACTERS).collect();
    let mut keys: Vec<String> = (0..written.len()).map(|start| cut(&written[start..])).collect();
    let syllables = syllables(pinyin, written.len());
    for start in 0..syllables.len() {
        let rest = &syllables[start..];
        keys.push(cut(&rest.concat().chars().collect::<Vec<_>>()));
        keys.push(cut(&initials(rest)));
    }
    if let [first, rest @ ..] = syllables.as_slice() {
        keys.push(cut(&first.chars().chain(initials(rest)).collect::<Vec<_>>()));
    }
    without_beginnings(&keys).join(" ")
}

/// What is typed, as keys spell it; None if no letter, character or digit is in it.
pub fn needle(typed: &str) -> Option<String> {
    let typed: Vec<char> = letters(typed).chars().collect();
    (!typed.is_empty()).then(|| cut(&typed))
}

/// True if one of the keys begins so.
pub fn found(keys: &str, needle: &str) -> bool {
    keys.split(' ').any(|key| key.starts_with(needle))
}

/// Letters, characters and digits alone: small, without accents and tones, of full-width forms the plain ones, ü as v.
fn letters(text: &str) -> String {
    let plain = text.to_lowercase().replace("u:", "v");
    let composed: String = plain.nfkc().map(|letter| if matches!(letter, 'ü' | 'ǖ' | 'ǘ' | 'ǚ' | 'ǜ') { 'v' } else { letter }).collect();
    composed.nfkd().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The syllables of the words of a pinyin, divided as the number of characters asks for. A word that does not divide
/// stays whole, such as one of another language.
fn syllables(pinyin: &str, characters: usize) -> Vec<String> {
    let divided = |letter: char| letter.is_whitespace() || matches!(letter, '\'' | '’' | '-' | '·');
    let words: Vec<String> = pinyin.split(divided).map(letters).filter(|word| !word.is_empty()).take(MOST_CHARACTERS).collect();
    let divided = if words.len() <= MOST_DIVIDED { divide_all(&words, characters) } else { None };
    divided.unwrap_or(words)
}

/// Each word takes at least one of the characters; the last ones take what is left, so that a surname stays short.
fn divide_all(words: &[String], characters: usize) -> Option<Vec<String>> {
    let Some((word, rest)) = words.split_first() else { return (characters == 0).then(Vec::new) };
    for count in 1..=characters.checked_sub(rest.len())? {
        if let Some(syllables) = pinyin::divide(word, count)
            && let Some(tail) = divide_all(rest, characters - count)
        {
            return Some(syllables.into_iter().map(str::to_owned).chain(tail).collect());
        }
    }
    None
}

fn initials(syllables: &[String]) -> Vec<char> {
    syllables.iter().filter_map(|syllable| syllable.chars().next()).collect()
}

fn cut(letters: &[char]) -> String {
    letters.iter().take(LONGEST).collect()
}

/// A key that another one begins with finds nothing that the other does not.
fn without_beginnings(keys: &[String]) -> Vec<String> {
    let mut kept: Vec<String> = Vec::with_capacity(keys.len());
    for (position, key) in keys.iter().enumerate() {
        let other = |(place, other): (usize, &String)| place != position && other.starts_with(key) && (other != key || place < position);
        if !key.is_empty() && !keys.iter().enumerate().any(other) {
            kept.push(key.clone());
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_by_its_parts_its_pinyin_and_its_initials() {
        let keys = of("王小伟", "wang xiaowei");
        assert_eq!(keys, "王小伟 小伟 伟 wangxiaowei wxw xiaowei xw wei wangxw");
        for typed in
            ["王", "伟", "小伟", "王小", "wang", "WANG Xiaowei", "wangx", "xiaow", "wx", "wxw", "Wáng Xiǎo-wěi", "ｗａｎｇ", "wangxw"]
        {
            assert!(found(&keys, &needle(typed).expect(typed)), "{typed}");
        }
        for typed in ["张", "王伟", "wangwei", "ang", "xiaoweiw", "zh"] {
            assert!(!found(&keys, &needle(typed).expect(typed)), "{typed}");
        }
    }

    #[test]
    fn two_characters_have_every_key_too() {
        assert_eq!(of("王伟", "wang wei"), "王伟 伟 wangwei ww wei");
        assert_eq!(of("欧阳安", "ouyang an"), "欧阳安 阳安 安 ouyangan oya yangan an");
        assert_eq!(of("吕明安", "lü ming'an"), "吕明安 明安 安 lvmingan lma mingan ma an lvma");
    }

    #[test]
    fn strange_names_have_keys_without_spaces_or_none() {
        assert_eq!(of("", ""), "");
        assert_eq!(of("?!", "-"), "");
        assert_eq!(of("O'Hara Tess", ""), "oharatess haratess aratess ratess atess tess ess ss");
        assert_eq!(of("Smith", "smith"), "smith mith ith th h");
        assert!(!of(&"长".repeat(400), &"chang".repeat(400)).contains("  "));
        assert_eq!(needle(" '\u{0301}|:*\\ "), None);
        assert_eq!(needle(&"王".repeat(99)).map(|needle| needle.chars().count()), Some(LONGEST));
    }

    proptest::proptest! {
        #[test]
        fn a_name_is_found_by_itself(name in "\\PC{0,12}", pinyin in "[a-zü' ]{0,30}") {
            let keys = of(&name, &pinyin);
            for typed in [&name, &pinyin] {
                if let Some(needle) = needle(typed) {
                    proptest::prop_assert!(found(&keys, &needle), "{keys:?} {needle:?}");
                }
            }
            proptest::prop_assert!(keys.chars().all(|letter| letter == ' ' || letter.is_alphanumeric()), "{keys:?}");
        }
    }
}
