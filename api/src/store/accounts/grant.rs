//! Giving roles, and ending them.

use chrono::{DateTime, SubsecRound, Utc};
use entities::codes::Board;
use entities::id::Id;
use entities::region_code::RegionCode;
use entities::role_assignment::{Column, Entity, Model, RoleAssignment};
use sea_orm::sea_query::{Expr, InsertStatement, Query};
use sea_orm::{
    ActiveEnum, ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, ExprTrait, QueryFilter, QueryOrder,
    TransactionTrait, Value,
};
use uuid::Uuid;

use super::change::{check_length, instant, maybe_instant, new_id, note, raise_edition};
use super::{ChangeError, Deed, words};
use crate::config::Authentication;
use crate::policy::Account;
use crate::store::{Backend, Database, clients};

/// A role to be given. One row is made for each region and project.
#[derive(Clone, Debug)]
pub struct Grant {
    /// To whom.
    pub account: Account,
    /// The role.
    pub role: String,
    /// Where.
    pub regions: Vec<RegionCode>,
    /// For which board.
    pub board: Option<Board>,
    /// For which department: its id or its whole name.
    pub department: Option<String>,
    /// For which service projects.
    pub projects: Vec<String>,
    /// The holder's row of the person register.
    pub person: Option<Uuid>,
    /// From when; now if none is said.
    pub from: Option<DateTime<Utc>>,
    /// Until when, which is no longer in it.
    pub to: Option<DateTime<Utc>>,
    /// By whom and why.
    pub deed: Deed,
}

/// What is to be ended.
#[derive(Clone, Debug)]
pub enum Ended {
    /// One assignment.
    One(Id<RoleAssignment>),
    /// All that an account holds, or all of one role.
    Of(Account, Option<String>),
}

/// Gives a role. `roles` are those of the policy.
///
/// # Errors
/// If a word is not known, the acting account gives to itself, the account holds it already, or the database refuses.
/// Nothing is changed then.
pub async fn grant(database: &Database, grant: &Grant, roles: &[&str]) -> Result<Vec<Id<RoleAssignment>>, ChangeError> {
    let Grant { account, role, regions, board: _, department, projects, person, from, to, deed } = grant;
    deed.check()?;
    check_length("the subject", &account.subject)?;
    for project in projects {
        check_length("a project", project)?;
    }
    if deed.by == *account {
        return Err(ChangeError::Themselves(account.subject.clone()));
    }
    words::check_role(role, roles)?;
    let from = from.unwrap_or(deed.now).trunc_subsecs(6);
    check_times(from, *to, deed.at())?;
    let connection = database.writer().await?;
    let transaction = connection.begin().await?;
    raise_edition(&transaction).await?;
    for region in regions {
        words::check_region(&transaction, *region).await?;
    }
    let department = match department {
        Some(word) => Some(words::department(&transaction, word).await?),
        None => None,
    };
    if let Some(person) = person {
        words::check_person(&transaction, *person).await?;
    }
    check_persons(&transaction, grant).await?;
    if account.issuer == Authentication::CLIENT_ISSUER {
        clients::check_grant(&transaction, account, deed).await?;
    }
    let mut ids = Vec::new();
    for (region, project) in bounds(regions, projects) {
        let bounds = Bounds { region, project, department, from };
        check_free(&transaction, database.backend(), grant, &bounds).await?;
        let id = new_id(deed.at());
        transaction.execute(&insert(database.backend(), id, grant, &bounds)?).await?;
        ids.push(id);
    }
    note(&transaction, deed, "account grant", ids.len(), person.iter().copied().collect()).await?;
    transaction.commit().await?;
    connection.close().await?;
    Ok(ids)
}

/// The bounds of one row.
struct Bounds<'a> {
    region: Option<RegionCode>,
    project: Option<&'a str>,
    department: Option<Uuid>,
    from: DateTime<Utc>,
}

fn bounds<'a>(regions: &[RegionCode], projects: &'a [String]) -> Vec<(Option<RegionCode>, Option<&'a str>)> {
    let regions = if regions.is_empty() { vec![None] } else { regions.iter().copied().map(Some).collect() };
    let projects = if projects.is_empty() { vec![None] } else { projects.iter().map(|code| Some(code.as_str())).collect() };
    regions.into_iter().flat_map(|region| projects.iter().map(move |project| (region, *project))).collect()
}

