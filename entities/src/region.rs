//! Regions: the administrative tree, from the municipality to the grid. Public.

use sea_orm::entity::prelude::*;

use crate::catalog::{self, Class, Field, Kind, NaturalKey, Placing, Register, Source, Through};
use crate::codes::{GRID_KIND, GridKind, REGION_LEVEL, RegionLevel};
use crate::id::Id;
use crate::region_code::RegionCode;

/// Marks ids of regions.
pub struct Region;

impl crate::id::Kind for Region {
    const PREFIX: &'static str = "region";
}

/// One region.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "regions")]
pub struct Model {
    /// Key; stays the same when the region moves in the tree.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id<Region>,
    /// Place in today's tree.
    pub code: RegionCode,
    /// Chinese name.
    pub name: String,
    /// English name, for districts.
    pub name_en: Option<String>,
    /// Level.
    pub level: RegionLevel,
    /// Region directly above.
    pub parent_id: Option<Id<Region>>,
    /// Kind, for grids.
    pub grid_kind: Option<GridKind>,
    /// Longitude of the centre, degrees.
    pub longitude: f64,
    /// Latitude of the centre, degrees.
    pub latitude: f64,
    /// True if the centre was generated inside the parent rather than surveyed.
    pub centre_generated: bool,
    /// Boundary as GeoJSON geometry, for districts.
    pub boundary: Option<String>,
    /// First day the region exists.
    pub valid_from: Date,
    /// Last day, if it has ended.
    pub valid_to: Option<Date>,
    /// Region that took its place.
    pub replaced_by_id: Option<Id<Region>>,
    /// Counts the changes of the row.
    pub version: i32,
    /// When the row was made.
    pub created_at: DateTimeUtc,
    /// When it last changed.
    pub updated_at: DateTimeUtc,
}

/// Relations live in the catalog.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The catalog entry.
pub const REGISTER: Register = Register {
    name: "region",
    table: "regions",
    type_name: "Region",
    singular: "region",
    plural: Some("regions"),
    stats: Some("regionStats"),
    description: "A region of the administrative tree: municipality, district, street, community or grid.",
    fields: &[
        Field::column("id", "id", Kind::Id, Class::Public, "Key; stays the same when the region moves in the tree."),
        Field::column(
            "code",
            "code",
            Kind::RegionCode,
            Class::Public,
            "Place in today's tree: 12 digits, 15 for a grid (GB/T 2260 extended).",
        ),
        Field::column("name", "name", Kind::Text, Class::Public, "Chinese name."),
        Field::column("nameEn", "name_en", Kind::Text, Class::Public, "English name; districts have one.").nullable(),
        Field::column("level", "level", Kind::Code(&REGION_LEVEL), Class::Public, "Level in the tree."),
        Field::column("parent", "parent_id", Kind::Reference("region"), Class::Public, "Region directly above.").nullable(),
        Field::column("gridKind", "grid_kind", Kind::Code(&GRID_KIND), Class::Public, "Kind of the grid; grids alone have one.").nullable(),
        Field::derived(
            "centre",
            Kind::Point,
            Source::Point { longitude: "longitude", latitude: "latitude" },
            Class::Public,
            "A point inside, for labels and pins.",
        ),
        Field::column(
            "centreGenerated",
            "centre_generated",
            Kind::Boolean,
            Class::Public,
            "True if the centre was generated inside the parent rather than surveyed.",
        ),
        Field::column("boundary", "boundary", Kind::GeoJson, Class::Public, "Boundary as GeoJSON geometry; districts have one.").nullable(),
        Field::column("validFrom", "valid_from", Kind::Date, Class::Public, "First day the region exists."),
        Field::column("validTo", "valid_to", Kind::Date, Class::Public, "Last day, if it has ended.").nullable(),
        Field::column("replacedBy", "replaced_by_id", Kind::Reference("region"), Class::Public, "Region that took its place.").nullable(),
        Field::version(),
        Field::created_at(Class::Public),
        Field::updated_at(Class::Public),
    ],
    relations: &[
        catalog::Relation {
            name: "children",
            description: "Regions directly below.",
            target: "region",
            through: Through::Reference("parent"),
        },
        catalog::Relation {
            name: "aliases",
            description: "Old and foreign codes of the region.",
            target: "region_alias",
            through: Through::Reference("region"),
        },
        catalog::Relation {
            name: "departments",
            description: "Departments seated in the region or below.",
            target: "department",
            through: Through::Place("region"),
        },
        catalog::Relation {
            name: "households",
            description: "Households in the region or below.",
            target: "household",
            through: Through::Place("region"),
        },
        catalog::Relation {
            name: "persons",
            description: "People placed in the region or below.",
            target: "person",
            through: Through::Place("region"),
        },
        catalog::Relation {
            name: "cases",
            description: "Cases in the region or below.",
            target: "case",
            through: Through::Place("region"),
        },
        catalog::Relation {
            name: "buildings",
            description: "Buildings in the region or below.",
            target: "building",
            through: Through::Place("region"),
        },
        catalog::Relation {
            name: "dwellings",
            description: "Dwellings in the region or below.",
            target: "dwelling",
            through: Through::Place("region"),
        },
        catalog::Relation {
            name: "businesses",
            description: "Businesses in the region or below.",
            target: "business",
            through: Through::Place("region"),
        },
        catalog::Relation {
            name: "employments",
            description: "Employments of the people placed in the region or below.",
            target: "employment",
            through: Through::Place("region"),
        },
        catalog::Relation {
            name: "newOccupationWorkers",
            description: "Workers of new occupations placed in the region or below.",
            target: "new_occupation_worker",
            through: Through::Place("region"),
        },
        catalog::Relation {
            name: "partyOrganizations",
            description: "Party organisations seated in the region or below.",
            target: "party_organization",
            through: Through::Place("region"),
        },
        catalog::Relation {
            name: "partyMembers",
            description: "Party members placed in the region or below.",
            target: "party_member",
            through: Through::Place("region"),
        },
        catalog::Relation {
            name: "doubleRegisteredMembers",
            description: "Party members who report to the community because they live there.",
            target: "party_member",
            through: Through::Reference("doubleRegistration"),
        },
        catalog::Relation {
            name: "volunteerTeams",
            description: "Volunteer teams that serve in the region or below.",
            target: "volunteer_team",
            through: Through::Place("region"),
        },
        catalog::Relation {
            name: "volunteers",
            description: "Volunteers placed in the region or below.",
            target: "volunteer",
            through: Through::Place("region"),
        },
        catalog::Relation {
            name: "teamMemberships",
            description: "Team memberships of volunteers placed in the region or below.",
            target: "team_membership",
            through: Through::Place("region"),
        },
        catalog::Relation {
            name: "volunteerActivities",
            description: "Activities of volunteers in the region or below.",
            target: "volunteer_activity",
            through: Through::Place("region"),
        },
        catalog::Relation {
            name: "serviceRecords",
            description: "Service of volunteers placed in the region or below.",
            target: "service_record",
            through: Through::Place("region"),
        },
        catalog::Relation {
            name: "gridMembers",
            description: "Members of the grid teams of the region or below.",
            target: "grid_member",
            through: Through::Place("region"),
        },
    ],
    natural_keys: &[NaturalKey { root: "regionByCode", field: "code" }],
    placing: Some(Placing { field: "code", place: "code", community: None, street: None }),
    board: None,
    department: None,
    person: None,
    household: None,
    minor: None,
    protection: None,
    sensitive_codes: None,
    case: None,
    project: None,
    hidden_columns: &[],
};
