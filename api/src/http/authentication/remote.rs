//! When keys are fetched from an issuer's address, and how long they hold.
//!
//! Invariants: two fetches from one issuer begin at least the retry time apart, whoever asks for them; one runs at a
//! time; keys that were not fetched again within the longest age do not hold.

use std::sync::{Mutex, PoisonError};

use tokio::sync::watch;

use super::fetch::{FetchError, Fetcher};
use crate::config;

/// An issuer's address with what came from it, in seconds since 1970.
pub(super) struct Remote {
    fetcher: Fetcher,
    refresh: i64,
    retry: i64,
    max_age: i64,
    state: Mutex<State>,
    /// Counts the fetches that ended, well or not.
    ended: watch::Sender<u64>,
}

#[derive(Default)]
struct State {
    running: bool,
    attempted_at: Option<i64>,
    fetched_at: Option<i64>,
}

/// What becomes of a wish to fetch.
pub(super) enum Turn {
    /// Whoever asked fetches; the attempt must be told its end.
    Own(watch::Receiver<u64>),
    /// Somebody fetches already.
    Others(watch::Receiver<u64>),
    /// It is too early.
    No,
}

impl Remote {
    pub(super) fn new(address: &str, settings: &config::Authentication) -> Result<Self, FetchError> {
        Ok(Self {
            fetcher: Fetcher::new(address, settings)?,
            refresh: i64::from(settings.jwks_refresh_seconds),
            retry: i64::from(settings.jwks_retry_seconds),
            max_age: i64::from(settings.jwks_max_age_seconds),
            state: Mutex::default(),
            ended: watch::Sender::new(0),
        })
    }

    /// Until when the keys hold.
    pub(super) fn holds_until(&self) -> i64 {
        self.state().fetched_at.map_or(0, |at| at.saturating_add(self.max_age))
    }

    /// Asks for a turn to fetch. `wanted` is true if a token names a key that is not known, else the keys' age decides.
    pub(super) fn turn(&self, wanted: bool, now: i64) -> Turn {
        let mut state = self.state();
        if state.running {
            return Turn::Others(self.ended.subscribe());
        }
        // A clock that was set back must not stop the fetching.
        let passed = |since: Option<i64>, seconds: i64| since.is_none_or(|since| now < since || now - since >= seconds);
        if !passed(state.attempted_at, self.retry) || !(wanted || passed(state.fetched_at, self.refresh)) {
            return Turn::No;
        }
        state.running = true;
        state.attempted_at = Some(now);
        Turn::Own(self.ended.subscribe())
    }

    /// Fetches, once a turn is had.
    pub(super) async fn fetch(&self) -> Result<String, FetchError> {
        self.fetcher.fetch().await
    }

    /// Keys that were asked for at this time are good.
    pub(super) fn fetched(&self, at: i64) {
        self.state().fetched_at = Some(at);
    }

    /// The turn is over, and those who wait are told.
    pub(super) fn end_turn(&self) {
        self.state().running = false;
        self.ended.send_modify(|ended| *ended += 1);
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
