//! Statements for rows: one page of a register, and one page per parent of a relation.

use entities::catalog::{Field, Register, Source};
use entities::codes::RegionLevel;
use entities::region_code::RegionCode;
use uuid::Uuid;

use crate::policy::{ConditionSet, Cover, Permit};

use super::context::Context;
use super::database::Backend;
use super::expression::{self, Type, type_of};
use super::filter::{Filter, Literal, Page};
use super::order::{beyond, order_keys, ordered};
use super::predicate::{self, literal};
use super::scope::{Known, condition_bits, covered, in_scope, is_unbounded, labels, person};
use super::sql::{Sql, Value};
use super::tie::{Tie, parents, position, tied};

/// The rows that a statement starts from, and the rows joined to them.
#[derive(Clone, Debug)]
pub struct Table {
    /// Register of the rows.
    pub register: &'static Register,
    /// To-one relations read in the same statement; alias `j1` for the first, and so on. The rows themselves are `t`.
    pub joins: Vec<Join>,
    /// What is read of each row.
    pub columns: Vec<Column>,
}

/// A to-one relation read in the parent's statement.
#[derive(Clone, Debug)]
pub struct Join {
    /// The row that is joined to.
    pub from: Origin,
    /// The reference: of that row, or of the target.
    pub field: &'static Field,
    /// Which of the two holds the reference.
    pub link: Link,
    /// The register of the joined rows.
    pub target: &'static Register,
}

/// Which side of a join holds the reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// The row that is joined to points to the target.
    Forward,
    /// The target points back by a unique reference, along which the caller may look where this cover holds.
    Back(Cover),
}

/// What a row is joined to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A table: 0 for `t`, else that of a join, from 1.
    Table(usize),
    /// A key of a group, by its index; in statistics only.
    Key(usize),
}

/// One column of a statement's result.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Column {
    /// Index of the table: 0 for `t`, else that of a join, from 1.
    pub table: usize,
    /// What is read.
    pub content: Content,
}

/// What one column of a result holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Content {
    /// The value of a field; of a point, the longitude.
    Field(usize),
    /// The latitude of a point.
    Latitude(usize),
    /// The birth date behind an age or a band of ages, which is worked out when it is written.
    Birth(usize),
    /// The row's place, from which the centre of a region around it is looked up.
    Place,
    /// Those of the permit's conditions that the row satisfies, as bits; labels are not asked for.
    Conditions(ConditionSet),
    /// The labels of the person that the row is about, by their number.
    Labels,
    /// The key of that person, also where the rows that lead there are out of the caller's scope.
    Person,
}

impl Table {
    /// The type of a column of the result.
    pub fn type_of(&self, column: Column) -> Type {
        match column.content {
            Content::Conditions(_) | Content::Labels | Content::Place => Type::Long,
            Content::Latitude(_) => Type::Float,
            Content::Person => Type::Uuid,
            Content::Birth(_) => Type::Date,
            Content::Field(index) => type_of(&self.register_of(column.table).fields[index]),
        }
    }

    /// The register behind an alias.
    pub fn register_of(&self, table: usize) -> &'static Register {
        if table == 0 { self.register } else { self.joins[table - 1].target }
    }
}

/// The alias of a table.
pub(super) fn alias_of(table: usize) -> &'static str {
    const ALIASES: [&str; 33] = [
        "t", "j1", "j2", "j3", "j4", "j5", "j6", "j7", "j8", "j9", "j10", "j11", "j12", "j13", "j14", "j15", "j16", "j17", "j18", "j19",
        "j20", "j21", "j22", "j23", "j24", "j25", "j26", "j27", "j28", "j29", "j30", "j31", "j32",
    ];
    ALIASES[table]
}

/// The most to-one relations that one statement joins; deeper ones are refused by the planner.
pub const MOST_JOINS: usize = 32;

/// One row by a unique field, where the caller may look it up.
pub fn by_key(
    backend: Backend,
    context: Context<'_>,
    permit: &Permit,
    table: &Table,
    field: usize,
    key: &Literal,
    visible: Cover,
) -> (String, Vec<Value>) {
    let mut sql = Sql::new(backend);
    let context = Context { few: true, ..context };
    sql.push("SELECT ");
    columns(&mut sql, context, table);
    sql.push(" FROM ").push(table.register.table).push(" t");
    joins(&mut sql, context, table);
    sql.push(" WHERE ");
    expression::field(&mut sql, "t", &table.register.fields[field], context.today);
    sql.push(" = ").bind(literal(key));
    guard(&mut sql, context, permit, visible, "t");
    scope_of(&mut sql, context, permit);
    sql.finish()
}

