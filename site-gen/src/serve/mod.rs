//! The preview: builds in memory, serves it to this machine only, rebuilds at every save.
//!
//! Nothing is read from disk while a request is answered: a path is looked up in the last good build,
//! so there is no folder to escape from. What the browser gets has the headers of the published
//! site, read from the same `_headers` file; only the script that follows rebuilds is added, and
//! never to a page that holds a checker. Beside the site stand pages about its proofs ([`walk`]) and about
//! its pages ([`panel`]), which no published site has.

pub mod address;
mod connections;
mod guard;
pub mod panel;
mod rebuild;
mod server;
pub mod walk;
mod watch;

pub use rebuild::{Files, Finished, Rebuild, Rebuilt};
pub use watch::Saved;

use crate::headers::Rules;
use crate::render::Drawing;
use crate::search;
use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::{Arc, OnceLock, RwLock};
use tokio::sync::{broadcast, watch as watch_channel};

/// Where the script that follows rebuilds is served.
pub const LIVE_SCRIPT_URL: &str = "/__live/live.js";

/// One attempt to build.
pub struct Attempt {
    /// What there is to show.
    pub shows: Shows,
    /// The errors that stopped it, one line each: `content/en/pages/a.md:3:1 …`. Empty when nothing did.
    pub problems: Vec<String>,
    /// What was proved and what was not. Absent when nothing could be read, and where it is as told before.
    pub walk: Option<walk::Walk>,
    /// What it was made from, and what was found. Absent as `walk` is.
    pub about: Option<panel::About>,
}

/// What an attempt has to show.
pub enum Shows {
    /// Errors stopped it: the files of the last good build.
    Nothing,
    /// A site of which any page can be drawn, while its files are being made: another attempt follows at once, with
    /// [`Shows::Files`] or, should that fail after all, with [`Shows::Nothing`].
    Pages(Arc<Drawing>),
    /// Every file.
    Files {
        /// They.
        files: Files,
        /// What can be searched. Absent where search is switched off.
        search: Option<search::Plan>,
    },
}

/// What to serve, where, and what to watch.
pub struct Options {
    /// The address to listen on; 127.0.0.1 unless the person asked for another.
    pub interface: IpAddr,
    /// The port to listen on.
    pub port: u16,
    /// Folders whose changes cause a rebuild.
    pub watch: Vec<PathBuf>,
    /// Look again and again, for drives that tell of no changes.
    pub poll: bool,
    /// The path part of the site's address with slashes at both ends: `/`, `/clinic/site/`.
    pub base_path: String,
    /// Open the reader's browser once the first build is served.
    pub open: bool,
    /// The site's name, for the line that says what is served.
    pub site_name: String,
}

/// Why the preview could not start.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// Somebody else listens on the port.
    #[error(
        "port {port} is in use, perhaps by another preview; stop that program, or choose another port: site-gen serve --port {next}"
    )]
    PortInUse {
        /// The port asked for.
        port: u16,
        /// A port to try.
        next: u16,
    },
    /// The system refused to listen.
    #[error("failed to listen on {address}: {source}")]
    Listen {
        /// Where.
        address: SocketAddr,
        /// What the system said.
        source: std::io::Error,
    },
    /// The system refused to watch a folder.
    #[error("failed to watch {}: {source}", path.display())]
    Watch {
        /// Which folder.
        path: PathBuf,
        /// What the system said.
        source: notify::Error,
    },
    /// The system refused the threads that the server needs.
    #[error("failed to start the preview server: {0}")]
    Start(std::io::Error),
}

/// The files of a good build, and its index from when somebody first searches it.
#[derive(Default)]
struct Built {
    files: Files,
    search: Option<search::Plan>,
    index: OnceLock<BTreeMap<String, Vec<u8>>>,
}

impl Built {
    /// A file of the index. The first call for a build takes a while.
    fn indexed(&self, name: &str) -> Option<(&str, &[u8])> {
        let plan = self.search.as_ref().filter(|_| name.starts_with(search::FOLDER))?;
        let text = |(name, bytes): (&String, &Arc<Vec<u8>>)| plan.text(name, &String::from_utf8_lossy(bytes));
        let index = self.index.get_or_init(|| plan.index(self.files.iter().filter_map(text).collect()));
        index.get_key_value(name).map(|(name, bytes)| (name.as_str(), bytes.as_slice()))
    }
}

/// A build of which any page can be drawn, while its files are being made.
struct Early {
    drawing: Arc<Drawing>,
    headers: Arc<Rules>,
}

/// The last good build and what is wrong with the newest attempt.
#[derive(Default)]
struct Shown {
    built: Arc<Built>,
    headers: Arc<Rules>,
    /// What comes after `built`.
    early: Option<Arc<Early>>,
    problems: Arc<[String]>,
    walk: Arc<walk::Walk>,
    about: Option<Arc<panel::About>>,
    /// How many attempts there were, and how many of them came to a site.
    attempts: u64,
    builds: u64,
}

