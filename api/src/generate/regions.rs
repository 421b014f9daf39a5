//! Regions and their aliases as rows, and the grids of the communities that a profile populates.

use chrono::NaiveDate;
use entities::codes::{GridKind, RegionLevel};
use entities::id::Id;
use entities::region::{self, Region};
use entities::region_alias;
use entities::region_code::RegionCode;

use super::atlas::{ATLAS, Place};
use super::ids::{FOUNDED, stable};
use super::plan::{Community, Grid};

/// The first day that all regions of today's tree carry.
const VALID_FROM: NaiveDate = match NaiveDate::from_ymd_opt(2024, 1, 1) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

/// Codes of districts that were made anew, and of which: system `former`.
const FORMER: &[(&str, &str)] = &[
    ("500221000000", "500115000000"),
    ("500222000000", "500110000000"),
    ("500225000000", "500111000000"),
    ("500227000000", "500120000000"),
    ("500234000000", "500154000000"),
    ("500228000000", "500155000000"),
    ("500232000000", "500156000000"),
];

/// The key of a region: made of its code alone, so that it is the same in every database.
pub(crate) fn region_id(code: RegionCode) -> Id<Region> {
    stable(code.number() as u64)
}

/// All real divisions, and the grids of the given communities.
pub(crate) fn rows(communities: &[Community]) -> Vec<region::Model> {
    let mut rows: Vec<region::Model> = ATLAS.places.iter().map(division).collect();
    rows.extend(communities.iter().flat_map(|community| community.grids.iter().enumerate().map(|(index, grid)| grid_row(index, grid))));
    rows
}

/// The codes that other systems have for districts, and the codes that districts had before.
pub(crate) fn aliases() -> Vec<region_alias::Model> {
    let civil = ATLAS.districts().map(|place| (place.code, "civil_affairs", place.code.to_string()[..6].to_owned()));
    let former = FORMER.iter().filter_map(|(old, new)| Some((new.parse().ok()?, "former", (*old).to_owned())));
    civil
        .chain(former)
        .enumerate()
        .map(|(index, (region, system, code))| region_alias::Model {
            id: stable(index as u64),
            region_id: region_id(region),
            system: system.to_owned(),
            code,
        })
        .collect()
}

fn division(place: &Place) -> region::Model {
    let generated = matches!(place.level(), RegionLevel::Street | RegionLevel::Community);
    let boundary = if place.level() == RegionLevel::District { ATLAS.boundary(place.code) } else { None };
    region::Model {
        name: place.name.to_owned(),
        name_en: place.name_en.map(str::to_owned),
        centre_generated: generated,
        boundary: boundary.map(|boundary| boundary.text.clone()),
        ..row(place.code, place.centre)
    }
}

fn grid_row(index: usize, grid: &Grid) -> region::Model {
    let kind = if grid.dedicated { "专属网格" } else { "网格" };
    region::Model {
        name: format!("第{}{kind}", index + 1),
        grid_kind: Some(if grid.dedicated { GridKind::Dedicated } else { GridKind::Basic }),
        ..row(grid.code, grid.centre)
    }
}

/// A row with all that the code tells, and a generated centre.
fn row(code: RegionCode, centre: (f64, f64)) -> region::Model {
    region::Model {
        id: region_id(code),
        code,
        name: String::new(),
        name_en: None,
        level: code.level(),
        parent_id: code.parent().map(region_id),
        grid_kind: None,
        longitude: centre.0,
        latitude: centre.1,
        centre_generated: true,
        boundary: None,
        valid_from: VALID_FROM,
        valid_to: None,
        replaced_by_id: None,
        version: 1,
        created_at: FOUNDED,
        updated_at: FOUNDED,
    }
}
