//! A document's selections, resolved against the catalog once and kept: fragments put in, equal response keys merged,
//! `@skip` and `@include` decided.

use apollo_compiler::Node;
use apollo_compiler::executable::{ExecutableDocument, Field, Selection, SelectionSet};
use apollo_compiler::response::JsonMap;
use entities::catalog::{self, Kind, NaturalKey, Register, Relation};
use entities::duplicates::Duplicates;
use entities::menus::Menu;
use entities::registers::REGISTERS;

use super::duplicates::DuplicatesSelection;
use super::menu::MenuSelection;

/// An operation's root fields in the order of the answer.
pub(super) struct Roots(pub(super) Vec<Root>);

/// One root field.
pub(super) struct Root {
    pub(super) key: String,
    pub(super) field: Node<Field>,
    pub(super) kind: RootKind,
}

/// What a root field asks for.
pub(super) enum RootKind {
    Typename,
    Introspection,
    ById(ObjectSelection),
    ByKey(&'static NaturalKey, ObjectSelection),
    List(&'static Register, ConnectionSelection),
    Stats(&'static Register, StatsSelection),
    Menu(&'static Menu, MenuSelection),
    Duplicates(&'static Duplicates, DuplicatesSelection),
    Node(Vec<ObjectSelection>),
    Nodes(Vec<ObjectSelection>),
    Me(Vec<Plain>),
    /// Why a field is shown so.
    Access(Vec<Plain>),
    CodeLists(Vec<Plain>),
}

/// What is selected of a row.
pub(super) struct ObjectSelection {
    pub(super) register: &'static Register,
    pub(super) entries: Vec<Entry>,
}

/// One response key of a row.
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) value: EntryValue,
}

pub(super) enum EntryValue {
    Typename,
    /// A field that is written from its column.
    Scalar(usize),
    Point(usize, Vec<Plain>),
    /// A to-one relation; of a place, the region, with the arguments' field.
    One(usize, Node<Field>, ObjectSelection),
    Many(&'static Relation, Node<Field>, ConnectionSelection),
    /// The one row that a unique reference ties to this one.
    Back(&'static Relation, ObjectSelection),
    Access(Vec<Plain>),
}

/// What is selected of a page.
pub(super) struct ConnectionSelection {
    pub(super) type_name: String,
    pub(super) entries: Vec<(String, ConnectionEntry)>,
}

pub(super) enum ConnectionEntry {
    Typename,
    Nodes(ObjectSelection),
    Edges(String, Vec<(String, EdgeEntry)>),
    PageInfo(Vec<Plain>),
    TotalCount(Node<Field>),
}

pub(super) enum EdgeEntry {
    Typename,
    Node(ObjectSelection),
    Cursor,
}

/// What is selected of statistics.
pub(super) struct StatsSelection {
    pub(super) type_name: String,
    pub(super) entries: Vec<(String, StatsEntry)>,
}

pub(super) enum StatsEntry {
    Typename,
    Nodes(Vec<(String, GroupEntry)>),
    PageInfo(Vec<Plain>),
}

pub(super) enum GroupEntry {
    Typename,
    Count,
    Suppressed,
    Key(Vec<(String, KeyEntry)>),
    /// `counted`, `sum`, `avg`, `min` or `max`, and the measured fields; None for the type's name.
    Measures(String, Vec<(String, Option<usize>)>, String),
}

pub(super) enum KeyEntry {
    Typename,
    Field(usize),
    Reference(usize, ObjectSelection),
    Region(ObjectSelection),
    Period,
    Of(Vec<(String, OfEntry)>),
}

/// A key's part that is read from a row which the row refers to.
pub(super) enum OfEntry {
    Typename,
    /// The reference, and the register it leads to.
    Key(usize, &'static Register, Vec<(String, KeyEntry)>),
}

/// A selection of a type that no register backs: written from a plain value by field name.
pub(super) struct Plain {
    pub(super) key: String,
    pub(super) name: String,
    pub(super) type_name: String,
    pub(super) inner: Vec<Plain>,
}

/// Reads selections of one document.
pub(super) struct Reader<'d> {
    pub(super) document: &'d ExecutableDocument,
    pub(super) variables: &'d JsonMap,
}

/// The fields of one response key.
pub(super) type Merged<'d> = Vec<(String, Vec<&'d Node<Field>>)>;

impl<'d> Reader<'d> {
    /// The root fields of a selection set on the query type.
    pub(super) fn roots(&self, set: &'d SelectionSet) -> Roots {
        let merged = self.merge(&[set], "Query");
        Roots(merged.into_iter().map(|(key, fields)| Root { key, field: fields[0].clone(), kind: self.root(&fields) }).collect())
    }

    fn root(&self, fields: &[&'d Node<Field>]) -> RootKind {
        let sets = sets(fields);
        match fields[0].name.as_str() {
            "__typename" => return RootKind::Typename,
            "__schema" | "__type" => return RootKind::Introspection,
            "node" => return RootKind::Node(REGISTERS.iter().map(|register| self.object(register, &sets)).collect()),
            "nodes" => return RootKind::Nodes(REGISTERS.iter().map(|register| self.object(register, &sets)).collect()),
            "me" => return RootKind::Me(self.plain(&sets, "Me")),
            "access" => return RootKind::Access(self.plain(&sets, "AccessReason")),
            "codeLists" => return RootKind::CodeLists(self.plain(&sets, "CodeList")),
            _ => {}
        }
        let name = fields[0].name.as_str();
        for register in REGISTERS {
            if register.singular == name {
                return RootKind::ById(self.object(register, &sets));
            }
            if let Some(key) = register.natural_keys.iter().find(|key| key.root == name) {
                return RootKind::ByKey(key, self.object(register, &sets));
            }
            if register.plural == Some(name) {
                return RootKind::List(register, self.connection(register, &sets));
            }
            if register.stats == Some(name) {
                return RootKind::Stats(register, self.stats(register, &sets));
            }
            if let Some(menu) = register.menu().filter(|menu| menu.root == name) {
                return RootKind::Menu(menu, self.menu(register, menu, &sets));
            }
            if let Some(duplicates) = register.duplicates().filter(|duplicates| duplicates.root == name) {
                return RootKind::Duplicates(duplicates, self.duplicates(register, &sets));
            }
        }
        RootKind::Typename
    }

    pub(super) fn object(&self, register: &'static Register, sets: &[&'d SelectionSet]) -> ObjectSelection {
        let merged = self.merge(sets, register.type_name);
        let entries = merged.into_iter().filter_map(|(key, fields)| Some(Entry { key, value: self.entry(register, &fields)? })).collect();
        ObjectSelection { register, entries }
    }

    fn entry(&self, register: &'static Register, fields: &[&'d Node<Field>]) -> Option<EntryValue> {
        let name = fields[0].name.as_str();
        let sets = sets(fields);
        if name == "__typename" {
            return Some(EntryValue::Typename);
        }
        if name == "access" {
            return Some(EntryValue::Access(self.plain(&sets, &format!("{}Access", register.type_name))));
        }
        if let Some((index, field)) = register.field(name) {
            return Some(match field.kind {
                Kind::Place => EntryValue::One(index, fields[0].clone(), self.object(catalog::register("region")?, &sets)),
                Kind::Reference(target) => EntryValue::One(index, fields[0].clone(), self.object(catalog::register(target)?, &sets)),
                Kind::Point => EntryValue::Point(index, self.plain(&sets, "Point")),
                _ => EntryValue::Scalar(index),
            });
        }
        let relation = register.relation(name)?;
        let target = catalog::register(relation.target)?;
        if relation.through.is_to_one() {
            return Some(EntryValue::Back(relation, self.object(target, &sets)));
        }
        Some(EntryValue::Many(relation, fields[0].clone(), self.connection(target, &sets)))
    }

    fn connection(&self, register: &'static Register, sets: &[&'d SelectionSet]) -> ConnectionSelection {
        let type_name = format!("{}Connection", register.type_name);
        let merged = self.merge(sets, &type_name);
        let entries = merged.into_iter().map(|(key, fields)| (key, self.connection_entry(register, &fields))).collect();
        ConnectionSelection { type_name, entries }
    }

    fn connection_entry(&self, register: &'static Register, fields: &[&'d Node<Field>]) -> ConnectionEntry {
        let inner = sets(fields);
        match fields[0].name.as_str() {
            "nodes" => ConnectionEntry::Nodes(self.object(register, &inner)),
            "edges" => {
                let type_name = format!("{}Edge", register.type_name);
                let merged = self.merge(&inner, &type_name);
                ConnectionEntry::Edges(
                    type_name,
                    merged.into_iter().map(|(key, fields)| (key, self.edge_entry(register, &fields))).collect(),
                )
            }
            "pageInfo" => ConnectionEntry::PageInfo(self.plain(&inner, "PageInfo")),
            "totalCount" => ConnectionEntry::TotalCount(fields[0].clone()),
            _ => ConnectionEntry::Typename,
        }
    }

    fn edge_entry(&self, register: &'static Register, fields: &[&'d Node<Field>]) -> EdgeEntry {
        match fields[0].name.as_str() {
            "node" => EdgeEntry::Node(self.object(register, &sets(fields))),
            "cursor" => EdgeEntry::Cursor,
            _ => EdgeEntry::Typename,
        }
    }

