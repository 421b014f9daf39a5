//! The schema cut to what a caller's permits can use.
//!
//! First goes what a shape names itself: types of registers without rows, fields that are not shown, filtered or
//! aggregated anywhere. Then goes what hangs on that: members of a type that is gone, types without members, and types
//! that nothing leads to any more. So whatever is added to the schema follows without a word here, as long as it is
//! reached through the types of registers.

use std::collections::HashSet;

use apollo_compiler::schema::{ExtendedType, FieldDefinition, InputValueDefinition};
use apollo_compiler::{Name, Schema};
use entities::catalog::{Kind, Register};
use entities::registers::REGISTERS;

use super::shape::{Shape, Usable};
use super::stats::{FUNCTIONS, measured};
use crate::graph::changes::Mutation;
use crate::graph::names::enum_value;

/// The part of `whole` that callers of this shape can use. It is a subset of the whole; whether it is a schema, only
/// validation tells.
pub(in crate::graph) fn reduce(whole: &Schema, shape: &Shape) -> Schema {
    let mut schema = whole.clone();
    let mut cut = Cut { schema: &mut schema, shape };
    for register in REGISTERS {
        cut.register(register);
    }
    for mutation in <Mutation as strum::VariantArray>::VARIANTS.iter().filter(|mutation| !shape.changes(**mutation)) {
        cut.remove("Mutation", mutation.name());
    }
    cut.follow();
    if !schema.types.contains_key("Mutation") {
        schema.schema_definition.make_mut().mutation = None;
    }
    let (before, after) = (reachable(whole), reachable(&schema));
    // What nothing led to before and leads to nothing, such as the codes of errors, is there for its own sake.
    let apart =
        |definition: &ExtendedType| matches!(definition, ExtendedType::Enum(_) | ExtendedType::Scalar(_)) || definition.is_built_in();
    schema.types.retain(|name, definition| after.contains(name) || (!before.contains(name) && apart(definition)));
    schema
}

struct Cut<'a> {
    schema: &'a mut Schema,
    shape: &'a Shape,
}

impl Cut<'_> {
    fn register(&mut self, register: &Register) {
        let name = register.type_name;
        let usable = self.shape.of_register(register.name);
        if !usable.menu {
            self.schema.types.shift_remove(format!("{name}MenuConnection").as_str());
        }
        if !usable.rows {
            for suffix in ["", "Filter", "Connection", "StatsConnection", "StatsKey", "Group", "DuplicateField"] {
                self.schema.types.shift_remove(format!("{name}{suffix}").as_str());
            }
            return;
        }
        self.rows(register, usable);
        self.statistics(register, usable);
        for key in register.natural_keys {
            if register.field(key.field).is_some_and(|(index, _)| !usable.filter.contains(index)) {
                self.remove("Query", key.root);
            }
        }
    }

    /// What is shown, filtered and ordered by.
    fn rows(&mut self, register: &Register, usable: Usable) {
        let name = register.type_name;
        for (index, field) in register.fields.iter().enumerate() {
            let (shown, filtered) = (usable.show.contains(index), usable.filter.contains(index));
            if !shown {
                self.remove(name, field.name);
            }
            if !filtered {
                self.remove(&format!("{name}Filter"), field.name);
            }
            if !usable.duplicates.contains(index) {
                self.remove(&format!("{name}DuplicateField"), &enum_value(field.name));
            }
            if !(usable.full.contains(index) && filtered) {
                self.remove(&format!("{name}OrderField"), &enum_value(field.name));
            }
        }
        for relation in register.relations {
            // The right to look along a reference lies on the reference, in both directions.
            let target = self.shape.of_register(relation.target);
            let tie = entities::catalog::register(relation.target).and_then(|target| target.field(relation.through.tie()));
            let Some((tie, _)) = tie else { continue };
            if !target.full.contains(tie) {
                self.remove(name, relation.name);
            }
            if !target.filter.contains(tie) {
                self.remove(&format!("{name}Filter"), relation.name);
            }
        }
    }

    /// What is grouped by and measured.
    fn statistics(&mut self, register: &Register, usable: Usable) {
        let of = |suffix: &str| format!("{}{suffix}", register.type_name);
        let mut periods = false;
        for (index, field) in register.fields.iter().enumerate().filter(|(_, field)| field.groups) {
            let aggregated = usable.aggregate.contains(index);
            periods |= aggregated && matches!(field.kind, Kind::Date | Kind::Instant);
            if aggregated {
                continue;
            }
            let value = enum_value(field.name);
            for values in ["GroupField", "TimeField", "StatsOrderBy"] {
                self.remove(&of(values), &value);
            }
            for fields in ["GroupOf", "StatsKey", "StatsKeyOf"] {
                self.remove(&of(fields), field.name);
            }
        }
        if register.placing.and_then(|placing| register.field(placing.field)).is_some_and(|(index, _)| !usable.aggregate.contains(index)) {
            self.remove(&of("Group"), "region");
            self.remove(&of("StatsKey"), "region");
            self.remove(&of("StatsOrderBy"), "REGION");
        }
        if !periods {
            self.remove(&of("StatsKey"), "period");
            self.remove(&of("StatsOrderBy"), "PERIOD");
        }
        for (_, field) in measured(register).filter(|(index, _)| !usable.aggregate.contains(*index)) {
            for fields in ["Counted", "FloatMeasures", "IntMeasures", "MeasureBounds"] {
                self.remove(&of(fields), field.name);
            }
            for (function, _) in FUNCTIONS {
                self.remove(&of("StatsOrderBy"), &format!("{}_{}", function.to_uppercase(), enum_value(field.name)));
            }
        }
    }

    /// Removes a field or value of a type, if it has one of that name.
    fn remove(&mut self, type_name: &str, member: &str) {
        match self.schema.types.get_mut(type_name) {
            Some(ExtendedType::Object(object)) => drop(object.make_mut().fields.shift_remove(member)),
            Some(ExtendedType::InputObject(input)) => drop(input.make_mut().fields.shift_remove(member)),
            Some(ExtendedType::Enum(values)) => drop(values.make_mut().values.shift_remove(member)),
            _ => {}
        }
    }

    /// Removes what hangs on types that are gone, and types that have nothing left, until all fits.
    fn follow(&mut self) {
        loop {
            let known: HashSet<Name> = self.schema.types.keys().cloned().collect();
            let implemented = implemented(self.schema);
            self.schema
                .types
                .retain(|name, definition| keep(definition, &known) && (!is_interface(definition) || implemented.contains(name)));
            if self.schema.types.len() == known.len() {
                return;
            }
        }
    }
}

