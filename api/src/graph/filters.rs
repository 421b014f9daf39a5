//! Filters from a request's values, checked against the catalog and the caller's rights.

use chrono::{DateTime, NaiveDate, SubsecRound, Utc};
use entities::catalog::{self, Field, Kind, Register};
use entities::codes::RegionLevel;
use entities::name_keys;
use entities::region_code::RegionCode;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::policy::{Atom, Condition, Cover, FieldSet, Permit, Permits, Right};
use crate::store::filter::{BoundingBox, Filter, Literal, Quantifier, Test};

use super::error::GraphError;
use super::limits::Limits;
use super::money;
use super::names::field_of_enum_value;
use super::refusals::filters::{self as refusals, Wanted};
use super::refusals::rights::{self, Use};

/// The most tests one filter may hold.
const MOST_TESTS: usize = 500;

/// Reads filters for one caller.
pub(super) struct FilterReader<'a> {
    permits: &'a Permits,
    limits: &'a Limits,
    tests: usize,
}

impl<'a> FilterReader<'a> {
    pub(super) fn new(permits: &'a Permits, limits: &'a Limits) -> Self {
        Self { permits, limits, tests: 0 }
    }

    /// Reads the filter on a register. `narrow` tells that the rows are already bounded to one district at most.
    pub(super) fn read(&mut self, register: &'static Register, value: &Value, narrow: bool) -> Result<Filter, GraphError> {
        self.within(register, value, Bounds { narrow, district: None })
    }

    fn within(&mut self, register: &'static Register, value: &Value, outer: Bounds) -> Result<Filter, GraphError> {
        let Value::Object(entries) = value else { return Ok(Filter::And(Vec::new())) };
        let bounds = outer.with(register, entries, self.permits.of(register));
        let mut all = Vec::new();
        for (name, entry) in entries {
            if entry.is_null() {
                return Err(refusals::null_entry(name));
            }
            all.push(match name.as_str() {
                "and" => Filter::And(self.list(register, entry, bounds)?),
                "or" => Filter::Or(self.list(register, entry, bounds)?),
                "not" => Filter::Not(Box::new(self.within(register, entry, bounds.elsewhere())?)),
                "fullyVisible" => Filter::FullyVisible(fully_visible(register, entry)),
                "isNull" => Filter::IsNull(entry.as_bool().unwrap_or_default()),
                name => self.named(register, name, entry, bounds)?,
            });
        }
        Ok(if all.len() == 1 { all.remove(0) } else { Filter::And(all) })
    }

    fn list(&mut self, register: &'static Register, value: &Value, bounds: Bounds) -> Result<Vec<Filter>, GraphError> {
        as_list(value).iter().map(|item| self.within(register, item, bounds)).collect()
    }

    fn named(&mut self, register: &'static Register, name: &str, value: &Value, bounds: Bounds) -> Result<Filter, GraphError> {
        self.tests += 1;
        if self.tests > MOST_TESTS {
            return Err(refusals::too_many_tests(MOST_TESTS));
        }
        if let Some((index, field)) = register.field(name) {
            self.may_filter(register, index)?;
            if let Some(target) = field.target().and_then(catalog::register) {
                return Ok(Filter::One(index, Box::new(self.within(target, value, bounds.elsewhere())?)));
            }
            return self.tests_of(register, index, value, bounds);
        }
        let relation = register.relation(name).ok_or_else(|| refusals::no_field(name))?;
        let target = catalog::register(relation.target).ok_or_else(|| refusals::no_relation(name))?;
        if let Some((index, _)) = target.field(relation.through.tie()) {
            self.may_filter(target, index)?;
        }
        let mut all = Vec::new();
        for (quantifier, inner) in value.as_object().into_iter().flatten() {
            let quantifier = match quantifier.as_str() {
                "some" => Quantifier::Some,
                "none" => Quantifier::None,
                _ => Quantifier::Every,
            };
            all.push(Filter::Many(relation, quantifier, Box::new(self.within(target, inner, bounds.elsewhere())?)));
        }
        Ok(Filter::And(all))
    }

    fn may_filter(&self, register: &'static Register, index: usize) -> Result<(), GraphError> {
        let permit = self.permits.of(register);
        // A register without a row in scope has nothing to tell apart: its tests are never true.
        if !permit.is_empty() && permit.cover(Right::Filter, index) == Cover::Nowhere {
            return Err(withheld(register, index, Use::Filter));
        }
        Ok(())
    }

    fn tests_of(&mut self, register: &'static Register, index: usize, value: &Value, bounds: Bounds) -> Result<Filter, GraphError> {
        let field = &register.fields[index];
        let mut all = Vec::new();
        for (operator, operand) in value.as_object().into_iter().flatten() {
            if operand.is_null() {
                return Err(refusals::null_operand(field.name, operator));
            }
            if operator == "matches"
                && let Some(pinyin) = register.pinyin_of(field)
            {
                self.may_filter(register, pinyin)?;
            }
            all.push(Filter::Field(index, self.test(field, operator, operand, bounds)?));
        }
        Ok(if all.len() == 1 { all.remove(0) } else { Filter::And(all) })
    }

