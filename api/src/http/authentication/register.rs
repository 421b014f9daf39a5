//! What the register of accounts says, held in memory: who may act as what, and whose tokens hold no more.
//!
//! A copy that was not read again for [`LONGEST_UNREAD`] is not believed, so that what administrators change acts within
//! that time on every server, or the server answers nobody who has a token.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

use crate::store::accounts::Accounts;

/// The longest a copy is believed without another look at the database.
const LONGEST_UNREAD: Duration = Duration::from_secs(5);
/// How long a request waits for a copy to be read again.
const PATIENCE: Duration = Duration::from_secs(2);

/// The copy, with what tells one state of it from another.
#[derive(Clone, Default)]
pub(super) struct Copy {
    pub(super) accounts: Arc<Accounts>,
    pub(super) generation: u64,
}

pub(super) struct Register {
    copy: RwLock<Copy>,
    /// When the newest look at the database began; None where there is no database to look at.
    looked_at: watch::Sender<Option<Instant>>,
}

impl Default for Register {
    fn default() -> Self {
        Self { copy: RwLock::default(), looked_at: watch::Sender::new(None) }
    }
}

impl Register {
    pub(super) fn copy(&self) -> Copy {
        self.copy.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn generation(&self) -> u64 {
        self.copy.read().unwrap_or_else(PoisonError::into_inner).generation
    }

    /// Takes what a look at the database gave; None if nothing had changed.
    pub(super) fn install(&self, accounts: Option<Accounts>, looked_at: Instant) {
        if let Some(accounts) = accounts {
            let mut copy = self.copy.write().unwrap_or_else(PoisonError::into_inner);
            *copy = Copy { accounts: Arc::new(accounts), generation: copy.generation + 1 };
        }
        self.looked_at.send_replace(Some(looked_at));
    }

    pub(super) fn is_fresh(&self) -> bool {
        fresh(&self.looked_at.borrow())
    }

    /// Waits a little for the copy to be read again.
    pub(super) async fn refreshed(&self) {
        let mut looked_at = self.looked_at.subscribe();
        // Whether it came in time shows when the copy is used.
        let _ = tokio::time::timeout(PATIENCE, looked_at.wait_for(fresh)).await;
    }
}

fn fresh(looked_at: &Option<Instant>) -> bool {
    looked_at.is_none_or(|at| at.elapsed() < LONGEST_UNREAD)
}
