//! The team of each grid, "1+3+N": a head, a full-time and a part-time member and an adviser, and helpers; and some who
//! served before.

use std::collections::HashMap;

use chrono::{Days, NaiveDate};
use entities::codes::{GridRole, PayKind, RegionLevel};
use entities::grid_member;
use entities::region_code::RegionCode;

use super::office::Office;
use crate::generate::dice::Dice;
use crate::generate::traits;

/// The fixed part of a team.
const FIXED: [GridRole; 4] = [GridRole::Head, GridRole::FullTime, GridRole::PartTime, GridRole::Adviser];

impl Office<'_> {
    /// The teams of the community's grids. Nobody serves twice at a time.
    pub(super) fn teams(&mut self) -> Vec<grid_member::Model> {
        let mut dice = self.dice(1);
        let couriers = self.couriers();
        let works = |person: &usize| couriers.contains_key(person);
        let mut free: Vec<usize> = self.living().filter(|(_, age)| (23..=68).contains(age)).map(|(index, _)| index).collect();
        free.retain(|person| !works(person));
        let most = free.len() / (2 * self.community.grids.len()).max(1);
        let mut members = Vec::new();
        let community = self.community;
        for grid in &community.grids {
            let helpers = dice.between(3, 8).unsigned_abs() as usize;
            let wanted = FIXED.into_iter().chain(std::iter::repeat_n(GridRole::Helper, helpers.min(most.saturating_sub(FIXED.len()))));
            let mut riders: Vec<usize> =
                couriers.iter().filter(|(_, place)| **place == Some(grid.code)).map(|(person, _)| *person).collect();
            riders.sort_unstable();
            for role in wanted {
                let rider = if matches!(role, GridRole::PartTime | GridRole::Helper) { riders.pop() } else { None };
                let Some(person) = rider.or_else(|| self.take_near(grid.code, role, &mut free, &mut dice)) else { continue };
                let from = self.began(person, &mut dice);
                members.push(self.member(person, grid.code, role, (from, None), &mut dice));
                let replaced = matches!(role, GridRole::Head | GridRole::FullTime) && dice.chance(0.3);
                if let Some(former) = replaced.then(|| self.take_near(grid.code, role, &mut free, &mut dice)).flatten() {
                    let span = (from - Days::new(dice.between(100, 700).unsigned_abs()), Some(from - Days::new(1)));
                    members.push(self.member(former, grid.code, role, span, &mut dice));
                }
            }
            for rider in riders {
                let from = self.began(rider, &mut dice);
                members.push(self.member(rider, grid.code, GridRole::Helper, (from, None), &mut dice));
            }
        }
        members
    }

    /// Since when somebody serves: some years at most, and never as a minor.
    fn began(&self, person: usize, dice: &mut Dice) -> NaiveDate {
        let longest = i64::from(self.ages[person].unwrap_or(18) - 18) * 365;
        self.days_ago(20, longest.min(1_500), dice)
    }

    /// Workers of new occupations, with the grid in which they serve part-time, if they do: no other worker serves.
    fn couriers(&self) -> HashMap<usize, Option<RegionCode>> {
        let living: HashMap<_, usize> = self.living().map(|(index, _)| (self.person(index).id, index)).collect();
        let first = self.community.grids.first().map(|grid| grid.code);
        let place = |index: usize| self.person(index).region_code.filter(|code| code.level() == RegionLevel::Grid).or(first);
        let workers = self.chunk.economy.new_occupation_workers.iter();
        let known = workers.filter_map(|worker| Some((worker, *living.get(&worker.person_id)?)));
        known.map(|(worker, index)| (index, if worker.part_time_grid_member { place(index) } else { None })).collect()
    }

    /// Somebody of an age that fits who lives in the grid, else somewhere in the community.
    fn take_near(&self, grid: RegionCode, role: GridRole, free: &mut Vec<usize>, dice: &mut Dice) -> Option<usize> {
        let fits = |person: &usize| {
            let age = self.ages[*person].unwrap_or(0);
            match role {
                GridRole::Head | GridRole::FullTime => (25..=58).contains(&age),
                GridRole::PartTime => age <= 62,
                GridRole::Adviser => (30..=60).contains(&age),
                GridRole::Helper => true,
            }
        };
        let here = |person: &usize| self.person(*person).region_code == Some(grid);
        let start = dice.below(free.len());
        let mut around = (0..free.len()).map(|step| (start + step) % free.len());
        let near = around.clone().find(|position| fits(&free[*position]) && here(&free[*position]));
        let position = near.or_else(|| around.find(|position| fits(&free[*position])))?;
        Some(free.swap_remove(position))
    }

    fn member(
        &mut self,
        person: usize,
        grid: RegionCode,
        role: GridRole,
        (from_date, to_date): (NaiveDate, Option<NaiveDate>),
        dice: &mut Dice,
    ) -> grid_member::Model {
        let pay_kind = match role {
            GridRole::Head | GridRole::FullTime => PayKind::Salary,
            GridRole::PartTime => PayKind::Points,
            GridRole::Adviser => PayKind::None,
            GridRole::Helper => dice.weighted(&[(PayKind::Points, 6), (PayKind::None, 4)]),
        };
        let reachable = match role {
            GridRole::Head | GridRole::FullTime => true,
            GridRole::PartTime => dice.chance(0.6),
            GridRole::Adviser | GridRole::Helper => false,
        };
        // A number of the service, not the person's own.
        let phone = reachable.then(|| traits::mobile(dice));
        let row = self.person(person);
        let created_at = self.entered(from_date, row.created_at, dice);
        let updated_at = to_date.map_or(created_at, |day| self.entered(day, created_at, dice));
        grid_member::Model {
            id: self.key(created_at),
            person_id: row.id,
            role,
            pay_kind,
            phone,
            from_date,
            to_date,
            region_code: grid,
            version: if to_date.is_some() { 2 } else { 1 },
            created_at,
            updated_at,
        }
    }
}
