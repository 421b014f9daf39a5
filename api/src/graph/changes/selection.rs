//! What is selected of a mutation: its root fields, and of each payload.

use apollo_compiler::Node;
use apollo_compiler::executable::{Field, SelectionSet};
use entities::catalog;

use crate::graph::selection::{ObjectSelection, Plain, Reader, sets};
use crate::policy::Duty;

/// A mutation's root fields in the order in which they run.
pub(in crate::graph) struct Changes(pub(super) Vec<ChangeRoot>);

/// One root field.
pub(super) struct ChangeRoot {
    pub(super) key: String,
    pub(super) field: Node<Field>,
    /// What it does, and what of its payload is selected; None for the type's name.
    pub(super) change: Option<(Mutation, Vec<(String, PayloadEntry)>)>,
}

/// What is selected of a payload.
pub(super) enum PayloadEntry {
    Typename,
    Status,
    FieldErrors(Vec<Plain>),
    Object(ObjectSelection),
    /// A value told beside the row, by the field's name.
    Told(String),
}

/// The changes that can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::VariantArray)]
pub(in crate::graph) enum Mutation {
    RequestAccess,
    DecideAccess,
    BreakGlass,
    EndBreakGlass,
    LookupPerson,
}

impl Mutation {
    /// The root field.
    pub(in crate::graph) const fn name(self) -> &'static str {
        match self {
            Self::RequestAccess => "requestAccess",
            Self::DecideAccess => "decideAccess",
            Self::BreakGlass => "breakGlass",
            Self::EndBreakGlass => "endBreakGlass",
            Self::LookupPerson => "lookupPerson",
        }
    }

    /// The duties of which one is needed to ask for it.
    pub(in crate::graph) const fn needs(self) -> &'static [Duty] {
        match self {
            Self::RequestAccess => &[Duty::Request],
            // Who asks may take it back.
            Self::DecideAccess => &[Duty::Request, Duty::Decide],
            Self::BreakGlass | Self::EndBreakGlass => &[Duty::BreakGlass],
            Self::LookupPerson => &[Duty::LookUp],
        }
    }

    /// The type of its payload.
    pub(super) const fn payload(self) -> &'static str {
        match self {
            Self::RequestAccess => "RequestAccessPayload",
            Self::DecideAccess => "DecideAccessPayload",
            Self::BreakGlass => "BreakGlassPayload",
            Self::EndBreakGlass => "EndBreakGlassPayload",
            Self::LookupPerson => "LookupPersonPayload",
        }
    }

    /// The payload's field of the row, and its register.
    const fn row(self) -> (&'static str, &'static str) {
        match self {
            Self::RequestAccess | Self::DecideAccess => ("agreement", "agreement"),
            Self::BreakGlass | Self::EndBreakGlass => ("emergencyAccess", "emergency_access"),
            Self::LookupPerson => ("person", "person"),
        }
    }
}

impl<'d> Reader<'d> {
    /// The root fields of a selection set on the mutation type.
    pub(in crate::graph) fn changes(&self, set: &'d SelectionSet) -> Changes {
        let merged = self.merge(&[set], "Mutation");
        Changes(
            merged.into_iter().map(|(key, fields)| ChangeRoot { key, field: fields[0].clone(), change: self.change(&fields) }).collect(),
        )
    }

    fn change(&self, fields: &[&'d Node<Field>]) -> Option<(Mutation, Vec<(String, PayloadEntry)>)> {
        let name = fields[0].name.as_str();
        let mutation = <Mutation as strum::VariantArray>::VARIANTS.iter().copied().find(|mutation| mutation.name() == name)?;
        let merged = self.merge(&sets(fields), mutation.payload());
        Some((mutation, merged.into_iter().map(|(key, fields)| (key, self.payload_entry(mutation, &fields))).collect()))
    }

    fn payload_entry(&self, mutation: Mutation, fields: &[&'d Node<Field>]) -> PayloadEntry {
        let inner = sets(fields);
        let (row, register) = mutation.row();
        match (fields[0].name.as_str(), catalog::register(register)) {
            ("__typename", _) => PayloadEntry::Typename,
            ("status", _) => PayloadEntry::Status,
            ("fieldErrors", _) => PayloadEntry::FieldErrors(self.plain(&inner, "FieldError")),
            (name, Some(register)) if name == row => PayloadEntry::Object(self.object(register, &inner)),
            (name, _) => PayloadEntry::Told(name.to_owned()),
        }
    }
}
