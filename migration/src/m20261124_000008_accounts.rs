//! Role assignments: who may act as what, from when until when; and accounts and tokens that hold no more.
//!
//! `account_editions` has one row, whose number every change of the two tables raises in its own transaction: servers
//! look at it every second and read the tables only when it differs.

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
CREATE TABLE role_assignments (
    id UUID NOT NULL PRIMARY KEY,
    issuer TEXT COLLATE "C" NOT NULL CHECK (issuer <> ''),
    subject TEXT COLLATE "C" NOT NULL CHECK (subject <> ''),
    role TEXT COLLATE "C" NOT NULL CHECK (role <> ''),
    region_code BIGINT REFERENCES regions (code) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
    board TEXT COLLATE "C" CHECK (board IN ('PARTY', 'ECONOMY', 'SERVICES', 'PEACE_LAW', 'COMMAND')),
    department_id UUID REFERENCES departments (id),
    project_code TEXT COLLATE "C" CHECK (project_code <> ''),
    person_id UUID REFERENCES persons (id),
    from_at TIMESTAMPTZ NOT NULL,
    to_at TIMESTAMPTZ,
    reason TEXT COLLATE "C" NOT NULL CHECK (reason <> ''),
    granted_by_issuer TEXT COLLATE "C" NOT NULL,
    granted_by TEXT COLLATE "C" NOT NULL CHECK (granted_by <> ''),
    ended_by_issuer TEXT COLLATE "C",
    ended_by TEXT COLLATE "C",
    end_reason TEXT COLLATE "C" CHECK (end_reason <> ''),
    version INTEGER NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT nobody_grants_to_themselves CHECK (granted_by <> subject OR granted_by_issuer <> issuer),
    CONSTRAINT it_ends_after_it_begins CHECK (to_at IS NULL OR to_at >= from_at),
    CONSTRAINT whoever_ends_says_why CHECK ((ended_by IS NULL) = (end_reason IS NULL) AND (ended_by IS NULL) = (ended_by_issuer IS NULL)),
    CONSTRAINT what_is_ended_has_an_end CHECK (ended_by IS NULL OR to_at IS NOT NULL)
)
;
CREATE INDEX role_assignments_account ON role_assignments (issuer, subject, id)
;
CREATE INDEX role_assignments_region ON role_assignments (region_code, id)
;
CREATE INDEX role_assignments_department ON role_assignments (department_id, id)
;
CREATE INDEX role_assignments_person ON role_assignments (person_id, id)
;
CREATE INDEX role_assignments_end ON role_assignments (to_at)
;
CREATE TABLE account_revocations (
    id UUID NOT NULL PRIMARY KEY,
    issuer TEXT COLLATE "C" NOT NULL CHECK (issuer <> ''),
    subject TEXT COLLATE "C" CHECK (subject <> ''),
    token TEXT COLLATE "C" CHECK (token <> ''),
    from_at TIMESTAMPTZ NOT NULL,
    to_at TIMESTAMPTZ,
    reason TEXT COLLATE "C" NOT NULL CHECK (reason <> ''),
    revoked_by_issuer TEXT COLLATE "C" NOT NULL,
    revoked_by TEXT COLLATE "C" NOT NULL CHECK (revoked_by <> ''),
    lifted_by_issuer TEXT COLLATE "C",
    lifted_by TEXT COLLATE "C",
    lift_reason TEXT COLLATE "C" CHECK (lift_reason <> ''),
    CONSTRAINT an_account_or_a_token CHECK ((subject IS NULL) <> (token IS NULL)),
    CONSTRAINT whoever_lifts_says_why CHECK ((lifted_by IS NULL) = (lift_reason IS NULL) AND (lifted_by IS NULL) = (lifted_by_issuer IS NULL)),
    CONSTRAINT nobody_lifts_their_own CHECK (lifted_by IS NULL OR subject IS NULL OR lifted_by <> subject OR lifted_by_issuer <> issuer)
)
;
CREATE INDEX account_revocations_account ON account_revocations (issuer, subject)
;
CREATE INDEX account_revocations_token ON account_revocations (issuer, token)
;
CREATE INDEX account_revocations_end ON account_revocations (to_at)
;
CREATE TABLE account_editions (
    only_one INTEGER NOT NULL PRIMARY KEY CHECK (only_one = 1),
    edition BIGINT NOT NULL
)
;
INSERT INTO account_editions (only_one, edition) VALUES (1, 1)
"#;

const DOWN: &str = r#"
DROP TABLE account_editions
;
DROP TABLE account_revocations
;
DROP TABLE role_assignments
"#;
