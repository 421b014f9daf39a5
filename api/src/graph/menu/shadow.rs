//! From a menu's base table to its figures, so that none depends on how many rows a small base cell has.
//!
//! A base cell of fewer than ten rows is small. It never enters a figure with its count: it stands in as nothing where a cell of
//! the same leaf region that holds it is suppressed too, which everyone is told, and else as a number below ten that the key
//! draws for the cell alone. So figures are sums of what is told and of what is drawn.
//!
//! A cell of fewer than ten rows is suppressed. Of those made of small cells alone, the key suppresses one in four whatever its
//! rows: else that one is suppressed would mean that it has fewer than ten, and such bounds on overlapping sums can close in on
//! a small cell from both sides. So what is told bounds small cells from one side only: each may have nine rows whatever is
//! told, and one.

use entities::region_code::RegionCode;

use crate::graph::rounding::{LEAST, may_be_summed, to_five};
use crate::policy::Key;

/// One way in which cells are told apart.
pub(in crate::graph) struct Axis {
    /// The field, or `period`.
    pub(super) name: &'static str,
    /// Its values, in the order of the cells; None is that of rows without a value.
    pub(super) values: Vec<Option<String>>,
}

/// The rows of one base cell.
#[derive(Clone, Debug, Default)]
pub(super) struct Base {
    pub(super) count: i64,
    pub(super) measures: Vec<Measured>,
}

/// What is known of a measure in a base cell.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Measured {
    pub(super) values: i64,
    pub(super) sum: i64,
    pub(super) amounts: i64,
    pub(super) greatest: i64,
}

/// A base table.
pub(super) struct Table<'t> {
    /// The register, which tells its drawings from those of other menus.
    pub(super) register: &'static str,
    pub(super) axes: &'t [Axis],
    /// The leaf regions that have rows, each with its base cells in the order of the axes, the last axis fastest.
    pub(super) leaves: Vec<(RegionCode, Vec<Base>)>,
}

/// One published cell.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Told {
    /// The count as it is told; None if it is suppressed.
    pub(super) count: Option<i64>,
    /// For each measure, the sum and how many values went in; None where nothing may be told.
    pub(super) measures: Vec<Option<(i64, i64)>>,
}

/// What a cell is made of.
#[derive(Clone, Copy, Debug, Default)]
struct Sum {
    rows: i64,
    shadow: i64,
    /// True if a base cell in it is not small.
    has_large: bool,
}

impl Sum {
    fn add(&mut self, rows: i64, shadow: i64) {
        let Self { rows: all, shadow: shadows, has_large } = *self;
        *self = Self { rows: all + rows, shadow: shadows + shadow, has_large: has_large || rows >= LEAST };
    }
}

/// How many cells the axes that are kept make.
pub(super) fn cells(axes: &[Axis], kept: &[bool]) -> usize {
    axes.iter().zip(kept).filter(|(_, kept)| **kept).map(|(axis, _)| axis.values.len()).product()
}

/// The position on each axis of a cell among those that the kept axes make; None on the others.
pub(super) fn positions(axes: &[Axis], kept: &[bool], mut cell: usize) -> Vec<Option<usize>> {
    let mut positions = vec![None; axes.len()];
    for (index, axis) in axes.iter().enumerate().rev().filter(|(index, _)| kept[*index]) {
        positions[index] = Some(cell % axis.values.len());
        cell /= axis.values.len();
    }
    positions
}

/// The cell of the kept axes that holds a base cell.
fn projected(axes: &[Axis], kept: &[bool], base: usize) -> usize {
    let all = vec![true; axes.len()];
    let at = positions(axes, &all, base);
    let kept = axes.iter().zip(kept).zip(at).filter(|((_, kept), _)| **kept);
    kept.fold(0, |cell, ((axis, _), at)| cell * axis.values.len() + at.unwrap_or_default())
}

