//! Writing what a menu tells.

use std::collections::BTreeMap;

use entities::catalog::Kind;
use entities::region_code::RegionCode;
use serde_json::json as value;

use super::shadow::{Base, Measured, Table, Told, cells, positions};
use super::{Figure, MenuPlan, PlannedCell, PlannedKey, PlannedMenu};
use crate::graph::answer::{Unwritten, Writer};
use crate::graph::rounding::to_three_digits;
use crate::graph::{json, money, plain};
use crate::store::Error;
use crate::store::rows::Cell;
use crate::store::statistics::PER_MEASURE;

/// One cell of the list.
struct Listed {
    /// Position of the region among those listed.
    region: usize,
    /// Position of the cell among those of the region.
    cell: usize,
}

impl Writer<'_> {
    /// Writes the cells of a menu: all there are, whether they have rows or not.
    pub(in crate::graph) fn menu(&mut self, plan: &MenuPlan<'_>) -> Result<(), Unwritten> {
        let tree = self.fetched.tree();
        let codes = |index: usize| tree.region(index).code;
        let regions: Vec<RegionCode> = tree.below(plan.region, plan.level, self.today).into_iter().map(codes).collect();
        let each = cells(&plan.axes, &plan.kept);
        let total = regions.len() * each;
        let start = usize::try_from(plan.offset).unwrap_or(usize::MAX).min(total);
        let end = start.saturating_add(plan.size).min(total);
        let table = self.base_table(plan)?;
        let mut told: BTreeMap<usize, Vec<Told>> = BTreeMap::new();
        for index in start..end {
            told.entry(index / each).or_insert_with(|| table.told(self.key, regions[index / each], &plan.kept));
        }
        self.out.push(b'{');
        let mut first = true;
        for (key, entry) in &plan.entries {
            json::key(&mut self.out, &mut first, key);
            match entry {
                PlannedMenu::Typename => json::string(&mut self.out, plan.type_name),
                PlannedMenu::TotalCount => json::integer(&mut self.out, i64::try_from(total).unwrap_or(i64::MAX)),
                PlannedMenu::PageInfo(parts) => {
                    let cursor = |number: usize| (start < end).then(|| format!("cell:{number}:{}", plan.signature));
                    let info = value!({
                        "hasNextPage": end < total,
                        "hasPreviousPage": start > 0,
                        "startCursor": cursor(start + 1),
                        "endCursor": cursor(end),
                    });
                    plain::write(&mut self.out, parts, &info);
                }
                PlannedMenu::Nodes(entries) => {
                    let range: Vec<usize> = (start..end).collect();
                    self.list(&range, |writer, index| {
                        let listed = Listed { region: index / each, cell: index % each };
                        match told.get(&listed.region).and_then(|cells| cells.get(listed.cell)) {
                            Some(told) => writer.menu_cell(plan, entries, &listed, told),
                            None => Ok(()),
                        }
                    })?;
                }
            }
        }
        self.out.push(b'}');
        Ok(())
    }

    /// The base table, as its statement gave it. Rows that lie in no region of the leaf level are counted nowhere.
    fn base_table<'t>(&self, plan: &'t MenuPlan<'_>) -> Result<Table<'t>, Error> {
        let (step, axes) = (plan.step, &plan.axes);
        let bases = cells(axes, &vec![true; axes.len()]);
        let empty = Base { count: 0, measures: vec![Measured::default(); plan.menu.measures.len()] };
        let mut leaves: BTreeMap<RegionCode, Vec<Base>> = BTreeMap::new();
        for row in self.fetched.children(step, 0) {
            let number = |column: usize| Ok::<_, Error>(self.fetched.cell(step, row, column)?.integer().unwrap_or_default());
            let Some(leaf) = self.fetched.cell(step, row, 0)?.integer().and_then(RegionCode::from_number) else { continue };
            let mut position = Some(0);
            for (index, axis) in axes.iter().enumerate() {
                let found = match self.fetched.cell(step, row, 1 + index)? {
                    Cell::Text(text) => axis.values.iter().position(|known| known.as_deref() == Some(text)),
                    Cell::Date(day) => axis.values.iter().position(|known| *known == Some(day.to_string())),
                    _ => axis.values.iter().position(Option::is_none),
                };
                position = position.zip(found).map(|(position, found)| position * axis.values.len() + found);
            }
            let Some(position) = position else { continue };
            let counted = 1 + axes.len();
            let base = &mut leaves.entry(leaf).or_insert_with(|| vec![empty.clone(); bases])[position];
            base.count = number(counted)?;
            for (index, measured) in base.measures.iter_mut().enumerate() {
                let column = counted + 1 + index * PER_MEASURE;
                *measured = Measured {
                    values: number(column)?,
                    sum: number(column + 1)?,
                    amounts: number(column + 2)?,
                    greatest: number(column + 3)?,
                };
            }
        }
        Ok(Table { register: plan.menu.register, axes, leaves: leaves.into_iter().collect() })
    }

    fn menu_cell(
        &mut self,
        plan: &MenuPlan<'_>,
        entries: &[(&str, PlannedCell<'_>)],
        listed: &Listed,
        told: &Told,
    ) -> Result<(), Unwritten> {
        let type_name = plan.register.type_name;
        self.out.push(b'{');
        let mut first = true;
        for (key, entry) in entries {
            json::key(&mut self.out, &mut first, key);
            match entry {
                PlannedCell::Typename => json::string(&mut self.out, &format!("{type_name}MenuCell")),
                PlannedCell::Suppressed => json::boolean(&mut self.out, told.count.is_none()),
                PlannedCell::Count => match told.count {
                    Some(count) => json::integer(&mut self.out, count),
                    None => json::null(&mut self.out),
                },
                PlannedCell::Measures(figure, measures) => self.menu_measures(plan, *figure, measures, told),
                PlannedCell::Key(entries) => self.menu_key(plan, entries, listed)?,
            }
        }
        self.out.push(b'}');
        Ok(())
    }

    fn menu_measures(&mut self, plan: &MenuPlan<'_>, figure: Figure, measures: &[(&str, Option<usize>)], told: &Told) {
        self.out.push(b'{');
        let mut first = true;
        for (key, measure) in measures {
            json::key(&mut self.out, &mut first, key);
            let Some(index) = measure else {
                let suffix = if figure == Figure::Sum { "Sums" } else { "Averages" };
                json::string(&mut self.out, &format!("{}Menu{suffix}", plan.register.type_name));
                continue;
            };
            let Some((sum, values)) = told.measures.get(*index).copied().flatten() else {
                json::null(&mut self.out);
                continue;
            };
            let number = to_three_digits(if figure == Figure::Sum { sum as f64 } else { sum as f64 / values as f64 });
            let field = plan.register.field(plan.menu.measures[*index]);
            if field.is_some_and(|(_, field)| matches!(field.kind, Kind::Money)) {
                json::string(&mut self.out, &money::yuan_of_mean(number));
            } else {
                json::float(&mut self.out, number);
            }
        }
        self.out.push(b'}');
    }

    fn menu_key(&mut self, plan: &MenuPlan<'_>, entries: &[(&str, PlannedKey<'_>)], listed: &Listed) -> Result<(), Unwritten> {
        let at = positions(&plan.axes, &plan.kept, listed.cell);
        self.out.push(b'{');
        let mut first = true;
        for (key, entry) in entries {
            json::key(&mut self.out, &mut first, key);
            match entry {
                PlannedKey::Typename => json::string(&mut self.out, &format!("{}MenuKey", plan.register.type_name)),
                PlannedKey::Null => json::null(&mut self.out),
                PlannedKey::Region(object) => self.object(object, listed.region)?,
                PlannedKey::Axis(axis) => match at[*axis].and_then(|position| plan.axes[*axis].values[position].as_deref()) {
                    Some(text) => json::string(&mut self.out, text),
                    None => json::null(&mut self.out),
                },
            }
        }
        self.out.push(b'}');
        Ok(())
    }
}
