//! How a value is spelled in the answer, in full or as a mask leaves it.

use chrono::{Datelike, NaiveDate};
use entities::mask::{self, Mask};
use entities::region_code::RegionCode;

use crate::policy::Tokens;
use crate::store::expression;
use crate::store::rows::Cell;

use super::json;
use super::money;
use super::plan::Form;

/// Writes a cell in its form.
pub(super) fn cell_text(out: &mut Vec<u8>, today: NaiveDate, tokens: &Tokens<'_>, cell: Cell<'_>, form: Form) {
    match (cell, form) {
        (Cell::Null, _) => json::null(out),
        (Cell::Uuid(uuid), Form::Id(register)) => json::id(out, register, uuid),
        (Cell::Integer(number), Form::RegionCode) => match RegionCode::from_number(number) {
            Some(code) => json::string(out, &code.to_string()),
            None => json::null(out),
        },
        (Cell::Integer(fen), Form::Money) => json::string(out, &money::yuan(fen)),
        (Cell::Float(fen), Form::Money) => json::string(out, &money::yuan_of_mean(fen)),
        (Cell::Text(text), Form::Token(register, field)) => json::string(out, &tokens.token(register, field, text)),
        (Cell::Text(text), Form::Mask(Mask::FamilyName)) => json::starred(out, mask::family_name(text)),
        (Cell::Text(text), Form::Mask(Mask::Ends)) => json::starred(out, mask::ends(text)),
        (Cell::Text(text), Form::Mask(Mask::FirstAndLast)) => json::starred(out, mask::first_and_last(text)),
        (Cell::Date(day), Form::Mask(Mask::Year)) => json::date(out, NaiveDate::from_ymd_opt(day.year(), 1, 1).unwrap_or(day)),
        // The catalog gives no other type a mask that is written from its value.
        (_, Form::Mask(_) | Form::Token(..)) => json::null(out),
        (Cell::Date(birth), Form::Age) => json::integer(out, i64::from(expression::age_on(today, birth))),
        (Cell::Date(birth), Form::AgeBand) => json::string(out, entities::codes::age_band(expression::age_on(today, birth)).value),
        (Cell::Uuid(uuid), _) => json::string(out, &uuid.to_string()),
        (Cell::Boolean(value), _) => json::boolean(out, value),
        (Cell::Integer(number), _) => json::integer(out, number),
        (Cell::Float(number), _) => json::float(out, number),
        (Cell::Text(text), _) => json::string(out, text),
        (Cell::Date(day), _) => json::date(out, day),
        (Cell::Instant(micros), _) => json::instant(out, micros),
    }
}
