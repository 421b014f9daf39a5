//! What masks leave of values, by the shortest code that could be right.

use chrono::Datelike;
use entities::catalog::Source;
use entities::mask::Mask;
use entities::registers::REGISTERS;
use serde_json::{Value as Json, json};

use super::place;
use super::world::{Value, World, position};

/// The masked value of a field.
pub(super) fn value(world: &World, register: usize, row: usize, field: usize, mask: Mask) -> Json {
    let catalog = REGISTERS[register];
    if let (Mask::Within(_), Source::Point { .. }) = (mask, catalog.fields[field].source) {
        let column = catalog.placing.expect("points that are masked stand in placed rows").place;
        let region = world.row(register, row).columns[column].integer().and_then(|place| region(world, place, mask, None));
        return region.map_or(Json::Null, |region| {
            let columns = &world.row(position("region"), region).columns;
            let degree = |name: &str| if let Value::Float(degree) = columns[name] { degree } else { f64::NAN };
            json!({ "longitude": degree("longitude"), "latitude": degree("latitude") })
        });
    }
    match &world.row(register, row).fields[field] {
        Value::Null => Json::Null,
        Value::Day(day) => json!(format!("{:04}-01-01", day.year())),
        Value::Text(text) => json!(text_of(register, field, text, mask)),
        other => panic!("{other:?} has no mask"),
    }
}

fn text_of(register: usize, field: usize, text: &str, mask: Mask) -> String {
    let letters: Vec<char> = text.chars().collect();
    match mask {
        Mask::FamilyName if letters.len() < 2 => "**".to_owned(),
        // The generator knows one family name of two characters.
        Mask::FamilyName if text.starts_with("欧阳") && letters.len() > 2 => "欧阳**".to_owned(),
        Mask::FamilyName => format!("{}**", letters[0]),
        Mask::Ends if letters.len() >= 9 => {
            format!("{}****{}", letters[..3].iter().collect::<String>(), letters[letters.len() - 4..].iter().collect::<String>())
        }
        Mask::Ends => "****".to_owned(),
        Mask::FirstAndLast if letters.len() < 3 => "**".to_owned(),
        Mask::FirstAndLast => format!("{}{}{}", letters[0], "*".repeat(letters.len() - 2), letters[letters.len() - 1]),
        Mask::Token => token(register, field, text),
        Mask::Year | Mask::Within(_) => panic!("no mask of texts"),
    }
}

/// Stands for a token: which one it is only the engine's key tells. The same value always has the same.
fn token(register: usize, field: usize, text: &str) -> String {
    format!("{}{register} {field} {text}", super::eval::TOKEN)
}

/// The region by which a place is shown.
pub(super) fn region(world: &World, place: i64, mask: Mask, level: Option<usize>) -> Option<usize> {
    let Mask::Within(finest) = mask else { panic!("no mask of places") };
    let finest = finest as usize;
    match level {
        Some(level) if level > finest => None,
        Some(level) => world.region_of(place::at(place, level)?),
        None => world.region_at(place::at(place, finest).unwrap_or(place)),
    }
}
