//! Role assignments: an officer for each department, as a city would have given them. Their issuer signs for nobody, so
//! they open nothing; they show what the register holds.

use chrono::TimeDelta;
use entities::codes::{Board, DepartmentLevel};
use entities::department;
use entities::role_assignment;

use super::ids::{FOUNDED, stable};

/// Names reserved for examples never become anybody's.
const ISSUER: &str = "https://login.example";
const REGISTRAR: &str = "registrar";
/// One officer in so many has left.
const LEFT: usize = 7;

/// All role assignments: one for each department.
pub(crate) fn rows(departments: &[department::Model]) -> Vec<role_assignment::Model> {
    departments.iter().enumerate().map(|(index, department)| row(index, department)).collect()
}

fn row(index: usize, department: &department::Model) -> role_assignment::Model {
    let (role, board, own) = match (department.level, department.board) {
        (DepartmentLevel::City, _) => ("city_officer", None, true),
        (DepartmentLevel::District, board) => ("district_officer", Some(board), false),
        (DepartmentLevel::Street, Board::Command) => ("street_operator", None, false),
        (DepartmentLevel::Street, board) => ("board_officer", Some(board), false),
        (DepartmentLevel::Community, _) => ("community_secretary", None, false),
    };
    let left = index % LEFT == LEFT - 1;
    let by = |text: &str| left.then(|| text.to_owned());
    let to_at = left.then(|| FOUNDED + TimeDelta::days(200 + index as i64 % 100));
    role_assignment::Model {
        id: stable(index as u64),
        issuer: ISSUER.to_owned(),
        subject: format!("officer-{index:06}"),
        role: role.to_owned(),
        region_code: Some(department.region_code),
        board,
        department_id: own.then_some(department.id),
        project_code: None,
        person_id: None,
        from_at: FOUNDED,
        to_at,
        reason: "first posts".to_owned(),
        granted_by_issuer: ISSUER.to_owned(),
        granted_by: REGISTRAR.to_owned(),
        ended_by_issuer: by(ISSUER),
        ended_by: by(REGISTRAR),
        end_reason: by("left the office"),
        version: if left { 2 } else { 1 },
        created_at: FOUNDED,
        updated_at: to_at.unwrap_or(FOUNDED),
    }
}
