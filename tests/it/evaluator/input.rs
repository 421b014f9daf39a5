//! Arguments as GraphQL values: filters, orders, groups and bounds.

use entities::catalog::{Field, Kind, Register};
use entities::registers::REGISTERS;
use serde_json::Value as Json;

use super::eval::spelled;
use super::place::{self, LEVELS};
use super::print::Printer;
use super::query::{Filter, GroupBy, GroupOrder, Measure, Operand, Part, Stats, shouted};
use super::world::{Value, position};

/// A value of an argument, in which words of enums are told from text.
pub(super) enum Input {
    Plain(Json),
    Word(String),
    List(Vec<Input>),
    Object(Vec<(String, Input)>),
    /// A value that may be given by a variable of this type.
    Typed(String, Box<Input>),
}

impl Printer {
    pub(super) fn direction(&mut self, descending: bool) -> Option<(String, Input)> {
        let word = if descending { "DESC" } else { "ASC" };
        (descending || self.dice.chance(50)).then(|| ("direction".to_owned(), Input::Word(word.to_owned())))
    }

    /// A list of one may be given as its item.
    pub(super) fn list_or_single(&mut self, mut items: Vec<Input>) -> Input {
        if items.len() == 1 && self.dice.chance(30) { items.remove(0) } else { Input::List(items) }
    }

    pub(super) fn filter(&mut self, register: usize, filter: &Filter) -> Input {
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
                Part::IsNull(null) => ("isNull", Input::Plain(Json::Bool(*null))),
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

    /// A literal, or here and there a variable.
    pub(super) fn input(&mut self, input: Input) -> String {
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
        Kind::Money => "DecimalFilter".to_owned(),
        Kind::Text if field.search.is_some() => "NameFilter".to_owned(),
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

pub(super) fn group_key(register: &Register, of: &[usize], by: GroupBy) -> Input {
    let word = |field: usize| Input::Word(shouted(register.fields[field].name));
    if let [step, rest @ ..] = of {
        let field = &register.fields[*step];
        let target = REGISTERS[position(field.target().expect("a reference"))];
        let inner = Input::Object(vec![(field.name.to_owned(), group_key(target, rest, by))]);
        return Input::Object(vec![("of".to_owned(), inner)]);
    }
    let entry = match by {
        GroupBy::Field(field) => ("field".to_owned(), word(field)),
        GroupBy::Region(level) => ("region".to_owned(), Input::Word(LEVELS[level].to_owned())),
        GroupBy::Period(field, period) => {
            let entries = vec![("field".to_owned(), word(field)), ("by".to_owned(), Input::Word(period.to_owned()))];
            ("time".to_owned(), Input::Object(entries))
        }
    };
    Input::Object(vec![entry])
}

pub(super) fn having(register: &Register, stats: &Stats) -> Input {
    let bound = |operator: &str, value: f64| Input::Object(vec![(operator.to_owned(), Input::Plain(Json::from(value)))]);
    let amount = |operator: &str, value: f64| Input::Object(vec![(operator.to_owned(), Input::Plain(Json::from(format!("{value:.2}"))))]);
    let entries = stats.having.iter().map(|(measure, operator, value)| match measure {
        Measure::Count => ("count".to_owned(), bound(operator, *value)),
        Measure::Of(function, field) => {
            let field = &register.fields[*field];
            let bound = if matches!(field.kind, Kind::Money) { amount(operator, *value) } else { bound(operator, *value) };
            ((*function).to_owned(), Input::Object(vec![(field.name.to_owned(), bound)]))
        }
    });
    Input::Object(entries.collect())
}

pub(super) fn ordered_by(register: &Register, stats: &Stats, by: GroupOrder) -> String {
    match by {
        GroupOrder::Measure(Measure::Count) => "COUNT".to_owned(),
        GroupOrder::Measure(Measure::Of(function, field)) => {
            format!("{}_{}", function.to_uppercase(), shouted(register.fields[field].name))
        }
        GroupOrder::Key(index) => match stats.keys[index].by {
            GroupBy::Field(field) => shouted(register.fields[field].name),
            GroupBy::Region(_) => "REGION".to_owned(),
            GroupBy::Period(..) => "PERIOD".to_owned(),
        },
    }
}
