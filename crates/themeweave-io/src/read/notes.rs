//! Markdown and plain text: one document a file, with the structure of its page.
//!
//! Both are read as Markdown, for that is how people write plain notes too. pulldown-cmark finds
//! the leaves of the page.

use std::ops::Range;
use std::sync::Arc;

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use themeweave::{Block, Document};

use crate::read::leaf::{self, Leaf, LeafKind, lines, trimmed};

/// Most words of an underlined heading. Longer ones are text above a line of dashes.
const UNDERLINED_WORDS: usize = 20;

/// Reads notes; `None` where there is no text.
pub(super) fn read(name: &Arc<str>, text: String) -> Option<Document> {
    let blocks = blocks(&text);
    let document = Document { source: Arc::clone(name), blocks, ..Document::new(&**name, text) };
    (!document.blocks.is_empty()).then_some(document)
}

/// The blocks of a text, ascending and apart, each with a letter or digit in it.
pub(super) fn blocks(text: &str) -> Vec<Block> {
    leaf::blocks(text, &leaves(text, front_matter(text)))
}

/// Length of the front matter: lines between `---` and `---` at the very beginning, where the first
/// of them is a field.
fn front_matter(text: &str) -> usize {
    let Some(rest) = text.strip_prefix("---\n") else { return 0 };
    let is_field = |line: &str| {
        line.split_once(':').is_some_and(|(key, _)| {
            !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'))
        })
    };
    let mut end = text.len() - rest.len();
    for (i, line) in rest.split_inclusive('\n').enumerate() {
        end += line.len();
        match line.trim_end() {
            "---" | "..." if i > 0 => return end,
            line if i == 0 && !is_field(line) => return 0,
            _ => {}
        }
    }
    0
}

/// The leaves of `text` from `start` on, in reading order.
fn leaves(text: &str, start: usize) -> Vec<Leaf> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES;
    let mut page = Page { text, ..Page::default() };
    for (event, range) in Parser::new_ext(&text[start..], options).into_offset_iter() {
        page.take(event, start + range.start..start + range.end);
    }
    page.close();
    restore_turns(text, start, &mut page.leaves);
    page.leaves
}

/// The page as far as it has been read.
#[derive(Default)]
struct Page<'a> {
    text: &'a str,
    leaves: Vec<Leaf>,
    /// The leaf that is being read.
    open: Option<Leaf>,
    /// For every list or item around this place: the depth of the item, `None` for a list.
    around: Vec<Option<u8>>,
    lists: usize,
    /// A line has ended, and the next content begins another.
    line_ended: bool,
    /// Number of pictures around this place, whose text is not to be read.
    pictures: usize,
    in_table_head: bool,
    /// This is text that is indented so far that Markdown takes it for code.
    indented: bool,
}

