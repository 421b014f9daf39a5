//! Counts of changes, one for each table and writer, by which a server knows whether results it kept are still right.
//!
//! Each writing transaction adds one to a row of its own connection, so writers never wait for each other here, and what a
//! snapshot sees of the counts is what it sees of the changes. SQLite keeps no results and has none of this.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DatabaseBackend};

/// Makes the table of counts and the function that counts.
pub(crate) async fn set_up(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    run(manager, &[TABLE.to_owned(), FUNCTION.to_owned()]).await
}

/// Removes them; the triggers must be gone.
pub(crate) async fn tear_down(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    run(manager, &["DROP FUNCTION note_register_change()".to_owned(), "DROP TABLE register_changes".to_owned()]).await
}

/// Counts the changes of a table from now on. Every register's table needs it.
pub(crate) async fn note(manager: &SchemaManager<'_>, table: &str) -> Result<(), DbErr> {
    let trigger = format!(
        "CREATE TRIGGER {table}_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} \
         FOR EACH STATEMENT EXECUTE FUNCTION note_register_change()"
    );
    // Also where changes come in by replication.
    run(manager, &[trigger, format!("ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_changed")]).await
}

/// Counts them no longer.
pub(crate) async fn forget(manager: &SchemaManager<'_>, table: &str) -> Result<(), DbErr> {
    run(manager, &[format!("DROP TRIGGER {table}_changed ON {table}")]).await
}

const TABLE: &str = "CREATE TABLE register_changes (
    table_name TEXT COLLATE \"C\" NOT NULL,
    writer INTEGER NOT NULL,
    changes BIGINT NOT NULL,
    last_transaction XID8 NOT NULL,
    PRIMARY KEY (table_name, writer)
)";

/// One count a transaction is enough, and keeps a transaction of many statements from updating its row as often.
const FUNCTION: &str =
    "CREATE FUNCTION note_register_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM register_changes
                   WHERE table_name = TG_TABLE_NAME AND writer = pg_backend_pid() AND last_transaction = pg_current_xact_id()) THEN
        INSERT INTO register_changes AS known (table_name, writer, changes, last_transaction)
        VALUES (TG_TABLE_NAME, pg_backend_pid(), 1, pg_current_xact_id())
        ON CONFLICT (table_name, writer) DO UPDATE SET changes = known.changes + 1, last_transaction = excluded.last_transaction;
    END IF;
    RETURN NULL;
END
$$";

async fn run(manager: &SchemaManager<'_>, statements: &[String]) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    if connection.get_database_backend() == DatabaseBackend::Sqlite {
        return Ok(());
    }
    for statement in statements {
        connection.execute_unprepared(statement).await?;
    }
    Ok(())
}
