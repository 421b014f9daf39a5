//! What a request would read, and how the database would go about it: planned as for the given caller, never run.

use std::sync::Arc;

use apollo_compiler::ast::OperationType;
use entities::catalog::Through;
use entities::codes::RegionLevel;
use serde::Serialize;
use serde_json::Value as Json;
use uuid::Uuid;

use crate::clock::Now;
use crate::policy::{Caller, Permits};
use crate::store::context::Context;
use crate::store::explain::{DatabasePlan, Planning, explain};
use crate::store::filter::{Filter, Literal, Test};
use crate::store::region_tree::RegionTree;
use crate::store::session::Statement;
use crate::store::tie::Tie;

use super::engine::Engine;
use super::error::{ErrorCode, GraphError};
use super::plan::{ParentKey, Plan, Step, Work};
use super::planner::level_of;
use super::request::Request;
use super::{refusals, roots, statements};

/// Made-up parents of a statement for each parent: no more of them change a plan.
const MOST_PARENTS: u64 = 1_000;

/// What a request would read. Nothing in it comes from a row.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Explanation {
    /// The operation's name.
    pub operation: Option<String>,
    /// The first 16 hexadecimal digits of the SHA-256 of the document's text.
    pub document: String,
    /// Nodes that the pages could hold.
    pub nodes: u64,
    /// The most nodes allowed.
    pub node_limit: u64,
    /// Fields that are withheld from the caller, as `Person.phone`, with `(some rows)` where only some are.
    pub withheld: Vec<String>,
    /// Root fields that are refused, with the code and the message.
    pub refused: Vec<(String, &'static str, String)>,
    /// What is done, in this order.
    pub steps: Vec<Explained>,
}

/// One step: a statement, or a look into the region tree in memory.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Explained {
    /// The table.
    pub table: &'static str,
    /// What is asked of it.
    pub work: &'static str,
    /// The step on whose rows it hangs, from 1.
    pub parent: Option<usize>,
    /// The most rows of that step, which are its parents.
    pub parents: Option<u64>,
    /// The statement, with placeholders; None for a look into the region tree.
    pub sql: Option<String>,
    /// How the database would run it.
    pub plan: Option<DatabasePlan>,
}

/// Why a request cannot be explained.
#[derive(Debug)]
pub struct Refused {
    /// The code.
    pub code: ErrorCode,
    /// The message and the hint, in one line.
    pub message: String,
    /// The error as GraphQL spells it.
    pub error: Json,
}

impl Engine {
    /// Plans a request as for this caller, and asks the database how it would run each statement. No register is read.
    ///
    /// # Errors
    /// If the request is refused as a whole, or the database cannot plan.
    pub async fn explain(&self, request: &Request, caller: &Caller, now: Now, planning: Planning) -> Result<Explanation, Refused> {
        let refused = |error: GraphError| refused(&error, request);
        let prepared = self.prepare(request).map_err(|(error, _)| refused(error))?;
        if prepared.document.operation_type() != OperationType::Query {
            return Err(refused(refusals::documents::change_explained()));
        }
        let in_force = self.in_force();
        let stated = in_force.stating(request.purpose.as_deref(), caller).map_err(refused)?;
        let caller = stated.as_ref().unwrap_or(caller);
        let permits = in_force.permits(caller, now);
        let resolved = prepared.document.roots(&prepared.variables);
        let limits = self.limits.within(request.bounds);
        let plan = roots::plan(&resolved, caller, &permits, &in_force, &prepared.variables, &limits, now);
        let (mut steps, texts) = self.steps(&plan, &permits, now);
        let plans = explain(&self.database, &texts, planning).await.map_err(|error| refused(error.into()))?;
        let statements = steps.iter_mut().filter(|step| step.sql.is_some());
        for (step, plan) in statements.zip(plans) {
            step.plan = Some(plan);
        }
        let told = prepared.document.told();
        let refusal = |key: &str, error: &GraphError| (key.to_owned(), error.code.word(), error.sentences(request.language));
        Ok(Explanation {
            operation: told.name.clone(),
            document: told.document.clone(),
            nodes: plan.nodes(),
            node_limit: limits.nodes,
            withheld: withheld(&plan),
            refused: plan.roots.iter().filter_map(|(key, root)| root.as_ref().err().map(|error| refusal(key, error))).collect(),
            steps,
        })
    }

