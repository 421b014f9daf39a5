//! Agreements between departments: asked for, decided, and what servers know of those that hold.

use chrono::{DateTime, SubsecRound, Utc};
use entities::agreement::{self, Column, Entity, Model};
use entities::catalog;
use entities::codes::{AgreementDecision, AgreementState};
use entities::id::Id;
use entities::region_code::RegionCode;
use entities::{department, region};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{
    ActiveEnum, ColumnTrait, Condition, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbErr, EntityTrait, QueryFilter,
    QueryOrder, Value,
};
use uuid::Uuid;

use super::accounts::{instant, new_id, raise_edition};
use super::changes::{Change, unwritable};
use super::{Backend, Database, Error};
use crate::policy::{Account, Agreement};

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The asking account.
    pub by: Account,
    /// Its department.
    pub department: Uuid,
    /// The register's name.
    pub register: &'static str,
    /// Names of fields.
    pub fields: Vec<&'static str>,
    /// Regions.
    pub regions: Vec<RegionCode>,
    /// The smallest region that holds all of them.
    pub place: RegionCode,
    /// What for.
    pub purpose: String,
    /// Law or contract.
    pub basis: String,
    /// First instant at which it no longer holds.
    pub until: DateTime<Utc>,
    /// Why.
    pub reason: String,
}

/// What is decided.
#[derive(Clone, Debug)]
pub struct Decided<'a> {
    /// The deciding account.
    pub by: &'a Account,
    /// Its department, where it has one.
    pub department: Option<Uuid>,
    /// What.
    pub decision: AgreementDecision,
    /// The state it leads to.
    pub state: AgreementState,
    /// Why.
    pub reason: &'a str,
}

impl Change {
    /// The regions among these that do not exist.
    ///
    /// # Errors
    /// If the database refuses.
    pub async fn missing_regions(&self, regions: &[RegionCode]) -> Result<Vec<RegionCode>, Error> {
        let found = region::Entity::find().filter(region::Column::Code.is_in(regions.iter().copied())).all(&self.transaction).await?;
        Ok(regions.iter().copied().filter(|code| !found.iter().any(|region| region.code == *code)).collect())
    }

    /// True if the department exists.
    ///
    /// # Errors
    /// If the database refuses.
    pub async fn has_department(&self, department: Uuid) -> Result<bool, Error> {
        Ok(department::Entity::find_by_id(Id::new(department)).one(&self.transaction).await?.is_some())
    }

    /// Writes a request for an agreement.
    ///
    /// # Errors
    /// If the database refuses.
    pub async fn ask(&self, asked: &Asked) -> Result<Uuid, Error> {
        let Asked { by, department, register, fields, regions, place, purpose, basis, until, reason } = asked;
        let id: Id<agreement::Agreement> = new_id(self.at);
        let codes: Vec<String> = regions.iter().map(ToString::to_string).collect();
        let cells: [(Column, Value); 17] = [
            (Column::Id, id.into()),
            (Column::DepartmentId, Value::Uuid(Some(*department))),
            (Column::RegisterName, (*register).into()),
            (Column::FieldNames, fields.join(" ").into()),
            (Column::RegionCodes, codes.join(" ").into()),
            (Column::RegionCode, place.number().into()),
            (Column::Purpose, purpose.as_str().into()),
            (Column::Basis, basis.as_str().into()),
            (Column::UntilAt, instant(self.backend, until.trunc_subsecs(6))),
            (Column::State, AgreementState::Proposed.to_value().into()),
            (Column::Reason, reason.as_str().into()),
            (Column::RequestedByIssuer, by.issuer.as_str().into()),
            (Column::RequestedBy, by.subject.as_str().into()),
            (Column::RequestedAt, instant(self.backend, self.at)),
            (Column::Version, 1.into()),
            (Column::CreatedAt, instant(self.backend, self.at)),
            (Column::UpdatedAt, instant(self.backend, self.at)),
        ];
        let mut insert = Query::insert();
        insert.into_table(Entity).columns(cells.iter().map(|(column, _)| *column));
        insert.values(cells.into_iter().map(|(_, value)| Expr::value(value))).map_err(|error| unwritable(&error))?;
        self.transaction.execute(&insert).await?;
        Ok(id.uuid())
    }

    /// The agreement, held so that nobody else decides it meanwhile: the edition is raised first, for which others wait.
    ///
    /// # Errors
    /// If the database refuses.
    pub async fn agreement(&self, id: Uuid) -> Result<Option<Model>, Error> {
        raise_edition(&self.transaction).await?;
        Ok(Entity::find_by_id(Id::new(id)).one(&self.transaction).await?)
    }

