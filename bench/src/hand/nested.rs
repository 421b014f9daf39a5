//! The works of several levels: one statement, whose rows repeat what is above them.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use tokio_postgres::Row;

use super::lists::OfCommunity;
use super::text::{Text, cell, long};
use super::{Hand, Refused, answer, variables};

/// Households, residents, residences.
pub(super) async fn q3(State(hand): State<Arc<Hand>>, headers: HeaderMap, body: Bytes) -> Result<Response, Refused> {
    hand.admit(&headers)?;
    let rows = hand.pool.rows(2, &[&variables::<OfCommunity<'_>>(&body)?.number()?]).await?;
    let mut text = Text::new();
    text.raw("{\"data\":{\"households\":{\"nodes\":[");
    for (index, household) in groups(&rows, 0).enumerate() {
        let row = &household[0];
        text.comma(index == 0).raw("{\"id\":").id("household", cell(row, 0)).raw(",\"kind\":").code(cell(row, 1));
        text.raw(",\"memberCount\":").integer(cell(row, 2)).raw(",\"region\":");
        community(&mut text, &hand, row, 3);
        text.raw(",\"residents\":{\"nodes\":[");
        for (index, person) in groups(household, 4).enumerate() {
            let row = &person[0];
            text.comma(index == 0).raw("{\"id\":").id("person", cell(row, 4)).raw(",\"name\":").text(cell(row, 5));
            text.raw(",\"sex\":").code(cell(row, 6)).raw(",\"birthDate\":").date(cell(row, 7)).raw(",\"residences\":{\"nodes\":[");
            for (index, residence) in groups(person, 8).enumerate() {
                let row = &residence[0];
                text.comma(index == 0).raw("{\"relationToHead\":").code(cell(row, 9)).raw(",\"status\":").code(cell(row, 10)).raw("}");
            }
            text.raw("]}}");
        }
        text.raw("]}}");
    }
    text.raw("]}}}");
    Ok(answer(text))
}

/// Cases, reporter, household, events.
pub(super) async fn q4(State(hand): State<Arc<Hand>>, headers: HeaderMap, body: Bytes) -> Result<Response, Refused> {
    hand.admit(&headers)?;
    let rows = hand.pool.rows(3, &[&variables::<OfCommunity<'_>>(&body)?.number()?]).await?;
    let mut text = Text::new();
    text.raw("{\"data\":{\"cases\":{\"nodes\":[");
    for (index, case) in groups(&rows, 0).enumerate() {
        let row = &case[0];
        text.comma(index == 0).raw("{\"id\":").id("case", cell(row, 0)).raw(",\"number\":").text(cell(row, 1));
        text.raw(",\"state\":").code(cell(row, 2)).raw(",\"openedAt\":").instant(cell(row, 3)).raw(",\"reporter\":");
        if cell(row, 4).is_some() {
            text.raw("{\"id\":").id("person", cell(row, 4)).raw(",\"name\":").text(cell(row, 5)).raw(",\"household\":");
            if cell(row, 6).is_some() {
                text.raw("{\"id\":").id("household", cell(row, 6)).raw(",\"kind\":").code(cell(row, 7)).raw(",\"region\":");
                community(&mut text, &hand, row, 8);
                text.raw("}");
            } else {
                text.raw("null");
            }
            text.raw("}");
        } else {
            text.raw("null");
        }
        text.raw(",\"events\":{\"nodes\":[");
        for (index, event) in groups(case, 9).enumerate() {
            let row = &event[0];
            text.comma(index == 0).raw("{\"action\":").code(cell(row, 10)).raw(",\"toState\":").code(cell(row, 11));
            text.raw(",\"occurredAt\":").instant(cell(row, 12)).raw(",\"note\":").text(cell(row, 13)).raw("}");
        }
        text.raw("]}}");
    }
    text.raw("]}}}");
    Ok(answer(text))
}

fn community(text: &mut Text, hand: &Hand, row: &Row, column: usize) {
    match long(cell(row, column)).and_then(|code| hand.communities.get(&code)) {
        Some(name) => text.raw("{\"name\":").bytes(name).raw("}"),
        None => text.raw("null"),
    };
}

/// Runs of rows with the same key; those without one are no group.
fn groups(rows: &[Row], key: usize) -> impl Iterator<Item = &[Row]> {
    rows.chunk_by(move |left, right| cell(left, key) == cell(right, key)).filter(move |group| cell(&group[0], key).is_some())
}