impl Page<'_> {
    /// Takes in one event of the parser.
    fn take(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(&tag, range),
            Event::End(tag) => self.end(tag, range),
            Event::Text(words) => match self.open.as_mut().map(|leaf| leaf.kind) {
                Some(LeafKind::Log) => self.add_lines(range),
                _ if self.indented => self.add_indented(range),
                _ => self.add(range, words.contains(char::is_alphanumeric)),
            },
            Event::Code(words) | Event::InlineMath(words) | Event::DisplayMath(words) => {
                self.add(range, words.contains(char::is_alphanumeric));
            }
            Event::Html(_) => {
                if let Some(leaf) = &mut self.open {
                    leaf.extend(range);
                    leaf.has_text = true;
                }
            }
            Event::SoftBreak | Event::HardBreak => self.line_ended = true,
            Event::Rule => self.close(),
            Event::InlineHtml(tag) if marks_words(&tag) => self.add(range, false),
            Event::InlineHtml(_) | Event::FootnoteReference(_) | Event::TaskListMarker(_) => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>, range: Range<usize>) {
        match tag {
            Tag::Heading { level, .. } => self.begin(LeafKind::Heading(number(*level))),
            Tag::Paragraph => self.begin_paragraph(),
            Tag::List(_) => {
                self.close();
                self.lists += 1;
                self.around.push(None);
            }
            Tag::Item => {
                let depth = u8::try_from(self.lists.saturating_sub(1)).unwrap_or(u8::MAX);
                self.around.push(Some(depth));
                self.begin(LeafKind::Item(depth));
            }
            Tag::CodeBlock(CodeBlockKind::Fenced(_)) => self.begin(LeafKind::Log),
            // In notes these are hardly ever code, but lines that someone indented.
            Tag::CodeBlock(CodeBlockKind::Indented) => {
                self.begin(self.paragraph_kind());
                self.indented = true;
            }
            Tag::HtmlBlock => self.begin(LeafKind::Html),
            Tag::Table(_) => self.close(),
            Tag::TableHead => self.in_table_head = true,
            Tag::TableRow => self.begin(LeafKind::TableRow),
            Tag::Image { .. } => {
                self.add(range, false);
                self.pictures += 1;
            }
            Tag::Strong => {
                self.add(range.start..range.start, false);
                if let Some(leaf) = &mut self.open {
                    leaf.bold.get_or_insert(range);
                }
            }
            Tag::Link { dest_url, .. } => {
                self.add(range.start..range.start, false);
                if let Some(leaf) = &mut self.open
                    && dest_url.starts_with('#')
                {
                    leaf.anchor.get_or_insert(range);
                }
            }
            Tag::Emphasis | Tag::Strikethrough | Tag::Superscript | Tag::Subscript => {
                self.add(range.start..range.start, false);
            }
            Tag::BlockQuote(_) | Tag::FootnoteDefinition(_) => self.close(),
            Tag::TableCell
            | Tag::DefinitionList
            | Tag::DefinitionListTitle
            | Tag::DefinitionListDefinition
            | Tag::MetadataBlock(_) => {}
        }
    }

    fn end(&mut self, tag: TagEnd, range: Range<usize>) {
        match tag {
            TagEnd::Heading(_) => {
                self.close_heading(range);
            }
            TagEnd::Paragraph if self.in_item() => self.line_ended = true,
            TagEnd::Paragraph | TagEnd::HtmlBlock | TagEnd::TableRow => self.close(),
            TagEnd::CodeBlock => {
                self.close();
                self.indented = false;
            }
            TagEnd::List(_) => {
                self.close();
                self.around.pop();
                self.lists = self.lists.saturating_sub(1);
            }
            TagEnd::Item => {
                self.close();
                self.around.pop();
            }
            TagEnd::TableHead => self.in_table_head = false,
            TagEnd::Image => {
                self.pictures = self.pictures.saturating_sub(1);
                self.add(range.end..range.end, false);
            }
            TagEnd::Strong
            | TagEnd::Emphasis
            | TagEnd::Strikethrough
            | TagEnd::Superscript
            | TagEnd::Subscript
            | TagEnd::Link => self.add(range.end..range.end, false),
            TagEnd::BlockQuote(_) | TagEnd::FootnoteDefinition | TagEnd::Table => self.close(),
            TagEnd::TableCell
            | TagEnd::DefinitionList
            | TagEnd::DefinitionListTitle
            | TagEnd::DefinitionListDefinition
            | TagEnd::MetadataBlock(_) => {}
        }
    }

    /// What text outside headings is here: part of the innermost item, else a paragraph.
    fn paragraph_kind(&self) -> LeafKind {
        match self.around.last() {
            Some(Some(depth)) => LeafKind::Item(*depth),
            _ => LeafKind::Paragraph,
        }
    }

    fn in_item(&self) -> bool {
        matches!(self.open.as_ref().map(|leaf| leaf.kind), Some(LeafKind::Item(_)))
    }

    /// Paragraphs of one item go on in one leaf while nothing stands between them.
    fn begin_paragraph(&mut self) {
        if self.in_item() {
            self.line_ended = true;
        } else {
            self.begin(self.paragraph_kind());
        }
    }

    fn begin(&mut self, kind: LeafKind) {
        self.close();
        self.open = Some(Leaf::new(kind));
    }

    fn close(&mut self) {
        self.line_ended = false;
        self.leaves.extend(self.open.take().filter(|leaf| !leaf.lines.is_empty()));
    }

    /// Closes a heading, which is none when it is text above a line of dashes.
    fn close_heading(&mut self, range: Range<usize>) {
        let kind = self.paragraph_kind();
        if let Some(leaf) = &mut self.open {
            let underlined = !self.text[range].starts_with('#');
            let words = self.text[leaf.span()].split_whitespace().take(UNDERLINED_WORDS + 1).count();
            if underlined && (leaf.lines.len() > 1 || words > UNDERLINED_WORDS) {
                leaf.kind = kind;
            }
        }
        self.close();
    }

    /// Adds content of a line to the open leaf, or to a new one where content goes on after a
    /// nested list.
    fn add(&mut self, range: Range<usize>, has_text: bool) {
        if self.in_table_head {
            return;
        }
        let kind = self.paragraph_kind();
        let leaf = self.open.get_or_insert_with(|| Leaf::new(kind));
        if self.line_ended && !leaf.lines.is_empty() {
            leaf.lines.push(range);
        } else {
            leaf.extend(range);
        }
        leaf.has_text |= has_text && self.pictures == 0;
        self.line_ended = false;
    }

    /// Adds indented lines; an empty one ends a paragraph.
    fn add_indented(&mut self, range: Range<usize>) {
        let mut end = range.start;
        for line in self.text[range].split_inclusive('\n') {
            let span = trimmed(self.text, end..end + line.len());
            end += line.len();
            if span.is_empty() {
                self.begin(self.paragraph_kind());
            } else {
                self.add(span, true);
                self.line_ended = true;
            }
        }
    }

    fn add_lines(&mut self, range: Range<usize>) {
        if let Some(leaf) = &mut self.open {
            leaf.extend_by_lines(self.text, range);
        }
    }
}

