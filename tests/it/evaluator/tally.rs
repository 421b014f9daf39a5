//! What was asked and what it met, so that the test cannot pass by asking nothing.

use std::collections::BTreeMap;

use entities::catalog::Kind;
use entities::registers::REGISTERS;

use super::place::LEVELS;
use super::query::{Entry, Filter, GroupBy, GroupOrder, GroupPart, List, ListPart, Measure, Object, Part, Query, Root, Size, Stats};
use super::random_filter::operators;
use super::stats::reached;
use super::world::position;

/// Counts by name.
#[derive(Default)]
pub(super) struct Tally {
    pub(super) cases: usize,
    pub(super) refused: usize,
    pub(super) with_rows: usize,
    pub(super) features: BTreeMap<String, usize>,
    /// By operator: how often a test was true, false and unknown.
    pub(super) truths: BTreeMap<&'static str, [usize; 3]>,
}

impl Tally {
    pub(super) fn add(&mut self, other: Self) {
        self.cases += other.cases;
        self.refused += other.refused;
        self.with_rows += other.with_rows;
        for (name, count) in other.features {
            *self.features.entry(name).or_default() += count;
        }
        for (operator, counts) in other.truths {
            let sums = self.truths.entry(operator).or_default();
            sums.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
        }
    }

    fn note(&mut self, name: impl Into<String>) {
        *self.features.entry(name.into()).or_default() += 1;
    }

    /// Notes all that a query uses.
    pub(super) fn query(&mut self, query: &Query) {
        for root in &query.roots {
            match &root.item {
                Root::ById(target, object) => {
                    self.note(format!("root {}", REGISTERS[target.register].singular));
                    self.object(object);
                }
                Root::ByKey { root, object, .. } => {
                    self.note(format!("root {root}"));
                    self.object(object);
                }
                Root::Node(_, objects) => {
                    self.note("root node");
                    objects.iter().for_each(|object| self.object(object));
                }
                Root::Nodes(_, objects) => {
                    self.note("root nodes");
                    objects.iter().for_each(|object| self.object(object));
                }
                Root::List(list) => {
                    self.note(format!("root {}", REGISTERS[list.register].plural.unwrap_or_default()));
                    self.list(list);
                }
                Root::Stats(stats) => {
                    self.note(format!("root {}", REGISTERS[stats.register].stats.unwrap_or_default()));
                    self.stats(stats);
                }
            }
        }
    }

    fn object(&mut self, object: &Object) {
        let register = REGISTERS[object.register];
        for entry in &object.entries {
            match &entry.item {
                Entry::Typename => self.note("__typename"),
                Entry::Access => self.note(format!("access {}", register.name)),
                Entry::Field(field) => self.note(format!("show {}.{}", register.name, register.fields[*field].name)),
                Entry::One(field, level, inner) => {
                    self.note(format!("show {}.{}", register.name, register.fields[*field].name));
                    if let Some(level) = level {
                        self.note(format!("region at {}", LEVELS[*level]));
                    }
                    self.object(inner);
                }
                Entry::Many(relation, list) => {
                    self.note(format!("show {}.{}", register.name, relation.name));
                    self.list(list);
                }
                Entry::Back(relation, inner) => {
                    self.note(format!("show {}.{}", register.name, relation.name));
                    self.object(inner);
                }
            }
        }
    }

    fn list(&mut self, list: &List) {
        let register = REGISTERS[list.register];
        if let Some(filter) = &list.filter {
            self.filter(list.register, filter);
        }
        for (field, descending) in &list.order {
            self.note(format!("order {}.{}", register.name, register.fields[*field].name));
            self.note(if *descending { "descending" } else { "ascending" });
        }
        self.note(match list.size {
            Size::Default => "default size",
            Size::First(_) => "first",
            Size::Last(_) => "last",
        });
        for (name, cursor) in [("after", &list.after), ("before", &list.before)] {
            if cursor.is_some() {
                self.note(name);
            }
        }
        for part in &list.parts {
            match &part.item {
                ListPart::Typename => {}
                ListPart::Nodes(object) => self.object(object),
                ListPart::Edges(object) => {
                    self.note("edges");
                    object.iter().for_each(|object| self.object(object));
                }
                ListPart::PageInfo(_) => self.note("pageInfo"),
                ListPart::TotalCount(limit) => self.note(if limit.is_some() { "totalCount with limit" } else { "totalCount" }),
            }
        }
    }

    fn filter(&mut self, register: usize, filter: &Filter) {
        let catalog = REGISTERS[register];
        for part in &filter.0 {
            match part {
                Part::And(filters) | Part::Or(filters) => {
                    self.note(if matches!(part, Part::And(_)) { "filter and" } else { "filter or" });
                    filters.iter().for_each(|filter| self.filter(register, filter));
                }
                Part::Not(inner) => {
                    self.note("filter not");
                    self.filter(register, inner);
                }
                Part::FullyVisible(_) => self.note("filter fullyVisible"),
                Part::IsNull(_) => self.note("filter isNull"),
                Part::Test(field, tests) => {
                    for (operator, _) in tests {
                        self.note(format!("filter {}.{} {operator}", catalog.name, catalog.fields[*field].name));
                    }
                }
                Part::One(field, inner) => {
                    self.note(format!("filter {}.{}", catalog.name, catalog.fields[*field].name));
                    if matches!(inner.0.as_slice(), [Part::IsNull(_)]) {
                        self.note(format!("filter {}.{} isNull", catalog.name, catalog.fields[*field].name));
                    }
                    if let Kind::Reference(target) = catalog.fields[*field].kind {
                        self.filter(position(target), inner);
                    }
                }
                Part::Many(relation, quantified) => {
                    for (quantifier, inner) in quantified {
                        self.note(format!("filter {}.{} {quantifier}", catalog.name, relation.name));
                        self.filter(position(relation.target), inner);
                    }
                }
            }
        }
    }