fn check_times(from: DateTime<Utc>, to: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Result<(), ChangeError> {
    if from < now {
        return Err(ChangeError::Times("a role cannot be given for the past: leave --from out, or name a later instant"));
    }
    if to.is_some_and(|to| to <= from) {
        return Err(ChangeError::Times("the end must come after the beginning"));
    }
    Ok(())
}

/// One human may have several accounts: as far as the register tells who holds them, they do not give to each other.
async fn check_persons(transaction: &DatabaseTransaction, grant: &Grant) -> Result<(), ChangeError> {
    let mut gaining = persons(transaction, &grant.account).await?;
    gaining.extend(grant.person);
    let giving = persons(transaction, &grant.deed.by).await?;
    if giving.iter().any(|person| gaining.contains(person)) {
        return Err(ChangeError::Themselves(grant.deed.by.subject.clone()));
    }
    Ok(())
}

async fn persons(transaction: &DatabaseTransaction, account: &Account) -> Result<Vec<Uuid>, ChangeError> {
    let rows = Entity::find().filter(of(account)).filter(Column::PersonId.is_not_null()).all(transaction).await?;
    Ok(rows.into_iter().filter_map(|row| row.person_id).map(|id| id.uuid()).collect())
}

fn of(account: &Account) -> Condition {
    Condition::all().add(Column::Issuer.eq(account.issuer.as_str())).add(Column::Subject.eq(account.subject.as_str()))
}

/// Refuses what the account holds already at some time of the grant.
async fn check_free(transaction: &DatabaseTransaction, backend: Backend, grant: &Grant, bounds: &Bounds<'_>) -> Result<(), ChangeError> {
    let Bounds { region, project, department, from } = bounds;
    let same = |row: &&Model| {
        row.region_code == *region
            && row.board == grant.board
            && row.department_id.map(|id| id.uuid()) == *department
            && row.project_code.as_deref() == *project
            && grant.to.is_none_or(|to| row.from_at < to)
            && row.to_at != Some(row.from_at)
    };
    let rows = Entity::find()
        .filter(of(&grant.account))
        .filter(Column::Role.eq(grant.role.as_str()))
        .filter(Condition::any().add(Column::ToAt.is_null()).add(Column::ToAt.gt(instant(backend, *from))))
        .all(transaction)
        .await?;
    rows.iter().find(same).map_or(Ok(()), |row| Err(ChangeError::AlreadyHeld(row.id.to_string())))
}

fn insert(backend: Backend, id: Id<RoleAssignment>, grant: &Grant, bounds: &Bounds<'_>) -> Result<InsertStatement, ChangeError> {
    let Grant { account, role, regions: _, board, department: _, projects: _, person, from: _, to, deed } = grant;
    let Bounds { region, project, department, from } = bounds;
    let cells: [(Column, Value); 17] = [
        (Column::Id, id.into()),
        (Column::Issuer, account.issuer.as_str().into()),
        (Column::Subject, account.subject.as_str().into()),
        (Column::Role, role.as_str().into()),
        (Column::RegionCode, region.map(|code| code.number()).into()),
        (Column::Board, board.map(|board| board.to_value()).into()),
        (Column::DepartmentId, Value::Uuid(*department)),
        (Column::ProjectCode, project.map(str::to_owned).into()),
        (Column::PersonId, Value::Uuid(*person)),
        (Column::FromAt, instant(backend, *from)),
        (Column::ToAt, maybe_instant(backend, to.map(|to| to.trunc_subsecs(6)))),
        (Column::Reason, deed.reason.as_str().into()),
        (Column::GrantedByIssuer, deed.by.issuer.as_str().into()),
        (Column::GrantedBy, deed.by.subject.as_str().into()),
        (Column::Version, 1.into()),
        (Column::CreatedAt, instant(backend, deed.at())),
        (Column::UpdatedAt, instant(backend, deed.at())),
    ];
    let mut insert = Query::insert();
    insert.into_table(Entity).columns(cells.iter().map(|(column, _)| *column));
    insert.values(cells.into_iter().map(|(_, value)| Expr::value(value))).map_err(|error| sea_orm::DbErr::Custom(error.to_string()))?;
    Ok(insert)
}

/// Ends assignments at an instant, now if none is said. An end that comes earlier stays: nothing is made longer. What has
/// not begun by then never begins.
///
/// # Errors
/// If there is nothing to end, the instant is past, or the database refuses.
pub async fn end(database: &Database, ended: &Ended, at: Option<DateTime<Utc>>, deed: &Deed) -> Result<Vec<Model>, ChangeError> {
    deed.check()?;
    let at = at.unwrap_or(deed.now).trunc_subsecs(6);
    if at < deed.at() {
        return Err(ChangeError::Times("a role cannot be ended in the past: leave --at out, or name a later instant"));
    }
    let backend = database.backend();
    let which = match ended {
        Ended::One(id) => Condition::all().add(Column::Id.eq(*id)),
        Ended::Of(account, None) => of(account),
        Ended::Of(account, Some(role)) => of(account).add(Column::Role.eq(role.as_str())),
    };
    let lasting = Condition::any().add(Column::ToAt.is_null()).add(Column::ToAt.gt(instant(backend, at)));
    let connection = database.writer().await?;
    let transaction = connection.begin().await?;
    raise_edition(&transaction).await?;
    let rows = Entity::find().filter(which).filter(lasting).order_by_asc(Column::Id).all(&transaction).await?;
    // What was ended before it began has an end that lies at its beginning, which may still come.
    let rows: Vec<Model> = rows.into_iter().filter(|row| row.to_at != Some(row.from_at)).collect();
    if rows.is_empty() {
        return Err(ChangeError::Nothing("end"));
    }
    for row in &rows {
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
    }
    let persons = rows.iter().filter_map(|row| row.person_id).map(|id| id.uuid()).collect();
    note(&transaction, deed, "account end", rows.len(), persons).await?;
    transaction.commit().await?;
    connection.close().await?;
    Ok(rows)
}
