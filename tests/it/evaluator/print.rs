//! Queries as GraphQL text with variables.

use entities::catalog::{Field, Kind, Register};
use entities::registers::REGISTERS;
use serde_json::{Map, Value as Json};

use super::dice::Dice;
use super::eval::{id_text, root_name, spelled};
use super::place::{self, LEVELS};
use super::query::{
    Entry, Filter, GroupKey, GroupOrder, GroupPart, KeyPart, Keyed, List, ListPart, Measure, Object, Operand, Part, Query, Root, Size,
    Stats, shouted,
};
use super::world::{Value, position};

/// A value of an argument, in which words of enums are told from text.
enum Input {
    Plain(Json),
    Word(String),
    List(Vec<Input>),
    Object(Vec<(String, Input)>),
    /// A value that may be given by a variable of this type.
    Typed(String, Box<Input>),
}

/// Writes one query.
struct Printer {
    dice: Dice,
    body: String,
    fragments: Vec<String>,
    declared: Vec<String>,
    variables: Map<String, Json>,
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

    fn direction(&mut self, descending: bool) -> Option<(String, Input)> {
        let word = if descending { "DESC" } else { "ASC" };
        (descending || self.dice.chance(50)).then(|| ("direction".to_owned(), Input::Word(word.to_owned())))
    }

    /// A list of one may be given as its item.
    fn list_or_single(&mut self, mut items: Vec<Input>) -> Input {
        if items.len() == 1 && self.dice.chance(30) { items.remove(0) } else { Input::List(items) }
    }

    fn filter(&mut self, register: usize, filter: &Filter) -> Input {
        let catalog = REGISTERS[register];
        let mut entries = Vec::new();
        for part in &filter.0 {
            let (name, value) = match part {
                Part::And(filters) => ("and", self.filters(register, filters)),
                Part::Or(filters) => ("or", self.filters(register, filters)),
                Part::Not(filter) => ("not", self.filter(register, filter)),
                Part::FullyVisible(fields) => {
                    let words: Vec<Input> = fields.iter().map(|field| Input::Word(shouted(catalog.fields[*field].name))).collect();
                    ("fullyVisible", self.list_or_single(words))
                }
                Part::Test(index, tests) => {
                    let field = &catalog.fields[*index];
                    let entries = tests.iter().map(|(operator, operand)| ((*operator).to_owned(), self.operand(catalog, field, operand)));
                    let tests = Input::Object(entries.collect());
                    (field.name, Input::Typed(test_type(field), Box::new(tests)))
                }
                Part::One(field, inner) => {
                    let field = &catalog.fields[*field];
                    let Kind::Reference(target) = field.kind else { continue };
                    (field.name, self.filter(position(target), inner))
                }
                Part::Many(relation, quantified) => {
                    let target = position(relation.target);
                    let entries = quantified.iter().map(|(quantifier, inner)| ((*quantifier).to_owned(), self.filter(target, inner)));
                    (relation.name, Input::Object(entries.collect()))
                }
            };
            entries.push((name.to_owned(), value));
        }
        Input::Typed(format!("{}Filter", catalog.type_name), Box::new(Input::Object(entries)))
    }

    fn filters(&mut self, register: usize, filters: &[Filter]) -> Input {
        // An item may not be null, and a variable of a nullable type may not stand there.
        let bare = |input| if let Input::Typed(_, inner) = input { *inner } else { input };
        let filters: Vec<Input> = filters.iter().map(|filter| bare(self.filter(register, filter))).collect();
        self.list_or_single(filters)
    }

    fn operand(&mut self, register: &Register, field: &Field, operand: &Operand) -> Input {
        let value = |value: &Value| {
            let json = spelled(register, field.kind, value);
            match (field.kind, json) {
                (Kind::Code(_), Json::String(word)) => Input::Word(word),
                (_, json) => Input::Plain(json),
            }
        };
        match operand {
            Operand::One(one) => value(one),
            Operand::Several(several) => {
                let values: Vec<Input> = several.iter().map(value).collect();
                self.list_or_single(values)
            }
            Operand::Flag(flag) => Input::Plain(Json::Bool(*flag)),
            Operand::Text(text) => Input::Plain(Json::String(text.clone())),
            Operand::Region(code) => Input::Plain(Json::String(place::text(*code))),
            Operand::Area(borders) => {
                let names = ["west", "south", "east", "north"];
                Input::Object(
                    names.iter().zip(borders).map(|(name, degree)| ((*name).to_owned(), Input::Plain(Json::from(*degree)))).collect(),
                )
            }
        }
    }

