//! Connections with all statements prepared; no ping, the one used last first.

use std::sync::{Mutex, PoisonError};

use anyhow::Result;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Row, Statement};

use super::Refused;
use super::statements::STATEMENTS;
use crate::cluster::connect;

/// The connections.
pub(super) struct Pool {
    free: Mutex<Vec<Connection>>,
    places: Semaphore,
}

struct Connection {
    client: Client,
    statements: Vec<Statement>,
}

/// A connection for one statement.
struct Lease<'a> {
    pool: &'a Pool,
    connection: Option<Connection>,
    _place: SemaphorePermit<'a>,
}

impl Pool {
    /// Opens so many connections.
    pub(super) async fn open(database: &str, connections: usize) -> Result<Self> {
        let mut free = Vec::with_capacity(connections);
        for _ in 0..connections {
            let client = connect(database, "hand").await?;
            let mut statements = Vec::with_capacity(STATEMENTS.len());
            for text in STATEMENTS {
                statements.push(client.prepare(text).await?);
            }
            free.push(Connection { client, statements });
        }
        Ok(Self { free: Mutex::new(free), places: Semaphore::new(connections) })
    }

    /// The rows of a statement.
    pub(super) async fn rows(&self, statement: usize, values: &[&(dyn ToSql + Sync)]) -> Result<Vec<Row>, Refused> {
        let lease = self.lease().await?;
        let Some(connection) = &lease.connection else { return Err(Refused::Failed("no connection".to_owned())) };
        Ok(connection.client.query(&connection.statements[statement], values).await?)
    }

    async fn lease(&self) -> Result<Lease<'_>, Refused> {
        let place = self.places.acquire().await.map_err(|error| Refused::Failed(error.to_string()))?;
        let connection = self.free.lock().unwrap_or_else(PoisonError::into_inner).pop();
        Ok(Lease { pool: self, connection, _place: place })
    }
}

impl Drop for Lease<'_> {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            self.pool.free.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        }
    }
}
