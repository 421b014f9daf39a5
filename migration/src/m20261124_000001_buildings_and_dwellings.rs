//! Buildings and dwellings, and the dwelling of each household and residence.

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
CREATE TABLE buildings (
    id UUID NOT NULL PRIMARY KEY,
    code TEXT COLLATE "C" NOT NULL,
    address TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('RESIDENTIAL', 'COMMERCIAL', 'PUBLIC', 'INDUSTRIAL', 'STORAGE')),
    floors INTEGER CHECK (floors >= 1),
    longitude DOUBLE PRECISION,
    latitude DOUBLE PRECISION,
    region_code BIGINT NOT NULL REFERENCES regions (code) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
    version INTEGER NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    CHECK ((longitude IS NULL) = (latitude IS NULL))
)
;
CREATE UNIQUE INDEX buildings_code ON buildings (code)
;
CREATE INDEX buildings_region ON buildings (region_code, id)
;
CREATE TABLE dwellings (
    id UUID NOT NULL PRIMARY KEY,
    building_id UUID NOT NULL REFERENCES buildings (id),
    unit TEXT COLLATE "C",
    room TEXT COLLATE "C" NOT NULL,
    use_kind TEXT COLLATE "C" NOT NULL CHECK (use_kind IN ('SELF_OCCUPIED', 'RENTED', 'VACANT', 'BUSINESS')),
    area INTEGER CHECK (area >= 1),
    owner_person_id UUID REFERENCES persons (id),
    region_code BIGINT NOT NULL REFERENCES regions (code) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
    version INTEGER NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL
)
;
CREATE INDEX dwellings_building ON dwellings (building_id, id)
;
CREATE INDEX dwellings_owner ON dwellings (owner_person_id, id)
;
CREATE INDEX dwellings_region ON dwellings (region_code, id)
;
ALTER TABLE households ADD COLUMN dwelling_id UUID REFERENCES dwellings (id)
;
CREATE INDEX households_dwelling ON households (dwelling_id, id)
;
ALTER TABLE residences ADD COLUMN dwelling_id UUID REFERENCES dwellings (id)
;
CREATE INDEX residences_dwelling ON residences (dwelling_id, id)
;
"#;

const DOWN: &str = r#"
DROP INDEX residences_dwelling
;
ALTER TABLE residences DROP COLUMN dwelling_id
;
DROP INDEX households_dwelling
;
ALTER TABLE households DROP COLUMN dwelling_id
;
DROP TABLE dwellings
;
DROP TABLE buildings
;
"#;
