//! The answer that a query must get, row by row.

use std::cell::RefCell;
use std::cmp::Ordering;
use std::collections::BTreeMap;

use chrono::SecondsFormat;
use entities::catalog::{Kind, Register, Relation, Source};
use entities::registers::REGISTERS;
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::masked;
use super::place;
use super::policy::{Access, Right};
use super::query::{Entry, Keyed, List, ListPart, Object, Query, Root, Size, Target, shouted};
use super::world::{Value, World, position, tie};

/// Stands for a cursor, which only the engine can spell: list, order, row.
pub(super) const CURSOR: &str = "\u{1}cursor ";

/// Stands for a token, which only the engine's key can make: register, field and value follow.
pub(super) const TOKEN: &str = "\u{1}token ";

/// Rows on a page where the query names no size.
const PAGE: usize = 20;

/// Evaluates queries of one caller.
pub(super) struct Evaluator<'a> {
    pub(super) world: &'a World,
    pub(super) access: &'a Access,
    /// How often a test of an operator was true, false and unknown.
    pub(super) truths: RefCell<BTreeMap<&'static str, [usize; 3]>>,
}

/// One page of a list.
struct Page {
    rows: Vec<usize>,
    more_before: bool,
    more_after: bool,
}

impl Evaluator<'_> {
    /// The `data` of the answer; of roots that must be refused, null.
    pub(super) fn data(&self, query: &Query) -> Json {
        let mut data = Map::new();
        for root in &query.roots {
            let refused = !self.refusals(&root.item).is_empty();
            let value = if refused { Json::Null } else { self.root(&root.item) };
            data.insert(root.key(root_name(&root.item)).to_owned(), value);
        }
        Json::Object(data)
    }

    fn root(&self, root: &Root) -> Json {
        let only = |target: &Target, object: &Object| self.by_id(target, object);
        match root {
            Root::ById(target, object) => only(target, object),
            Root::ByKey { register, field, value, object, .. } => {
                let matches = |row: &usize| {
                    self.world.row(*register, *row).fields[*field] == *value
                        && self.access.visible(*register, *row)
                        && self.access.may(Right::Filter, *register, *row, *field)
                };
                (0..self.world.tables[*register].rows.len()).find(matches).map_or(Json::Null, |row| self.object(row, object))
            }
            Root::Node(target, objects) => only(target, of_register(objects, target.register)),
            Root::Nodes(targets, objects) => targets.iter().map(|target| only(target, of_register(objects, target.register))).collect(),
            Root::List(list) => self.list((0..self.world.tables[list.register].rows.len()).collect(), list),
            Root::Stats(stats) => self.stats(stats),
        }
    }

    fn by_id(&self, target: &Target, object: &Object) -> Json {
        let row = self.world.find(target.register, target.id).filter(|row| self.access.visible(target.register, *row));
        row.map_or(Json::Null, |row| self.object(row, object))
    }

    /// What is selected of a row that the caller may know of.
    pub(super) fn object(&self, row: usize, object: &Object) -> Json {
        let register = REGISTERS[object.register];
        let entries = object.entries.iter().map(|entry| {
            let (name, value) = match &entry.item {
                Entry::Typename => ("__typename", json!(register.type_name)),
                Entry::Access => ("access", self.access_of(object.register, row)),
                Entry::Field(field) => (register.fields[*field].name, self.field(object.register, row, *field)),
                Entry::One(field, level, inner) => (register.fields[*field].name, self.one(object.register, row, *field, *level, inner)),
                Entry::Many(relation, list) => (relation.name, self.many(object.register, row, relation, list)),
                Entry::Back(relation, inner) => (relation.name, self.back(object.register, row, relation, inner)),
            };
            (entry.key(name).to_owned(), value)
        });
        Json::Object(entries.collect())
    }

    fn field(&self, register: usize, row: usize, field: usize) -> Json {
        let catalog = REGISTERS[register];
        if !self.access.may(Right::Show, register, row, field) {
            let mask = self.access.mask(register, row, field).map(|rank| catalog.fields[field].masks[rank]);
            return mask.map_or(Json::Null, |mask| masked::value(self.world, register, row, field, mask));
        }
        if let Source::Point { longitude, latitude } = catalog.fields[field].source {
            let columns = &self.world.row(register, row).columns;
            let degree = |column: &str| if let Value::Float(degree) = columns[column] { Some(degree) } else { None };
            return match (degree(longitude), degree(latitude)) {
                (Some(longitude), Some(latitude)) => json!({ "longitude": longitude, "latitude": latitude }),
                _ => Json::Null,
            };
        }
        spelled(catalog, catalog.fields[field].kind, &self.world.row(register, row).fields[field])
    }

    fn one(&self, register: usize, row: usize, field: usize, level: Option<usize>, inner: &Object) -> Json {
        let value = &self.world.row(register, row).fields[field];
        if !self.access.may(Right::Show, register, row, field) {
            let mask = self.access.mask(register, row, field).map(|rank| REGISTERS[register].fields[field].masks[rank]);
            let region = mask.zip(value.integer()).and_then(|(mask, place)| masked::region(self.world, place, mask, level));
            let target = region.filter(|row| self.access.visible(inner.register, *row));
            return target.map_or(Json::Null, |row| self.object(row, inner));
        }
        let target = match REGISTERS[register].fields[field].kind {
            Kind::Place => value.integer().and_then(|place| match level {
                None => self.world.region_at(place),
                Some(level) => self.world.region_of(place::at(place, level)?),
            }),
            _ => value.key().and_then(|key| self.world.find(inner.register, key)),
        };
        target.filter(|row| self.access.visible(inner.register, *row)).map_or(Json::Null, |row| self.object(row, inner))
    }

    fn many(&self, register: usize, row: usize, relation: &Relation, list: &List) -> Json {
        let (target, field, _) = tie(relation);
        let mut children = self.world.children(register, row, relation);
        children.retain(|child| self.access.may(Right::Show, target, *child, field));
        self.list(children, list)
    }

    fn back(&self, register: usize, row: usize, relation: &Relation, inner: &Object) -> Json {
        let (target, field, _) = tie(relation);
        let mut children = self.world.children(register, row, relation);
        assert!(children.len() <= 1, "{} is unique", relation.through.tie());
        children.retain(|child| self.access.visible(target, *child) && self.access.may(Right::Show, target, *child, field));
        children.first().map_or(Json::Null, |child| self.object(*child, inner))
    }

    fn access_of(&self, register: usize, row: usize) -> Json {
        let fields = || REGISTERS[register].fields.iter().enumerate();
        let limited = |masked: bool| -> Vec<String> {
            let holds = |index: usize| {
                !self.access.may(Right::Show, register, row, index) && self.access.mask(register, row, index).is_some() == masked
            };
            fields().filter(|(index, _)| holds(*index)).map(|(_, field)| shouted(field.name)).collect()
        };
        json!({ "masked": limited(true), "withheld": limited(false), "writable": [] })
    }

    /// A page of those of the rows that are visible and match.
    fn list(&self, mut rows: Vec<usize>, list: &List) -> Json {
        let register = list.register;
        rows.retain(|row| {
            self.access.visible(register, *row)
                && list.filter.as_ref().is_none_or(|filter| self.truth(register, *row, filter) == Some(true))
        });
        rows.sort_by(|a, b| self.in_order(list, *a, *b));
        let total = rows.len();
        let page = self.page(rows, list);
        let type_name = REGISTERS[register].type_name;
        let parts = list.parts.iter().map(|part| {
            let (name, value) = match &part.item {
                ListPart::Typename => ("__typename", json!(format!("{type_name}Connection"))),
                ListPart::Nodes(object) => ("nodes", page.rows.iter().map(|row| self.object(*row, object)).collect()),
                ListPart::Edges(object) => {
                    let edges = page.rows.iter().map(|row| {
                        let mut edge = json!({ "cursor": cursor(list, *row) });
                        if let Some(object) = object {
                            edge["node"] = self.object(*row, object);
                        }
                        edge
                    });
                    ("edges", edges.collect())
                }
                ListPart::PageInfo(cursors) => {
                    let mut info = json!({ "hasNextPage": page.more_after, "hasPreviousPage": page.more_before });
                    if *cursors {
                        info["startCursor"] = json!(page.rows.first().map(|row| cursor(list, *row)));
                        info["endCursor"] = json!(page.rows.last().map(|row| cursor(list, *row)));
                    }
                    ("pageInfo", info)
                }
                ListPart::TotalCount(limit) => {
                    let within = limit.is_none_or(|limit| total as i64 <= limit);
                    ("totalCount", if within { json!(total) } else { Json::Null })
                }
            };
            (part.key(name).to_owned(), value)
        });
        Json::Object(parts.collect())
    }

    /// Keys in their direction with nulls last, then ids in the direction of the last key.
    fn in_order(&self, list: &List, a: usize, b: usize) -> Ordering {
        let (a, b) = (self.world.row(list.register, a), self.world.row(list.register, b));
        for (field, descending) in &list.order {
            let (a, b) = (&a.fields[*field], &b.fields[*field]);
            let ascending = a.compare(b);
            let ordered = if *descending && !a.is_null() && !b.is_null() { ascending.reverse() } else { ascending };
            if ordered.is_ne() {
                return ordered;
            }
        }
        let ids = a.id.as_bytes().cmp(b.id.as_bytes());
        if list.order.last().is_some_and(|(_, descending)| *descending) { ids.reverse() } else { ids }
    }

    fn page(&self, mut rows: Vec<usize>, list: &List) -> Page {
        let (size, backward) = match list.size {
            Size::Default => (PAGE, false),
            Size::First(size) => (size, false),
            Size::Last(size) => (size, true),
        };
        rows.retain(|row| {
            list.after.as_ref().is_none_or(|after| self.in_order(list, *row, after.row).is_gt())
                && list.before.as_ref().is_none_or(|before| self.in_order(list, *row, before.row).is_lt())
        });
        let more = rows.len() > size;
        if backward {
            rows.drain(..rows.len().saturating_sub(size));
            Page { rows, more_before: more, more_after: list.before.is_some() }
        } else {
            rows.truncate(size);
            Page { rows, more_before: list.after.is_some(), more_after: more }
        }
    }
}

