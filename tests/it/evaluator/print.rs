//! Queries as GraphQL text with variables.

use entities::catalog::{Kind, Register};
use entities::registers::REGISTERS;
use serde_json::{Map, Value as Json};

use super::dice::Dice;
use super::eval::{id_text, root_name, spelled};
use super::input::{Input, group_key, having, ordered_by};
use super::place::LEVELS;
use super::query::{Entry, GroupPart, KeyPart, Keyed, List, ListPart, Object, Query, Root, Size, Stats, shouted};
use super::stats::signature;
use super::world::position;

/// Writes one query.
pub(super) struct Printer {
    pub(super) dice: Dice,
    body: String,
    fragments: Vec<String>,
    pub(super) declared: Vec<String>,
    pub(super) variables: Map<String, Json>,
}

/// The query's text and its variables.
pub(super) fn print(query: &Query) -> (String, Map<String, Json>) {
    let mut printer = Printer {
        dice: Dice::new(query.spelling, 0),
        body: String::new(),
        fragments: Vec::new(),
        declared: Vec::new(),
        variables: Map::new(),
    };
    for root in &query.roots {
        printer.root(root);
    }
    let Printer { body, fragments, declared, variables, .. } = printer;
    let declared = if declared.is_empty() { String::new() } else { format!("({})", declared.join(", ")) };
    (format!("query Random{declared} {{ {body}}} {}", fragments.join(" ")), variables)
}

impl Printer {
    fn push(&mut self, text: &str) {
        self.body.push_str(text);
        self.body.push(' ');
    }

    fn keyed<T>(&mut self, keyed: &Keyed<T>, name: &str) {
        if let Some(alias) = &keyed.alias {
            self.body.push_str(&format!("{alias}: "));
        }
        self.body.push_str(name);
    }

    fn root(&mut self, root: &Keyed<Root>) {
        self.keyed(root, root_name(&root.item));
        let text = |text: String| Box::new(Input::Plain(Json::String(text)));
        match &root.item {
            Root::ById(target, object) => {
                let id = id_text(REGISTERS[target.register], target.id);
                self.arguments(vec![("id".to_owned(), Input::Typed("ID!".to_owned(), text(id)))]);
                self.object(object);
            }
            Root::ByKey { register, field, value, object, .. } => {
                let field = &REGISTERS[*register].fields[*field];
                let (kind, word) = (field.kind, if matches!(field.kind, Kind::RegionCode) { "RegionCode!" } else { "String!" });
                let value = Box::new(Input::Plain(spelled(REGISTERS[*register], kind, value)));
                self.arguments(vec![(field.name.to_owned(), Input::Typed(word.to_owned(), value))]);
                self.object(object);
            }
            Root::Node(target, objects) => {
                let id = id_text(REGISTERS[target.register], target.id);
                self.arguments(vec![("id".to_owned(), Input::Typed("ID!".to_owned(), text(id)))]);
                self.node(objects);
            }
            Root::Nodes(targets, objects) => {
                let ids = targets.iter().map(|target| Input::Plain(Json::String(id_text(REGISTERS[target.register], target.id))));
                let ids = Input::Typed("[ID!]!".to_owned(), Box::new(Input::List(ids.collect())));
                self.arguments(vec![("ids".to_owned(), ids)]);
                self.node(objects);
            }
            Root::List(list) => self.list(list),
            Root::Stats(stats) => self.stats(stats),
        }
    }

    /// Selections on a row of any register: one fragment for each.
    fn node(&mut self, objects: &[Object]) {
        self.push("{");
        for object in objects {
            self.push(&format!("... on {}", REGISTERS[object.register].type_name));
            self.object(object);
        }
        self.push("}");
    }

    fn object(&mut self, object: &Object) {
        let register = REGISTERS[object.register];
        self.push("{");
        let spread = object.entries.len() / 2;
        let way = self.dice.below(12);
        let mut kept = String::new();
        for (index, entry) in object.entries.iter().enumerate() {
            if index == spread && way == 0 {
                self.push(&format!("... on {} {{", register.type_name));
            } else if index == spread && way == 1 {
                kept = std::mem::take(&mut self.body);
            }
            self.entry(register, entry);
        }
        match way {
            0 => self.push("}"),
            1 => {
                let name = format!("Part{}", self.fragments.len());
                let inner = std::mem::replace(&mut self.body, kept);
                self.fragments.push(format!("fragment {name} on {} {{ {inner}}}", register.type_name));
                self.push(&format!("...{name}"));
            }
            _ => {}
        }
        self.push("}");
    }

    fn entry(&mut self, register: &Register, entry: &Keyed<Entry>) {
        match &entry.item {
            Entry::Typename => self.keyed(entry, "__typename "),
            Entry::Access => self.keyed(entry, "access { masked withheld writable } "),
            Entry::Field(index) => {
                let field = &register.fields[*index];
                self.keyed(entry, field.name);
                self.push(if matches!(field.kind, Kind::Point) { " { longitude latitude }" } else { "" });
            }
            Entry::One(index, level, inner) => {
                self.keyed(entry, register.fields[*index].name);
                if let Some(level) = level {
                    let level = Input::Typed("RegionLevel".to_owned(), Box::new(Input::Word(LEVELS[*level].to_owned())));
                    self.arguments(vec![("level".to_owned(), level)]);
                }
                self.object(inner);
            }
            Entry::Many(relation, list) => {
                self.keyed(entry, relation.name);
                self.list(list);
            }
            Entry::Back(relation, inner) => {
                self.keyed(entry, relation.name);
                self.object(inner);
            }
        }
    }