    fn stats(&mut self, stats: &Stats) {
        let register = REGISTERS[stats.register];
        let name = register.type_name;
        let mut arguments = Vec::new();
        if let Some(filter) = &stats.filter {
            arguments.push(("filter".to_owned(), self.filter(stats.register, filter)));
        }
        if !stats.keys.is_empty() {
            let keys: Vec<Input> = stats.keys.iter().map(|key| group_key(register, *key)).collect();
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
            arguments.push(("after".to_owned(), Input::Plain(Json::String(format!("group:{after}")))));
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
                        self.key_part(register, part);
                    }
                    self.push("}");
                }
            }
        }
        self.push(if stats.page_info { "} pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }" } else { "} }" });
    }

    fn key_part(&mut self, register: &Register, part: &Keyed<KeyPart>) {
        match &part.item {
            KeyPart::Field(field) => self.keyed(part, &format!("{} ", register.fields[*field].name)),
            KeyPart::Period => self.keyed(part, "period "),
            KeyPart::Reference(field, object) => {
                self.keyed(part, register.fields[*field].name);
                self.object(object);
            }
            KeyPart::Region(object) => {
                self.keyed(part, "atRegion ");
                self.object(object);
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

    /// A literal, or here and there a variable.
    fn input(&mut self, input: Input) -> String {
        match input {
            Input::Typed(word, inner) if self.dice.chance(25) => {
                let name = format!("v{}", self.declared.len());
                self.declared.push(format!("${name}: {word}"));
                self.variables.insert(name.clone(), json(*inner));
                format!("${name}")
            }
            Input::Typed(_, inner) => self.input(*inner),
            Input::Plain(json) => json.to_string(),
            Input::Word(word) => word,
            Input::List(items) => format!("[{}]", items.into_iter().map(|item| self.input(item)).collect::<Vec<_>>().join(", ")),
            Input::Object(entries) => {
                let entries: Vec<String> = entries.into_iter().map(|(name, value)| format!("{name}: {}", self.input(value))).collect();
                format!("{{ {} }}", entries.join(", "))
            }
        }
    }
}

fn json(input: Input) -> Json {
    match input {
        Input::Typed(_, inner) => json(*inner),
        Input::Plain(json) => json,
        Input::Word(word) => Json::String(word),
        Input::List(items) => items.into_iter().map(json).collect(),
        Input::Object(entries) => Json::Object(entries.into_iter().map(|(name, value)| (name, json(value))).collect()),
    }
}

fn test_type(field: &Field) -> String {
    match field.kind {
        Kind::Id => "IdFilter".to_owned(),
        Kind::Boolean => "BooleanFilter".to_owned(),
        Kind::Int => "IntFilter".to_owned(),
        Kind::Float => "FloatFilter".to_owned(),
        Kind::Text | Kind::FreeText => "StringFilter".to_owned(),
        Kind::Identifier | Kind::GeoJson => "ExactStringFilter".to_owned(),
        Kind::Date => "DateFilter".to_owned(),
        Kind::Instant => "DateTimeFilter".to_owned(),
        Kind::Code(list) => format!("{}CodeFilter", list.name),
        Kind::RegionCode | Kind::Place => "PlaceFilter".to_owned(),
        Kind::Point => "PointFilter".to_owned(),
        Kind::Reference(target) => format!("{}Filter", REGISTERS[position(target)].type_name),
    }
}

fn group_key(register: &Register, key: GroupKey) -> Input {
    let word = |field: usize| Input::Word(shouted(register.fields[field].name));
    let entry = match key {
        GroupKey::Field(field) => ("field".to_owned(), word(field)),
        GroupKey::Region(level) => ("region".to_owned(), Input::Word(LEVELS[level].to_owned())),
        GroupKey::Period(field, period) => {
            let entries = vec![("field".to_owned(), word(field)), ("by".to_owned(), Input::Word(period.to_owned()))];
            ("time".to_owned(), Input::Object(entries))
        }
    };
    Input::Object(vec![entry])
}

fn having(register: &Register, stats: &Stats) -> Input {
    let bound = |operator: &str, value: f64| Input::Object(vec![(operator.to_owned(), Input::Plain(Json::from(value)))]);
    let entries = stats.having.iter().map(|(measure, operator, value)| match measure {
        Measure::Count => ("count".to_owned(), bound(operator, *value)),
        Measure::Of(function, field) => {
            ((*function).to_owned(), Input::Object(vec![(register.fields[*field].name.to_owned(), bound(operator, *value))]))
        }
    });
    Input::Object(entries.collect())
}

fn ordered_by(register: &Register, stats: &Stats, by: GroupOrder) -> String {
    match by {
        GroupOrder::Measure(Measure::Count) => "COUNT".to_owned(),
        GroupOrder::Measure(Measure::Of(function, field)) => {
            format!("{}_{}", function.to_uppercase(), shouted(register.fields[field].name))
        }
        GroupOrder::Key(index) => match stats.keys[index] {
            GroupKey::Field(field) => shouted(register.fields[field].name),
            GroupKey::Region(_) => "AT_REGION".to_owned(),
            GroupKey::Period(..) => "PERIOD".to_owned(),
        },
    }
}
