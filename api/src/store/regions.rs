//! Changes of the region tree. A row's place is its place in today's tree, so the rows follow; keys stay as they are.

use chrono::{DateTime, Utc};
use entities::catalog::{Placing, Register};
use entities::codes::RegionLevel;
use entities::region_code::RegionCode;
use entities::registers::REGISTERS;
use entities::{id::Id, region, region_alias};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query, UpdateStatement};
use sea_orm::{
    ActiveValue, ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    TransactionTrait,
};
use uuid::{NoContext, Timestamp, Uuid};

use super::accounts;
use super::agreements;
use super::database::{Backend, Database};
use crate::clock::INSTANT_FORMAT;

/// The system of codes that regions had in earlier trees.
pub const FORMER: &str = "former";

/// What moving a community changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// The community's new code.
    pub code: RegionCode,
    /// The registers with the number of their rows that got a new place.
    pub rows: Vec<(&'static str, u64)>,
}

/// Why a community was not moved. Nothing is changed then.
#[derive(Debug, thiserror::Error)]
pub enum MoveError {
    /// There is no such region.
    #[error("there is no region {0}")]
    Unknown(RegionCode),
    /// Only communities are moved, and only to streets.
    #[error("{0} is not a {1}")]
    WrongLevel(RegionCode, &'static str),
    /// It is where it should go.
    #[error("{0} lies in {1} already")]
    AlreadyThere(RegionCode, RegionCode),
    /// All 999 codes of the street are taken, or were once.
    #[error("{0} has no code left for another community")]
    Full(RegionCode),
    /// The database refuses.
    #[error(transparent)]
    Database(#[from] DbErr),
    /// The database cannot be reached.
    #[error(transparent)]
    Unreachable(#[from] super::Error),
}

/// Moves a community with its grids under another street, in one transaction: new codes, old ones kept as aliases, and
/// the places of all rows in it.
///
/// # Errors
/// If one of the regions is not what it should be, or the database refuses.
pub async fn move_region(database: &Database, code: RegionCode, street: RegionCode, now: DateTime<Utc>) -> Result<Moved, MoveError> {
    for (region, level, word) in [(code, RegionLevel::Community, "community"), (street, RegionLevel::Street, "street")] {
        if region.level() != level {
            return Err(MoveError::WrongLevel(region, word));
        }
    }
    if street.contains(code) {
        return Err(MoveError::AlreadyThere(code, street));
    }
    let writer = database.writer().await?;
    let transaction = writer.begin().await?;
    // Role assignments and agreements name regions too: servers read them anew. It comes first, since on SQLite a transaction
    // waits for another one's writes only before it has read anything.
    accounts::raise_edition(&transaction).await?;
    let parent = region::Entity::find().filter(region::Column::Code.eq(street)).one(&transaction).await?;
    let parent = parent.ok_or(MoveError::Unknown(street))?;
    let moving = moving(&transaction, code).await?;
    let community = moving.first().filter(|region| region.code == code).ok_or(MoveError::Unknown(code))?;
    let target = free_code(&transaction, street).await?;
    let change = Change { from: code, to: target, street, backend: database.backend(), now };
    let mut rows = Vec::new();
    // What refers to a region comes before the regions themselves, whose new codes would else take the places with them.
    for register in REGISTERS.iter().rev() {
        if let Some(placing) = register.placing {
            let result = transaction.execute(&change.of(register, placing)).await?;
            rows.push((register.name, result.rows_affected()));
        }
    }
    let moved = region::ActiveModel {
        id: ActiveValue::Unchanged(community.id),
        parent_id: ActiveValue::Set(Some(parent.id)),
        ..Default::default()
    };
    region::Entity::update(moved).exec(&transaction).await?;
    agreements::moved(&transaction, code, target).await?;
    region_alias::Entity::insert_many(moving.iter().map(|region| former(region, now))).exec(&transaction).await?;
    transaction.commit().await?;
    writer.close().await?;
    rows.reverse();
    Ok(Moved { code: target, rows })
}

/// The community and its grids, held so that nobody places rows in them meanwhile.
async fn moving(transaction: &DatabaseTransaction, code: RegionCode) -> Result<Vec<region::Model>, DbErr> {
    let (first, last) = code.span();
    region::Entity::find()
        .filter(region::Column::Code.between(first, last))
        .order_by_asc(region::Column::Code)
        .lock_exclusive()
        .all(transaction)
        .await
}

/// The first code of a community in the street that no region has or had.
async fn free_code(transaction: &DatabaseTransaction, street: RegionCode) -> Result<RegionCode, MoveError> {
    let (first, last) = street.span();
    let taken = region::Entity::find().filter(region::Column::Code.between(first, last)).all(transaction).await?;
    let had = region_alias::Entity::find().filter(region_alias::Column::System.eq(FORMER)).all(transaction).await?;
    let mut candidates = (1..=999).filter_map(|number| RegionCode::from_number(street.number() + number * 1_000));
    candidates
        .find(|code| taken.iter().all(|region| region.code != *code) && had.iter().all(|alias| alias.code != code.to_string()))
        .ok_or(MoveError::Full(street))
}

/// The code that the region had until now.
fn former(region: &region::Model, now: DateTime<Utc>) -> region_alias::ActiveModel {
    let seconds = u64::try_from(now.timestamp()).unwrap_or_default();
    let id = Uuid::new_v7(Timestamp::from_unix(NoContext, seconds, now.timestamp_subsec_nanos()));
    region_alias::ActiveModel {
        id: ActiveValue::Set(Id::new(id)),
        region_id: ActiveValue::Set(region.id),
        system: ActiveValue::Set(FORMER.to_owned()),
        code: ActiveValue::Set(region.code.to_string()),
    }
}

/// How places change.
struct Change {
    from: RegionCode,
    to: RegionCode,
    street: RegionCode,
    backend: Backend,
    now: DateTime<Utc>,
}

impl Change {
    /// The statement that gives a register's rows their new places.
    fn of(&self, register: &Register, placing: Placing) -> UpdateStatement {
        let Placing { field: _, place, community, street } = placing;
        let (first, last) = self.from.span();
        let shift = self.to.number() - self.from.number();
        let mut update = Query::update();
        update
            .table(Alias::new(register.table))
            .value(Alias::new(place), Expr::col(Alias::new(place)).add(shift))
            .and_where(Expr::col(Alias::new(place)).between(first, last));
        if let Some(community) = community {
            update.value(Alias::new(community), self.to.number());
        }
        if let Some(street) = street {
            update.value(Alias::new(street), self.street.number());
        }
        let columns = register.columns();
        if columns.contains(&"version") {
            update.value(Alias::new("version"), Expr::col(Alias::new("version")).add(1));
        }
        if columns.contains(&"updated_at") {
            match self.backend {
                Backend::Postgres => update.value(Alias::new("updated_at"), self.now),
                Backend::Sqlite => update.value(Alias::new("updated_at"), self.now.format(INSTANT_FORMAT).to_string()),
            };
        }
        update
    }
}
