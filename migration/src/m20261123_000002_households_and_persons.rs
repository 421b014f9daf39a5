//! Households, people and who lives where.
//!
//! Indexes: a scope or filter on a community, a street or any subtree is one range in an index that ends with the key,
//! so that pages in the default order need no sort.

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
CREATE TABLE households (
    id UUID NOT NULL PRIMARY KEY,
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('REGISTERED', 'DWELLING')),
    number TEXT COLLATE "C",
    head_person_id UUID,
    member_count INTEGER NOT NULL CHECK (member_count >= 0),
    hardship_level TEXT COLLATE "C" NOT NULL CHECK (hardship_level IN ('NONE', 'EDGE', 'LOW_INCOME', 'EXTREME_POVERTY')),
    status TEXT COLLATE "C" NOT NULL CHECK (status IN ('ACTIVE', 'MOVED', 'CANCELLED')),
    region_code BIGINT NOT NULL REFERENCES regions (code) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
    community_code BIGINT NOT NULL,
    street_code BIGINT NOT NULL,
    verified_at TIMESTAMPTZ,
    version INTEGER NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL
)
;
CREATE INDEX households_region ON households (region_code, id)
;
CREATE INDEX households_community ON households (community_code, id)
;
CREATE INDEX households_street ON households (street_code, id)
;
CREATE INDEX households_head ON households (head_person_id, id)
;
CREATE INDEX households_number ON households (number)
;
CREATE TABLE persons (
    id UUID NOT NULL PRIMARY KEY,
    name TEXT COLLATE "C" NOT NULL,
    name_pinyin TEXT COLLATE "C" NOT NULL,
    id_type TEXT COLLATE "C" NOT NULL CHECK (id_type IN ('RESIDENT_ID', 'PASSPORT', 'HK_MO_TW_PERMIT', 'FOREIGN_PERMIT', 'NONE')),
    id_number TEXT COLLATE "C",
    sex TEXT COLLATE "C" NOT NULL CHECK (sex IN ('UNKNOWN', 'MALE', 'FEMALE', 'NOT_STATED')),
    birth_date DATE ,
    birth_year INTEGER,
    ethnicity TEXT COLLATE "C",
    education TEXT COLLATE "C" CHECK (education IN ('POSTGRADUATE', 'BACHELOR', 'JUNIOR_COLLEGE', 'VOCATIONAL', 'HIGH_SCHOOL', 'JUNIOR_MIDDLE', 'PRIMARY', 'OTHER')),
    marital_status TEXT COLLATE "C" CHECK (marital_status IN ('SINGLE', 'MARRIED', 'WIDOWED', 'DIVORCED', 'NOT_STATED')),
    phone TEXT COLLATE "C",
    employer TEXT COLLATE "C",
    occupation TEXT COLLATE "C",
    deceased_on DATE ,
    household_id UUID REFERENCES households (id),
    region_code BIGINT REFERENCES regions (code) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
    community_code BIGINT,
    street_code BIGINT,
    version INTEGER NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    CHECK ((birth_date IS NULL) = (birth_year IS NULL)),
    CHECK ((region_code IS NULL) = (community_code IS NULL)),
    CHECK ((region_code IS NULL) = (street_code IS NULL))
)
;
CREATE INDEX persons_household ON persons (household_id, id)
;
CREATE INDEX persons_region ON persons (region_code, id)
;
CREATE INDEX persons_community ON persons (community_code, id)
;
CREATE INDEX persons_street ON persons (street_code, id)
;
CREATE INDEX persons_id_number ON persons (id_number)
;
CREATE INDEX persons_phone ON persons (phone)
;
CREATE INDEX persons_name ON persons (name, id)
;
CREATE INDEX persons_name_pinyin ON persons (name_pinyin, id)
;
CREATE INDEX persons_community_pinyin ON persons (community_code, name_pinyin, id)
;
CREATE INDEX persons_birth_date ON persons (birth_date, id)
;
ALTER TABLE households ADD CONSTRAINT households_head_person FOREIGN KEY (head_person_id) REFERENCES persons (id) DEFERRABLE INITIALLY DEFERRED
;
CREATE TABLE residences (
    id UUID NOT NULL PRIMARY KEY,
    person_id UUID NOT NULL REFERENCES persons (id),
    household_id UUID NOT NULL REFERENCES households (id),
    relation_to_head TEXT COLLATE "C" NOT NULL CHECK (relation_to_head IN ('HEAD', 'SPOUSE', 'SON', 'DAUGHTER', 'GRANDCHILD', 'PARENT', 'GRANDPARENT', 'SIBLING', 'OTHER')),
    status TEXT COLLATE "C" NOT NULL CHECK (status IN ('LIVES_AND_REGISTERED', 'LIVES_NOT_REGISTERED', 'REGISTERED_NOT_LIVING')),
    from_date DATE NOT NULL,
    to_date DATE ,
    region_code BIGINT NOT NULL REFERENCES regions (code) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
    version INTEGER NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    CHECK (to_date IS NULL OR to_date >= from_date)
)
;
CREATE INDEX residences_person ON residences (person_id, id)
;
CREATE INDEX residences_household ON residences (household_id, id)
;
CREATE INDEX residences_region ON residences (region_code, id)
;
"#;

const DOWN: &str = r#"
DROP TABLE residences
;
ALTER TABLE households DROP CONSTRAINT households_head_person
;
DROP TABLE persons
;
DROP TABLE households
;
"#;
