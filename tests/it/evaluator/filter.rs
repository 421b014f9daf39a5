//! Filters in three values: Some(true), Some(false), and None for unknown.

use std::cmp::Ordering;

use entities::catalog::{Kind, Source};
use entities::registers::REGISTERS;

use super::eval::Evaluator;
use super::place;
use super::policy::Right;
use super::query::{Filter, Operand, Part};
use super::world::{Value, field_position, position, tie};

type Truth = Option<bool>;

/// True if all are; false if one is; unknown otherwise.
fn all(parts: impl Iterator<Item = Truth>) -> Truth {
    let mut sum = Some(true);
    for part in parts {
        match part {
            Some(true) => {}
            Some(false) => return Some(false),
            None => sum = None,
        }
    }
    sum
}

fn not(truth: Truth) -> Truth {
    truth.map(|truth| !truth)
}

/// True if there are some and all are true; unknown of none.
fn some_and_all(truths: impl Iterator<Item = Truth>) -> Truth {
    let mut truths = truths.peekable();
    truths.peek()?;
    all(truths)
}

/// What a filter says where there is no row to see: without `isNull` nothing is known.
fn of_nothing(filter: &Filter) -> Truth {
    some_and_all(filter.0.iter().map(|part| match part {
        Part::IsNull(null) => Some(*null),
        Part::Not(inner) => not(of_nothing(inner)),
        Part::And(filters) => some_and_all(filters.iter().map(of_nothing)),
        Part::Or(filters) => not(some_and_all(filters.iter().map(|filter| not(of_nothing(filter))))),
        Part::FullyVisible(_) | Part::Test(..) | Part::One(..) | Part::Many(..) => None,
    }))
}

impl Evaluator<'_> {
    /// What the filter says of a row.
    pub(super) fn truth(&self, register: usize, row: usize, filter: &Filter) -> Truth {
        self.holds(register, row, filter, &[Right::Show, Right::Filter])
    }

    /// What it says of a row that is counted: there a field is fully visible where it may be aggregated.
    pub(super) fn truth_of_counted(&self, register: usize, row: usize, filter: &Filter) -> Truth {
        self.holds(register, row, filter, &[Right::Aggregate])
    }

    fn holds(&self, register: usize, row: usize, filter: &Filter, visible: &[Right]) -> Truth {
        all(filter.0.iter().map(|part| self.part(register, row, part, visible)))
    }

    fn part(&self, register: usize, row: usize, part: &Part, visible: &[Right]) -> Truth {
        match part {
            Part::And(filters) => all(filters.iter().map(|filter| self.holds(register, row, filter, visible))),
            // At least one is true: not all of them are not.
            Part::Or(filters) => not(all(filters.iter().map(|filter| not(self.holds(register, row, filter, visible))))),
            Part::Not(filter) => not(self.holds(register, row, filter, visible)),
            Part::IsNull(null) => Some(!null),
            Part::FullyVisible(fields) => {
                Some(fields.iter().all(|field| visible.iter().all(|right| self.access.may(*right, register, row, *field))))
            }
            Part::Test(field, tests) => {
                if !self.access.may(Right::Filter, register, row, *field) {
                    // Without tests there is no atom that could be unknown.
                    return if tests.is_empty() { Some(true) } else { None };
                }
                let pinyin = REGISTERS[register].fields[*field].search.and_then(|search| search.pinyin);
                let may_search = pinyin.is_none_or(|name| self.access.may(Right::Filter, register, row, field_position(register, name)));
                all(tests.iter().map(|(operator, operand)| {
                    let known = *operator != "matches" || may_search;
                    let truth = if known { self.test(register, row, *field, operator, operand) } else { None };
                    let position = truth.map_or(2, |truth| usize::from(!truth));
                    self.truths.borrow_mut().entry(operator).or_default()[position] += 1;
                    truth
                }))
            }
            Part::One(field, inner) => {
                if !self.access.may(Right::Filter, register, row, *field) {
                    return None;
                }
                let Kind::Reference(target) = REGISTERS[register].fields[*field].kind else { return None };
                let target = position(target);
                let key = self.world.row(register, row).fields[*field].key();
                let other = key.and_then(|key| self.world.find(target, key)).filter(|other| self.access.visible(target, *other));
                other.map_or_else(|| of_nothing(inner), |other| self.truth(target, other, inner))
            }
            Part::Many(relation, quantified) => {
                let (target, field, _) = tie(relation);
                let children: Vec<usize> = self
                    .world
                    .children(register, row, relation)
                    .into_iter()
                    .filter(|child| self.access.visible(target, *child) && self.access.may(Right::Filter, target, *child, field))
                    .collect();
                all(quantified.iter().map(|(quantifier, inner)| {
                    let holds = |child: &usize| self.truth(target, *child, inner) == Some(true);
                    Some(match *quantifier {
                        "some" => children.iter().any(holds),
                        "none" => !children.iter().any(holds),
                        _ => children.iter().all(holds),
                    })
                }))
            }
        }
    }

    fn test(&self, register: usize, row: usize, field: usize, operator: &str, operand: &Operand) -> Truth {
        let values = self.world.row(register, row);
        let value = &values.fields[field];
        if let Operand::Flag(null) = operand
            && operator == "isNull"
        {
            return Some(value.is_null() == *null);
        }
        if value.is_null() {
            return None;
        }
        let compared = |other: &Value| value.compare(other);
        Some(match (operator, operand) {
            ("eq", Operand::One(other)) => compared(other) == Ordering::Equal,
            ("ne", Operand::One(other)) => compared(other) != Ordering::Equal,
            ("lt", Operand::One(other)) => compared(other) == Ordering::Less,
            ("lte", Operand::One(other)) => compared(other) != Ordering::Greater,
            ("gt", Operand::One(other)) => compared(other) == Ordering::Greater,
            ("gte", Operand::One(other)) => compared(other) != Ordering::Less,
            ("in", Operand::Several(others)) => others.iter().any(|other| compared(other) == Ordering::Equal),
            ("notIn", Operand::Several(others)) => others.iter().all(|other| compared(other) != Ordering::Equal),
            ("startsWith", Operand::Text(text)) => value.text()?.starts_with(text.as_str()),
            ("contains", Operand::Text(text)) => value.text()?.contains(text.as_str()),
            ("matches", Operand::Text(text)) => {
                let keys = values.columns[REGISTERS[register].fields[field].search?.keys].text()?;
                let typed: String = text.to_lowercase().chars().filter(|letter| letter.is_alphanumeric()).take(24).collect();
                keys.split(' ').any(|key| key.starts_with(&typed))
            }
            ("within", Operand::Region(region)) => place::contains(*region, value.integer()?),
            ("within", Operand::Area([west, south, east, north])) => {
                let Source::Point { longitude, latitude } = REGISTERS[register].fields[field].source else { return None };
                let degree = |column: &str| if let Value::Float(degree) = values.columns[column] { Some(degree) } else { None };
                let (longitude, latitude) = (degree(longitude)?, degree(latitude)?);
                *west <= longitude && longitude <= *east && *south <= latitude && latitude <= *north
            }
            _ => unreachable!("no such test: {operator} {operand:?}"),
        })
    }
}
