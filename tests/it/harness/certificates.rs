//! A certificate for the tests' PostgreSQL, and the authority that signed it.

use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};

/// Writes `server.crt` and `server.key`, where PostgreSQL looks for them, and gives the authority's file. The certificate
/// names `localhost` and no address.
pub(super) fn write(data: &Path, user: Option<(u32, u32)>) -> PathBuf {
    let key = KeyPair::generate().expect("a key");
    let mut authority = CertificateParams::new(Vec::new()).expect("no names");
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let root = authority.self_signed(&key).expect("signed");
    let issuer = Issuer::new(authority, key);
    let server_key = KeyPair::generate().expect("a key");
    let server = CertificateParams::new(vec!["localhost".to_owned()]).expect("a name");
    let server = server.signed_by(&server_key, &issuer).expect("signed");
    let file = |name: &str, text: &str| {
        let path = data.join(name);
        std::fs::write(&path, text).expect("the data directory can be written to");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).expect("it is ours");
        if let Some((uid, gid)) = user {
            chown(&path, Some(uid), Some(gid)).expect("root may");
        }
        path
    };
    file("server.crt", &server.pem());
    file("server.key", &server_key.serialize_pem());
    file("authority.crt", &root.pem())
}
