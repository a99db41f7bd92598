//! `site-gen completions`.

use super::Ended;
use clap::CommandFactory;

#[derive(clap::Args)]
pub(super) struct Arguments {
    /// Which shell
    #[arg(value_enum)]
    shell: clap_complete::Shell,
}

pub(super) fn run(arguments: &Arguments) -> Ended {
    let mut command = super::Arguments::command();
    clap_complete::generate(arguments.shell, &mut command, "site-gen", &mut std::io::stdout());
    Ended::Fine
}
