//! What stands behind HTTP: the engine and its database. Tests of this layer put a script in their place.

use std::sync::Arc;

use chrono::NaiveDate;
use uuid::Uuid;

use crate::clock::Now;
use crate::graph::{Answer, Engine, Explanation, Published, Refused, Request, Uptake};
use crate::policy::{Agreements, Caller, Policy};
use crate::store::explain::Planning;
use crate::store::{self, Database, PoolState, clients};

pub(super) enum Backend {
    Real {
        engine: Box<Engine>,
        database: Database,
    },
    #[cfg(test)]
    Script(super::tests::Script),
}

impl Backend {
    pub(super) async fn execute(&self, request: Request, caller: &Caller, now: Now) -> Answer {
        match self {
            Self::Real { engine, .. } => engine.execute(&request, caller, now).await,
            #[cfg(test)]
            Self::Script(script) => script.execute(request, caller).await,
        }
    }

    /// Takes from a client's quota of a day; how many requests could be taken.
    pub(super) async fn take(&self, client: Uuid, day: NaiveDate, wanted: u32, quota: u32) -> Result<u32, store::Error> {
        match self {
            Self::Real { database, .. } => clients::take(database, client, day, wanted, quota).await,
            #[cfg(test)]
            Self::Script(_) => Ok(wanted.min(quota)),
        }
    }

    pub(super) async fn ready(&self) -> Result<(), store::Error> {
        match self {
            Self::Real { database, .. } => database.ready().await,
            #[cfg(test)]
            Self::Script(_) => Ok(()),
        }
    }

    pub(super) async fn refresh(&self) -> Result<(), store::Error> {
        match self {
            Self::Real { engine, .. } => engine.refresh_regions().await,
            #[cfg(test)]
            Self::Script(_) => Ok(()),
        }
    }

    pub(super) fn enforce(&self, policy: Policy) {
        match self {
            Self::Real { engine, .. } => engine.enforce(policy),
            #[cfg(test)]
            Self::Script(_) => drop(policy),
        }
    }

    pub(super) fn agree(&self, agreements: &Agreements) {
        match self {
            Self::Real { engine, .. } => engine.agree(agreements),
            #[cfg(test)]
            Self::Script(_) => {}
        }
    }

    pub(super) fn uptake(&self) -> Option<Arc<Uptake>> {
        match self {
            Self::Real { engine, .. } => Some(engine.uptake()),
            #[cfg(test)]
            Self::Script(_) => None,
        }
    }

    /// How the pool of connections stands, and how many prepared documents are kept.
    pub(super) fn standing(&self) -> Option<(PoolState, usize)> {
        match self {
            Self::Real { engine, database } => Some((database.pool(), engine.kept_documents())),
            #[cfg(test)]
            Self::Script(_) => None,
        }
    }

    pub(super) async fn explain(&self, request: &Request, caller: &Caller, now: Now) -> Result<Explanation, Refused> {
        match self {
            Self::Real { engine, .. } => engine.explain(request, caller, now, Planning::AnyValue).await,
            #[cfg(test)]
            Self::Script(script) => Ok(script.explain(request, caller)),
        }
    }

    /// The schema for the caller: the whole for those who are known, what they can use for others.
    pub(super) fn schema(&self, caller: &Caller, now: Now) -> Option<Published> {
        match self {
            Self::Real { engine, .. } if caller.account.is_some() => Some(engine.whole_schema()),
            Self::Real { engine, .. } => engine.usable_schema(caller, now),
            #[cfg(test)]
            Self::Script(script) => Some(script.schema(caller)),
        }
    }
}
