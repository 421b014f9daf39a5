//! Planning of root fields. A root that is refused leaves no step behind and does not touch its neighbours.

use apollo_compiler::response::JsonMap;
use entities::catalog;
use entities::registers::REGISTERS;
use serde_json::Value;
use uuid::Uuid;

use crate::clock::Now;
use crate::policy::{Caller, Cover, Permits, Right};

use super::connections::List;
use super::error::GraphError;
use super::filters::{id_of, literal, withheld};
use super::in_force::InForce;
use super::limits::Limits;
use super::plain;
use super::plan::{Plan, RootPlan, Work};
use super::planner::{Place, Planner};
use super::refusals::filters;
use super::refusals::rights::Use;
use super::selection::{ObjectSelection, Root, RootKind, Roots};
use super::values::argument;

/// Plans all root fields of an operation.
pub(super) fn plan<'p>(
    roots: &'p Roots,
    caller: &'p Caller,
    permits: &'p Permits,
    in_force: &'p InForce,
    variables: &'p JsonMap,
    limits: &'p Limits,
    now: Now,
) -> Plan<'p> {
    let plan = Plan { audience: caller.client.clone().unwrap_or_default(), ..Plan::default() };
    let mut planner = Planner { caller, permits, in_force, variables, limits, now, plan, path: Vec::new() };
    for root in &roots.0 {
        let Plan { steps, withheld, pages, masked, without_rows, touched, .. } = &planner.plan;
        let (steps, withheld, pages, fields) = (steps.len(), withheld.len(), pages.len(), touched.fields.len());
        let (masked, without_rows) = (masked.len(), without_rows.len());
        planner.path = vec![root.key.as_str()];
        let planned = planner.root(root).map_err(|error| {
            planner.plan.steps.truncate(steps);
            planner.plan.withheld.truncate(withheld);
            planner.plan.pages.truncate(pages);
            planner.plan.masked.truncate(masked);
            planner.plan.without_rows.truncate(without_rows);
            planner.plan.touched.refuse(steps, fields);
            error.path(vec![root.key.clone()])
        });
        planner.plan.roots.push((root.key.as_str(), planned));
    }
    planner.finish()
}

impl<'p> Planner<'p> {
    fn root(&mut self, root: &'p Root) -> Result<RootPlan<'p>, GraphError> {
        match &root.kind {
            RootKind::Typename => Ok(RootPlan::Typename),
            RootKind::Introspection => Ok(RootPlan::Introspection),
            RootKind::Me(parts) => Ok(RootPlan::Plain(parts, plain::me(self.caller, self.permits))),
            RootKind::Access(parts) => self.access_reason(&root.field, parts),
            RootKind::CodeLists(parts) => {
                Ok(RootPlan::Plain(parts, plain::code_lists(argument(&root.field, "names", self.variables).as_ref())?))
            }
            RootKind::ById(selection) => {
                let id = argument(&root.field, "id", self.variables).unwrap_or_default();
                let id = id_of(selection.register.name, &id)?;
                self.by_key(selection, 0, crate::store::filter::Literal::Uuid(id))
            }
            RootKind::ByKey(key, selection) => {
                let register = selection.register;
                let (index, field) = register.field(key.field).unwrap_or((0, &register.fields[0]));
                let value = argument(&root.field, key.field, self.variables).unwrap_or_default();
                self.by_key(selection, index, literal(field, &value)?)
            }
            RootKind::Node(selections) => {
                let id = argument(&root.field, "id", self.variables).unwrap_or_default();
                let (position, uuid) = any_node(&id).ok_or_else(|| filters::no_id(&id))?;
                self.by_key(&selections[position], 0, crate::store::filter::Literal::Uuid(uuid))
            }
            RootKind::Nodes(selections) => self.nodes(selections, &argument(&root.field, "ids", self.variables).unwrap_or_default()),
            RootKind::List(register, selection) => {
                let seen = !self.permits.of(register).is_empty();
                let list = List { register, field: &root.field, selection, parent: None, narrow: false, rows: 1, seen };
                self.connection(list).map(RootPlan::Connection)
            }
            RootKind::Duplicates(duplicates, selection) => self.duplicates(duplicates, &root.field, selection).map(RootPlan::Duplicates),
            RootKind::Menu(menu, selection) => self.menu(menu, &root.field, selection).map(RootPlan::Menu),
            RootKind::Stats(register, selection) => self.stats(register, &root.field, selection).map(RootPlan::Stats),
        }
    }

    fn by_key(
        &mut self,
        selection: &'p ObjectSelection,
        field: usize,
        key: crate::store::filter::Literal,
    ) -> Result<RootPlan<'p>, GraphError> {
        let register = selection.register;
        self.ask(register);
        let permit = self.permits.of(register);
        if permit.is_empty() {
            return Ok(RootPlan::Null);
        }
        let visible = permit.cover(Right::Filter, field);
        if visible == Cover::Nowhere {
            return Err(withheld(register, field, Use::LookUp));
        }
        self.touch(register, field);
        self.spend(1)?;
        let step = self.add_step(register, Work::ByKey { field, key, visible });
        self.column(Place { step, table: 0, rows: 1 }, crate::store::select::Content::Field(0));
        self.object(Place { step, table: 0, rows: 1 }, selection).map(RootPlan::Object)
    }

    fn nodes(&mut self, selections: &'p [ObjectSelection], ids: &Value) -> Result<RootPlan<'p>, GraphError> {
        let ids: Vec<&Value> = match ids {
            Value::Array(ids) => ids.iter().collect(),
            single => vec![single],
        };
        if ids.len() > self.limits.list_items {
            return Err(filters::too_many_ids(ids.len(), self.limits.list_items));
        }
        self.spend(ids.len() as u64)?;
        let mut wanted = Vec::with_capacity(ids.len());
        for id in ids {
            wanted.push(any_node(id).ok_or_else(|| filters::no_id(id))?);
        }
        let mut plans = Vec::new();
        let mut plan_of = [None; 64];
        for (position, selection) in selections.iter().enumerate() {
            let keys: Vec<Uuid> = wanted.iter().filter(|(register, _)| *register == position).map(|(_, uuid)| *uuid).collect();
            if keys.is_empty() || self.permits.of(selection.register).is_empty() {
                continue;
            }
            let rows = keys.len() as u64;
            let step = self.add_step(selection.register, Work::ByIds(keys));
            let place = Place { step, table: 0, rows };
            // The key is always the first column: it tells which of the ids a row answers.
            self.column(place, crate::store::select::Content::Field(0));
            plan_of[position] = Some(plans.len());
            plans.push(self.object(place, selection)?);
        }
        let slots = wanted.into_iter().map(|(register, uuid)| plan_of[register].map(|plan| (plan, uuid)));
        Ok(RootPlan::Nodes(plans, slots.collect()))
    }
}

/// The position of the id's register in the catalog, and the key.
fn any_node(id: &Value) -> Option<(usize, Uuid)> {
    let (prefix, uuid) = entities::id::parse(id.as_str()?)?;
    let register = catalog::register(prefix)?;
    REGISTERS.iter().position(|known| known.name == register.name).map(|position| (position, uuid))
}
