//! Makes the rows of one community after another.

use chrono::{DateTime, Datelike, Days, NaiveDate, SubsecRound, TimeDelta, Utc};
use entities::codes::{IdType, MaritalStatus, Sex};
use entities::id::{Id, Kind};
use entities::region_code::RegionCode;
use entities::{case, case_event, household, person, residence};

use super::atlas::ATLAS;
use super::dice::Dice;
use super::economy::{Economy, EconomyRows};
use super::family::Member;
use super::id_number::Desk;
use super::names::{self, Surname};
use super::plan::{Community, communities};
use super::profile::Profile;
use super::services::{Places, ServiceRows};
use super::{Settings, SocietyRows, ids, traits};

/// Regions outside the city that people come from, as identity cards name them.
const ELSEWHERE: [u32; 12] = [510_104, 510_112, 511_302, 511_602, 510_722, 520_103, 520_302, 420_802, 422_801, 430_104, 330_106, 440_306];

/// The rows of one community. Households and persons that are registered elsewhere are in the chunk of the
/// community where they live.
#[derive(Default)]
pub(crate) struct Chunk {
    /// Households.
    pub(crate) households: Vec<household::Model>,
    /// Persons.
    pub(crate) persons: Vec<person::Model>,
    /// Residences.
    pub(crate) residences: Vec<residence::Model>,
    /// Cases.
    pub(crate) cases: Vec<case::Model>,
    /// Events of the cases.
    pub(crate) events: Vec<case_event::Model>,
    /// Buildings, businesses and work.
    pub(crate) economy: EconomyRows,
    /// Party organisations and volunteers.
    pub(crate) society: SocietyRows,
    /// What hangs on the people and the cases.
    pub(crate) services: ServiceRows,
}

/// How often what is rare happens.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rates {
    /// A person without identity card, and mostly without day of birth.
    pub(crate) undocumented: f64,
    /// A person known to nobody's household.
    pub(crate) unplaced: f64,
    /// A family that moved here from another household of the community.
    pub(crate) moved: f64,
    /// A widow or widower whose spouse is still in the register.
    pub(crate) late_spouse: f64,
}

/// Makes rows. Communities are made in the plan's order, each once: keys and numbers are counted through.
pub(crate) struct Maker {
    /// The seed.
    pub(crate) seed: u64,
    /// The present, in whole microseconds.
    pub(crate) now: DateTime<Utc>,
    /// The day of the present in the city.
    pub(crate) today: NaiveDate,
    /// What is populated.
    pub(crate) communities: Vec<Community>,
    /// How often what is rare happens.
    pub(crate) rates: Rates,
    /// True for the profile that shows every state of a case.
    pub(crate) every_state: bool,
    /// Buildings, businesses and work.
    pub(crate) economy: Economy,
    /// Places of service projects that are taken.
    pub(crate) places: Places,
    desk: Desk,
    made: u64,
}

/// The offset of the city's clocks.
pub(crate) const CITY_HOURS: TimeDelta = TimeDelta::hours(8);

impl Maker {
    /// A maker that has made nothing yet.
    pub(crate) fn new(settings: &Settings) -> Self {
        let tiny = settings.profile == Profile::Tiny;
        let rates = if tiny {
            Rates { undocumented: 0.06, unplaced: 0.04, moved: 0.12, late_spouse: 0.9 }
        } else {
            Rates { undocumented: 0.005, unplaced: 0.004, moved: 0.02, late_spouse: 0.25 }
        };
        let districts = ATLAS.districts();
        let regions = districts.map(|place| six_digits(place.code)).chain(ELSEWHERE).collect();
        let now = settings.now.trunc_subsecs(6);
        let today = (now + CITY_HOURS).date_naive();
        let communities = communities(settings.profile, settings.seed);
        let economy = Economy::new(settings.seed, now, today, &communities, tiny);
        Self {
            seed: settings.seed,
            now,
            today,
            communities,
            rates,
            every_state: tiny,
            economy,
            places: Places::none_taken(),
            desk: Desk::new(settings.seed, regions),
            made: 0,
        }
    }

    /// The next key of a register, for a row made at that instant.
    pub(crate) fn key<K: Kind>(&mut self, made: DateTime<Utc>) -> Id<K> {
        self.made += 1;
        ids::seeded(self.seed, made, self.made)
    }

    /// How many keys were given so far: a number that is never the same for two rows made one after another.
    pub(crate) const fn running(&self) -> u64 {
        self.made
    }

