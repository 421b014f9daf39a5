//! The load: so many connections, each asking again as soon as it is answered.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::http_client::Connection;

/// What one stretch of load gave.
#[derive(Clone, Debug, Default)]
pub(crate) struct Load {
    /// Requests that were answered.
    pub(crate) requests: usize,
    /// How long each took, ascending, in microseconds.
    pub(crate) latencies: Vec<u32>,
}

impl Load {
    /// The time within which this part of the requests was answered, in milliseconds.
    pub(crate) fn percentile(&self, part: f64) -> f64 {
        let last = self.latencies.len().saturating_sub(1);
        let place = (last as f64 * part).round() as usize;
        self.latencies.get(place).map_or(0.0, |micros| f64::from(*micros) / 1_000.0)
    }
}

/// Asks for so long, cycling over the requests.
pub(crate) async fn drive(address: SocketAddr, requests: &Arc<Vec<Vec<u8>>>, connections: usize, length: Duration) -> Result<Load> {
    let next = Arc::new(AtomicUsize::new(0));
    let end = Instant::now() + length;
    let tasks: Vec<_> = (0..connections).map(|_| tokio::spawn(one(address, Arc::clone(requests), Arc::clone(&next), end))).collect();
    let mut load = Load::default();
    for task in tasks {
        load.latencies.extend(task.await??);
    }
    load.requests = load.latencies.len();
    load.latencies.sort_unstable();
    Ok(load)
}

async fn one(address: SocketAddr, requests: Arc<Vec<Vec<u8>>>, next: Arc<AtomicUsize>, end: Instant) -> Result<Vec<u32>> {
    let mut connection = Connection::open(address).await?;
    let mut latencies = Vec::with_capacity(16_384);
    loop {
        let started = Instant::now();
        if started >= end {
            return Ok(latencies);
        }
        let request = &requests[next.fetch_add(1, Ordering::Relaxed) % requests.len()];
        let body = connection.ask(request).await?;
        if !body.starts_with(b"{\"data\":") {
            bail!("an answer with errors: {}", String::from_utf8_lossy(&body[..body.len().min(1_000)]));
        }
        latencies.push(u32::try_from(started.elapsed().as_micros()).unwrap_or(u32::MAX));
    }
}
