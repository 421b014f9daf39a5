//! An explanation in sentences.

use entities::catalog::{Class, Field, Register};
use entities::mask::Mask;

use crate::cli::pages::words::{self, Voice};
use crate::policy::{ANONYMOUS, Caller, Cover, Effect, Explanation, Needed, Permit, Policy, Right, Rule, Shown};

/// The whole answer, ended by a line feed.
pub(super) fn explained(policy: &Policy, caller: &Caller, explanation: &Explanation, voice: Voice) -> String {
    let Explanation { register, field, right, permit: _, rules, agreements: _, needed } = explanation;
    let catalog = &register.fields[*field];
    let mut out = heading(register, *field) + "\n";
    if !right.applies_to(catalog) {
        out.push_str(&for_nobody(*right));
        return out;
    }
    out.push_str(&format!("{}\n", verdict(caller, explanation, voice)));
    out.push_str("\nWhat the policy says:\n");
    if rules.is_empty() {
        out.push_str(&format!("  No grant of {} names the register \"{}\".\n", roles(caller), register.name));
    }
    out.push_str(&lines(policy, rules, explanation));
    out.push_str(&in_menu(policy, caller, register, catalog));
    if !needed.is_empty() {
        out.push_str("\nWhat would be needed, to have it on every row in scope:\n");
    }
    for needed in needed {
        out.push_str(&needed_sentence(policy, needed, explanation));
    }
    let others = others(policy, caller, explanation);
    if !needed.is_empty() && !others.is_empty() {
        out.push_str(&format!("\nRoles that {} it, on rows of their own scope: {}.\n", infinitive(*right), others.join(", ")));
    }
    if voice == Voice::General && !caller.assignments.is_empty() {
        out.push_str("\n\"The own\" is what an assignment says; give --region, --board, --department or --person to ask for one.\n");
    }
    out
}

/// The field that is asked about.
pub(super) fn heading(register: &Register, field: usize) -> String {
    let field = &register.fields[field];
    format!("{} ({}): {}\n", path(register, field), field.class.word(), field.description)
}

/// What holds whatever a policy says.
pub(super) fn for_nobody(right: Right) -> String {
    format!("Nobody can {} it, whatever a policy says: the schema does not offer that.\n", infinitive(right))
}

/// What one role of several may, and by which lines.
pub(super) fn of_role(policy: &Policy, caller: &Caller, explanation: &Explanation, voice: Voice) -> String {
    let menu = in_menu(policy, caller, explanation.register, &explanation.register.fields[explanation.field]);
    let menu = menu.trim_start();
    format!("\n{}\n{}{menu}", verdict(caller, explanation, voice), lines(policy, &explanation.rules, explanation))
}

fn lines(policy: &Policy, rules: &[Rule], explanation: &Explanation) -> String {
    let line = |rule: &Rule| format!("  {}:{}  {}\n", policy.file(), rule.line, rule_sentence(policy, rule, explanation));
    rules.iter().map(line).collect()
}

/// What the register's aggregate menu tells of the field, if the caller may ask for it.
fn in_menu(policy: &Policy, caller: &Caller, register: &Register, field: &Field) -> String {
    let Some(menu) = register.menu() else { return String::new() };
    let lines: Vec<String> = policy.menu_lines(caller, register).iter().map(|line| format!("{}:{line}", policy.file())).collect();
    let periods = menu.periods.map(|periods| periods.field);
    let named = menu.dimensions.iter().chain(menu.measures).copied().chain(periods).any(|name| name == field.name);
    if lines.is_empty() || !named {
        return String::new();
    }
    let root = menu.root;
    format!("\n{root} tells rounded figures by it, of ten rows and more, of whoever lives in a region ({}).\n", lines.join(", "))
}

fn path(register: &Register, field: &Field) -> String {
    format!("{}.{}", register.type_name, field.name)
}

