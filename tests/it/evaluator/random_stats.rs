//! Random statistics.

use entities::catalog::{Field, Kind};
use entities::registers::REGISTERS;

use super::policy::{Cover, Right};
use super::query::{Filter, GroupBy, GroupKey, GroupOrder, GroupPart, KeyPart, Keyed, Measure, Stats};
use super::random_query::QueryMaker;
use super::small;
use super::stats::reached;
use super::world::position;

const FUNCTIONS: [&str; 5] = ["counted", "sum", "avg", "min", "max"];
const PERIODS: [&str; 5] = ["DAY", "WEEK", "MONTH", "QUARTER", "YEAR"];
const OPERATORS: [&str; 6] = ["eq", "ne", "lt", "lte", "gt", "gte"];

impl QueryMaker<'_> {
    /// Statistics of a register.
    pub(super) fn stats(&mut self, register: usize) -> Stats {
        let mut filter = self.dice.chance(40).then(|| self.filters().filter(register, 2));
        let keys = self.keys(register, &mut filter);
        let measured = self.measured(register);
        let groups = self.group_parts(register, &keys, &measured);
        let mut stats = Stats {
            register,
            filter,
            keys,
            having: Vec::new(),
            order: Vec::new(),
            first: None,
            after: None,
            page_info: self.dice.chance(30),
            groups,
        };
        if self.dice.chance(25) {
            stats.having = self.having(&measured);
        }
        if !stats.keys.is_empty() {
            stats.order = self.group_order(&stats, &measured);
            stats.first = self.dice.chance(50).then(|| [0, 1, 2, 3, 5, 10, 100][self.dice.below(7)]);
            stats.after = self.dice.chance(20).then(|| self.dice.below(5));
        }
        // What could single out a row is mostly left out where it would be refused.
        if small::hidden(self.access, &stats).is_some() && self.dice.chance(90) {
            stats.having.clear();
            stats.order.retain(|(by, _)| matches!(by, GroupOrder::Key(_)));
            stats.filter = stats.filter.filter(|filter| !small::is_fine(register, filter));
        }
        stats
    }

    /// A key of the register itself or, now and then, of one that its references lead to.
    fn key(&mut self, register: usize, filter: &mut Option<Filter>, mut of: Vec<usize>) -> Option<GroupKey> {
        let leads = |field: &Field| field.groups && field.target().is_some_and(|target| REGISTERS[position(target)].stats.is_some());
        if of.len() < 3 && self.dice.chance(25) {
            let step = self.covered(&[Right::Aggregate], register, filter, leads)?;
            of.push(step);
            let target = position(REGISTERS[register].fields[step].target()?);
            // What a filter can keep to is the first row's own.
            return self.key(target, &mut None, of);
        }
        let grouped = |kind: Kind| !matches!(kind, Kind::GeoJson);
        let field = self.covered(&[Right::Aggregate], register, filter, |field| field.groups && grouped(field.kind))?;
        let by = match REGISTERS[register].fields[field].kind {
            Kind::Place => GroupBy::Region(self.dice.below(5)),
            Kind::Date | Kind::Instant => GroupBy::Period(field, PERIODS[self.dice.below(5)]),
            _ => GroupBy::Field(field),
        };
        Some(GroupKey { of, by })
    }

    fn keys(&mut self, register: usize, filter: &mut Option<Filter>) -> Vec<GroupKey> {
        let mut keys: Vec<GroupKey> = Vec::new();
        for _ in 0..[0, 1, 1, 1, 2, 2, 3][self.dice.below(7)] {
            keys.extend(self.key(register, filter, Vec::new()));
        }
        // At most one level of regions, one period, and each field once.
        let mut kept: Vec<GroupKey> = Vec::new();
        for key in keys {
            let same = |known: &GroupKey| match key.by {
                GroupBy::Field(_) => *known == key,
                _ => known.of == key.of && std::mem::discriminant(&known.by) == std::mem::discriminant(&key.by),
            };
            if !kept.iter().any(same) {
                kept.push(key);
            }
        }
        kept
    }

    /// Fields that the caller may measure somewhere; rarely any.
    fn measured(&mut self, register: usize) -> Vec<usize> {
        let any = self.dice.chance(3);
        let usable =
            |field: usize| self.access.is_empty(register) || self.access.cover(Right::Aggregate, register, field) != Cover::Nowhere;
        let fields = REGISTERS[register].fields.iter().enumerate().filter(|(_, field)| field.measures);
        fields.map(|(index, _)| index).filter(|index| any || usable(*index)).collect()
    }

    fn measure(&mut self, measured: &[usize], functions: &[&'static str]) -> Measure {
        match self.dice.pick(measured).copied() {
            Some(field) if self.dice.chance(70) => Measure::Of(functions[self.dice.below(functions.len())], field),
            _ => Measure::Count,
        }
    }

    fn having(&mut self, measured: &[usize]) -> Vec<(Measure, &'static str, f64)> {
        let measure = self.measure(measured, &FUNCTIONS[1..]);
        let bound = [0.0, 1.0, 2.0, 3.0, 10.0, 2.5, 40.0][self.dice.below(7)];
        vec![(measure, OPERATORS[self.dice.below(6)], bound)]
    }

    fn group_order(&mut self, stats: &Stats, measured: &[usize]) -> Vec<(GroupOrder, bool)> {
        let count = [0, 1, 1, 2][self.dice.below(4)];
        let keys: Vec<usize> = (0..stats.keys.len())
            .filter(|index| match stats.keys[*index].by {
                _ if !stats.keys[*index].of.is_empty() => false,
                GroupBy::Field(field) => !matches!(REGISTERS[stats.register].fields[field].kind, Kind::Reference(_)),
                _ => true,
            })
            .collect();
        (0..count)
            .map(|_| {
                let by = match self.dice.pick(&keys).copied() {
                    Some(index) if self.dice.chance(40) => GroupOrder::Key(index),
                    _ => GroupOrder::Measure(self.measure(measured, &FUNCTIONS[1..])),
                };
                (by, self.dice.chance(60))
            })
            .collect()
    }

    fn group_parts(&mut self, register: usize, keys: &[GroupKey], measured: &[usize]) -> Vec<Keyed<GroupPart>> {
        let mut parts = vec![Keyed { alias: self.dice.chance(10).then(|| self.alias()), item: GroupPart::Count }];
        if !keys.is_empty() {
            let parts_of_key = keys.iter().map(|key| {
                let item = match key.by {
                    GroupBy::Field(field) => match reached(register, key).fields[field].kind {
                        Kind::Reference(target) => KeyPart::Reference(field, self.object(position(target), 1)),
                        _ => KeyPart::Field(field),
                    },
                    GroupBy::Region(_) => KeyPart::Region(self.object(position("region"), 1)),
                    GroupBy::Period(..) => KeyPart::Period,
                };
                let item = key.of.iter().rev().fold(item, |part, step| KeyPart::Of(*step, Box::new(part)));
                Keyed { alias: self.dice.chance(10).then(|| self.alias()), item }
            });
            let parts_of_key = parts_of_key.collect();
            parts.push(Keyed::plain(GroupPart::Key(parts_of_key)));
        }
        if !measured.is_empty() {
            for function in FUNCTIONS {
                let fields = self.dice.some(measured, 40);
                if self.dice.chance(35) && !fields.is_empty() {
                    parts.push(Keyed { alias: self.dice.chance(10).then(|| self.alias()), item: GroupPart::Measures(function, fields) });
                }
            }
        }
        if self.dice.chance(5) {
            parts.push(Keyed::plain(GroupPart::Suppressed));
        }
        parts
    }
}
