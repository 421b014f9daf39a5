//! Planning of menus: the right, the region and the level, the axes of the base table.

use apollo_compiler::executable::Field as Selected;
use chrono::{Datelike, Months, NaiveDate};
use entities::catalog::{self, Kind, Register};
use entities::codes::RegionLevel;
use entities::menus::{Menu, MenuPeriod, MenuPeriods};
use entities::region_code::RegionCode;

use super::{Axis, CellEntry, KeyEntry, MenuEntry, MenuPlan, MenuSelection, PlannedCell, PlannedKey, PlannedMenu};
use crate::graph::error::GraphError;
use crate::graph::filters::region_code;
use crate::graph::names::enum_value;
use crate::graph::pages::{bounded, offset_in};
use crate::graph::plan::Work;
use crate::graph::planner::{Place, Planner, level_of};
use crate::graph::refusals::menus;
use crate::graph::stats_planner::list;
use crate::graph::values::argument;
use crate::store::statistics::{MenuTable, Period, Window};

impl<'p> Planner<'p> {
    /// Plans a menu.
    pub(in crate::graph) fn menu(
        &mut self,
        menu: &'static Menu,
        field: &'p Selected,
        selection: &'p MenuSelection,
    ) -> Result<MenuPlan<'p>, GraphError> {
        let register = catalog::register(menu.register).ok_or_else(|| menus::not_given(menu.register))?;
        let region = region_code(&argument(field, "region", self.variables).unwrap_or_default(), "region")?;
        let level = level_of(&argument(field, "level", self.variables).unwrap_or_default()).unwrap_or(menu.leaf);
        let permit = self.permits.menu(register).ok_or_else(|| menus::not_given(register.type_name))?;
        let scope = permit.within(region).ok_or_else(|| menus::not_given_there(register.type_name, region))?;
        if region.level() > menu.leaf || level > menu.leaf {
            return Err(menus::below_leaf(menu.leaf));
        }
        if level < region.level() {
            return Err(menus::level_above_region(region));
        }
        let size = argument(field, "first", self.variables).and_then(|first| first.as_i64());
        let size = bounded(size.unwrap_or(self.limits.default_page_size as i64), self.limits)?;
        self.spend(size as u64)?;
        let window = menu.periods.and_then(|periods| window(register, &periods, self.now.today));
        let axes = axes(register, menu, window.as_ref());
        let wanted: Vec<String> =
            list(argument(field, "by", self.variables)).iter().filter_map(|by| by.as_str().map(str::to_owned)).collect();
        let kept: Vec<bool> = axes.iter().map(|axis| wanted.contains(&enum_value(axis.name))).collect();
        let signature = signature(menu, region, level, &axes, &kept);
        let offset = match argument(field, "after", self.variables) {
            Some(serde_json::Value::String(text)) => offset_in(&text, "cell", &signature)?,
            _ => 0,
        };
        let positions = |names: &[&str]| names.iter().filter_map(|name| register.field(name)).map(|(index, _)| index).collect();
        let table = MenuTable {
            register,
            leaf: menu.leaf,
            dimensions: positions(menu.dimensions),
            window,
            measures: positions(menu.measures),
            zone: self.now.offset,
        };
        let step = self.add_step(register, Work::Menu { table, scope });
        let mut plan = MenuPlan {
            register,
            menu,
            step,
            region,
            level,
            axes,
            kept,
            offset,
            size,
            signature,
            type_name: &selection.type_name,
            entries: Vec::with_capacity(selection.entries.len()),
        };
        for (key, entry) in &selection.entries {
            self.path.push(key.as_str());
            let planned = match entry {
                MenuEntry::Typename => PlannedMenu::Typename,
                MenuEntry::TotalCount => PlannedMenu::TotalCount,
                MenuEntry::PageInfo(parts) => PlannedMenu::PageInfo(parts),
                MenuEntry::Nodes(cells) => PlannedMenu::Nodes(self.menu_cells(&plan, cells)?),
            };
            self.path.pop();
            plan.entries.push((key.as_str(), planned));
        }
        Ok(plan)
    }

    fn menu_cells(&mut self, plan: &MenuPlan<'p>, cells: &'p [(String, CellEntry)]) -> Result<Vec<(&'p str, PlannedCell<'p>)>, GraphError> {
        let mut planned = Vec::with_capacity(cells.len());
        for (key, cell) in cells {
            let cell = match cell {
                CellEntry::Typename => PlannedCell::Typename,
                CellEntry::Count => PlannedCell::Count,
                CellEntry::Suppressed => PlannedCell::Suppressed,
                CellEntry::Measures(figure, measures) => {
                    PlannedCell::Measures(*figure, measures.iter().map(|(key, measure)| (key.as_str(), *measure)).collect())
                }
                CellEntry::Key(entries) => {
                    let entries = entries.iter().map(|(key, entry)| Ok((key.as_str(), self.menu_key(plan, entry)?)));
                    PlannedCell::Key(entries.collect::<Result<_, GraphError>>()?)
                }
            };
            planned.push((key.as_str(), cell));
        }
        Ok(planned)
    }

    fn menu_key(&mut self, plan: &MenuPlan<'p>, entry: &'p KeyEntry) -> Result<PlannedKey<'p>, GraphError> {
        Ok(match entry {
            KeyEntry::Typename => PlannedKey::Typename,
            KeyEntry::Axis(axis) if plan.kept.get(*axis) == Some(&true) => PlannedKey::Axis(*axis),
            KeyEntry::Axis(_) => PlannedKey::Null,
            KeyEntry::Region(selection) => {
                let step = self.add_step(selection.register, Work::Regions { within: plan.region, level: plan.level });
                PlannedKey::Region(self.object(Place { step, table: 0, rows: plan.size as u64 }, selection)?)
            }
        })
    }
}

