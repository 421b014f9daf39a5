//! The engine: a request and a caller in, the answer's text out.

use std::sync::{Arc, RwLock};
use std::time::Instant;

use apollo_compiler::ast::OperationType;
use apollo_compiler::response::JsonMap;
use apollo_compiler::validation::Valid;
use bytes::Bytes;
use serde_json::{Value, json};

use crate::audit;
use crate::clock::Now;
use crate::language::Language;
use crate::policy::{Caller, Key, Permits, Policy, Tokens};
use crate::store::context::Context;
use crate::store::region_tree::RegionTree;
use crate::store::session::{Reads, Session, Time};
use crate::store::{Database, Error};

use super::answer::{Unwritten, Writer};
use super::audited::Asked;
use super::body::{errors, write_root};
use super::changes::{ChangeSettings, Uptake};
use super::document::{Document, Documents};
use super::error::{ErrorCode, GraphError};
use super::fetch::{Fetched, Reading};
use super::in_force::InForce;
use super::introspection::Published;
use super::limits::Limits;
use super::plan::{Plan, RootPlan};
use super::request::{Answer, Cost, Lookup, Operation, Outcome, Request, Run};
use super::{extensions, json, refusals, roots, schema, values};

/// Answers requests. Built once and shared.
pub struct Engine {
    pub(super) database: Database,
    pub(super) in_force: RwLock<Arc<InForce>>,
    pub(super) limits: Limits,
    key: Key,
    whole: Published,
    documents: Documents,
    tree: RwLock<Arc<RegionTree>>,
    pub(super) changing: ChangeSettings,
    /// Told when a change was made that servers hold copies of.
    pub(super) uptake: Arc<Uptake>,
    pub(super) audit: Option<audit::Log>,
}

/// A document and its variables, checked.
pub(super) struct Prepared {
    pub(super) document: Arc<Document>,
    pub(super) variables: Valid<JsonMap>,
}

/// What is noted of a request on its way, whatever comes of it.
#[derive(Default)]
pub(super) struct Noted {
    pub(super) operation: Option<Arc<Operation>>,
    pub(super) reads: Reads,
    pub(super) runs: Vec<Run>,
    pub(super) cost: Cost,
    pub(super) errors: Vec<ErrorCode>,
    pub(super) lookups: Vec<Lookup>,
    /// The persons whose data the answer shows.
    pub(super) persons: Vec<uuid::Uuid>,
    /// What has to be in the audit log before the answer is given.
    pub(super) entry: Option<audit::Entry>,
    /// Says so from when it is known until the answer is given.
    pub(super) under_way: Option<audit::UnderWay>,
}

/// Why the engine could not be built.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// The region tree could not be read.
    #[error("the region tree could not be read: {0}")]
    Regions(#[from] Error),
    /// The generated schema is not valid.
    #[error("the generated schema is not valid: {0}")]
    Schema(String),
}

impl Engine {
    /// Reads the region tree and the schema.
    ///
    /// # Errors
    /// If the region tree cannot be read.
    pub async fn build(database: Database, policy: Policy, limits: Limits) -> Result<Self, BuildError> {
        let sdl = schema::sdl();
        let documents = Documents::new(&sdl, limits).map_err(BuildError::Schema)?;
        let tree = RwLock::new(RegionTree::load(&database).await?);
        let whole = Published::of(sdl);
        // Drawn anew, until the deployment's own takes its place.
        let key = Key::new(rand::random::<[u8; 32]>());
        let in_force = RwLock::new(InForce::new(policy));
        let (changing, uptake) = (ChangeSettings::default(), Arc::default());
        Ok(Self { database, in_force, limits, key, whole, documents, tree, changing, uptake, audit: None })
    }

    /// The same engine, which rounds figures and makes tokens by this key.
    #[must_use]
    pub fn keyed(self, key: Key) -> Self {
        Self { key, ..self }
    }

    /// The key by which figures are rounded and tokens are made.
    pub fn key(&self) -> &Key {
        &self.key
    }

    /// The whole schema: the contract, by which every document is read.
    pub fn whole_schema(&self) -> Published {
        self.whole.clone()
    }

    /// The part of the schema that the caller can use, as introspection gives it; None if it cannot be made, which is logged.
    pub fn usable_schema(&self, caller: &Caller, now: Now) -> Option<Published> {
        self.documents.published(&self.in_force().permits(caller, now)).ok()
    }

