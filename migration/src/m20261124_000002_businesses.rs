//! Businesses, who works there, and the workers of platforms.

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
CREATE TABLE businesses (
    id UUID NOT NULL PRIMARY KEY,
    credit_code TEXT COLLATE "C",
    name TEXT COLLATE "C" NOT NULL,
    signboard_name TEXT COLLATE "C",
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('ENTERPRISE', 'SELF_EMPLOYED', 'COOPERATIVE', 'SOCIAL_ORGANIZATION', 'PUBLIC_INSTITUTION', 'PLATFORM')),
    industry TEXT COLLATE "C" CHECK (industry IN ('AGRICULTURE', 'MINING', 'MANUFACTURING', 'UTILITIES', 'CONSTRUCTION', 'WHOLESALE_RETAIL', 'TRANSPORT', 'ACCOMMODATION_CATERING', 'INFORMATION', 'FINANCE', 'REAL_ESTATE', 'BUSINESS_SERVICES', 'RESEARCH', 'ENVIRONMENT', 'RESIDENT_SERVICES', 'EDUCATION', 'HEALTH', 'CULTURE', 'ADMINISTRATION', 'INTERNATIONAL')),
    industry_division TEXT COLLATE "C",
    legal_representative_id UUID REFERENCES persons (id),
    contact_name TEXT COLLATE "C",
    contact_phone TEXT COLLATE "C",
    employees INTEGER CHECK (employees >= 0),
    revenue_band TEXT COLLATE "C" CHECK (revenue_band IN ('UNDER_100K', 'FROM_100K_TO_1M', 'FROM_1M_TO_5M', 'FROM_5M_TO_20M', 'FROM_20M_TO_100M', 'OVER_100M')),
    address TEXT COLLATE "C",
    building_id UUID REFERENCES buildings (id),
    status TEXT COLLATE "C" NOT NULL CHECK (status IN ('OPEN', 'SUSPENDED', 'CLOSED', 'REVOKED')),
    founded_on DATE ,
    region_code BIGINT NOT NULL REFERENCES regions (code) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
    community_code BIGINT NOT NULL,
    street_code BIGINT NOT NULL,
    version INTEGER NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    CHECK (industry_division IS NULL OR industry IS NOT NULL)
)
;
CREATE UNIQUE INDEX businesses_credit_code ON businesses (credit_code)
;
CREATE INDEX businesses_name ON businesses (name, id)
;
CREATE INDEX businesses_legal_representative ON businesses (legal_representative_id, id)
;
CREATE INDEX businesses_building ON businesses (building_id, id)
;
CREATE INDEX businesses_region ON businesses (region_code, id)
;
CREATE INDEX businesses_community ON businesses (community_code, id)
;
CREATE INDEX businesses_street ON businesses (street_code, id)
;
CREATE TABLE employments (
    id UUID NOT NULL PRIMARY KEY,
    person_id UUID NOT NULL REFERENCES persons (id),
    business_id UUID NOT NULL REFERENCES businesses (id),
    role TEXT COLLATE "C" NOT NULL CHECK (role IN ('OWNER', 'LEGAL_REPRESENTATIVE', 'MANAGER', 'EMPLOYEE', 'TEMPORARY')),
    from_date DATE ,
    to_date DATE ,
    region_code BIGINT REFERENCES regions (code) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
    version INTEGER NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    CHECK (from_date IS NULL OR to_date IS NULL OR to_date >= from_date)
)
;
CREATE INDEX employments_person ON employments (person_id, id)
;
CREATE INDEX employments_business ON employments (business_id, id)
;
CREATE INDEX employments_region ON employments (region_code, id)
;
CREATE TABLE new_occupation_workers (
    id UUID NOT NULL PRIMARY KEY,
    person_id UUID NOT NULL REFERENCES persons (id),
    occupation TEXT COLLATE "C" NOT NULL CHECK (occupation IN ('RIDE_HAILING', 'FOOD_DELIVERY', 'COURIER', 'TRUCK', 'LIVE_STREAM', 'OTHER')),
    platform_id UUID REFERENCES businesses (id),
    station TEXT COLLATE "C",
    employment_form TEXT COLLATE "C" CHECK (employment_form IN ('FULL_TIME', 'PART_TIME', 'OUTSOURCED')),
    injury_cover BOOLEAN,
    part_time_grid_member BOOLEAN NOT NULL,
    region_code BIGINT REFERENCES regions (code) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
    version INTEGER NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL
)
;
CREATE INDEX new_occupation_workers_person ON new_occupation_workers (person_id, id)
;
CREATE INDEX new_occupation_workers_platform ON new_occupation_workers (platform_id, id)
;
CREATE INDEX new_occupation_workers_region ON new_occupation_workers (region_code, id)
;
"#;

const DOWN: &str = r#"
DROP TABLE new_occupation_workers
;
DROP TABLE employments
;
DROP TABLE businesses
;
"#;
