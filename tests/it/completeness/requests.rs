//! Requests made from the catalog and the schema: one small piece for each thing that can be asked of a register.

use std::sync::OnceLock;

use apollo_compiler::Schema;
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::validation::Valid;
use entities::catalog::{self, Field, Kind, Register};

use super::permissions::{Extent, Permissions};

/// What a piece must come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Expected {
    /// An answer without an error.
    Answered,
    /// The refusal of its root with `FIELD_WITHHELD`.
    Withheld,
    /// The refusal of its root with `SMALL_GROUPS`.
    SmallGroups,
    /// An answer, or that refusal: what is told of a field does not say whether the same rows show it.
    AnsweredOrSmallGroups,
    /// An answer, or the refusal of a search in names that is not confined to a district.
    AnsweredOrTooWide,
}

/// One root field of a document.
#[derive(Clone, Debug)]
pub(crate) struct Piece {
    /// Without its alias.
    pub(crate) text: String,
    /// What it must come to.
    pub(crate) expected: Expected,
}

/// `openedAt` as an enum value: `OPENED_AT`.
pub(crate) fn enum_value(name: &str) -> String {
    let spell = |letter: char| if letter.is_ascii_uppercase() { format!("_{letter}") } else { letter.to_ascii_uppercase().to_string() };
    name.chars().map(spell).collect()
}

/// The schema.
pub(crate) fn schema() -> &'static Valid<Schema> {
    static SCHEMA: OnceLock<Valid<Schema>> = OnceLock::new();
    SCHEMA.get_or_init(|| Schema::parse_and_validate(civigrid::graph::sdl(), "schema.graphql").expect("a valid schema"))
}

/// A selection of everything that a row shows, relations aside.
pub(crate) fn all_fields(register: &Register) -> String {
    let fields = register.fields.iter().map(|field| match field.kind {
        Kind::Place => format!("{0} {{ __typename id code }} {0}District: {0}(level: DISTRICT) {{ code name }}", field.name),
        Kind::Reference(_) => format!("{} {{ __typename id }}", field.name),
        Kind::Point => format!("{} {{ __typename longitude latitude }}", field.name),
        _ => field.name.to_owned(),
    });
    format!("__typename {} access {{ masked withheld writable }}", fields.collect::<Vec<_>>().join(" "))
}

/// Every piece for a register.
pub(crate) fn pieces(register: &'static Register, permissions: &Permissions) -> Vec<Piece> {
    let Some(plural) = register.plural else { return Vec::new() };
    let mut pieces = Vec::new();
    for (filter, expected) in filters(register, permissions) {
        pieces.push(Piece { text: format!("{plural}(first: 3, filter: {{ {filter} }}) {{ nodes {{ id }} totalCount }}"), expected });
    }
    pieces.extend(orders(register, plural, permissions));
    pieces.extend(relations(register, plural, permissions));
    if let Some(stats) = register.stats {
        pieces.extend(groups(register, stats, permissions));
        pieces.extend(measures(register, stats, permissions));
    }
    pieces
}

/// A refusal needs rows: where none can be seen there is nothing to tell, and the answer is empty.
fn withheld_if(withheld: bool, permissions: &Permissions, register: &Register) -> Expected {
    if withheld && permissions.rows(register) { Expected::Withheld } else { Expected::Answered }
}

/// Every test of every field, of relations and of their combinations.
fn filters(register: &'static Register, permissions: &Permissions) -> Vec<(String, Expected)> {
    let mut filters = Vec::new();
    let input = schema().get_input_object(&format!("{}Filter", register.type_name)).expect("every register has a filter");
    for (name, part) in &input.fields {
        if let Some((_, field)) = register.field(name) {
            let expected = withheld_if(permissions.of(register, field).filter == Extent::None, permissions, register);
            filters.extend(tests(register, field, part.ty.inner_named_type()).into_iter().map(|(test, narrow)| {
                let pinyin = register.pinyin_of(field).filter(|_| test.starts_with("matches")).map(|index| &register.fields[index]);
                let hidden = pinyin.is_some_and(|pinyin| permissions.of(register, pinyin).filter == Extent::None);
                let expected = if hidden { withheld_if(true, permissions, register) } else { expected };
                let expected = if narrow && expected == Expected::Answered { Expected::AnsweredOrTooWide } else { expected };
                (format!("{name}: {{ {test} }}"), expected)
            }));
        } else if let Some(relation) = register.relation(name) {
            let target = catalog::register(relation.target).expect("a register");
            let tie = target.field(relation.through.tie()).expect("a field").1;
            let expected = withheld_if(permissions.of(target, tie).filter == Extent::None, permissions, target);
            for quantifier in ["some", "none", "every"] {
                for inner in [String::new(), id_test(target)] {
                    filters.push((format!("{name}: {{ {quantifier}: {{ {inner} }} }}"), expected));
                }
            }
        }
    }
    let id = id_test(register);
    for combined in [format!("and: [{{ {id} }}]"), format!("or: [{{ {id} }}, {{ not: {{ {id} }} }}]"), format!("not: {{ {id} }}")] {
        filters.push((combined, Expected::Answered));
    }
    filters
}

