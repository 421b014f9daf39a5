//! How often one caller may ask: a bucket per account, or per network for those without a valid token.

use std::hash::Hash;
use std::net::IpAddr;
use std::num::NonZeroU32;

use governor::clock::Clock as _;
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use metrics::Counter;

use super::refusal::Refusal;
use crate::config::RateLimit;
use crate::policy::Account;

pub(super) struct RateLimits {
    accounts: DefaultKeyedRateLimiter<Account>,
    networks: DefaultKeyedRateLimiter<IpAddr>,
    refused_accounts: Counter,
    refused_networks: Counter,
}

impl RateLimits {
    pub(super) fn new(settings: &RateLimit) -> Self {
        let quota = |per_second: u32, burst: u32| {
            let at_least_one = |number| NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN);
            Quota::per_second(at_least_one(per_second)).allow_burst(at_least_one(burst))
        };
        Self {
            accounts: RateLimiter::keyed(quota(settings.per_second, settings.burst)),
            networks: RateLimiter::keyed(quota(settings.anonymous_per_second, settings.anonymous_burst)),
            refused_accounts: metrics::counter!("civigrid_rate_limited_total", "caller" => "account"),
            refused_networks: metrics::counter!("civigrid_rate_limited_total", "caller" => "network"),
        }
    }

    /// Counts a request of an account, or of a network if there is none.
    pub(super) fn check(&self, account: Option<&Account>, network: impl FnOnce() -> IpAddr) -> Result<(), Refusal> {
        match account {
            Some(account) => check(&self.accounts, account, &self.refused_accounts),
            None => check(&self.networks, &network(), &self.refused_networks),
        }
    }

    /// Forgets callers whose buckets are full again.
    pub(super) fn tidy(&self) {
        self.accounts.retain_recent();
        self.accounts.shrink_to_fit();
        self.networks.retain_recent();
        self.networks.shrink_to_fit();
    }
}

fn check<K: Clone + Hash + Eq>(limiter: &DefaultKeyedRateLimiter<K>, key: &K, refused: &Counter) -> Result<(), Refusal> {
    limiter.check_key(key).map_err(|not_until| {
        refused.increment(1);
        let wait = not_until.wait_time_from(limiter.clock().now());
        // Rounded up: who comes back exactly then must find a place.
        Refusal::rate_limited(wait.as_secs() + 1)
    })
}
