//! What a caller may do, as `me.permissions` tells.

use std::collections::HashMap;

use entities::catalog::{Field, Register};
use serde_json::Value;

use crate::harness::Client;

/// On which rows a right holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Extent {
    All,
    Some,
    None,
}

/// The rights on one field.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rights {
    pub(crate) show: Extent,
    pub(crate) mask: Extent,
    pub(crate) filter: Extent,
    pub(crate) aggregate: Extent,
    pub(crate) duplicates: Extent,
}

/// All that `me.permissions` tells.
pub(crate) struct Permissions {
    rows: HashMap<String, bool>,
    menus: HashMap<String, Extent>,
    fields: HashMap<(String, String), Rights>,
}

impl Permissions {
    /// Asks.
    pub(crate) async fn of_caller(client: &Client<'_>) -> Self {
        let answer = client.query("{ me { permissions { type rows menu fields { name show mask filter aggregate duplicates } } } }").await;
        let mut permissions = Self { rows: HashMap::new(), menus: HashMap::new(), fields: HashMap::new() };
        let text = |value: &Value| value.as_str().expect("text").to_owned();
        for register in answer.data()["me"]["permissions"].as_array().expect("a list") {
            permissions.rows.insert(text(&register["type"]), register["rows"] == true);
            permissions.menus.insert(text(&register["type"]), extent(&register["menu"]));
            for field in register["fields"].as_array().expect("a list") {
                let right = |name: &str| extent(&field[name]);
                let rights = Rights {
                    show: right("show"),
                    mask: right("mask"),
                    filter: right("filter"),
                    aggregate: right("aggregate"),
                    duplicates: right("duplicates"),
                };
                permissions.fields.insert((text(&register["type"]), text(&field["name"])), rights);
            }
        }
        permissions
    }

    /// True if any row may be in scope.
    pub(crate) fn rows(&self, register: &Register) -> bool {
        self.rows[register.type_name]
    }

    /// In which regions the register's menu may be asked.
    pub(crate) fn menu(&self, register: &Register) -> Extent {
        self.menus[register.type_name]
    }

    /// The rights on a field.
    pub(crate) fn of(&self, register: &Register, field: &Field) -> Rights {
        self.fields[&(register.type_name.to_owned(), field.name.to_owned())]
    }
}

fn extent(value: &Value) -> Extent {
    match value.as_str() {
        Some("ALL") => Extent::All,
        Some("SOME") => Extent::Some,
        _ => Extent::None,
    }
}
