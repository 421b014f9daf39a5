//! The audit log: batches that are proof, and the registers that are taken from them to be searched.
//!
//! On PostgreSQL the three tables that grow are partitioned by their key, which begins with the time, so that a month
//! that is no longer kept is dropped and not deleted. Whatever fits no partition lies in one for the rest.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DatabaseBackend;

/// This change.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let partitioned = manager.get_database_backend() != DatabaseBackend::Sqlite;
        let (drawn, parted) = if partitioned { (DRAWN, " PARTITION BY RANGE (id)") } else { ("", "") };
        if partitioned {
            crate::dialect::run(manager, "CREATE SEQUENCE audit_drawn").await?;
        }
        crate::dialect::run(manager, &UP.replace("%DRAWN%", drawn).replace("%PARTED%", parted)).await?;
        for table in REGISTERS {
            crate::changes::note(manager, table).await?;
        }
        if partitioned {
            crate::dialect::run(manager, PARTITIONS).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if manager.get_database_backend() != DatabaseBackend::Sqlite {
            crate::dialect::run(manager, "DROP FUNCTION audit_make_partition(text, uuid, uuid)").await?;
        }
        for table in REGISTERS {
            crate::changes::forget(manager, table).await?;
        }
        crate::dialect::run(manager, DOWN).await?;
        match manager.get_database_backend() {
            DatabaseBackend::Sqlite => Ok(()),
            _ => crate::dialect::run(manager, "DROP SEQUENCE audit_drawn").await,
        }
    }
}

const REGISTERS: [&str; 3] = ["audit_touches", "audit_records", "audit_accesses"];

/// The order in which batches were put in: that of changes which waited for each other. SQLite's rows have it anyway.
const DRAWN: &str = ",\n    drawn BIGINT NOT NULL DEFAULT nextval('audit_drawn')";

