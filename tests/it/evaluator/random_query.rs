//! Random queries: every root, relation, argument and feature, drawn from the catalog.

use std::collections::HashMap;

use entities::catalog::{Field, Kind};
use entities::registers::REGISTERS;

use super::dice::Dice;
use super::eval::order_name;
use super::policy::{Access, Cover, Right};
use super::query::{Cursor, Entry, Filter, Keyed, List, ListPart, Object, Part, Query, Root, Size, Target};
use super::random_filter::FilterMaker;
use super::world::{World, position, tie};

/// Cursors that answers have given, by register and order: row and text.
pub(super) type Cursors = HashMap<String, Vec<(usize, String)>>;

/// Makes queries for one caller.
pub(super) struct QueryMaker<'a> {
    pub(super) dice: &'a mut Dice,
    pub(super) world: &'a World,
    pub(super) access: &'a Access,
    pub(super) cursors: &'a Cursors,
    /// Aliases given so far.
    pub(super) aliases: usize,
    /// Selections that may still be made.
    pub(super) budget: usize,
}

impl QueryMaker<'_> {
    pub(super) fn query(&mut self) -> Query {
        let count = [1, 1, 1, 1, 1, 2, 2, 3][self.dice.below(8)];
        let mut roots: Vec<Keyed<Root>> = Vec::new();
        for _ in 0..count {
            let item = self.root();
            let alias = (!roots.is_empty() || self.dice.chance(20)).then(|| self.alias());
            roots.push(Keyed { alias, item });
        }
        Query { roots, spelling: self.dice.bits() }
    }

    pub(super) fn alias(&mut self) -> String {
        self.aliases += 1;
        format!("a{}", self.aliases)
    }

    fn root(&mut self) -> Root {
        match self.dice.below(100) {
            0..55 => {
                let register = self.register(|register| register.plural.is_some());
                Root::List(self.list(register, 3))
            }
            55..80 => {
                let register = self.register(|register| register.stats.is_some());
                Root::Stats(self.stats(register))
            }
            80..87 => {
                let register = self.register(|_| true);
                Root::ById(self.target(register), self.object(register, 3))
            }
            87..92 => {
                let register = self.register(|register| !register.natural_keys.is_empty());
                let key = &REGISTERS[register].natural_keys[0];
                let (field, _) = REGISTERS[register].field(key.field).expect("a key is a field");
                let value = self.filters().value(register, field);
                Root::ByKey { register, root: key.root, field, value, object: self.object(register, 3) }
            }
            92..95 => {
                let register = self.register(|_| true);
                Root::Node(self.target(register), self.node_selections())
            }
            _ => {
                let targets = (0..self.dice.below(8)).map(|_| {
                    let register = self.register(|_| true);
                    self.target(register)
                });
                Root::Nodes(targets.collect(), self.node_selections())
            }
        }
    }

    /// A register, of which the caller may see rows most of the time.
    fn register(&mut self, wanted: impl Fn(&entities::catalog::Register) -> bool) -> usize {
        let known: Vec<usize> = (0..REGISTERS.len()).filter(|index| wanted(REGISTERS[*index])).collect();
        // What is about people is asked for more often than what is open to all.
        let closed: Vec<usize> = known
            .iter()
            .copied()
            .filter(|index| !REGISTERS[*index].fields[1..].iter().all(|field| field.class == entities::catalog::Class::Public))
            .collect();
        let seen: Vec<usize> = closed.iter().copied().filter(|index| !self.access.is_empty(*index)).collect();
        let from = if self.dice.chance(70) && !seen.is_empty() { seen } else { known };
        *self.dice.pick(&from).expect("registers")
    }

    fn target(&mut self, register: usize) -> Target {
        let rows = &self.world.tables[register].rows;
        let seen: Vec<usize> = (0..rows.len()).filter(|row| self.access.visible(register, *row)).collect();
        let row = match self.dice.below(10) {
            0 => return Target { register, id: uuid::Uuid::from_u64_pair(self.dice.bits(), self.dice.bits()) },
            1..3 => self.dice.below(rows.len()),
            _ => self.dice.pick(&seen).copied().unwrap_or_default(),
        };
        Target { register, id: rows[row].id }
    }

    fn node_selections(&mut self) -> Vec<Object> {
        (0..REGISTERS.len())
            .map(|register| {
                let mut object = self.object(register, 1);
                // One response key must mean the same in every fragment.
                for entry in &mut object.entries {
                    entry.alias = Some(self.alias());
                }
                object
            })
            .collect()
    }

    pub(super) fn filters(&mut self) -> FilterMaker<'_> {
        FilterMaker { dice: self.dice, world: self.world, access: self.access }
    }

    /// A selection on a row.
    pub(super) fn object(&mut self, register: usize, depth: usize) -> Object {
        let catalog = REGISTERS[register];
        let mut entries: Vec<Keyed<Entry>> = vec![Keyed::plain(Entry::Field(0))];
        let count = 1 + self.dice.below(6);
        for _ in 0..count {
            self.budget = self.budget.saturating_sub(1);
            let item = match self.dice.below(100) {
                0..4 => Entry::Typename,
                4..14 => Entry::Access,
                14..30 if depth > 0 && self.budget > 0 => match self.dice.pick(catalog.relations) {
                    Some(relation) if relation.through.is_to_one() => {
                        Entry::Back(relation, self.object(position(relation.target), depth - 1))
                    }
                    Some(relation) => {
                        let (target, _, by_place) = tie(relation);
                        let mut list = self.list(target, depth - 1);
                        if by_place && list.size == Size::Default {
                            list.size = Size::First(3);
                        }
                        Entry::Many(relation, list)
                    }
                    None => continue,
                },
                30..50 if depth > 0 && self.budget > 0 => match self.one(register, depth) {
                    Some(entry) => entry,
                    None => continue,
                },
                _ => Entry::Field(self.shown(register)),
            };
            let name = entry_name(register, &item);
            let taken = entries.iter().any(|entry| entry.alias.is_none() && entry_name(register, &entry.item) == name);
            let alias = (taken || self.dice.chance(10)).then(|| self.alias());
            entries.push(Keyed { alias, item });
        }
        if entries.len() > 1 && self.dice.chance(20) {
            entries.remove(0);
        }
        Object { register, entries }
    }

    fn one(&mut self, register: usize, depth: usize) -> Option<Entry> {
        let fields: Vec<usize> = (0..REGISTERS[register].fields.len())
            .filter(|index| matches!(REGISTERS[register].fields[*index].kind, Kind::Reference(_) | Kind::Place))
            .collect();
        let field = *self.dice.pick(&fields)?;
        Some(match REGISTERS[register].fields[field].kind {
            Kind::Reference(target) => Entry::One(field, None, self.object(position(target), depth - 1)),
            _ => {
                let level = self.dice.chance(50).then(|| self.dice.below(5));
                Entry::One(field, level, self.object(position("region"), depth - 1))
            }
        })
    }

    /// A field that is no relation.
    fn shown(&mut self, register: usize) -> usize {
        let fields: Vec<usize> = (0..REGISTERS[register].fields.len())
            .filter(|index| !matches!(REGISTERS[register].fields[*index].kind, Kind::Reference(_) | Kind::Place | Kind::GeoJson))
            .collect();
        *self.dice.pick(&fields).expect("a register has fields")
    }

    /// A list with its arguments.
    fn list(&mut self, register: usize, depth: usize) -> List {
        let mut filter = self.dice.chance(45).then(|| self.filters().filter(register, 2));
        let order = self.order(register, &mut filter);
        // Pages within pages are small, so that the product stays small.
        let sizes: [usize; 7] = if depth < 3 { [0, 1, 1, 2, 2, 3, 5] } else { [0, 1, 2, 3, 5, 10, 40] };
        let size = match self.dice.below(10) {
            0..3 if depth == 3 || self.dice.chance(20) => Size::Default,
            0..8 => Size::First(sizes[self.dice.below(7)]),
            _ => Size::Last(sizes[self.dice.below(7)]),
        };
        let mut list = List { register, filter, order, size, after: None, before: None, parts: Vec::new() };
        if self.dice.chance(35) {
            list.after = self.cursor(&list);
        }
        if self.dice.chance(15) {
            list.before = self.cursor(&list);
        }
        let count = [1, 1, 1, 2, 2, 3][self.dice.below(6)];
        for index in 0..count {
            let item = match self.dice.below(100) {
                _ if index == 0 && self.dice.chance(70) => ListPart::Nodes(self.object(register, depth)),
                0..25 => ListPart::Nodes(self.object(register, depth)),
                25..50 => ListPart::Edges(self.dice.chance(60).then(|| self.object(register, depth))),
                50..70 => ListPart::PageInfo(self.dice.chance(60)),
                70..97 => ListPart::TotalCount(self.dice.chance(40).then(|| [0, 1, 3, 10, 100][self.dice.below(5)])),
                _ => ListPart::Typename,
            };
            let alias = (index > 0 || self.dice.chance(10)).then(|| self.alias());
            list.parts.push(Keyed { alias, item });
        }
        list
    }

    fn cursor(&mut self, list: &List) -> Option<Cursor> {
        let known = self.cursors.get(&order_name(list.register, &list.order))?;
        self.dice.pick(known).map(|(row, text)| Cursor { row: *row, text: text.clone() })
    }

    /// No, one or two keys; a key that is not covered everywhere gets its `fullyVisible`, most of the time.
    fn order(&mut self, register: usize, filter: &mut Option<Filter>) -> Vec<(usize, bool)> {
        let count = [0, 0, 1, 1, 1, 2][self.dice.below(6)];
        let mut order: Vec<(usize, bool)> = Vec::new();
        for _ in 0..count {
            let Some(field) = self.covered(&[Right::Filter, Right::Show], register, filter, |field| field.orders) else { continue };
            if order.iter().any(|(known, _)| *known == field) {
                continue;
            }
            order.push((field, self.dice.chance(50)));
            if field == 0 {
                break;
            }
        }
        order
    }

    /// A field to order or group by, with the filter that makes it possible.
    pub(super) fn covered(
        &mut self,
        rights: &[Right],
        register: usize,
        filter: &mut Option<Filter>,
        wanted: impl Fn(&Field) -> bool,
    ) -> Option<usize> {
        let any = self.dice.chance(3);
        let cover = |field: usize| {
            let covers: Vec<Cover> = rights.iter().map(|right| self.access.cover(*right, register, field)).collect();
            match self.access.is_empty(register) {
                false if covers.contains(&Cover::Nowhere) => Cover::Nowhere,
                false if covers.contains(&Cover::Somewhere) => Cover::Somewhere,
                _ => Cover::Everywhere,
            }
        };
        let fields = REGISTERS[register].fields.iter().enumerate();
        let fields: Vec<usize> =
            fields.filter(|(index, field)| wanted(field) && (any || cover(*index) != Cover::Nowhere)).map(|(index, _)| index).collect();
        let field = self.dice.pick(&fields).copied()?;
        if cover(field) == Cover::Somewhere && self.dice.chance(92) {
            keep_to_visible(self.dice, filter.get_or_insert_default(), field);
        }
        Some(field)
    }
}

/// Adds `fullyVisible` to the filter, in its object or in an `and` of it.
fn keep_to_visible(dice: &mut Dice, filter: &mut Filter, field: usize) {
    if let Some(Part::FullyVisible(fields)) = filter.0.iter_mut().find(|part| matches!(part, Part::FullyVisible(_))) {
        fields.push(field);
        return;
    }
    match filter.0.iter_mut().find(|part| matches!(part, Part::And(_))) {
        Some(Part::And(filters)) if dice.chance(50) => filters.push(Filter(vec![Part::FullyVisible(vec![field])])),
        _ => filter.0.push(Part::FullyVisible(vec![field])),
    }
}

fn entry_name(register: usize, entry: &Entry) -> &'static str {
    match entry {
        Entry::Typename => "__typename",
        Entry::Access => "access",
        Entry::Field(field) | Entry::One(field, ..) => REGISTERS[register].fields[*field].name,
        Entry::Many(relation, _) | Entry::Back(relation, _) => relation.name,
    }
}
