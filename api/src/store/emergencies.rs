//! Emergency access: taken, ended, and what servers know of those that hold.

use chrono::{DateTime, TimeDelta, Utc};
use entities::codes::Board;
use entities::emergency_access::{self, Column, Entity, Model};
use entities::id::Id;
use entities::region_code::RegionCode;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{
    ActiveEnum, ColumnTrait, Condition, ConnectionTrait, DatabaseConnection, DbErr, EntityTrait, QueryFilter, QueryOrder, Value,
};
use serde_json::json;
use uuid::Uuid;

use super::accounts::{instant, new_id, raise_edition};
use super::changes::{Change, unwritable};
use super::{Backend, Error};
use crate::policy::{Account, Assignment};

/// An emergency access that holds now or will.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Emergency {
    id: Uuid,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
    assignments: Vec<Assignment>,
}

/// What an account has taken at an instant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Held {
    /// The access in force, and what it gives.
    pub held: Option<(Uuid, Vec<Assignment>)>,
    /// When one begins or ends next.
    pub until: Option<DateTime<Utc>>,
}

impl Held {
    pub(super) fn of(all: &[Emergency], now: DateTime<Utc>) -> Self {
        let holds = |one: &&Emergency| one.from <= now && now < one.until;
        let held = all.iter().find(holds).map(|one| (one.id, one.assignments.clone()));
        let until = all.iter().flat_map(|one| [one.from, one.until]).filter(|at| *at > now).min();
        Self { held, until }
    }
}

/// What is taken.
#[derive(Clone, Debug)]
pub struct Taken<'a> {
    /// The account.
    pub account: &'a Account,
    /// Its row of the person register.
    pub person: Option<Uuid>,
    /// What it gives: assignments of one role.
    pub assignments: &'a [Assignment],
    /// The smallest region that holds all of theirs.
    pub place: Option<RegionCode>,
    /// Why.
    pub reason: &'a str,
    /// For how long.
    pub lasting: TimeDelta,
    /// How long after the end of one the next may be taken.
    pub cool_down: TimeDelta,
}

/// What came of taking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taking {
    /// It is taken, until then.
    Taken(Uuid, DateTime<Utc>),
    /// One holds, or the last one ended too short ago; when the next may be taken.
    TooSoon(DateTime<Utc>),
}

impl Change {
    /// Takes an emergency access, unless the account holds one or held one a short while ago.
    ///
    /// # Errors
    /// If the database refuses.
    pub async fn break_glass(&self, taken: &Taken<'_>) -> Result<Taking, Error> {
        let Taken { account, person, assignments, place, reason, lasting, cool_down } = taken;
        // Others who take one at the same time wait here.
        raise_edition(&self.transaction).await?;
        let last = Entity::find().filter(of(account)).order_by_desc(Column::UntilAt).all(&self.transaction).await?;
        let free = last.iter().map(|row| end(row) + *cool_down).max();
        if let Some(free) = free.filter(|free| *free > self.at) {
            return Ok(Taking::TooSoon(free));
        }
        let id: Id<emergency_access::EmergencyAccess> = new_id(self.at);
        let until = self.at + *lasting;
        let department = assignments.iter().find_map(|assignment| assignment.department);
        let role = assignments.first().map(|assignment| assignment.role.as_str()).unwrap_or_default();
        let cells: [(Column, Value); 14] = [
            (Column::Id, id.into()),
            (Column::Issuer, account.issuer.as_str().into()),
            (Column::Subject, account.subject.as_str().into()),
            (Column::PersonId, Value::Uuid(*person)),
            (Column::Role, role.into()),
            (Column::RegionCode, place.map(RegionCode::number).into()),
            (Column::DepartmentId, Value::Uuid(department)),
            (Column::Assignments, written(assignments).into()),
            (Column::Reason, (*reason).into()),
            (Column::FromAt, instant(self.backend, self.at)),
            (Column::UntilAt, instant(self.backend, until)),
            (Column::Version, 1.into()),
            (Column::CreatedAt, instant(self.backend, self.at)),
            (Column::UpdatedAt, instant(self.backend, self.at)),
        ];
        let mut insert = Query::insert();
        insert.into_table(Entity).columns(cells.iter().map(|(column, _)| *column));
        insert.values(cells.into_iter().map(|(_, value)| Expr::value(value))).map_err(|error| unwritable(&error))?;
        self.transaction.execute(&insert).await?;
        Ok(Taking::Taken(id.uuid(), until))
    }