impl Shown {
    /// What the panels are made from.
    fn seen<'b>(&self, base_path: &'b str) -> panel::Seen<'b> {
        panel::Seen {
            about: self.about.clone(),
            problems: Arc::clone(&self.problems),
            walk: Arc::clone(&self.walk),
            base_path,
        }
    }

    /// What open pages are told: the problems, then one line for each broken promise, its address first.
    fn told(&self) -> String {
        let mut told = self.problems.join("\n");
        for walk::Broken { address, say, .. } in &self.walk.broken {
            told.push_str(&format!("\n{address} See the answers that break: “{say}”"));
        }
        told
    }

    /// Takes a new attempt; a broken one leaves the last good files in place.
    fn take(&mut self, attempt: Attempt) -> Option<server::Event> {
        let event = match attempt.shows {
            Shows::Nothing => {
                self.early = None;
                Some(server::Event::Broken)
            }
            Shows::Pages(drawing) => {
                let headers = Arc::new(Rules::parse(&drawing.headers()));
                self.early = Some(Arc::new(Early { drawing, headers }));
                self.builds += 1;
                Some(server::Event::Rebuilt)
            }
            Shows::Files { files, search } => {
                let rules = files.get("_headers").map(|text| Rules::parse(&String::from_utf8_lossy(text)));
                self.headers = Arc::new(rules.unwrap_or_default());
                self.built = Arc::new(Built { files, search, index: OnceLock::new() });
                // Whoever has a page of it has the same page.
                let told = self.early.take().is_some();
                self.builds += u64::from(!told);
                (!told).then_some(server::Event::Rebuilt)
            }
        };
        // Proofs are told of every attempt: a broken promise is seen before anything good is built.
        if let Some(walk) = attempt.walk {
            self.walk = Arc::new(walk);
        }
        if let Some(about) = attempt.about {
            self.about = Some(Arc::new(about));
        }
        self.problems = attempt.problems.into();
        self.attempts += u64::from(event.is_some());
        event
    }
}

/// What is shown, and the way to those who wait for a change of it.
struct Window {
    shown: RwLock<Shown>,
    /// To open pages.
    told: broadcast::Sender<server::Event>,
    /// To requests that an unfinished build cannot answer.
    changed: watch_channel::Sender<()>,
}

impl Window {
    fn new() -> Self {
        let shown = RwLock::default();
        Window { shown, told: broadcast::channel(16).0, changed: watch_channel::channel(()).0 }
    }

    fn show(&self, attempt: Attempt) {
        let Ok(mut shown) = self.shown.write() else { return };
        let before = (shown.about.clone(), Arc::clone(&shown.built));
        let event = shown.take(attempt);
        drop(shown);
        // A large site takes a while to be let go of, and nobody has to wait for that.
        rayon::spawn(move || drop(before));
        self.changed.send_replace(());
        // Nobody listens where no page is open.
        _ = event.map(|event| self.told.send(event));
    }
}

/// Serves until the process is stopped. `build` is called once at the start and again after every save below the watched
/// folders, always on one thread at a time, with a function that shows an attempt to build. Where nothing has changed it
/// shows none.
///
/// # Errors
/// When the address cannot be listened on or a folder cannot be watched. Later failures are the
/// browser's or the author's and are told to them.
pub fn serve(
    options: &Options,
    mut build: impl FnMut(&Saved, &dyn Fn(Attempt)) + Send + 'static,
) -> Result<(), ServeError> {
    let window = Arc::new(Window::new());
    // Listen first: a taken port should be told at once, not after a build.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(ServeError::Start)?;
    let listener = runtime.block_on(server::listen(options))?;
    let address = listener.local_addr().map_err(ServeError::Start)?;

    // Watch before the first build, so that a save during it is not missed.
    let saves = watch::watch(&options.watch, options.poll)?;
    build(&Saved::Anything, &|attempt| window.show(attempt));

    let url = format!("http://{address}{}", options.base_path);
    let name = Some(options.site_name.as_str()).filter(|name| !name.is_empty()).unwrap_or("the site");
    anstream::println!("Serving {name} at {url} (Ctrl-C stops it)");
    if options.open
        && let Err(error) = open::that_detached(&url)
    {
        anstream::eprintln!("could not open a browser ({error}); open {url} yourself");
    }

    let shown = Arc::clone(&window);
    std::thread::spawn(move || {
        let mut last = Saved::Anything;
        while let Some(saved) = saves.next(&last) {
            build(&saved, &|attempt| shown.show(attempt));
            last = saved;
        }
    });

    runtime.block_on(server::run(listener, address, options, window));
    Ok(())
}
