//! `civigrid demo`: an embedded database with invented people on the real map, and a token for every role.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use chrono::{DateTime, TimeDelta, Utc};
use clap::Args;
use entities::codes::RegionLevel;
use entities::region_code::RegionCode;

use super::console::Console;
use super::token::{Holder, Signer, write_private};
use super::{Context, data, logging, serve};
use crate::app;
use crate::clock::Clock;
use crate::config::{Config, Sources};
use crate::generate::{self, Cast, Profile};
use crate::http::authentication::{Assigned, Kind, new_key_pair};
use crate::http::desk;
use crate::store::Database;

/// How long the tokens last; new ones are printed at every start.
const TOKEN_DAYS: i64 = 30;
const SEED: u64 = 1;
/// Where the checkpoints of its audit log stand.
const CHECKPOINTS: &str = "audit-checkpoints.jsonl";
/// What the demonstration wants to be different unless somebody says otherwise: a screen for people.
const DEFAULTS: &str = "[log]\nformat = \"text\"\nfilter = \"warn\"";
/// What a newcomer may ask first.
const FIRST_QUESTION: &str = r#"{"query":"{ households(first: 3) { totalCount nodes { number region { name } residents { nodes { name sex ageBand access { withheld } } } } } }"}"#;

#[derive(Args)]
pub(super) struct Demo {
    /// Address and port to listen on.
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
    /// Where the demonstration keeps its database and its secret.
    #[arg(long, value_name = "DIR", default_value = ".civigrid")]
    data: PathBuf,
    /// Forget the database and make it anew.
    #[arg(long)]
    fresh: bool,
}

impl Demo {
    pub(super) async fn run(self, context: &mut Context<'_>) -> anyhow::Result<ExitCode> {
        let directory = Directory(self.data);
        std::fs::create_dir_all(&directory.0).with_context(|| format!("cannot create {}", directory.0.display()))?;
        let secret = directory.secret("development.secret")?;
        let desk = desk::open().await.context("there is no port for the officer who is told of emergency access")?;
        let sources = context.sources()?.weaker(&format!("[break_glass]\nnotify_url = \"http://{desk}/\""));
        let config = settings(sources, self.listen, &directory, &secret)?;
        logging::start(&config.log)?;
        if self.fresh || !directory.is_current() {
            directory.clear()?;
            context.console.line(format_args!("Making the people of one street; this happens once."));
            data::fill(context.console, &config, Profile::Demo, SEED).await?;
            directory.stamp()?;
        }
        let (app, listener) = serve::prepare(&config).await?;
        let cast = generate::demo_cast(config.database.url.expose()).await?;
        let tokens = Tokens { config: &config, signer: Signer::development(&secret), now: Clock::system(config.zone).now().instant };
        tokens.print(context.console, &cast, listener.local_addr()?)?;
        app.serve(listener, serve::asked_to_stop()?).await;
        Ok(ExitCode::SUCCESS)
    }
}

fn settings(sources: Sources, listen: Option<SocketAddr>, directory: &Directory, secret: &str) -> anyhow::Result<Config> {
    let key = directory.secret("privacy.key")?;
    let config = sources
        .weaker(DEFAULTS)
        .weaker(&format!("[privacy]\nkey = \"{key}\""))
        .flag("server.listen", listen)
        .flag("database.url", Some(directory.database_url()))
        .flag("authentication.dangerous_development_secret", Some(secret))
        .flag("audit.variables_secret", Some(secret))
        .flag("audit.checkpoint_key_file", Some(directory.audit_key()?))
        .flag("audit.checkpoint_file", Some(directory.file(CHECKPOINTS)))
        .read()?;
    Ok(config)
}

/// Where the demonstration keeps what it makes.
struct Directory(PathBuf);

impl Directory {
    fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    fn database_url(&self) -> String {
        format!("sqlite:{}?mode=rwc", self.file("demo.sqlite").display())
    }

    /// A secret of the demonstration, what signs its tokens or what rounds its figures: made once, for the owner's eyes only.
    fn secret(&self, name: &str) -> anyhow::Result<String> {
        let path = self.file(name);
        if !path.exists() {
            let secret: String = rand::random::<[u8; 32]>().iter().map(|byte| format!("{byte:02x}")).collect();
            write_private(&path, &secret)?;
        }
        let secret = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        Ok(secret.trim_end().to_owned())
    }

    /// The key that signs the checkpoints of the demonstration's audit log.
    fn audit_key(&self) -> anyhow::Result<PathBuf> {
        let path = self.file("audit.pem");
        if !path.exists() {
            let (pem, _) = new_key_pair("audit").map_err(|error| anyhow::anyhow!("cannot make a key: {error}"))?;
            write_private(&path, &pem)?;
        }
        Ok(path)
    }

    /// True if the database was made to its end by this version with this seed.
    fn is_current(&self) -> bool {
        std::fs::read_to_string(self.file("demo.stamp")).is_ok_and(|stamp| stamp == current_stamp())
    }

    fn stamp(&self) -> anyhow::Result<()> {
        std::fs::write(self.file("demo.stamp"), current_stamp()).context("cannot write the stamp of the demonstration")
    }

    /// Removes the database, its stamp first, so that half a database is never taken for a whole one.
    fn clear(&self) -> anyhow::Result<()> {
        for name in ["demo.stamp", "demo.sqlite", "demo.sqlite-wal", "demo.sqlite-shm", CHECKPOINTS] {
            remove(&self.file(name))?;
        }
        Ok(())
    }
}

