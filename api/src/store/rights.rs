//! What the role that `serve` connects with may do beyond what it needs, and how the database is set up. For `serve --check`.

use sqlx::Row;

use super::database::{Backend, Database};
use super::error::Error;

/// What the database says of the connection. Reading needs none of the rights.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rights {
    /// It may do everything.
    pub superuser: bool,
    /// It may make roles or databases, or passes by row security.
    pub privileged: bool,
    /// Tables it may change rows of, but for those that serving writes.
    pub writable: Vec<String>,
    /// Tables that callers change rows of, and it may not.
    pub unwritable: Vec<String>,
    /// It may make tables.
    pub creates: bool,
    /// The connection is encrypted; None on a socket or the same machine.
    pub encrypted: Option<bool>,
    /// The database writes the values of statements to its own log.
    pub logs_values: bool,
    /// The database's encoding, where it is not UTF-8.
    pub encoding: Option<String>,
    /// It may add to the audit log, and number what was added.
    pub records: bool,
    /// It may change or remove what stands in the audit log.
    pub rewrites_records: bool,
    /// Changes of the database's shape are pending, or there are no tables.
    pub outdated: bool,
}

const QUESTION: &str = "SELECT \
    current_setting('is_superuser') = 'on', \
    (SELECT rolcreaterole OR rolcreatedb OR rolbypassrls FROM pg_roles WHERE rolname = current_user), \
    ARRAY(SELECT c.relname::text FROM pg_class c WHERE c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema()) AND c.relkind IN ('r', 'p') \
        AND c.relname !~ '^audit_' AND has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE') ORDER BY 1), \
    has_schema_privilege(current_schema(), 'CREATE'), \
    (SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), \
    inet_client_addr() IS NULL OR inet_client_addr() = inet_server_addr(), \
    (current_setting('log_statement') IN ('all') OR current_setting('log_min_duration_statement') <> '-1' \
        OR coalesce(current_setting('log_min_duration_sample', true), '-1') <> '-1') \
        AND coalesce(current_setting('log_parameter_max_length', true), '-1') <> '0', \
    current_setting('server_encoding'), \
    coalesce(has_table_privilege(to_regclass('audit_batches'), 'INSERT') AND has_column_privilege(to_regclass('audit_batches'), 'number', 'UPDATE') \
        AND has_table_privilege(to_regclass('audit_chain'), 'UPDATE') AND has_table_privilege(to_regclass('audit_records'), 'INSERT') \
        AND has_table_privilege(to_regclass('audit_accesses'), 'INSERT') AND has_table_privilege(to_regclass('audit_touches'), 'INSERT') \
        AND has_table_privilege(to_regclass('audit_checkpoints'), 'INSERT') AND has_sequence_privilege(to_regclass('audit_drawn'), 'USAGE'), false), \
    coalesce(has_table_privilege(to_regclass('audit_batches'), 'UPDATE, DELETE, TRUNCATE') \
        OR has_table_privilege(to_regclass('audit_checkpoints'), 'UPDATE, DELETE, TRUNCATE'), false)";

/// Tables that serving writes to: what callers change, the number that tells servers of it, and what clients used of their quotas.
const CHANGED: [&str; 7] =
    ["account_editions", "agreements", "change_keys", "client_usages", "emergency_accesses", "notices", "person_lookups"];

/// Asks the database; None on SQLite, where files have owners instead of rights.
///
/// # Errors
/// If it does not answer.
pub async fn rights(database: &Database) -> Result<Option<Rights>, Error> {
    let outdated = match database.ready().await {
        Ok(()) => false,
        Err(Error::NotMigrated) => true,
        Err(error) => return Err(error),
    };
    if database.backend() == Backend::Sqlite {
        return Ok(None);
    }
    let connection = database.writer().await?;
    let row = sqlx::query(QUESTION).fetch_one(connection.get_postgres_connection_pool()).await?;
    let encoding: String = row.try_get(7)?;
    let near: bool = row.try_get(5)?;
    let all: Vec<String> = row.try_get(2)?;
    let (changed, writable): (Vec<String>, Vec<String>) = all.into_iter().partition(|table| CHANGED.contains(&table.as_str()));
    let unwritable = CHANGED.iter().filter(|table| !changed.iter().any(|known| known == *table)).map(|table| (*table).to_owned());
    let rights = Rights {
        superuser: row.try_get(0)?,
        privileged: row.try_get::<Option<bool>, _>(1)?.unwrap_or_default(),
        writable,
        unwritable: if outdated { Vec::new() } else { unwritable.collect() },
        creates: row.try_get(3)?,
        encrypted: if near { None } else { row.try_get(4)? },
        logs_values: row.try_get(6)?,
        encoding: Some(encoding).filter(|encoding| encoding != "UTF8"),
        records: row.try_get(8)?,
        rewrites_records: row.try_get(9)?,
        outdated,
    };
    connection.close().await?;
    Ok(Some(rights))
}
