//! Businesses of a community: who runs them, where they are seated, what they are called.

use chrono::{Days, NaiveDate};
use entities::building::Building;
use entities::business;
use entities::codes::{BusinessKind, RegionLevel};
use entities::credit_code::credit_code;
use entities::id::Id;
use entities::name_keys;
use entities::person;
use entities::region_code::RegionCode;

use super::super::atlas::ATLAS;
use super::super::dice::{Dice, mix};
use super::super::maker::Chunk;
use super::super::plan::Community;
use super::super::{names as people, traits};
use super::estate::urban;
use super::{Economy, names, trades};

/// What those who have a business of their own say they do.
const TRADER: &str = "个体经营者";
/// How many characters an organisation code can be made of.
const LETTERS: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

/// A business, and who runs it, as an index of the community's persons.
pub(super) struct Firm {
    pub(super) row: business::Model,
    pub(super) head: Option<usize>,
}

/// Where a business is seated.
pub(super) struct Seat {
    pub(super) address: Option<String>,
    pub(super) building_id: Option<Id<Building>>,
    pub(super) region_code: RegionCode,
    pub(super) community_code: RegionCode,
    pub(super) street_code: RegionCode,
}

/// Who may run a business: grown people of the community, those first who say they have one.
struct Heads {
    traders: Vec<usize>,
    grown: Vec<usize>,
}

impl Heads {
    fn of(community: &Community, persons: &[person::Model], today: NaiveDate) -> Self {
        let grown: Vec<usize> = (0..persons.len())
            .filter(|index| {
                let person = &persons[*index];
                let age = person.birth_date.and_then(|born| today.years_since(born));
                person.deceased_on.is_none()
                    && person.community_code == Some(community.code)
                    && age.is_some_and(|age| (20..68).contains(&age))
            })
            .collect();
        let traders = grown.iter().copied().filter(|index| persons[*index].occupation.as_deref() == Some(TRADER)).collect();
        Self { traders, grown }
    }

    /// Somebody for a business of that kind; nobody where the one who runs it lives elsewhere.
    fn take(&mut self, kind: BusinessKind, dice: &mut Dice) -> Option<usize> {
        if kind == BusinessKind::SelfEmployed && !self.traders.is_empty() {
            return self.traders.pop();
        }
        let here = dice.chance(if kind == BusinessKind::SelfEmployed { 0.8 } else { 0.55 });
        (here && !self.grown.is_empty()).then(|| self.grown[dice.below(self.grown.len())])
    }
}

impl Economy {
    /// The businesses of a community.
    pub(super) fn businesses(&mut self, community: &Community, chunk: &Chunk, dice: &mut Dice) -> Vec<Firm> {
        let count = |share: f64| (f64::from(community.people) * share).round().max(1.0) as usize;
        let (legal, own) = (count(self.density.legal_units), count(self.density.self_employed));
        let mut heads = Heads::of(community, &chunk.persons, self.today);
        let mut firms = Vec::with_capacity(legal + own);
        for number in 0..legal + own {
            let kind = if number < legal { trades::legal_kind(urban(community.code), dice) } else { BusinessKind::SelfEmployed };
            let head = heads.take(kind, dice);
            let row = self.business(community, kind, head.map(|index| &chunk.persons[index]), dice);
            firms.push(Firm { row, head });
        }
        firms
    }

