//! The policy file as it is written: TOML with the place of every word, so that a finding names its line.
//!
//! It is read by hand rather than into a type, because all mistakes shall be told at once, in the words of the policy.

use std::borrow::Cow;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::derivations::AcceptFile;
use super::finding::{Findings, hint, nearest};
use super::headings::{Heading, brackets, single_headings};

mod keys;
mod parts;
mod undertakings;

use keys::{ACCEPT_KEYS, DENY_KEYS, FILE_KEYS, GRANT_KEYS, MENU_KEYS, ROLE_KEYS};

pub(super) use parts::{DenyFile, GrantFile, MenuFile, PolicyFile, RoleFile, Word};
pub use undertakings::Until;
pub(super) use undertakings::{DutiesFile, TermsFile};

/// Reads the text. What cannot be read is found and left out.
pub(super) fn read(text: &str, findings: &mut Findings<'_>) -> PolicyFile {
    let (document, errors) = DeTable::parse_recoverable(text);
    // The second table of a name is a mistake of TOML's, which knows nothing of grants: each one in single brackets is told of
    // instead, and nothing of what follows from that.
    let single = if errors.is_empty() { Vec::new() } else { single_headings(text) };
    for Heading { place, role, key, .. } in &single {
        findings.add(place, brackets(key, role));
    }
    for error in &errors {
        let place = error.span().unwrap_or(0..0);
        match error.message() {
            "duplicate key" if single.iter().any(|heading| heading.explains(&place, findings.text_at(&place))) => {}
            "duplicate key" => findings.add(&place, format!("\"{}\" stands here a second time", findings.text_at(&place))),
            message => findings.add(&place, format!("this is no TOML: {message}")),
        }
    }
    if !errors.is_empty() {
        return PolicyFile::default();
    }
    Reader { findings }.file(document.get_ref())
}

struct Reader<'f, 'a> {
    findings: &'f mut Findings<'a>,
}

impl Reader<'_, '_> {
    fn file(&mut self, table: &DeTable<'_>) -> PolicyFile {
        self.known_keys(table, "at the top of the file", FILE_KEYS);
        self.version(table);
        PolicyFile { purposes: self.purposes(table), roles: self.roles(table), unseen: self.unseen(table), accepts: self.accepts(table) }
    }

    fn accepts(&mut self, table: &DeTable<'_>) -> Vec<AcceptFile> {
        let Some(value) = table.get("accept") else { return Vec::new() };
        let expected = "\"accept\" must be tables: [[accept]]";
        let DeValue::Array(items) = value.get_ref() else {
            self.wrong_type(value, value.get_ref(), expected);
            return Vec::new();
        };
        let tables: Vec<_> = items.iter().filter_map(|item| Some((item.span(), self.table(item, expected)?))).collect();
        tables.into_iter().filter_map(|(place, table)| self.accept(place, table)).collect()
    }

    fn accept(&mut self, place: Range<usize>, table: &DeTable<'_>) -> Option<AcceptFile> {
        self.known_keys(table, "in an acceptance", ACCEPT_KEYS);
        let mut word = |key: &str, example: &str| match table.get(key) {
            Some(value) => self.text(&format!("\"{key}\""), value, example),
            None => {
                self.findings.add(&place, format!("this acceptance has no \"{key}\"; write {key} = {example}"));
                None
            }
        };
        let tells = word("tells", "\"anything\"");
        let because = word("because", "\"the work needs it\"");
        let [roles, shows] = [("roles", "clerk"), ("shows", "case.description")].map(|(key, example)| {
            let words = self.words(table, key).filter(|words| !words.is_empty());
            if words.is_none() {
                self.findings.add(&place, format!("this acceptance names no {key}; write {key} = [\"{example}\"]"));
            }
            words
        });
        Some(AcceptFile { place, roles: roles?, shows: shows?, tells: tells?, because: because? })
    }