    /// Ends the account's emergency access that is in force; None if there is none.
    ///
    /// # Errors
    /// If the database refuses.
    pub async fn end_emergency(&self, account: &Account, reason: &str) -> Result<Option<Uuid>, Error> {
        raise_edition(&self.transaction).await?;
        let at = instant(self.backend, self.at);
        let holds = of(account).add(Column::FromAt.lte(at.clone())).add(Column::UntilAt.gt(at.clone())).add(Column::EndedAt.is_null());
        let Some(row) = Entity::find().filter(holds).one(&self.transaction).await? else { return Ok(None) };
        Entity::update_many()
            .col_expr(Column::EndedAt, Expr::value(at.clone()))
            .col_expr(Column::EndReason, Expr::value(reason))
            .col_expr(Column::Version, Expr::col(Column::Version).add(1))
            .col_expr(Column::UpdatedAt, Expr::value(at))
            .filter(Column::Id.eq(row.id))
            .exec(&self.transaction)
            .await?;
        Ok(Some(row.id.uuid()))
    }
}

pub(super) async fn holding(
    connection: &DatabaseConnection,
    backend: Backend,
    now: DateTime<Utc>,
) -> Result<Vec<(Account, Emergency)>, DbErr> {
    let holds = Condition::all().add(Column::UntilAt.gt(instant(backend, now))).add(Column::Assignments.is_not_null());
    let rows = Entity::find().filter(holds).order_by_asc(Column::Id).all(connection).await?;
    Ok(rows.into_iter().filter_map(emergency).collect())
}

fn of(account: &Account) -> Condition {
    Condition::all().add(Column::Issuer.eq(account.issuer.as_str())).add(Column::Subject.eq(account.subject.as_str()))
}

/// When it ends or ended.
fn end(row: &Model) -> DateTime<Utc> {
    row.ended_at.map_or(row.until_at, |ended| std::cmp::min(ended, row.until_at))
}

fn emergency(row: Model) -> Option<(Account, Emergency)> {
    let assignments = read(row.assignments.as_deref()?, &row.role)?;
    let emergency = Emergency { id: row.id.uuid(), from: row.from_at, until: end(&row), assignments };
    Some((Account { issuer: row.issuer, subject: row.subject }, emergency))
}

/// Assignments of one role as JSON.
fn written(assignments: &[Assignment]) -> String {
    let one = |assignment: &Assignment| {
        let Assignment { role: _, regions, board, department, projects } = assignment;
        json!({
            "regions": regions.iter().map(|code| code.number()).collect::<Vec<_>>(),
            "board": board.map(|board| board.to_value()),
            "department": department,
            "projects": projects,
        })
    };
    serde_json::Value::from(assignments.iter().map(one).collect::<Vec<_>>()).to_string()
}

/// Reads them again; None if anything of it is not understood, so that nothing is given wider than it was taken.
fn read(text: &str, role: &str) -> Option<Vec<Assignment>> {
    #[derive(serde::Deserialize)]
    struct Written {
        regions: Vec<i64>,
        board: Option<String>,
        department: Option<Uuid>,
        projects: Vec<String>,
    }
    let written: Vec<Written> = serde_json::from_str(text).ok()?;
    let one = |Written { regions, board, department, projects }| {
        Some(Assignment {
            role: role.to_owned(),
            regions: regions.into_iter().map(RegionCode::from_number).collect::<Option<_>>()?,
            board: board.map(|board| Board::try_from_value(&board)).transpose().ok()?,
            department,
            projects,
        })
    };
    written.into_iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_taken_is_read_again_as_it_was() {
        let assignment = Assignment {
            role: "a".to_owned(),
            regions: vec!["500103001000".parse().expect("a code")],
            board: Some(Board::Services),
            department: Some(Uuid::from_u128(7)),
            projects: vec!["P".to_owned()],
        };
        let other = Assignment { regions: Vec::new(), board: None, department: None, projects: Vec::new(), ..assignment.clone() };
        let both = vec![assignment, other];
        assert_eq!(read(&written(&both), "a"), Some(both));
        assert_eq!(read("[{\"regions\":[1],\"board\":null,\"department\":null,\"projects\":[]}]", "a"), None, "no such region can be");
    }
}
