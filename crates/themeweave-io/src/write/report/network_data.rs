//! What the script needs to walk about the network: terms, links, and the notes behind the links.

use std::collections::HashMap;
use std::io;

use serde::Serialize;
use themeweave::{Analysis, Corpus};

use crate::write::draw::network::Map;

/// Notes shown of a link: the shortest that have both terms.
const NOTES_OF_LINK: usize = 3;
/// Most notes on the page; the strongest links come first.
const MOST_NOTES: usize = 3_000;
/// Most characters of a note.
const LONGEST: usize = 400;

#[derive(Serialize)]
struct Data<'a> {
    themes: Vec<&'a str>,
    nodes: Vec<NodeData<'a>>,
    links: Vec<LinkData>,
    notes: Vec<Note>,
}

#[derive(Serialize)]
struct NodeData<'a> {
    label: &'a str,
    theme: Option<usize>,
    segments: u32,
    size: f64,
    is_important: bool,
}

#[derive(Serialize)]
struct LinkData {
    ends: [usize; 2],
    weight: f64,
    segments: u32,
    q: f64,
    notes: Vec<usize>,
}

#[derive(Serialize)]
struct Note {
    place: String,
    text: String,
    is_cut: bool,
}

/// The data of a map as JSON in which `<` is escaped, so that it may stand in a script element.
pub(super) fn json(corpus: &Corpus, analysis: &Analysis, map: &Map<'_>) -> io::Result<String> {
    let mut numbers: HashMap<u32, usize> = HashMap::new();
    let mut of_notes = Vec::new();
    let mut of_links: Vec<Vec<usize>> = vec![Vec::new(); map.links.len()];
    let behind = segments_of_links(analysis, map);
    // The strongest links are drawn last.
    for (link, segments) in behind.iter().enumerate().rev() {
        for &(_, segment) in segments {
            let number = match numbers.get(&segment) {
                Some(&number) => number,
                None if of_notes.len() >= MOST_NOTES => continue,
                None => {
                    of_notes.push(segment as usize);
                    numbers.insert(segment, of_notes.len() - 1);
                    of_notes.len() - 1
                }
            };
            of_links[link].push(number);
        }
    }
    let data = Data {
        themes: analysis.themes.iter().map(|theme| theme.label.as_str()).collect(),
        nodes: map
            .nodes
            .iter()
            .map(|node| NodeData {
                label: node.drawn.label,
                theme: node.drawn.group,
                segments: node.drawn.segments,
                size: (node.drawn.size * 1000.0).round() / 1000.0,
                is_important: node.is_important,
            })
            .collect(),
        links: map
            .links
            .iter()
            .zip(of_links)
            .map(|(link, notes)| LinkData {
                ends: link.ends,
                weight: (link.weight * 1000.0).round() / 1000.0,
                segments: link.segments,
                q: link.q,
                notes,
            })
            .collect(),
        notes: notes(corpus, analysis, &of_notes)?,
    };
    Ok(serde_json::to_string(&data)?.replace('<', "\\u003c"))
}

/// For each link of a map, the shortest segments with both terms, each with its length.
fn segments_of_links(analysis: &Analysis, map: &Map<'_>) -> Vec<Vec<(u32, u32)>> {
    let mut place = vec![None; analysis.network.node_count()];
    let mut links_of: Vec<Vec<(usize, usize)>> = vec![Vec::new(); map.nodes.len()];
    for (at, node) in map.nodes.iter().enumerate() {
        place[node.index] = Some(at);
    }
    for (link, drawn) in map.links.iter().enumerate() {
        let [a, b] = drawn.ends;
        links_of[a].push((b, link));
    }
    let mut found: Vec<Vec<(u32, u32)>> = vec![Vec::new(); map.links.len()];
    let mut seen_in = vec![u32::MAX; map.nodes.len()];
    for (index, segment) in (0_u32..).zip(analysis.segments.list()) {
        let terms = || {
            let terms = analysis.vocabulary.segment(index as usize);
            terms.filter_map(|entry| place.get(entry.0 as usize).copied().flatten())
        };
        terms().for_each(|at| seen_in[at] = index);
        let length = segment.span().len() as u32;
        for (other, link) in terms().flat_map(|at| &links_of[at]) {
            if seen_in[*other] != index {
                continue;
            }
            let shortest = &mut found[*link];
            let at = shortest.partition_point(|&known| known <= (length, index));
            if at < NOTES_OF_LINK {
                shortest.insert(at, (length, index));
                shortest.truncate(NOTES_OF_LINK);
            }
        }
    }
    found
}

/// The notes that some segments are, in the same order.
fn notes(corpus: &Corpus, analysis: &Analysis, wanted: &[usize]) -> io::Result<Vec<Note>> {
    let segments = &analysis.segments;
    let mut texts: HashMap<usize, (String, bool)> = HashMap::new();
    let cut = |index, text: &str| {
        let cut = text.char_indices().nth(LONGEST).map(|(at, _)| at);
        texts.insert(index, (text[..cut.unwrap_or(text.len())].to_owned(), cut.is_some()));
    };
    segments.each_text(corpus, wanted.to_vec(), cut).map_err(io::Error::other)?;
    let note = |index: &usize| {
        let segment = &segments.list()[*index];
        let source = corpus.document(segment.document()).map_or("", |document| document.source());
        let mut place = format!("{}, line {}", super::file_name(source), segment.line());
        if let Some(speaker) = segments.speaker(segment) {
            place = format!("{speaker} · {place}");
        }
        let (text, is_cut) = texts.remove(index).unwrap_or_default();
        Note { place, text, is_cut }
    };
    Ok(wanted.iter().map(note).collect())
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::write::tests::{NOTES, analysis_of};

    #[test]
    fn every_link_leads_to_notes_with_both_terms() {
        let (read, analysis) = analysis_of(NOTES);
        let map = Map::new(&analysis);
        let data: Value = serde_json::from_str(&json(&read.corpus, &analysis, &map).unwrap()).unwrap();
        let links = data["links"].as_array().unwrap();
        assert_eq!(links.len(), map.links.len());
        for link in links {
            let notes = link["notes"].as_array().unwrap();
            assert_eq!(notes.len() as u64, link["segments"].as_u64().unwrap().min(NOTES_OF_LINK as u64));
            for note in notes {
                let text = data["notes"][note.as_u64().unwrap() as usize]["text"].as_str().unwrap();
                assert!(NOTES.contains(text));
            }
        }
    }
}
