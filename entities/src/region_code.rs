//! The place of a row in today's region tree.

use std::fmt;
use std::str::FromStr;

use sea_orm::DeriveValueType;

use crate::codes::RegionLevel;

/// A region's code: 15 decimal digits, 2 province, 2 city, 2 county or district, 3 street or town,
/// 3 community or village, 3 grid; unused places are zero, so a subtree is one range of numbers.
///
/// Outward it is a text of 12 digits (the statistical code, GB/T 2260 extended) or, for a grid, 15.
/// It is the place in *today's* tree and is given by the tree; nothing but this file reads meaning into its digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, DeriveValueType)]
pub struct RegionCode(i64);

/// Why a text is not a region code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotARegionCode;

impl fmt::Display for NotARegionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a region code has 12 digits, or 15 for a grid, and no part below a part of zeros, like \"500103001002\"")
    }
}
impl std::error::Error for NotARegionCode {}

/// How many numbers one region of a level spans.
const fn width(level: RegionLevel) -> i64 {
    match level {
        RegionLevel::Municipality => 10_000_000_000_000,
        RegionLevel::District => 1_000_000_000,
        RegionLevel::Street => 1_000_000,
        RegionLevel::Community => 1_000,
        RegionLevel::Grid => 1,
    }
}

impl RegionCode {
    /// Takes the number the databases store; None unless it is a code of some level.
    pub const fn from_number(number: i64) -> Option<Self> {
        if number < 10_000_000_000_000 || number > 999_999_999_999_999 {
            return None;
        }
        let code = Self(number);
        // A part may be zero only if all parts below it are: 500103000001000 names a community of no street.
        let street = number / 1_000_000 % 1_000;
        let community = number / 1_000 % 1_000;
        let grid = number % 1_000;
        let district = number / 1_000_000_000 % 10_000;
        if (grid != 0 && community == 0) || (community != 0 && street == 0) || (street != 0 && district == 0) {
            return None;
        }
        Some(code)
    }

    /// The number as the databases store it.
    pub const fn number(self) -> i64 {
        self.0
    }

    /// The level that the code's trailing zeros tell.
    pub const fn level(self) -> RegionLevel {
        if self.0 % 1_000 != 0 {
            RegionLevel::Grid
        } else if self.0 % 1_000_000 != 0 {
            RegionLevel::Community
        } else if self.0 % 1_000_000_000 != 0 {
            RegionLevel::Street
        } else if self.0 % 10_000_000_000_000 != 0 {
            RegionLevel::District
        } else {
            RegionLevel::Municipality
        }
    }

    /// The first and the last number of the region's subtree, both included.
    pub const fn span(self) -> (i64, i64) {
        (self.0, self.0 + width(self.level()) - 1)
    }

    /// True if `other` is this region or lies in it.
    pub const fn contains(self, other: Self) -> bool {
        let (first, last) = self.span();
        first <= other.0 && other.0 <= last
    }

    /// The ancestor (or self) of the given level; None if this region is above that level.
    pub const fn at(self, level: RegionLevel) -> Option<Self> {
        let own = width(self.level());
        let asked = width(level);
        if own > asked { None } else { Some(Self(self.0 - self.0 % asked)) }
    }

    /// The region directly above in the code, None for a municipality.
    pub const fn parent(self) -> Option<Self> {
        match self.level() {
            RegionLevel::Grid => self.at(RegionLevel::Community),
            RegionLevel::Community => self.at(RegionLevel::Street),
            RegionLevel::Street => self.at(RegionLevel::District),
            RegionLevel::District => self.at(RegionLevel::Municipality),
            RegionLevel::Municipality => None,
        }
    }

    /// The smallest region that holds all of these; None of none, or of regions of two municipalities.
    pub fn common(regions: &[Self]) -> Option<Self> {
        let mut common = *regions.first()?;
        while !regions.iter().all(|region| common.contains(*region)) {
            common = common.parent()?;
        }
        Some(common)
    }
}

impl FromStr for RegionCode {
    type Err = NotARegionCode;

    fn from_str(text: &str) -> Result<Self, NotARegionCode> {
        if !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(NotARegionCode);
        }
        let number: i64 = text.parse().map_err(|_| NotARegionCode)?;
        let code = match text.len() {
            12 => Self::from_number(number * 1_000),
            15 => Self::from_number(number).filter(|code| code.level() == RegionLevel::Grid),
            _ => None,
        };
        code.ok_or(NotARegionCode)
    }
}

impl fmt::Display for RegionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.level() == RegionLevel::Grid { write!(f, "{:015}", self.0) } else { write!(f, "{:012}", self.0 / 1_000) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn any_code() -> impl Strategy<Value = RegionCode> {
        (10..=99i64, 0..=9999i64, 0..=999i64, 0..=999i64, 0..=999i64).prop_filter_map("parts below zeros", |(p, d, s, c, g)| {
            RegionCode::from_number(((((p * 10_000) + d) * 1_000 + s) * 1_000 + c) * 1_000 + g)
        })
    }

    fn mixed_code() -> impl Strategy<Value = RegionCode> {
        (any_code(), prop::sample::select(&RegionLevel::ALL[..])).prop_map(|(code, level)| code.at(level).unwrap_or(code))
    }

    proptest! {
        #[test]
        fn printing_and_parsing_are_inverse(code in mixed_code()) {
            prop_assert_eq!(code.to_string().parse(), Ok(code));
        }

        #[test]
        fn a_region_contains_another_exactly_if_it_is_its_ancestor(a in mixed_code(), b in mixed_code()) {
            prop_assert_eq!(a.contains(b), b.at(a.level()) == Some(a));
        }

        #[test]
        fn a_span_begins_with_the_region_and_holds_every_parent_chain(code in mixed_code()) {
            let (first, last) = code.span();
            prop_assert_eq!(first, code.number());
            prop_assert!(code.contains(code));
            if let Some(parent) = code.parent() {
                prop_assert!(parent.contains(code) && !code.contains(parent));
                prop_assert!(parent.level() < code.level());
                prop_assert!(parent.span().1 >= last);
            } else {
                prop_assert_eq!(code.level(), RegionLevel::Municipality);
            }
        }

        #[test]
        fn spans_of_one_level_do_not_overlap(a in mixed_code(), b in mixed_code()) {
            if a.level() == b.level() && a != b {
                prop_assert!(a.span().1 < b.span().0 || b.span().1 < a.span().0);
            }
        }

        #[test]
        fn no_text_makes_parsing_panic(text in ".*") {
            let _ = text.parse::<RegionCode>();
        }
    }

    #[test]
    fn texts_that_name_no_region_are_refused() {
        for text in [
            "",
            "50",
            "50010300000",
            "500103000001",
            "500000001000",
            "500103001002000",
            "５００１０３００１００２",
            "-00103001002",
            "+50010300100",
        ] {
            assert!(text.parse::<RegionCode>().is_err(), "{text}");
        }
    }
}
