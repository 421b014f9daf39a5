//! Volunteers, their teams, what the teams do, and the hours that were served.
//!
//! Rows that follow a person copy the person's place. The hours of a volunteer, of an activity and of a team are sums of
//! service records, kept by the transaction that writes those.

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
CREATE TABLE volunteers (
    id UUID NOT NULL PRIMARY KEY,
    person_id UUID NOT NULL REFERENCES persons (id),
    registered_on DATE NOT NULL,
    direction TEXT COLLATE "C" CHECK (direction IN ('ELDERLY_CARE', 'CHILD_CARE', 'DISABILITY', 'ENVIRONMENT', 'MEDIATION', 'TRAFFIC', 'CULTURE', 'HEALTH', 'SAFETY', 'PUBLICITY')),
    skills TEXT COLLATE "C",
    total_minutes INTEGER NOT NULL CHECK (total_minutes >= 0),
    region_code BIGINT REFERENCES regions (code) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
    community_code BIGINT,
    street_code BIGINT,
    version INTEGER NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    CHECK ((region_code IS NULL) = (community_code IS NULL)),
    CHECK ((region_code IS NULL) = (street_code IS NULL))
)
;
CREATE UNIQUE INDEX volunteers_person ON volunteers (person_id)
;
CREATE INDEX volunteers_region ON volunteers (region_code, id)
;
CREATE INDEX volunteers_community ON volunteers (community_code, id)
;
CREATE INDEX volunteers_street ON volunteers (street_code, id)
;
CREATE TABLE volunteer_teams (
    id UUID NOT NULL PRIMARY KEY,
    code TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('PARTY', 'YOUTH', 'NEW_OCCUPATION', 'RESIDENT', 'SOCIAL_ORG')),
    direction TEXT COLLATE "C" NOT NULL CHECK (direction IN ('ELDERLY_CARE', 'CHILD_CARE', 'DISABILITY', 'ENVIRONMENT', 'MEDIATION', 'TRAFFIC', 'CULTURE', 'HEALTH', 'SAFETY', 'PUBLICITY')),
    leader_id UUID REFERENCES persons (id),
    host_business_id UUID REFERENCES businesses (id),
    founded_on DATE ,
    served_minutes INTEGER NOT NULL CHECK (served_minutes >= 0),
    region_code BIGINT NOT NULL REFERENCES regions (code) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
    version INTEGER NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL
)
;
CREATE UNIQUE INDEX volunteer_teams_code ON volunteer_teams (code)
;
CREATE INDEX volunteer_teams_host ON volunteer_teams (host_business_id, id)
;
CREATE INDEX volunteer_teams_leader ON volunteer_teams (leader_id, id)
;
CREATE INDEX volunteer_teams_region ON volunteer_teams (region_code, id)
;
CREATE TABLE team_memberships (
    id UUID NOT NULL PRIMARY KEY,
    volunteer_id UUID NOT NULL REFERENCES volunteers (id),
    team_id UUID NOT NULL REFERENCES volunteer_teams (id),
    from_date DATE NOT NULL,
    to_date DATE ,
    region_code BIGINT REFERENCES regions (code) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
    version INTEGER NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    CHECK (to_date IS NULL OR to_date >= from_date)
)
;
CREATE INDEX team_memberships_volunteer ON team_memberships (volunteer_id, id)
;
CREATE INDEX team_memberships_team ON team_memberships (team_id, id)
;
CREATE INDEX team_memberships_region ON team_memberships (region_code, id)
;
CREATE TABLE volunteer_activities (
    id UUID NOT NULL PRIMARY KEY,
    team_id UUID NOT NULL REFERENCES volunteer_teams (id),
    title TEXT COLLATE "C" NOT NULL,
    place_text TEXT COLLATE "C",
    region_code BIGINT NOT NULL REFERENCES regions (code) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
    starts_at TIMESTAMPTZ NOT NULL,
    ends_at TIMESTAMPTZ NOT NULL,
    capacity INTEGER CHECK (capacity > 0),
    case_id UUID REFERENCES cases (id),
    served_minutes INTEGER NOT NULL CHECK (served_minutes >= 0),
    version INTEGER NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    CHECK (ends_at > starts_at)
)
;
CREATE INDEX volunteer_activities_team ON volunteer_activities (team_id, id)
;
CREATE INDEX volunteer_activities_region ON volunteer_activities (region_code, id)
;
CREATE INDEX volunteer_activities_case ON volunteer_activities (case_id, id)
;
CREATE INDEX volunteer_activities_starts ON volunteer_activities (starts_at, id)
;
CREATE TABLE service_records (
    id UUID NOT NULL PRIMARY KEY,
    volunteer_id UUID NOT NULL REFERENCES volunteers (id),
    activity_id UUID NOT NULL REFERENCES volunteer_activities (id),
    check_in_at TIMESTAMPTZ NOT NULL,
    check_out_at TIMESTAMPTZ,
    minutes INTEGER NOT NULL CHECK (minutes >= 0),
    confirmed_by_id UUID REFERENCES persons (id),
    department_id UUID REFERENCES departments (id),
    region_code BIGINT REFERENCES regions (code) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
    version INTEGER NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    CHECK (check_out_at IS NULL OR check_out_at >= check_in_at),
    CHECK (confirmed_by_id IS NULL OR department_id IS NULL)
)
;
CREATE INDEX service_records_volunteer ON service_records (volunteer_id, id)
;
CREATE UNIQUE INDEX service_records_activity ON service_records (activity_id, volunteer_id)
;
CREATE INDEX service_records_confirmed_by ON service_records (confirmed_by_id, id)
;
CREATE INDEX service_records_department ON service_records (department_id, id)
;
CREATE INDEX service_records_region ON service_records (region_code, id)
;
"#;

const DOWN: &str = r#"
DROP TABLE service_records
;
DROP TABLE volunteer_activities
;
DROP TABLE team_memberships
;
DROP TABLE volunteer_teams
;
DROP TABLE volunteers
;
"#;