/// Removes the members whose types are gone. False if nothing is left of the type, or nobody could give it as input.
fn keep(definition: &mut ExtendedType, known: &HashSet<Name>) -> bool {
    let gone = |value: &InputValueDefinition| !known.contains(value.ty.inner_named_type());
    let unusable = |field: &FieldDefinition| {
        !known.contains(field.ty.inner_named_type()) || field.arguments.iter().any(|argument| argument.is_required() && gone(argument))
    };
    match definition {
        ExtendedType::Object(object) => {
            if object.fields.values().any(|field| unusable(field) || field.arguments.iter().any(|argument| gone(argument))) {
                let fields = &mut object.make_mut().fields;
                fields.retain(|_, field| !unusable(field));
                for field in fields.values_mut() {
                    if field.arguments.iter().any(|argument| gone(argument)) {
                        field.make_mut().arguments.retain(|argument| !gone(argument));
                    }
                }
            }
            !object.fields.is_empty()
        }
        ExtendedType::InputObject(input) => {
            if input.fields.values().any(|field| field.is_required() && gone(field)) {
                return false;
            }
            if input.fields.values().any(|field| gone(field)) {
                input.make_mut().fields.retain(|_, field| !gone(field));
            }
            !input.fields.is_empty()
        }
        ExtendedType::Enum(values) => !values.values.is_empty(),
        ExtendedType::Union(union) => {
            if union.members.iter().any(|member| !known.contains(&member.name)) {
                union.make_mut().members.retain(|member| known.contains(&member.name));
            }
            !union.members.is_empty()
        }
        ExtendedType::Scalar(_) | ExtendedType::Interface(_) => true,
    }
}

fn is_interface(definition: &ExtendedType) -> bool {
    matches!(definition, ExtendedType::Interface(_))
}

/// The interfaces that an object implements.
fn implemented(schema: &Schema) -> HashSet<Name> {
    let objects = schema.types.values().filter_map(|definition| definition.as_object());
    objects.flat_map(|object| object.implements_interfaces.iter().map(|interface| interface.name.clone())).collect()
}

/// The types that the root types lead to.
fn reachable(schema: &Schema) -> HashSet<Name> {
    let roots = &schema.schema_definition;
    let mut waiting: Vec<Name> =
        [&roots.query, &roots.mutation, &roots.subscription].into_iter().flatten().map(|root| root.name.clone()).collect();
    let mut reached: HashSet<Name> = waiting.iter().cloned().collect();
    let mut implementers: Vec<(Name, Name)> = Vec::new();
    for object in schema.types.values().filter_map(|definition| definition.as_object()) {
        implementers.extend(object.implements_interfaces.iter().map(|interface| (interface.name.clone(), object.name.clone())));
    }
    while let Some(name) = waiting.pop() {
        let next: Vec<Name> = match schema.types.get(&name) {
            Some(ExtendedType::Object(object)) => {
                let fields = object.fields.values().flat_map(|field| leads_to(field)).collect::<Vec<_>>().into_iter();
                fields.chain(object.implements_interfaces.iter().map(|interface| interface.name.clone())).collect()
            }
            Some(ExtendedType::Interface(interface)) => {
                let fields = interface.fields.values().flat_map(|field| leads_to(field)).collect::<Vec<_>>().into_iter();
                fields.chain(implementers.iter().filter(|(of, _)| *of == name).map(|(_, object)| object.clone())).collect()
            }
            Some(ExtendedType::InputObject(input)) => input.fields.values().map(|field| field.ty.inner_named_type().clone()).collect(),
            Some(ExtendedType::Union(union)) => union.members.iter().map(|member| member.name.clone()).collect(),
            Some(ExtendedType::Scalar(_) | ExtendedType::Enum(_)) | None => Vec::new(),
        };
        waiting.extend(next.into_iter().filter(|name| reached.insert(name.clone())));
    }
    reached
}

/// The types that a field leads to: its own, and its arguments'.
fn leads_to(field: &FieldDefinition) -> Vec<Name> {
    let arguments = field.arguments.iter().map(|argument| argument.ty.inner_named_type().clone());
    std::iter::once(field.ty.inner_named_type().clone()).chain(arguments).collect()
}
