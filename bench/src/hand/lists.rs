//! The works of one level.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{Datelike, NaiveDate};
use entities::region_code::RegionCode;
use serde::Deserialize;
use tokio_postgres::Row;
use uuid::Uuid;

use super::text::{Cell, Text, cell, days, long};
use super::{Hand, Refused, answer, variables};
use crate::variables::by_name;

type Answered = Result<Response, Refused>;
type Shared = State<Arc<Hand>>;

#[derive(Deserialize)]
struct ById<'a> {
    id: &'a str,
}

/// One community.
#[derive(Deserialize)]
pub(super) struct OfCommunity<'a> {
    community: &'a str,
}

impl OfCommunity<'_> {
    /// Its number in the database.
    pub(super) fn number(&self) -> Result<i64, Refused> {
        number(self.community)
    }
}

fn number(code: &str) -> Result<i64, Refused> {
    code.parse::<RegionCode>().map(RegionCode::number).map_err(|_| Refused::BadInput)
}

/// A day as eight digits.
fn eight_digits(day: NaiveDate) -> i64 {
    i64::from(day.year()) * 10_000 + i64::from(day.month()) * 100 + i64::from(day.day())
}

/// The last day on which someone of this age today can have been born.
fn years_before(today: NaiveDate, years: i32) -> NaiveDate {
    let year = today.year() - years;
    today.with_year(year).or_else(|| NaiveDate::from_ymd_opt(year, 2, 28)).unwrap_or(today)
}

/// A person by id.
pub(super) async fn q1(State(hand): Shared, headers: HeaderMap, body: Bytes) -> Answered {
    hand.admit(&headers)?;
    let ById { id } = variables(&body)?;
    let (_, uuid) = entities::id::parse(id).filter(|(prefix, _)| *prefix == "person").ok_or(Refused::BadInput)?;
    let rows = hand.pool.rows(0, &[&uuid]).await?;
    let mut text = Text::new();
    match rows.first() {
        None => text.raw("{\"data\":{\"person\":null}}"),
        Some(row) => {
            let today = eight_digits(hand.clock.now().today);
            text.raw("{\"data\":{\"person\":{\"id\":").quoted(id).raw(",\"name\":").text(cell(row, 0));
            text.raw(",\"sex\":").code(cell(row, 1)).raw(",\"age\":").age(cell(row, 2), today);
            text.raw(",\"idNumber\":").text(cell(row, 3)).raw(",\"phone\":").text(cell(row, 4));
            text.raw(",\"education\":").code(cell(row, 5)).raw(",\"maritalStatus\":").code(cell(row, 6)).raw("}}}")
        }
    };
    Ok(answer(text))
}

#[derive(Deserialize)]
struct InState<'a> {
    community: &'a str,
    state: &'a str,
}

/// Cases of a community in a state, newest first.
pub(super) async fn q2(State(hand): Shared, headers: HeaderMap, body: Bytes) -> Answered {
    hand.admit(&headers)?;
    let InState { community, state } = variables(&body)?;
    let rows = hand.pool.rows(1, &[&number(community)?, &state]).await?;
    let mut text = Text::new();
    text.raw("{\"data\":{\"cases\":");
    nodes(&mut text, &rows, |text, row| {
        text.raw("{\"id\":").id("case", cell(row, 0)).raw(",\"number\":").text(cell(row, 1));
        text.raw(",\"channel\":").code(cell(row, 2)).raw(",\"kind\":").code(cell(row, 3)).raw(",\"severity\":").code(cell(row, 4));
        text.raw(",\"urgent\":").boolean(cell(row, 5)).raw(",\"state\":").code(cell(row, 6)).raw(",\"board\":").code(cell(row, 7));
        text.raw(",\"openedAt\":").instant(cell(row, 8)).raw(",\"deadline\":").instant(cell(row, 9)).raw("}");
    });
    text.raw("}}");
    Ok(answer(text))
}

#[derive(Deserialize)]
struct OfDistrict<'a> {
    district: &'a str,
}

