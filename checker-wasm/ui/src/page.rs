//! What the widget can do to its page beyond its own elements. The functions are in the loader
//! (`checker-wasm/bundle/loader.js`), written by hand and few, so that a reader can see all of them at once.

use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    /// The page's text for the widget: program and words.
    #[wasm_bindgen(js_name = page_data)]
    pub(crate) fn data() -> String;
    /// The element that the widget fills.
    #[wasm_bindgen(js_name = page_place)]
    pub(crate) fn place() -> web_sys::Element;
    /// Shows the widget and hides the list on paper.
    #[wasm_bindgen(js_name = page_live)]
    pub(crate) fn live();
    /// Hides the widget for good and shows the list on paper.
    #[wasm_bindgen(js_name = page_failed)]
    pub(crate) fn failed();
    /// A fresh copy of one of the page's templates, in an element of this class.
    #[wasm_bindgen(js_name = page_part)]
    pub(crate) fn part(name: &str, class: &str) -> web_sys::Node;
    /// The text of one of the page's templates, a line for each paragraph or list item.
    #[wasm_bindgen(js_name = page_text)]
    pub(crate) fn text(name: &str) -> String;
    /// Moves the focus to the element with this id; `top`: and the view to the top of the screen.
    #[wasm_bindgen(js_name = page_focus)]
    pub(crate) fn focus(id: &str, top: bool);
    /// Opens the print dialog.
    #[wasm_bindgen(js_name = page_print)]
    pub(crate) fn print();
    /// What stands in the field with this id.
    #[wasm_bindgen(js_name = page_typed)]
    pub(crate) fn typed(id: &str) -> String;
    /// Offers a text file, made on this device.
    #[wasm_bindgen(js_name = page_save)]
    pub(crate) fn save(name: &str, text: &str);
    /// Leaves the page at once.
    #[wasm_bindgen(js_name = page_leave)]
    pub(crate) fn leave();
}
