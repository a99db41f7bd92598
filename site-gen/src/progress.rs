//! What a build is doing, for whoever waits at a terminal. It looks on: nothing that is built depends on it.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// A stage of a build, in the order in which they come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Files are read from disk.
    Read,
    /// What an earlier build made is compared with what it would be made from now.
    Compare,
    /// Files are understood, each by itself, and the questionnaires are proved.
    Understand,
    /// Pages are joined to each other.
    Link,
    /// The site is judged.
    Check,
    /// Pages are drawn, looked at for what they could do to a reader's privacy, packed and handed on.
    Draw,
    /// The search is made.
    Search,
    /// Files take their places in the output folder.
    Write,
}

impl Stage {
    /// All of them.
    pub const ALL: [Stage; 8] = [
        Stage::Read,
        Stage::Compare,
        Stage::Understand,
        Stage::Link,
        Stage::Check,
        Stage::Draw,
        Stage::Search,
        Stage::Write,
    ];

    /// For a line about a build that is over: `read`, `drew`.
    pub fn done(self) -> &'static str {
        match self {
            Stage::Read => "read",
            Stage::Compare => "compared",
            Stage::Understand => "understood",
            Stage::Link => "linked",
            Stage::Check => "checked",
            Stage::Draw => "drew",
            Stage::Search => "indexed",
            Stage::Write => "wrote",
        }
    }

    /// For a line about a build that goes on: `reading files`.
    pub fn doing(self) -> &'static str {
        match self {
            Stage::Read => "reading files",
            Stage::Compare => "comparing with the last build",
            Stage::Understand => "reading pages, proving answers",
            Stage::Link => "joining pages",
            Stage::Check => "checking pages",
            Stage::Draw => "drawing pages",
            Stage::Search => "making the search",
            Stage::Write => "writing files",
        }
    }
}

/// A stage that was begun.
#[derive(Clone, Debug)]
pub struct Span {
    /// Which.
    pub stage: Stage,
    /// How long it took, or has taken so far.
    pub took: Duration,
    /// What was counted in it: `pages`, 122.
    pub counts: Vec<(&'static str, usize)>,
    started: Instant,
    over: bool,
}

/// How far a build is. Shared by the threads that build and the one that shows it.
#[derive(Debug, Default)]
pub struct Progress {
    spans: Mutex<Vec<Span>>,
    done: AtomicUsize,
    all: AtomicUsize,
}

impl Progress {
    /// Begins a stage of so many steps, and ends the one before it. 0 steps: nobody knows how many.
    pub fn enter(&self, stage: Stage, steps: usize) {
        let mut spans = self.spans();
        end(&mut spans);
        self.done.store(0, Ordering::Relaxed);
        self.all.store(steps, Ordering::Relaxed);
        let started = Instant::now();
        spans.push(Span { stage, took: Duration::ZERO, counts: Vec::new(), started, over: false });
    }

    /// One step of the stage is done.
    pub fn step(&self) {
        self.done.fetch_add(1, Ordering::Relaxed);
    }

    /// Notes how many of something the stage had to do with.
    pub fn count(&self, what: &'static str, number: usize) {
        if let Some(span) = self.spans().last_mut() {
            span.counts.push((what, number));
        }
    }

    /// Ends the last stage.
    pub fn end(&self) {
        end(&mut self.spans());
    }

    /// Every stage so far, in the order in which they were begun.
    pub fn stages(&self) -> Vec<Span> {
        let mut spans = self.spans().clone();
        if let Some(last) = spans.last_mut().filter(|span| !span.over) {
            last.took = last.started.elapsed();
        }
        spans
    }

    /// The stage that goes on, how many of its steps are done, and how many there are (0 where nobody knows).
    pub fn now(&self) -> Option<(Stage, usize, usize)> {
        let stage = self.spans().last().filter(|span| !span.over)?.stage;
        Some((stage, self.done.load(Ordering::Relaxed), self.all.load(Ordering::Relaxed)))
    }

    fn spans(&self) -> MutexGuard<'_, Vec<Span>> {
        // A thread that panicked here leaves a list that is still one.
        self.spans.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn end(spans: &mut [Span]) {
    if let Some(last) = spans.last_mut().filter(|span| !span.over) {
        last.took = last.started.elapsed();
        last.over = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stages_follow_each_other_with_what_was_counted_in_them() {
        let progress = Progress::default();
        assert_eq!(progress.now(), None);
        progress.enter(Stage::Read, 0);
        progress.count("files", 3);
        progress.enter(Stage::Draw, 2);
        progress.step();
        assert_eq!(progress.now(), Some((Stage::Draw, 1, 2)));
        progress.end();
        assert_eq!(progress.now(), None);
        let stages = progress.stages();
        let names: Vec<Stage> = stages.iter().map(|span| span.stage).collect();
        assert_eq!(names, [Stage::Read, Stage::Draw]);
        assert_eq!(stages[0].counts, [("files", 3)]);
    }

    #[test]
    fn a_stage_that_is_over_takes_no_longer() {
        let progress = Progress::default();
        progress.enter(Stage::Read, 0);
        progress.end();
        let took = progress.stages()[0].took;
        std::thread::sleep(Duration::from_millis(5));
        progress.end();
        assert_eq!(progress.stages()[0].took, took);
    }
}