    fn list(&mut self, list: &List) {
        let register = REGISTERS[list.register];
        let name = register.type_name;
        let mut arguments = Vec::new();
        if let Some(filter) = &list.filter {
            arguments.push(("filter".to_owned(), self.filter(list.register, filter)));
        }
        if !list.order.is_empty() {
            let keys = list.order.iter().map(|(field, descending)| {
                let field = ("field".to_owned(), Input::Word(shouted(register.fields[*field].name)));
                let direction = self.direction(*descending);
                Input::Object([Some(field), direction].into_iter().flatten().collect())
            });
            let keys: Vec<Input> = keys.collect();
            let keys = self.list_or_single(keys);
            arguments.push(("orderBy".to_owned(), Input::Typed(format!("[{name}Order!]"), Box::new(keys))));
        }
        let int = |number: usize| Input::Typed("Int".to_owned(), Box::new(Input::Plain(Json::from(number))));
        match list.size {
            Size::Default => {}
            Size::First(size) => arguments.push(("first".to_owned(), int(size))),
            Size::Last(size) => arguments.push(("last".to_owned(), int(size))),
        }
        for (name, cursor) in [("after", &list.after), ("before", &list.before)] {
            if let Some(cursor) = cursor {
                let text = Box::new(Input::Plain(Json::String(cursor.text.clone())));
                arguments.push((name.to_owned(), Input::Typed("String".to_owned(), text)));
            }
        }
        self.arguments(arguments);
        self.push("{");
        for part in &list.parts {
            match &part.item {
                ListPart::Typename => self.keyed(part, "__typename "),
                ListPart::Nodes(object) => {
                    self.keyed(part, "nodes ");
                    self.object(object);
                }
                ListPart::Edges(object) => {
                    self.keyed(part, "edges { cursor ");
                    if let Some(object) = object {
                        self.push("node");
                        self.object(object);
                    }
                    self.push("}");
                }
                ListPart::PageInfo(cursors) => {
                    let cursors = if *cursors { "startCursor endCursor" } else { "" };
                    self.keyed(part, &format!("pageInfo {{ hasNextPage hasPreviousPage {cursors} }} "));
                }
                ListPart::TotalCount(limit) => {
                    self.keyed(part, "totalCount ");
                    if let Some(limit) = limit {
                        self.arguments(vec![(
                            "limit".to_owned(),
                            Input::Typed("Int".to_owned(), Box::new(Input::Plain(Json::from(*limit)))),
                        )]);
                    }
                }
            }
        }
        self.push("}");
    }

    fn stats(&mut self, stats: &Stats) {
        let register = REGISTERS[stats.register];
        let name = register.type_name;
        let mut arguments = Vec::new();
        if let Some(filter) = &stats.filter {
            arguments.push(("filter".to_owned(), self.filter(stats.register, filter)));
        }
        if !stats.keys.is_empty() {
            let keys: Vec<Input> = stats.keys.iter().map(|key| group_key(register, &key.of, key.by)).collect();
            let keys = self.list_or_single(keys);
            arguments.push(("groupBy".to_owned(), Input::Typed(format!("[{name}Group!]!"), Box::new(keys))));
        }
        if !stats.having.is_empty() {
            arguments.push(("having".to_owned(), Input::Typed(format!("{name}StatsHaving"), Box::new(having(register, stats)))));
        }
        if !stats.order.is_empty() {
            let mut keys = Vec::new();
            for (by, descending) in &stats.order {
                let by = ("by".to_owned(), Input::Word(ordered_by(register, stats, *by)));
                keys.push(Input::Object([Some(by), self.direction(*descending)].into_iter().flatten().collect()));
            }
            let keys = self.list_or_single(keys);
            arguments.push(("orderBy".to_owned(), Input::Typed(format!("[{name}StatsOrder!]"), Box::new(keys))));
        }
        if let Some(first) = stats.first {
            arguments.push(("first".to_owned(), Input::Typed("Int".to_owned(), Box::new(Input::Plain(Json::from(first))))));
        }
        if let Some(after) = stats.after {
            arguments.push(("after".to_owned(), Input::Plain(Json::String(format!("group:{after}:{}", signature(stats))))));
        }
        self.arguments(arguments);
        self.push("{ nodes {");
        for part in &stats.groups {
            match &part.item {
                GroupPart::Count => self.keyed(part, "count "),
                GroupPart::Suppressed => self.keyed(part, "suppressed "),
                GroupPart::Measures(function, fields) => {
                    let names: Vec<&str> = fields.iter().map(|field| register.fields[*field].name).collect();
                    self.keyed(part, &format!("{function} {{ {} }} ", names.join(" ")));
                }
                GroupPart::Key(parts) => {
                    self.keyed(part, "key { ");
                    for part in parts {
                        self.keyed(part, "");
                        self.key_part(register, &part.item);
                    }
                    self.push("}");
                }
            }
        }
        self.push(if stats.page_info { "} pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }" } else { "} }" });
    }

    fn key_part(&mut self, register: &Register, part: &KeyPart) {
        match part {
            KeyPart::Field(field) => self.push(register.fields[*field].name),
            KeyPart::Period => self.push("period"),
            KeyPart::Reference(field, object) => {
                self.push(register.fields[*field].name);
                self.object(object);
            }
            KeyPart::Region(object) => {
                self.push("region");
                self.object(object);
            }
            KeyPart::Of(step, part) => {
                let field = &register.fields[*step];
                self.push(&format!("of {{ {} {{", field.name));
                self.key_part(REGISTERS[position(field.target().expect("a reference"))], part);
                self.push("} }");
            }
        }
    }

    fn arguments(&mut self, arguments: Vec<(String, Input)>) {
        if arguments.is_empty() {
            return self.push("");
        }
        let written: Vec<String> = arguments.into_iter().map(|(name, value)| format!("{name}: {}", self.input(value))).collect();
        self.push(&format!("({})", written.join(", ")));
    }
}
