//! Books (.epub: EPUB 2 and 3): their chapters in reading order, as one document.

use std::collections::HashMap;
use std::sync::Arc;

use crate::read::document::Contents;
use crate::read::document::html::Page;
use crate::read::document::package::Package;
use crate::read::document::xml::{Node, Xml};
use crate::read::error::ReadError;

/// Part that says where the list of chapters is.
const CONTAINER: &str = "META-INF/container.xml";

/// Reads a book.
pub(super) fn read(name: &Arc<str>, package: &mut Package<'_>) -> Result<Contents, ReadError> {
    let list = list_of_chapters(package)?;
    let mut page = Page::default();
    for chapter in chapters(package, &list)? {
        let Some(bytes) = package.read_part(&chapter)? else {
            return Err(ReadError::general(format!("{chapter}, a chapter of this book, is missing")));
        };
        page.read(&String::from_utf8_lossy(&bytes), |_, _| {})?;
    }
    Ok((page.finish(name)?.into_iter().collect(), Vec::new()))
}

fn list_of_chapters(package: &mut Package<'_>) -> Result<String, ReadError> {
    let broken =
        || ReadError::general("this book does not say what its chapters are").with_hint("save it anew");
    let mut xml = Xml::new(package.open_part(CONTAINER)?.ok_or_else(broken)?, CONTAINER);
    loop {
        match xml.next()? {
            Node::Start(element) if element.name() == "rootfile" => {
                return element.attribute("full-path").ok_or_else(broken);
            }
            Node::EndOfFile => return Err(broken()),
            _ => {}
        }
    }
}

/// The parts that hold the chapters, in reading order, without the table of contents.
fn chapters(package: &mut Package<'_>, list: &str) -> Result<Vec<String>, ReadError> {
    let folder = list.rsplit_once('/').map_or("", |(folder, _)| folder);
    let missing = || ReadError::general(format!("{list}, the list of chapters, is missing"));
    let mut xml = Xml::new(package.open_part(list)?.ok_or_else(missing)?, list);
    let mut parts = HashMap::new();
    let mut chapters = Vec::new();
    loop {
        match xml.next()? {
            Node::Start(element) if element.name() == "item" => {
                let is_page = element.attribute("media-type").is_some_and(|kind| kind.contains("html"));
                let is_contents =
                    element.attribute("properties").is_some_and(|all| all.split(' ').any(|one| one == "nav"));
                if let (Some(id), Some(address)) = (element.attribute("id"), element.attribute("href"))
                    && is_page
                    && !is_contents
                {
                    parts.insert(id, part(folder, &address));
                }
            }
            Node::Start(element) if element.name() == "itemref" => {
                chapters.extend(element.attribute("idref").and_then(|id| parts.get(&id).cloned()));
            }
            Node::EndOfFile => return Ok(chapters),
            _ => {}
        }
    }
}

/// The name of the part at an address, which may have `%20` for a blank and `..` for the folder above.
fn part(folder: &str, address: &str) -> String {
    let address = percent_decoded(address.split('#').next().unwrap_or_default());
    let mut steps: Vec<&str> = folder.split('/').filter(|step| !step.is_empty()).collect();
    for step in address.split('/') {
        match step {
            "" | "." => {}
            ".." => {
                steps.pop();
            }
            step => steps.push(step),
        }
    }
    steps.join("/")
}

fn percent_decoded(address: &str) -> String {
    let mut bytes = Vec::with_capacity(address.len());
    let mut rest = address.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let code =
            after.get(..2).and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok());
        match code {
            Some(code) if byte == b'%' => {
                bytes.push(code);
                rest = &after[2..];
            }
            _ => {
                bytes.push(byte);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_become_names_of_parts() {
        for (folder, address, expected) in [
            ("", "a.xhtml", "a.xhtml"),
            ("OEBPS", "text/a%20b.xhtml#top", "OEBPS/text/a b.xhtml"),
            ("OEBPS/x", "../a.xhtml", "OEBPS/a.xhtml"),
            ("", "../../etc/passwd", "etc/passwd"),
            ("x", "100%.html", "x/100%.html"),
        ] {
            assert_eq!(part(folder, address), expected);
        }
    }
}
