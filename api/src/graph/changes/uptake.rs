//! What this server keeps copies of has changed: whoever keeps them is told, and the change is not answered before they took it up.

use std::time::Duration;

use tokio::sync::watch;

/// How long an answer waits for what a slow database keeps from being read again. The change is made all the same.
const PATIENCE: Duration = Duration::from_secs(2);

/// Between the changes that are made and the one who keeps the copies.
#[derive(Debug, Default)]
pub struct Uptake {
    /// How many changes were made.
    made: watch::Sender<u64>,
    /// How many of them the copies hold.
    held: watch::Sender<u64>,
}

impl Uptake {
    /// The number of changes made, for who keeps the copies.
    pub fn made(&self) -> watch::Receiver<u64> {
        self.made.subscribe()
    }

    /// The copies were read when so many changes had been made.
    pub fn hold(&self, made: u64) {
        self.held.send_if_modified(|held| std::mem::replace(held, made.max(*held)) < made);
    }

    /// Tells of one more change and waits until the copies hold it, or for as long as is bearable; not at all if nobody keeps any.
    pub(super) async fn tell(&self) {
        if self.made.receiver_count() == 0 {
            return;
        }
        let mut number = 0;
        self.made.send_modify(|made| {
            *made += 1;
            number = *made;
        });
        let mut held = self.held.subscribe();
        if tokio::time::timeout(PATIENCE, held.wait_for(|held| *held >= number)).await.is_err() {
            tracing::warn!("a change is not in force yet on this server when it is answered: the accounts are read too slowly");
        }
    }
}
