//! Buildings, dwellings, businesses and work: where the households live, and where the people earn their living.
//!
//! Everything is drawn from streams of its own, after people and cases were made, so that it changes nothing of them
//! but what refers to it: the dwelling of households and residences, and the employer that people tell.

mod businesses;
mod estate;
mod names;
mod platforms;
mod trades;
mod work;

#[cfg(test)]
mod tests;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entities::id::{Id, Kind};
use entities::{building, business, dwelling, employment, new_occupation_worker};

use super::dice::{Dice, mix};
use super::ids;
use super::maker::Chunk;
use super::plan::Community;
use crate::store::load::{self, Loader};
use estate::Estate;
use platforms::Platform;

/// Sets these throws apart from all others of the seed.
const STREAM: u64 = 0x0ec0_0417;

/// The rows of the five registers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EconomyRows {
    /// Buildings.
    pub buildings: Vec<building::Model>,
    /// Dwellings.
    pub dwellings: Vec<dwelling::Model>,
    /// Businesses.
    pub businesses: Vec<business::Model>,
    /// Employments.
    pub employments: Vec<employment::Model>,
    /// Workers of new occupations.
    pub new_occupation_workers: Vec<new_occupation_worker::Model>,
}

impl EconomyRows {
    /// Takes over the rows of another.
    pub(crate) fn append(&mut self, other: Self) {
        let Self { buildings, dwellings, businesses, employments, new_occupation_workers } = other;
        self.buildings.extend(buildings);
        self.dwellings.extend(dwellings);
        self.businesses.extend(businesses);
        self.employments.extend(employments);
        self.new_occupation_workers.extend(new_occupation_workers);
    }

    /// Writes the rows.
    pub(crate) async fn write(&self, loader: &mut Loader) -> Result<(), load::Error> {
        loader.write(&self.buildings).await?;
        loader.write(&self.dwellings).await?;
        loader.write(&self.businesses).await?;
        loader.write(&self.employments).await?;
        loader.write(&self.new_occupation_workers).await
    }
}

/// How much there is of what.
#[derive(Clone, Copy, Debug)]
struct Density {
    /// Enterprises, cooperatives, social organizations and public institutions for each person.
    legal_units: f64,
    /// Self-employed businesses for each person.
    self_employed: f64,
    /// How many of those who tell of an occupation that could be a new one are in the register of its workers.
    workers: f64,
}

/// A district's census: 1.76 legal units and 7.04 self-employed businesses, 2.8 workers for each hundred people.
const CENSUS: Density = Density { legal_units: 0.0176, self_employed: 0.0704, workers: 0.47 };
/// Enough that the smallest profile shows every kind.
const CROWDED: Density = Density { legal_units: 0.16, self_employed: 0.16, workers: 8.0 };

/// Makes the rows of one community after another; keys and numbers are counted through.
pub(crate) struct Economy {
    seed: u64,
    now: DateTime<Utc>,
    today: NaiveDate,
    density: Density,
    estate: Estate,
    platforms: Vec<Platform>,
    made: u64,
    codes: u64,
}

impl Economy {
    /// An economy whose buildings stand, and in which nobody works yet.
    pub(crate) fn new(seed: u64, now: DateTime<Utc>, today: NaiveDate, communities: &[Community], crowded: bool) -> Self {
        let density = if crowded { CROWDED } else { CENSUS };
        let mut economy = Self { seed, now, today, density, estate: Estate::default(), platforms: Vec::new(), made: 0, codes: 0 };
        for community in communities {
            economy.build(community);
        }
        economy.platforms = economy.found_platforms(communities);
        economy
    }

    /// The rows that those of the communities refer to: all buildings, and the platforms.
    pub(crate) fn reference(&self) -> EconomyRows {
        let buildings = self.estate.buildings().cloned().collect();
        let businesses = self.platforms.iter().map(|platform| platform.row.clone()).collect();
        EconomyRows { buildings, businesses, ..EconomyRows::default() }
    }

    /// Houses the households of a community and puts its people to work.
    pub(crate) fn populate(&mut self, community: &Community, chunk: &mut Chunk) {
        let mut dice = self.dice(community, 0);
        self.house(chunk, &mut dice);
        let mut dice = self.dice(community, 1);
        let mut firms = self.businesses(community, chunk, &mut dice);
        self.employ(community, &mut firms, chunk, &mut dice);
        chunk.economy.businesses.extend(firms.into_iter().map(|firm| firm.row));
        let mut dice = self.dice(community, 2);
        self.platform_work(community, chunk, &mut dice);
    }

    /// The throws of one part of a community.
    fn dice(&self, community: &Community, part: u64) -> Dice {
        Dice::new(mix(self.seed ^ mix(STREAM + part)), community.code.number() as u64)
    }

    /// The key of the next row, and when it came into the register: one after another, a year and a month ago.
    fn key<K: Kind>(&mut self) -> (Id<K>, DateTime<Utc>) {
        self.made += 1;
        let made = self.now - TimeDelta::days(399) + TimeDelta::milliseconds(self.made as i64 * 4);
        (ids::seeded(self.seed, made, self.made), made)
    }
}
