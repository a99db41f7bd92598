//! What is wrong with a form, before anything is made of it.
//!
//! 1. `links`: every item by itself, and what its conditions name;
//! 2. `totals`: scores that do not add up;
//! 3. `reach`: what nobody is ever asked, by the same proof as for checkers.

mod links;
mod reach;
mod totals;

pub(crate) use reach::check as reach;

use super::form::{Form, Told};
use super::scores::Score;
use super::screens::{Found, Near};

/// Everything that can be said without carrying the form over.
pub(crate) fn check(
    form: &Form,
    (scores, unread): &(Vec<Score>, Vec<usize>),
    (found, near): &(Vec<Found>, Vec<Near>),
    told: &mut Told,
) {
    links::check(form, told);
    totals::check(form, scores, unread, told);
    totals::screens(form, found, near, told);
}