/// Every operator on a field; true for a search that may be refused as too wide.
fn tests(register: &Register, field: &Field, input: &str) -> Vec<(String, bool)> {
    if let Some(target) = field.target().and_then(catalog::register) {
        let null = ["isNull: true", "isNull: false", "or: [{ isNull: true }, { not: { isNull: false } }]"];
        let null = null.map(|test| (test.to_owned(), false));
        let mut tests = vec![(String::new(), false), (id_test(target), false), (format!("not: {{ {} }}", id_test(target)), false)];
        tests.extend(null);
        return tests;
    }
    let input = schema().get_input_object(input).expect("an input of operators");
    let operators = input.fields.iter().map(|(operator, part)| {
        let value = if field.name == "id" && operator != "isNull" { id(register) } else { sample(part.ty.inner_named_type()) };
        let value = if part.ty.is_list() { format!("[{value}, {value}]") } else { value };
        let narrow = operator == "matches" || field.narrow_search && ["contains", "startsWith"].contains(&operator.as_str());
        (format!("{operator}: {value}"), narrow)
    });
    operators.collect()
}

fn id(register: &Register) -> String {
    format!("\"{}\"", entities::id::text(register.name, uuid::Uuid::from_u128(7)))
}

fn id_test(register: &Register) -> String {
    format!("id: {{ eq: {} }}", id(register))
}

/// A value of an input's type.
fn sample(name: &str) -> String {
    match schema().types.get(name) {
        Some(ExtendedType::Enum(list)) => return list.values.keys().next().expect("a value").to_string(),
        Some(ExtendedType::InputObject(_)) => return "{ west: 106.0, south: 29.0, east: 107.0, north: 30.0 }".to_owned(),
        _ => {}
    }
    match name {
        "Int" => "2",
        "Float" => "106.5",
        "Boolean" => "true",
        "Date" => "\"2020-02-29\"",
        "DateTime" => "\"2026-03-01T00:00:00Z\"",
        "Decimal" => "\"120.50\"",
        "RegionCode" => "\"500103001000\"",
        _ => "\"a\"",
    }
    .to_owned()
}

fn orders(register: &'static Register, plural: &str, permissions: &Permissions) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for field in register.fields.iter().filter(|field| field.orders) {
        let name = enum_value(field.name);
        let rights = permissions.of(register, field);
        let everywhere = rights.filter == Extent::All && rights.show == Extent::All;
        let nowhere = rights.filter == Extent::None || rights.show == Extent::None;
        for direction in ["ASC", "DESC"] {
            let order = format!("orderBy: [{{ field: {name}, direction: {direction} }}]");
            pieces.push(Piece {
                text: format!("{plural}(first: 3, {order}) {{ nodes {{ id }} pageInfo {{ startCursor endCursor hasNextPage }} }}"),
                expected: withheld_if(!everywhere, permissions, register),
            });
            pieces.push(Piece {
                text: format!(
                    "{plural}(last: 3, {order}, filter: {{ fullyVisible: [{name}] }}) {{ edges {{ cursor node {{ id {0} }} }} }}",
                    shown(field)
                ),
                expected: withheld_if(nowhere, permissions, register),
            });
        }
    }
    pieces
}

/// The selection of one field.
fn shown(field: &Field) -> String {
    match field.kind {
        Kind::Place | Kind::Reference(_) => format!("{} {{ id }}", field.name),
        Kind::Point => format!("{} {{ longitude }}", field.name),
        _ => field.name.to_owned(),
    }
}

fn relations(register: &'static Register, plural: &str, permissions: &Permissions) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for relation in register.relations {
        let target = catalog::register(relation.target).expect("a register");
        let (text, expected) = (relation.name, Expected::Answered);
        if relation.through.is_to_one() {
            let fields = all_fields(target);
            pieces.push(Piece { text: format!("{plural}(first: 5) {{ nodes {{ id {text} {{ {fields} }} }} }}"), expected });
            continue;
        }
        let inner = [
            "(first: 2) { __typename nodes { __typename id access { withheld } } pageInfo { hasNextPage hasPreviousPage endCursor } totalCount }".to_owned(),
            format!("(last: 2, filter: {{ not: {{ {} }} }}, orderBy: [{{ field: ID, direction: DESC }}]) {{ edges {{ cursor node {{ id }} }} }}", id_test(target)),
            " { totalCount(limit: 1) }".to_owned(),
        ];
        for inner in inner {
            pieces.push(Piece { text: format!("{plural}(first: 5) {{ nodes {{ id {text}{inner} }} }}"), expected });
        }
    }
    for field in register.fields {
        let Some(target) = field.target().and_then(catalog::register) else { continue };
        let deep = target.fields.iter().find(|field| field.target().is_some()).map(shown).unwrap_or_default();
        let name = field.name;
        pieces.push(Piece {
            text: format!("{plural}(first: 5) {{ nodes {{ id {name} {{ id {deep} access {{ withheld }} }} }} }}"),
            expected: Expected::Answered,
        });
    }
    let _ = permissions;
    pieces
}

