//! The committed access matrix says what the program does: every cell is compared with `me.permissions` of its role, which the
//! tests beside this one compare with what happens.

use std::collections::HashMap;

use entities::catalog::{Field, Register};
use entities::codes::Board;
use entities::registers::REGISTERS;
use uuid::Uuid;

use super::permissions::{Extent, Permissions};
use crate::harness::{self, App, Who};
use crate::schema::root;

/// The cells of `docs/matrix.md` by type, role and field; the line of rows stands under the field `**rows**`.
struct Matrix(HashMap<(String, String, String), String>);

impl Matrix {
    fn read() -> Self {
        let page = std::fs::read_to_string(root().join("docs/matrix.md")).expect("docs/matrix.md");
        let mut cells = HashMap::new();
        for section in page.split("\n## ").skip(1) {
            let type_name = section.lines().next().expect("a heading").to_owned();
            let mut lines = section.lines().filter(|line| line.starts_with("| ")).map(split);
            let heads = lines.next().expect("a table");
            for line in lines.filter(|line| !line[0].starts_with("---")) {
                assert_eq!(line.len(), heads.len(), "{type_name}: {line:?}");
                for (role, cell) in heads.iter().zip(&line).skip(3) {
                    cells.insert((type_name.clone(), role.clone(), line[0].clone()), cell.clone());
                }
            }
        }
        Self(cells)
    }

    fn cell(&self, register: &Register, role: &str, field: &str) -> &str {
        let key = (register.type_name.to_owned(), role.to_owned(), field.to_owned());
        self.0.get(&key).unwrap_or_else(|| panic!("docs/matrix.md has no cell for {key:?}"))
    }
}

/// The cells of a line of a table.
fn split(line: &str) -> Vec<String> {
    let line = line.replace("\\|", "&#124;");
    line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect()
}

/// What a cell says of show, filter, aggregate, duplicates and masks.
fn decode(cell: &str, field: &Field) -> [Extent; 5] {
    let mut rights = [None; 5];
    for part in cell.split(", ").filter(|part| *part != "–") {
        let word = part.trim_end_matches(|sign| "⁰¹²³⁴⁵⁶⁷⁸⁹".contains(sign));
        let extent = if word == part { Extent::All } else { Extent::Some };
        match word {
            "shown" => rights[0] = Some(extent),
            "filter" => rights[1] = Some(extent),
            "no filter" => rights[1] = Some(Extent::None),
            masked if masked.starts_with("masked: ") => rights[4] = Some(extent),
            "aggregate" => rights[2] = Some(extent),
            "duplicates" => rights[3] = Some(extent),
            other => panic!("a cell says {other:?}"),
        }
    }
    let show = rights[0].unwrap_or(Extent::None);
    let filter = if field.filters || field.orders { rights[1].unwrap_or(show) } else { Extent::None };
    [show, filter, rights[2].unwrap_or(Extent::None), rights[3].unwrap_or(Extent::None), rights[4].unwrap_or(Extent::None)]
}

/// True if a grant of the role, or of everyone, gives the field only for some purposes or boards, as the policy file says.
fn is_conditional(role: &str, register: &Register, field: &Field) -> bool {
    let file: toml::Table = civigrid::policy::BUILT_IN.parse().expect("a policy is TOML");
    let list = |grant: &toml::Value, key: &str| -> Vec<String> {
        let words = grant.get(key).and_then(toml::Value::as_array).into_iter().flatten();
        words.filter_map(|word| word.as_str().map(str::to_owned)).collect()
    };
    let grants = file["role"].get(role).and_then(|role| role.get("grant")).and_then(toml::Value::as_array);
    grants.into_iter().flatten().any(|grant| {
        let conditional = grant.get("purposes").is_some() || grant.get("boards").is_some();
        let words = ["show", "mask", "filter", "aggregate"].iter().flat_map(|key| list(grant, key));
        let named = |word: String| {
            let name = word.split_once(':').map_or(word.as_str(), |(first, rest)| if first == "class" { rest } else { first });
            name == field.name || name == field.class.word()
        };
        conditional && grant["register"].as_str() == Some(register.name) && words.into_iter().any(named)
    })
}

/// A caller of the role with every bound that an assignment can have, as the matrix means it.
fn with_every_bound(who: Who) -> Who {
    if who.role.is_none() {
        return who;
    }
    let regions = if who.regions.is_empty() { Who::of("city_officer").regions } else { who.regions };
    Who {
        role: who.role,
        regions,
        board: who.board.or(Some(Board::Services)),
        department: who.department.or(Some(Uuid::from_u128(1))),
        person: who.person.or(Some(Uuid::from_u128(2))),
    }
}

#[tokio::test]
async fn every_cell_of_the_matrix_says_what_the_role_may() {
    let matrix = Matrix::read();
    let database = harness::databases().await.into_iter().next().expect("SQLite at least");
    let app = App::start(&database).await;
    let mut compared = 0;
    for who in Who::all().into_iter().map(with_every_bound) {
        let permissions = Permissions::of_caller(&app.as_who(&who)).await;
        for register in REGISTERS {
            let rows = matrix.cell(register, who.name(), "**rows**");
            // What everyone who is known is given, nobody known is not.
            let of_nobody = who.role.is_none() && rows == "about the caller";
            // Nor are rows given without the purpose that every grant of them asks for.
            let of_a_purpose = rows.contains(" for ") || rows.starts_with("for ");
            let told = permissions.rows(register);
            assert!((rows != "none" && !of_nobody) == told || (of_a_purpose && !told), "{} {}", who.name(), register.name);
            if of_nobody || !told {
                continue;
            }
            if register.menu().is_some() {
                let extent = match matrix.cell(register, who.name(), "**menu**") {
                    "all regions" => Extent::All,
                    "the own regions" => Extent::Some,
                    _ => Extent::None,
                };
                assert_eq!(extent, permissions.menu(register), "{} {}", who.name(), register.name);
            }
            for field in register.fields {
                let rights = permissions.of(register, field);
                let cell = matrix.cell(register, who.name(), field.name);
                // What a grant ties to a purpose, or to a board that is not the caller's, the matrix tells and this caller has not.
                if is_conditional(who.name(), register, field) {
                    continue;
                }
                let told = [rights.show, rights.filter, rights.aggregate, rights.duplicates, rights.mask];
                assert_eq!(decode(cell, field), told, "{} {}.{}: {cell}", who.name(), register.name, field.name);
                compared += 1;
            }
        }
    }
    assert!(compared > 500, "{compared}");
}
