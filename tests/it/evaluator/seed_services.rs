//! What is odd about cases, projects, enrollments, tags and tasks: amounts of every size, rows without place, tasks of anybody.

use civigrid::generate::Rows;

use super::dice::Dice;

const NAMES: [&str; 4] = ["O'Hara & Söhne", "100%_纯\\利", "𠮷野", ""];
/// Amounts of every size, in fen.
const AMOUNTS: [i64; 9] = [0, 1, 99, 100, 101, 250, 4_000, 123_456_789, 9_007_199_254_740];

/// Odder rows, which all still refer to each other.
pub(super) fn odd(rows: &mut Rows, dice: &mut Dice) {
    cases(rows, dice);
    projects(rows, dice);
    tags_and_tasks(rows, dice);
}

fn cases(rows: &mut Rows, dice: &mut Dice) {
    let ids: Vec<_> = rows.cases.iter().map(|case| case.id).collect();
    for (index, case) in rows.cases.iter_mut().enumerate().skip(1) {
        case.merged_into_id = (index % 3 == 0).then(|| ids[dice.below(index)]);
    }
    for case in &mut rows.cases {
        case.reached = [None, Some(true), Some(false)][dice.below(3)];
    }
}

fn projects(rows: &mut Rows, dice: &mut Dice) {
    for (index, project) in rows.services.service_projects.iter_mut().enumerate() {
        if index % 5 == 1 {
            (project.budget, project.quota, project.partners) = (None, None, Some(NAMES[dice.below(NAMES.len())].to_owned()));
        }
    }
    for (index, row) in rows.services.enrollments.iter_mut().enumerate() {
        row.amount = (index % 4 != 1).then(|| AMOUNTS[dice.below(AMOUNTS.len())]);
        row.rating = (index % 3 == 0).then(|| 1 + dice.below(5) as i32);
        row.region_code = row.region_code.filter(|_| index % 7 != 2);
    }
}

fn tags_and_tasks(rows: &mut Rows, dice: &mut Dice) {
    let persons: Vec<_> = rows.persons.iter().map(|person| person.id).collect();
    for (index, row) in rows.services.person_tags.iter_mut().enumerate() {
        row.region_code = row.region_code.filter(|_| index % 6 != 2);
    }
    for (index, row) in rows.services.case_tasks.iter_mut().enumerate() {
        if index % 3 == 0 {
            row.assignee_id = dice.pick(&persons).copied();
        }
    }
}
