//! `civigrid token`: signs a token, or makes a key that signs tokens.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use chrono::{DateTime, TimeDelta, Utc};
use clap::{Args, Subcommand, ValueEnum};

use super::Context;
use super::bounds::Bounds;
use super::console::Console;
use crate::app;
use crate::clock::Clock;
use crate::config::{Authentication, Config};
use crate::http::authentication::{Assigned, Audience, Claims, Kind, SigningKey, new_key_pair};

#[derive(Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct Token {
    #[command(subcommand)]
    command: Option<TokenCommand>,
    /// A role of the policy; several times for several roles with the same bounds.
    #[arg(long)]
    role: Vec<String>,
    #[command(flatten)]
    bounds: Bounds,
    /// The caller's own id in the person register (person_…).
    #[arg(long)]
    person: Option<String>,
    /// The account.
    #[arg(long, default_value = "someone")]
    subject: String,
    /// The application the token is given to.
    #[arg(long)]
    client: Option<String>,
    /// Whether a person asks or an application on its own account.
    #[arg(long, default_value = "person")]
    kind: KindName,
    /// How many days the token lasts.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=366))]
    days: u16,
    /// How many minutes the token lasts, instead of days: to try out what becomes of one that has ended.
    #[arg(long, conflicts_with = "days", value_parser = clap::value_parser!(u16).range(1..))]
    minutes: Option<u16>,
    /// A private key (PEM) to sign with; without it the development secret of the settings signs.
    #[arg(long, value_name = "FILE", requires_all = ["key_id", "issuer", "audience"])]
    key_file: Option<PathBuf>,
    /// The key's id in the issuer's JWKS file.
    #[arg(long)]
    key_id: Option<String>,
    /// The issuer.
    #[arg(long)]
    issuer: Option<String>,
    /// The audience.
    #[arg(long)]
    audience: Option<String>,
}

#[derive(Clone, Copy, ValueEnum)]
enum KindName {
    Person,
    Client,
}

#[derive(Subcommand)]
enum TokenCommand {
    /// Make an Ed25519 key: the private key in PEM, and the JWKS file for authentication.issuers.
    Key {
        /// The key's id.
        #[arg(long, default_value = "civigrid")]
        key_id: String,
        /// Where to write NAME.pem and NAME.jwks.json.
        #[arg(long, value_name = "NAME", default_value = "civigrid")]
        out: PathBuf,
    },
}

impl Token {
    pub(super) fn run(self, context: &mut Context<'_>) -> anyhow::Result<ExitCode> {
        match &self.command {
            Some(TokenCommand::Key { key_id, out }) => make_key(context.console, key_id, out)?,
            None => {
                let config = context.settings()?;
                let token = self.sign(&config)?;
                context.console.line(format_args!("{token}"));
            }
        }
        Ok(ExitCode::SUCCESS)
    }

    fn sign(&self, config: &Config) -> anyhow::Result<String> {
        let policy = app::policy(config)?;
        let assignments = self.role.iter().map(|role| self.bounds.assigned(&policy, role)).collect::<anyhow::Result<_>>()?;
        let signer = self.signer(config)?;
        let holder = Holder {
            subject: self.subject.clone(),
            kind: match self.kind {
                KindName::Person => Kind::Person,
                KindName::Client => Kind::Client,
            },
            person: self.person.clone(),
            client: self.client.clone(),
            assignments,
        };
        signer.sign(holder, Clock::system(config.zone).now().instant, self.lifetime())
    }

    fn lifetime(&self) -> TimeDelta {
        self.minutes.map_or(TimeDelta::days(self.days.into()), |minutes| TimeDelta::minutes(minutes.into()))
    }

    fn signer(&self, config: &Config) -> anyhow::Result<Signer> {
        if let (Some(file), Some(kid), Some(issuer), Some(audience)) = (&self.key_file, &self.key_id, &self.issuer, &self.audience) {
            let pem = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
            let key = SigningKey::from_pem(&pem, kid).with_context(|| {
                format!("{} is no private key (PKCS#8) for Ed25519, P-256 or RSA, or the key id is none", file.display())
            })?;
            return Ok(Signer { key, issuer: issuer.clone(), audience: audience.clone() });
        }
        let secret = config.authentication.dangerous_development_secret.as_ref().context(
            "there is nothing to sign with: give --key-file, --key-id, --issuer and --audience, or set authentication.dangerous_development_secret",
        )?;
        Ok(Signer::development(secret.expose()))
    }
}

/// Who holds a token, and what it gives.
pub(super) struct Holder {
    pub(super) subject: String,
    pub(super) kind: Kind,
    pub(super) person: Option<String>,
    pub(super) client: Option<String>,
    pub(super) assignments: Vec<Assigned>,
}

/// A key and the issuer it signs for.
pub(super) struct Signer {
    key: SigningKey,
    issuer: String,
    audience: String,
}

impl Signer {
    pub(super) fn development(secret: &str) -> Self {
        Self {
            key: SigningKey::development(secret),
            issuer: Authentication::DEVELOPMENT_ISSUER.to_owned(),
            audience: Authentication::DEVELOPMENT_AUDIENCE.to_owned(),
        }
    }

    pub(super) fn sign(&self, holder: Holder, now: DateTime<Utc>, lifetime: TimeDelta) -> anyhow::Result<String> {
        let Holder { subject, kind, person, client, assignments } = holder;
        let now = now.timestamp();
        let claims = Claims {
            iss: self.issuer.clone(),
            aud: Audience::One(self.audience.clone()),
            sub: subject,
            jti: format!("{:032x}", rand::random::<u128>()),
            iat: now,
            exp: now + lifetime.num_seconds(),
            nbf: now,
            kind,
            person,
            client,
            assignments,
        };
        self.key.sign(&claims).map_err(|error| anyhow::anyhow!("cannot sign: {error}"))
    }
}

fn make_key(console: &mut Console, key_id: &str, out: &Path) -> anyhow::Result<()> {
    let (pem, jwks) = new_key_pair(key_id).map_err(|error| anyhow::anyhow!("cannot make a key: {error}"))?;
    if SigningKey::from_pem(&pem, key_id).is_none() {
        bail!("a key id has 1 to 128 of the signs A-Z a-z 0-9 . _ -");
    }
    let (private, public) = (out.with_added_extension("pem"), out.with_added_extension("jwks.json"));
    write_private(&private, &pem)?;
    std::fs::write(&public, jwks).with_context(|| format!("cannot write {}", public.display()))?;
    console.line(format_args!("{}: the private key; keep it secret", private.display()));
    console.line(format_args!("{}: the public key, for jwks_file of authentication.issuers", public.display()));
    Ok(())
}

/// Writes a new file that only its owner may read. An existing one is never replaced.
pub(super) fn write_private(path: &Path, text: &str) -> anyhow::Result<()> {
    use std::io::Write;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).with_context(|| format!("cannot create {}", path.display()))?;
    file.write_all(text.as_bytes()).with_context(|| format!("cannot write {}", path.display()))
}
