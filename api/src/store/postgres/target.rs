//! Where PostgreSQL is and how to speak to it. The address is read by sqlx, so that reading and writing agree on what
//! it means, with the environment (`PGHOST` …) and the password file.

use std::path::PathBuf;

use sqlx::ConnectOptions;
use sqlx::postgres::{PgConnectOptions, PgSslMode};

use super::Error;

/// How to reach a server.
#[derive(Clone)]
pub(in crate::store) struct Target {
    pub(super) place: Place,
    pub(super) user: String,
    pub(super) password: Option<String>,
    pub(super) database: Option<String>,
    pub(super) tls: PgSslMode,
    /// Certificates of authorities, in PEM; without them, those of the operating system.
    pub(super) root_certificates: Option<PathBuf>,
    /// Settings of the session, by their names in the manual's chapter 20.
    pub(super) settings: Vec<(&'static str, String)>,
}

/// A host and port, or a socket of the file system.
#[derive(Clone)]
pub(super) enum Place {
    Host(String, u16),
    Socket(PathBuf),
}

impl Target {
    /// Reads an address.
    ///
    /// # Errors
    /// If it is none, or asks for a client certificate.
    pub(in crate::store) fn parse(url: &str, settings: Vec<(&'static str, String)>) -> Result<Self, Error> {
        let options: PgConnectOptions = url.parse().map_err(|error: sqlx::Error| Error::Address(error.to_string()))?;
        // The options do not tell the password and the certificates but in an address made of them.
        let spelled = options.to_url_lossy();
        let mut root_certificates = None;
        for (name, value) in spelled.query_pairs() {
            match name.as_ref() {
                // The options spell a file as "file: /path".
                "sslrootcert" => match value.strip_prefix("file: ") {
                    Some(file) => root_certificates = Some(PathBuf::from(file)),
                    None => return Err(Error::Address("sslrootcert must name a file".to_owned())),
                },
                "sslcert" | "sslkey" => {
                    return Err(Error::Address(format!("{name} is not supported for reading; prove who you are by a password")));
                }
                _ => {}
            }
        }
        let place = match options.get_socket() {
            Some(directory) => Place::Socket(directory.join(format!(".s.PGSQL.{}", options.get_port()))),
            None if options.get_host().starts_with('/') => {
                Place::Socket(PathBuf::from(options.get_host()).join(format!(".s.PGSQL.{}", options.get_port())))
            }
            None => Place::Host(options.get_host().to_owned(), options.get_port()),
        };
        let password = spelled.password().map(|password| percent_encoding::percent_decode_str(password).decode_utf8_lossy().into_owned());
        Ok(Self {
            place,
            user: options.get_username().to_owned(),
            password,
            database: options.get_database().map(ToOwned::to_owned),
            tls: options.get_ssl_mode(),
            root_certificates,
            settings,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(url: &str) -> Target {
        Target::parse(url, Vec::new()).expect("an address")
    }

    #[test]
    fn an_address_gives_its_parts() {
        let target = parse("postgres://reader:p%40ss%2Fword@db.example:6432/city?sslmode=verify-full&sslrootcert=/etc/city.pem");
        assert!(matches!(&target.place, Place::Host(host, 6432) if host == "db.example"));
        assert_eq!(target.user, "reader");
        assert_eq!(target.password.as_deref(), Some("p@ss/word"));
        assert_eq!(target.database.as_deref(), Some("city"));
        assert!(matches!(target.tls, PgSslMode::VerifyFull));
        assert_eq!(target.root_certificates.as_deref(), Some(std::path::Path::new("/etc/city.pem")));
    }

    #[test]
    fn a_directory_as_host_is_a_socket() {
        for url in ["postgres://reader@localhost:5433/city?host=/run/postgresql", "postgres://reader@%2Frun%2Fpostgresql:5433/city"] {
            let target = parse(url);
            assert!(matches!(&target.place, Place::Socket(path) if path.ends_with("run/postgresql/.s.PGSQL.5433")), "{url}");
        }
    }

    #[test]
    fn what_is_not_supported_is_refused_by_name() {
        let refused = Target::parse("postgres://reader@localhost/city?sslcert=/a&sslkey=/b", Vec::new());
        assert!(matches!(refused, Err(Error::Address(reason)) if reason.contains("sslcert")));
    }
}
