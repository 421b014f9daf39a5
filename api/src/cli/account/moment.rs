//! Instants as administrators type them: RFC 3339, or a day of the deployment's zone.

use std::str::FromStr;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;

/// An instant or a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cli) enum Moment {
    Instant(DateTime<Utc>),
    Day(NaiveDate),
}

impl FromStr for Moment {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Ok(day) = text.parse() {
            return Ok(Self::Day(day));
        }
        let instant = DateTime::parse_from_rfc3339(text);
        instant
            .map(|instant| Self::Instant(instant.to_utc()))
            .map_err(|_| "it is a day like 2026-12-31 or an instant like 2026-12-31T18:00:00+08:00")
    }
}

impl Moment {
    /// The first instant of the day, where something begins.
    pub(in crate::cli) fn beginning(self, zone: Tz) -> DateTime<Utc> {
        match self {
            Self::Instant(instant) => instant,
            Self::Day(day) => midnight(day, zone),
        }
    }

    /// The first instant after the day, where something that lasts through it ends.
    pub(in crate::cli) fn end(self, zone: Tz) -> DateTime<Utc> {
        match self {
            Self::Instant(instant) => instant,
            Self::Day(day) => midnight(day.checked_add_days(Days::new(1)).unwrap_or(day), zone),
        }
    }
}

/// Where a zone skips midnight, the day begins with the first hour that it has.
fn midnight(day: NaiveDate, zone: Tz) -> DateTime<Utc> {
    let midnight = day.and_time(NaiveTime::MIN);
    let local = (0..24).find_map(|hours| zone.from_local_datetime(&(midnight + chrono::TimeDelta::hours(hours))).earliest());
    local.map_or(midnight.and_utc(), |local| local.to_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_its_midnight_and_ends_at_the_next() {
        let zone = chrono_tz::Asia::Shanghai;
        let day: Moment = "2026-12-31".parse().expect("a day");
        assert_eq!(day.beginning(zone).to_rfc3339(), "2026-12-30T16:00:00+00:00");
        assert_eq!(day.end(zone).to_rfc3339(), "2026-12-31T16:00:00+00:00");
        let instant: Moment = "2026-12-31T18:00:00+08:00".parse().expect("an instant");
        assert_eq!(instant.beginning(zone), instant.end(zone));
        assert_eq!(instant.end(zone).to_rfc3339(), "2026-12-31T10:00:00+00:00");
        // Beirut's clocks went from 23:59:59 to 01:00 that night.
        let day: Moment = "2022-03-27".parse().expect("a day");
        assert_eq!(day.beginning(chrono_tz::Asia::Beirut).to_rfc3339(), "2022-03-26T22:00:00+00:00");
        for text in ["", "tomorrow", "2026-02-30", "2026-12-31T18:00:00", "31.12.2026"] {
            assert!(text.parse::<Moment>().is_err(), "{text}");
        }
    }
}
