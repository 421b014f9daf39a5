//! Service projects and who takes part in them.

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
CREATE TABLE service_projects (
    id UUID NOT NULL PRIMARY KEY,
    code TEXT COLLATE "C" NOT NULL,
    title TEXT COLLATE "C" NOT NULL,
    domain TEXT COLLATE "C" NOT NULL CHECK (domain IN ('MEDICAL', 'INSURANCE', 'LEGAL', 'HOUSING', 'EDUCATION', 'TRAINING', 'REST_PLACE', 'ELDERLY_CARE', 'ASSISTANCE', 'EMPLOYMENT', 'BUSINESS_SUPPORT', 'CULTURE')),
    lead_department_id UUID NOT NULL REFERENCES departments (id),
    partners TEXT COLLATE "C",
    target_group TEXT COLLATE "C" NOT NULL CHECK (target_group IN ('NEW_OCCUPATION', 'ELDERLY', 'DISABLED', 'LOW_INCOME', 'CHILDREN', 'VETERANS', 'ENTERPRISE', 'ALL')),
    eligibility TEXT COLLATE "C" NOT NULL,
    year INTEGER NOT NULL,
    budget BIGINT CHECK (budget >= 0),
    quota INTEGER CHECK (quota > 0),
    status TEXT COLLATE "C" NOT NULL CHECK (status IN ('PLANNED', 'OPEN', 'CLOSED')),
    starts_on DATE NOT NULL,
    ends_on DATE ,
    region_code BIGINT NOT NULL REFERENCES regions (code) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
    version INTEGER NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    CHECK (ends_on IS NULL OR ends_on >= starts_on)
)
;
CREATE UNIQUE INDEX service_projects_code ON service_projects (code)
;
CREATE INDEX service_projects_department ON service_projects (lead_department_id, id)
;
CREATE INDEX service_projects_region ON service_projects (region_code, id)
;
CREATE TABLE enrollments (
    id UUID NOT NULL PRIMARY KEY,
    project_id UUID NOT NULL REFERENCES service_projects (id),
    person_id UUID REFERENCES persons (id),
    household_id UUID REFERENCES households (id),
    business_id UUID REFERENCES businesses (id),
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('INVITED', 'APPLIED', 'APPROVED', 'SERVED', 'CLOSED', 'REJECTED', 'WITHDRAWN')),
    applied_on DATE ,
    approver TEXT COLLATE "C",
    benefit TEXT COLLATE "C" NOT NULL CHECK (benefit IN ('CASH', 'VOUCHER', 'SERVICE', 'TRAINING', 'EQUIPMENT', 'INSURANCE', 'HOUSING', 'ADVICE')),
    amount BIGINT CHECK (amount >= 0),
    served_on DATE ,
    rating INTEGER CHECK (rating BETWEEN 1 AND 5),
    region_code BIGINT REFERENCES regions (code) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
    version INTEGER NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    CHECK ((CASE WHEN person_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN household_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN business_id IS NULL THEN 0 ELSE 1 END) = 1),
    CHECK (served_on IS NULL OR state = 'SERVED' OR state = 'CLOSED')
)
;
CREATE INDEX enrollments_project ON enrollments (project_id, id)
;
CREATE UNIQUE INDEX enrollments_project_person ON enrollments (project_id, person_id)
;
CREATE UNIQUE INDEX enrollments_project_household ON enrollments (project_id, household_id)
;
CREATE UNIQUE INDEX enrollments_project_business ON enrollments (project_id, business_id)
;
CREATE INDEX enrollments_person ON enrollments (person_id, id)
;
CREATE INDEX enrollments_household ON enrollments (household_id, id)
;
CREATE INDEX enrollments_business ON enrollments (business_id, id)
;
CREATE INDEX enrollments_region ON enrollments (region_code, id)
;
"#;

const DOWN: &str = r#"
DROP TABLE enrollments
;
DROP TABLE service_projects
;
"#;