/// Whether a tag begins or ends words that look different, and not something that stands between words.
fn marks_words(tag: &str) -> bool {
    const NAMES: [&str; 17] = [
        "b", "code", "del", "em", "font", "i", "ins", "kbd", "mark", "q", "s", "small", "span", "strong",
        "sub", "sup", "u",
    ];
    let inner = tag.trim_start_matches(['<', '/']);
    let name = inner.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
    NAMES.iter().any(|known| name.eq_ignore_ascii_case(known))
}

fn number(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}

/// Puts back lines such as `[Anna]: Yes.`, which Markdown takes for the definition of a link and
/// does not show.
fn restore_turns(text: &str, start: usize, leaves: &mut Vec<Leaf>) {
    if !text.contains("]:") {
        return;
    }
    let mut restored = Vec::new();
    let mut shown = leaves.iter().map(Leaf::span).peekable();
    let mut end = start;
    for line in text[start..].split_inclusive('\n') {
        let span = trimmed(text, end..end + line.len());
        end += line.len();
        while shown.next_if(|leaf| leaf.end <= span.start).is_some() {}
        if shown.peek().is_none_or(|leaf| leaf.start >= span.end) && is_turn_in_brackets(&text[span.clone()])
        {
            restored.push(Leaf { lines: vec![span], has_text: true, ..Leaf::new(LeafKind::Paragraph) });
        }
    }
    if !restored.is_empty() {
        leaves.append(&mut restored);
        leaves.sort_by_key(|leaf| leaf.span().start);
    }
}

/// Whether a line is `[Name]: text` and not `[name]: address`.
fn is_turn_in_brackets(line: &str) -> bool {
    let Some((_, target)) = line.split_once("]:") else { return false };
    let target = target.trim().trim_end_matches(['.', '!', '?', '…']);
    let is_address = target.starts_with(['#', '<', '/']) || target.contains(['/', '@', '.']);
    line.starts_with('[') && lines::is_turn(line) && !is_address
}

#[cfg(test)]
mod tests {
    use themeweave::BlockKind;

    use super::*;