    /// Writes a decision.
    ///
    /// # Errors
    /// If the database refuses.
    pub async fn decide(&self, row: &Model, decided: &Decided<'_>) -> Result<(), Error> {
        let Decided { by, department, decision, state, reason } = decided;
        let at = || Expr::value(instant(self.backend, self.at));
        let mut update = Entity::update_many()
            .col_expr(Column::State, Expr::value(state.to_value()))
            .col_expr(Column::Version, Expr::col(Column::Version).add(1))
            .col_expr(Column::UpdatedAt, at());
        update = match decision {
            AgreementDecision::Grant | AgreementDecision::Refuse => update
                .col_expr(Column::DecidedByIssuer, Expr::value(by.issuer.as_str()))
                .col_expr(Column::DecidedBy, Expr::value(by.subject.as_str()))
                .col_expr(Column::DecidedAt, at())
                .col_expr(Column::DecisionReason, Expr::value(*reason))
                .col_expr(Column::DecidingDepartmentId, Expr::value(Value::Uuid(*department))),
            AgreementDecision::Withdraw | AgreementDecision::End => update
                .col_expr(Column::EndedByIssuer, Expr::value(by.issuer.as_str()))
                .col_expr(Column::EndedBy, Expr::value(by.subject.as_str()))
                .col_expr(Column::EndedAt, at())
                .col_expr(Column::EndReason, Expr::value(*reason)),
        };
        update.filter(Column::Id.eq(row.id)).exec(&self.transaction).await?;
        Ok(())
    }
}

/// The agreements that are in force at an instant, or will be, for those who ask on the command line.
///
/// # Errors
/// If the database refuses.
pub async fn in_force(database: &Database, now: DateTime<Utc>) -> Result<Vec<Agreement>, Error> {
    let connection = database.writer().await?;
    let agreements = holding(&connection, database.backend(), now).await?;
    connection.close().await?;
    Ok(agreements)
}

pub(super) async fn holding(connection: &DatabaseConnection, backend: Backend, now: DateTime<Utc>) -> Result<Vec<Agreement>, DbErr> {
    let holds = Condition::all()
        .add(Column::State.eq(AgreementState::Granted.to_value()))
        .add(Column::UntilAt.gt(instant(backend, now)))
        .add(Column::DecidedAt.is_not_null());
    let rows = Entity::find().filter(holds).order_by_asc(Column::Id).all(connection).await?;
    Ok(rows.iter().filter_map(agreement_of).collect())
}

/// What a row says; None of a register or of fields that this program does not know, which give nothing.
pub fn agreement_of(row: &Model) -> Option<Agreement> {
    let register = catalog::register(&row.register_name)?;
    let fields = row.field_names.split(' ').map(|name| register.field(name).map(|(index, _)| index)).collect::<Option<_>>()?;
    let regions = row.region_codes.split(' ').map(|code| code.parse().ok()).collect::<Option<_>>()?;
    Some(Agreement {
        id: row.id.uuid(),
        department: row.department_id.uuid(),
        register,
        fields,
        regions,
        purpose: row.purpose.clone(),
        basis: row.basis.clone(),
        from: row.decided_at.unwrap_or(row.requested_at),
        until: row.until_at,
    })
}

/// Gives the regions in agreements that move with their community their new codes.
pub(super) async fn moved(transaction: &DatabaseTransaction, from: RegionCode, to: RegionCode) -> Result<(), DbErr> {
    let (first, last) = from.span();
    let shift = to.number() - from.number();
    for row in Entity::find().all(transaction).await? {
        let codes: Vec<String> = row.region_codes.split(' ').map(|code| moved_code(code, (first, last), shift)).collect();
        let codes = codes.join(" ");
        if codes != row.region_codes {
            Entity::update_many().col_expr(Column::RegionCodes, Expr::value(codes)).filter(Column::Id.eq(row.id)).exec(transaction).await?;
        }
    }
    Ok(())
}

fn moved_code(code: &str, (first, last): (i64, i64), shift: i64) -> String {
    let number = code.parse::<RegionCode>().ok().map(RegionCode::number).filter(|number| (first..=last).contains(number));
    number.and_then(|number| RegionCode::from_number(number + shift)).map_or_else(|| code.to_owned(), |code| code.to_string())
}