    fn purposes(&mut self, table: &DeTable<'_>) -> Vec<(Word, String)> {
        let Some(purposes) = table.get("purposes") else { return Vec::new() };
        let Some(purposes) = self.table(purposes, "\"purposes\" must be a table: [purposes]") else { return Vec::new() };
        let mut read: Vec<(Word, String)> = Vec::new();
        for (code, title) in purposes.iter() {
            let word = Word { text: code.get_ref().to_string(), place: code.span() };
            let sound = |letter: char| letter.is_ascii_uppercase() || letter.is_ascii_digit() || letter == '_';
            if word.text.is_empty() || word.text.len() > 64 || !word.text.chars().all(sound) {
                self.findings
                    .add(&word.place, format!("purpose \"{}\" must be of capital letters, digits and _, like CASE_HANDLING", word.text));
            }
            if let Some(title) = self.text("the meaning of a purpose", title, "\"Handling a case\"") {
                read.push((word, title.text));
            }
        }
        read.sort_by_key(|(word, _)| word.place.start);
        read
    }

    fn unseen(&mut self, table: &DeTable<'_>) -> Vec<(Word, Vec<Word>)> {
        let Some(unseen) = table.get("unseen") else { return Vec::new() };
        let Some(unseen) = self.table(unseen, "\"unseen\" must be a table: [unseen]") else { return Vec::new() };
        let fields_of = |(register, _): (&Spanned<Cow<'_, str>>, _)| {
            let fields = self.words(unseen, register.get_ref())?;
            Some((Word { text: register.get_ref().to_string(), place: register.span() }, fields))
        };
        unseen.iter().filter_map(fields_of).collect()
    }

    fn roles(&mut self, table: &DeTable<'_>) -> Vec<RoleFile> {
        let Some(roles) = table.get("role") else { return Vec::new() };
        let Some(roles) = self.table(roles, "\"role\" must be tables like [role.clerk]") else { return Vec::new() };
        let titled = |role: &Spanned<DeValue<'_>>| role.get_ref().get("title").is_some();
        let titles: Vec<&str> = roles.iter().filter(|(_, role)| titled(role)).map(|(name, _)| name.get_ref().as_ref()).collect();
        let mut read: Vec<RoleFile> = roles
            .iter()
            .filter_map(|(name, role)| self.role(Word { text: name.get_ref().to_string(), place: name.span() }, role, &titles))
            .collect();
        read.sort_by_key(|role| role.name.place.start);
        read
    }

    fn version(&mut self, table: &DeTable<'_>) {
        match table.get("version") {
            None => self.findings.add(&(0..0), "the file has no version; begin it with: version = 1".to_owned()),
            Some(value) => match value.get_ref() {
                DeValue::Integer(number) if number.as_str() == "1" => {}
                DeValue::Integer(number) => {
                    self.findings.add(&value.span(), format!("version {number} is not known; this program reads version 1"));
                }
                other => self.wrong_type(value, other, "\"version\" must be a number without quotes: version = 1"),
            },
        }
    }

    fn role(&mut self, name: Word, value: &Spanned<DeValue<'_>>, titled: &[&str]) -> Option<RoleFile> {
        let table = self.table(value, &format!("\"{}\" must be a table: [role.{}]", name.text, name.text))?;
        self.known_keys(table, &format!("in role \"{}\"", name.text), ROLE_KEYS);
        let title = match table.get("title") {
            Some(title) => self.text("\"title\"", title, "\"Clerk of a street\"").map(|title| title.text),
            None => {
                let message = self.untitled(&name, titled);
                self.findings.add(&name.place, message);
                None
            }
        };
        let grants = self.tables(table, "grant", &name.text);
        let grants = grants.into_iter().filter_map(|(place, grant)| self.grant(place, grant)).collect();
        let denies = self.tables(table, "deny", &name.text);
        let denies = denies.into_iter().filter_map(|(place, deny)| self.deny(place, deny)).collect();
        let menus = self.tables(table, "menu", &name.text);
        let menus = menus.into_iter().filter_map(|(place, menu)| self.menu(place, menu)).collect();
        let duties = self.duties(table);
        Some(RoleFile { name, title: title?, grants, denies, duties, menus })
    }

