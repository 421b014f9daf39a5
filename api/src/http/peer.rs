//! Who is at the other end of the connection.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use axum::http::Extensions;

/// The other end of the connection, as the listener saw it. Headers that claim another address are not believed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Peer(pub(super) SocketAddr);

/// The address to count by: IPv6 callers own whole networks, so theirs is cut to the /64.
pub(super) fn network(extensions: &Extensions) -> IpAddr {
    match extensions.get::<Peer>().map(|peer| peer.0.ip().to_canonical()) {
        Some(IpAddr::V6(address)) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        Some(address) => address,
        None => IpAddr::V6(Ipv6Addr::UNSPECIFIED),
    }
}