/// What stands for the cursor of a row.
fn cursor(list: &List, row: usize) -> String {
    format!("{CURSOR}{} {row}", order_name(list.register, &list.order))
}

/// Names a register and an order.
pub(super) fn order_name(register: usize, order: &[(usize, bool)]) -> String {
    let keys: Vec<String> = order.iter().map(|(field, descending)| format!("{field}{}", if *descending { "-" } else { "+" })).collect();
    format!("{register}:{}", keys.join(","))
}

/// The name of a root field.
pub(super) fn root_name(root: &Root) -> &'static str {
    match root {
        Root::ById(target, _) => REGISTERS[target.register].singular,
        Root::ByKey { root, .. } => root,
        Root::Node(..) => "node",
        Root::Nodes(..) => "nodes",
        Root::List(list) => REGISTERS[list.register].plural.expect("a list of the register"),
        Root::Stats(stats) => REGISTERS[stats.register].stats.expect("statistics of the register"),
    }
}

/// The selection for one register.
pub(super) fn of_register(objects: &[Object], register: usize) -> &Object {
    objects.iter().find(|object| object.register == register).expect("a selection for every register")
}

/// Key of a row as text.
pub(super) fn id_text(register: &Register, id: Uuid) -> String {
    entities::id::text(register.name, id)
}