    fn stats(&mut self, stats: &Stats) {
        let register = REGISTERS[stats.register];
        if let Some(filter) = &stats.filter {
            self.filter(stats.register, filter);
        }
        for key in &stats.keys {
            for depth in 1..=key.of.len() {
                self.note(format!("group of {depth}"));
            }
            let register = reached(stats.register, key);
            match &key.by {
                GroupBy::Field(field) => self.note(format!("group {}.{}", register.name, register.fields[*field].name)),
                GroupBy::Region(level) => self.note(format!("group by region {}", LEVELS[*level])),
                GroupBy::Period(field, period) => {
                    self.note(format!("group {}.{}", register.name, register.fields[*field].name));
                    self.note(format!("group by {period}"));
                }
            }
        }
        for (measure, operator, _) in &stats.having {
            self.note(format!("having {operator}"));
            self.note(match measure {
                Measure::Count => "having count".to_owned(),
                Measure::Of(function, _) => format!("having {function}"),
            });
        }
        for (by, _) in &stats.order {
            self.note(match by {
                GroupOrder::Key(_) => "groups by key".to_owned(),
                GroupOrder::Measure(Measure::Count) => "groups by count".to_owned(),
                GroupOrder::Measure(Measure::Of(function, _)) => format!("groups by {function}"),
            });
        }
        if stats.after.is_some() {
            self.note("groups after");
        }
        for part in &stats.groups {
            match &part.item {
                GroupPart::Count | GroupPart::Suppressed => {}
                GroupPart::Measures(function, fields) => {
                    for field in fields {
                        self.note(format!("{function} {}.{}", register.name, register.fields[*field].name));
                    }
                }
                GroupPart::Key(parts) => {
                    for part in parts {
                        if let Some(object) = part.item.object() {
                            self.object(object);
                        }
                    }
                }
            }
        }
    }

    /// What the contract offers and nothing asked for, and operators that never were true, false and unknown.
    pub(super) fn missing(&self) -> Vec<String> {
        let mut missing: Vec<String> = offered().into_iter().filter(|name| !self.features.contains_key(name)).collect();
        for (operator, counts) in &self.truths {
            let unknown_too = if *operator == "isNull" { 2 } else { 3 };
            if counts[..unknown_too].contains(&0) {
                missing.push(format!("{operator} was true, false and unknown {counts:?} times"));
            }
        }
        missing
    }
}

/// All that the contract offers.
fn offered() -> Vec<String> {
    let words = "root node,root nodes,__typename,descending,ascending,default size,first,last,after,before,edges,pageInfo,totalCount,\
        totalCount with limit,filter and,filter or,filter not,filter fullyVisible,filter isNull,having count,having sum,having avg,having min,having max,\
        having eq,having ne,having lt,having lte,having gt,having gte,groups by key,groups by count,groups by sum,groups by avg,\
        groups by min,groups by max,groups after,group of 1,group of 2,group of 3,group by DAY,group by WEEK,group by MONTH,group by QUARTER,group by YEAR";
    let mut offered: Vec<String> = words.split(',').map(str::to_owned).collect();
    for level in LEVELS {
        offered.extend([format!("region at {level}"), format!("group by region {level}")]);
    }
    for register in REGISTERS {
        let name = register.name;
        offered.push(format!("access {name}"));
        offered.push(format!("root {}", register.singular));
        offered.extend([register.plural, register.stats].into_iter().flatten().map(|root| format!("root {root}")));
        offered.extend(register.natural_keys.iter().map(|key| format!("root {}", key.root)));
        for field in register.fields {
            let path = format!("{name}.{}", field.name);
            if !matches!(field.kind, Kind::GeoJson) {
                offered.push(format!("show {path}"));
            }
            if field.filters && matches!(field.kind, Kind::Reference(_)) {
                offered.extend([format!("filter {path}"), format!("filter {path} isNull")]);
            } else if field.filters {
                offered.extend(operators(field).iter().map(|operator| format!("filter {path} {operator}")));
            }
            if field.orders && register.plural.is_some() {
                offered.push(format!("order {path}"));
            }
            if field.groups && register.stats.is_some() && !matches!(field.kind, Kind::Place) {
                offered.push(format!("group {path}"));
            }
            if field.measures && register.stats.is_some() {
                offered.extend(["counted", "sum", "avg", "min", "max"].map(|function| format!("{function} {path}")));
            }
        }
        for relation in register.relations {
            offered.push(format!("show {name}.{}", relation.name));
            offered.extend(["some", "none", "every"].map(|quantifier| format!("filter {name}.{} {quantifier}", relation.name)));
        }
    }
    offered
}
