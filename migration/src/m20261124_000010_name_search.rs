//! Names of people and businesses are found by their parts, by pinyin and by initials.
//!
//! Rows that exist already get the keys that SQL can make; they get all of them when they are next written.

use sea_orm_migration::prelude::*;

/// This change.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::dialect::run(manager, COLUMNS).await?;
        for table in TABLES {
            crate::search::index(manager, table, "name_keys").await?;
        }
        crate::dialect::run(manager, FILL).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in TABLES {
            crate::search::drop_index(manager, table, "name_keys").await?;
        }
        crate::dialect::run(manager, DOWN).await
    }
}

const TABLES: [&str; 2] = ["persons", "businesses"];

const COLUMNS: &str = r#"
ALTER TABLE persons ADD COLUMN name_keys TEXT COLLATE "C" NOT NULL DEFAULT ''
;
ALTER TABLE businesses ADD COLUMN name_keys TEXT COLLATE "C" NOT NULL DEFAULT ''
;
"#;

const FILL: &str = r#"
UPDATE persons SET name_keys = replace(name, ' ', '') || ' ' || replace(substr(name, 2), ' ', '') || ' ' || replace(substr(name, 3), ' ', '')
    || ' ' || replace(name_pinyin, ' ', '')
;
UPDATE businesses SET name_keys = replace(name, ' ', '')
;
"#;

const DOWN: &str = r#"
ALTER TABLE persons DROP COLUMN name_keys
;
ALTER TABLE businesses DROP COLUMN name_keys
;
"#;
