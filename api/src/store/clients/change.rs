//! Registering clients and ending them.

use chrono::{DateTime, SubsecRound, Utc};
use entities::client::{self, Column, Entity};
use entities::id::Id;
use entities::{client_key, role_assignment};
use sea_orm::sea_query::{Expr, InsertStatement, Query};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, ExprTrait, QueryFilter, TransactionTrait, Value,
};
use uuid::Uuid;

use super::ClientError;
use super::list::find;
use crate::config::Authentication;
use crate::policy::Account;
use crate::store::accounts::{
    ChangeError, Deed, Noted, check_length, department, instant, maybe_instant, new_id, note_change, raise_edition,
};
use crate::store::{Backend, Database};

/// The longest name and the longest purpose.
const LONGEST_WORD: usize = 64;

/// Who answers for a client: an account, a department, or both.
#[derive(Clone, Debug, Default)]
pub struct Owner {
    /// The account.
    pub account: Option<Account>,
    /// The department: its id or its whole name.
    pub department: Option<String>,
}

/// A client to be registered.
#[derive(Clone, Debug)]
pub struct Application {
    /// What it is called.
    pub name: String,
    /// Who answers for it.
    pub owner: Owner,
    /// Number of the contract.
    pub contract: Option<String>,
    /// The purposes it may state; any if none is named.
    pub purposes: Vec<String>,
    /// From when; now if none is said.
    pub from: Option<DateTime<Utc>>,
    /// Until when, which is no longer in it.
    pub to: Option<DateTime<Utc>>,
    /// The most requests in one day.
    pub requests_per_day: Option<i32>,
    /// The largest page.
    pub page_size: Option<i32>,
    /// The most nodes that the pages of one request could hold.
    pub node_budget: Option<i32>,
    /// True if only registered documents are answered.
    pub trusted_documents_only: bool,
    /// By whom and why.
    pub deed: Deed,
}

/// Registers a client.
///
/// # Errors
/// If a word is not known or none that can be used, the acting account would answer for it, or the database refuses.
/// Nothing is changed then.
pub async fn register(database: &Database, application: &Application) -> Result<Id<client::Client>, ClientError> {
    check(application)?;
    let deed = &application.deed;
    let from = application.from.unwrap_or(deed.now).trunc_subsecs(6);
    if from < deed.at() {
        return Err(ChangeError::Times("a client cannot begin in the past: leave --from out, or name a later instant").into());
    }
    if application.to.is_some_and(|to| to <= from) {
        return Err(ChangeError::Times("the end must come after the beginning").into());
    }
    let connection = database.writer().await?;
    let transaction = connection.begin().await?;
    raise_edition(&transaction).await?;
    if Entity::find().filter(Column::Name.eq(application.name.as_str())).one(&transaction).await?.is_some() {
        return Err(ClientError::NameTaken(application.name.clone()));
    }
    let department = match &application.owner.department {
        Some(word) => Some(department(&transaction, word).await?),
        None => None,
    };
    let id = new_id(deed.at());
    transaction.execute(&insert(database.backend(), id, application, from, department)?).await?;
    note(&transaction, deed, "client add", 1, &["ownerSubject", "reason", "registeredBy"]).await?;
    transaction.commit().await?;
    connection.close().await?;
    Ok(id)
}

fn check(application: &Application) -> Result<(), ClientError> {
    let Application { name, owner, contract, purposes, deed, .. } = application;
    deed.check()?;
    let sign = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    if name.is_empty() || name.len() > LONGEST_WORD || !name.bytes().all(sign) || name.starts_with("client_") {
        return Err(ClientError::NoName(name.clone()));
    }
    // As a policy writes them.
    let letter = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    if let Some(purpose) = purposes.iter().find(|word| word.is_empty() || word.len() > LONGEST_WORD || !word.bytes().all(letter)) {
        return Err(ClientError::NoPurpose(purpose.clone()));
    }
    if let Some(contract) = contract {
        check_length("the contract", contract)?;
    }
    match &owner.account {
        Some(account) if *account == deed.by => return Err(ClientError::OwnClient(account.subject.clone())),
        Some(account) => check_length("the owner", &account.subject)?,
        None if owner.department.is_none() => return Err(ClientError::NoOwner),
        None => {}
    }
    Ok(())
}

fn insert(
    backend: Backend,
    id: Id<client::Client>,
    application: &Application,
    from: DateTime<Utc>,
    department: Option<Uuid>,
) -> Result<InsertStatement, DbErr> {
    let Application {
        name,
        owner,
        contract,
        purposes,
        from: _,
        to,
        requests_per_day,
        page_size,
        node_budget,
        trusted_documents_only,
        deed,
    } = application;
    let cells: [(Column, Value); 19] = [
        (Column::Id, id.into()),
        (Column::Name, name.as_str().into()),
        (Column::OwnerIssuer, owner.account.as_ref().map(|account| account.issuer.clone()).into()),
        (Column::OwnerSubject, owner.account.as_ref().map(|account| account.subject.clone()).into()),
        (Column::DepartmentId, Value::Uuid(department)),
        (Column::Contract, contract.clone().into()),
        (Column::Purposes, (!purposes.is_empty()).then(|| purposes.join(" ")).into()),
        (Column::FromAt, instant(backend, from)),
        (Column::ToAt, maybe_instant(backend, to.map(|to| to.trunc_subsecs(6)))),
        (Column::RequestsPerDay, (*requests_per_day).into()),
        (Column::PageSize, (*page_size).into()),
        (Column::NodeBudget, (*node_budget).into()),
        (Column::TrustedDocumentsOnly, (*trusted_documents_only).into()),
        (Column::Reason, deed.reason.as_str().into()),
        (Column::RegisteredByIssuer, deed.by.issuer.as_str().into()),
        (Column::RegisteredBy, deed.by.subject.as_str().into()),
        (Column::Version, 1.into()),
        (Column::CreatedAt, instant(backend, deed.at())),
        (Column::UpdatedAt, instant(backend, deed.at())),
    ];
    into(Entity, cells)
}

