//! Who is who in the demonstration: real places and people of the generated rows for its tokens.

use entities::codes::{Board, DepartmentLevel, RegionLevel};
use entities::region_code::RegionCode;
use entities::{case, department, person, region};
use sea_orm::{ColumnTrait, Database, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use uuid::Uuid;

use super::departments::{Bureau, post};
use super::{Error, demo_street};

/// Places and rows that the demonstration's tokens name.
#[derive(Clone, Debug)]
pub struct Cast {
    /// A grid of the street that is made in full.
    pub grid: RegionCode,
    /// The community of that grid.
    pub community: RegionCode,
    /// The post of the street for services.
    pub post: Uuid,
    /// The civil affairs bureau of the street's district.
    pub bureau: Option<Uuid>,
    /// A department of the city that handles cases.
    pub department: Option<Uuid>,
    /// A person of that community who has reported a case.
    pub resident: Option<Uuid>,
}

/// Finds the cast in a generated database.
///
/// # Errors
/// If the database cannot be read.
pub async fn demo_cast(url: &str) -> Result<Cast, Error> {
    let database = Database::connect(url).await?;
    let (first, last) = demo_street().span();
    let grid = region::Entity::find()
        .filter(region::Column::Level.eq(RegionLevel::Grid))
        .filter(region::Column::Code.between(first, last))
        .order_by_asc(region::Column::Code)
        .one(&database)
        .await?
        .map_or_else(demo_street, |region| region.code);
    let community = grid.at(RegionLevel::Community).unwrap_or(grid);
    let reporters = case::Entity::find().select_only().column(case::Column::ReporterId).filter(case::Column::CommunityCode.eq(community));
    let resident = person::Entity::find()
        .filter(person::Column::CommunityCode.eq(community))
        .filter(person::Column::Id.in_subquery(reporters.into_query()))
        .order_by_asc(person::Column::Id)
        .one(&database)
        .await?
        .map(|person| person.id.uuid());
    let busy = case::Entity::find().select_only().column(case::Column::DepartmentId);
    let department = department::Entity::find()
        .filter(department::Column::Level.eq(DepartmentLevel::City))
        .filter(department::Column::Id.in_subquery(busy.into_query()))
        .order_by_asc(department::Column::Id)
        .one(&database)
        .await?
        .map(|department| department.id.uuid());
    database.close().await?;
    Ok(Cast { grid, community, post: post(demo_street(), Board::Services).uuid(), bureau: bureau(), department, resident })
}

fn bureau() -> Option<Uuid> {
    let district = demo_street().at(RegionLevel::District)?;
    Bureau::find("CIVIL").map(|bureau| bureau.of(district).uuid())
}
