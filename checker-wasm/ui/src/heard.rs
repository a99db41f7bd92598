//! The messages of the screen's elements, by number.
//!
//! An element carries the number of its message as `data-click`, `data-change`, `data-input` or `data-submit`; the
//! loader hears these four events for the whole widget and hands the number over. Yew's own listeners do the same for
//! every event there is, in every place of a page, and a reader would download all of that.

use std::cell::RefCell;

use crate::app::Msg;

thread_local! {
    static MESSAGES: RefCell<Vec<Msg>> = const { RefCell::new(Vec::new()) };
}

/// Keeps a message and gives its number.
pub(crate) fn number(msg: Msg) -> u32 {
    MESSAGES.with_borrow_mut(|messages| {
        messages.push(msg);
        u32::try_from(messages.len()).unwrap_or(u32::MAX)
    })
}

/// The message of this number on the screen as it stands.
pub(crate) fn message(number: u32) -> Option<Msg> {
    let at = usize::try_from(number).ok()?.checked_sub(1)?;
    MESSAGES.with_borrow(|messages| messages.get(at).cloned())
}

/// Starts the numbers again, for a screen drawn anew.
pub(crate) fn forget() {
    MESSAGES.with_borrow_mut(Vec::clear);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_leads_to_its_message_until_the_next_screen() {
        let (one, two) = (number(Msg::Continue), number(Msg::Pick(3)));
        assert!(matches!(message(one), Some(Msg::Continue)));
        assert!(matches!(message(two), Some(Msg::Pick(3))));
        forget();
        assert!(message(one).is_none());
    }

    #[test]
    fn a_number_that_nobody_has_leads_nowhere() {
        forget();
        for none in [0, 1, u32::MAX] {
            assert!(message(none).is_none());
        }
    }
}