/// Who is asked about, as the subject of a sentence.
fn roles(caller: &Caller) -> String {
    let roles: Vec<&str> = caller.assignments.iter().map(|assignment| assignment.role.as_str()).collect();
    match roles.as_slice() {
        [] => ANONYMOUS.to_owned(),
        roles => roles.join(" with "),
    }
}

const fn infinitive(right: Right) -> &'static str {
    match right {
        Right::Show => "see",
        Right::Filter => "filter and order by",
        Right::Aggregate => "group by and measure",
        Right::Duplicates => "find rows that share",
    }
}

fn verdict(caller: &Caller, explanation: &Explanation, voice: Voice) -> String {
    let Explanation { register, field, right, permit, .. } = explanation;
    let who = roles(caller);
    let Some(scope) = words::scope(permit, voice) else {
        return format!("NO: {who} knows of no row of {}, so of none of its fields.", register.type_name);
    };
    let cover = permit.cover(*right, *field);
    let masks = if *right == Right::Show { masks(permit, *field, voice) } else { String::new() };
    let doing = infinitive(*right);
    let order = match right {
        Right::Filter if permit.cover(Right::Show, *field) != cover => " To order by it, it must also be shown.",
        _ => "",
    };
    // Said as `access(type, field)` says it: what is masked everywhere is not masked on some rows only.
    let masked = *right == Right::Show && permit.shown(*field) == Shown::Masked;
    let word = if masked { "MASKED" } else { "ON SOME ROWS" };
    match words::some_rows(permit, cover, voice) {
        Some(some) => format!("{word}: {who} may {doing} it on {some}. In scope are {scope}.{order}{masks}"),
        None if cover == Cover::Everywhere => format!("YES: {who} may {doing} it on every row in scope: {scope}.{order}"),
        None => {
            if !masks.is_empty() {
                return format!("{word}: {who} may not see it in full on any row. In scope are {scope}.{masks}");
            }
            let instead = match right {
                Right::Show => "; the field is null there and named in `access { withheld }`",
                Right::Filter | Right::Aggregate | Right::Duplicates => "; asking for it is refused with FIELD_WITHHELD",
            };
            format!("NO: {who} may not {doing} it on any row. In scope are {scope}{instead}.")
        }
    }
}

/// What masks show of the field, and on which rows: each after a blank.
fn masks(permit: &Permit, field: usize, voice: Voice) -> String {
    let sentence = |(mask, cover): (Mask, Cover)| match words::some_rows(permit, cover, voice) {
        Some(rows) => format!(" Masked, it shows {} on {rows}.", mask.meaning()),
        None => format!(" Masked, it shows {} on every other row.", mask.meaning()),
    };
    permit.masks(field).map(sentence).collect()
}

fn rule_sentence(policy: &Policy, rule: &Rule, explanation: &Explanation) -> String {
    let Rule { role, line: _, deny, rows, effect, assignment: _, conditions: _ } = rule;
    let what = if *deny { "deny" } else { "grant" };
    let head = format!("{what} of {role}, rows: {}.", words::row_words(rows));
    let field = &explanation.register.fields[explanation.field];
    let verb = match explanation.right {
        Right::Show => "Shows",
        Right::Filter => "Lets filter by",
        Right::Aggregate => "Lets count by",
        Right::Duplicates => "Lets find rows that share",
    };
    let tail = match effect {
        Effect::Unbound(missing) => {
            let missing: Vec<&str> = missing.iter().map(|word| words::bound(*word)).collect();
            format!("Does nothing here: the assignment says nothing of {}.", missing.join(" and "))
        }
        Effect::Ended(until) => format!("Does nothing any more: it has ended ({until})."),
        Effect::Elsewhere => "Does nothing here: its own `regions` lie outside those of the assignment.".to_owned(),
        Effect::RowsOnly => format!("Gives rows, but not {}.", field.name),
        Effect::ComesWithRows => "The field is public, so it comes with the rows.".to_owned(),
        Effect::Takes { word, line } => {
            format!("Takes {} by \"{word}\" ({}:{line}); a deny wins over every grant.", field.name, policy.file())
        }
        Effect::Gives { word, line, by_show, not_on } => {
            let because = if *by_show { ", because it is shown and `filter` is not given" } else { "" };
            let except = labels(not_on);
            format!("{verb} {} by \"{word}\" ({}:{line}){because}{except}.", field.name, policy.file())
        }
        Effect::Masks { word, line, mask, not_on } => {
            let except = labels(not_on);
            format!("Shows {} of {} by \"{word}\" ({}:{line}){except}.", mask.meaning(), field.name, policy.file())
        }
    };
    format!("{head} {tail}")
}

