//! Words that administrators type, looked up: roles, regions, departments, persons. A word that is not known is told
//! with the nearest one that is.

use entities::codes::RegionLevel;
use entities::region_code::RegionCode;
use entities::{department, id, person, region, region_alias};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::ChangeError;

/// As many known words are listed where none is near.
const LISTED: usize = 12;

/// Refuses a role that the policy does not know.
pub(super) fn check_role(role: &str, known: &[&str]) -> Result<(), ChangeError> {
    // Everyone holds it without being given it.
    let known: Vec<&str> = known.iter().copied().filter(|name| *name != crate::policy::ANONYMOUS).collect();
    if known.contains(&role) { Ok(()) } else { Err(unknown("role", role, &known)) }
}

/// Refuses a region that is not there.
pub(super) async fn check_region(connection: &impl ConnectionTrait, code: RegionCode) -> Result<(), ChangeError> {
    if region::Entity::find().filter(region::Column::Code.eq(code)).one(connection).await?.is_some() {
        return Ok(());
    }
    let word = code.to_string();
    let alias = region_alias::Entity::find().filter(region_alias::Column::Code.eq(word.as_str())).one(connection).await?;
    if let Some(alias) = alias
        && let Some(now) = region::Entity::find_by_id(alias.region_id).one(connection).await?
    {
        let hint = format!(": it is {} now ({})", now.code, now.name);
        return Err(ChangeError::Unknown { what: "region", word, hint });
    }
    // Near is what lies beside it: in the smallest region above it that exists.
    let above = [RegionLevel::Community, RegionLevel::Street, RegionLevel::District, RegionLevel::Municipality].into_iter();
    for above in above.filter_map(|level| code.at(level)) {
        let (first, last) = above.span();
        let beside = region::Entity::find()
            .filter(region::Column::Code.between(first, last))
            .filter(region::Column::Level.eq(code.level()))
            .all(connection)
            .await?;
        let codes: Vec<String> = beside.iter().map(|region| region.code.to_string()).collect();
        if !codes.is_empty() {
            return Err(unknown("region", &word, &codes.iter().map(String::as_str).collect::<Vec<_>>()));
        }
    }
    Err(ChangeError::Unknown { what: "region", word, hint: "; no region near it exists".to_owned() })
}

/// The department of an id or a name.
pub(in crate::store) async fn department(connection: &impl ConnectionTrait, word: &str) -> Result<Uuid, ChangeError> {
    if let Some(uuid) = id::parse(word).filter(|(prefix, _)| *prefix == "department").map(|(_, uuid)| uuid) {
        let found = department::Entity::find_by_id(id::Id::new(uuid)).one(connection).await?;
        let hint = "; look it up with { departments(filter: { name: { startsWith: \"…\" } }) { nodes { id name } } }";
        return found.map(|row| row.id.uuid()).ok_or(ChangeError::Unknown {
            what: "department",
            word: word.to_owned(),
            hint: hint.to_owned(),
        });
    }
    let departments = department::Entity::find().all(connection).await?;
    let named: Vec<&department::Model> = departments.iter().filter(|row| row.name == word).collect();
    match named.as_slice() {
        [] => Err(unknown("department", word, &departments.iter().map(|row| row.name.as_str()).collect::<Vec<_>>())),
        [one] => Ok(one.id.uuid()),
        several => {
            let ids: Vec<String> = several.iter().map(|row| row.id.to_string()).collect();
            Err(ChangeError::Ambiguous(word.to_owned(), ids.join(", ")))
        }
    }
}

/// Refuses a person who is not there.
pub(super) async fn check_person(connection: &impl ConnectionTrait, person: Uuid) -> Result<(), ChangeError> {
    let id = id::Id::new(person);
    let found = person::Entity::find_by_id(id).one(connection).await?;
    let unknown = || ChangeError::Unknown { what: "person", word: id.to_string(), hint: " in the person register".to_owned() };
    found.map(drop).ok_or_else(unknown)
}

pub(in crate::store) fn unknown(what: &'static str, word: &str, known: &[&str]) -> ChangeError {
    let near = known
        .iter()
        .map(|known| (strsim::jaro_winkler(word, known), *known))
        .filter(|(likeness, _)| *likeness > 0.7)
        .max_by(|a, b| a.0.total_cmp(&b.0));
    let hint = match near {
        Some((_, near)) => format!("; did you mean {near:?}?"),
        None if known.len() > LISTED => format!("; there are {} others, like {}", known.len(), known[..LISTED].join(", ")),
        None => format!("; known are {}", known.join(", ")),
    };
    ChangeError::Unknown { what, word: word.to_owned(), hint }
}