/// Rows by their keys, in no order.
pub fn by_ids(backend: Backend, context: Context<'_>, permit: &Permit, table: &Table, ids: Vec<Uuid>) -> (String, Vec<Value>) {
    let mut sql = Sql::new(backend);
    let context = Context { few: true, ..context };
    sql.push("SELECT ");
    columns(&mut sql, context, table);
    sql.push(" FROM ").push(table.register.table).push(" t");
    joins(&mut sql, context, table);
    sql.push(" WHERE t.id").bind_any(Value::Uuids(ids));
    scope_of(&mut sql, context, permit);
    sql.finish()
}

/// One page of the rows in scope, and one row more, which tells whether there are more.
pub fn page(
    backend: Backend,
    context: Context<'_>,
    permit: &Permit,
    table: &Table,
    filter: Option<&Filter>,
    page: &Page,
) -> (String, Vec<Value>) {
    let mut sql = Sql::new(backend);
    let within = filter.map(Filter::regions).unwrap_or_default();
    let context = kept_to(context, &within);
    sql.push("SELECT ");
    columns(&mut sql, context, table);
    let inner = !table.joins.is_empty();
    sql.push(if inner { " FROM (SELECT t.* FROM " } else { " FROM " }).push(table.register.table).push(" t WHERE ");
    wanted(&mut sql, context, permit, table.register, filter, page);
    ordered(&mut sql, context, table.register, page, "t");
    sql.push(" LIMIT ").push_number(page.size as i64 + 1);
    if inner {
        sql.push(") t");
        joins(&mut sql, context, table);
        ordered(&mut sql, context, table.register, page, "t");
    }
    sql.finish()
}

/// One page per parent, and one row more for each. The first column tells the parent's position in the tie, from 0.
#[expect(clippy::too_many_arguments, reason = "a page per parent is a page and a tie")]
pub fn page_per_parent(
    backend: Backend,
    context: Context<'_>,
    permit: &Permit,
    table: &Table,
    filter: Option<&Filter>,
    page: &Page,
    tie: &Tie,
    visible: Cover,
) -> (String, Vec<Value>) {
    let mut sql = Sql::new(backend);
    let within = filter.map(Filter::regions).unwrap_or_default();
    let context = kept_to(Context { few: context.few || tie.holds_few(), ..context }, &within);
    sql.push("SELECT ").push(position(backend)).push(", ");
    columns(&mut sql, context, table);
    sql.push(" FROM ");
    parents(&mut sql, tie);
    let register = table.register;
    match backend {
        Backend::Postgres => sql.push(" CROSS JOIN LATERAL (SELECT t.* FROM ").push(register.table).push(" t WHERE "),
        Backend::Sqlite => sql
            .push(" CROSS JOIN ")
            .push(register.table)
            .push(" t ON t.rowid IN (SELECT t.rowid FROM ")
            .push(register.table)
            .push(" t WHERE "),
    };
    tied(&mut sql, register.placing.as_ref(), tie);
    guard(&mut sql, context, permit, visible, "t");
    sql.push(" AND ");
    wanted(&mut sql, context, permit, register, filter, page);
    ordered(&mut sql, context, register, page, "t");
    sql.push(" LIMIT ").push_number(page.size as i64 + 1).push(")");
    if backend == Backend::Postgres {
        sql.push(" t");
    }
    joins(&mut sql, context, table);
    sql.push(" ORDER BY 1");
    order_keys(&mut sql, context, register, page, "t", true);
    sql.finish()
}

/// How many rows are in scope, at most `limit` and one more.
pub fn count(backend: Backend, context: Context<'_>, permit: &Permit, filter: Option<&Filter>, limit: i64) -> (String, Vec<Value>) {
    let mut sql = Sql::new(backend);
    let register = permit.register();
    sql.push("SELECT count(*) FROM (SELECT 1 FROM ").push(register.table).push(" t WHERE ");
    in_scope_and(&mut sql, context, permit, register, filter);
    sql.push(" LIMIT ").push_number(limit + 1).push(") c");
    sql.finish()
}

/// How many rows each parent has, at most `limit` and one more; first the parent's position, then the count.
pub fn count_per_parent(
    backend: Backend,
    context: Context<'_>,
    permit: &Permit,
    filter: Option<&Filter>,
    limit: i64,
    tie: &Tie,
    visible: Cover,
) -> (String, Vec<Value>) {
    let mut sql = Sql::new(backend);
    let register = permit.register();
    sql.push("SELECT ").push(position(backend)).push(", (SELECT count(*) FROM (SELECT 1 FROM ").push(register.table).push(" t WHERE ");
    tied(&mut sql, register.placing.as_ref(), tie);
    guard(&mut sql, context, permit, visible, "t");
    sql.push(" AND ");
    in_scope_and(&mut sql, Context { few: context.few || tie.holds_few(), ..context }, permit, register, filter);
    sql.push(" LIMIT ").push_number(limit + 1).push(") c) FROM ");
    parents(&mut sql, tie);
    sql.finish()
}

