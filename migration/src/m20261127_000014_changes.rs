//! Changes through the graph: which were done under which key, agreements between departments, emergency access, what is to be
//! told to the officer, and how often an account looked up persons.

use sea_orm_migration::prelude::*;

/// This change.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::dialect::run(manager, UP).await?;
        for table in REGISTERS {
            crate::changes::note(manager, table).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in REGISTERS {
            crate::changes::forget(manager, table).await?;
        }
        crate::dialect::run(manager, DOWN).await
    }
}

const REGISTERS: [&str; 2] = ["agreements", "emergency_accesses"];

const UP: &str = r#"
CREATE TABLE change_keys (
    issuer TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    mutation TEXT COLLATE "C" NOT NULL,
    change_key TEXT COLLATE "C" NOT NULL CHECK (change_key <> ''),
    input_digest TEXT COLLATE "C" NOT NULL,
    row_id UUID,
    told TEXT COLLATE "C",
    done_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (issuer, subject, mutation, change_key)
)
;
CREATE INDEX change_keys_done ON change_keys (done_at)
;
CREATE TABLE agreements (
    id UUID NOT NULL PRIMARY KEY,
    department_id UUID NOT NULL REFERENCES departments (id),
    register_name TEXT COLLATE "C" NOT NULL CHECK (register_name <> ''),
    field_names TEXT COLLATE "C" NOT NULL CHECK (field_names <> ''),
    region_codes TEXT COLLATE "C" NOT NULL CHECK (region_codes <> ''),
    region_code BIGINT NOT NULL REFERENCES regions (code) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
    purpose TEXT COLLATE "C" NOT NULL CHECK (purpose <> ''),
    basis TEXT COLLATE "C" NOT NULL CHECK (basis <> ''),
    until_at TIMESTAMPTZ NOT NULL,
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('PROPOSED', 'GRANTED', 'REFUSED', 'WITHDRAWN', 'ENDED')),
    reason TEXT COLLATE "C" NOT NULL CHECK (reason <> ''),
    requested_by_issuer TEXT COLLATE "C" NOT NULL,
    requested_by TEXT COLLATE "C" NOT NULL CHECK (requested_by <> ''),
    requested_at TIMESTAMPTZ NOT NULL,
    deciding_department_id UUID REFERENCES departments (id),
    decided_by_issuer TEXT COLLATE "C",
    decided_by TEXT COLLATE "C",
    decided_at TIMESTAMPTZ,
    decision_reason TEXT COLLATE "C",
    ended_by_issuer TEXT COLLATE "C",
    ended_by TEXT COLLATE "C",
    ended_at TIMESTAMPTZ,
    end_reason TEXT COLLATE "C",
    version INTEGER NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT nobody_decides_their_own_request CHECK (decided_by IS NULL OR decided_by <> requested_by OR decided_by_issuer <> requested_by_issuer)
)
;
CREATE INDEX agreements_department ON agreements (department_id, id)
;
CREATE INDEX agreements_deciding ON agreements (deciding_department_id, id)
;
CREATE INDEX agreements_place ON agreements (region_code, id)
;
CREATE INDEX agreements_end ON agreements (until_at)
;
CREATE TABLE emergency_accesses (
    id UUID NOT NULL PRIMARY KEY,
    issuer TEXT COLLATE "C" NOT NULL CHECK (issuer <> ''),
    subject TEXT COLLATE "C" NOT NULL CHECK (subject <> ''),
    person_id UUID REFERENCES persons (id),
    role TEXT COLLATE "C" NOT NULL CHECK (role <> ''),
    region_code BIGINT REFERENCES regions (code) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
    department_id UUID REFERENCES departments (id),
    assignments TEXT COLLATE "C",
    reason TEXT COLLATE "C" NOT NULL CHECK (reason <> ''),
    from_at TIMESTAMPTZ NOT NULL,
    until_at TIMESTAMPTZ NOT NULL,
    ended_at TIMESTAMPTZ,
    end_reason TEXT COLLATE "C",
    version INTEGER NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT emergency_ends_after_it_begins CHECK (until_at > from_at)
)
;
CREATE INDEX emergency_accesses_account ON emergency_accesses (issuer, subject, id)
;
CREATE INDEX emergency_accesses_person ON emergency_accesses (person_id, id)
;
CREATE INDEX emergency_accesses_place ON emergency_accesses (region_code, id)
;
CREATE INDEX emergency_accesses_department ON emergency_accesses (department_id, id)
;
CREATE INDEX emergency_accesses_end ON emergency_accesses (until_at)
;
CREATE TABLE notices (
    id UUID NOT NULL PRIMARY KEY,
    kind TEXT COLLATE "C" NOT NULL,
    body TEXT COLLATE "C",
    created_at TIMESTAMPTZ NOT NULL,
    next_try_at TIMESTAMPTZ NOT NULL,
    tries INTEGER NOT NULL,
    delivered_at TIMESTAMPTZ
)
;
CREATE INDEX notices_due ON notices (delivered_at, next_try_at)
;
CREATE TABLE person_lookups (
    issuer TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    day DATE NOT NULL,
    lookups INTEGER NOT NULL,
    PRIMARY KEY (issuer, subject, day)
)
"#;

const DOWN: &str = r#"
DROP TABLE person_lookups
;
DROP TABLE notices
;
DROP TABLE emergency_accesses
;
DROP TABLE agreements
;
DROP TABLE change_keys
"#;