    /// What is said of a role without a title.
    fn untitled(&self, name: &Word, titled: &[&str]) -> String {
        let Word { text, place } = name;
        // Who writes a heading for the role itself means a new one.
        if self.findings.text_at(&(place.end..place.end + 1)) == "]" {
            return format!("role \"{text}\" has no title; write a line title = \"…\" below [role.{text}]");
        }
        // A misspelt role looks like a new one, but nobody wrote a title for it.
        let lead = match nearest(text, titled.iter().copied()) {
            Some(near) => format!("did you mean the role \"{near}\"? A"),
            None => "a".to_owned(),
        };
        format!("unknown role \"{text}\"; {lead} new role begins with [role.{text}] and a line title = \"…\"")
    }

    fn grant(&mut self, place: Range<usize>, table: &DeTable<'_>) -> Option<GrantFile> {
        self.known_keys(table, "in a grant", GRANT_KEYS);
        let register = self.register(table, "grant", &place);
        let rows = self.rows(table, "grant", &place);
        let show = self.words(table, "show").unwrap_or_default();
        let filter = self.words(table, "filter");
        let aggregate = self.words(table, "aggregate").unwrap_or_default();
        let duplicates = self.words(table, "duplicates").unwrap_or_default();
        let mask = self.words(table, "mask").unwrap_or_default();
        let [purposes, boards] = ["purposes", "boards"].map(|key| {
            let words = self.words(table, key);
            if words.as_ref().is_some_and(Vec::is_empty) {
                self.findings.add(&place, format!("\"{key}\" names none; leave the line out if any will do"));
            }
            words.unwrap_or_default()
        });
        let [minors, protected, sensitive_codes] = ["minors", "protected", "sensitive_codes"].map(|key| self.truth(table, key));
        let terms = self.terms(table);
        Some(GrantFile {
            place,
            register: register?,
            rows: rows?,
            show,
            filter,
            aggregate,
            duplicates,
            mask,
            minors,
            protected,
            sensitive_codes,
            purposes,
            boards,
            terms,
        })
    }

    fn deny(&mut self, place: Range<usize>, table: &DeTable<'_>) -> Option<DenyFile> {
        self.known_keys(table, "in a deny", DENY_KEYS);
        let register = self.register(table, "deny", &place);
        let rows = self.rows(table, "deny", &place);
        if !table.contains_key("fields") {
            self.findings.add(&place, "this deny names no fields; write fields = [\"…\"]".to_owned());
        }
        let fields = self.words(table, "fields");
        Some(DenyFile { place, register: register?, rows: rows?, fields: fields? })
    }

    fn menu(&mut self, place: Range<usize>, table: &DeTable<'_>) -> Option<MenuFile> {
        self.known_keys(table, "in a menu", MENU_KEYS);
        let register = self.register(table, "menu", &place);
        let rows = self.rows(table, "menu", &place);
        Some(MenuFile { place, register: register?, rows: rows? })
    }

    fn register(&mut self, table: &DeTable<'_>, what: &str, place: &Range<usize>) -> Option<Word> {
        match table.get("register") {
            Some(value) => self.text("\"register\"", value, "\"person\""),
            None => {
                self.findings.add(place, format!("this {what} names no register; write register = \"person\", or another"));
                None
            }
        }
    }

