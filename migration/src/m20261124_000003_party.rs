//! Party organisations and their members.
//!
//! A member's place is the person's place, copied: who may see a community's members asks for no other table.

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
CREATE TABLE party_organizations (
    id UUID NOT NULL PRIMARY KEY,
    code TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('COMMITTEE', 'GENERAL_BRANCH', 'BRANCH', 'GROUP')),
    parent_id UUID REFERENCES party_organizations (id),
    department_id UUID NOT NULL REFERENCES departments (id),
    region_code BIGINT NOT NULL REFERENCES regions (code) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
    host_business_id UUID REFERENCES businesses (id),
    secretary_id UUID REFERENCES persons (id),
    founded_on DATE ,
    version INTEGER NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL
)
;
CREATE UNIQUE INDEX party_organizations_code ON party_organizations (code)
;
CREATE INDEX party_organizations_parent ON party_organizations (parent_id, id)
;
CREATE INDEX party_organizations_department ON party_organizations (department_id, id)
;
CREATE INDEX party_organizations_region ON party_organizations (region_code, id)
;
CREATE INDEX party_organizations_host ON party_organizations (host_business_id, id)
;
CREATE INDEX party_organizations_secretary ON party_organizations (secretary_id, id)
;
CREATE TABLE party_members (
    id UUID NOT NULL PRIMARY KEY,
    person_id UUID NOT NULL REFERENCES persons (id),
    organization_id UUID NOT NULL REFERENCES party_organizations (id),
    status TEXT COLLATE "C" NOT NULL CHECK (status IN ('FULL', 'PROBATIONARY', 'APPLICANT')),
    joined_on DATE ,
    duty TEXT COLLATE "C" CHECK (duty IN ('SECRETARY', 'DEPUTY_SECRETARY', 'ORGANIZATION', 'PUBLICITY', 'DISCIPLINE', 'GROUP_LEADER')),
    double_registration_id UUID REFERENCES regions (id),
    service_hours INTEGER NOT NULL CHECK (service_hours >= 0),
    region_code BIGINT REFERENCES regions (code) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
    community_code BIGINT,
    street_code BIGINT,
    version INTEGER NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    CHECK ((joined_on IS NULL) = (status = 'APPLICANT')),
    CHECK ((region_code IS NULL) = (community_code IS NULL)),
    CHECK ((region_code IS NULL) = (street_code IS NULL))
)
;
CREATE UNIQUE INDEX party_members_person ON party_members (person_id)
;
CREATE INDEX party_members_organization ON party_members (organization_id, id)
;
CREATE INDEX party_members_double_registration ON party_members (double_registration_id, id)
;
CREATE INDEX party_members_region ON party_members (region_code, id)
;
CREATE INDEX party_members_community ON party_members (community_code, id)
;
CREATE INDEX party_members_street ON party_members (street_code, id)
;
"#;

const DOWN: &str = r#"
DROP TABLE party_members
;
DROP TABLE party_organizations
;
"#;
