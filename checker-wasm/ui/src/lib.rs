//! The screens of the questionnaire: Yew views over `checker-rules`.
//!
//! The page gives the words and the look, `checker-rules` gives the meaning; here is only what a reader sees and
//! does. [`app`] holds the state, [`views`] draws it, [`page`] names the few other things the widget can do.

mod app;
mod entry;
mod given;
mod heard;
mod page;
mod views;
mod words;

use std::cell::RefCell;

use yew::html::Scope;

use app::{App, Msg};

thread_local! {
    /// The running widget, for [`clear`].
    static RUNNING: RefCell<Option<Scope<App>>> = const { RefCell::new(None) };
}

/// Puts the questionnaire into its place on the page, or leaves the page as it is when the page's text cannot be
/// read. Call it once.
pub fn start() {
    // After a panic nothing of the widget runs any more, so the page goes back to the list on paper.
    yew::set_custom_panic_hook(Box::new(|_| page::failed()));
    let text: &'static str = Box::leak(page::data().into_boxed_str());
    let Some(props) = app::read(text) else { return page::failed() };
    let app = yew::Renderer::<App>::with_root_and_props(page::place(), props).render();
    RUNNING.with_borrow_mut(|running| *running = Some((*app).clone()));
    page::live();
}

/// Does what the element that was clicked, changed or sent off stands for: the message of this number.
pub fn hear(number: u32) {
    if let Some(msg) = heard::message(number) {
        send(msg);
    }
}

/// Forgets every answer and goes back to the start screen.
pub fn clear() {
    send(Msg::Forget);
}

fn send(msg: Msg) {
    RUNNING.with_borrow(|running| {
        if let Some(app) = running {
            app.send_message(msg);
        }
    });
}
