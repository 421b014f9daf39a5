//! Guardianships, and people whose whereabouts are protected.

use sea_orm_migration::prelude::*;

/// This change.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::dialect::run(manager, UP).await?;
        crate::changes::note(manager, "guardianships").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::changes::forget(manager, "guardianships").await?;
        crate::dialect::run(manager, DOWN).await
    }
}

const UP: &str = r#"
CREATE TABLE guardianships (
    id UUID NOT NULL PRIMARY KEY,
    guardian_id UUID NOT NULL REFERENCES persons (id),
    ward_id UUID NOT NULL REFERENCES persons (id),
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('PARENT', 'GRANDPARENT', 'RELATIVE', 'APPOINTED')),
    from_date DATE NOT NULL,
    to_date DATE ,
    region_code BIGINT REFERENCES regions (code) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
    version INTEGER NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    CHECK (guardian_id <> ward_id),
    CHECK (to_date IS NULL OR to_date >= from_date)
)
;
CREATE UNIQUE INDEX guardianships_pair ON guardianships (guardian_id, ward_id, from_date)
;
CREATE INDEX guardianships_guardian ON guardianships (guardian_id, id)
;
CREATE INDEX guardianships_ward ON guardianships (ward_id, id)
;
CREATE INDEX guardianships_region ON guardianships (region_code, id)
;
ALTER TABLE persons ADD COLUMN protected BOOLEAN NOT NULL DEFAULT FALSE
"#;

const DOWN: &str = r#"
ALTER TABLE persons DROP COLUMN protected
;
DROP TABLE guardianships
"#;