    /// The blocks of `text` as `kind text`: `#` and the level of a heading, the depth of an item,
    /// `p`, `v` (verbatim), `t` (row of a table), `n` (navigation).
    fn check(text: &str, expected: &[&str]) {
        let found: Vec<_> = blocks(text)
            .into_iter()
            .map(|block| {
                let kind = match block.kind {
                    BlockKind::Heading { level } => format!("#{level}"),
                    BlockKind::Item { depth } => depth.to_string(),
                    BlockKind::Paragraph => "p".into(),
                    BlockKind::Verbatim => "v".into(),
                    BlockKind::TableRow => "t".into(),
                    BlockKind::Navigation => "n".into(),
                };
                format!("{kind} {}", &text[block.span])
            })
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn headings() {
        check("# One\n\n## **Two:** ##\n\nLevel set:\n---\n### \n", &["#1 One", "#2 Two", "#2 Level set"]);
        check("# One {#one}\ntext", &["#1 One", "p text"]);
        check(
            "**Actions include:**\n\n- a\n\n__Also__:\n\ntext",
            &["#7 Actions include", "0 a", "#7 Also", "p text"],
        );
        check("**Bold** is only this.\n", &["p **Bold** is only this."]);
        // A line of dashes below several lines is no heading.
        check(
            "We met in the hall.\nAnna spoke.\n-----\nBen left.",
            &["p We met in the hall.", "p Anna spoke.", "p Ben left."],
        );
    }

    #[test]
    fn items() {
        check(
            "- one\n  goes on\n- [x] two\n  - nested\n\n  after\n1. three",
            &["0 one\n  goes on", "0 two", "1 nested", "0 after", "0 three"],
        );
        check("* loose\n\n  second\n\n* next", &["0 loose\n\n  second", "0 next"]);
        check("- a\n  - b\n    - c\n- d", &["0 a", "1 b", "2 c", "0 d"]);
        check("- **bold** and `code`\n- *x*", &["0 **bold** and `code`", "0 *x*"]);
        check("-\n- \n- ...\n- a", &["0 a"]);
        check("> - quoted\n> - items\n>\n> text", &["0 quoted", "0 items", "p text"]);
        check("- a\n  > quoted\n  > on\n- b", &["0 a", "0 quoted\n  > on", "0 b"]);
        check("- Tabled\n\n  ## Inside\n\n  more", &["0 Tabled", "#2 Inside", "0 more"]);
    }

    #[test]
    fn logs_and_indented_lines() {
        check(
            "1. Server\nDiscussion log:\n```\nfirst line\n\n  second\n--\n```\n2. Next",
            &["0 Server", "#8 Discussion log", "v first line", "v second", "0 Next"],
        );
        check(
            "Said:\n\n    one remark,\n    which goes on\n\n    - item\n    - other\n",
            &["p Said:", "p one remark,\n    which goes on", "0 item", "0 other"],
        );
        check("- a\n\n      deep\n", &["0 a", "0 deep"]);
        check("```\nopen to the end", &["v open to the end"]);
    }

    #[test]
    fn navigation() {
        check(
            "## Contents\n\n1. [One](#one)\n2. [Two](#two )\n3. [Far](x.md)\n",
            &["#2 Contents", "n [One](#one)", "n [Two](#two )", "0 [Far](x.md)"],
        );
        check(
            "<ul>\n<li><a href=\"#one\">1. One</a></li>\n</ul>\n\n<a id=\"one\"></a>\n\n# One",
            &["n 1. One", "#1 One"],
        );
        check("- see [One](#one) first", &["0 see [One](#one) first"]);
    }

    #[test]
    fn html() {
        check("<div>\n<p>We <b>never</b> have it.</p>\n<!-- no -->\n</div>", &["p We <b>never</b> have it."]);
        check("<!-- a\nb -->\n\na <br> b", &["p a <br> b"]);
        check(
            "- <b>bus</b> lanes\n- so <em class=x>late</em>\n",
            &["0 <b>bus</b> lanes", "0 so <em class=x>late</em>"],
        );
        check("<a id=\"one\"></a>One<br>\n\n- <u></u>\n", &["p One"]);
    }

    #[test]
    fn tables_and_what_is_left_out() {
        check("|A|B|\n|-|-|\n|one|two|\n||\n|**x**|\n\nend", &["t one|two", "t **x**", "p end"]);
        check("![Plan of the hall](hall.png)\n\n***\n\n[a]: https://x.org\n\n!!!\n", &[]);
        check("![\"Plan\"](\"Plan\" \"Plan\")\n\ntext ![x](y.png)", &["p text ![x](y.png)"]);
        check("text[^1]\n\n[^1]: the note", &["p text", "p the note"]);
        check("", &[]);
    }

    #[test]
    fn front_matter_is_left_out() {
        check("---\ntitle: Notes\ntags:\n- a\n---\n# One", &["#1 One"]);
        check("---\nNo field\n---\n", &["#2 No field"]);
        check("---\ntitle: open\n\ntext", &["p title: open", "p text"]);
        check("text\n\n---\n\nmore: text\n\n---\n", &["p text", "p more: text"]);
    }

    #[test]
    fn turns_in_brackets_are_not_lost() {
        check(
            "[Anna]: Yes.\n[Ben]: No\n[Anna]: But we never have the time\n\n[x]: https://x.org\n[y]: y.md",
            &["p [Anna]: Yes.", "p [Ben]: No", "p [Anna]: But we never have the time"],
        );
        check("- a\n\n[Anna]: Yes\n\n- b [Anna]", &["0 a", "p [Anna]: Yes", "0 b [Anna]"]);
    }

    #[test]
    fn escapes_and_wide_characters() {
        check(
            "- \\[laughs\\] yes 👍\n- 我们没有钱\n- é&nbsp;—\n- &nbsp;",
            &["0 [laughs\\] yes 👍", "0 我们没有钱", "0 é&nbsp;—"],
        );
    }

    #[test]
    fn hostile_pages_end_soon() {
        let bullets: String = (0..3000).map(|i| format!("{}- x\n", " ".repeat(i))).collect();
        assert_eq!(blocks(&bullets).len(), 3000);
        for text in [
            ">".repeat(200_000) + " x",
            "[".repeat(100_000) + "x" + &"](".repeat(100_000),
            "- ".repeat(50_000) + "x",
            "*a **b _c `d ".repeat(50_000),
            "[A]: x\n".repeat(50_000),
            "x\n".repeat(100_000),
            "a ".repeat(5_000_000),
        ] {
            let _ = blocks(&text);
        }
    }

    /// Pages put together at random from what has a meaning to someone.
    #[test]
    fn blocks_are_in_order_and_have_words() {
        const PARTS: [&str; 40] = [
            "\n",
            "\n\n",
            "    ",
            "\t",
            "- ",
            "1. ",
            "> ",
            "# ",
            "---\n",
            "```\n",
            "**",
            "_",
            "`",
            "[x]: ",
            "[a](#b)",
            "![p](q)",
            "<div>",
            "</div>",
            "<!--",
            "-->",
            "<a href=\"#x\">",
            "| a | b |\n|-|-|\n",
            "• ",
            "– ",
            "Anna: ",
            "[Ben]: ",
            "word",
            "é",
            "👍",
            "\u{202e}",
            "\u{a0}",
            "&nbsp;",
            "\\",
            "[^1]",
            "[^1]: ",
            "- [ ] ",
            "  \n",
            "The bus is late.",
            ":",
            "..* ",
        ];
        let mut state = 1_u64;
        for _ in 0..20_000 {
            let mut text = String::new();
            for _ in 0..24 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                text.push_str(PARTS[(state >> 33) as usize % PARTS.len()]);
            }
            let mut end = 0;
            for block in blocks(&text) {
                assert!(block.span.start >= end, "{text:?}");
                end = block.span.end;
                let words = &text[block.span];
                assert!(words.contains(char::is_alphanumeric) && words.trim() == words, "{text:?}");
            }
        }
    }
}
