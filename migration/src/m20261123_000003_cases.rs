//! Case categories, cases and their events.

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
CREATE TABLE case_categories (
    id UUID NOT NULL PRIMARY KEY,
    code TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    depth INTEGER NOT NULL CHECK (depth BETWEEN 1 AND 3),
    parent_id UUID REFERENCES case_categories (id),
    board TEXT COLLATE "C" NOT NULL CHECK (board IN ('PARTY', 'ECONOMY', 'SERVICES', 'PEACE_LAW', 'COMMAND')),
    lead_department_id UUID REFERENCES departments (id),
    accept_hours INTEGER NOT NULL CHECK (accept_hours > 0),
    handle_hours INTEGER NOT NULL CHECK (handle_hours > 0),
    minor_matter BOOLEAN NOT NULL,
    version INTEGER NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    CHECK ((depth = 1) = (parent_id IS NULL))
)
;
CREATE UNIQUE INDEX case_categories_code ON case_categories (code)
;
CREATE INDEX case_categories_parent ON case_categories (parent_id, id)
;
CREATE INDEX case_categories_department ON case_categories (lead_department_id, id)
;
CREATE TABLE cases (
    id UUID NOT NULL PRIMARY KEY,
    number TEXT COLLATE "C" NOT NULL,
    channel TEXT COLLATE "C" NOT NULL CHECK (channel IN ('MANUAL', 'SMS', 'WEB', 'CITY_MANAGEMENT', 'CALL_CENTRE', 'HOTLINE', 'APPROVAL', 'HOME_VISIT', 'MOBILE', 'WECHAT', 'PC', 'JOINT')),
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('CONSULTATION', 'HELP_REQUEST', 'COMPLAINT', 'REPORT', 'SUGGESTION', 'THANKS')),
    category_id UUID NOT NULL REFERENCES case_categories (id),
    subject_type TEXT COLLATE "C" NOT NULL CHECK (subject_type IN ('RESIDENT', 'ENTERPRISE', 'GRID_PATROL', 'SENSOR', 'HOTLINE')),
    reporter_id UUID REFERENCES persons (id),
    reporter_phone TEXT COLLATE "C",
    anonymous BOOLEAN NOT NULL,
    title TEXT COLLATE "C" NOT NULL,
    description TEXT COLLATE "C" NOT NULL,
    place_text TEXT COLLATE "C",
    longitude DOUBLE PRECISION,
    latitude DOUBLE PRECISION,
    region_code BIGINT NOT NULL REFERENCES regions (code) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
    community_code BIGINT NOT NULL,
    street_code BIGINT NOT NULL,
    severity TEXT COLLATE "C" NOT NULL CHECK (severity IN ('GENERAL', 'COMPLEX', 'UTILITIES', 'LIFE_OR_PROPERTY')),
    urgent BOOLEAN NOT NULL,
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('SUBMITTED', 'ACCEPTED', 'REFUSED', 'MERGED', 'DISPATCHED', 'RETURNED', 'ESCALATED', 'IN_PROGRESS', 'SUSPENDED', 'RESOLVED', 'AWAITING_FEEDBACK', 'CLOSED', 'REOPENED', 'VOID')),
    board TEXT COLLATE "C" NOT NULL CHECK (board IN ('PARTY', 'ECONOMY', 'SERVICES', 'PEACE_LAW', 'COMMAND')),
    department_id UUID REFERENCES departments (id),
    supervision TEXT COLLATE "C" NOT NULL CHECK (supervision IN ('NONE', 'NORMAL', 'YELLOW', 'RED')),
    opened_at TIMESTAMPTZ NOT NULL,
    accepted_at TIMESTAMPTZ,
    deadline TIMESTAMPTZ,
    closed_at TIMESTAMPTZ,
    result TEXT COLLATE "C" CHECK (result IN ('SOLVED', 'PARTLY_SOLVED', 'EXPLAINED', 'NOT_SOLVED')),
    satisfaction INTEGER CHECK (satisfaction BETWEEN 1 AND 5),
    return_count INTEGER NOT NULL CHECK (return_count BETWEEN 0 AND 2),
    version INTEGER NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    CHECK ((longitude IS NULL) = (latitude IS NULL)),
    CHECK (closed_at IS NULL OR closed_at >= opened_at)
)
;
CREATE UNIQUE INDEX cases_number ON cases (number)
;
CREATE INDEX cases_region ON cases (region_code) INCLUDE (state, category_id)
;
CREATE INDEX cases_community_state ON cases (community_code, state, opened_at, id)
;
CREATE INDEX cases_community_opened ON cases (community_code, opened_at, id)
;
CREATE INDEX cases_street_opened ON cases (street_code, opened_at, id)
;
CREATE INDEX cases_department ON cases (department_id, state, opened_at, id)
;
CREATE INDEX cases_category ON cases (category_id, id)
;
CREATE INDEX cases_reporter ON cases (reporter_id, id)
;
CREATE INDEX cases_opened ON cases (opened_at, id)
;
CREATE INDEX cases_deadline ON cases (deadline, id)
;
CREATE TABLE case_events (
    id UUID NOT NULL PRIMARY KEY,
    case_id UUID NOT NULL REFERENCES cases (id),
    sequence INTEGER NOT NULL CHECK (sequence >= 1),
    action TEXT COLLATE "C" NOT NULL CHECK (action IN ('REPORT', 'ACCEPT', 'REFUSE', 'MERGE', 'SELF_HANDLE', 'DISPATCH', 'SIGN', 'RETURN', 'ESCALATE', 'SUSPEND', 'RESUME', 'EXTEND', 'RESOLVE', 'REWORK', 'CHECK', 'CLOSE', 'REOPEN', 'VOID')),
    from_state TEXT COLLATE "C" CHECK (from_state IN ('SUBMITTED', 'ACCEPTED', 'REFUSED', 'MERGED', 'DISPATCHED', 'RETURNED', 'ESCALATED', 'IN_PROGRESS', 'SUSPENDED', 'RESOLVED', 'AWAITING_FEEDBACK', 'CLOSED', 'REOPENED', 'VOID')),
    to_state TEXT COLLATE "C" NOT NULL CHECK (to_state IN ('SUBMITTED', 'ACCEPTED', 'REFUSED', 'MERGED', 'DISPATCHED', 'RETURNED', 'ESCALATED', 'IN_PROGRESS', 'SUSPENDED', 'RESOLVED', 'AWAITING_FEEDBACK', 'CLOSED', 'REOPENED', 'VOID')),
    actor TEXT COLLATE "C",
    department_id UUID REFERENCES departments (id),
    occurred_at TIMESTAMPTZ NOT NULL,
    note TEXT COLLATE "C",
    extension_hours INTEGER,
    region_code BIGINT NOT NULL REFERENCES regions (code) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
    UNIQUE (case_id, sequence),
    CHECK ((from_state IS NULL) = (action = 'REPORT'))
)
;
CREATE INDEX case_events_case ON case_events (case_id, id)
;
CREATE INDEX case_events_occurred ON case_events (case_id, occurred_at, id)
;
CREATE INDEX case_events_region ON case_events (region_code, id)
;
CREATE INDEX case_events_department ON case_events (department_id, id)
;
"#;

const DOWN: &str = r#"
DROP TABLE case_events
;
DROP TABLE cases
;
DROP TABLE case_categories
;
"#;
