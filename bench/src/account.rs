//! What the system says of processes: CPU time and memory, from `/proc`.

use std::collections::HashMap;
use std::time::Duration;

use anyhow::{Context, Result};
use tokio_postgres::Client;

/// Ticks of `/proc/PID/stat` in a second; fixed on Linux for programs that read it.
const TICKS: u64 = 100;

/// The CPU time that all threads of a process used, also those that ended.
pub(crate) fn process_cpu(pid: u32) -> Result<Duration> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).context("a server is gone")?;
    // The name stands in brackets and may hold anything; the numbers follow the last bracket, from the third field on.
    let (_, numbers) = stat.rsplit_once(')').context("/proc/PID/stat cannot be read")?;
    let field =
        |number: usize| -> Result<u64> { Ok(numbers.split_whitespace().nth(number - 3).context("/proc/PID/stat is too short")?.parse()?) };
    Ok(Duration::from_millis((field(14)? + field(15)?) * 1_000 / TICKS))
}

/// The most memory a process ever held, in bytes.
pub(crate) fn peak_memory(pid: u32) -> Result<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).context("a server is gone")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("no VmHWM in /proc/PID/status")?;
    let kilobytes: u64 = line.trim().trim_end_matches(" kB").parse()?;
    Ok(kilobytes * 1_024)
}

/// The CPU time of the database's processes that serve connections of this name, by process, in nanoseconds.
pub(crate) async fn backends_cpu(control: &Client, application: &str) -> Result<HashMap<i32, u64>> {
    let rows = control.query("SELECT pid FROM pg_stat_activity WHERE application_name = $1", &[&application]).await?;
    let mut times = HashMap::new();
    for row in rows {
        let pid: i32 = row.get(0);
        // A process of one thread: the first number is its time on a CPU, to the nanosecond.
        if let Ok(text) = std::fs::read_to_string(format!("/proc/{pid}/schedstat"))
            && let Some(time) = text.split_whitespace().next().and_then(|time| time.parse().ok())
        {
            times.insert(pid, time);
        }
    }
    Ok(times)
}

/// The CPU time between two readings. A backend that is new started at zero.
pub(crate) fn between(before: &HashMap<i32, u64>, after: &HashMap<i32, u64>) -> Duration {
    let nanos = after.iter().map(|(pid, time)| time - before.get(pid).copied().unwrap_or(0).min(*time)).sum();
    Duration::from_nanos(nanos)
}
