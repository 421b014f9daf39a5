//! Places by their digits: 2 province, 2 city, 2 district, 3 street, 3 community, 3 grid.

/// The levels, the largest regions first.
pub(super) const LEVELS: [&str; 5] = ["MUNICIPALITY", "DISTRICT", "STREET", "COMMUNITY", "GRID"];

/// How many digits of a place are below each level's own.
const DIGITS_BELOW: [u32; 5] = [13, 9, 6, 3, 0];

/// The level of a region, as the position in [`LEVELS`].
pub(super) fn level(code: i64) -> usize {
    DIGITS_BELOW.iter().position(|digits| code % 10i64.pow(*digits) == 0).unwrap_or(4)
}

/// True if the place is the region or lies below it.
pub(super) fn contains(region: i64, place: i64) -> bool {
    let below = 10i64.pow(DIGITS_BELOW[level(region)]);
    region / below == place / below
}

/// The region of a level in which a place lies; None if the place lies above that level.
pub(super) fn at(place: i64, wanted: usize) -> Option<i64> {
    let below = 10i64.pow(DIGITS_BELOW[wanted]);
    (level(place) >= wanted).then_some(place / below * below)
}

/// A region's code as it is spelled outside: 12 digits, 15 for a grid.
pub(super) fn text(code: i64) -> String {
    if level(code) == 4 { format!("{code:015}") } else { format!("{:012}", code / 1_000) }
}

/// The number of a code as it is spelled outside.
pub(super) fn number(text: &str) -> i64 {
    let number: i64 = text.parse().unwrap_or_default();
    if text.len() == 12 { number * 1_000 } else { number }
}