    fn test(&self, field: &Field, operator: &str, operand: &Value, bounds: Bounds) -> Result<Test, GraphError> {
        Ok(match operator {
            "eq" => Test::Equal(literal(field, operand)?),
            "ne" => Test::NotEqual(literal(field, operand)?),
            "lt" => Test::Less(literal(field, operand)?),
            "lte" => Test::LessOrEqual(literal(field, operand)?),
            "gt" => Test::Greater(literal(field, operand)?),
            "gte" => Test::GreaterOrEqual(literal(field, operand)?),
            "in" => Test::In(self.literals(field, operand)?),
            "notIn" => Test::NotIn(self.literals(field, operand)?),
            "isNull" => Test::IsNull(operand.as_bool().unwrap_or_default()),
            "startsWith" | "contains" => {
                let text = text_of(operand, field)?;
                if field.narrow_search && !bounds.narrow {
                    return Err(refusals::search_too_wide(operator, field.name));
                }
                if operator == "contains" { Test::Contains(text) } else { Test::StartsWith(text) }
            }
            "matches" => {
                let needle =
                    name_keys::needle(&text_of(operand, field)?).ok_or_else(|| refusals::unfit(field.name, operand, Wanted::Name))?;
                if !bounds.narrow {
                    return Err(refusals::search_too_wide(operator, field.name));
                }
                Test::Matches(needle, bounds.district)
            }
            _ if matches!(field.kind, Kind::Point) => Test::InBox(bounding_box(operand)),
            _ => Test::Within(region_code(operand, field.name)?),
        })
    }

    fn literals(&self, field: &Field, operand: &Value) -> Result<Vec<Literal>, GraphError> {
        let items = as_list(operand);
        if items.len() > self.limits.list_items {
            return Err(refusals::list_too_long(field.name, items.len(), self.limits.list_items));
        }
        items.iter().map(|item| literal(field, item)).collect()
    }
}

/// How far the rows that a filter is asked of are known to be confined.
#[derive(Clone, Copy, Default)]
struct Bounds {
    /// True if they lie in one district at most, so that their names may be searched.
    narrow: bool,
    /// That district, six digits, where no row elsewhere could be kept whatever this part of the filter says of it.
    district: Option<i64>,
}

impl Bounds {
    /// The bounds that a filter's own entries and the caller's scope add.
    fn with(self, register: &Register, entries: &Map<String, Value>, permit: &Permit) -> Self {
        let district = self.district.or_else(|| named_district(register, entries)).or_else(|| scope_district(permit));
        Self { narrow: self.narrow || district.is_some() || stays_in_a_district(permit), district }
    }

    /// The bounds of an inner filter: of other rows, or of rows that it keeps by being false.
    fn elsewhere(self) -> Self {
        Self { district: None, ..self }
    }
}

/// A list, or a single value where GraphQL lets it stand for a list of one.
fn as_list(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(items) => items.iter().collect(),
        single => vec![single],
    }
}

/// The refusal to use a field that this caller may not use so.
pub(super) fn withheld(register: &Register, index: usize, wanted: Use) -> GraphError {
    rights::withheld(&full_name(register, index), wanted).about(register, index)
}

/// A field's name with its type's, as messages have it.
pub(super) fn full_name(register: &Register, index: usize) -> String {
    format!("{}.{}", register.type_name, register.fields[index].name)
}

fn fully_visible(register: &Register, value: &Value) -> FieldSet {
    as_list(value).iter().filter_map(|name| field_of_enum_value(register, name.as_str()?)).collect()
}

/// The district that the filter's own entries bound the place to.
fn named_district(register: &Register, entries: &Map<String, Value>) -> Option<i64> {
    let tests = entries.get(register.placing?.field)?.as_object()?;
    let codes = ["eq", "within"].into_iter().filter_map(|operator| tests.get(operator)?.as_str()?.parse::<RegionCode>().ok());
    codes.filter_map(district_of).next()
}

/// The six digits of the region's district; None for the whole city.
fn district_of(region: RegionCode) -> Option<i64> {
    region.at(RegionLevel::District).map(|district| district.number() / 1_000_000_000)
}

/// The one district in which all rows of the caller's scope lie by their place.
fn scope_district(permit: &Permit) -> Option<i64> {
    let mut districts = permit.scope().map(|condition: &Condition| {
        let of_atom = |atom: &Atom| match atom {
            Atom::Regions(regions) => one_of(regions.iter().map(|region| district_of(*region))),
            _ => None,
        };
        condition.atoms().iter().find_map(of_atom)
    });
    one_of(&mut districts)
}