    fn steps(&self, plan: &Plan<'_>, permits: &Permits, now: Now) -> (Vec<Explained>, Vec<Statement>) {
        let context = Context::new(permits, now.today);
        let parents = Parents { plan, tree: self.tree() };
        let (mut steps, mut texts) = (Vec::with_capacity(plan.steps.len()), Vec::new());
        for step in &plan.steps {
            let parent = step.work.parent();
            let rows = parent.map(|parent| parents.most(parent.step));
            let permit = permits.of(step.table.register);
            let statement = match parent {
                Some(parent) => {
                    let tie = parents.tie(step, parent, rows.unwrap_or(1).min(MOST_PARENTS));
                    tie.and_then(|tie| statements::of_parents(step, self.database.backend(), context, permit, &tie))
                }
                None => statements::of(step, self.database.backend(), context, permit),
            };
            let sql = statement.as_ref().map(|statement| statement.text.clone());
            texts.extend(statement);
            steps.push(Explained {
                table: step.table.register.table,
                work: step.work.name(),
                parent: parent.map(|parent| parent.step + 1),
                parents: rows,
                sql,
                plan: None,
            });
        }
        (steps, texts)
    }
}

fn refused(error: &GraphError, request: &Request) -> Refused {
    let Request { request_id, language, .. } = request;
    Refused { code: error.code, message: error.sentences(*language), error: error.to_json(request_id, *language) }
}

fn withheld(plan: &Plan<'_>) -> Vec<String> {
    let mut told: Vec<String> = Vec::new();
    for withheld in &plan.withheld {
        let rows = if withheld.on_some_rows { " (some rows)" } else { "" };
        let name = format!("{}.{}{rows}", withheld.register.type_name, withheld.field.name);
        if !told.contains(&name) {
            told.push(name);
        }
    }
    told
}

/// Parents that no statement was run for: made up, as many as there could be.
struct Parents<'p> {
    plan: &'p Plan<'p>,
    tree: Arc<RegionTree>,
}

impl Parents<'_> {
    /// The most rows of a step.
    fn most(&self, step: usize) -> u64 {
        match &self.plan.steps[step].work {
            Work::ByKey { .. } | Work::Count { .. } => 1,
            Work::ByIds(ids) => ids.len() as u64,
            Work::Page { page, .. } => page.size as u64,
            Work::PerParent { parent, page, .. } => self.most(parent.step).saturating_mul(page.size as u64),
            Work::CountPerParent { parent, .. } | Work::Region { parent, .. } => self.most(parent.step),
            Work::Groups { statistics, .. } => statistics.size as u64,
            Work::Duplicates(search) => (search.size * search.rows) as u64,
            Work::Menu { .. } | Work::Regions { .. } => 1,
        }
    }

    fn tie(&self, step: &Step, parent: ParentKey, rows: u64) -> Option<Tie> {
        let (Work::PerParent { relation, .. } | Work::CountPerParent { relation, .. }) = &step.work else { return None };
        if !matches!(relation.through, Through::Place(_)) {
            let column = step.table.register.field(relation.through.tie()).and_then(|(_, field)| field.columns().next()).unwrap_or("id");
            return Some(Tie::Reference(column, (1..=u128::from(rows)).map(Uuid::from_u128).collect()));
        }
        let level = self.level(parent.step);
        let regions = (0..self.tree.len()).map(|index| self.tree.region(index));
        let spans = regions.filter(|region| level.is_none_or(|level| region.level == level)).map(|region| region.code.span());
        Some(Tie::Place(spans.take(usize::try_from(rows).unwrap_or(usize::MAX)).collect(), level))
    }

    /// The level of the regions that a step gives, where the document says it.
    fn level(&self, step: usize) -> Option<RegionLevel> {
        let step = &self.plan.steps[step];
        match &step.work {
            Work::Region { level, .. } => *level,
            Work::Regions { level, .. } => Some(*level),
            Work::Page { filter: Some(filter), .. } | Work::PerParent { filter: Some(filter), .. } => {
                let (field, _) = step.table.register.field("level")?;
                level_in(filter, field)
            }
            _ => None,
        }
    }
}

/// The level that a filter keeps regions to.
fn level_in(filter: &Filter, field: usize) -> Option<RegionLevel> {
    match filter {
        Filter::And(all) => all.iter().find_map(|one| level_in(one, field)),
        Filter::Field(tested, Test::Equal(Literal::Text(text))) if *tested == field => level_of(&text.as_str().into()),
        _ => None,
    }
}
