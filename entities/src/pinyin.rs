//! Syllables of pinyin without tones: which there are, and where the words of a name divide into them.

use std::collections::HashSet;

/// Beginnings of syllables with the ends that go with each (GB/T 16159, ISO 7098). The first is the empty beginning; `v` stands for ü.
const SYLLABLES: &[(&str, &str)] = &[
    ("", "a o e ai ei ao ou an en ang eng er"),
    ("b", "a o ai ei ao an en ang eng i ie iao ian in ing u"),
    ("p", "a o ai ei ao ou an en ang eng i ie iao ian in ing u"),
    ("m", "a o e ai ei ao ou an en ang eng i ie iao iu ian in ing u"),
    ("f", "a o ei ou an en ang eng u"),
    ("d", "a e ai ei ao ou an en ang eng ong i ia ie iao iu ian ing u uo ui uan un"),
    ("t", "a e ai ao ou an ang eng ong i ie iao ian ing u uo ui uan un"),
    ("n", "a e ai ei ao ou an en ang eng ong i ie iao iu ian in iang ing u uo uan v ve ue"),
    ("l", "a o e ai ei ao ou an ang eng ong i ia ie iao iu ian in iang ing u uo uan un v ve ue"),
    ("g", "a e ai ei ao ou an en ang eng ong u ua uo uai ui uan un uang"),
    ("k", "a e ai ei ao ou an en ang eng ong u ua uo uai ui uan un uang"),
    ("h", "a e ai ei ao ou an en ang eng ong u ua uo uai ui uan un uang"),
    ("j", "i ia ie iao iu ian in iang ing iong u ue uan un"),
    ("q", "i ia ie iao iu ian in iang ing iong u ue uan un"),
    ("x", "i ia ie iao iu ian in iang ing iong u ue uan un"),
    ("zh", "a e ai ei ao ou an en ang eng ong i u ua uo uai ui uan un uang"),
    ("ch", "a e ai ao ou an en ang eng ong i u ua uo uai ui uan un uang"),
    ("sh", "a e ai ei ao ou an en ang eng i u ua uo uai ui uan un uang"),
    ("r", "e ao ou an en ang eng ong i u ua uo ui uan un"),
    ("z", "a e ai ei ao ou an en ang eng ong i u uo ui uan un"),
    ("c", "a e ai ao ou an en ang eng ong i u uo ui uan un"),
    ("s", "a e ai ao ou an en ang eng ong i u uo ui uan un"),
    ("y", "a e ao ou an ang i in ing ong u ue uan un"),
    ("w", "a o ai ei an en ang eng u"),
];

/// No syllable is longer.
const LONGEST: usize = 6;

/// The word divided into so many syllables, or None if it cannot be. The word is in small ASCII letters.
///
/// Pinyin writes an apostrophe before a syllable that begins with a vowel inside a word, so that without one `fangan` is
/// fan-gan. A division against that rule is taken only where there is no other.
pub fn divide(word: &str, count: usize) -> Option<Vec<&str>> {
    let strict = Divider { word, vowels: false, dead: HashSet::new() };
    let lax = Divider { word, vowels: true, dead: HashSet::new() };
    [strict, lax].into_iter().find_map(|mut divider| divider.from(0, count))
}

/// Looks for a division, longest syllables first, and remembers from where there is none.
struct Divider<'w> {
    word: &'w str,
    /// True if a syllable inside the word may begin with a vowel.
    vowels: bool,
    dead: HashSet<(usize, usize)>,
}

impl<'w> Divider<'w> {
    fn from(&mut self, start: usize, count: usize) -> Option<Vec<&'w str>> {
        let rest = self.word.get(start..)?;
        if rest.is_empty() || count == 0 {
            return (rest.is_empty() && count == 0).then(Vec::new);
        }
        if self.dead.contains(&(start, count)) {
            return None;
        }
        for length in (1..=rest.len().min(LONGEST)).rev() {
            let Some(head) = rest.get(..length).filter(|head| is_syllable(head)) else { continue };
            if (self.vowels || start == 0 || !head.starts_with(['a', 'o', 'e']))
                && let Some(mut tail) = self.from(start + length, count - 1)
            {
                tail.insert(0, head);
                return Some(tail);
            }
        }
        self.dead.insert((start, count));
        None
    }
}

fn is_syllable(text: &str) -> bool {
    SYLLABLES.iter().any(|(beginning, ends)| text.strip_prefix(beginning).is_some_and(|end| ends.split(' ').any(|known| known == end)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_divide_into_the_syllables_that_their_characters_ask_for() {
        for (word, syllables) in [
            ("wang", vec!["wang"]),
            ("weimin", vec!["wei", "min"]),
            ("xian", vec!["xian"]),
            ("xian", vec!["xi", "an"]),
            ("fangan", vec!["fan", "gan"]),
            ("ouyang", vec!["ou", "yang"]),
            ("jianguo", vec!["jian", "guo"]),
            ("shuangshuang", vec!["shuang", "shuang"]),
            ("nvlve", vec!["nv", "lve"]),
            ("maliya", vec!["ma", "li", "ya"]),
        ] {
            assert_eq!(divide(word, syllables.len()), Some(syllables));
        }
        for (word, count) in [("wang", 2), ("smith", 1), ("", 1), ("weimin", 0), ("王", 1), ("aaaaaaaaaaaaaaaa", 2)] {
            assert_eq!(divide(word, count), None, "{word}");
        }
        assert_eq!(divide("", 0), Some(Vec::new()));
        assert_eq!(divide(&"an".repeat(2_000), 300), None, "at once, not after all divisions were tried");
    }
}
