//! Files for machines: the map of the site and the feed of reviewed pages.

use super::view::Views;
use crate::link::Page;
use crate::parse::front_matter::PageKind;
use jiff::civil::Date;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

type Xml = Writer<Vec<u8>>;

const CANNOT_FAIL: &str = "BUG: memory does not refuse to be written";

fn start(xml: &mut Xml, name: &str, attributes: &[(&str, &str)]) {
    let tag = BytesStart::new(name).with_attributes(attributes.iter().copied());
    xml.write_event(Event::Start(tag)).expect(CANNOT_FAIL);
}

fn empty(xml: &mut Xml, name: &str, attributes: &[(&str, &str)]) {
    let tag = BytesStart::new(name).with_attributes(attributes.iter().copied());
    xml.write_event(Event::Empty(tag)).expect(CANNOT_FAIL);
}

fn end(xml: &mut Xml, name: &str) {
    xml.write_event(Event::End(BytesEnd::new(name))).expect(CANNOT_FAIL);
}

fn text(xml: &mut Xml, name: &str, words: &str) {
    start(xml, name, &[]);
    xml.write_event(Event::Text(BytesText::new(words))).expect(CANNOT_FAIL);
    end(xml, name);
}

fn begin() -> Xml {
    let mut xml = Writer::new_with_indent(Vec::new(), b' ', 1);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None))).expect(CANNOT_FAIL);
    xml
}

fn finish(xml: Xml) -> Vec<u8> {
    let mut bytes = xml.into_inner();
    bytes.push(b'\n');
    bytes
}

/// `sitemap.xml`, each page with its translations.
pub(super) fn sitemap(views: &Views<'_>) -> Vec<u8> {
    let mut xml = begin();
    start(
        &mut xml,
        "urlset",
        &[
            ("xmlns", "http://www.sitemaps.org/schemas/sitemap/0.9"),
            ("xmlns:xhtml", "http://www.w3.org/1999/xhtml"),
        ],
    );
    for page in views.site.pages.iter().filter(|page| page.hidden.is_none()) {
        start(&mut xml, "url", &[]);
        text(&mut xml, "loc", &views.absolute(&page.url));
        if let Some(reviewed) = views.checked.review(page) {
            text(&mut xml, "lastmod", &reviewed.on.value.to_string());
        }
        for other in views.alternates(&views.addresses(&page.ties.alternates)) {
            let attributes = [("rel", "alternate"), ("hreflang", other.code), ("href", other.url.as_str())];
            empty(&mut xml, "xhtml:link", &attributes);
        }
        end(&mut xml, "url");
    }
    // The report about privacy has no file in content/ and is a page all the same, where there are questions.
    let asks = views.site.pages.iter().any(|page| page.kind == PageKind::Checker);
    for number in (0..views.site.languages.len()).filter(|_| asks) {
        start(&mut xml, "url", &[]);
        text(&mut xml, "loc", &views.absolute(&super::privacy_url(views.site, number)));
        for other in views.alternates(&super::privacy_urls(views.site)) {
            let attributes = [("rel", "alternate"), ("hreflang", other.code), ("href", other.url.as_str())];
            empty(&mut xml, "xhtml:link", &attributes);
        }
        end(&mut xml, "url");
    }
    end(&mut xml, "urlset");
    finish(xml)
}

/// The Atom feed of one language: its reviewed pages, the newest review first.
pub(super) fn feed(views: &Views<'_>, language: usize, address: &str, today: Date) -> Vec<u8> {
    let site = views.site;
    let mut pages: Vec<(Date, &Page)> = site
        .pages
        .iter()
        .filter(|page| page.language == language && page.hidden.is_none())
        .filter_map(|page| Some((views.checked.review(page)?.on.value, page)))
        .collect();
    pages.sort_by(|a, b| (b.0, &a.1.url).cmp(&(a.0, &b.1.url)));
    pages.truncate(20);
    let moment = |day: Date| format!("{day}T00:00:00Z");
    // A feed must say when it last changed. Without a review, the newest look at a source stands in.
    let checked = site.sources.publications.values().filter_map(|source| source.checked_on.as_ref());
    let newest = pages.first().map(|(on, _)| *on).or_else(|| checked.map(|checked| checked.value).max());
    let home = site.languages[language].home.map_or("/", |id| site.page(id).url.as_str());

    let mut xml = begin();
    let code = site.settings.languages[language].code.as_str();
    start(&mut xml, "feed", &[("xmlns", "http://www.w3.org/2005/Atom"), ("xml:lang", code)]);
    text(&mut xml, "title", &site.settings.name);
    text(&mut xml, "id", &views.absolute(address));
    text(&mut xml, "updated", &moment(newest.unwrap_or(today)));
    empty(&mut xml, "link", &[("rel", "self"), ("href", &views.absolute(address))]);
    empty(&mut xml, "link", &[("href", &views.absolute(home))]);
    start(&mut xml, "author", &[]);
    let clinic = &site.settings.clinic.name;
    text(&mut xml, "name", if clinic.is_empty() { &site.settings.name } else { clinic });
    end(&mut xml, "author");
    for (on, page) in pages {
        start(&mut xml, "entry", &[]);
        text(&mut xml, "title", &page.title);
        text(&mut xml, "id", &views.absolute(&page.url));
        text(&mut xml, "updated", &moment(on));
        empty(&mut xml, "link", &[("href", &views.absolute(&page.url))]);
        text(&mut xml, "summary", &page.summary);
        end(&mut xml, "entry");
    }
    end(&mut xml, "feed");
    finish(xml)
}
