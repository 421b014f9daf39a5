//! Members of the grids' teams.

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

const UP: &str = r#"
CREATE TABLE grid_members (
    id UUID NOT NULL PRIMARY KEY,
    person_id UUID NOT NULL REFERENCES persons (id),
    role TEXT COLLATE "C" NOT NULL CHECK (role IN ('HEAD', 'FULL_TIME', 'PART_TIME', 'ADVISER', 'HELPER')),
    pay_kind TEXT COLLATE "C" NOT NULL CHECK (pay_kind IN ('SALARY', 'POINTS', 'NONE')),
    phone TEXT COLLATE "C",
    from_date DATE NOT NULL,
    to_date DATE ,
    region_code BIGINT NOT NULL REFERENCES regions (code) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
    version INTEGER NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    CHECK (to_date IS NULL OR to_date >= from_date)
)
;
CREATE INDEX grid_members_person ON grid_members (person_id, id)
;
CREATE INDEX grid_members_region ON grid_members (region_code, id)
;
"#;

const DOWN: &str = r#"
DROP TABLE grid_members
;
"#;
