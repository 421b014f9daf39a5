//! The time, and nothing else that reads it. One request has one instant.

use std::sync::Arc;

use chrono::{DateTime, FixedOffset, NaiveDate, Offset, Utc};
use chrono_tz::Tz;

/// Instants as SQLite keeps them: always six digits of fraction, so that they sort as text.
pub const INSTANT_FORMAT: &str = "%Y-%m-%dT%H:%M:%S%.6fZ";

/// Tells the time and the deployment's zone.
#[derive(Clone)]
pub struct Clock {
    now: Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>,
    zone: Tz,
}

/// The instant of one request, with the day it is in the deployment's zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Now {
    /// The instant.
    pub instant: DateTime<Utc>,
    /// The day in the deployment's zone: ages and deadlines count by it.
    pub today: NaiveDate,
    /// The zone's offset at the instant: time buckets begin by it.
    pub offset: FixedOffset,
}

impl Clock {
    /// The system's clock.
    pub fn system(zone: Tz) -> Self {
        #[expect(clippy::disallowed_methods, reason = "the one place that reads the system's clock")]
        Self { now: Arc::new(Utc::now), zone }
    }

    /// A clock that stands still, for tests and reproducible data.
    pub fn fixed(instant: DateTime<Utc>, zone: Tz) -> Self {
        Self { now: Arc::new(move || instant), zone }
    }

    /// A clock that tells what it is told, for tests of what time does.
    pub fn told(now: impl Fn() -> DateTime<Utc> + Send + Sync + 'static, zone: Tz) -> Self {
        Self { now: Arc::new(now), zone }
    }

    /// The present.
    pub fn now(&self) -> Now {
        let instant = (self.now)();
        let local = instant.with_timezone(&self.zone);
        Now { instant, today: local.date_naive(), offset: local.offset().fix() }
    }
}
