//! Applications on accounts of their own: who answers for them, under what contract, how much they may ask; their keys,
//! the documents they are confined to, and how much of each day's quota is taken.

use sea_orm_migration::prelude::*;

/// This change.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::dialect::run(manager, UP).await?;
        crate::changes::note(manager, "clients").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::changes::forget(manager, "clients").await?;
        crate::dialect::run(manager, DOWN).await
    }
}

const UP: &str = r#"
CREATE TABLE clients (
    id UUID NOT NULL PRIMARY KEY,
    name TEXT COLLATE "C" NOT NULL CHECK (name <> ''),
    owner_issuer TEXT COLLATE "C",
    owner_subject TEXT COLLATE "C" CHECK (owner_subject <> ''),
    department_id UUID REFERENCES departments (id),
    contract TEXT COLLATE "C" CHECK (contract <> ''),
    purposes TEXT COLLATE "C" CHECK (purposes <> ''),
    from_at TIMESTAMPTZ NOT NULL,
    to_at TIMESTAMPTZ,
    requests_per_day INTEGER CHECK (requests_per_day > 0),
    page_size INTEGER CHECK (page_size > 0),
    node_budget INTEGER CHECK (node_budget > 0),
    trusted_documents_only BOOLEAN NOT NULL,
    reason TEXT COLLATE "C" NOT NULL CHECK (reason <> ''),
    registered_by_issuer TEXT COLLATE "C" NOT NULL,
    registered_by TEXT COLLATE "C" NOT NULL CHECK (registered_by <> ''),
    ended_by_issuer TEXT COLLATE "C",
    ended_by TEXT COLLATE "C",
    end_reason TEXT COLLATE "C" CHECK (end_reason <> ''),
    version INTEGER NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT somebody_answers_for_it CHECK (owner_subject IS NOT NULL OR department_id IS NOT NULL),
    CONSTRAINT an_owner_has_an_issuer CHECK ((owner_subject IS NULL) = (owner_issuer IS NULL)),
    CONSTRAINT nobody_registers_their_own CHECK (owner_subject IS NULL OR registered_by <> owner_subject OR registered_by_issuer <> owner_issuer),
    CONSTRAINT it_ends_after_it_begins CHECK (to_at IS NULL OR to_at >= from_at),
    CONSTRAINT whoever_ends_says_why CHECK ((ended_by IS NULL) = (end_reason IS NULL) AND (ended_by IS NULL) = (ended_by_issuer IS NULL)),
    CONSTRAINT what_is_ended_has_an_end CHECK (ended_by IS NULL OR to_at IS NOT NULL)
)
;
CREATE UNIQUE INDEX clients_name ON clients (name)
;
CREATE INDEX clients_department ON clients (department_id, id)
;
CREATE TABLE client_keys (
    id UUID NOT NULL PRIMARY KEY,
    client_id UUID NOT NULL REFERENCES clients (id),
    digest TEXT COLLATE "C" NOT NULL CHECK (length(digest) = 64),
    last_four TEXT COLLATE "C" NOT NULL CHECK (length(last_four) = 4),
    from_at TIMESTAMPTZ NOT NULL,
    to_at TIMESTAMPTZ NOT NULL,
    reason TEXT COLLATE "C" NOT NULL CHECK (reason <> ''),
    made_by_issuer TEXT COLLATE "C" NOT NULL,
    made_by TEXT COLLATE "C" NOT NULL CHECK (made_by <> ''),
    ended_by_issuer TEXT COLLATE "C",
    ended_by TEXT COLLATE "C",
    end_reason TEXT COLLATE "C" CHECK (end_reason <> ''),
    CONSTRAINT it_ends_after_it_begins CHECK (to_at >= from_at),
    CONSTRAINT whoever_ends_says_why CHECK ((ended_by IS NULL) = (end_reason IS NULL) AND (ended_by IS NULL) = (ended_by_issuer IS NULL))
)
;
CREATE UNIQUE INDEX client_keys_digest ON client_keys (digest)
;
CREATE INDEX client_keys_client ON client_keys (client_id, id)
;
CREATE TABLE client_documents (
    id UUID NOT NULL PRIMARY KEY,
    client_id UUID NOT NULL REFERENCES clients (id),
    digest TEXT COLLATE "C" NOT NULL CHECK (length(digest) = 64),
    name TEXT COLLATE "C" NOT NULL,
    document TEXT COLLATE "C" NOT NULL CHECK (document <> ''),
    registered_at TIMESTAMPTZ NOT NULL,
    reason TEXT COLLATE "C" NOT NULL CHECK (reason <> ''),
    registered_by_issuer TEXT COLLATE "C" NOT NULL,
    registered_by TEXT COLLATE "C" NOT NULL CHECK (registered_by <> ''),
    removed_at TIMESTAMPTZ,
    removed_by_issuer TEXT COLLATE "C",
    removed_by TEXT COLLATE "C",
    removal_reason TEXT COLLATE "C" CHECK (removal_reason <> ''),
    CONSTRAINT whoever_removes_says_why CHECK ((removed_at IS NULL) = (removal_reason IS NULL) AND (removed_at IS NULL) = (removed_by IS NULL) AND (removed_at IS NULL) = (removed_by_issuer IS NULL))
)
;
CREATE UNIQUE INDEX client_documents_digest ON client_documents (client_id, digest) WHERE removed_at IS NULL
;
CREATE TABLE client_usages (
    client_id UUID NOT NULL REFERENCES clients (id),
    day TEXT COLLATE "C" NOT NULL CHECK (length(day) = 10),
    taken BIGINT NOT NULL CHECK (taken >= 0),
    PRIMARY KEY (client_id, day)
)
"#;

const DOWN: &str = r#"
DROP TABLE client_usages
;
DROP TABLE client_documents
;
DROP TABLE client_keys
;
DROP TABLE clients
"#;
