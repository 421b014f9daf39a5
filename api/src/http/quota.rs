//! How many requests a client may send in a day.
//!
//! A server takes a slice of the day's quota from the database before it answers from it, so all servers together never
//! answer more than the quota, restarts included. What a server has taken and not used when it stops is lost for that day:
//! a hundredth of the quota at most.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{NaiveDate, NaiveTime};
use uuid::Uuid;

use super::backend::Backend;
use super::refusal::{Code, Refusal};
use crate::clock::Now;
use crate::store::clients::Client;

/// A slice is this part of the quota …
const SLICES: u32 = 100;
/// … but no more requests than these.
const LARGEST_SLICE: u32 = 1_000;
const SECONDS_A_DAY: i64 = 86_400;

#[derive(Default)]
pub(super) struct Quotas {
    slices: Mutex<HashMap<Uuid, Arc<tokio::sync::Mutex<Slice>>>>,
}

/// What is left of what was taken for one client.
#[derive(Default)]
struct Slice {
    day: NaiveDate,
    left: u32,
    /// The quota that nothing was left of, so that nobody who asks again costs a look at the database.
    spent: Option<u32>,
}

impl Quotas {
    /// Counts a request of a client.
    pub(super) async fn spend(&self, backend: &Backend, client: &Client, now: Now) -> Result<(), Refusal> {
        let Some(quota) = client.requests_per_day else { return Ok(()) };
        let slice = Arc::clone(self.slices.lock().unwrap_or_else(PoisonError::into_inner).entry(client.id).or_default());
        let mut slice = slice.lock().await;
        // A clock that was set back must not give yesterday's quota anew without a look: the database keeps each day's.
        if slice.day != now.today {
            *slice = Slice { day: now.today, ..Slice::default() };
        }
        if slice.left == 0 && slice.spent != Some(quota) {
            let wanted = (quota / SLICES).clamp(1, LARGEST_SLICE);
            slice.left = backend.take(client.id, now.today, wanted, quota).await.map_err(|error| {
                tracing::error!(%error, "a client's quota cannot be counted, so the client is not answered");
                Refusal::new(Code::NotReady)
            })?;
            slice.spent = (slice.left == 0).then_some(quota);
        }
        if slice.left == 0 {
            return Err(Refusal::quota_exceeded(seconds_left(now)));
        }
        slice.left -= 1;
        Ok(())
    }

    /// Forgets the slices of other days.
    pub(super) fn tidy(&self, today: NaiveDate) {
        let of_today = |slice: &Arc<tokio::sync::Mutex<Slice>>| slice.try_lock().map_or(true, |slice| slice.day == today);
        self.slices.lock().unwrap_or_else(PoisonError::into_inner).retain(|_, slice| of_today(slice));
    }
}

/// Seconds until the deployment's next day, rounded up.
fn seconds_left(now: Now) -> u64 {
    let local = now.instant.with_timezone(&now.offset).naive_local();
    let passed = (local - now.today.and_time(NaiveTime::MIN)).num_seconds();
    u64::try_from((SECONDS_A_DAY - passed).clamp(1, SECONDS_A_DAY)).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;

    #[test]
    fn the_day_ends_at_the_deployments_midnight() {
        let left = |text: &str| {
            let instant = chrono::DateTime::parse_from_rfc3339(text).expect("an instant").to_utc();
            seconds_left(Clock::fixed(instant, chrono_tz::Asia::Shanghai).now())
        };
        assert_eq!(left("2026-06-30T15:59:59Z"), 1);
        assert_eq!(left("2026-06-30T16:00:00Z"), 86_400);
        assert_eq!(left("2026-06-30T04:00:00Z"), 43_200);
    }
}
