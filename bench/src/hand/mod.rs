//! The limit: for each work the best handler we can write by hand. One route a work, one statement, rows in PostgreSQL's
//! binary format written as JSON in one pass.
//!
//! The rules are those of a fair comparison: the same token verified the same way (Ed25519, remembered for a minute by its
//! SHA-256), as many connections to the database, the same allocator, the same values in the same form. Names of regions come
//! from memory, as Civigrid's do.

mod identity;
mod lists;
mod nested;
mod pool;
mod statements;
mod text;

use std::collections::HashMap;
use std::sync::Arc;

use anyhow::{Context, Result};
use axum::Router;
use axum::body::Body;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::serve::ListenerExt;
use civigrid::clock::Clock;
use clap::Args;
use serde::Deserialize;

use crate::servers::{Common, POOL, control, listen};
use crate::setup;
use identity::{Identity, Known};
use pool::Pool;
use text::Text;

/// Serves the handlers.
#[derive(Args)]
pub(crate) struct Serve {
    #[command(flatten)]
    common: Common,
}

/// What the handlers share.
struct Hand {
    clock: Clock,
    identity: Identity,
    pool: Pool,
    /// Names of communities, already written as JSON.
    communities: HashMap<i64, Box<[u8]>>,
}

impl Serve {
    /// Serves until the process is ended.
    pub(crate) async fn run(self) -> Result<()> {
        let hand = Hand {
            clock: setup::clock(),
            identity: Identity::read(&self.common.jwks)?,
            pool: Pool::open(&self.common.database, POOL as usize).await?,
            communities: communities(&self.common.database).await?,
        };
        let router = Router::new()
            .route("/q1", post(lists::q1))
            .route("/q2", post(lists::q2))
            .route("/q3", post(nested::q3))
            .route("/q4", post(nested::q4))
            .route("/q5", post(lists::q5))
            .route("/q6", post(lists::q6))
            .route("/q7", post(lists::q7))
            .route("/q8", post(lists::q8))
            .route("/q9", post(lists::q9))
            .route("/q10", post(lists::q10))
            .with_state(Arc::new(hand));
        let listener = listen().await?.tap_io(|stream| {
            // A connection without it is only slower.
            let _ = stream.set_nodelay(true);
        });
        axum::serve(listener, router).await.context("the handlers ended")
    }
}

async fn communities(database: &str) -> Result<HashMap<i64, Box<[u8]>>> {
    let control = control(database).await?;
    let rows = control.query("SELECT code, name FROM regions WHERE level = 'COMMUNITY'", &[]).await?;
    let written = rows.iter().map(|row| {
        let mut text = Text::new();
        text.quoted(row.get(1));
        (row.get(0), text.finish().into())
    });
    Ok(written.collect())
}

/// Why a request is not answered.
enum Refused {
    Unauthenticated,
    BadInput,
    Failed(String),
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        match self {
            Self::Unauthenticated => StatusCode::UNAUTHORIZED.into_response(),
            Self::BadInput => StatusCode::BAD_REQUEST.into_response(),
            Self::Failed(cause) => (StatusCode::INTERNAL_SERVER_ERROR, cause).into_response(),
        }
    }
}

impl From<tokio_postgres::Error> for Refused {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Failed(error.to_string())
    }
}

impl Hand {
    /// The caller, whose token must be good.
    fn caller(&self, headers: &HeaderMap) -> Result<Arc<Known>, Refused> {
        let header = headers.get(AUTHORIZATION).map(HeaderValue::as_bytes).ok_or(Refused::Unauthenticated)?;
        self.identity.of(header, self.clock.now().instant.timestamp()).ok_or(Refused::Unauthenticated)
    }

    /// A caller who may see everything.
    fn admit(&self, headers: &HeaderMap) -> Result<(), Refused> {
        if self.caller(headers)?.everything { Ok(()) } else { Err(Refused::Unauthenticated) }
    }
}

/// The request's variables.
fn variables<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, Refused> {
    serde_json::from_slice(body).map_err(|_| Refused::BadInput)
}

fn answer(text: Text) -> Response {
    let mut response = Response::new(Body::from(text.finish()));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
