//! What stands behind HTTP: the engine and its database. Tests of this layer put a script in their place.

use crate::clock::Now;
use crate::graph::{Answer, Engine, Request};
use crate::policy::Caller;
use crate::store::{self, Database};

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

    pub(super) fn sdl(&self) -> &str {
        match self {
            Self::Real { engine, .. } => engine.sdl(),
            #[cfg(test)]
            Self::Script(script) => script.sdl(),
        }
    }
}