    /// The bounds; that they are missing is an error, because an absent bound must not mean everything.
    fn rows(&mut self, table: &DeTable<'_>, what: &str, place: &Range<usize>) -> Option<Vec<Word>> {
        let rows = self.words(table, "rows");
        let empty = rows.as_ref().is_some_and(Vec::is_empty) && table.get("rows").is_some_and(|rows| rows.get_ref().is_array());
        if empty || !table.contains_key("rows") {
            let place = table.get("rows").map_or(place.clone(), Spanned::span);
            self.findings.add(&place, format!("this {what} names no rows; write rows = [\"all\"] if all are meant"));
        }
        rows
    }

    fn known_keys(&mut self, table: &DeTable<'_>, place: &str, known: &[&str]) {
        for (key, _) in table.iter() {
            let text = key.get_ref().as_ref();
            if !known.contains(&text) {
                let hint = hint(text, known.iter().copied());
                self.findings.add(&key.span(), format!("unknown key \"{text}\" {place}; {hint}"));
            }
        }
    }

    fn table<'t, 'i>(&mut self, value: &'t Spanned<DeValue<'i>>, expected: &str) -> Option<&'t DeTable<'i>> {
        match value.get_ref() {
            DeValue::Table(table) => Some(table),
            other => {
                self.wrong_type(value, other, expected);
                None
            }
        }
    }

    /// The tables of `[[role.name.key]]`, each with the place of its heading.
    fn tables<'t, 'i>(&mut self, role: &'t DeTable<'i>, key: &str, name: &str) -> Vec<(Range<usize>, &'t DeTable<'i>)> {
        let Some(value) = role.get(key) else { return Vec::new() };
        let expected = brackets(key, name);
        let DeValue::Array(items) = value.get_ref() else {
            self.wrong_type(value, value.get_ref(), &expected);
            return Vec::new();
        };
        items.iter().filter_map(|item| self.table(item, &expected).map(|table| (item.span(), table))).collect()
    }

    fn text(&mut self, what: &str, value: &Spanned<DeValue<'_>>, example: &str) -> Option<Word> {
        match value.get_ref() {
            DeValue::String(text) => Some(Word { text: text.to_string(), place: value.span() }),
            other => {
                self.wrong_type(value, other, &format!("{what} must be a text in quotes, like {example}"));
                None
            }
        }
    }

    /// The words of a list, none of them twice; None if the key is absent or its value is no list.
    fn words(&mut self, table: &DeTable<'_>, key: &str) -> Option<Vec<Word>> {
        let value = table.get(key)?;
        let (one, example) = match key {
            "rows" => ("\"region\"", "[\"region\"]"),
            "regions" => ("\"500103000000\"", "[\"500103000000\"]"),
            "decides" => ("\"person\"", "[\"person\"]"),
            "mask" => ("\"phone:ends\"", "[\"phone:ends\"]"),
            "boards" => ("\"SERVICES\"", "[\"SERVICES\"]"),
            "purposes" => ("\"CASE_HANDLING\"", "[\"CASE_HANDLING\"]"),
            _ => ("\"name\"", "[\"class:internal\", \"name\"]"),
        };
        let DeValue::Array(items) = value.get_ref() else {
            self.wrong_type(value, value.get_ref(), &format!("\"{key}\" must be a list of words in quotes, like {key} = {example}"));
            return None;
        };
        let mut words: Vec<Word> = Vec::with_capacity(items.len());
        for item in items.iter() {
            let Some(word) = self.text(&format!("each word of \"{key}\""), item, one) else { continue };
            if words.iter().any(|known| known.text == word.text) {
                self.findings.add(&word.place, format!("\"{}\" stands twice in \"{key}\"", word.text));
            } else {
                words.push(word);
            }
        }
        Some(words)
    }

    fn wrong_type(&mut self, value: &Spanned<DeValue<'_>>, found: &DeValue<'_>, expected: &str) {
        let kind = match found.type_str() {
            "string" => "a text",
            "integer" | "float" => "a number",
            "boolean" => "true or false",
            "array" => "a list",
            "table" => "a table",
            _ => "a date or time",
        };
        self.findings.add(&value.span(), format!("{expected}; here stands {kind}"));
    }
}
