//! The screens.
use yew::{Component, Context, Html, html};

/// The widget.
pub struct App {
    n: u32,
}

impl Component for App {
    type Message = ();
    type Properties = ();
    fn create(_ctx: &Context<Self>) -> Self {
        Self { n: 0 }
    }
    fn update(&mut self, _ctx: &Context<Self>, _m: ()) -> bool {
        self.n += 1;
        true
    }
    fn view(&self, ctx: &Context<Self>) -> Html {
        html! { <button onclick={ctx.link().callback(|_| ())}>{ self.n.to_string() }</button> }
    }
}
/// Puts the widget into its place on the page.
pub fn start() {
    let document = web_sys::window().expect("BUG").document().expect("BUG");
    let root = document.query_selector(".checker-app").expect("BUG").expect("BUG");
    yew::Renderer::<App>::with_root(root).render();
}
/// Forgets every answer.
pub fn clear() {}
