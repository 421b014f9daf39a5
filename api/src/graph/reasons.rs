//! `access(type, field, id)`: why a caller is shown a field, a mask of it or nothing, in words and with the policy's lines.

use std::path::Path;

use apollo_compiler::executable::Field as Selected;
use entities::catalog::Register;
use entities::registers::REGISTERS;
use serde_json::{Value, json};

use crate::language::{Language, Text};
use crate::policy::{Agreed, Agreement, ConditionSet, Cover, Effect, Explanation, Needed, Permit, Right, Rule, Shown};
use crate::store::filter::Literal;

use super::answer::{Unwritten, Writer};
use super::error::GraphError;
use super::filters::id_of;
use super::plain;
use super::plan::{RootPlan, Work};
use super::planner::{Place, Planner};
use super::refusals;
use super::refusals::reasons as words;
use super::selection::Plain;
use super::values::argument;

impl<'p> Planner<'p> {
    /// Plans the reason; the row is read only for the conditions of the policy that it satisfies.
    pub(super) fn access_reason(&mut self, field: &'p Selected, parts: &'p [Plain]) -> Result<RootPlan<'p>, GraphError> {
        let text =
            |name: &str| argument(field, name, self.variables).and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default();
        let (type_name, name) = (text("type"), text("field"));
        let register = named(&type_name)?;
        let index = register.field(&name).map(|(index, _)| index);
        let index = index.ok_or_else(|| words::no_field(register.type_name, &name))?;
        let (policy, present) = (&self.in_force.policy, self.in_force.present(self.now));
        let explanation = Box::new(policy.explain_now(self.caller, (register, index), Right::Show, present));
        // Its name alone: where the file lies is nobody's business.
        let file = Path::new(policy.file()).file_name().unwrap_or_default().to_string_lossy().into_owned();
        let id = argument(field, "id", self.variables).filter(|id| !id.is_null());
        let Some(id) = id else { return Ok(RootPlan::Access { parts, explanation, file, row: None }) };
        let key = Literal::Uuid(id_of(register.name, &id)?);
        self.spend(1)?;
        let step = self.add_step(register, Work::ByKey { field: 0, key, visible: Cover::Everywhere });
        let place = Place { step, table: 0, rows: 1 };
        let all = ConditionSet::first(explanation.permit.conditions().len());
        let asked = self.conditions(place, all);
        Ok(RootPlan::Access { parts, explanation, file, row: Some((step, asked)) })
    }
}

impl Writer<'_> {
    /// Writes why a field is shown so.
    pub(super) fn reason(
        &mut self,
        parts: &[Plain],
        explanation: &Explanation,
        file: &str,
        row: Option<(usize, usize)>,
    ) -> Result<(), Unwritten> {
        let asked = match row {
            None => Asked::Nothing,
            Some((step, asked)) => match self.fetched.children(step, 0).next() {
                None => Asked::Hidden,
                Some(row) => Asked::Row(self.fetched.conditions(step, row, Some(asked))?),
            },
        };
        plain::write(&mut self.out, parts, &told(explanation, file, asked, self.language));
        Ok(())
    }
}

fn named(name: &str) -> Result<&'static Register, GraphError> {
    let known = REGISTERS.iter().copied().find(|register| register.type_name == name || register.name == name);
    known.ok_or_else(|| words::no_type(name))
}

/// What is known of the row that is asked about.
#[derive(Clone, Copy)]
pub(super) enum Asked {
    /// No row is asked about.
    Nothing,
    /// There is none, or none that the caller may know of.
    Hidden,
    /// It is in scope and satisfies these conditions.
    Row(ConditionSet),
}

