//! What both servers need: a filled database, a signing key with its JWKS file, a policy, tokens.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use civigrid::clock::Clock;
use civigrid::generate::{self, Profile, Settings};
use civigrid::http::authentication::{Assigned, Audience, Claims, Kind, SigningKey, new_key_pair};
use civigrid::store;
use entities::registers::REGISTERS;

use crate::cluster::connect;
use crate::console;

/// The issuer of the benchmark's tokens.
pub(crate) const ISSUER: &str = "https://bench.example";
/// Whom they are meant for.
pub(crate) const AUDIENCE: &str = "civigrid";
const KID: &str = "bench";
const SEED: u64 = 1;
const HOUR: i64 = 3_600;

/// The role that sees everything in full.
pub(crate) const EVERYTHING: &str = "everything";
/// The role that sees everything in full, in its regions.
pub(crate) const FULL_IN_REGION: &str = "full_in_region";
/// The role that sees names, sex and education of people of 14 or older, in its regions.
pub(crate) const BASIC_IN_REGION: &str = "basic_in_region";

/// The role whose region, labels and masks are looked at: adults' numbers masked, of children and protected persons only a little.
pub(crate) const CAREFUL: &str = "careful";
/// The region of all rows.
pub(crate) const WHOLE_CITY: &str = "500000000000";

/// The city's clock.
pub(crate) fn clock() -> Clock {
    Clock::system(chrono_tz::Asia::Shanghai)
}

/// Files that both servers read, and the key that signs the tokens.
pub(crate) struct Papers {
    pub(crate) jwks: PathBuf,
    pub(crate) policy: PathBuf,
    key: SigningKey,
}

impl Papers {
    /// Writes the files into a directory.
    pub(crate) fn write(directory: &Path) -> Result<Self> {
        let (pem, jwks_text) = new_key_pair(KID).map_err(|error| anyhow!("no key: {error}"))?;
        let (jwks, policy) = (directory.join("bench.jwks.json"), directory.join("bench.policy.toml"));
        std::fs::write(&jwks, jwks_text)?;
        std::fs::write(&policy, policy_text())?;
        let key = SigningKey::from_pem(&pem, KID).context("the key cannot be read back")?;
        Ok(Self { jwks, policy, key })
    }

    /// A token for these assignments.
    pub(crate) fn token(&self, name: &str, assignments: Vec<Assigned>) -> Result<String> {
        let now = clock().now().instant.timestamp();
        let claims = Claims {
            iss: ISSUER.to_owned(),
            aud: Audience::One(AUDIENCE.to_owned()),
            sub: name.to_owned(),
            jti: name.to_owned(),
            iat: now,
            nbf: now,
            exp: now + 24 * HOUR,
            kind: Kind::Person,
            person: None,
            client: None,
            assignments,
        };
        self.key.sign(&claims).map_err(|error| anyhow!("the token cannot be signed: {error}"))
    }
}

fn policy_text() -> String {
    let classes = r#"["class:public", "class:internal", "class:personal", "class:sensitive"]"#;
    let labelled = "minors = true\nprotected = true\nsensitive_codes = true\n";
    let mut text = format!("version = 1\n\n[role.{EVERYTHING}]\ntitle = \"Sees everything in full\"\n");
    for register in REGISTERS {
        text.push_str(&format!(
            "\n[[role.{EVERYTHING}.grant]]\nregister = \"{}\"\nrows = [\"all\"]\nshow = {classes}\nfilter = {classes}\naggregate = {classes}\n{labelled}",
            register.name
        ));
    }
    text.push_str(&careful(classes));
    text.push_str(&format!(
        "\n[role.{FULL_IN_REGION}]\ntitle = \"People of the region in full\"\n\n[[role.{FULL_IN_REGION}.grant]]\nregister = \"person\"\n\
         rows = [\"region\"]\nshow = {classes}\n{labelled}\n[role.{BASIC_IN_REGION}]\ntitle = \"A little of the region's people\"\n\n\
         [[role.{BASIC_IN_REGION}.grant]]\nregister = \"person\"\nrows = [\"region\"]\n\
         show = [\"class:internal\", \"name\", \"sex\", \"education\", \"region\"]\nprotected = true\n"
    ));
    text
}

fn careful(classes: &str) -> String {
    let mut text = format!("\n[role.{CAREFUL}]\ntitle = \"Sees its regions, people with masked numbers\"\n");
    for register in REGISTERS {
        let rows = if register.placing.is_some() { "region" } else { "all" };
        let grant = format!("\n[[role.{CAREFUL}.grant]]\nregister = \"{}\"\nrows = [\"{rows}\"]\n", register.name);
        if register.name == "person" {
            let masked = ["phone", "idNumber"];
            let fields = register.fields.iter().skip(1).map(|field| field.name).filter(|name| !masked.contains(name));
            let fields: Vec<String> = fields.map(|name| format!("\"{name}\"")).collect();
            text.push_str(&format!(
                "{grant}show = [{}]\nmask = [\"phone:ends\", \"idNumber:first_and_last\"]\nfilter = {classes}\naggregate = {classes}\n\
                 {grant}show = [\"namePinyin\", \"household\", \"region\"]\nmask = [\"name:family_name\", \"birthDate:year\"]\nminors = true\n",
                fields.join(", ")
            ));
        } else {
            text.push_str(&format!("{grant}show = {classes}\nfilter = {classes}\naggregate = {classes}\n"));
        }
    }
    text
}

/// Brings the database's shape up to date and, if it is empty, fills it.
pub(crate) async fn fill(url: &str, profile: Profile) -> Result<()> {
    let settings = store::Settings {
        url: url.to_owned(),
        connections: 1,
        statement_timeout: std::time::Duration::from_secs(600),
        wait: std::time::Duration::from_secs(60),
        keep_after: std::time::Duration::ZERO,
        kept_bytes: 0,
    };
    store::Database::new(settings)?.migrate().await?;
    let control = connect(url, "control").await?;
    let empty: bool = control.query_one("SELECT NOT EXISTS (SELECT FROM regions)", &[]).await?.get(0);
    if empty {
        console::complain(format_args!("generating the profile {profile} …"));
        let report = generate::run(&Settings { profile, seed: SEED, now: clock().now().instant }, url, false).await?;
        let seconds: f64 = report.phases.iter().map(|phase| phase.seconds).sum();
        console::complain(format_args!("generated in {seconds:.0} s"));
    }
    // Index-only scans need the visibility map; nothing is to tidy up while it is measured.
    control.batch_execute("VACUUM ANALYZE").await?;
    control.batch_execute("CHECKPOINT").await?;
    Ok(())
}