    /// Reads the region tree again if the table has changed since.
    ///
    /// # Errors
    /// If it cannot be read; the old one stays.
    pub async fn refresh_regions(&self) -> Result<(), Error> {
        let known = self.tree.read().unwrap_or_else(std::sync::PoisonError::into_inner).edition();
        if RegionTree::edition_in(&self.database).await? == known {
            return Ok(());
        }
        let tree = RegionTree::load(&self.database).await?;
        *self.tree.write().unwrap_or_else(std::sync::PoisonError::into_inner) = tree;
        Ok(())
    }

    /// Puts a policy into force: each request is answered by the one that is in force when it begins, whole.
    pub fn enforce(&self, policy: Policy) {
        let mut in_force = self.in_force.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        *in_force = in_force.under(policy);
    }

    /// How many prepared documents are kept now.
    pub fn kept_documents(&self) -> usize {
        self.documents.len()
    }

    /// Answers a request.
    pub async fn execute(&self, request: &Request, caller: &Caller, now: Now) -> Answer {
        let mut noted = Noted::default();
        let mut result = self.run(request, caller, now, &mut noted).await;
        let Noted { operation, reads, runs, mut cost, mut errors, lookups, persons: _, entry, under_way } = noted;
        let Reads { statements, times: _, rows, run } = reads;
        if !self.recorded(entry, request.deadline).await {
            result = Err((refusals::server::unrecorded(), Outcome::Unrecorded));
        }
        drop(under_way);
        let (body, outcome) = match result {
            Ok((body, outcome)) => (Bytes::from(body), outcome),
            Err((error, outcome)) => {
                if let Some(cause) = &error.cause {
                    tracing::error!(request = request.request_id, error = %cause, "the database gave no answer");
                }
                errors = vec![error.code];
                (Bytes::from(json!({ "errors": [error.to_json(&request.request_id, request.language)] }).to_string()), outcome)
            }
        };
        (cost.statements, cost.rows) = (run, rows);
        Answer { body, outcome, cost, statements, runs, operation, errors, lookups }
    }

    async fn run(
        &self,
        request: &Request,
        caller: &Caller,
        now: Now,
        noted: &mut Noted,
    ) -> Result<(Vec<u8>, Outcome), (GraphError, Outcome)> {
        let prepared = self.prepare(request)?;
        noted.operation = Some(prepared.document.told());
        let in_force = self.in_force();
        let stated = match in_force.stating(request.purpose.as_deref(), caller) {
            Ok(stated) => stated,
            Err(error) => {
                let asked = Asked { request, caller, now, policy: in_force.policy.version() };
                noted.entry = self.entry(&asked, &Plan::default(), Some(error.code), noted);
                return Err((error, Outcome::Refused));
            }
        };
        let caller = stated.as_ref().unwrap_or(caller);
        if prepared.document.operation_type() == OperationType::Mutation {
            return Ok(self.change(request, &prepared, (caller, &in_force), now, noted).await);
        }
        let permits = in_force.permits(caller, now);
        let resolved = prepared.document.roots(&prepared.variables);
        let limits = self.limits.within(request.bounds);
        let plan = roots::plan(&resolved, caller, &permits, &in_force, &prepared.variables, &limits, now);
        noted.under_way = self.audit.as_ref().filter(|_| !plan.touched.fields.is_empty()).map(audit::Log::under_way);
        let introspected = self.introspected(&plan, &prepared, &permits).map_err(|error| (error, Outcome::Refused))?;
        let answer = self.answer(request, &plan, &permits, &introspected, now, noted).await;
        let asked = Asked { request, caller, now, policy: in_force.policy.version() };
        noted.entry = self.entry(&asked, &plan, answer.as_ref().err().map(|error| error.code), noted);
        answer.map_err(|error| {
            let outcome = match error.code {
                ErrorCode::AnswerTooLarge => Outcome::Refused,
                ErrorCode::Timeout => Outcome::TimedOut,
                ErrorCode::Unavailable => Outcome::Busy,
                _ => Outcome::Failed,
            };
            (error, outcome)
        })
    }

    /// The request's document and variables, checked.
    pub(super) fn prepare(&self, request: &Request) -> Result<Prepared, (GraphError, Outcome)> {
        let document = self.documents.get(&request.query, request.operation_name.as_deref()).map_err(|error| {
            let outcome = if error.code == ErrorCode::ParseFailed { Outcome::NotGraphql } else { Outcome::Refused };
            (error, outcome)
        })?;
        if request.read_only && document.operation_type() != OperationType::Query {
            return Err((refusals::documents::change_by_get(), Outcome::ChangeNotAllowed));
        }
        let given = values::to_variables(&request.variables);
        let variables = self.documents.variables(&document, &given).map_err(|error| (error, Outcome::Refused))?;
        Ok(Prepared { document, variables })
    }

