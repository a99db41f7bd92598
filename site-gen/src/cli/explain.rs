//! `site-gen explain`.

use super::{Ended, Offered, failed};
use crate::explain;
use crate::parse::data::nearest;

#[derive(clap::Args)]
pub(super) struct Arguments {
    /// A finding's code, such as link-to-nowhere; `all` lists every code
    #[arg(value_parser = Offered(codes), hide_possible_values = true)]
    code: String,
}

fn codes() -> impl Iterator<Item = &'static str> {
    explain::all().map(|known| known.code).chain(std::iter::once("all"))
}

pub(super) fn run(arguments: &Arguments) -> Ended {
    if arguments.code == "all" {
        for explanation in explain::all() {
            anstream::println!("{}", explanation.code);
        }
        return Ended::Fine;
    }
    let Some(explanation) = explain::find(&arguments.code) else {
        let near = nearest(&arguments.code, explain::all().map(|known| known.code));
        let cure = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`site-gen explain all` lists every code".to_string(),
        };
        return failed(format!("there is no finding `{}`; {cure}", arguments.code));
    };
    anstream::println!("{}\n\n{}\n", explanation.code, explanation.why);
    anstream::println!(
        "Instead of\n\n{}\n\nwrite\n\n{}",
        indented(explanation.wrong),
        indented(explanation.right)
    );
    Ended::Fine
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("    {line}")).collect::<Vec<_>>().join("\n")
}
