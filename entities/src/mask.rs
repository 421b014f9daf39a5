//! Masks: what may be shown of a value to those who may not read it in full. A mask keeps the type of its field.

use std::fmt;

use crate::codes::RegionLevel;

/// The most masks a field may have; a test holds the catalog to it.
pub const MOST_MASKS: usize = 2;

/// What is left of a value. The masks of one field form a chain, from the strictest to the mildest; on one row a caller
/// gets the mildest that one assignment gives, and never two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mask {
    /// A keyed token in place of the value: equal values have equal tokens, and nothing else can be told.
    Token,
    /// The family name, the rest starred: 王小伟 is 王**.
    FamilyName,
    /// The first three and the last four characters, the rest starred.
    Ends,
    /// The first and the last character, the rest starred.
    FirstAndLast,
    /// The first of January of the year.
    Year,
    /// The region of the level in which the place lies; of a point, that region's centre.
    Within(RegionLevel),
}

impl Mask {
    /// The word used in the policy file and the documents.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::FamilyName => "family_name",
            Self::Ends => "ends",
            Self::FirstAndLast => "first_and_last",
            Self::Year => "year",
            Self::Within(RegionLevel::Municipality) => "municipality",
            Self::Within(RegionLevel::District) => "district",
            Self::Within(RegionLevel::Street) => "street",
            Self::Within(RegionLevel::Community) => "community",
            Self::Within(RegionLevel::Grid) => "grid",
        }
    }

    /// What is left of the value, to complete "shows …".
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Token => "a keyed token in its place",
            Self::FamilyName => "the family name",
            Self::Ends => "the first three and last four characters",
            Self::FirstAndLast => "the first and last character",
            Self::Year => "the year",
            Self::Within(RegionLevel::Municipality) => "the municipality",
            Self::Within(RegionLevel::District) => "the district",
            Self::Within(RegionLevel::Street) => "the street",
            Self::Within(RegionLevel::Community) => "the community",
            Self::Within(RegionLevel::Grid) => "the grid",
        }
    }
}

/// Family names of two characters that are still borne; any other name begins with a family name of one.
const COMPOUND: &[&str] = &[
    "欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "令狐", "慕容", "宇文", "长孙", "司徒", "司空", "夏侯", "轩辕", "端木",
    "百里", "东郭", "南宫", "西门", "独孤", "呼延", "闻人", "澹台", "公冶", "太史", "申屠", "钟离", "鲜于", "闾丘", "拓跋",
];

/// What a mask leaves of a text: how it begins and ends, and so many stars between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Left<'a> {
    /// The beginning.
    pub head: &'a str,
    /// How many stars stand for the rest.
    pub stars: usize,
    /// The end.
    pub tail: &'a str,
}

impl fmt::Display for Left<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{:*<stars$}{}", self.head, "", self.tail, stars = self.stars)
    }
}

/// The family name with stars for the rest; names in letters keep their first letter. Always two stars, so that the
/// length tells nothing.
pub fn family_name(name: &str) -> Left<'_> {
    let stars = Left { head: "", stars: 2, tail: "" };
    // A name of one character would be shown whole.
    let Some((first, _)) = name.char_indices().nth(1) else { return stars };
    let compound = COMPOUND.iter().find(|compound| name.strip_prefix(**compound).is_some_and(|given| !given.is_empty()));
    Left { head: &name[..compound.map_or(first, |compound| compound.len())], ..stars }
}

/// The first three and the last four characters with stars between; of less than nine characters, stars alone.
pub fn ends(text: &str) -> Left<'_> {
    let place = |index: Option<(usize, char)>| index.map(|(place, _)| place);
    let (head, tail) = (place(text.char_indices().nth(3)), place(text.char_indices().nth_back(3)));
    match (head, tail, text.chars().nth(8)) {
        (Some(head), Some(tail), Some(_)) => Left { head: &text[..head], stars: 4, tail: &text[tail..] },
        _ => Left { head: "", stars: 4, tail: "" },
    }
}

/// The first and the last character with stars between; of less than three characters, stars alone.
pub fn first_and_last(text: &str) -> Left<'_> {
    let mut letters = text.char_indices();
    match (letters.next(), letters.next_back()) {
        (Some((_, first)), Some((last, _))) if last > first.len_utf8() => {
            let head = &text[..first.len_utf8()];
            Left { head, stars: text[head.len()..last].chars().count(), tail: &text[last..] }
        }
        _ => Left { head: "", stars: 2, tail: "" },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_family_name_is_kept_and_nothing_else() {
        let left = |name| family_name(name).to_string();
        assert_eq!(left("王小伟"), "王**");
        assert_eq!(left("欧阳丽"), "欧阳**");
        assert_eq!(left("欧阳"), "欧**");
        assert_eq!(left("王"), "**");
        assert_eq!(left("Anna Smith"), "A**");
        assert_eq!(left(""), "**");
    }

    #[test]
    fn a_short_number_shows_nothing() {
        assert_eq!(ends("13812345678").to_string(), "138****5678");
        assert_eq!(ends("１３８12345六七八九").to_string(), "１３８****六七八九");
        assert_eq!(ends("12345678").to_string(), "****");
        assert_eq!(first_and_last("510X").to_string(), "5**X");
        assert_eq!(first_and_last("五1六").to_string(), "五*六");
        assert_eq!(first_and_last("五10六").to_string(), "五**六");
        assert_eq!(first_and_last("51").to_string(), "**");
        assert_eq!(first_and_last("五六").to_string(), "**");
        assert_eq!(first_and_last("5").to_string(), "**");
        assert_eq!(first_and_last("").to_string(), "**");
    }
}
