//! The tables.

use std::fmt::Write;

use civigrid::generate::Profile;

use crate::measure::{Measured, Sample};

/// What one profile gave.
pub(crate) struct Results {
    pub(crate) profile: Profile,
    pub(crate) measured: Vec<Measured>,
    /// The most memory that Civigrid and the handlers held, in bytes.
    pub(crate) memory: (u64, u64),
}

/// The most memory that the server may hold, in bytes.
const MEMORY_GATE: u64 = 120_000_000;
/// PostgreSQL's CPU a request may grow so far from the smallest profile to another, for the first works.
const GROWTH_GATE: f64 = 2.0;
const GROWING: [&str; 4] = ["Q1", "Q2", "Q3", "Q4"];

impl Results {
    /// True if every gate holds.
    pub(crate) fn hold(&self) -> bool {
        self.memory.0 <= MEMORY_GATE && self.measured.iter().all(|measured| measured.ratio() <= measured.work.gate)
    }
}

impl Measured {
    fn ratios(&self) -> Vec<f64> {
        self.rounds.iter().map(|(civigrid, hand)| civigrid.sum() / hand.sum()).collect()
    }

    fn ratio(&self) -> f64 {
        median(self.ratios())
    }

    fn civigrid(&self, of: fn(&Sample) -> f64) -> f64 {
        median(self.rounds.iter().map(|(civigrid, _)| of(civigrid)).collect())
    }

    fn hand(&self, of: fn(&Sample) -> f64) -> f64 {
        median(self.rounds.iter().map(|(_, hand)| of(hand)).collect())
    }
}

/// Everything that was measured, in Markdown.
pub(crate) fn tables(results: &[Results], rounds: usize, seconds: f64, connections: usize) -> String {
    let mut text = format!("{rounds} rounds of {seconds} s for each work and server, {connections} connections; medians of the rounds.\n");
    for result in results {
        // Writing to a string cannot fail.
        let _ = table(&mut text, result);
    }
    if let [first, others @ ..] = results {
        for other in others {
            let _ = growth(&mut text, first, other);
        }
    }
    text
}

fn table(text: &mut String, result: &Results) -> std::fmt::Result {
    writeln!(text, "\n### Profile `{}`\n", result.profile)?;
    writeln!(
        text,
        "| work | Civigrid: server + PostgreSQL, ms CPU | handler: server + PostgreSQL, ms CPU | ratio (least – greatest) | gate | aim | holds | req/s, p50 / p99 ms | handler's | answer |"
    )?;
    writeln!(text, "| --- | ---: | ---: | ---: | ---: | ---: | --- | ---: | ---: | ---: |")?;
    for measured in &result.measured {
        let ratios = measured.ratios();
        let least = ratios.iter().copied().fold(f64::INFINITY, f64::min);
        let greatest = ratios.iter().copied().fold(0.0, f64::max);
        let ratio = measured.ratio();
        let verdict = match ratio {
            ratio if ratio <= measured.work.aim => "yes, and the aim",
            ratio if ratio <= measured.work.gate => "yes",
            _ => "**no**",
        };
        writeln!(
            text,
            "| {} | {:.3} + {:.3} | {:.3} + {:.3} | **{ratio:.2}** ({least:.2} – {greatest:.2}) | {} | {} | {verdict} | {:.0}, {:.2} / {:.1} | {:.0}, {:.2} / {:.1} | {:.1} kB, {} objects |",
            measured.work.name,
            measured.civigrid(|sample| sample.server),
            measured.civigrid(|sample| sample.database),
            measured.hand(|sample| sample.server),
            measured.hand(|sample| sample.database),
            measured.work.gate,
            measured.work.aim,
            measured.civigrid(|sample| sample.rate),
            measured.civigrid(|sample| sample.p50),
            measured.civigrid(|sample| sample.p99),
            measured.hand(|sample| sample.rate),
            measured.hand(|sample| sample.p50),
            measured.hand(|sample| sample.p99),
            measured.answer.0 as f64 / 1_000.0,
            measured.answer.1,
        )?;
    }
    let (civigrid, hand) = result.memory;
    let megabytes = |bytes: u64| bytes as f64 / 1e6;
    let verdict = if civigrid <= MEMORY_GATE { "holds" } else { "does **not** hold" };
    writeln!(
        text,
        "\nMost memory held: Civigrid {:.0} MB (gate {:.0} MB: {verdict}), the handlers {:.0} MB.",
        megabytes(civigrid),
        megabytes(MEMORY_GATE),
        megabytes(hand)
    )
}

fn growth(text: &mut String, first: &Results, other: &Results) -> std::fmt::Result {
    writeln!(text, "\n### PostgreSQL's CPU a request, `{}` beside `{}`\n", other.profile, first.profile)?;
    writeln!(text, "| work | `{}` | `{}` | growth | gate |", first.profile, other.profile)?;
    writeln!(text, "| --- | ---: | ---: | ---: | ---: |")?;
    for (small, large) in first.measured.iter().zip(&other.measured) {
        let (small_cpu, large_cpu) = (small.civigrid(|sample| sample.database), large.civigrid(|sample| sample.database));
        let gate = if GROWING.contains(&small.work.name) { GROWTH_GATE.to_string() } else { "–".to_owned() };
        writeln!(text, "| {} | {small_cpu:.3} | {large_cpu:.3} | {:.2} | {gate} |", small.work.name, large_cpu / small_cpu)?;
    }
    Ok(())
}

/// The value in the middle.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    match values.len() {
        0 => f64::NAN,
        odd if odd % 2 == 1 => values[odd / 2],
        even => (values[even / 2 - 1] + values[even / 2]) / 2.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_stands_in_the_middle() {
        assert!((median(vec![3.0, 1.0, 2.0]) - 2.0).abs() < 1e-9);
        assert!((median(vec![4.0, 1.0, 2.0, 3.0]) - 2.5).abs() < 1e-9);
    }
}