/// A value as JSON.
pub(super) fn spelled(register: &Register, kind: Kind, value: &Value) -> Json {
    match (value, kind) {
        (Value::Null, _) => Json::Null,
        (Value::Key(id), Kind::Reference(target)) => json!(id_text(REGISTERS[position(target)], *id)),
        (Value::Key(id), _) => json!(id_text(register, *id)),
        (Value::Integer(code), Kind::RegionCode | Kind::Place) => json!(place::text(*code)),
        (Value::Integer(fen), Kind::Money) => json!(yuan(*fen)),
        (Value::Boolean(value), _) => json!(value),
        (Value::Integer(number), _) => json!(number),
        (Value::Float(number), _) => json!(number),
        (Value::Text(text), _) => json!(text),
        (Value::Day(day), _) => json!(day.to_string()),
        (Value::Instant(instant), _) => json!(instant.to_rfc3339_opts(SecondsFormat::Micros, true)),
    }
}

/// Fen as yuan with two decimals.
pub(super) fn yuan(fen: i64) -> String {
    let digits = format!("{:03}", fen.abs());
    let (whole, fraction) = digits.split_at(digits.len() - 2);
    format!("{}{whole}.{fraction}", if fen < 0 { "-" } else { "" })
}

/// The keyed items' inner items.
pub(super) fn items<T>(keyed: &[Keyed<T>]) -> impl Iterator<Item = &T> {
    keyed.iter().map(|keyed| &keyed.item)
}
