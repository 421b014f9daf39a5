//! Where events go: standard error, one line each.

use std::io::IsTerminal as _;

use anyhow::Context as _;
use tracing_subscriber::EnvFilter;

use crate::config::{Log, LogFormat};

/// Which events the settings want.
pub(super) fn filter(settings: &Log) -> anyhow::Result<EnvFilter> {
    EnvFilter::try_new(&settings.filter).with_context(|| format!("log.filter: {:?} cannot be read", settings.filter))
}

/// Starts logging for the rest of the process.
pub(super) fn start(settings: &Log) -> anyhow::Result<()> {
    let filter = filter(settings)?;
    let events = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(std::io::stderr().is_terminal()).with_writer(std::io::stderr);
    let started = match settings.format {
        LogFormat::Json => events.json().flatten_event(true).with_current_span(false).with_span_list(false).try_init(),
        LogFormat::Text => events.try_init(),
    };
    started.map_err(|error| anyhow::anyhow!("cannot start logging: {error}"))?;
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        // A composed text could quote what a caller sent or a register holds; a fixed one cannot.
        let text = panic.payload().downcast_ref::<&'static str>().copied();
        tracing::error!(place, text, "a defect of the program");
    }));
    Ok(())
}