fn remove(path: &Path) -> anyhow::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove {}", path.display()))
        }
        _ => Ok(()),
    }
}

/// What the demonstration was made by. A program whose database has another shape makes it anew.
fn current_stamp() -> String {
    format!("civigrid {} shape {} seed {SEED} profile demo\n", env!("CARGO_PKG_VERSION"), Database::shape())
}

struct Tokens<'a> {
    config: &'a Config,
    signer: Signer,
    now: DateTime<Utc>,
}

impl Tokens<'_> {
    fn print(&self, console: &mut Console, cast: &Cast, address: SocketAddr) -> anyhow::Result<()> {
        let policy = app::policy(self.config)?;
        let mut example = None;
        console.line(format_args!("\nTokens (each lasts {TOKEN_DAYS} days; new ones are printed at every start):"));
        for part in parts(cast) {
            let Some((role, title)) = policy.roles().find(|(role, _)| *role == part.role) else { continue };
            let scope = part.scope();
            let token = self.signer.sign(part.holder(), self.now, TimeDelta::days(TOKEN_DAYS))?;
            console.line(format_args!("\n# {role}{scope}: {title}\n{token}"));
            if role == "community_secretary" {
                example = Some(token);
            }
        }
        console.line(format_args!("\nCivigrid answers on http://{address} (open it in a browser). To ask as a community secretary:\n"));
        console.line(format_args!(
            "curl http://{address}/graphql -H 'Content-Type: application/json' -H 'Authorization: Bearer {}' -d '{FIRST_QUESTION}'\n",
            example.unwrap_or_default()
        ));
        console.line(format_args!("Everyone in it is invented. Ctrl + C stops it."));
        Ok(())
    }
}

/// A role of the demonstration with its bounds.
#[derive(Default)]
struct Part {
    role: &'static str,
    region: Option<RegionCode>,
    board: Option<&'static str>,
    department: Option<String>,
    person: Option<String>,
    client: Option<&'static str>,
}

impl Part {
    fn scope(&self) -> String {
        let region = self.region.map(|region| format!(" in {region}")).unwrap_or_default();
        let board = self.board.map(|board| format!(" for {board}")).unwrap_or_default();
        let department = self.department.as_ref().map(|department| format!(" of {department}")).unwrap_or_default();
        region + &board + &department
    }

    fn holder(self) -> Holder {
        let Self { role, region, board, department, person, client } = self;
        Holder {
            subject: format!("demo-{role}"),
            kind: if client.is_some() { Kind::Client } else { Kind::Person },
            person,
            client: client.map(str::to_owned),
            assignments: vec![Assigned {
                role: role.to_owned(),
                regions: region.iter().map(ToString::to_string).collect(),
                board: board.map(str::to_owned),
                department,
                ..Assigned::default()
            }],
        }
    }
}

/// One caller for each role, around the street that is made in full.
fn parts(cast: &Cast) -> Vec<Part> {
    let street = generate::demo_street();
    let district = street.at(RegionLevel::District);
    let city = street.at(RegionLevel::Municipality);
    let part = |role, region| Part { role, region, ..Part::default() };
    let department = |uuid| entities::id::text("department", uuid);
    vec![
        part("grid_worker", Some(cast.grid)),
        part("grid_helper", Some(cast.grid)),
        part("community_secretary", Some(cast.community)),
        part("street_operator", Some(street)),
        Part { board: Some("SERVICES"), department: Some(department(cast.post)), ..part("board_officer", Some(street)) },
        Part { board: Some("SERVICES"), department: cast.bureau.map(department), ..part("district_officer", district) },
        Part { department: cast.department.map(department), ..part("city_officer", city) },
        part("auditor", city),
        Part { client: Some("demo-application"), ..part("integrator", district) },
        part("administrator", city),
        Part { person: cast.resident.map(|uuid| entities::id::text("person", uuid)), ..part("resident", None) },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_demonstration_is_current_only_once_it_is_whole() {
        let temporary = tempfile::tempdir().expect("a directory");
        let directory = Directory(temporary.path().to_owned());
        assert!(!directory.is_current());
        directory.stamp().expect("written");
        assert!(directory.is_current());
        let of_another_shape = current_stamp().replace(&Database::shape(), "m20200101_000001_older");
        std::fs::write(directory.file("demo.stamp"), of_another_shape).expect("written");
        assert!(!directory.is_current(), "it would be refused as not migrated");
        directory.stamp().expect("written");
        directory.clear().expect("removed");
        assert!(!directory.is_current());
    }

    #[test]
    fn the_secret_is_kept_and_is_the_owners_alone() {
        let temporary = tempfile::tempdir().expect("a directory");
        let directory = Directory(temporary.path().to_owned());
        let secret = directory.secret("development.secret").expect("made");
        assert_eq!(directory.secret("development.secret").expect("read"), secret);
        assert_ne!(directory.secret("privacy.key").expect("made"), secret);
        assert!(secret.len() >= 32);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(directory.file("development.secret")).expect("a file").permissions().mode();
            assert_eq!(mode & 0o077, 0);
        }
    }

    #[test]
    fn the_policy_knows_every_role_of_the_demonstration() {
        let street = generate::demo_street();
        let cast = Cast { grid: street, community: street, post: uuid::Uuid::nil(), bureau: None, department: None, resident: None };
        let policy = crate::policy::Policy::built_in();
        for part in parts(&cast) {
            assert!(policy.roles().any(|(role, _)| role == part.role), "{}", part.role);
        }
    }
}
