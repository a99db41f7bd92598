//! Measuring, with nothing but the standard library.

use std::time::{Duration, Instant};

/// The least, the middle and the greatest of several times.
#[derive(Debug, Clone, Copy)]
pub struct Times {
    /// The least: what the work takes when nothing else runs.
    pub min: Duration,
    /// The middle one.
    pub median: Duration,
    /// The greatest.
    pub max: Duration,
}

/// Runs something so often and says how long each run took, in order of time. The first run warms up and does not count.
pub fn time<T>(runs: usize, mut work: impl FnMut() -> T) -> Times {
    drop(work());
    let mut times: Vec<Duration> = (0..runs.max(1))
        .map(|_| {
            let started = Instant::now();
            let made = work();
            let took = started.elapsed();
            drop(made);
            took
        })
        .collect();
    times.sort_unstable();
    Times { min: times[0], median: times[times.len() / 2], max: times[times.len() - 1] }
}

/// The least, the middle and the greatest of several numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// The least.
    pub least: f64,
    /// The middle one.
    pub middle: f64,
    /// The greatest.
    pub greatest: f64,
}

/// The spread of several numbers; zeros of none.
pub fn middle(numbers: &[f64]) -> Spread {
    let mut sorted = numbers.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = |place: usize| sorted.get(place).copied().unwrap_or_default();
    Spread { least: at(0), middle: at(sorted.len() / 2), greatest: at(sorted.len().saturating_sub(1)) }
}

/// How many processes wanted a processor in the last minute, as the system counts them.
pub fn load() -> String {
    let average = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    average.split(' ').next().filter(|first| !first.is_empty()).unwrap_or("not known").to_owned()
}

/// Waits, at most ten seconds, until other work takes less than a seventh of the machine, and lets the disk catch up.
pub fn quiet() {
    let _ = std::process::Command::new("sync").status();
    let cores = std::thread::available_parallelism().map_or(1.0, |cores| cores.get() as f64);
    for _ in 0..25 {
        let Some(before) = busy() else { return };
        std::thread::sleep(Duration::from_millis(400));
        if busy().is_none_or(|after| (after - before) / (0.4 * cores) < 0.15) {
            return;
        }
    }
}

/// Seconds of work that all processors have done.
fn busy() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/stat").ok()?;
    let numbers: Vec<f64> =
        text.lines().next()?.split_whitespace().skip(1).map_while(|number| number.parse().ok()).collect();
    // user, nice, system, idle, waiting, interrupts: a tick is a hundredth of a second.
    Some((numbers.first()? + numbers.get(1)? + numbers.get(2)? + numbers.get(5)?) / 100.0)
}

/// Milliseconds with as many digits as mean something.
pub fn millis(time: Duration) -> String {
    let millis = time.as_secs_f64() * 1000.0;
    if millis < 100.0 { format!("{millis:.1} ms") } else { format!("{millis:.0} ms") }
}

/// The most memory that this process has held so far, in megabytes; `None` where the system does not say.
pub fn peak_memory() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes / 1024.0)
}

/// The machine in one line: processor, how many, system.
pub fn machine() -> String {
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let named = info.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let name = named.map_or("a processor without a name", |(_, name)| name);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    format!("{name}, {cores} cores, {}", std::env::consts::OS)
}

/// The exponent of growth: `time = c * size ^ exponent`, the line through the logarithms with the least squares.
pub fn exponent(points: &[(f64, f64)]) -> f64 {
    let logs: Vec<(f64, f64)> = points.iter().map(|(size, time)| (size.ln(), time.ln())).collect();
    let count = logs.len() as f64;
    let (sum_x, sum_y) = logs.iter().fold((0.0, 0.0), |(x, y), point| (x + point.0, y + point.1));
    let (mean_x, mean_y) = (sum_x / count, sum_y / count);
    let above: f64 = logs.iter().map(|(x, y)| (x - mean_x) * (y - mean_y)).sum();
    let below: f64 = logs.iter().map(|(x, _)| (x - mean_x).powi(2)).sum();
    above / below
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_is_in_the_middle() {
        assert_eq!(middle(&[3.0, 1.0, 2.0]), Spread { least: 1.0, middle: 2.0, greatest: 3.0 });
        assert_eq!(middle(&[]), Spread { least: 0.0, middle: 0.0, greatest: 0.0 });
    }

    #[test]
    fn the_exponent_of_a_square_is_two() {
        let squares: Vec<(f64, f64)> = [1.0, 2.0, 5.0, 10.0].map(|x| (x, 3.0 * x * x)).to_vec();
        assert!((exponent(&squares) - 2.0).abs() < 1e-9);
        let same: Vec<(f64, f64)> = [1.0, 2.0, 4.0].map(|x| (x, 7.0)).to_vec();
        assert!(exponent(&same).abs() < 1e-9);
    }
}