/// The closed periods that a menu goes back to.
fn window(register: &'static Register, periods: &MenuPeriods, today: NaiveDate) -> Option<Window> {
    let (field, _) = register.field(periods.field)?;
    let months = periods.length.months();
    let month = today.month0() / months * months + 1;
    let until = NaiveDate::from_ymd_opt(today.year(), month, 1)?;
    let from = until.checked_sub_months(Months::new(months * periods.closed))?;
    let period = match periods.length {
        MenuPeriod::Quarter => Period::Quarter,
        MenuPeriod::Year => Period::Year,
    };
    Some(Window { field, period, from, until })
}

/// The axes of the base table: the dimensions with all their values, then the periods.
fn axes(register: &'static Register, menu: &Menu, window: Option<&Window>) -> Vec<Axis> {
    let dimensions = menu.dimensions.iter().filter_map(|name| register.field(name)).map(|(_, field)| {
        let codes = if let Kind::Code(list) = field.kind { list.codes } else { &[] };
        let none = field.nullable.then_some(None);
        Axis { name: field.name, values: codes.iter().map(|code| Some(code.value.to_owned())).chain(none).collect() }
    });
    let mut axes: Vec<Axis> = dimensions.collect();
    if let (Some(Window { from, until, .. }), Some(periods)) = (window, menu.periods) {
        let days = std::iter::successors(Some(*from), |day| day.checked_add_months(Months::new(periods.length.months())));
        axes.push(Axis { name: "period", values: days.take_while(|day| day < until).map(|day| Some(day.to_string())).collect() });
    }
    axes
}

fn signature(menu: &Menu, region: RegionCode, level: RegionLevel, axes: &[Axis], kept: &[bool]) -> String {
    let by = axes.iter().zip(kept).filter(|(_, kept)| **kept).map(|(axis, _)| axis.name);
    let parts = [menu.register.to_owned(), region.to_string(), format!("{level:?}")];
    parts.into_iter().chain(by.map(str::to_owned)).collect::<Vec<_>>().join(".")
}
