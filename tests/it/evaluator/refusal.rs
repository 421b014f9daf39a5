//! Which roots must be refused, from the policy and the query alone: never from the data.

use std::collections::BTreeSet;

use entities::catalog::Kind;
use entities::registers::REGISTERS;

use super::eval::{Evaluator, items, of_register};
use super::place;
use super::policy::{Cover, Right};
use super::query::{Entry, Filter, GroupOrder, GroupPart, List, ListPart, Measure, Object, Operand, Part, Root, Stats};
use super::small;
use super::stats::{by_field, key_field};
use super::world::{field_position, position, tie};

/// A field is used that this caller may not use so.
pub(super) const WITHHELD: &str = "FIELD_WITHHELD";
/// Here: a search in names of people that is not confined to one district.
pub(super) const BAD_INPUT: &str = "BAD_INPUT";

/// A question that could single out a row, in statistics of what is not shown.
pub(super) const SMALL_GROUPS: &str = "SMALL_GROUPS";

type Codes = BTreeSet<&'static str>;

impl Evaluator<'_> {
    /// The codes with which the root may be refused; without any it must be answered.
    pub(super) fn refusals(&self, root: &Root) -> Codes {
        let mut codes = Codes::new();
        match root {
            Root::ById(target, object) => self.object_refusals(object, !self.access.is_empty(target.register), &mut codes),
            Root::ByKey { register, field, object, .. } => {
                if !self.access.is_empty(*register) {
                    self.need(Right::Filter, *register, *field, &mut codes);
                    self.object_refusals(object, true, &mut codes);
                }
            }
            Root::Node(target, objects) => {
                self.object_refusals(of_register(objects, target.register), !self.access.is_empty(target.register), &mut codes);
            }
            Root::Nodes(targets, objects) => {
                for target in targets {
                    self.object_refusals(of_register(objects, target.register), !self.access.is_empty(target.register), &mut codes);
                }
            }
            Root::List(list) => self.list_refusals(list, false, &mut codes),
            Root::Stats(stats) => self.stats_refusals(stats, &mut codes),
        }
        codes
    }

    /// The field must be usable somewhere, where there is anything to use it on.
    fn need(&self, right: Right, register: usize, field: usize, codes: &mut Codes) {
        if !self.access.is_empty(register) && self.access.cover(right, register, field) == Cover::Nowhere {
            codes.insert(WITHHELD);
        }
    }

    /// The field must be usable on all rows, or the filter must keep to those where it is fully visible.
    fn need_everywhere(&self, right: Right, register: usize, field: usize, full: &BTreeSet<usize>, codes: &mut Codes) {
        if self.access.is_empty(register) {
            return;
        }
        match self.access.cover(right, register, field) {
            Cover::Everywhere => {}
            Cover::Somewhere if full.contains(&field) => {}
            Cover::Somewhere | Cover::Nowhere => {
                codes.insert(WITHHELD);
            }
        }
    }

    /// What is behind a field that is shown nowhere is not looked at.
    fn object_refusals(&self, object: &Object, reached: bool, codes: &mut Codes) {
        for entry in items(&object.entries).filter(|_| reached) {
            match entry {
                Entry::One(field, _, inner) => {
                    let shown = self.access.is_shown(object.register, *field) && !self.access.is_empty(object.register);
                    self.object_refusals(inner, shown && !self.access.is_empty(inner.register), codes);
                }
                Entry::Many(relation, list) => {
                    let (_, _, by_place) = tie(relation);
                    self.list_refusals(list, !by_place, codes);
                }
                Entry::Back(relation, inner) => {
                    let (target, field, _) = tie(relation);
                    let shown = self.access.cover(Right::Show, target, field) != Cover::Nowhere && !self.access.is_empty(target);
                    self.object_refusals(inner, shown, codes);
                }
                Entry::Typename | Entry::Field(_) | Entry::Access => {}
            }
        }
    }

    fn list_refusals(&self, list: &List, narrow: bool, codes: &mut Codes) {
        if let Some(filter) = &list.filter {
            self.filter_refusals(list.register, filter, narrow, codes);
        }
        let full = fully_visible(list.filter.as_ref());
        for (field, _) in &list.order {
            // A cursor holds the order's values, so ordering takes both rights.
            self.need_everywhere(Right::Filter, list.register, *field, &full, codes);
            self.need_everywhere(Right::Show, list.register, *field, &full, codes);
        }
        for part in items(&list.parts) {
            if let ListPart::Nodes(object) | ListPart::Edges(Some(object)) = part {
                self.object_refusals(object, true, codes);
            }
        }
    }

    fn filter_refusals(&self, register: usize, filter: &Filter, narrow: bool, codes: &mut Codes) {
        let narrow = narrow || names_a_district(register, filter) || self.access.stays_in_a_district(register);
        for part in &filter.0 {
            match part {
                Part::And(filters) | Part::Or(filters) => {
                    for filter in filters {
                        self.filter_refusals(register, filter, narrow, codes);
                    }
                }
                Part::Not(filter) => self.filter_refusals(register, filter, narrow, codes),
                Part::FullyVisible(_) | Part::IsNull(_) => {}
                Part::Test(field, tests) => {
                    self.need(Right::Filter, register, *field, codes);
                    let catalog = &REGISTERS[register].fields[*field];
                    for (operator, operand) in tests {
                        let searches = match *operator {
                            "matches" => true,
                            "startsWith" | "contains" => catalog.narrow_search,
                            _ => false,
                        };
                        // What holds no letter is no part of any name.
                        let typed = |operand: &Operand| matches!(operand, Operand::Text(text) if text.chars().any(char::is_alphanumeric));
                        if (searches && !narrow) || (*operator == "matches" && !typed(operand)) {
                            codes.insert(BAD_INPUT);
                        }
                        if let Some(pinyin) = catalog.search.and_then(|search| search.pinyin)
                            && *operator == "matches"
                        {
                            self.need(Right::Filter, register, field_position(register, pinyin), codes);
                        }
                    }
                }
                Part::One(field, inner) => {
                    self.need(Right::Filter, register, *field, codes);
                    if let Kind::Reference(target) = REGISTERS[register].fields[*field].kind {
                        self.filter_refusals(position(target), inner, narrow, codes);
                    }
                }
                Part::Many(relation, quantified) => {
                    let (target, field, _) = tie(relation);
                    self.need(Right::Filter, target, field, codes);
                    for (_, inner) in quantified {
                        self.filter_refusals(target, inner, narrow, codes);
                    }
                }
            }
        }
    }

    fn stats_refusals(&self, stats: &Stats, codes: &mut Codes) {
        if let Some(filter) = &stats.filter {
            self.filter_refusals(stats.register, filter, false, codes);
        }
        let full = fully_visible(stats.filter.as_ref());
        for key in &stats.keys {
            self.need_everywhere(Right::Aggregate, stats.register, key_field(stats.register, key), &full, codes);
            let mut register = stats.register;
            for (index, step) in key.of.iter().enumerate() {
                register = position(REGISTERS[register].fields[*step].target().expect("a reference"));
                let field = key.of.get(index + 1).copied().unwrap_or_else(|| by_field(register, key.by));
                self.need(Right::Aggregate, register, field, codes);
            }
        }
        if small::hidden(self.access, stats).is_some() && small::singles_out(stats) {
            codes.insert(SMALL_GROUPS);
        }
        let bounded = stats.having.iter().map(|(measure, ..)| *measure);
        let ordered = stats.order.iter().filter_map(|(by, _)| if let GroupOrder::Measure(measure) = by { Some(*measure) } else { None });
        for measure in bounded.chain(ordered) {
            if let Measure::Of(_, field) = measure {
                self.need(Right::Aggregate, stats.register, field, codes);
            }
        }
        for part in items(&stats.groups) {
            match part {
                GroupPart::Count | GroupPart::Suppressed => {}
                GroupPart::Measures(_, fields) => {
                    for field in fields {
                        self.need(Right::Aggregate, stats.register, *field, codes);
                    }
                }
                GroupPart::Key(parts) => {
                    for part in items(parts) {
                        if let Some(object) = part.object() {
                            self.object_refusals(object, !self.access.is_empty(object.register), codes);
                        }
                    }
                }
            }
        }
    }
}

/// Fields that the filter confines to rows where they are fully visible: in an `and` position.
fn fully_visible(filter: Option<&Filter>) -> BTreeSet<usize> {
    let mut fields = BTreeSet::new();
    for part in filter.iter().flat_map(|filter| &filter.0) {
        match part {
            Part::FullyVisible(named) => fields.extend(named),
            Part::And(filters) => fields.extend(filters.iter().flat_map(|filter| fully_visible(Some(filter)))),
            _ => {}
        }
    }
    fields
}

/// True if the filter itself confines the rows to a district or less.
fn names_a_district(register: usize, filter: &Filter) -> bool {
    let Some(placing) = REGISTERS[register].placing else { return false };
    filter.0.iter().any(|part| match part {
        Part::Test(field, tests) if REGISTERS[register].fields[*field].name == placing.field => {
            tests.iter().any(|(_, operand)| match operand {
                Operand::Region(code) => place::level(*code) >= 1,
                Operand::One(value) => value.integer().is_some_and(|code| place::level(code) >= 1),
                _ => false,
            })
        }
        _ => false,
    })
}
