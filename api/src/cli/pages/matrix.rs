//! The access matrix: for every register one table, fields by roles.

use entities::catalog::{Field, Register};
use entities::registers::REGISTERS;

use super::introduction;
use super::words::{self, Voice};
use crate::policy::{Cover, Permit, Permits, Policy, Right};

/// Which part of the matrix to write.
#[derive(Default)]
pub(in crate::cli) struct Selection {
    /// Roles; all if empty.
    pub(in crate::cli) roles: Vec<String>,
    /// Registers; all if empty.
    pub(in crate::cli) registers: Vec<&'static str>,
}

/// One column.
struct Column<'p> {
    role: &'p str,
    title: &'p str,
    permits: Permits,
}

/// Writes the matrix as a page in Markdown.
pub(in crate::cli) fn page(policy: &Policy, selection: &Selection) -> String {
    let Selection { roles, registers } = selection;
    let columns: Vec<Column<'_>> = policy
        .roles()
        .filter(|(role, _)| roles.is_empty() || roles.iter().any(|chosen| chosen == role))
        .map(|(role, title)| Column { role, title, permits: policy.permits_of_role(role) })
        .collect();
    let mut out = introduction(INTRODUCTION, policy, "matrix");
    out.push_str("| role | who |\n| --- | --- |\n");
    for Column { role, title, .. } in &columns {
        out.push_str(&format!("| `{role}` | {} |\n", cell(title)));
    }
    let chosen: Vec<&&'static Register> =
        REGISTERS.iter().filter(|register| registers.is_empty() || registers.contains(&register.name)).collect();
    let links: Vec<String> = chosen.iter().map(|register| format!("[{0}](#{1})", register.type_name, anchor(register))).collect();
    out.push_str(&format!("\n{}\n", links.join(" · ")));
    for register in chosen {
        table(&mut out, register, &columns);
    }
    out
}

const INTRODUCTION: &str = "<!-- Written by `COMMAND` from the catalog and POLICY. Changes by hand are lost. -->
# The access matrix

Who may do what with every field of every register, by the policy `POLICY`. To see one question answered with its reasons:

```sh
civigrid policy explain --role grid_worker person phone
```

How to read a table: the first line, **rows**, says of which rows a role knows at all; the other lines hold on those rows, but for **menu**: in which regions a role may ask for the aggregates of the register's fixed menu, which count all rows and show none.

| a cell says | the role |
| --- | --- |
| shown | reads the value, and filters by it where the schema offers that |
| masked: … | reads what the mask leaves of the value: the family name, the ends of a number, the year, the street, a keyed token |
| no filter | reads the value but may not search or order by it |
| filter | may search by the value without reading it |
| aggregate | may count rows by it, or take sums and averages; by where somebody lives, protected persons are left out |
| duplicates | may find rows that share a value, without reading the value |
| – | nothing: the value is withheld |
| ¹ ² ³ | only on some of the rows; the note stands below the table |

\"The own\" regions, board and department are those of the caller's assignment. What everyone may, without a token too (`anonymous`), every role may. Public fields come with their row. Relations follow the field that holds the reference: who does not see `case.reporter` cannot go from a person to the cases either. Nothing can be written through the graph yet.

";

fn table(out: &mut String, register: &Register, columns: &[Column<'_>]) {
    out.push_str(&format!("\n## {}\n\n{} In the policy: `{}`.\n\n", register.type_name, cell(register.description), register.name));
    out.push_str("| field | class | meaning |");
    for column in columns {
        out.push_str(&format!(" {} |", column.role));
    }
    out.push_str(&format!("\n| --- | --- | --- |{}\n| **rows** | | |", " --- |".repeat(columns.len())));
    for column in columns {
        out.push_str(&format!(" {} |", words::bounds(column.permits.of(register), Voice::General)));
    }
    if register.menu().is_some() {
        out.push_str("\n| **menu** | | |");
        for column in columns {
            out.push_str(&format!(" {} |", words::menu(&column.permits, register)));
        }
    }
    out.push('\n');
    let mut notes = Notes::default();
    for (index, field) in register.fields.iter().enumerate() {
        out.push_str(&format!("| {} | {} | {} |", field.name, field.class.word(), cell(field.description)));
        for column in columns {
            out.push_str(&format!(" {} |", rights(column.permits.of(register), index, field, &mut notes)));
        }
        out.push('\n');
    }
    notes.write(out);
}

/// What a role may do with a field, with the marks of notes.
fn rights(permit: &Permit, index: usize, field: &Field, notes: &mut Notes) -> String {
    let cover = |right: Right| if right.applies_to(field) { permit.cover(right, index) } else { Cover::Nowhere };
    let aggregate = if Right::Aggregate.applies_to(field) { permit.aggregates(index) } else { Cover::Nowhere };
    let (show, filter) = (cover(Right::Show), cover(Right::Filter));
    let mut parts = Vec::new();
    let mut part = |word: &str, cover: Cover| {
        if cover != Cover::Nowhere {
            parts.push(format!("{word}{}", notes.mark(permit, cover)));
        }
    };
    part("shown", show);
    for (mask, cover) in permit.masks(index) {
        part(&format!("masked: {}", mask.word()), cover);
    }
    if Right::Filter.applies_to(field) && filter != show {
        if filter == Cover::Nowhere {
            part("no filter", Cover::Everywhere);
        } else {
            part("filter", filter);
        }
    }
    part("aggregate", aggregate);
    part("duplicates", cover(Right::Duplicates));
    if parts.is_empty() { "–".to_owned() } else { parts.join(", ") }
}

/// What a role may do with a field, with the rows on which it may in brackets.
pub(super) fn described(permit: &Permit, index: usize, field: &Field) -> String {
    let mut notes = Notes::default();
    let mut text = rights(permit, index, field, &mut notes);
    if let [only] = notes.0.as_slice() {
        return format!("{} ({only})", text.replace('¹', ""));
    }
    for (number, note) in notes.0.iter().enumerate() {
        text.push_str(&format!(" ({} {note})", superscript(number + 1)));
    }
    text
}

/// The notes below one table: on which rows something holds.
#[derive(Default)]
struct Notes(Vec<String>);

impl Notes {
    /// The mark of the note that says so; empty if no note is needed.
    fn mark(&mut self, permit: &Permit, cover: Cover) -> String {
        let Some(text) = words::note(permit, cover) else { return String::new() };
        let known = self.0.iter().position(|note| *note == text);
        let index = known.unwrap_or_else(|| {
            self.0.push(text);
            self.0.len() - 1
        });
        superscript(index + 1)
    }

    fn write(&self, out: &mut String) {
        for (index, note) in self.0.iter().enumerate() {
            out.push_str(&format!("\n{} {note}\n", superscript(index + 1)));
        }
    }
}

fn superscript(number: usize) -> String {
    const DIGITS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    number.to_string().bytes().map(|digit| DIGITS[usize::from(digit - b'0')]).collect()
}

/// What a link to the register's heading ends with.
fn anchor(register: &Register) -> String {
    register.type_name.to_lowercase()
}

/// A text as a cell of a table.
pub(super) fn cell(text: &str) -> String {
    text.replace('\\', "\\\\").replace('|', "\\|").replace('\n', " ")
}
