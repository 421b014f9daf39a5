//! `civigrid client document`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use clap::{Args, Subcommand};
use serde_json::Value;

use super::{Acting, Context, Place, SOON};
use crate::app;
use crate::config::Authentication;
use crate::graph::DocumentCheck;
use crate::store::clients::{self, NewDocument, digest_from_text, digest_of, digest_text};

/// As many operations' names are kept of one document.
const NAMES: usize = 5;

#[derive(Subcommand)]
pub(in crate::cli) enum Document {
    /// Register documents: a GraphQL file, or a manifest of persisted operations in JSON.
    Add(Add),
    /// List an application's documents.
    List(List),
    /// Remove a document: it is answered no longer.
    Remove(Remove),
}

#[derive(Args)]
pub(in crate::cli) struct Add {
    /// The application's name or id (client_…).
    client: String,
    /// A file whose whole text is one document, exactly as the application sends or hashes it; or, ending in .json, a
    /// manifest of generate-persisted-query-manifest or a table of hashes and texts, as GraphQL Code Generator and Relay write.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    acting: Acting,
    #[command(flatten)]
    place: Place,
}

#[derive(Args)]
pub(in crate::cli) struct List {
    /// The application's name or id (client_…).
    client: String,
    #[command(flatten)]
    place: Place,
}

#[derive(Args)]
pub(in crate::cli) struct Remove {
    /// The application's name or id (client_…).
    client: String,
    /// The document's SHA-256: 64 hexadecimal digits.
    hash: String,
    #[command(flatten)]
    acting: Acting,
    #[command(flatten)]
    place: Place,
}

impl Document {
    pub(super) async fn run(self, context: &mut Context<'_>) -> anyhow::Result<ExitCode> {
        match self {
            Self::Add(command) => command.run(context).await,
            Self::List(command) => command.run(context).await,
            Self::Remove(command) => command.run(context).await,
        }
    }
}

impl Add {
    async fn run(self, context: &mut Context<'_>) -> anyhow::Result<ExitCode> {
        let Self { client, files, acting, place } = self;
        let desk = place.open(context).await?;
        let check = DocumentCheck::new(app::limits(&desk.config.limits))?;
        let mut documents = Vec::new();
        for file in &files {
            for (place, text) in texts_in(file)? {
                let mut names = check.operations(&text).map_err(|wrong| anyhow::anyhow!("{place}: {wrong}"))?;
                names.truncate(NAMES);
                documents.push(NewDocument { name: names.join(" "), text });
            }
        }
        let deed = desk.deed(acting, Authentication::CLIENT_ISSUER)?;
        let new = clients::register_documents(&desk.database, &client, &documents, &deed).await?;
        for NewDocument { name, text } in &documents {
            context.console.line(format_args!("{}  {name}", digest_text(&digest_of(text))));
        }
        context.console.line(format_args!("{new} of {} are new. {SOON}", documents.len()));
        Ok(ExitCode::SUCCESS)
    }
}

impl List {
    async fn run(self, context: &mut Context<'_>) -> anyhow::Result<ExitCode> {
        let Self { client, place } = self;
        let desk = place.open(context).await?;
        let row = clients::by_word(&desk.database, &client).await?;
        let documents = clients::documents(&desk.database, row.id).await?;
        for document in &documents {
            context.console.line(format_args!(
                "{}  {}; registered by {}: {}",
                document.digest, document.name, document.registered_by, document.reason
            ));
        }
        if documents.is_empty() {
            context.console.line(format_args!("none"));
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl Remove {
    async fn run(self, context: &mut Context<'_>) -> anyhow::Result<ExitCode> {
        let Self { client, hash, acting, place } = self;
        let digest = digest_from_text(&hash).with_context(|| format!("{hash:?} is no SHA-256: it has 64 hexadecimal digits"))?;
        let desk = place.open(context).await?;
        let deed = desk.deed(acting, Authentication::CLIENT_ISSUER)?;
        let row = clients::remove_document(&desk.database, &client, &digest, &deed).await?;
        context.console.line(format_args!("{}  {} is removed. {SOON}", row.digest, row.name));
        Ok(ExitCode::SUCCESS)
    }
}

/// The documents of a file, each with where it stands.
fn texts_in(file: &Path) -> anyhow::Result<Vec<(String, String)>> {
    let name = file.display().to_string();
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {name}"))?;
    if file.extension().is_none_or(|extension| extension != "json") {
        return Ok(vec![(name, text)]);
    }
    let json: Value = serde_json::from_str(&text).with_context(|| format!("{name} is not JSON"))?;
    let found = in_manifest(&json).with_context(|| {
        format!("{name} is neither {{\"operations\": [{{\"id\": \"…\", \"body\": \"…\"}}]}} nor {{\"<SHA-256>\": \"<document>\"}}")
    })?;
    for (hash, text) in &found {
        if digest_from_text(hash) != Some(digest_of(text)) {
            bail!(
                "{name}: {hash:?} is not the SHA-256 of its document (that is {}); have your tool hash with SHA-256",
                digest_text(&digest_of(text))
            );
        }
    }
    if found.is_empty() {
        bail!("{name} holds no documents");
    }
    Ok(found.into_iter().map(|(hash, text)| (format!("{name}, {hash}"), text)).collect())
}

/// The hashes and texts of a manifest; None if it is none.
fn in_manifest(json: &Value) -> Option<Vec<(String, String)>> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    match json.get("operations") {
        Some(operations) => operations.as_array()?.iter().map(|one| Some((text(&one["id"])?, text(&one["body"])?))).collect(),
        None => json.as_object()?.iter().map(|(hash, document)| Some((hash.clone(), text(document)?))).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str, text: &str) -> Result<Vec<String>, String> {
        let directory = tempfile::tempdir().expect("a directory");
        let file = directory.path().join(name);
        std::fs::write(&file, text).expect("written");
        texts_in(&file).map(|found| found.into_iter().map(|(_, text)| text).collect()).map_err(|error| format!("{error:#}"))
    }

    #[test]
    fn a_file_is_one_document_to_its_last_sign_and_a_manifest_as_many_as_it_names() {
        assert_eq!(read("a.graphql", "{ me { kind } }\n"), Ok(vec!["{ me { kind } }\n".to_owned()]));
        let hash = digest_text(&digest_of("{ a }"));
        let apollo = format!(
            r#"{{"format":"apollo-persisted-query-manifest","version":1,"operations":[{{"id":"{hash}","body":"{{ a }}","name":"A","type":"query"}}]}}"#
        );
        assert_eq!(read("a.json", &apollo), Ok(vec!["{ a }".to_owned()]));
        assert_eq!(read("a.json", &format!(r#"{{"{hash}":"{{ a }}"}}"#)), Ok(vec!["{ a }".to_owned()]));
        let of_another = read("a.json", &format!(r#"{{"{hash}":"{{ b }}"}}"#)).expect_err("refused");
        assert!(of_another.contains("is not the SHA-256 of its document"), "{of_another}");
        for (text, words) in
            [("{", "not JSON"), ("[]", "neither"), (r#"{"a":1}"#, "neither"), ("{}", "no documents"), (r#"{"operations":7}"#, "neither")]
        {
            let said = read("a.json", text).expect_err("refused");
            assert!(said.contains(words), "{text}: {said}");
        }
    }
}
