//! The privacy page: which data about people is kept, how strictly, who sees it, why, and how long.

use entities::catalog::{Class, Field, Register};
use entities::registers::REGISTERS;

use super::introduction;
use super::matrix::cell;
use super::words::{self, Voice};
use crate::policy::{Cover, Permits, Policy, Right};

/// A role and what it may do.
struct Viewer<'p> {
    role: &'p str,
    title: &'p str,
    permits: Permits,
}

/// Writes the page in Markdown.
pub(in crate::cli) fn page(policy: &Policy) -> String {
    let viewers: Vec<Viewer<'_>> =
        policy.roles().map(|(role, title)| Viewer { role, title, permits: policy.permits_of_role(role) }).collect();
    let mut out = introduction(INTRODUCTION, policy, "privacy");
    classes(&mut out);
    why(&mut out, &viewers);
    out.push_str("\n## Register by register\n");
    for register in REGISTERS {
        about(&mut out, register, &viewers);
    }
    out
}

const INTRODUCTION: &str = "<!-- Written by `COMMAND` from the catalog and POLICY. Changes by hand are lost. -->
# What is kept about people, who sees it, why, and how long

To see what one role may know of a person:

```sh
civigrid policy matrix --role grid_worker --register person
```

This page tells what the catalog declares and the policy `POLICY` permits. A deployment with a policy of its own writes its own page: `civigrid policy privacy --policy FILE`.

In the tables, *(adults)* means: not on rows about children under 14 or people of unknown age. *(some rows)* means: under a condition that the [matrix](matrix.md) tells. Nobody is ever shown more than the rows that the role is bounded to.

Not kept, on purpose: religion, biometrics, movement tracks, watch lists, petition flags.

";

fn classes(out: &mut String) {
    out.push_str("## Classes, and how long\n\n| class | means | kept | fields |\n| --- | --- | --- | --- |\n");
    for class in Class::ALL {
        let fields = REGISTERS.iter().flat_map(|register| register.fields).filter(|field| field.class == class).count();
        let (means, kept) = match class {
            Class::Public => ("anyone may know it", "as long as the register keeps the row"),
            Class::Internal => ("for the work of government, harmless on its own", "as long as the register keeps the row"),
            Class::Personal => ("about a person; all free text", "as long as the register keeps the row"),
            Class::Sensitive => (
                "sensitive by law: hardship, health, identity; everything personal of a child under 14",
                "as long as the register keeps the row",
            ),
        };
        out.push_str(&format!("| {} | {means} | {kept} | {fields} |\n", class.word()));
    }
    out.push_str("\nNo class has a time limit of its own yet: nothing is erased by age, and a row stays until its register removes it.\n");
}

fn why(out: &mut String, viewers: &[Viewer<'_>]) {
    out.push_str("\n## Why somebody sees it\n\nRights belong to roles, and a role has one purpose. Reading does not have to state a purpose of its own yet.\n\n");
    out.push_str("| role | purpose | sees personal or sensitive fields of |\n| --- | --- | --- |\n");
    for Viewer { role, title, permits } in viewers {
        let registers: Vec<String> = REGISTERS
            .iter()
            .filter(|register| {
                let strict = |(index, field): (usize, &Field)| {
                    field.class > Class::Internal && permits.of(register).cover(Right::Show, index) != Cover::Nowhere
                };
                register.fields.iter().enumerate().any(strict)
            })
            .map(|register| words::rows_of(register))
            .collect();
        let registers = if registers.is_empty() { "–".to_owned() } else { registers.join(", ") };
        out.push_str(&format!("| `{role}` | {} | {registers} |\n", cell(title)));
    }
}

fn about(out: &mut String, register: &Register, viewers: &[Viewer<'_>]) {
    out.push_str(&format!("\n### {}\n\n{}", register.type_name, cell(register.description)));
    if register.fields.iter().all(|field| field.class == Class::Public) {
        out.push_str(" Everything in it is public.\n");
        return;
    }
    if register.minor.is_some() {
        out.push_str(" On rows of children under 14, or of unknown age, everything personal counts as sensitive.");
    }
    out.push_str("\n\n| field | class | meaning | who sees it | who counts by it |\n| --- | --- | --- | --- | --- |\n");
    for (index, field) in register.fields.iter().enumerate().filter(|(_, field)| field.class > Class::Public) {
        let seen = audience(register, viewers, index, Right::Show);
        let counted =
            if Right::Aggregate.applies_to(field) { audience(register, viewers, index, Right::Aggregate) } else { "–".to_owned() };
        out.push_str(&format!("| {} | {} | {} | {seen} | {counted} |\n", field.name, field.class.word(), cell(field.description)));
    }
    let scopes = scopes(register, viewers);
    if scopes.is_empty() {
        out.push_str("\nNo role knows of a row of it.\n");
    } else {
        out.push_str(&format!("\nWho knows of which rows: {}.\n", scopes.join("; ")));
    }
}

/// The roles that know of rows, by the bounds of those rows: `in the own regions: …`.
fn scopes(register: &Register, viewers: &[Viewer<'_>]) -> Vec<String> {
    let mut scopes: Vec<(String, Vec<String>)> = Vec::new();
    for Viewer { role, permits, .. } in viewers {
        let permit = permits.of(register);
        if permit.is_empty() {
            continue;
        }
        let bounds = words::bounds(permit, Voice::General);
        match scopes.iter_mut().find(|(known, _)| *known == bounds) {
            Some((_, roles)) => roles.push(format!("`{role}`")),
            None => scopes.push((bounds, vec![format!("`{role}`")])),
        }
    }
    scopes.into_iter().map(|(bounds, roles)| format!("{bounds}: {}", roles.join(", "))).collect()
}

/// The roles that hold the right, each with a word on which rows if not on all in scope.
fn audience(register: &Register, viewers: &[Viewer<'_>], index: usize, right: Right) -> String {
    let named = |Viewer { role, permits, .. }: &Viewer<'_>| {
        let permit = permits.of(register);
        match permit.cover(right, index) {
            Cover::Nowhere => None,
            Cover::Everywhere => Some(format!("`{role}`")),
            cover if words::adults_only(permit, cover) => Some(format!("`{role}` (adults)")),
            Cover::Where { .. } => Some(format!("`{role}` (some rows)")),
        }
    };
    let everybody = |viewer: &Viewer<'_>| {
        let permit = viewer.permits.of(register);
        permit.is_empty() || permit.cover(right, index) == Cover::Everywhere
    };
    let named: Vec<String> = viewers.iter().filter_map(named).collect();
    if !named.is_empty() && viewers.iter().all(everybody) {
        return "all who know of the row".to_owned();
    }
    if named.is_empty() { "nobody".to_owned() } else { named.join(", ") }
}
