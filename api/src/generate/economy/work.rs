//! Who works where: people who tell of an employer work in a firm of the neighbourhood that fits their occupation, those
//! who run a business work in it, and riders, couriers and drivers work through a platform.

use std::collections::HashMap;

use chrono::{Days, NaiveDate};
use entities::business::{self, Business};
use entities::codes::{BusinessKind, BusinessStatus, EmploymentForm, EmploymentRole, Industry, NewOccupation};
use entities::id::Id;
use entities::{employment, new_occupation_worker, person};

use super::super::dice::Dice;
use super::super::maker::Chunk;
use super::super::plan::Community;
use super::businesses::Firm;
use super::{Economy, trades};

/// The firms that take people on, as indices: all of them, and by industry. Self-employed businesses only where there is nothing else.
struct Market {
    all: Vec<usize>,
    by_industry: HashMap<Industry, Vec<usize>>,
}

impl Market {
    fn of(firms: &[Firm]) -> Self {
        let open = |legal: bool| -> Vec<usize> {
            let rows = firms.iter().enumerate();
            rows.filter(|(_, firm)| firm.row.status == BusinessStatus::Open && (firm.row.kind != BusinessKind::SelfEmployed) == legal)
                .map(|(index, _)| index)
                .collect()
        };
        let mut market = Self { all: open(true), by_industry: HashMap::new() };
        if market.all.is_empty() {
            market.all = open(false);
        }
        for index in &market.all {
            if let Some(industry) = firms[*index].row.industry {
                market.by_industry.entry(industry).or_default().push(*index);
            }
        }
        market
    }

    /// A firm for somebody of that occupation, in its industry if there is one here.
    fn find(&self, occupation: Option<&str>, dice: &mut Dice) -> Option<usize> {
        let fitting = trades::industries_of(occupation.unwrap_or_default()).iter().find_map(|industry| self.by_industry.get(industry));
        let firms = fitting.unwrap_or(&self.all);
        (!firms.is_empty()).then(|| firms[dice.below(firms.len())])
    }
}

/// An employment that is being written down.
struct Job {
    business: Id<Business>,
    role: EmploymentRole,
    from: NaiveDate,
    to: Option<NaiveDate>,
}

impl Economy {
    /// Gives the people of a community their work; a firm has at least as many employees as work there.
    pub(super) fn employ(&mut self, community: &Community, firms: &mut [Firm], chunk: &mut Chunk, dice: &mut Dice) {
        self.run_firms(firms, chunk, dice);
        let market = Market::of(firms);
        let mut staff = vec![0; firms.len()];
        for index in 0..chunk.persons.len() {
            let person = &chunk.persons[index];
            let works = person.employer.is_some() && person.deceased_on.is_none() && person.community_code == Some(community.code);
            if !works || !dice.chance(0.87) {
                continue;
            }
            let Some(found) = market.find(person.occupation.as_deref(), dice) else { continue };
            let from = self.first_day(person, firms[found].row.founded_on, dice);
            let role = dice.weighted(&[(EmploymentRole::Employee, 82), (EmploymentRole::Manager, 12), (EmploymentRole::Temporary, 6)]);
            let job = Job { business: firms[found].row.id, role, from, to: None };
            let employment = self.employment(person, &job, dice);
            let before = if dice.chance(0.12) { self.worked_before(person, from, firms, dice) } else { None };
            chunk.economy.employments.extend(before);
            chunk.economy.employments.push(employment);
            chunk.persons[index].employer = Some(firms[found].row.name.clone());
            staff[found] += 1;
        }
        for (firm, staff) in firms.iter_mut().zip(staff) {
            firm.row.employees = firm.row.employees.map(|told| told.max(staff));
        }
    }

    /// Lets those who run the firms work in them; what is closed they have left.
    fn run_firms(&mut self, firms: &[Firm], chunk: &mut Chunk, dice: &mut Dice) {
        for firm in firms {
            let Some(head) = firm.head else { continue };
            if !dice.chance(0.75) {
                continue;
            }
            let person = &chunk.persons[head];
            let own = firm.row.kind == BusinessKind::SelfEmployed;
            let role = if own { EmploymentRole::Owner } else { EmploymentRole::LegalRepresentative };
            let from = firm.row.founded_on.unwrap_or(self.today - Days::new(400));
            let ended = matches!(firm.row.status, BusinessStatus::Closed | BusinessStatus::Revoked);
            let to = ended.then(|| from + Days::new(dice.between(0, (self.today - from).num_days().max(0)).unsigned_abs()));
            let employment = self.employment(person, &Job { business: firm.row.id, role, from, to }, dice);
            chunk.economy.employments.push(employment);
        }
    }

