//! Whether somebody is protected, in the indexes of places: most callers may look for nobody protected by place, and a count of
//! a community's people is then answered by the index alone.

use sea_orm_migration::prelude::*;

/// This change.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::dialect::run(manager, UP).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::dialect::run(manager, DOWN).await
    }
}

// Other names than before: SQLite's connections know a dropped index for a moment longer.
const UP: &str = r#"
DROP INDEX persons_community
;
CREATE INDEX persons_community_protected ON persons (community_code, id) INCLUDE (protected)
;
DROP INDEX persons_street
;
CREATE INDEX persons_street_protected ON persons (street_code, id) INCLUDE (protected)
;
DROP INDEX persons_region_birth
;
CREATE INDEX persons_region_protected ON persons (region_code, id) INCLUDE (birth_date, protected)
"#;

const DOWN: &str = r#"
DROP INDEX persons_region_protected
;
CREATE INDEX persons_region_birth ON persons (region_code, id) INCLUDE (birth_date)
;
DROP INDEX persons_street_protected
;
CREATE INDEX persons_street ON persons (street_code, id)
;
DROP INDEX persons_community_protected
;
CREATE INDEX persons_community ON persons (community_code, id)
"#;