/// The reason as a plain value.
pub(super) fn told(explanation: &Explanation, file: &str, asked: Asked, language: Language) -> Value {
    let Explanation { register, field, right: _, permit, rules, agreements, needed } = explanation;
    // A deny that does not hold on the row is not in the way there.
    let in_the_way = |needed: &&Needed| match (needed, asked) {
        (Needed::WithoutDeny { line }, Asked::Row(row)) => {
            let mut denies = rules.iter().filter(|rule| rule.deny && rule.line == *line);
            denies.any(|rule| rule.conditions.iter().any(|index| row.0 & (1 << index) != 0))
        }
        _ => true,
    };
    let needed: Vec<&Needed> = needed.iter().filter(in_the_way).collect();
    let catalog = &register.fields[*field];
    let (shown, mask) = shown(permit, *field, asked);
    let sentence = match (asked, mask) {
        (Asked::Hidden, _) => words::hidden(register.type_name),
        (Asked::Nothing, _) if permit.is_empty() => words::no_rows(register.type_name),
        (Asked::Nothing, Some(mask)) => {
            let in_full = permit.cover(Right::Show, *field) != Cover::Nowhere;
            words::masked_in_part(catalog.name, mask.word(), in_full, shown == Shown::Masked)
        }
        (_, Some(mask)) => words::masked(catalog.name, mask.word()),
        _ => words::verdict(catalog.name, shown),
    };
    let holds = |conditions: &[usize]| match asked {
        Asked::Row(row) => Some(conditions.iter().any(|index| row.0 & (1 << index) != 0)),
        Asked::Nothing | Asked::Hidden => None,
    };
    let agreements: Vec<Value> = agreements
        .iter()
        .map(|Agreed { agreement, assignment, conditions }| {
            let Agreement { id, regions, purpose, basis, until, .. } = agreement;
            json!({
                "id": entities::id::text("agreement", *id),
                "assignment": assignment,
                "holds": holds(conditions),
                "sentence": words::agreed(catalog.name, regions, (purpose, basis), *until, conditions.is_empty()).wording(language),
            })
        })
        .collect();
    let rules: Vec<Value> = rules
        .iter()
        .map(|rule| {
            json!({
                "role": rule.role,
                "assignment": rule.assignment,
                "line": format!("{file}:{}", rule.line),
                "holds": holds(&rule.conditions),
                "sentence": rule_text(rule, catalog.name, file).wording(language),
            })
        })
        .collect();
    let needed: Vec<String> = if matches!(asked, Asked::Hidden) || shown == Shown::Full {
        Vec::new()
    } else {
        needed.into_iter().map(|needed| needed_text(needed, file).wording(language).to_owned()).collect()
    };
    json!({
        "type": register.type_name,
        "field": catalog.name,
        "class": catalog.class.word(),
        "row": match asked { Asked::Nothing => None, Asked::Hidden => Some(false), Asked::Row(_) => Some(true) },
        "shown": match shown {
            Shown::Full => "FULL",
            Shown::Masked => "MASKED",
            Shown::SomeRows => "SOME_ROWS",
            Shown::Nowhere => "WITHHELD",
        },
        "mask": mask.map(entities::mask::Mask::word),
        "sentence": sentence.wording(language),
        "rules": rules,
        "agreements": agreements,
        "needed": needed,
    })
}

fn shown(permit: &Permit, field: usize, asked: Asked) -> (Shown, Option<entities::mask::Mask>) {
    match asked {
        Asked::Hidden => (Shown::Nowhere, None),
        Asked::Nothing if permit.is_empty() => (Shown::Nowhere, None),
        Asked::Nothing => {
            let shown = permit.shown(field);
            (shown, permit.masks(field).map(|(mask, _)| mask).next().filter(|_| shown != Shown::Full))
        }
        Asked::Row(row) if permit.cover(Right::Show, field).holds(row) => (Shown::Full, None),
        Asked::Row(row) => {
            let mask = permit.masks(field).find(|(_, cover)| cover.holds(row)).map(|(mask, _)| mask);
            (mask.map_or(Shown::Nowhere, |_| Shown::Masked), mask)
        }
    }
}

fn rule_text(rule: &Rule, field: &str, file: &str) -> Text {
    match &rule.effect {
        Effect::Unbound(missing) => words::unbound(&missing.iter().map(|word| word.word()).collect::<Vec<_>>().join(", ")),
        Effect::Ended(until) => words::ended(&until.to_string()),
        Effect::Elsewhere => words::elsewhere(),
        Effect::RowsOnly => words::rows_only(field),
        Effect::ComesWithRows => words::public(field),
        Effect::Gives { word, line, not_on, .. } => words::gives(field, word, &format!("{file}:{line}"), not_on),
        Effect::Masks { word, line, mask, not_on } => words::masks(field, mask.word(), word, &format!("{file}:{line}"), not_on),
        Effect::Takes { word, line } => words::takes(field, word, &format!("{file}:{line}")),
    }
}

fn needed_text(needed: &Needed, file: &str) -> Text {
    match needed {
        Needed::Grant { role, rows, labels } => {
            let rows: Vec<&str> = if rows.is_empty() { vec!["all"] } else { rows.iter().map(|word| word.word()).collect() };
            words::grant_needed(role, &rows.join(", "), labels)
        }
        Needed::Bounds { line, words } => {
            words::bounds_needed(&format!("{file}:{line}"), &words.iter().map(|word| word.word()).collect::<Vec<_>>().join(", "))
        }
        Needed::Purpose { purposes, .. } => refusals::rights::purpose_needed(&purposes.join(", ")),
        Needed::WithoutDeny { line } => words::deny_in_the_way(&format!("{file}:{line}")),
    }
}
