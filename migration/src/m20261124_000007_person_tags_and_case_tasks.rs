//! Tags of people, tasks of cases, and what cases and their categories lacked.

use sea_orm_migration::prelude::*;

/// This change.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::dialect::run(manager, UP).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::dialect::run(manager, DOWN).await
    }
}

const UP: &str = r#"
CREATE TABLE person_tags (
    id UUID NOT NULL PRIMARY KEY,
    person_id UUID NOT NULL REFERENCES persons (id),
    code TEXT COLLATE "C" NOT NULL CHECK (code IN ('ELDERLY_80_PLUS', 'LIVING_ALONE', 'LEFT_BEHIND_CHILD', 'CHILD_IN_DIFFICULTY', 'DISABLED', 'CHRONIC_ILLNESS', 'LOW_INCOME', 'EXTREME_POVERTY', 'VETERAN', 'UNEMPLOYED')),
    source TEXT COLLATE "C" NOT NULL CHECK (source IN ('PERSON_REGISTER', 'GRID', 'CIVIL_AFFAIRS', 'DISABLED_FEDERATION', 'HEALTH', 'VETERANS_AFFAIRS', 'HUMAN_RESOURCES')),
    from_date DATE NOT NULL,
    to_date DATE ,
    region_code BIGINT REFERENCES regions (code) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
    version INTEGER NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    CHECK (to_date IS NULL OR to_date >= from_date)
)
;
CREATE UNIQUE INDEX person_tags_code ON person_tags (person_id, code, from_date)
;
CREATE INDEX person_tags_person ON person_tags (person_id, id)
;
CREATE INDEX person_tags_region ON person_tags (region_code, id)
;
CREATE TABLE case_tasks (
    id UUID NOT NULL PRIMARY KEY,
    case_id UUID NOT NULL REFERENCES cases (id),
    role TEXT COLLATE "C" NOT NULL CHECK (role IN ('LEAD', 'ASSIST')),
    department_id UUID NOT NULL REFERENCES departments (id),
    assignee_id UUID REFERENCES persons (id),
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('ASSIGNED', 'IN_PROGRESS', 'SUSPENDED', 'DONE', 'RETURNED', 'CANCELLED')),
    assigned_at TIMESTAMPTZ NOT NULL,
    due_at TIMESTAMPTZ,
    done_at TIMESTAMPTZ,
    region_code BIGINT NOT NULL REFERENCES regions (code) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
    version INTEGER NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    CHECK ((state = 'DONE') = (done_at IS NOT NULL)),
    CHECK (done_at IS NULL OR done_at >= assigned_at)
)
;
CREATE INDEX case_tasks_case ON case_tasks (case_id, id)
;
CREATE INDEX case_tasks_department ON case_tasks (department_id, id)
;
CREATE INDEX case_tasks_assignee ON case_tasks (assignee_id, id)
;
CREATE INDEX case_tasks_region ON case_tasks (region_code, id)
;
ALTER TABLE cases ADD COLUMN platform TEXT COLLATE "C"
;
ALTER TABLE cases ADD COLUMN business_id UUID REFERENCES businesses (id)
;
CREATE INDEX cases_business ON cases (business_id, id)
;
ALTER TABLE cases ADD COLUMN merged_into_id UUID REFERENCES cases (id)
;
ALTER TABLE cases ADD COLUMN reached BOOLEAN
;
CREATE INDEX cases_merged_into ON cases (merged_into_id, id)
;
ALTER TABLE case_categories ADD COLUMN return_hours INTEGER NOT NULL DEFAULT 24 CHECK (return_hours > 0)
;
ALTER TABLE case_categories ADD COLUMN extension_days INTEGER NOT NULL DEFAULT 0 CHECK (extension_days >= 0)
;
ALTER TABLE case_categories ADD COLUMN working_days BOOLEAN NOT NULL DEFAULT TRUE
;
"#;

const DOWN: &str = r#"
ALTER TABLE case_categories DROP COLUMN working_days
;
ALTER TABLE case_categories DROP COLUMN extension_days
;
ALTER TABLE case_categories DROP COLUMN return_hours
;
DROP INDEX cases_merged_into
;
ALTER TABLE cases DROP COLUMN reached
;
ALTER TABLE cases DROP COLUMN merged_into_id
;
DROP INDEX cases_business
;
ALTER TABLE cases DROP COLUMN business_id
;
ALTER TABLE cases DROP COLUMN platform
;
DROP TABLE case_tasks
;
DROP TABLE person_tags
;
"#;
