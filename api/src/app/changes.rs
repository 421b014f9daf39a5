//! How changes are set up, and telling the officer of what was changed in an emergency.

use std::time::Duration;

use chrono::TimeDelta;

use crate::clock::Clock;
use crate::config::{self, Config};
use crate::graph::{ChangeSettings, EmergencySettings, LookupSettings};
use crate::http::officer::Officer;
use crate::store::{self, Database, changes, notices};

/// How often notices that are due are looked for.
const TELL_EVERY: Duration = Duration::from_secs(1);
/// How many looks pass between two at keys that nobody repeats any more.
const LOOKS_BETWEEN_FORGETTING: u32 = 3_600;

/// What the settings say of changes, in the engine's words.
pub(super) fn settings(config: &Config) -> ChangeSettings {
    let config::BreakGlass { notify_url, minutes, cool_down_minutes, reason_length } = &config.break_glass;
    let config::Lookups { per_day } = &config.lookups;
    let span = |minutes: u32| TimeDelta::minutes(i64::from(minutes));
    let emergency = EmergencySettings { lasting: span(*minutes), cool_down: span(*cool_down_minutes), reason_length: *reason_length };
    ChangeSettings {
        emergency: notify_url.as_ref().map(|_| emergency),
        lookup: config.privacy.key.as_ref().map(|_| LookupSettings { per_day: *per_day }),
    }
}

/// Delivers notices as long as the server runs, each until it is taken, if there is somebody to tell; and forgets old keys.
pub(super) async fn tend(officer: Option<Officer>, database: Database, clock: Clock) {
    let mut ticks = tokio::time::interval(TELL_EVERY);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut looks = 0u32;
    loop {
        ticks.tick().await;
        if let Some(officer) = &officer
            && let Err(error) = tell_due(officer, &database, &clock).await
        {
            tracing::warn!(%error, "notices cannot be read; they are tried again");
        }
        if looks.is_multiple_of(LOOKS_BETWEEN_FORGETTING)
            && let Err(error) = changes::forget(&database, clock.now().instant).await
        {
            // A server that may only read makes no changes, and has no keys to forget.
            tracing::debug!(%error, "old keys of changes cannot be forgotten; it is tried again");
        }
        looks = looks.wrapping_add(1);
    }
}

async fn tell_due(officer: &Officer, database: &Database, clock: &Clock) -> Result<(), store::Error> {
    for notice in notices::take(database, clock.now().instant).await? {
        let told = officer.tell(&notice.id.to_string(), notice.body).await;
        let outcome = if told.is_ok() { "delivered" } else { "failed" };
        metrics::counter!("civigrid_notices_total", "outcome" => outcome).increment(1);
        match told {
            Ok(()) => notices::delivered(database, notice.id, clock.now().instant).await?,
            Err(error) => {
                let tries = notice.tries + 1;
                tracing::warn!(notice = %notice.id, kind = notice.kind, tries, %error, "the officer could not be told; it is tried again");
            }
        }
    }
    Ok(())
}