    /// An earlier employment that ended before the present one began.
    fn worked_before(&mut self, person: &person::Model, next: NaiveDate, firms: &[Firm], dice: &mut Dice) -> Option<employment::Model> {
        let business = firms[dice.below(firms.len())].row.id;
        let to = next - Days::new(dice.between(1, 200).unsigned_abs());
        let from = to - Days::new(dice.between(20, 900).unsigned_abs());
        let job = Job { business, role: EmploymentRole::Employee, from, to: Some(to) };
        Some(self.employment(person, &job, dice))
    }

    fn employment(&mut self, person: &person::Model, job: &Job, dice: &mut Dice) -> employment::Model {
        let (id, created_at) = self.key();
        employment::Model {
            id,
            person_id: person.id,
            business_id: job.business,
            role: job.role,
            from_date: dice.chance(0.97).then_some(job.from),
            to_date: job.to,
            region_code: person.region_code,
            version: 1,
            created_at,
            updated_at: created_at,
        }
    }

    /// Some day since the firm was founded and the person turned eighteen.
    fn first_day(&self, person: &person::Model, founded: Option<NaiveDate>, dice: &mut Dice) -> NaiveDate {
        let grown = person.birth_date.map_or(self.today, |born| born + Days::new(18 * 366));
        let earliest = founded.unwrap_or(grown).max(grown).min(self.today);
        self.today - Days::new(dice.between(0, (self.today - earliest).num_days().min(4_000)).unsigned_abs())
    }

    /// Enters the people of new occupations into their register.
    pub(super) fn platform_work(&mut self, community: &Community, chunk: &mut Chunk, dice: &mut Dice) {
        for person in &chunk.persons {
            let here = person.deceased_on.is_none() && person.community_code == Some(community.code);
            let Some(occupation) =
                person.occupation.as_deref().filter(|_| here).and_then(|told| new_occupation(told, self.density.workers, dice))
            else {
                continue;
            };
            let (id, created_at) = self.key();
            let form = dice.weighted(&[(EmploymentForm::FullTime, 45), (EmploymentForm::PartTime, 25), (EmploymentForm::Outsourced, 30)]);
            let sent_out = matches!(occupation, NewOccupation::FoodDelivery | NewOccupation::Courier) && dice.chance(0.9);
            let worker = new_occupation_worker::Model {
                id,
                person_id: person.id,
                occupation,
                platform_id: self.platform(occupation, dice).map(|platform| platform.id),
                station: sent_out.then(|| format!("{}站", community.name)),
                employment_form: dice.chance(0.95).then_some(form),
                injury_cover: dice.chance(0.9).then(|| dice.chance(0.66)),
                part_time_grid_member: dice.chance(0.06),
                region_code: person.region_code,
                version: 1,
                created_at,
                updated_at: created_at,
            };
            chunk.economy.new_occupation_workers.push(worker);
        }
    }

    /// The platform of a worker; a few work for none, or for one that nobody noted.
    fn platform(&self, occupation: NewOccupation, dice: &mut Dice) -> Option<&business::Model> {
        let platforms: Vec<_> = self.platforms.iter().filter(|platform| platform.occupation == occupation).collect();
        if platforms.is_empty() || dice.chance(0.05) {
            return None;
        }
        let shares: Vec<(usize, u32)> = platforms.iter().enumerate().map(|(index, platform)| (index, platform.share)).collect();
        Some(&platforms[dice.weighted(&shares)].row)
    }
}

/// The new occupation of somebody who tells this one, if they are entered: most riders and couriers are, few others.
fn new_occupation(told: &str, share: f64, dice: &mut Dice) -> Option<NewOccupation> {
    let (occupation, share) = match told {
        "外卖骑手" => (NewOccupation::FoodDelivery, share * 1.3),
        "快递员" => (NewOccupation::Courier, share * 1.3),
        "司机" => (if dice.chance(0.55) { NewOccupation::RideHailing } else { NewOccupation::Truck }, share * 0.4),
        "销售人员" => (NewOccupation::LiveStream, share * 0.06),
        "普通职员" | "客服人员" => (NewOccupation::Other, share * 0.03),
        _ => return None,
    };
    dice.chance(share).then_some(occupation)
}
