//! What makes statistics of a whole city quick: people by place and age from an index alone, and counts of changes, by
//! which a server knows whether a result that it kept is still right.

use sea_orm_migration::prelude::*;

/// This change.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::dialect::run(manager, UP).await?;
        crate::changes::set_up(manager).await?;
        for table in TABLES {
            crate::changes::note(manager, table).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in TABLES {
            crate::changes::forget(manager, table).await?;
        }
        crate::changes::tear_down(manager).await?;
        crate::dialect::run(manager, DOWN).await
    }
}

const TABLES: [&str; 27] = [
    "regions",
    "region_aliases",
    "departments",
    "buildings",
    "dwellings",
    "households",
    "persons",
    "residences",
    "businesses",
    "employments",
    "new_occupation_workers",
    "case_categories",
    "cases",
    "case_events",
    "party_organizations",
    "party_members",
    "volunteers",
    "volunteer_teams",
    "team_memberships",
    "volunteer_activities",
    "service_records",
    "grid_members",
    "service_projects",
    "enrollments",
    "person_tags",
    "case_tasks",
    "role_assignments",
];

const UP: &str = r#"
DROP INDEX persons_region
;
CREATE INDEX persons_region_birth ON persons (region_code, id) INCLUDE (birth_date)
"#;

const DOWN: &str = r#"
DROP INDEX persons_region_birth
;
CREATE INDEX persons_region ON persons (region_code, id)
"#;
