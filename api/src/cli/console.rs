//! What a command tells the one who typed it. Events of a running server go to the log instead.

use std::fmt;
use std::io::{self, Write};

/// Standard output for results, standard error for complaints.
pub(super) struct Console {
    out: io::Stdout,
}

impl Console {
    pub(super) fn new() -> Self {
        Self { out: io::stdout() }
    }

    /// Writes a line. A reader that went away (`civigrid schema | head`) is no failure of ours.
    pub(super) fn line(&mut self, text: fmt::Arguments<'_>) {
        let _ = writeln!(self.out, "{text}");
    }

    /// Writes a text as it is.
    pub(super) fn write(&mut self, text: &str) {
        let _ = self.out.write_all(text.as_bytes()).and_then(|()| self.out.flush());
    }

    /// Writes a remark: beside a result that a program may read, or with a place of its own, such as a file's line.
    pub(super) fn remark(&mut self, text: fmt::Arguments<'_>) {
        let _ = writeln!(io::stderr(), "{text}");
    }

    /// Writes what went wrong.
    pub(super) fn complain(&mut self, text: fmt::Arguments<'_>) {
        let _ = writeln!(io::stderr(), "civigrid: {text}");
    }
}