    fn introspected(&self, plan: &Plan<'_>, prepared: &Prepared, permits: &Permits) -> Result<JsonMap, GraphError> {
        if plan.roots.iter().any(|(_, root)| matches!(root, Ok(RootPlan::Introspection))) {
            self.documents.introspect(&prepared.document, &prepared.variables, permits)
        } else {
            Ok(JsonMap::new())
        }
    }

    /// The region tree as it is now.
    pub(super) fn tree(&self) -> Arc<RegionTree> {
        self.tree.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }

    async fn answer(
        &self,
        request: &Request,
        plan: &Plan<'_>,
        permits: &Permits,
        introspected: &JsonMap,
        now: Now,
        noted: &mut Noted,
    ) -> Result<(Vec<u8>, Outcome), GraphError> {
        let nodes = plan.nodes();
        let count = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
        noted.cost = Cost { nodes, withheld: count(plan.withheld.len()), without_rows: count(plan.without_rows.len()), ..Cost::default() };
        let fetched = self.fetch(request.deadline, plan, Context::new(permits, now.today), noted).await?;
        if self.audit.is_some() {
            noted.persons = fetched.persons()?;
        }
        let errors = errors(plan, request, &mut noted.errors);
        let outcome = if errors.is_empty() { Outcome::Complete } else { Outcome::Partial };
        let body = self.body(plan, &fetched, introspected, &errors, now, request.language)?;
        Ok((body, outcome))
    }

    /// Runs the plan's steps, and notes what was read even if they fail or take too long.
    pub(super) async fn fetch<'a>(
        &self,
        deadline: Option<Instant>,
        plan: &'a Plan<'a>,
        context: Context<'a>,
        noted: &mut Noted,
    ) -> Result<Fetched<'a>, GraphError> {
        let statements = plan.steps.iter().filter(|step| step.work.is_statement()).count();
        let mut session = if statements > 0 { Some(Session::open(&self.database, statements).await?) } else { None };
        let reading = Reading { session: session.as_mut(), runs: &mut noted.runs };
        let running = Fetched::run(plan, self.database.backend(), context, self.tree(), reading);
        // Without a statement there is nothing to wait for, and a timer costs as much as a small answer's text.
        let fetched = match deadline.filter(|_| statements > 0) {
            Some(deadline) => tokio::time::timeout_at(deadline.into(), running).await.unwrap_or(Err(Error::Timeout)),
            None => running.await,
        };
        let fetched = match (fetched, session) {
            (Ok(fetched), Some(session)) => {
                noted.reads = session.close().await?;
                Ok(fetched)
            }
            (fetched, session) => {
                noted.reads = session.map(Session::abandon).unwrap_or_default();
                fetched
            }
        };
        for (run, Time { begun, ended, rows, kept }) in noted.runs.iter_mut().zip(&noted.reads.times) {
            (run.begun, run.took, run.rows, run.kept) = (*begun, Some(ended.saturating_duration_since(*begun)), *rows, *kept);
        }
        fetched.map_err(GraphError::from)
    }

    fn body(
        &self,
        plan: &Plan<'_>,
        fetched: &Fetched<'_>,
        introspected: &JsonMap,
        errors: &[Value],
        now: Now,
        language: Language,
    ) -> Result<Vec<u8>, GraphError> {
        let (tokens, limit) = (Tokens::new(&self.key, &plan.audience), self.limits.answer_bytes);
        let out = Vec::with_capacity(4_096);
        let mut writer = Writer { fetched, out, limit, today: now.today, tokens, language, key: &self.key };
        writer.out.push(b'{');
        if !errors.is_empty() {
            writer.out.extend_from_slice(b"\"errors\":");
            writer.out.extend_from_slice(Value::from(errors).to_string().as_bytes());
            writer.out.push(b',');
        }
        writer.out.extend_from_slice(b"\"data\":{");
        let mut first = true;
        for (key, root) in &plan.roots {
            json::key(&mut writer.out, &mut first, key);
            write_root(&mut writer, key, root, introspected).map_err(|unwritten| self.unwritten(unwritten))?;
        }
        writer.out.extend_from_slice(b"},\"extensions\":");
        extensions::write(&mut writer.out, plan, language);
        writer.out.push(b'}');
        if writer.out.len() > self.limits.answer_bytes {
            return Err(self.unwritten(Unwritten::TooLarge));
        }
        Ok(writer.out)
    }

    pub(super) fn unwritten(&self, unwritten: Unwritten) -> GraphError {
        match unwritten {
            Unwritten::TooLarge => refusals::server::answer_too_large(self.limits.answer_bytes),
            Unwritten::Store(error) => GraphError::from(error),
        }
    }
}
