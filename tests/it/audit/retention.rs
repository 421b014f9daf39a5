//! Months that are no longer kept.

use chrono::{DateTime, Utc};
use civigrid::audit::{self, Error, Proof};
use civigrid::store::Backend;

use super::{column, connect, entry, number, records, run, settle};
use crate::harness::{self, instant};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

#[tokio::test]
async fn months_that_are_no_longer_kept_are_dropped_behind_a_checkpoint_and_the_rest_still_proves() {
    for database in harness::fresh_databases().await {
        let connection = connect(&database).await;
        for month in ["2026-03-15T00:00:00Z", "2026-04-15T00:00:00Z", "2026-05-15T00:00:00Z"] {
            audit::make_partitions(&connection, at(month)).await.expect("made");
        }
        for (operation, day) in [
            ("march", "2026-03-10T00:00:00Z"),
            ("april", "2026-04-10T00:00:00Z"),
            ("may", "2026-05-10T00:00:00Z"),
            // Committed late: it is linked behind one of the next month.
            ("late april", "2026-04-30T23:59:59Z"),
            ("june", "2026-06-10T00:00:00Z"),
        ] {
            audit::append(&connection, &entry(at(day), operation, vec![uuid::Uuid::from_u128(3)])).await.expect("appended");
            settle(&connection).await;
        }
        if database.backend == Backend::Postgres {
            let rest = number(&connection, "SELECT count(*) AS v FROM audit_batches_rest").await;
            assert_eq!(rest, 0, "each lies in the partition of its month");
        }
        let refused = audit::expire(&connection, 1, instant()).await;
        assert!(matches!(refused, Err(Error::Unanchored(4))), "{refused:?}");
        assert_eq!(records(&connection).await.len(), 5, "nothing was dropped");
        run(&connection, "INSERT INTO audit_checkpoints SELECT number, 0, hash, 'key', hash FROM audit_chain").await;
        let expired = audit::expire(&connection, 1, instant()).await.expect("dropped");
        assert_eq!((expired.batches, expired.up_to), (3, 2));
        let left: Vec<_> = records(&connection).await.iter().map(|record| record["operation"].as_str().map(str::to_owned)).collect();
        assert_eq!(left, [Some("may"), Some("june"), Some("audit expire")].map(|name| name.map(str::to_owned)));
        let report = audit::verify(&connection, &Proof::default()).await.expect("read");
        assert!(report.findings.is_empty() && report.dropped_up_to == 2 && report.anchored_up_to == 5, "{report:?}");
        let searched: Vec<String> =
            column(&connection, "SELECT operation AS v FROM audit_records WHERE number IS NOT NULL ORDER BY number").await;
        assert_eq!(searched, ["may", "june", "audit expire"]);
        if database.backend == Backend::Postgres {
            let there = "SELECT count(*) AS v FROM pg_class WHERE relname LIKE 'audit%2026_03' AND relkind = 'r'";
            assert_eq!(number(&connection, there).await, 0, "the partition is gone");
        }
        assert_eq!(audit::expire(&connection, 1, instant()).await.expect("nothing").batches, 0);
        // What was dropped cannot hide a drop behind it.
        run(&connection, "DELETE FROM audit_batches WHERE number = 3").await;
        let report = audit::verify(&connection, &Proof::default()).await.expect("read");
        assert_eq!(report.findings.first().map(|finding| finding.number), Some(3), "{report:?}");
        // Another month, now that some are gone.
        run(
            &connection,
            "INSERT INTO audit_checkpoints SELECT number, 0, hash, 'key', hash FROM audit_chain WHERE true ON CONFLICT (number) DO NOTHING",
        )
        .await;
        let expired = audit::expire(&connection, 0, at("2026-08-01T00:00:00Z")).await.expect("dropped");
        assert_eq!(expired.batches, 2);
    }
}
