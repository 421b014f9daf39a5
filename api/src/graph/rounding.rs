//! How figures are kept from telling of single people: the least group, rounding, and what a sum needs.

/// The least count that is told.
pub(super) const LEAST: i64 = 10;

/// A count as it is told: a multiple of five, the next one up or down.
pub(super) fn to_five(count: i64, up: bool) -> i64 {
    let down = count - count.rem_euclid(5);
    if up && down != count { down + 5 } else { down }
}

/// A number with three digits that count.
pub(super) fn to_three_digits(number: f64) -> f64 {
    format!("{number:.2e}").parse().unwrap_or(number)
}

/// True if a sum of this many values may be told, of whose amounts (values without their sign) these are the sum and the
/// greatest: nobody's makes up more than half.
pub(super) fn may_be_summed(values: i64, amounts: i64, greatest: i64) -> bool {
    values >= LEAST && greatest.saturating_mul(2) <= amounts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_told_in_fives_and_never_below_the_least() {
        assert_eq!([10, 11, 14, 15].map(|count| to_five(count, true)), [10, 15, 15, 15]);
        assert_eq!([10, 11, 14, 15].map(|count| to_five(count, false)), [10, 10, 10, 15]);
    }

    #[test]
    fn numbers_keep_three_digits() {
        assert_eq!([123_456.0, -123_456.0, 0.012_345, 7.0, 0.0].map(to_three_digits), [123_000.0, -123_000.0, 0.0123, 7.0, 0.0]);
    }

    #[test]
    fn a_sum_needs_ten_values_and_none_above_half() {
        assert!(may_be_summed(10, 100, 50) && !may_be_summed(9, 90, 10) && !may_be_summed(10, 100, 51));
        assert!(may_be_summed(12, 0, 0), "all of them nothing");
    }
}
