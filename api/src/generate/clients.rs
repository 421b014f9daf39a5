//! Applications, as a city would have registered them: they have no keys, so they open nothing; they show what the register
//! holds.

use chrono::TimeDelta;
use entities::client;
use entities::codes::DepartmentLevel;
use entities::department;

use super::ids::{FOUNDED, stable};

/// Names reserved for examples never become anybody's.
const ISSUER: &str = "https://login.example";
const REGISTRAR: &str = "registrar";
/// Name, purpose, requests a day; each city department answers for one of these.
const APPLICATIONS: [(&str, &str, i32); 6] = [
    ("case-map", "service", 20_000),
    ("street-board", "statistics", 5_000),
    ("hotline-bridge", "case_handling", 50_000),
    ("licence-check", "inspection", 10_000),
    ("volunteer-app", "service", 8_000),
    ("yearbook", "statistics", 500),
];

/// All applications.
pub(crate) fn rows(departments: &[department::Model]) -> Vec<client::Model> {
    let owners = departments.iter().filter(|department| department.level == DepartmentLevel::City);
    APPLICATIONS.iter().zip(owners.cycle()).enumerate().map(|(index, (application, owner))| row(index, *application, owner)).collect()
}

fn row(index: usize, (name, purpose, requests): (&str, &str, i32), owner: &department::Model) -> client::Model {
    let ended = index % 3 == 2;
    let by = |text: &str| ended.then(|| text.to_owned());
    let to_at = ended.then(|| FOUNDED + TimeDelta::days(300 + index as i64));
    let person = index % 2 == 1;
    client::Model {
        id: stable(index as u64),
        name: name.to_owned(),
        owner_issuer: person.then(|| ISSUER.to_owned()),
        owner_subject: person.then(|| format!("keeper-{index}")),
        department_id: Some(owner.id),
        contract: Some(format!("CQ-2024-{:04}", 17 * (index + 1))),
        purposes: Some(purpose.to_owned()),
        from_at: FOUNDED,
        to_at,
        requests_per_day: Some(requests),
        page_size: person.then_some(100),
        node_budget: Some(10_000),
        trusted_documents_only: person,
        reason: "by contract".to_owned(),
        registered_by_issuer: ISSUER.to_owned(),
        registered_by: REGISTRAR.to_owned(),
        ended_by_issuer: by(ISSUER),
        ended_by: by(REGISTRAR),
        end_reason: by("the contract ended"),
        version: if ended { 2 } else { 1 },
        created_at: FOUNDED,
        updated_at: to_at.unwrap_or(FOUNDED),
    }
}