fn groups(register: &'static Register, stats: &str, permissions: &Permissions) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for field in register.fields.iter().filter(|field| field.groups) {
        let name = enum_value(field.name);
        let ways: Vec<(String, String)> = match field.kind {
            Kind::Place => ["MUNICIPALITY", "DISTRICT", "STREET", "COMMUNITY", "GRID"]
                .iter()
                .map(|level| (format!("region: {level}"), "region { code name }".to_owned()))
                .collect(),
            Kind::Date | Kind::Instant => ["DAY", "WEEK", "MONTH", "QUARTER", "YEAR"]
                .iter()
                .map(|period| (format!("time: {{ field: {name}, by: {period} }}"), "period".to_owned()))
                .collect(),
            _ => vec![(format!("field: {name}"), shown(field))],
        };
        if let Some(target) = field.target().and_then(catalog::register).filter(|target| target.stats.is_some()) {
            pieces.extend(groups_of(register, field, target, stats, permissions));
        }
        for (by, key) in ways {
            let extent = permissions.of(register, field).aggregate;
            let rest = format!(
                "first: 50, groupBy: [{{ {by} }}]) {{ nodes {{ key {{ __typename {key} }} count suppressed }} pageInfo {{ hasNextPage endCursor }} }}"
            );
            pieces.push(Piece { text: format!("{stats}({rest}"), expected: withheld_if(extent != Extent::All, permissions, register) });
            let expected = withheld_if(extent == Extent::None, permissions, register);
            let whole = format!("{stats}(filter: {{ fullyVisible: [{name}] }}, {rest}");
            pieces.push(Piece { text: whole, expected });
        }
    }
    pieces
}

/// Groups by each field of the register that a reference leads to.
fn groups_of(register: &'static Register, step: &Field, target: &'static Register, stats: &str, permissions: &Permissions) -> Vec<Piece> {
    let plain = target.fields.iter().filter(|field| field.groups && !matches!(field.kind, Kind::Place | Kind::Date | Kind::Instant));
    let pieces = plain.map(|field| {
        let (name, key, group) = (step.name, shown(field), enum_value(field.name));
        let nowhere = permissions.rows(target) && permissions.of(target, field).aggregate == Extent::None;
        let own = permissions.rows(register) && permissions.of(register, step).aggregate != Extent::All;
        Piece {
            text: format!(
                "{stats}(first: 50, groupBy: [{{ of: {{ {name}: {{ field: {group} }} }} }}]) {{ nodes {{ key {{ of {{ __typename {name} {{ __typename {key} }} }} }} count }} }}"
            ),
            expected: if nowhere || own { Expected::Withheld } else { Expected::Answered },
        }
    });
    pieces.collect()
}

fn measures(register: &'static Register, stats: &str, permissions: &Permissions) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for field in register.fields.iter().filter(|field| field.measures) {
        let expected = withheld_if(permissions.of(register, field).aggregate == Extent::None, permissions, register);
        let name = field.name;
        let order = enum_value(name);
        pieces.push(Piece {
            text: format!(
                "{stats} {{ nodes {{ count counted {{ {name} }} sum {{ {name} }} avg {{ {name} }} min {{ {name} }} max {{ {name} }} }} }}"
            ),
            expected,
        });
        let rights = permissions.of(register, field);
        let bounded = match (expected, rights.aggregate, rights.show) {
            (Expected::Answered, Extent::None, _) | (Expected::Answered, _, Extent::All) => Expected::Answered,
            (Expected::Answered, Extent::Some, Extent::Some) => Expected::AnsweredOrSmallGroups,
            (Expected::Answered, ..) => Expected::SmallGroups,
            _ => expected,
        };
        for function in ["SUM", "AVG", "MIN", "MAX"] {
            let lower = function.to_lowercase();
            pieces.push(Piece {
                text: format!(
                    "{stats}(orderBy: [{{ by: {function}_{order}, direction: DESC }}], having: {{ count: {{ gt: 0 }}, {lower}: {{ {name}: {{ gte: 0 }} }} }}) {{ nodes {{ count }} }}"
                ),
                expected: bounded,
            });
        }
    }
    pieces
}
