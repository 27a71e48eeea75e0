//! The text between the tags of an HTML block.

use std::ops::Range;

/// Elements whose tags stand within a sentence.
const INLINE: [&str; 24] = [
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "del", "em", "font", "i", "ins", "kbd", "mark", "q", "s",
    "small", "span", "strike", "strong", "sub", "sup", "u", "wbr",
];

/// Elements whose content is not to be read.
const UNREAD: [&str; 4] = ["script", "style", "template", "noscript"];

/// Whether a block holds links to places on its own page, as a table of contents does.
pub(super) fn is_navigation(html: &str) -> bool {
    html.contains("href=\"#") || html.contains("href='#")
}

/// The stretches of text in `html`, in order, from tag to tag; tags within a sentence do not part
/// it. Comments, scripts and styles are left out.
pub(super) fn stretches(html: &str) -> Vec<Range<usize>> {
    let mut stretches = Vec::new();
    let mut open: Option<Range<usize>> = None;
    let mut at = 0;
    while at < html.len() {
        let rest = &html[at..];
        let length = rest.find('<').unwrap_or(rest.len());
        if !rest[..length].trim().is_empty() {
            open = Some(open.map_or(at, |open| open.start)..at + length);
        }
        at += length;
        let rest = &html[at..];
        let Some(tag) = Tag::read(rest) else {
            // A "<" that begins no tag is text, and so ends at most up to the next one.
            let bare = rest.len().min(1);
            if bare > 0 {
                open = Some(open.map_or(at, |open| open.start)..at + bare);
            }
            at += bare;
            continue;
        };
        if !tag.is_inline() {
            stretches.extend(open.take());
        }
        at += tag.length + tag.unread(&rest[tag.length..]);
    }
    stretches.extend(open);
    stretches
}

/// A tag, comment or declaration at the beginning of a text.
struct Tag<'a> {
    /// Empty for a comment or declaration.
    name: &'a str,
    closing: bool,
    length: usize,
}

impl<'a> Tag<'a> {
    fn read(html: &'a str) -> Option<Self> {
        if html.starts_with("<!--") {
            let length = html.find("-->").map_or(html.len(), |at| at + 3);
            return Some(Self { name: "", closing: false, length });
        }
        let inner = html.strip_prefix('<')?;
        let closing = inner.starts_with('/');
        let inner = inner.trim_start_matches('/');
        let name = &inner[..inner.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(inner.len())];
        if !inner.starts_with(|c: char| c.is_ascii_alphabetic() || c == '!' || c == '?') {
            return None;
        }
        let length = html.find('>').map_or(html.len(), |at| at + 1);
        Some(Self { name, closing, length })
    }

    fn is_inline(&self) -> bool {
        self.is_one_of(&INLINE)
    }

    fn is_one_of(&self, names: &[&str]) -> bool {
        names.iter().any(|name| name.eq_ignore_ascii_case(self.name))
    }

    /// Length of the content of this element that is not to be read.
    fn unread(&self, rest: &str) -> usize {
        if self.closing || !self.is_one_of(&UNREAD) {
            return 0;
        }
        let mut at = 0;
        while let Some(found) = rest[at..].find("</") {
            at += found;
            if rest[at + 2..].get(..self.name.len()).is_some_and(|name| name.eq_ignore_ascii_case(self.name))
            {
                return at;
            }
            at += 2;
        }
        rest.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_parted_by_blocks_only() {
        for (html, expected) in [
            ("", &[][..]),
            ("<div>\n<p>We <b>never</b> have it.</p><p>Two</p>", &["We <b>never</b> have it.", "Two"]),
            ("one<br>two<hr/>three", &["one", "two", "three"]),
            ("<!-- a <p>note</p> -->kept<!-- open", &["kept"]),
            ("<script>if (a < b) </b></script>x<STYLE>p{}</style>y", &["x", "y"]),
            ("a < b and <3", &["a < b and <3"]),
            ("<!DOCTYPE html><?php x ?>y", &["y"]),
            ("<p", &[]),
            ("<script>", &[]),
            ("<script></scr", &[]),
            ("<", &["<"]),
        ] {
            let found: Vec<_> = stretches(html).into_iter().map(|range| html[range].trim()).collect();
            assert_eq!(found, expected, "{html}");
        }
    }

    #[test]
    fn a_table_of_contents_is_navigation() {
        assert!(is_navigation("<li><a href=\"#one\">1. One</a></li>"));
        assert!(!is_navigation("<a href=\"https://example.org/#one\">One</a>"));
    }

    #[test]
    fn hostile_blocks_take_linear_time() {
        for html in ["<", "<div>", "<script>", "</", "<!--", "<a "] {
            let _ = stretches(&html.repeat(50_000));
        }
    }
}
