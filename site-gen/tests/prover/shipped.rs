//! The checker of this repository, from its content folder.

use std::path::Path;
use std::sync::LazyLock;

use site_gen::checker::{Checker, Loaded, load};
use site_gen::discover::discover;

/// The shipped checker.
pub(crate) fn checker() -> &'static Checker {
    static LOADED: LazyLock<Loaded> = LazyLock::new(|| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("BUG: a workspace");
        load(&discover(root).expect("the repository is a site"))
    });
    LOADED.find("ketamine").expect("the checker is there")
}