impl Table<'_> {
    /// All cells of a region, in the order of the kept axes.
    pub(super) fn told(&self, key: &Key, region: RegionCode, kept: &[bool]) -> Vec<Told> {
        let measures = self.leaves.iter().flat_map(|(_, bases)| bases).map(|base| base.measures.len()).max().unwrap_or_default();
        let count = cells(self.axes, kept);
        let mut counts = vec![Sum::default(); count];
        let mut sums = vec![vec![(0, 0); measures]; count];
        for (leaf, bases) in self.leaves.iter().filter(|(leaf, _)| region.contains(*leaf)) {
            let shadows = self.shadows(key, *leaf, bases);
            for (index, (base, shadow)) in bases.iter().zip(shadows).enumerate() {
                let cell = projected(self.axes, kept, index);
                counts[cell].add(base.count, shadow);
                for (total, measured) in sums[cell].iter_mut().zip(&base.measures) {
                    if may_be_summed(measured.values, measured.amounts, measured.greatest) {
                        *total = (total.0 + measured.sum, total.1 + measured.values);
                    }
                }
            }
        }
        let told = counts.into_iter().zip(sums).enumerate().map(|(cell, (count, sums))| {
            let measures = sums.into_iter().map(|(sum, values)| (values > 0).then_some((sum, values))).collect();
            let label = self.label(kept, cell);
            let rounded = || to_five(count.shadow.max(LEAST), self.draw(key, b"menu rounding", region, &label, 2) == 1);
            Told { count: self.is_told(key, region, &count, &label).then(rounded), measures }
        });
        told.collect()
    }

    /// What each base cell of a leaf region enters with.
    fn shadows(&self, key: &Key, leaf: RegionCode, bases: &[Base]) -> Vec<i64> {
        // The cells of the leaf region that are told beside its base cells: by each choice of axes, fewer than all.
        let choices: Vec<Vec<bool>> =
            (0..(1_usize << self.axes.len()) - 1).map(|bits| (0..self.axes.len()).map(|axis| bits >> axis & 1 == 1).collect()).collect();
        let margins: Vec<Vec<bool>> = choices
            .iter()
            .map(|kept| {
                let mut counts = vec![Sum::default(); cells(self.axes, kept)];
                bases.iter().enumerate().for_each(|(index, base)| counts[projected(self.axes, kept, index)].add(base.count, 0));
                let told = counts.iter().enumerate().map(|(cell, count)| self.is_told(key, leaf, count, &self.label(kept, cell)));
                told.collect()
            })
            .collect();
        let in_suppressed = |index: usize| choices.iter().zip(&margins).any(|(kept, told)| !told[projected(self.axes, kept, index)]);
        let shadow = |(index, base): (usize, &Base)| match base.count {
            count if count >= LEAST => count,
            _ if in_suppressed(index) => 0,
            _ => self.draw(key, b"menu stand-in", leaf, &self.label(&vec![true; self.axes.len()], index), LEAST.unsigned_abs()),
        };
        bases.iter().enumerate().map(shadow).collect()
    }

    /// True if the cell's count is told. `label` names it.
    fn is_told(&self, key: &Key, region: RegionCode, count: &Sum, label: &str) -> bool {
        count.rows >= LEAST && (count.has_large || self.draw(key, b"menu silence", region, label, 4) != 0)
    }

    /// A number below `bound` for one cell of a region.
    fn draw(&self, key: &Key, purpose: &[u8], region: RegionCode, label: &str, bound: u64) -> i64 {
        let parts: [&[u8]; 4] = [purpose, self.register.as_bytes(), &region.number().to_be_bytes(), label.as_bytes()];
        i64::try_from(key.draw(&parts, bound)).unwrap_or_default()
    }

    /// A name for a cell that no other cell of the region has: `sex=MALE,ageBand=*`. Periods that are not told apart are named by
    /// the first and the last one, so that other periods are another cell.
    fn label(&self, kept: &[bool], cell: usize) -> String {
        let value = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
        let at = positions(self.axes, kept, cell);
        let parts = self.axes.iter().zip(at).map(|(axis, at)| {
            let text = match at.and_then(|at| axis.values.get(at)) {
                Some(one) => value(one),
                None if axis.name == "period" => axis.values.iter().map(value).collect::<Vec<_>>().join(".."),
                None => "*".to_owned(),
            };
            format!("{}={text}", axis.name)
        });
        parts.collect::<Vec<_>>().join(",")
    }
}

#[cfg(test)]
#[path = "shadow_tests.rs"]
mod tests;