const UP: &str = r#"
CREATE TABLE audit_batches (
    id UUID NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    records INTEGER NOT NULL,
    body BYTEA NOT NULL,
    subjects BYTEA NOT NULL,
    digest BYTEA NOT NULL,
    number BIGINT,
    hash BYTEA%DRAWN%
)%PARTED%
;
CREATE INDEX audit_batches_unlinked ON audit_batches (id) WHERE number IS NULL
;
CREATE INDEX audit_batches_number ON audit_batches (number)
;
CREATE TABLE audit_chain (
    only_one INTEGER NOT NULL PRIMARY KEY CHECK (only_one = 1),
    number BIGINT NOT NULL,
    hash BYTEA,
    indexed BIGINT NOT NULL
)
;
CREATE TABLE audit_checkpoints (
    number BIGINT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    key_id TEXT COLLATE "C" NOT NULL,
    signature BYTEA NOT NULL
)
;
CREATE TABLE audit_anchors (
    number BIGINT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    digest BYTEA,
    hash BYTEA NOT NULL
)
;
CREATE TABLE audit_touches (
    id UUID NOT NULL PRIMARY KEY,
    registers TEXT COLLATE "C" NOT NULL,
    shown TEXT COLLATE "C" NOT NULL,
    used TEXT COLLATE "C" NOT NULL,
    withheld TEXT COLLATE "C" NOT NULL,
    class TEXT COLLATE "C" NOT NULL CHECK (class IN ('INTERNAL', 'PERSONAL', 'SENSITIVE'))
)
;
CREATE TABLE audit_records (
    id UUID NOT NULL PRIMARY KEY,
    at TIMESTAMPTZ NOT NULL,
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('READ', 'CHANGE', 'LOG')),
    outcome TEXT COLLATE "C" NOT NULL CHECK (outcome IN ('COMPLETE', 'WITHHELD', 'REFUSED', 'FAILED')),
    errors TEXT COLLATE "C",
    issuer TEXT COLLATE "C",
    account TEXT COLLATE "C",
    client TEXT COLLATE "C",
    person_id UUID,
    roles TEXT COLLATE "C",
    purpose TEXT COLLATE "C",
    request TEXT COLLATE "C",
    operation TEXT COLLATE "C",
    document TEXT COLLATE "C",
    variables TEXT COLLATE "C",
    touched_id UUID,
    class TEXT COLLATE "C" NOT NULL CHECK (class IN ('INTERNAL', 'PERSONAL', 'SENSITIVE')),
    row_count INTEGER NOT NULL,
    subject_count INTEGER NOT NULL,
    policy TEXT COLLATE "C",
    region_code BIGINT,
    number BIGINT
)%PARTED%
;
CREATE INDEX audit_records_at ON audit_records (at, id)
;
CREATE INDEX audit_records_account ON audit_records (account, at, id)
;
CREATE INDEX audit_records_client ON audit_records (client, at, id)
;
CREATE INDEX audit_records_person ON audit_records (person_id, id)
;
CREATE INDEX audit_records_touched ON audit_records (touched_id, id)
;
CREATE INDEX audit_records_region ON audit_records (region_code, id)
;
CREATE INDEX audit_records_outcome ON audit_records (outcome, at, id)
;
CREATE INDEX audit_records_kind ON audit_records (kind, at, id)
;
CREATE INDEX audit_records_purpose ON audit_records (purpose, at, id)
;
CREATE INDEX audit_records_operation ON audit_records (operation, at, id)
;
CREATE INDEX audit_records_request ON audit_records (request)
;
CREATE TABLE audit_accesses (
    id UUID NOT NULL PRIMARY KEY,
    record_id UUID NOT NULL,
    person_id UUID,
    child BOOLEAN NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('READ', 'CHANGE', 'LOG')),
    issuer TEXT COLLATE "C",
    account TEXT COLLATE "C",
    client TEXT COLLATE "C",
    roles TEXT COLLATE "C",
    purpose TEXT COLLATE "C",
    touched_id UUID,
    region_code BIGINT
)%PARTED%
;
CREATE INDEX audit_accesses_record ON audit_accesses (record_id, id)
;
CREATE INDEX audit_accesses_person ON audit_accesses (person_id, id) INCLUDE (at)
;
CREATE INDEX audit_accesses_at ON audit_accesses (at, id)
;
CREATE INDEX audit_accesses_account ON audit_accesses (account, at, id)
;
CREATE INDEX audit_accesses_touched ON audit_accesses (touched_id, id)
;
CREATE INDEX audit_accesses_region ON audit_accesses (region_code, id)
;
INSERT INTO audit_chain (only_one, number, hash, indexed) VALUES (1, 0, NULL, 0)
"#;

/// Salts and hashes cannot be made smaller, so nobody tries. Making a partition needs no rights of its own, so that a server that may only write rows can do it ahead of each month.
const PARTITIONS: &str = r#"
ALTER TABLE audit_batches ALTER COLUMN subjects SET STORAGE EXTERNAL
;
CREATE TABLE audit_batches_rest PARTITION OF audit_batches DEFAULT
;
CREATE TABLE audit_records_rest PARTITION OF audit_records DEFAULT
;
CREATE TABLE audit_accesses_rest PARTITION OF audit_accesses DEFAULT
;
CREATE FUNCTION audit_make_partition(month text, first uuid, beyond uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    parted text;
BEGIN
    IF month !~ '^[0-9]{4}_[0-9]{2}$' THEN
        RAISE EXCEPTION 'a month is written like 2026_01, not %', month;
    END IF;
    FOREACH parted IN ARRAY ARRAY['audit_batches', 'audit_records', 'audit_accesses'] LOOP
        EXECUTE format('CREATE TABLE IF NOT EXISTS %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)', parted || '_' || month, parted, first, beyond);
    END LOOP;
END
$$
"#;

const DOWN: &str = r#"
DROP TABLE audit_accesses
;
DROP TABLE audit_records
;
DROP TABLE audit_touches
;
DROP TABLE audit_anchors
;
DROP TABLE audit_checkpoints
;
DROP TABLE audit_chain
;
DROP TABLE audit_batches
"#;
