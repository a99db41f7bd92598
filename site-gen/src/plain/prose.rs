//! The words of a page as readers read them, each block with its place in the file.
//!
//! Left out: headings, tables (data, not sentences), code, what an image shows, citations, addresses. An item of a list is
//! a block of its own, and so a sentence, even without a full stop.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use std::ops::Range;

/// A stretch of running text: a paragraph or an item of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Block {
    /// Its words. A line break is a space; `[[name]]` is still there.
    pub text: String,
    /// Which heading it stands below, counted from 1 among headings of the first level used for parts (`##`); 0 above them.
    pub part: usize,
    /// The same for headings of every level: how many stand above it.
    pub heading: usize,
    /// An item of a list.
    pub item: bool,
    /// Where pieces of `text` stand in the source: (byte in `text`, byte in the source), ascending.
    from: Vec<(usize, usize)>,
}

impl Block {
    /// Where a stretch of [`Block::text`] stands in the source.
    pub fn place(&self, range: Range<usize>) -> Range<usize> {
        let at = |byte: usize| {
            let piece = self.from.partition_point(|&(text, _)| text <= byte).saturating_sub(1);
            self.from.get(piece).map_or(0, |&(text, source)| source + byte.saturating_sub(text))
        };
        let start = at(range.start);
        // The end by its last byte: behind it another piece may begin elsewhere.
        start..at(range.end.saturating_sub(1)).max(start) + 1
    }

    fn push(&mut self, text: &str, source: usize) {
        self.from.push((self.text.len(), source));
        self.text.push_str(text);
    }
}

/// Reads Markdown whose container lines have been split off.
pub fn blocks(markdown: &str) -> Vec<Block> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_GFM;
    let mut found = Vec::new();
    let mut block = Block::default();
    let (mut part, mut heading) = (0, 0);
    // Depths of what is left out, and of lists.
    let (mut silent, mut items) = (0u32, 0u32);
    let end = |block: &mut Block, next: Block, found: &mut Vec<Block>| {
        let done = std::mem::replace(block, next);
        if !done.text.trim().is_empty() {
            found.push(done);
        }
    };
    for (event, range) in Parser::new_ext(markdown, options).into_offset_iter() {
        let fresh = |items: u32, part: usize, heading: usize| Block {
            part,
            heading,
            item: items > 0,
            ..Block::default()
        };
        match event {
            Event::Start(Tag::Heading { level, .. }) => {
                end(&mut block, fresh(items, part, heading), &mut found);
                silent += 1;
                heading += 1;
                part += usize::from(level as u8 == 2);
                block = fresh(items, part, heading);
            }
            Event::Start(Tag::Table(_) | Tag::CodeBlock(_) | Tag::Image { .. } | Tag::HtmlBlock) => {
                if !matches!(event, Event::Start(Tag::Image { .. })) {
                    end(&mut block, fresh(items, part, heading), &mut found);
                }
                silent += 1;
            }
            Event::End(
                TagEnd::Heading(_) | TagEnd::Table | TagEnd::CodeBlock | TagEnd::Image | TagEnd::HtmlBlock,
            ) => silent = silent.saturating_sub(1),
            Event::Start(Tag::Item) => {
                items += 1;
                end(&mut block, fresh(items, part, heading), &mut found);
            }
            Event::End(TagEnd::Item) => {
                items = items.saturating_sub(1);
                end(&mut block, fresh(items, part, heading), &mut found);
            }
            Event::Start(Tag::Paragraph | Tag::BlockQuote(_) | Tag::FootnoteDefinition(_))
            | Event::End(TagEnd::Paragraph | TagEnd::BlockQuote(_) | TagEnd::FootnoteDefinition)
            | Event::Rule => end(&mut block, fresh(items, part, heading), &mut found),
            Event::Text(text) if silent == 0 => block.push(&text, range.start),
            Event::SoftBreak | Event::HardBreak if silent == 0 => block.push(" ", range.start),
            _ => {}
        }
    }
    end(&mut block, Block::default(), &mut found);
    for block in &mut found {
        without_citations(block);
    }
    found
}

/// Blanks `[@ID]` and `[^note]`, so that every other place stays true.
fn without_citations(block: &mut Block) {
    let mut from = 0;
    while let Some(open) = block.text[from..].find("[@").map(|at| from + at) {
        let Some(close) = block.text[open..].find(']').map(|at| open + at + 1) else { break };
        block.text.replace_range(open..close, &" ".repeat(close - open));
        from = close;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(markdown: &str) -> Vec<String> {
        blocks(markdown).into_iter().map(|block| block.text.trim().to_owned()).collect()
    }

    #[test]
    fn paragraphs_and_items_are_read() {
        assert_eq!(
            texts("One two.\nThree.\n\n- First\n- Second [link](/a.md)\n\n> Quoted *words*.\n"),
            ["One two. Three.", "First", "Second link", "Quoted words."]
        );
    }

    #[test]
    fn what_is_no_running_text_is_left_out() {
        assert_eq!(
            texts(
                "## Head\n\n| a | b |\n|---|---|\n| c | d |\n\n```\ncode\n```\n\n![alt](x.png) seen [@EV-A; @EV-B]."
            ),
            ["seen               ."]
        );
    }

    #[test]
    fn blocks_know_their_part_and_their_place() {
        let markdown = "Above.\n\n## One\n\nText *here* now.\n\n### Deeper\n\nMore.\n\n## Two\n\n1. Step\n";
        let found = blocks(markdown);
        let parts: Vec<(usize, bool)> = found.iter().map(|block| (block.part, block.item)).collect();
        assert_eq!(parts, [(0, false), (1, false), (1, false), (2, true)]);
        let text = &found[1].text;
        let at = text.find("now").expect("the word");
        assert_eq!(&markdown[found[1].place(at..at + 3)], "now");
    }
}
