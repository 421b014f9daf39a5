//! What the benchmark says: results on the standard output, progress beside them.

use std::fmt::Arguments;
use std::io::Write;

/// A line of the result.
pub(crate) fn line(text: Arguments<'_>) {
    // Nobody is left to be told when the terminal is gone.
    let _ = writeln!(std::io::stdout(), "{text}");
    let _ = std::io::stdout().flush();
}

/// A line of progress, or of complaint.
pub(crate) fn complain(text: Arguments<'_>) {
    let _ = writeln!(std::io::stderr(), "{text}");
}
