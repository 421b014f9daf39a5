//! What a document selects of a menu.

use apollo_compiler::executable::SelectionSet;
use entities::catalog::{self, Register};
use entities::menus::Menu;

use super::{CellEntry, Figure, KeyEntry, MenuEntry, MenuSelection};
use crate::graph::selection::{Reader, sets};

impl<'d> Reader<'d> {
    /// Reads what is selected of a register's menu.
    pub(in crate::graph) fn menu(&self, register: &'static Register, menu: &'static Menu, inner: &[&'d SelectionSet]) -> MenuSelection {
        let type_name = format!("{}MenuConnection", register.type_name);
        let entries = self.merge(inner, &type_name).into_iter().map(|(key, fields)| {
            let inner = sets(&fields);
            let entry = match fields[0].name.as_str() {
                "nodes" => MenuEntry::Nodes(self.menu_cells(register, menu, &inner)),
                "pageInfo" => MenuEntry::PageInfo(self.plain(&inner, "PageInfo")),
                "totalCount" => MenuEntry::TotalCount,
                _ => MenuEntry::Typename,
            };
            (key, entry)
        });
        MenuSelection { entries: entries.collect(), type_name }
    }

    fn menu_cells(&self, register: &'static Register, menu: &'static Menu, inner: &[&'d SelectionSet]) -> Vec<(String, CellEntry)> {
        let merged = self.merge(inner, &format!("{}MenuCell", register.type_name));
        let cells = merged.into_iter().map(|(key, fields)| {
            let inner = sets(&fields);
            let measures = |figure, suffix: &str| {
                let merged = self.merge(&inner, &format!("{}Menu{suffix}", register.type_name));
                let position = |name: &str| menu.measures.iter().position(|measure| *measure == name);
                CellEntry::Measures(figure, merged.into_iter().map(|(key, fields)| (key, position(&fields[0].name))).collect())
            };
            let entry = match fields[0].name.as_str() {
                "key" => CellEntry::Key(self.menu_key(register, menu, &inner)),
                "count" => CellEntry::Count,
                "suppressed" => CellEntry::Suppressed,
                "sum" => measures(Figure::Sum, "Sums"),
                "avg" => measures(Figure::Average, "Averages"),
                _ => CellEntry::Typename,
            };
            (key, entry)
        });
        cells.collect()
    }

    fn menu_key(&self, register: &'static Register, menu: &'static Menu, inner: &[&'d SelectionSet]) -> Vec<(String, KeyEntry)> {
        let merged = self.merge(inner, &format!("{}MenuKey", register.type_name));
        let entries = merged.into_iter().map(|(key, fields)| {
            let name = fields[0].name.as_str();
            let axis = menu.dimensions.iter().position(|dimension| *dimension == name);
            let entry = match name {
                "region" => match catalog::register("region") {
                    Some(region) => KeyEntry::Region(self.object(region, &sets(&fields))),
                    None => KeyEntry::Typename,
                },
                "period" => KeyEntry::Axis(menu.dimensions.len()),
                _ => axis.map_or(KeyEntry::Typename, KeyEntry::Axis),
            };
            (key, entry)
        });
        entries.collect()
    }
}
