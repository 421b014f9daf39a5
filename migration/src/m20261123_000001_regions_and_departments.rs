//! Regions with their aliases, and departments.

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
CREATE TABLE regions (
    id UUID NOT NULL PRIMARY KEY,
    code BIGINT NOT NULL CHECK (code BETWEEN 10000000000000 AND 999999999999999),
    name TEXT COLLATE "C" NOT NULL,
    name_en TEXT COLLATE "C",
    level TEXT COLLATE "C" NOT NULL CHECK (level IN ('MUNICIPALITY', 'DISTRICT', 'STREET', 'COMMUNITY', 'GRID')),
    parent_id UUID REFERENCES regions (id),
    grid_kind TEXT COLLATE "C" CHECK (grid_kind IN ('BASIC', 'DEDICATED')),
    longitude DOUBLE PRECISION NOT NULL,
    latitude DOUBLE PRECISION NOT NULL,
    centre_generated BOOLEAN NOT NULL,
    boundary TEXT COLLATE "C",
    valid_from DATE NOT NULL,
    valid_to DATE ,
    replaced_by_id UUID REFERENCES regions (id),
    version INTEGER NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    CHECK ((grid_kind IS NOT NULL) = (level = 'GRID')),
    CHECK ((parent_id IS NULL) = (level = 'MUNICIPALITY'))
)
;
CREATE UNIQUE INDEX regions_code ON regions (code)
;
CREATE INDEX regions_parent ON regions (parent_id, id)
;
CREATE INDEX regions_replaced_by ON regions (replaced_by_id)
;
CREATE INDEX regions_level_code ON regions (level, code)
;
CREATE TABLE region_aliases (
    id UUID NOT NULL PRIMARY KEY,
    region_id UUID NOT NULL REFERENCES regions (id),
    system TEXT COLLATE "C" NOT NULL,
    code TEXT COLLATE "C" NOT NULL,
    UNIQUE (system, code)
)
;
CREATE INDEX region_aliases_region ON region_aliases (region_id, id)
;
CREATE INDEX region_aliases_code ON region_aliases (code)
;
CREATE TABLE departments (
    id UUID NOT NULL PRIMARY KEY,
    name TEXT COLLATE "C" NOT NULL,
    level TEXT COLLATE "C" NOT NULL CHECK (level IN ('CITY', 'DISTRICT', 'STREET', 'COMMUNITY')),
    board TEXT COLLATE "C" NOT NULL CHECK (board IN ('PARTY', 'ECONOMY', 'SERVICES', 'PEACE_LAW', 'COMMAND')),
    parent_id UUID REFERENCES departments (id),
    region_code BIGINT NOT NULL REFERENCES regions (code) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
    version INTEGER NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL
)
;
CREATE INDEX departments_region ON departments (region_code, id)
;
CREATE INDEX departments_parent ON departments (parent_id, id)
;
CREATE INDEX departments_board ON departments (board, level, id)
;
"#;

const DOWN: &str = r#"
DROP TABLE departments
;
DROP TABLE region_aliases
;
DROP TABLE regions
;
"#;
