//! The region tree in memory: ancestors, names and centres of placed rows cost no statement.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use entities::codes::RegionLevel;
use entities::region;
use entities::region_code::RegionCode;
use sea_orm::{ActiveEnum, EntityTrait, PaginatorTrait, QueryOrder};
use uuid::Uuid;

use crate::policy::{Atom, Condition, ConditionSet, Permit};

use super::database::Database;
use super::error::Error;
use super::rows::Cell;

/// What tells one state of the region table from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edition {
    regions: u64,
    changed: Option<DateTime<Utc>>,
}

/// All regions, by code and by key.
#[derive(Debug, Default)]
pub struct RegionTree {
    regions: Vec<region::Model>,
    by_code: HashMap<i64, usize>,
    by_id: HashMap<Uuid, usize>,
    /// The enum's text of every region's level and grid kind, so that cells can borrow it.
    levels: Vec<String>,
    grid_kinds: Vec<Option<String>>,
}

impl RegionTree {
    /// Reads the tree.
    ///
    /// # Errors
    /// If the table cannot be read, or two regions share a code.
    pub async fn load(database: &Database) -> Result<Arc<Self>, Error> {
        let writer = database.writer().await?;
        let regions = region::Entity::find().order_by_asc(region::Column::Code).all(&writer).await?;
        writer.close().await?;
        Self::of(regions).map(Arc::new)
    }

    /// How many regions there are and when one last changed: another edition of the table tells otherwise.
    pub fn edition(&self) -> Edition {
        let changed = self.regions.iter().map(|region| region.updated_at).max();
        Edition { regions: self.regions.len() as u64, changed }
    }

    /// The edition that the table holds now.
    ///
    /// # Errors
    /// If it cannot be read.
    pub async fn edition_in(database: &Database) -> Result<Edition, Error> {
        let writer = database.writer().await?;
        let regions = region::Entity::find().count(&writer).await?;
        let last = region::Entity::find().order_by_desc(region::Column::UpdatedAt).one(&writer).await?;
        writer.close().await?;
        Ok(Edition { regions, changed: last.map(|region| region.updated_at) })
    }

    /// Builds the tree from its rows.
    ///
    /// # Errors
    /// If two regions share a code.
    pub fn of(mut regions: Vec<region::Model>) -> Result<Self, Error> {
        regions.sort_by_key(|region| region.code.number());
        let by_code: HashMap<i64, usize> = regions.iter().enumerate().map(|(index, region)| (region.code.number(), index)).collect();
        if by_code.len() != regions.len() {
            return Err(Error::RegionTree("two regions share a code".to_owned()));
        }
        let by_id = regions.iter().enumerate().map(|(index, region)| (region.id.uuid(), index)).collect();
        let levels = regions.iter().map(|region| region.level.to_value()).collect();
        let grid_kinds = regions.iter().map(|region| region.grid_kind.map(|kind| kind.to_value())).collect();
        Ok(Self { regions, by_code, by_id, levels, grid_kinds })
    }

    /// How many regions there are.
    pub fn len(&self) -> usize {
        self.regions.len()
    }

    /// True if there is none.
    pub fn is_empty(&self) -> bool {
        self.regions.is_empty()
    }

    /// The region that holds all others: the code of the first, which stands above the rest; None of an empty tree.
    pub fn root(&self) -> Option<RegionCode> {
        self.regions.first().map(|region| region.code)
    }

    /// The region at a place, or the nearest ancestor that exists.
    pub fn at(&self, place: i64) -> Option<usize> {
        let mut code = RegionCode::from_number(place);
        while let Some(known) = code {
            if let Some(index) = self.by_code.get(&known.number()) {
                return Some(*index);
            }
            code = known.parent();
        }
        None
    }

    /// The region of a level in which the place lies; None if the place lies above that level.
    pub fn at_level(&self, place: i64, level: RegionLevel) -> Option<usize> {
        let code = RegionCode::from_number(place)?.at(level)?;
        self.by_code.get(&code.number()).copied()
    }

