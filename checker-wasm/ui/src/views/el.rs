//! Elements, built by hand. `html!` writes code for every element anew; with these few functions the views are a
//! third of its size, and a reader downloads the difference.

use yew::virtual_dom::{AttributeOrProperty, Attributes, VList, VTag, VText};
use yew::{AttrValue, Html};

use crate::app::Msg;
use crate::heard;

/// The attributes the widget sets. The loader allows these and no others.
#[derive(Debug, Clone, Copy)]
pub(crate) enum At {
    Class,
    Id,
    Type,
    Name,
    For,
    Role,
    TabIndex,
    Autocomplete,
    InputMode,
    MaxLength,
    Max,
    Value,
    Screen,
    Question,
    Outcome,
    Action,
    Confirm,
    Label,
    LabelledBy,
    DescribedBy,
    Hidden,
    /// Seen, and not read aloud.
    Unread,
    /// The number of the message that a click sends; likewise the next three.
    Click,
    Change,
    Input,
    Submit,
}

/// The attributes' names, in the order of [`At`].
static NAMES: [&str; 26] = [
    "class",
    "id",
    "type",
    "name",
    "for",
    "role",
    "tabindex",
    "autocomplete",
    "inputmode",
    "maxlength",
    "max",
    "value",
    "data-screen",
    "data-question",
    "data-outcome",
    "data-action",
    "data-confirm",
    "aria-label",
    "aria-labelledby",
    "aria-describedby",
    "hidden",
    "aria-hidden",
    "data-click",
    "data-change",
    "data-input",
    "data-submit",
];

/// An element under construction.
pub(crate) struct El(Box<(VTag, [Option<AttributeOrProperty>; NAMES.len()])>);

impl El {
    /// An element without anything.
    #[inline(never)]
    pub(crate) fn new(tag: &'static str) -> Self {
        Self(Box::new((VTag::new(tag), [const { None }; NAMES.len()])))
    }

    /// Sets an attribute.
    #[inline(never)]
    pub(crate) fn at(self, at: At, value: &'static str) -> Self {
        self.set(at, AttrValue::Static(value))
    }

    /// Sets an attribute to a text made for it.
    #[inline(never)]
    pub(crate) fn made(self, at: At, value: String) -> Self {
        self.set(at, value.into())
    }

    #[inline(never)]
    fn set(mut self, at: At, value: AttrValue) -> Self {
        self.0.1[at as usize] = Some(AttributeOrProperty::Attribute(value));
        self
    }

    /// Appends a child.
    #[inline(never)]
    pub(crate) fn child(mut self, child: Html) -> Self {
        self.0.0.add_child(child);
        self
    }

    /// Appends an element.
    #[inline(never)]
    pub(crate) fn el(self, child: Self) -> Self {
        self.child(child.html())
    }

    /// Appends text.
    #[inline(never)]
    pub(crate) fn text(self, text: &'static str) -> Self {
        self.child(Html::VText(VText::new(text)))
    }

    /// Appends text made for it.
    #[inline(never)]
    pub(crate) fn made_text(self, text: String) -> Self {
        self.child(Html::VText(VText::new(text)))
    }

    /// Sends a message on an event: one of the four attributes named after events.
    #[inline(never)]
    pub(crate) fn on(self, event: At, msg: Msg) -> Self {
        self.made(event, crate::words::digits(heard::number(msg)))
    }

    /// Makes an input follow the state: ticked or not.
    #[inline(never)]
    pub(crate) fn checked(mut self, checked: bool) -> Self {
        self.0.0.set_checked(checked);
        self
    }

    /// Makes an input follow the state: what stands in it.
    #[inline(never)]
    pub(crate) fn value(mut self, value: String) -> Self {
        self.0.0.set_value(Some(AttrValue::from(value)));
        self
    }

    /// Tells this element from others of its kind, so that it is never made into one of those.
    #[inline(never)]
    pub(crate) fn key(mut self, key: u32) -> Self {
        self.0.0.key = Some(crate::words::digits(key).into());
        self
    }

    /// The finished element.
    #[inline(never)]
    pub(crate) fn html(self) -> Html {
        let (mut tag, values) = *self.0;
        tag.set_attributes(Attributes::Dynamic { keys: &NAMES, values: Box::new(values) });
        tag.into()
    }
}

/// Several nodes in a row, apart from what stands beside them.
pub(crate) fn row(nodes: Vec<Html>) -> Html {
    VList::with_children(nodes, None).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_attribute_has_its_name() {
        for (at, name) in [
            (At::Class, "class"),
            (At::TabIndex, "tabindex"),
            (At::Value, "value"),
            (At::Screen, "data-screen"),
            (At::Action, "data-action"),
            (At::DescribedBy, "aria-describedby"),
            (At::Submit, "data-submit"),
        ] {
            assert_eq!(NAMES[at as usize], name);
        }
        assert_eq!(At::Submit as usize + 1, NAMES.len());
    }

    #[test]
    fn an_element_holds_what_it_was_given_and_nothing_else() {
        let Html::VTag(tag) = El::new("p").at(At::Class, "checker-hint").text("Hello").html() else {
            panic!("an element is an element")
        };
        let attributes: Vec<_> = tag.attributes.iter().collect();
        assert_eq!((tag.tag(), attributes), ("p", vec![("class", "checker-hint")]));
    }
}