/// Cases of a district, counted.
pub(super) async fn q5(State(hand): Shared, headers: HeaderMap, body: Bytes) -> Answered {
    hand.admit(&headers)?;
    let OfDistrict { district } = variables(&body)?;
    let (first, last) = district.parse::<RegionCode>().map(RegionCode::span).map_err(|_| Refused::BadInput)?;
    let rows = hand.pool.rows(4, &[&first, &last]).await?;
    let mut text = Text::new();
    text.raw("{\"data\":{\"caseStats\":");
    nodes(&mut text, &rows, |text, row| {
        text.raw("{\"key\":{\"state\":").code(cell(row, 0)).raw(",\"category\":{\"code\":").code(cell(row, 1));
        text.raw(",\"name\":").text(cell(row, 2)).raw("}},\"count\":").number(long(cell(row, 3)).unwrap_or_default()).raw("}");
    });
    text.raw("}}");
    Ok(answer(text))
}

/// A thousand people of a community.
pub(super) async fn q6(State(hand): Shared, headers: HeaderMap, body: Bytes) -> Answered {
    hand.admit(&headers)?;
    let rows = hand.pool.rows(5, &[&variables::<OfCommunity<'_>>(&body)?.number()?]).await?;
    let mut text = Text::new();
    text.raw("{\"data\":{\"persons\":");
    nodes(&mut text, &rows, |text, row| {
        text.raw("{\"id\":").id("person", cell(row, 0)).raw(",\"name\":").text(cell(row, 1)).raw(",\"namePinyin\":").text(cell(row, 2));
        text.raw(",\"sex\":").code(cell(row, 3)).raw(",\"birthDate\":").date(cell(row, 4)).raw(",\"idNumber\":").text(cell(row, 5));
        text.raw(",\"education\":").code(cell(row, 6)).raw(",\"maritalStatus\":").code(cell(row, 7));
        text.raw(",\"phone\":").text(cell(row, 8)).raw(",\"occupation\":").text(cell(row, 9)).raw("}");
    });
    text.raw("}}");
    Ok(answer(text))
}

fn named_person(text: &mut Text, row: &Row, first: usize) {
    text.raw("{\"id\":").id("person", cell(row, first)).raw(",\"name\":").text(cell(row, first + 1));
    text.raw(",\"namePinyin\":").text(cell(row, first + 2)).raw(",\"sex\":").code(cell(row, first + 3));
    text.raw(",\"phone\":").text(cell(row, first + 4)).raw("}");
}

/// People of a community by name, and how many there are.
pub(super) async fn q7(State(hand): Shared, headers: HeaderMap, body: Bytes) -> Answered {
    hand.admit(&headers)?;
    let rows = hand.pool.rows(6, &[&variables::<OfCommunity<'_>>(&body)?.number()?]).await?;
    let count = rows.first().and_then(|row| long(cell(row, 0))).unwrap_or_default();
    let people = if rows.first().is_some_and(|row| cell(row, 1).is_some()) { rows.as_slice() } else { &[] };
    let mut text = Text::new();
    text.raw("{\"data\":{\"persons\":{\"totalCount\":").number(count).raw(",\"nodes\":");
    list(&mut text, people, |text, row| named_person(text, row, 1));
    text.raw("}}}");
    Ok(answer(text))
}

#[derive(Deserialize)]
struct After<'a> {
    after: &'a str,
}

/// The next page of all people by name.
pub(super) async fn q8(State(hand): Shared, headers: HeaderMap, body: Bytes) -> Answered {
    hand.admit(&headers)?;
    let After { after } = variables(&body)?;
    let cursor = URL_SAFE_NO_PAD.decode(after).map_err(|_| Refused::BadInput)?;
    let (register, order, [name], id): (&str, &str, [String; 1], Uuid) = variables(&cursor)?;
    if register != "person" || order != "+namePinyin" {
        return Err(Refused::BadInput);
    }
    let rows = hand.pool.rows(7, &[&name, &id]).await?;
    let page = &rows[..rows.len().min(20)];
    let mut text = Text::new();
    text.raw("{\"data\":{\"persons\":{\"nodes\":");
    list(&mut text, page, |text, row| named_person(text, row, 0));
    text.raw(if rows.len() > 20 { ",\"pageInfo\":{\"hasNextPage\":true" } else { ",\"pageInfo\":{\"hasNextPage\":false" });
    text.raw(",\"endCursor\":");
    match page.last() {
        Some(row) => text.quoted(&by_name(row.get(2), row.get(0))),
        None => text.raw("null"),
    };
    text.raw("}}}}");
    Ok(answer(text))
}

/// Households with an old resident.
pub(super) async fn q9(State(hand): Shared, headers: HeaderMap, body: Bytes) -> Answered {
    hand.admit(&headers)?;
    let community = variables::<OfCommunity<'_>>(&body)?.number()?;
    let rows = hand.pool.rows(8, &[&community, &years_before(hand.clock.now().today, 80)]).await?;
    let mut text = Text::new();
    text.raw("{\"data\":{\"households\":");
    nodes(&mut text, &rows, |text, row| {
        text.raw("{\"id\":").id("household", cell(row, 0)).raw(",\"kind\":").code(cell(row, 1));
        text.raw(",\"memberCount\":").integer(cell(row, 2)).raw(",\"status\":").code(cell(row, 3)).raw("}");
    });
    text.raw("}}");
    Ok(answer(text))
}

#[derive(Deserialize)]
struct CommunityAfter<'a> {
    community: &'a str,
    after: Option<&'a str>,
}

/// People of a community, each with the fields that one of the caller's assignments shows.
pub(super) async fn q10(State(hand): Shared, headers: HeaderMap, body: Bytes) -> Answered {
    let known = hand.caller(&headers)?;
    let CommunityAfter { community, after } = variables(&body)?;
    let after = match after {
        None => Uuid::nil(),
        Some(after) => {
            let cursor = URL_SAFE_NO_PAD.decode(after).map_err(|_| Refused::BadInput)?;
            variables::<(&str, &str, [String; 0], Uuid)>(&cursor)?.3
        }
    };
    let community = number(community)?;
    // The wider region bounds the rows; that the community lies in it is known before the database is asked.
    if !(known.basic.0..=known.basic.1).contains(&community) {
        return Err(Refused::Unauthenticated);
    }
    let grown = years_before(hand.clock.now().today, 14);
    // Where a place is not shown, it is not known to lie in the community: people under 14 outside of the grids are left out.
    let rows = hand.pool.rows(9, &[&community, &after, &known.full, &grown]).await?;
    let grown = (grown - NaiveDate::from_ymd_opt(2000, 1, 1).unwrap_or_default()).num_days();
    let mut text = Text::new();
    text.raw("{\"data\":{\"persons\":");
    nodes(&mut text, &rows, |text, row| {
        let place = long(cell(row, 9)).unwrap_or_default();
        let full = known.full.contains(&place);
        let basic = full || days(cell(row, 4)).is_some_and(|days| i64::from(days) <= grown);
        let shown = |column, right: bool| -> Cell<'_> { if right { cell(row, column) } else { None } };
        text.raw("{\"id\":").id("person", cell(row, 0)).raw(",\"idType\":").code(cell(row, 1)).raw(",\"name\":").text(shown(2, basic));
        text.raw(",\"sex\":").code(shown(3, basic)).raw(",\"birthDate\":").date(shown(4, full));
        text.raw(",\"education\":").code(shown(5, basic)).raw(",\"phone\":").text(shown(6, full));
        text.raw(",\"idNumber\":").text(shown(7, full)).raw(",\"occupation\":").text(shown(8, full)).raw("}");
    });
    text.raw("}}");
    Ok(answer(text))
}

/// A connection that only its nodes are asked of.
fn nodes(text: &mut Text, rows: &[Row], write: impl FnMut(&mut Text, &Row)) {
    text.raw("{\"nodes\":");
    list(text, rows, write);
    text.raw("}");
}

fn list(text: &mut Text, rows: &[Row], mut write: impl FnMut(&mut Text, &Row)) {
    text.raw("[");
    for (index, row) in rows.iter().enumerate() {
        text.comma(index == 0);
        write(text, row);
    }
    text.raw("]");
}
