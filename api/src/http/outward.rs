//! How this server reaches others: issuers for their keys, a collector for traces.

use std::io;
use std::sync::Arc;

use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use rustls::{ClientConfig, RootCertStore};

/// Makes connections, protected or not, as the address wants it.
pub(super) type Connector = HttpsConnector<HttpConnector>;

/// A connector for an address: TLS by the system's roots, and nothing else, where it begins with `https://`.
///
/// # Errors
/// If the system's certificates cannot be read.
pub(super) fn connector(address: &str) -> io::Result<Connector> {
    let provider = rustls::crypto::ring::default_provider();
    let builder = HttpsConnectorBuilder::new();
    if address.get(..8).is_some_and(|scheme| scheme.eq_ignore_ascii_case("https://")) {
        return Ok(builder.with_provider_and_native_roots(provider)?.https_only().enable_http1().build());
    }
    // A plain line needs no certificates, so a machine without any can have one; it trusts nobody.
    let trusting_nobody = ClientConfig::builder_with_provider(Arc::new(provider))
        .with_safe_default_protocol_versions()
        .map_err(io::Error::other)?
        .with_root_certificates(RootCertStore::empty())
        .with_no_client_auth();
    Ok(builder.with_tls_config(trusting_nobody).https_or_http().enable_http1().build())
}