    /// The region of a level around a place, or the smallest known one around it if that is larger.
    pub fn around(&self, place: i64, level: RegionLevel) -> Option<usize> {
        let code = RegionCode::from_number(place)?;
        self.at(code.at(level).unwrap_or(code).number())
    }

    /// The regions of a level that lie in a region and are in force on the day, by their codes.
    pub fn below(&self, region: RegionCode, level: RegionLevel, today: NaiveDate) -> Vec<usize> {
        let (first, last) = region.span();
        let start = self.regions.partition_point(|one| one.code.number() < first);
        let below = self.regions.iter().enumerate().skip(start).take_while(|(_, one)| one.code.number() <= last);
        let wanted = |one: &region::Model| one.code.level() == level && one.valid_to.is_none_or(|end| end >= today);
        below.filter(|(_, one)| wanted(one)).map(|(index, _)| index).collect()
    }

    /// The region with this key.
    pub fn by_id(&self, id: Uuid) -> Option<usize> {
        self.by_id.get(&id).copied()
    }

    /// The region itself.
    pub fn region(&self, index: usize) -> &region::Model {
        &self.regions[index]
    }

    /// The value of a catalog field's column.
    pub fn cell(&self, index: usize, column: &str) -> Cell<'_> {
        let region = &self.regions[index];

        match column {
            "id" => Cell::Uuid(region.id.uuid()),
            "code" => Cell::Integer(region.code.number()),
            "name" => Cell::Text(&region.name),
            "name_en" => region.name_en.as_deref().map_or(Cell::Null, Cell::Text),
            "level" => Cell::Text(&self.levels[index]),
            "parent_id" => region.parent_id.map_or(Cell::Null, |id| Cell::Uuid(id.uuid())),
            "grid_kind" => self.grid_kinds[index].as_deref().map_or(Cell::Null, Cell::Text),
            "longitude" => Cell::Float(region.longitude),
            "latitude" => Cell::Float(region.latitude),
            "centre_generated" => Cell::Boolean(region.centre_generated),
            "boundary" => region.boundary.as_deref().map_or(Cell::Null, Cell::Text),
            "valid_from" => Cell::Date(region.valid_from),
            "valid_to" => region.valid_to.map_or(Cell::Null, Cell::Date),
            "replaced_by_id" => region.replaced_by_id.map_or(Cell::Null, |id| Cell::Uuid(id.uuid())),
            "version" => Cell::Integer(i64::from(region.version)),
            "created_at" => Cell::Instant(region.created_at.timestamp_micros()),
            "updated_at" => Cell::Instant(region.updated_at.timestamp_micros()),
            _ => Cell::Null,
        }
    }

    /// True if the permit's scope holds the region.
    pub fn in_scope(&self, index: usize, permit: &Permit) -> bool {
        permit.scope().any(|condition| self.satisfies(index, condition))
    }

    /// The conditions of the permit that the region satisfies.
    pub fn conditions(&self, index: usize, permit: &Permit) -> ConditionSet {
        let bits = permit.conditions().iter().enumerate().filter(|(_, condition)| self.satisfies(index, condition));
        ConditionSet(bits.fold(0, |set, (position, _)| set | 1 << position))
    }

    fn satisfies(&self, index: usize, condition: &Condition) -> bool {
        let code = self.regions[index].code;
        condition.atoms().iter().all(|atom| match atom {
            Atom::Regions(regions) => regions.iter().any(|region| region.contains(code)),
            // A region is about nobody, and belongs to no board, department, case or project.
            Atom::Board(_)
            | Atom::Department(_)
            | Atom::Person(_)
            | Atom::HouseholdOf(_)
            | Atom::WardsOf(_)
            | Atom::OpenTasksOf(_)
            | Atom::OpenCase
            | Atom::Projects(_)
            | Atom::Stated(_)
            | Atom::Serving(_)
            | Atom::Adult
            | Atom::Unprotected
            | Atom::Mild => false,
        })
    }
}