/// A statement that inserts one row.
pub(super) fn into<E: EntityTrait, const N: usize>(entity: E, cells: [(E::Column, Value); N]) -> Result<InsertStatement, DbErr> {
    let mut insert = Query::insert();
    let (columns, values): (Vec<_>, Vec<_>) = cells.into_iter().unzip();
    insert.into_table(entity).columns(columns);
    insert.values(values.into_iter().map(Expr::value)).map_err(|error| DbErr::Custom(error.to_string()))?;
    Ok(insert)
}

/// Ends a client at an instant, now if none is said. An end that comes earlier stays.
///
/// # Errors
/// If there is no such client or it has ended by then, the instant is past, or the database refuses.
pub async fn end(database: &Database, word: &str, at: Option<DateTime<Utc>>, deed: &Deed) -> Result<client::Model, ClientError> {
    deed.check()?;
    let at = at.unwrap_or(deed.now).trunc_subsecs(6);
    if at < deed.at() {
        return Err(ChangeError::Times("a client cannot be ended in the past: leave --at out, or name a later instant").into());
    }
    let backend = database.backend();
    let connection = database.writer().await?;
    let transaction = connection.begin().await?;
    raise_edition(&transaction).await?;
    let row = find(&transaction, word).await?;
    if row.to_at.is_some_and(|to| to <= at) {
        return Err(ClientError::Ended(row.name));
    }
    let last = std::cmp::max(at, row.from_at);
    Entity::update_many()
        .col_expr(Column::ToAt, Expr::value(instant(backend, last)))
        .col_expr(Column::EndedByIssuer, Expr::value(deed.by.issuer.as_str()))
        .col_expr(Column::EndedBy, Expr::value(deed.by.subject.as_str()))
        .col_expr(Column::EndReason, Expr::value(deed.reason.as_str()))
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .col_expr(Column::UpdatedAt, Expr::value(instant(backend, deed.at())))
        .filter(Column::Id.eq(row.id))
        .exec(&transaction)
        .await?;
    note(&transaction, deed, "client end", 1, &["endedBy", "endReason"]).await?;
    transaction.commit().await?;
    connection.close().await?;
    Ok(row)
}

/// Notes a change of clients in the audit log, in the change's own transaction. `fields` are the personal ones of the
/// register that it wrote; keys and documents are in no register.
pub(super) async fn note(
    transaction: &DatabaseTransaction,
    deed: &Deed,
    operation: &'static str,
    rows: usize,
    fields: &[&'static str],
) -> Result<(), DbErr> {
    let noted = Noted { operation, rows, register: &client::REGISTER, fields, persons: Vec::new() };
    note_change(transaction, deed, noted).await
}

/// The client, if something may still be made for it.
pub(super) async fn lasting(transaction: &DatabaseTransaction, word: &str, now: DateTime<Utc>) -> Result<client::Model, ClientError> {
    let row = find(transaction, word).await?;
    if row.to_at.is_some_and(|to| to <= now) { Err(ClientError::Ended(row.name)) } else { Ok(row) }
}

/// Refuses a role for a client that is none or has ended, or from an account that answers for it or made a key of it: two
/// people stand behind whatever a client may do.
pub(in crate::store) async fn check_grant(transaction: &DatabaseTransaction, account: &Account, deed: &Deed) -> Result<(), ChangeError> {
    let row = find(transaction, &account.subject).await?;
    if row.id.to_string() != account.subject {
        let hint = format!(": give it by its id, {}", row.id);
        return Err(ChangeError::Unknown { what: "client", word: account.subject.clone(), hint });
    }
    if row.to_at.is_some_and(|to| to <= deed.now) {
        return Err(ChangeError::Times("the client has ended, so it can be given no role"));
    }
    let owns = row.owner_issuer.as_ref() == Some(&deed.by.issuer) && row.owner_subject.as_ref() == Some(&deed.by.subject);
    let made = Condition::all()
        .add(client_key::Column::ClientId.eq(row.id))
        .add(client_key::Column::MadeByIssuer.eq(deed.by.issuer.as_str()))
        .add(client_key::Column::MadeBy.eq(deed.by.subject.as_str()));
    if owns || client_key::Entity::find().filter(made).one(transaction).await?.is_some() {
        return Err(ChangeError::OwnClient(deed.by.subject.clone()));
    }
    Ok(())
}

/// True if the account gave the client a role.
pub(super) async fn gave_roles(transaction: &DatabaseTransaction, row: &client::Model, by: &Account) -> Result<bool, ClientError> {
    use role_assignment::Column;
    let given = Condition::all()
        .add(Column::Issuer.eq(Authentication::CLIENT_ISSUER))
        .add(Column::Subject.eq(row.id.to_string()))
        .add(Column::GrantedByIssuer.eq(by.issuer.as_str()))
        .add(Column::GrantedBy.eq(by.subject.as_str()));
    Ok(role_assignment::Entity::find().filter(given).one(transaction).await?.is_some())
}