    fn business(&mut self, community: &Community, kind: BusinessKind, head: Option<&person::Model>, dice: &mut Dice) -> business::Model {
        let (id, created_at) = self.key();
        let Seat { address, building_id, region_code, community_code, street_code } = self.seat(community, dice);
        let industry = trades::industry(kind, dice);
        let told = dice.chance(0.98).then_some(industry);
        let brand = names::brand(dice);
        let place = names::Place { district: ATLAS.place(community.district).name, community: community.name };
        let name = names::registered(kind, industry, place, &brand, dice);
        let known = dice.chance(if kind == BusinessKind::SelfEmployed { 0.93 } else { 0.98 });
        let employees = staff(kind, dice);
        let grown = head.and_then(|head| head.birth_date).map_or(9_000, |born| (self.today - born).num_days() - 18 * 366);
        let age = dice.between(40, grown.clamp(400, 9_000));
        business::Model {
            id,
            credit_code: if known { self.credit_code(registry(kind, dice), community.district) } else { None },
            signboard_name: dice.chance(0.6).then(|| signboard(&name, &brand, place.district)),
            name_keys: name_keys::of(&name, ""),
            name,
            kind,
            industry_division: told.filter(|_| dice.chance(0.95)).map(|industry| trades::division(industry, dice).to_owned()),
            industry: told,
            legal_representative_id: head.map(|head| head.id),
            contact_name: dice.chance(0.95).then(|| contact(head, dice)),
            contact_phone: dice.chance(0.93).then(|| traits::mobile(dice)),
            employees: dice.chance(0.96).then_some(employees),
            revenue_band: trades::revenue(kind, employees, dice),
            address,
            building_id,
            status: trades::status(dice),
            founded_on: dice.chance(0.98).then(|| self.today - Days::new(age.unsigned_abs())),
            region_code,
            community_code,
            street_code,
            version: 1,
            created_at,
            updated_at: created_at,
        }
    }

    /// A seat in some grid of the community; of some the building is not known, of a few not even the grid.
    pub(super) fn seat(&self, community: &Community, dice: &mut Dice) -> Seat {
        let grid = community.grids[dice.below(community.grids.len())].code;
        let building = if dice.chance(0.9) { self.estate.workplace(grid, dice) } else { None };
        let place = building.map_or(if dice.chance(0.8) { grid } else { community.code }, |building| building.region_code);
        let room = dice.between(1, 4) * 100 + dice.between(1, 9);
        let address = match building {
            Some(building) => Some(format!("{}{room}室", building.address)),
            None => dice.chance(0.7).then(|| format!("重庆市{}{}", ATLAS.place(community.district).name, community.name)),
        };
        Seat {
            address,
            building_id: building.map(|building| building.id),
            region_code: place,
            community_code: community.code,
            street_code: place.at(RegionLevel::Street).unwrap_or(place),
        }
    }

    /// A credit code that was not given before: registry and kind, district, and a number that no other business has.
    pub(super) fn credit_code(&mut self, registry: &str, district: RegionCode) -> Option<String> {
        // As many numbers as 8 characters of 31 can tell apart; the step has no factor in common with it, so all come before one comes again.
        const NUMBERS: u64 = 31u64.pow(8);
        const STEP: u64 = 364_283_981_407;
        self.codes += 1;
        let start = u128::from(mix(self.seed));
        let mut number = ((start + u128::from(self.codes) * u128::from(STEP)) % u128::from(NUMBERS)) as u64;
        let mut organisation = String::with_capacity(8);
        for _ in 0..8 {
            organisation.push(char::from(LETTERS[(number % 31) as usize]));
            number /= 31;
        }
        credit_code(registry, &district.to_string()[..6], &organisation)
    }
}

/// The first two characters of the credit code.
fn registry(kind: BusinessKind, dice: &mut Dice) -> &'static str {
    match kind {
        BusinessKind::Enterprise | BusinessKind::Platform => "91",
        BusinessKind::SelfEmployed => "92",
        BusinessKind::Cooperative => "93",
        BusinessKind::SocialOrganization => dice.pick(&["51", "52"]),
        BusinessKind::PublicInstitution => "12",
    }
}

/// What stands over the door: the shop's name without its district, or the brand of a company.
fn signboard(name: &str, brand: &str, district: &str) -> String {
    name.strip_prefix(district).unwrap_or(brand).to_owned()
}

/// How many people work in a business: few in most, many in some.
fn staff(kind: BusinessKind, dice: &mut Dice) -> i32 {
    let (middle, spread) = match kind {
        BusinessKind::SelfEmployed => (0.4, 0.5),
        BusinessKind::PublicInstitution => (3.2, 0.7),
        _ => (1.8, 1.1),
    };
    (middle + spread * dice.normal()).exp().clamp(1.0, 900.0) as i32
}

/// Whom to ask for: the one who runs it, or somebody else.
fn contact(head: Option<&person::Model>, dice: &mut Dice) -> String {
    match head {
        Some(head) if dice.chance(0.7) => head.name.clone(),
        _ => people::name(people::surname(dice), dice.chance(0.5), dice).0,
    }
}
