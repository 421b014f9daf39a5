//! Keys of clients: a bearer token that is looked up by its digest instead of being verified.
//!
//! A key is 256 random bits, so its digest tells nothing of it, and looking for a digest takes as long whatever the key.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::{Authenticator, Cause, Proven, Session, Validity};
use crate::config::Authentication;
use crate::policy::{Account, CallerKind};
use crate::store::clients::{Digest, Holding, Refused};

impl Authenticator {
    /// The client whose key has this digest.
    pub(super) fn of_key(&self, digest: Digest, now: DateTime<Utc>) -> Result<Arc<Session>, Cause> {
        if let Some(known) = self.verified.get(&digest).filter(|known| self.holds(known, now)) {
            return Ok(known.session);
        }
        if !self.register.is_fresh() {
            return Err(Cause::AccountsUnread);
        }
        // One copy for key and roles: what is remembered of it is forgotten with it.
        let copy = self.register.copy();
        let Holding { client, until } = copy.accounts.clients().by_key(&digest, now)?;
        let proven = Proven {
            kind: CallerKind::Client,
            account: Account { issuer: Authentication::CLIENT_ISSUER.to_owned(), subject: client.subject.clone() },
            token: String::new(),
            person: None,
            client: Some(client.name.clone()),
            assignments: None,
            valid: Validity::ALWAYS,
        };
        let mut known = self.remember(&copy, Arc::new(proven), self.issuers.generation(), now)?;
        known.until = known.until.min(until);
        let session = Arc::clone(&known.session);
        self.verified.insert(digest, known);
        Ok(session)
    }
}

impl Validity {
    /// For what ends otherwise.
    const ALWAYS: Self = Self { not_before: i64::MIN, expires: i64::MAX, remembered_until: i64::MAX };
}

impl From<Refused> for Cause {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::UnknownKey => Self::UnknownClientKey,
            Refused::KeyEnded => Self::ClientKeyEnded,
            Refused::ClientEnded => Self::ClientEnded,
        }
    }
}
