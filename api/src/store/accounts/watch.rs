//! A server's look at the register, every second: one small statement, unless something has changed. Emergency accesses and
//! agreements come with it: they raise the same edition.

use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use entities::{account_edition, account_revocation, role_assignment};
use sea_orm::{ColumnTrait, Condition, DatabaseConnection, EntityTrait, QueryFilter, QueryOrder};

use super::Accounts;
use super::change::instant;
use crate::store::{Database, Error, agreements, clients, emergencies};

/// How often everything is read anew though nothing seems to have changed: rows may have been changed past the program.
const READ_ANEW_EVERY: Duration = Duration::from_secs(600);
/// The longest a look at the edition may take, connecting included.
const LONGEST_LOOK: Duration = Duration::from_secs(5);
/// The longest that reading everything may take. Servers with very many assignments must not give up half-way for ever.
const LONGEST_READ: Duration = Duration::from_secs(60);

/// Looks at the register. It has a connection of its own, so that requests cannot hold it up.
pub struct Watch {
    database: Database,
    connection: Option<DatabaseConnection>,
    known: Option<(i64, Instant)>,
}

impl Watch {
    /// Prepares looking; nothing is asked yet.
    pub fn new(database: Database) -> Self {
        Self { database, connection: None, known: None }
    }

    /// All that holds now or will, if anything may have changed since the last look.
    ///
    /// # Errors
    /// If the database does not answer. The next look makes a new connection.
    pub async fn look(&mut self, now: DateTime<Utc>) -> Result<Option<Accounts>, Error> {
        let (connection, edition) = within(LONGEST_LOOK, self.edition()).await?;
        if let Some((known, read)) = self.known
            && known == edition
            && read.elapsed() < READ_ANEW_EVERY
        {
            self.connection = Some(connection);
            return Ok(None);
        }
        // Read after its number: what is added in between is read again the next time.
        let accounts = within(LONGEST_READ, read(&self.database, &connection, now)).await?;
        self.connection = Some(connection);
        self.known = Some((edition, Instant::now()));
        Ok(Some(accounts))
    }

    /// The connection, taken out so that a look that is given up half-way leaves none behind, and the edition.
    async fn edition(&mut self) -> Result<(DatabaseConnection, i64), Error> {
        let connection = match self.connection.take() {
            Some(connection) => connection,
            None => self.database.writer().await?,
        };
        let row = account_edition::Entity::find_by_id(1).one(&connection).await?.ok_or(Error::NotMigrated)?;
        Ok((connection, row.edition))
    }
}

/// Gives up after a time. The connection in use is not used again then.
async fn within<T>(limit: Duration, work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    tokio::time::timeout(limit, work).await.unwrap_or(Err(Error::Timeout))
}

async fn read(database: &Database, connection: &DatabaseConnection, now: DateTime<Utc>) -> Result<Accounts, Error> {
    let backend = database.backend();
    let holds = Condition::any().add(role_assignment::Column::ToAt.is_null()).add(role_assignment::Column::ToAt.gt(instant(backend, now)));
    let assignments = role_assignment::Entity::find().filter(holds).order_by_asc(role_assignment::Column::Id).all(connection).await?;
    let holds =
        Condition::any().add(account_revocation::Column::ToAt.is_null()).add(account_revocation::Column::ToAt.gt(instant(backend, now)));
    let revocations = account_revocation::Entity::find().filter(holds).all(connection).await?;
    let emergencies = emergencies::holding(connection, backend, now).await?;
    let agreements = agreements::holding(connection, backend, now).await?;
    let clients = clients::read(connection, instant(backend, now)).await?;
    Ok(Accounts::of(assignments, revocations).with(emergencies, agreements).with_clients(clients))
}
