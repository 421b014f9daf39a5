//! What a caller would be shown of a question, from the policy alone: for trying a policy before it rules.

use std::collections::BTreeMap;

use entities::catalog::Register;
use serde_json::Map;

use crate::clock::Now;
use crate::language::Language;
use crate::policy::{Caller, Permits, Policy, Shown};

use super::document::Documents;
use super::error::GraphError;
use super::in_force::InForce;
use super::limits::Limits;
use super::plan::Plan;
use super::selection::{ConnectionEntry, ConnectionSelection, EdgeEntry, EntryValue, ObjectSelection, RootKind, Roots};
use super::{roots, schema, values};

/// Answers questions by policies, without any database.
pub struct Preview {
    documents: Documents,
    limits: Limits,
}

/// What a question would give.
pub struct Previewed {
    /// Every field of a row that is asked for, as `Person.phone`.
    pub cells: BTreeMap<String, Shown>,
    /// Root fields that would be refused, with the code.
    pub refused: Vec<(String, &'static str)>,
}

impl Preview {
    /// Reads the schema.
    ///
    /// # Errors
    /// If the generated schema is not valid; a test holds it to that.
    pub fn new() -> Result<Self, String> {
        let limits = Limits::default();
        Ok(Self { documents: Documents::new(&schema::sdl(), limits)?, limits })
    }

    /// What the caller would be shown of the question.
    ///
    /// # Errors
    /// In words, if the question does not fit the schema.
    pub fn ask(
        &self,
        policy: &Policy,
        caller: &Caller,
        question: &str,
        variables: &Map<String, serde_json::Value>,
        now: Now,
    ) -> Result<Previewed, String> {
        let told = |error: GraphError| error.sentences(Language::English);
        let document = self.documents.get(question, None).map_err(told)?;
        let variables = self.documents.variables(&document, &values::to_variables(variables)).map_err(told)?;
        let resolved = document.roots(&variables);
        let in_force = InForce::new(policy.clone());
        let permits = in_force.permits(caller, now);
        let plan = roots::plan(&resolved, caller, &permits, &in_force, &variables, &self.limits, now);
        let refused = plan.roots.iter().filter_map(|(key, root)| root.as_ref().err().map(|error| ((*key).to_owned(), error.code.word())));
        Ok(Previewed { cells: cells(&resolved, &plan, &permits), refused: refused.collect() })
    }
}

fn cells(roots: &Roots, plan: &Plan<'_>, permits: &Permits) -> BTreeMap<String, Shown> {
    let mut asked = Asked { permits, cells: BTreeMap::new() };
    for root in &roots.0 {
        let is_refused = plan.roots.iter().any(|(key, planned)| *key == root.key && planned.is_err());
        match &root.kind {
            _ if is_refused => {}
            RootKind::ById(object) | RootKind::ByKey(_, object) => asked.object(object),
            RootKind::List(_, list) => asked.list(list),
            RootKind::Node(objects) | RootKind::Nodes(objects) => objects.iter().for_each(|object| asked.object(object)),
            _ => {}
        }
    }
    asked.cells
}

struct Asked<'a> {
    permits: &'a Permits,
    cells: BTreeMap<String, Shown>,
}

impl Asked<'_> {
    fn object(&mut self, object: &ObjectSelection) {
        for entry in &object.entries {
            match &entry.value {
                EntryValue::Scalar(index) | EntryValue::Point(index, _) => self.cell(object.register, *index),
                EntryValue::One(index, _, inner) => {
                    self.cell(object.register, *index);
                    self.object(inner);
                }
                EntryValue::Many(_, _, list) => self.list(list),
                EntryValue::Back(_, inner) => self.object(inner),
                EntryValue::Typename | EntryValue::Access(_) => {}
            }
        }
    }

    fn list(&mut self, list: &ConnectionSelection) {
        for (_, entry) in &list.entries {
            match entry {
                ConnectionEntry::Nodes(object) => self.object(object),
                ConnectionEntry::Edges(_, edges) => {
                    for (_, edge) in edges {
                        if let EdgeEntry::Node(object) = edge {
                            self.object(object);
                        }
                    }
                }
                ConnectionEntry::Typename | ConnectionEntry::PageInfo(_) | ConnectionEntry::TotalCount(_) => {}
            }
        }
    }

    fn cell(&mut self, register: &Register, index: usize) {
        let permit = self.permits.of(register);
        let shown = if permit.is_empty() { Shown::Nowhere } else { permit.shown(index) };
        self.cells.insert(format!("{}.{}", register.type_name, register.fields[index].name), shown);
    }
}
