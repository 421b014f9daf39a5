//! Making a failing query smaller: everything that can be left out is left out in turn.

use super::query::{Entry, Filter, GroupPart, KeyPart, Keyed, List, ListPart, Object, Part, Query, Root, Stats};

/// Leaves out the one thing whose turn it is.
struct Cutter {
    turn: usize,
    seen: usize,
}

/// The query without its `turn`-th part; None if it has not so many.
pub(super) fn without(query: &Query, turn: usize) -> Option<Query> {
    let mut query = query.clone();
    let mut cutter = Cutter { turn, seen: 0 };
    cutter.list_of(&mut query.roots, true);
    for root in &mut query.roots {
        cutter.root(&mut root.item);
    }
    (cutter.seen > turn).then_some(query)
}

impl Cutter {
    fn hit(&mut self) -> bool {
        self.seen += 1;
        self.seen == self.turn + 1
    }

    /// One item less; the last one stays where one is needed.
    fn list_of<T>(&mut self, items: &mut Vec<T>, needs_one: bool) {
        let count = items.len();
        let cut = (0..count).filter(|_| !needs_one || count > 1).find(|_| self.hit());
        if let Some(index) = cut {
            items.remove(index);
        }
    }

    fn option<T>(&mut self, value: &mut Option<T>) {
        if value.is_some() && self.hit() {
            *value = None;
        }
    }

    fn root(&mut self, root: &mut Root) {
        match root {
            Root::ById(_, object) | Root::ByKey { object, .. } => self.object(object),
            Root::Node(_, objects) => objects.iter_mut().for_each(|object| self.object(object)),
            Root::Nodes(targets, objects) => {
                self.list_of(targets, false);
                objects.iter_mut().for_each(|object| self.object(object));
            }
            Root::List(list) => self.list(list),
            Root::Stats(stats) => self.stats(stats),
        }
    }

    fn object(&mut self, object: &mut Object) {
        self.list_of(&mut object.entries, true);
        for entry in &mut object.entries {
            match &mut entry.item {
                Entry::One(_, level, inner) => {
                    self.option(level);
                    self.object(inner);
                }
                Entry::Many(_, list) => self.list(list),
                Entry::Back(_, inner) => self.object(inner),
                Entry::Typename | Entry::Field(_) | Entry::Access => {}
            }
        }
    }

    fn list(&mut self, list: &mut List) {
        self.option(&mut list.filter);
        self.list_of(&mut list.order, false);
        self.option(&mut list.after);
        self.option(&mut list.before);
        self.list_of(&mut list.parts, true);
        if let Some(filter) = &mut list.filter {
            self.filter(filter);
        }
        for Keyed { item, .. } in &mut list.parts {
            if let ListPart::Nodes(object) | ListPart::Edges(Some(object)) = item {
                self.object(object);
            }
        }
    }

    fn filter(&mut self, filter: &mut Filter) {
        self.list_of(&mut filter.0, false);
        for part in &mut filter.0 {
            match part {
                Part::And(filters) | Part::Or(filters) => {
                    self.list_of(filters, false);
                    filters.iter_mut().for_each(|filter| self.filter(filter));
                }
                Part::Not(inner) | Part::One(_, inner) => self.filter(inner),
                Part::FullyVisible(fields) => self.list_of(fields, true),
                Part::Test(_, tests) => self.list_of(tests, false),
                Part::IsNull(_) => {}
                Part::Many(_, quantified) => {
                    self.list_of(quantified, true);
                    quantified.iter_mut().for_each(|(_, filter)| self.filter(filter));
                }
            }
        }
    }

    fn stats(&mut self, stats: &mut Stats) {
        self.option(&mut stats.filter);
        self.list_of(&mut stats.having, false);
        self.list_of(&mut stats.order, false);
        self.option(&mut stats.first);
        self.option(&mut stats.after);
        self.list_of(&mut stats.groups, true);
        if let Some(filter) = &mut stats.filter {
            self.filter(filter);
        }
        for Keyed { item, .. } in &mut stats.groups {
            match item {
                GroupPart::Measures(_, fields) => self.list_of(fields, true),
                GroupPart::Key(parts) => {
                    self.list_of(parts, true);
                    for part in parts {
                        if let KeyPart::Reference(_, object) | KeyPart::Region(object) = &mut part.item {
                            self.object(object);
                        }
                    }
                }
                GroupPart::Count | GroupPart::Suppressed => {}
            }
        }
    }
}