/// The rows on which a grant does not hold, for want of a key.
fn labels(not_on: &[&str]) -> String {
    let rows = |label: &&str| match *label {
        "minors" => "; not on rows of people under 14 or of unknown age, for want of `minors = true`",
        "protected" => "; not on rows of protected persons, for want of `protected = true`",
        _ => "; not on rows with a sensitive code, for want of `sensitive_codes = true`",
    };
    not_on.iter().map(rows).collect()
}

/// What is needed, as lines with a line feed each.
fn needed_sentence(policy: &Policy, needed: &Needed, explanation: &Explanation) -> String {
    match needed {
        Needed::WithoutDeny { line } => format!("  The deny of {}:{line} would have to go.\n", policy.file()),
        Needed::Bounds { line, words } => {
            let words: Vec<&str> = words.iter().map(|word| words::bound(*word)).collect();
            format!("  The grant of {}:{line} is there; the assignment would have to say {}.\n", policy.file(), words.join(" and "))
        }
        Needed::Purpose { line, purposes } => {
            format!(
                "  The grant of {}:{line} is there; one of these purposes would have to be stated: {}.\n",
                policy.file(),
                purposes.join(", ")
            )
        }
        Needed::Grant { .. } => {
            let grant = grant_text(needed, explanation).unwrap_or_default();
            let lines: String = grant.lines().map(|line| format!("    {line}\n")).collect();
            let everyone = matches!(needed, Needed::Grant { role, .. } if role == ANONYMOUS);
            let warning = if everyone { " It would hold for everyone, also without a token:" } else { "" };
            format!("  A grant like this one.{warning}\n\n{lines}")
        }
    }
}

/// A grant as it would stand in the file; None if what is needed is no grant.
pub(super) fn grant_text(needed: &Needed, explanation: &Explanation) -> Option<String> {
    let Needed::Grant { role, rows, labels } = needed else { return None };
    let key = match explanation.right {
        Right::Show => "show",
        Right::Filter => "filter",
        Right::Aggregate => "aggregate",
        Right::Duplicates => "duplicates",
    };
    let rows = if rows.is_empty() { vec!["all"] } else { rows.iter().map(|word| word.word()).collect() };
    let Field { name, class, .. } = explanation.register.fields[explanation.field];
    // Public fields come with the rows and need no word.
    let right = if class == Class::Public { String::new() } else { format!("{key} = [\"{name}\"]\n") };
    let register = explanation.register.name;
    let labels: String = labels.iter().map(|label| format!("{label} = true\n")).collect();
    Some(format!("[[role.{role}.grant]]\nregister = \"{register}\"\nrows = {rows:?}\n{right}{labels}"))
}

/// Other roles that hold the right somewhere.
fn others<'p>(policy: &'p Policy, caller: &Caller, explanation: &Explanation) -> Vec<&'p str> {
    let Explanation { register, field, right, .. } = explanation;
    let held = |role: &str| caller.assignments.iter().any(|assignment| assignment.role == role);
    policy
        .roles()
        .map(|(role, _)| role)
        .filter(|role| !held(role) && policy.permits_of_role(role).of(register).cover(*right, *field) != Cover::Nowhere)
        .collect()
}

#[cfg(test)]
mod tests;
