//! All rows of a profile at once, for tests that compare the program's answers with the rows themselves.

use entities::{case, case_category, case_event, client, department, household, person, region, region_alias, residence, role_assignment};

use super::economy::EconomyRows;
use super::maker::{Chunk, Maker};
use super::services::ServiceRows;
use super::{Settings, SocietyRows, accounts, categories, clients, departments, regions};

/// One vector a register. Only for small profiles: all rows are in memory.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rows {
    /// Regions: every real division, and the grids of what is populated.
    pub regions: Vec<region::Model>,
    /// Codes of other systems.
    pub region_aliases: Vec<region_alias::Model>,
    /// Departments.
    pub departments: Vec<department::Model>,
    /// Case categories.
    pub case_categories: Vec<case_category::Model>,
    /// Households.
    pub households: Vec<household::Model>,
    /// Persons.
    pub persons: Vec<person::Model>,
    /// Residences.
    pub residences: Vec<residence::Model>,
    /// Cases.
    pub cases: Vec<case::Model>,
    /// Events of cases.
    pub case_events: Vec<case_event::Model>,
    /// Buildings, dwellings, businesses, employments and workers of new occupations.
    pub economy: EconomyRows,
    /// Party organisations and volunteers.
    pub society: SocietyRows,
    /// Grid members, service projects, enrollments, tags and tasks.
    pub services: ServiceRows,
    /// Role assignments.
    pub role_assignments: Vec<role_assignment::Model>,
    /// Applications.
    pub clients: Vec<client::Model>,
}

/// Makes all rows of a profile.
pub fn rows(settings: &Settings) -> Rows {
    let mut maker = Maker::new(settings);
    let mut rows = reference(&maker);
    for index in 0..maker.communities.len() {
        let Chunk { households, persons, residences, cases, events, economy, society, services } = maker.populate(index);
        rows.households.extend(households);
        rows.persons.extend(persons);
        rows.residences.extend(residences);
        rows.cases.extend(cases);
        rows.case_events.extend(events);
        rows.economy.append(economy);
        rows.society.append(society);
        rows.services.append(services);
    }
    rows
}

/// The rows that people and cases refer to, and no people or cases.
pub(crate) fn reference(maker: &Maker) -> Rows {
    let communities = &maker.communities;
    let mut streets: Vec<_> = communities.iter().map(|community| community.street).collect();
    streets.sort_unstable();
    streets.dedup();
    let departments = departments::rows(&streets);
    Rows {
        regions: regions::rows(communities),
        region_aliases: regions::aliases(),
        role_assignments: accounts::rows(&departments),
        clients: clients::rows(&departments),
        departments,
        case_categories: categories::rows(),
        economy: maker.economy.reference(),
        services: ServiceRows::reference(maker.today),
        ..Rows::default()
    }
}