    /// Some instant between two; the first if they are not in order.
    pub(crate) fn between(&self, first: DateTime<Utc>, last: DateTime<Utc>, dice: &mut Dice) -> DateTime<Utc> {
        let span = (last - first).num_microseconds().unwrap_or(0).max(0);
        first + TimeDelta::microseconds(dice.between(0, span))
    }

    /// When a fact of that day came into the register: the register was filled a year and a month ago, one row after
    /// another; later facts follow within some weeks.
    pub(crate) fn entered(&self, fact: NaiveDate, dice: &mut Dice) -> DateTime<Utc> {
        let filled = self.now - TimeDelta::days(400) + TimeDelta::milliseconds(self.made as i64 * 4);
        let told = instant(fact) + TimeDelta::seconds(dice.between(86_400, 30 * 86_400));
        filled.max(told).min(self.now - TimeDelta::seconds(60))
    }

    /// The day somebody of that age was born.
    pub(crate) fn birthday(&self, age: f64) -> NaiveDate {
        self.today - Days::new((age * 365.2425) as u64)
    }

    /// A person who is placed nowhere yet.
    pub(crate) fn person(&mut self, member: &Member, surname: Surname, origin: &Origin, dice: &mut Dice) -> person::Model {
        let id_type = self.id_type(origin, dice);
        let born = self.birthday(member.age);
        let known = id_type != IdType::None || dice.chance(0.2);
        let (name, name_pinyin) = match id_type {
            IdType::Passport | IdType::ForeignPermit => names::foreign_name(dice),
            _ => names::name(surname, member.male, dice),
        };
        let id_number = match id_type {
            IdType::ResidentId => self.desk.issue(origin.region(self.desk.regions(), dice), born, member.male),
            other => traits::foreign_number(other, dice),
        };
        let (occupation, employer) = traits::work(member.age, dice);
        let created_at = self.entered(born, dice);
        let name_keys = entities::name_keys::of(&name, &name_pinyin);
        person::Model {
            id: self.key(created_at),
            name,
            name_pinyin,
            name_keys,
            id_type: if id_number.is_none() { IdType::None } else { id_type },
            id_number,
            sex: if member.male { Sex::Male } else { Sex::Female },
            birth_date: known.then_some(born),
            birth_year: known.then_some(born.year()),
            ethnicity: dice.chance(0.99).then(|| traits::ethnicity(origin.district, dice).to_owned()),
            education: traits::education(member.age, dice),
            marital_status: (member.age >= 15.0).then_some(if dice.chance(0.02) { MaritalStatus::NotStated } else { member.marital }),
            phone: traits::phone(member.age, dice),
            employer,
            occupation,
            deceased_on: None,
            protected: false,
            household_id: None,
            region_code: None,
            community_code: None,
            street_code: None,
            version: 1,
            created_at,
            updated_at: created_at,
        }
    }

    fn id_type(&self, origin: &Origin, dice: &mut Dice) -> IdType {
        let throw = dice.unit();
        if throw < self.rates.undocumented {
            IdType::None
        } else if origin.incomer && throw < self.rates.undocumented + 0.006 {
            dice.weighted(&[(IdType::HkMoTwPermit, 3), (IdType::Passport, 2), (IdType::ForeignPermit, 1)])
        } else {
            IdType::ResidentId
        }
    }
}

/// Where a person comes from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Origin {
    /// The district where the person lives.
    pub(crate) district: RegionCode,
    /// True if the person is registered elsewhere.
    pub(crate) incomer: bool,
}

impl Origin {
    /// The index of the region that the identity card names: mostly the own district for those registered there.
    fn region(&self, known: usize, dice: &mut Dice) -> usize {
        let districts = known - ELSEWHERE.len();
        let own = ATLAS.districts().position(|place| place.code == self.district);
        let (own_share, city_share) = if self.incomer { (0.05, 0.45) } else { (0.85, 0.12) };
        let throw = dice.unit();
        match own {
            Some(own) if throw < own_share => own,
            _ if throw < own_share + city_share => dice.below(districts),
            _ => districts + dice.below(ELSEWHERE.len()),
        }
    }
}

/// Eight in the morning of that day in the city.
pub(crate) fn instant(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(chrono::NaiveTime::MIN).and_utc()
}

fn six_digits(code: RegionCode) -> u32 {
    u32::try_from(code.number() / 1_000_000_000).unwrap_or(0)
}
