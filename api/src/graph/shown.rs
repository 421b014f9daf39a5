//! What a row shows: by the conditions of the policy that it satisfies.

use entities::codes::RegionLevel;

use crate::store::Error;
use crate::store::rows::Cell;

use super::fetch::Fetched;
use super::plan::Coarsened;

impl Fetched<'_> {
    /// The region of a place as the row shows it: no finer than its mask allows.
    pub(super) fn placed(
        &self,
        step: usize,
        row: usize,
        place: Cell<'_>,
        level: Option<RegionLevel>,
        shown: &Coarsened,
    ) -> Result<Option<usize>, Error> {
        let Some(place) = place.integer() else { return Ok(None) };
        let Coarsened { full, masks } = shown;
        if masks.is_empty() || self.holds(step, row, *full)? {
            return Ok(level.map_or_else(|| self.tree().at(place), |level| self.tree().at_level(place, level)));
        }
        for (guard, finest) in masks {
            if self.holds(step, row, *guard)? {
                return Ok(match level {
                    Some(level) if level <= *finest => self.tree().at_level(place, level),
                    // Finer than the mask: the row tells of no such region.
                    Some(_) => None,
                    None => self.tree().around(place, *finest),
                });
            }
        }
        Ok(None)
    }

    /// The centre of the region of a level around a place, or of the smallest one that is known there if it is larger.
    pub(super) fn centre(&self, place: i64, level: RegionLevel) -> Option<[f64; 2]> {
        let region = self.tree().region(self.tree().around(place, level)?);
        Some([region.longitude, region.latitude])
    }
}
