//! TLS, as `sslmode` asks for it (manual, section 34.19): `require` encrypts, `verify-ca` also checks who signed the
//! server's certificate, `verify-full` also its name. As in libpq, `require` with root certificates checks as `verify-ca`.

use std::path::Path;
use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use sqlx::postgres::PgSslMode;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::Error;
use super::target::Target;

/// True if the mode takes a connection without TLS rather than none.
pub(super) fn is_optional(mode: PgSslMode) -> bool {
    matches!(mode, PgSslMode::Allow | PgSslMode::Prefer)
}

/// Encrypts a connection on which the server has agreed to TLS.
///
/// # Errors
/// If the server does not prove what the mode asks for, or the root certificates cannot be read.
pub(super) async fn wrap(stream: TcpStream, host: &str, target: &Target) -> Result<TlsStream<TcpStream>, Error> {
    let name = ServerName::try_from(host.to_owned()).map_err(|error| Error::Tls(error.to_string()))?;
    let connector = TlsConnector::from(Arc::new(config(target)?));
    Ok(connector.connect(name, stream).await?)
}

fn config(target: &Target) -> Result<ClientConfig, Error> {
    let provider = Arc::new(ring::default_provider());
    let broken = |error: rustls::Error| Error::Tls(error.to_string());
    let builder = ClientConfig::builder_with_provider(provider.clone()).with_safe_default_protocol_versions().map_err(broken)?;
    let check = match (target.tls, &target.root_certificates) {
        (PgSslMode::VerifyFull, _) => Check::Name,
        (PgSslMode::VerifyCa, _) | (PgSslMode::Require, Some(_)) => Check::Authority,
        _ => Check::Nothing,
    };
    let verifier: Arc<dyn ServerCertVerifier> = match check {
        Check::Nothing => Arc::new(Lenient { provider, authority: None }),
        Check::Name | Check::Authority => {
            let roots = Arc::new(roots(target.root_certificates.as_deref())?);
            let strict = WebPkiServerVerifier::builder_with_provider(roots, provider.clone()).build();
            let strict = strict.map_err(|error| Error::Tls(error.to_string()))?;
            if check == Check::Name { strict } else { Arc::new(Lenient { provider, authority: Some(strict) }) }
        }
    };
    Ok(builder.dangerous().with_custom_certificate_verifier(verifier).with_no_client_auth())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Check {
    Nothing,
    Authority,
    Name,
}

fn roots(file: Option<&Path>) -> Result<RootCertStore, Error> {
    let mut store = RootCertStore::empty();
    match file {
        Some(file) => {
            let unreadable = |error: rustls::pki_types::pem::Error| Error::Tls(format!("{}: {error}", file.display()));
            for certificate in CertificateDer::pem_file_iter(file).map_err(unreadable)? {
                store.add(certificate.map_err(unreadable)?).map_err(|error| Error::Tls(format!("{}: {error}", file.display())))?;
            }
        }
        None => {
            store.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        }
    }
    if store.is_empty() {
        return Err(Error::Tls("there are no root certificates to check the server's by".to_owned()));
    }
    Ok(store)
}

/// Accepts a certificate whatever its name and, without an authority, whoever signed it; signatures made with its key
/// are checked all the same.
#[derive(Debug)]
struct Lenient {
    provider: Arc<CryptoProvider>,
    authority: Option<Arc<WebPkiServerVerifier>>,
}

impl ServerCertVerifier for Lenient {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let Some(authority) = &self.authority else { return Ok(ServerCertVerified::assertion()) };
        match authority.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now) {
            Err(rustls::Error::InvalidCertificate(CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. })) => {
                Ok(ServerCertVerified::assertion())
            }
            other => other,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signature, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signature, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
