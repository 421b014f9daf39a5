//! The changes of the database's shape, one file each, oldest first. Nothing here depends on the entities,
//! so an old change never alters its meaning.

#![expect(elided_lifetimes_in_paths, reason = "the trait of the migration library spells its signatures so")]

use sea_orm_migration::prelude::*;

mod changes;
mod dialect;
mod search;

// generated: modules of changes
mod m20261123_000001_regions_and_departments;
mod m20261123_000002_households_and_persons;
mod m20261123_000003_cases;
mod m20261124_000001_buildings_and_dwellings;
mod m20261124_000002_businesses;
mod m20261124_000003_party;
mod m20261124_000004_volunteers;
mod m20261124_000005_grid_members;
mod m20261124_000006_service_projects;
mod m20261124_000007_person_tags_and_case_tasks;
mod m20261124_000008_accounts;
mod m20261124_000010_name_search;
mod m20261124_000011_statistics;
mod m20261127_000011_guardians_and_protection;
mod m20261127_000012_audit;
mod m20261127_000013_clients;
mod m20261127_000014_changes;
mod m20261127_000015_places_of_protected_persons;
mod m20261127_000016_lighter_audit_batches;
// end: modules of changes

/// Applies the changes.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            // generated: changes
            Box::new(m20261123_000001_regions_and_departments::Migration),
            Box::new(m20261123_000002_households_and_persons::Migration),
            Box::new(m20261123_000003_cases::Migration),
            Box::new(m20261124_000001_buildings_and_dwellings::Migration),
            Box::new(m20261124_000002_businesses::Migration),
            Box::new(m20261124_000003_party::Migration),
            Box::new(m20261124_000004_volunteers::Migration),
            Box::new(m20261124_000005_grid_members::Migration),
            Box::new(m20261124_000006_service_projects::Migration),
            Box::new(m20261124_000007_person_tags_and_case_tasks::Migration),
            Box::new(m20261124_000008_accounts::Migration),
            Box::new(m20261124_000010_name_search::Migration),
            Box::new(m20261124_000011_statistics::Migration),
            Box::new(m20261127_000011_guardians_and_protection::Migration),
            Box::new(m20261127_000012_audit::Migration),
            Box::new(m20261127_000013_clients::Migration),
            Box::new(m20261127_000014_changes::Migration),
            Box::new(m20261127_000015_places_of_protected_persons::Migration),
            Box::new(m20261127_000016_lighter_audit_batches::Migration),
            // end: changes
        ]
    }
}