    fn stats(&self, register: &'static Register, sets_: &[&'d SelectionSet]) -> StatsSelection {
        let type_name = format!("{}StatsConnection", register.type_name);
        let entries = self.merge(sets_, &type_name).into_iter().map(|(key, fields)| {
            let inner = sets(&fields);
            let entry = match fields[0].name.as_str() {
                "nodes" => StatsEntry::Nodes(self.groups(register, &inner)),
                "pageInfo" => StatsEntry::PageInfo(self.plain(&inner, "PageInfo")),
                _ => StatsEntry::Typename,
            };
            (key, entry)
        });
        StatsSelection { entries: entries.collect(), type_name }
    }

    fn groups(&self, register: &'static Register, sets_: &[&'d SelectionSet]) -> Vec<(String, GroupEntry)> {
        let merged = self.merge(sets_, &format!("{}Stats", register.type_name));
        let groups = merged.into_iter().map(|(key, fields)| {
            let inner = sets(&fields);
            let name = fields[0].name.as_str();
            let entry = match name {
                "count" => GroupEntry::Count,
                "suppressed" => GroupEntry::Suppressed,
                "key" => GroupEntry::Key(self.key_entries(register, &inner)),
                "counted" | "sum" | "avg" | "min" | "max" => {
                    let type_name = fields[0].definition.ty.inner_named_type().to_string();
                    let measures = self.merge(&inner, &type_name);
                    let measures = measures.into_iter().map(|(key, fields)| (key, register.field(&fields[0].name).map(|(index, _)| index)));
                    GroupEntry::Measures(name.to_owned(), measures.collect(), type_name)
                }
                _ => GroupEntry::Typename,
            };
            (key, entry)
        });
        groups.collect()
    }

    fn key_entries(&self, register: &'static Register, sets_: &[&'d SelectionSet]) -> Vec<(String, KeyEntry)> {
        let merged = self.merge(sets_, &format!("{}StatsKey", register.type_name));
        let entries = merged.into_iter().map(|(key, fields)| {
            let inner = sets(&fields);
            let entry = match (fields[0].name.as_str(), register.field(&fields[0].name)) {
                ("period", _) => KeyEntry::Period,
                ("of", _) => KeyEntry::Of(self.of_entries(register, &inner)),
                ("region", _) => {
                    catalog::register("region").map_or(KeyEntry::Typename, |region| KeyEntry::Region(self.object(region, &inner)))
                }
                (_, Some((index, field))) => match field.target().and_then(catalog::register) {
                    Some(target) => KeyEntry::Reference(index, self.object(target, &inner)),
                    None => KeyEntry::Field(index),
                },
                _ => KeyEntry::Typename,
            };
            (key, entry)
        });
        entries.collect()
    }

    fn of_entries(&self, register: &'static Register, sets_: &[&'d SelectionSet]) -> Vec<(String, OfEntry)> {
        let merged = self.merge(sets_, &format!("{}StatsKeyOf", register.type_name));
        let entries = merged.into_iter().map(|(key, fields)| {
            let step = register.field(&fields[0].name).and_then(|(index, field)| Some((index, catalog::register(field.target()?)?)));
            let entry = match step {
                Some((index, target)) => OfEntry::Key(index, target, self.key_entries(target, &sets(&fields))),
                None => OfEntry::Typename,
            };
            (key, entry)
        });
        entries.collect()
    }

    pub(super) fn plain(&self, sets_: &[&'d SelectionSet], type_name: &str) -> Vec<Plain> {
        let merged = self.merge(sets_, type_name);
        let plain = merged.into_iter().map(|(key, fields)| {
            let inner_type = fields[0].definition.ty.inner_named_type().to_string();
            Plain { key, name: fields[0].name.to_string(), inner: self.plain(&sets(&fields), &inner_type), type_name: type_name.to_owned() }
        });
        plain.collect()
    }

    /// Puts the fragments in that apply to the concrete type, and gathers the fields of each response key.
    pub(super) fn merge(&self, sets: &[&'d SelectionSet], type_name: &str) -> Merged<'d> {
        let mut merged = apollo_compiler::collections::IndexMap::<String, Vec<&'d Node<Field>>>::default();
        for set in sets {
            self.gather(&set.selections, type_name, &mut merged);
        }
        merged.into_iter().collect()
    }

    fn gather(
        &self,
        selections: &'d [Selection],
        type_name: &str,
        merged: &mut apollo_compiler::collections::IndexMap<String, Vec<&'d Node<Field>>>,
    ) {
        for selection in selections {
            if !included(selection.directives(), self.variables) {
                continue;
            }
            match selection {
                Selection::Field(field) => merged.entry(field.response_key().to_string()).or_default().push(field),
                Selection::InlineFragment(inline) => {
                    if inline.type_condition.as_ref().is_none_or(|condition| applies(condition, type_name)) {
                        self.gather(&inline.selection_set.selections, type_name, merged);
                    }
                }
                Selection::FragmentSpread(spread) => {
                    if let Some(fragment) = self.document.fragments.get(&spread.fragment_name)
                        && applies(&fragment.selection_set.ty, type_name)
                    {
                        self.gather(&fragment.selection_set.selections, type_name, merged);
                    }
                }
            }
        }
    }
}

pub(super) fn sets<'d>(fields: &[&'d Node<Field>]) -> Vec<&'d SelectionSet> {
    fields.iter().map(|field| &field.selection_set).collect()
}

/// True if a fragment on `condition` applies to the concrete type. `Node` is the one interface.
fn applies(condition: &str, type_name: &str) -> bool {
    condition == type_name || (condition == "Node" && REGISTERS.iter().any(|register| register.type_name == type_name))
}

fn included(directives: &apollo_compiler::ast::DirectiveList, variables: &JsonMap) -> bool {
    let holds = |name: &str| {
        let directive = directives.get(name)?;
        let argument = directive.arguments.iter().find(|argument| argument.name == "if")?;
        match &*argument.value {
            apollo_compiler::ast::Value::Boolean(value) => Some(*value),
            apollo_compiler::ast::Value::Variable(name) => variables.get(name.as_str())?.as_bool(),
            _ => None,
        }
    };
    holds("skip") != Some(true) && holds("include") != Some(false)
}