/// The value that all of them are.
fn one_of(mut values: impl Iterator<Item = Option<i64>>) -> Option<i64> {
    let first = values.next()??;
    values.all(|value| value == Some(first)).then_some(first)
}

/// True if the caller's rows all lie in one district, or belong to one person or household.
fn stays_in_a_district(permit: &Permit) -> bool {
    let mut district = None;
    permit.scope().all(|condition: &Condition| {
        // Asked first: the regions of rows that are one person's anyway bound nothing else.
        let own = condition.atoms().iter().any(|atom| matches!(atom, Atom::Person(_) | Atom::HouseholdOf(_) | Atom::WardsOf(_)));
        own || condition.atoms().iter().any(|atom| match atom {
            Atom::Regions(regions) => regions.iter().all(|region| {
                let own = region.at(RegionLevel::District);
                own.is_some() && *district.get_or_insert(own) == own
            }),
            _ => false,
        })
    })
}

/// Reads one value of a field's type.
pub(super) fn literal(field: &Field, value: &Value) -> Result<Literal, GraphError> {
    Ok(match field.kind {
        Kind::Id => Literal::Uuid(any_id(value)?),
        Kind::Reference(target) => Literal::Uuid(id_of(target, value)?),
        Kind::Boolean => Literal::Boolean(value.as_bool().unwrap_or_default()),
        Kind::Int => Literal::Integer(value.as_i64().ok_or_else(|| refusals::unfit(field.name, value, Wanted::Integer))?),
        Kind::Money => Literal::Integer(money::fen(value).ok_or_else(|| refusals::unfit(field.name, value, Wanted::Money))?),
        Kind::Float | Kind::Point => Literal::Float(value.as_f64().ok_or_else(|| refusals::unfit(field.name, value, Wanted::Number))?),
        Kind::Text | Kind::Identifier | Kind::FreeText | Kind::Code(_) | Kind::GeoJson => Literal::Text(text_of(value, field)?),
        Kind::Date => Literal::Date(date(value).ok_or_else(|| refusals::unfit(field.name, value, Wanted::Day))?),
        Kind::Instant => Literal::Instant(instant(value).ok_or_else(|| refusals::unfit(field.name, value, Wanted::Instant))?),
        Kind::RegionCode | Kind::Place => Literal::Integer(region_code(value, field.name)?.number()),
    })
}

/// Text for the database: PostgreSQL cannot hold U+0000, so nothing there equals it.
fn text_of(value: &Value, field: &Field) -> Result<String, GraphError> {
    match value.as_str() {
        Some(text) if !text.contains('\0') => Ok(text.to_owned()),
        _ => Err(refusals::unfit(field.name, value, Wanted::Text)),
    }
}

fn date(value: &Value) -> Option<NaiveDate> {
    let text = value.as_str().filter(|text| text.len() == 10)?;
    NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()
}

/// An instant, cut to the microseconds that the databases hold, in the years that both can compare.
fn instant(value: &Value) -> Option<DateTime<Utc>> {
    let instant = DateTime::parse_from_rfc3339(value.as_str()?).ok()?.with_timezone(&Utc).trunc_subsecs(6);
    let year = chrono::Datelike::year(&instant);
    (0..=9999).contains(&year).then_some(instant)
}

/// The refusal of a field's name that is none.
pub(super) fn no_field_of(name: &str) -> GraphError {
    refusals::no_field(name)
}

/// Reads a region's code; `name` is what wants it.
pub(super) fn region_code(value: &Value, name: &str) -> Result<RegionCode, GraphError> {
    let code = value.as_str().and_then(|text| text.parse().ok());
    code.ok_or_else(|| refusals::no_region_code(name, value))
}

fn bounding_box(value: &Value) -> BoundingBox {
    let degree = |name: &str| value.get(name).and_then(Value::as_f64).unwrap_or_default();
    BoundingBox { west: degree("west"), south: degree("south"), east: degree("east"), north: degree("north") }
}

/// The key in an id of this register.
pub(super) fn id_of(register: &str, value: &Value) -> Result<Uuid, GraphError> {
    let text = value.as_str().unwrap_or_default();
    match entities::id::parse(text) {
        Some((prefix, uuid)) if prefix == register => Ok(uuid),
        Some((prefix, _)) if catalog::register(prefix).is_some() => Err(refusals::id_of_another(text, prefix, register)),
        _ => Err(refusals::no_id_of(text, register)),
    }
}

fn any_id(value: &Value) -> Result<Uuid, GraphError> {
    let parsed = value.as_str().and_then(entities::id::parse).filter(|(prefix, _)| catalog::register(prefix).is_some());
    parsed.map(|(_, uuid)| uuid).ok_or_else(|| refusals::no_id(value))
}
