//! Fields as SQL expressions, and the type each gives.

use chrono::{Datelike, NaiveDate};
use entities::catalog::{Field, Kind, Placing, Source};
use entities::codes::{AGE_BAND, AGE_BAND_STARTS, RegionLevel};

use super::database::Backend;
use super::sql::Sql;

/// Type of a column of a statement's result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// A key.
    Uuid,
    /// A truth value.
    Boolean,
    /// An integer of 32 bits.
    Integer,
    /// An integer of 64 bits: counts, sums, places and amounts of money.
    Long,
    /// A number with a fraction.
    Float,
    /// Text.
    Text,
    /// A day.
    Date,
    /// An instant.
    Instant,
}

/// The type of a field's value in the database.
pub fn type_of(field: &Field) -> Type {
    match field.kind {
        Kind::Id | Kind::Reference(_) => Type::Uuid,
        Kind::Boolean => Type::Boolean,
        Kind::Int => Type::Integer,
        Kind::Float | Kind::Point => Type::Float,
        Kind::Text | Kind::Identifier | Kind::FreeText | Kind::Code(_) | Kind::GeoJson => Type::Text,
        Kind::Date => Type::Date,
        Kind::Instant => Type::Instant,
        Kind::RegionCode | Kind::Place | Kind::Money => Type::Long,
    }
}

/// Writes the value of a field of the row `alias`; of a point, the longitude.
pub fn field(sql: &mut Sql, alias: &str, field: &Field, today: NaiveDate) {
    match field.source {
        Source::Column(column) | Source::FirstAndLast(column) | Source::Point { longitude: column, .. } => {
            sql.column(alias, column);
        }
        Source::InTime { done, due } => {
            sql.push("(").column(alias, done).push(" <= ").column(alias, due).push(")");
        }
        Source::Age(birth) => age(sql, alias, birth, today),
        Source::AgeBand(birth) => age_band(sql, alias, birth, today),
    }
}

/// Completed years: the difference of the days written as eight digits, without the last four.
fn age(sql: &mut Sql, alias: &str, birth: &str, today: NaiveDate) {
    let digits = i64::from(today.year()) * 10_000 + i64::from(today.month()) * 100 + i64::from(today.day());
    sql.push("((").push_number(digits).push(" - ");
    match sql.backend() {
        Backend::Postgres => sql.push("to_char(").column(alias, birth).push(", 'YYYYMMDD')::int) / 10000)"),
        Backend::Sqlite => sql.push("CAST(strftime('%Y%m%d', ").column(alias, birth).push(") AS INTEGER)) / 10000)"),
    };
}

/// Completed years at a day of someone born on another, as [`age`] counts.
pub fn age_on(today: NaiveDate, birth: NaiveDate) -> i32 {
    let digits = |day: NaiveDate| day.year() * 10_000 + (day.month() * 100 + day.day()) as i32;
    (digits(today) - digits(birth)) / 10_000
}

fn age_band(sql: &mut Sql, alias: &str, birth: &str, today: NaiveDate) {
    sql.push("(CASE WHEN ").column(alias, birth).push(" IS NULL THEN NULL");
    for (index, start) in AGE_BAND_STARTS.iter().enumerate().skip(1).rev() {
        sql.push(" WHEN ").column(alias, birth).push(" <= ");
        date(sql, years_before(today, *start));
        sql.push(" THEN '").push(AGE_BAND.codes[index].value).push("'");
    }
    sql.push(" ELSE '").push(AGE_BAND.codes[0].value).push("' END)");
}

/// Writes a day that the program itself worked out.
pub fn date(sql: &mut Sql, day: NaiveDate) {
    let text = day.format(super::sql::DATE_FORMAT).to_string();
    match sql.backend() {
        Backend::Postgres => sql.push("DATE '").push(&text).push("'"),
        Backend::Sqlite => sql.push("'").push(&text).push("'"),
    };
}

/// The last birthday-bearing day on which someone of this age today can have been born. Whoever is born on 29 February
/// completes a year on 1 March, as [`age`] counts.
pub fn years_before(today: NaiveDate, years: i32) -> NaiveDate {
    let year = today.year() - years;
    // 29 February without a leap year: born on the 28th or earlier is old enough, and so nobody is born between.
    today.with_year(year).or_else(|| NaiveDate::from_ymd_opt(year, 2, 28)).unwrap_or(today)
}

/// Writes the code of the region of a level in which the row lies; null if the row lies above that level.
pub fn region_of_level(sql: &mut Sql, alias: &str, placing: &Placing, level: RegionLevel) {
    let stored = match level {
        RegionLevel::Community => placing.community,
        RegionLevel::Street => placing.street,
        _ => None,
    };
    if let Some(column) = stored {
        sql.column(alias, column);
        return;
    }
    let width: i64 = match level {
        RegionLevel::Grid => 1,
        RegionLevel::Community => 1_000,
        RegionLevel::Street => 1_000_000,
        RegionLevel::District => 1_000_000_000,
        RegionLevel::Municipality => 10_000_000_000_000,
    };
    let place = placing.place;
    if matches!(level, RegionLevel::Municipality) {
        sql.push("(").column(alias, place).push(" / ").push_number(width).push(" * ").push_number(width).push(")");
        return;
    }
    let below_parent = match level {
        RegionLevel::Grid => 1_000,
        RegionLevel::Community => 1_000_000,
        RegionLevel::Street => 1_000_000_000,
        RegionLevel::District | RegionLevel::Municipality => 10_000_000_000_000,
    };
    sql.push("(CASE WHEN ").column(alias, place).push(" % ").push_number(below_parent).push(" <> 0 THEN ");
    sql.column(alias, place).push(" / ").push_number(width).push(" * ").push_number(width).push(" END)");
}