fn guard(sql: &mut Sql, context: Context<'_>, permit: &Permit, visible: Cover, alias: &str) {
    if visible != Cover::Everywhere {
        sql.push(" AND ");
        covered(sql, permit, visible, alias, context.known(alias));
    }
}

pub(super) fn columns(sql: &mut Sql, context: Context<'_>, table: &Table) {
    if table.columns.is_empty() {
        sql.push("1");
    }
    for (index, each) in table.columns.iter().enumerate() {
        if index > 0 {
            sql.push(", ");
        }
        column(sql, context, table, *each);
    }
}

/// Writes what one column of a result holds.
pub(super) fn column(sql: &mut Sql, context: Context<'_>, table: &Table, column: Column) {
    let alias = alias_of(column.table);
    let register = table.register_of(column.table);
    match column.content {
        Content::Field(field) => expression::field(sql, alias, &register.fields[field], context.today),
        Content::Latitude(field) => {
            if let Source::Point { latitude, .. } = register.fields[field].source {
                sql.column(alias, latitude);
            }
        }
        Content::Place => {
            if let Some(placing) = register.placing {
                sql.column(alias, placing.place);
            }
        }
        Content::Birth(field) => {
            for column in register.fields[field].columns() {
                sql.column(alias, column);
            }
        }
        Content::Conditions(set) => condition_bits(sql, context.permits.of(register), set, alias, context.known(alias)),
        Content::Labels => labels(sql, table, column.table, context.known(alias)),
        Content::Person => person(sql, table, column.table),
    }
}

/// Writes the joined tables; keys of groups are columns `k0`, `k1` … of a table `g`.
pub(super) fn joins(sql: &mut Sql, context: Context<'_>, table: &Table) {
    for (index, join) in table.joins.iter().enumerate() {
        let alias = alias_of(index + 1);
        let permit = context.permits.of(join.target);
        sql.push(" LEFT JOIN ").push(join.target.table).push(" ").push(alias).push(" ON ");
        match (join.from, join.link) {
            (Origin::Key(key), _) => {
                sql.column(alias, "id").push(" = g.k").push_number(key as i64);
            }
            (Origin::Table(table), Link::Forward) => {
                sql.column(alias, "id").push(" = ");
                expression::field(sql, alias_of(table), join.field, context.today);
            }
            (Origin::Table(table), Link::Back(visible)) => {
                expression::field(sql, alias, join.field, context.today);
                sql.push(" = ").column(alias_of(table), "id");
                guard(sql, context, permit, visible, alias);
            }
        }
        if !is_unbounded(permit) {
            sql.push(" AND ");
            in_scope(sql, permit, alias, Known { found: true, ..context.known(alias) });
        }
    }
}

fn scope_of(sql: &mut Sql, context: Context<'_>, permit: &Permit) {
    if !is_unbounded(permit) {
        sql.push(" AND ");
        in_scope(sql, permit, "t", context.known("t"));
    }
}

/// True if the region is so small that looking at each of its rows costs little.
fn holds_few(region: RegionCode) -> bool {
    matches!(region.level(), RegionLevel::Community | RegionLevel::Grid)
}

/// What is known of the rows `t` that a filter keeps to these regions.
fn kept_to<'a>(context: Context<'a>, within: &'a [RegionCode]) -> Context<'a> {
    Context { within, few: context.few || within.iter().any(|region| holds_few(*region)), ..context }
}

/// Writes scope and filter.
pub(super) fn in_scope_and(sql: &mut Sql, context: Context<'_>, permit: &Permit, register: &'static Register, filter: Option<&Filter>) {
    let within = filter.map(Filter::regions).unwrap_or_default();
    let context = kept_to(context, &within);
    in_scope(sql, permit, "t", context.known("t"));
    if let Some(filter) = filter {
        sql.push(" AND ");
        predicate::is_true(sql, context, register, filter, "t");
    }
}

fn wanted(sql: &mut Sql, context: Context<'_>, permit: &Permit, register: &'static Register, filter: Option<&Filter>, page: &Page) {
    in_scope_and(sql, context, permit, register, filter);
    if let Some(seek) = &page.after {
        beyond(sql, context, register, page, seek, true);
    }
    if let Some(seek) = &page.before {
        beyond(sql, context, register, page, seek, false);
    }
}
