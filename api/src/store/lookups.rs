//! Exact look-ups: how often an account may make them, and the statement that makes one.

use chrono::NaiveDate;
use entities::catalog::Register;
use entities::person_lookup::{Column, Entity};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Value};

use super::changes::{Change, unwritable};
use super::context::Context;
use super::filter::{Filter, Literal, Page, Test};
use super::select::{Column as Selected, Content, Table};
use super::session::Statement;
use super::sql::DATE_FORMAT;
use super::{Backend, Error, select};
use crate::policy::Account;

impl Change {
    /// Counts a look-up; how many the account has made on the day, this one among them.
    ///
    /// # Errors
    /// If the database refuses.
    pub async fn count_lookup(&self, account: &Account, day: NaiveDate) -> Result<i32, Error> {
        let of_day: Value = match self.backend {
            Backend::Postgres => day.into(),
            Backend::Sqlite => day.format(DATE_FORMAT).to_string().into(),
        };
        let cells: [(Column, Value); 4] = [
            (Column::Issuer, account.issuer.as_str().into()),
            (Column::Subject, account.subject.as_str().into()),
            (Column::Day, of_day.clone()),
            (Column::Lookups, 1.into()),
        ];
        let mut insert = Query::insert();
        insert.into_table(Entity).columns(cells.iter().map(|(column, _)| *column));
        insert.values(cells.into_iter().map(|(_, value)| Expr::value(value))).map_err(|error| unwritable(&error))?;
        let more = Expr::col((Entity, Column::Lookups)).add(1);
        insert.on_conflict(OnConflict::columns([Column::Issuer, Column::Subject, Column::Day]).value(Column::Lookups, more).to_owned());
        self.transaction.execute(&insert).await?;
        let row = Entity::find()
            .filter(Column::Issuer.eq(account.issuer.as_str()))
            .filter(Column::Subject.eq(account.subject.as_str()))
            .filter(Column::Day.eq(of_day))
            .one(&self.transaction)
            .await?;
        Ok(row.map_or(1, |row| row.lookups))
    }
}

/// The statement that gives the key of the rows on which all of these fields are exactly so: one row, or more where the register
/// holds it twice. The context's permits are those to match.
pub fn statement(backend: Backend, context: Context<'_>, register: &'static Register, wanted: &[(usize, &str)]) -> Statement {
    let table = Table { register, joins: Vec::new(), columns: vec![Selected { table: 0, content: Content::Field(0) }] };
    let tests = wanted.iter().map(|(field, text)| Filter::Field(*field, Test::Equal(Literal::Text((*text).to_owned()))));
    let filter = Filter::And(tests.collect());
    let page = Page { order: Vec::new(), after: None, before: None, backward: false, size: 2 };
    let (text, values) = select::page(backend, context, context.permits.of(register), &table, Some(&filter), &page);
    Statement { text, values, keep: false, anew: false }
}
