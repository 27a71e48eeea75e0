//! A corpus in the making.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::corpus::{Corpus, Document, DocumentRef, Origin, Record, STORED, TextStore};
use crate::error::{Error, Result};

/// Makes a [`Corpus`] of documents that come one by one, so that never all of them need be in memory.
///
/// ```
/// use themeweave::{CorpusBuilder, Document};
/// let mut builder = CorpusBuilder::default();
/// builder.push(Document::new("1", "The bus is late."))?;
/// assert_eq!(builder.finish(None)?.len(), 1);
/// # Ok::<(), themeweave::Error>(())
/// ```
#[derive(Debug, Default)]
pub struct CorpusBuilder {
    corpus: Corpus,
    source_of_name: FxHashMap<Arc<str>, u32>,
    columns_of_names: FxHashMap<Vec<Arc<str>>, u32>,
    /// Whether the names are known to differ.
    names_differ: bool,
}

impl CorpusBuilder {
    /// Adds a document.
    ///
    /// # Errors
    /// [`ErrorKind::Input`](crate::ErrorKind::Input) when a block does not lie within the text, after the
    /// block before it; [`ErrorKind::Limit`](crate::ErrorKind::Limit) when the text has 4 GiB or more, or
    /// there are more than 2³² − 1 documents or blocks.
    pub fn push(&mut self, mut document: Document) -> Result<()> {
        let text = std::mem::take(&mut document.text);
        self.add(&document, &text, self.corpus.held.len() as u64)?;
        self.corpus.held.push_str(&text);
        self.corpus.blocks.append(&mut document.blocks);
        Ok(())
    }

    /// Adds a document whose text is dropped, to be read again from a place of the store that
    /// [`finish`](Self::finish) is given. Places are below 2⁶³.
    ///
    /// # Errors
    /// As [`push`](Self::push).
    pub fn push_stored(&mut self, mut document: Document, place: u64) -> Result<()> {
        self.add(&document, &document.text, place | STORED)?;
        self.corpus.blocks.append(&mut document.blocks);
        Ok(())
    }

    /// Drops the texts of documents from memory, to be read again from places of the store as those of
    /// [`push_stored`](Self::push_stored). Numbers of documents ascend.
    pub fn drop_texts(&mut self, places: impl IntoIterator<Item = (usize, u64)>) {
        let mut places = places.into_iter().peekable();
        let dropped = std::mem::take(&mut self.corpus.held);
        for (index, record) in self.corpus.records.iter_mut().enumerate() {
            if record.place().is_some() {
                continue;
            }
            let (start, length) = (record.text as usize, record.text_length as usize);
            record.text = match places.next_if(|&(dropped, _)| dropped == index) {
                Some((_, place)) => place | STORED,
                None => {
                    let kept = self.corpus.held.len() as u64;
                    self.corpus.held.push_str(&dropped[start..start + length]);
                    kept
                }
            };
        }
    }

    /// Adds all of a document but its text and its blocks.
    fn add(&mut self, document: &Document, text: &str, place: u64) -> Result<()> {
        let name = &document.name;
        let text_length = u32::try_from(text.len())
            .map_err(|_| Error::limit(format!("{name}: a document holds at most 4 GiB of text")))?;
        let mut end = 0;
        for block in &document.blocks {
            let is_in_order = block.span.start >= end;
            end = block.span.end;
            if text.get(block.span.clone()).is_none() || !is_in_order {
                return Err(Error::input(format!(
                    "{name}: a block does not lie within the text after the block before it"
                )));
            }
        }
        let many = |_| Error::limit("a corpus holds at most 4,294,967,295 documents and as many blocks");
        let number = u32::try_from(self.len()).map_err(many)?;
        let first_block = u32::try_from(self.corpus.blocks.len()).map_err(many)?;
        if !document.blocks.is_empty() {
            self.corpus.structured.push((number, first_block));
        }
        let origin =
            Origin { first: number, source: self.source(&document.source), columns: self.columns(document) };
        let is_as_last = |last: &Origin| (last.source, last.columns) == (origin.source, origin.columns);
        if !self.corpus.origins.last().is_some_and(is_as_last) {
            self.corpus.origins.push(origin);
        }
        let values = document.attributes.iter().map(|attribute| attribute.value.as_str());
        let speaker = document.speaker.as_deref().unwrap_or_default();
        let labels = self.corpus.labels.add([name.as_str(), speaker].into_iter().chain(values));
        let first_line = document.first_line;
        self.corpus.records.push(Record { labels, text: place, text_length, first_line });
        self.names_differ = false;
        Ok(())
    }

    /// The number of a source, which mostly is that of the document before.
    fn source(&mut self, name: &Arc<str>) -> u32 {
        if let Some(&known) = self.source_of_name.get(name) {
            return known;
        }
        let number = self.corpus.sources.len() as u32;
        self.corpus.sources.push(Arc::clone(name));
        self.source_of_name.insert(Arc::clone(name), number);
        number
    }

    /// The number of the list of a document's attributes, which mostly is that of the document before.
    fn columns(&mut self, document: &Document) -> u32 {
        let names = || document.attributes.iter().map(|attribute| &attribute.name);
        if let Some(last) = self.corpus.origins.last()
            && self.corpus.columns[last.columns as usize].iter().eq(names())
        {
            return last.columns;
        }
        let names: Vec<Arc<str>> = names().cloned().collect();
        if let Some(&known) = self.columns_of_names.get(&names) {
            return known;
        }
        let number = self.corpus.columns.len() as u32;
        self.corpus.columns.push(names.clone());
        self.columns_of_names.insert(names, number);
        number
    }

    /// Number of documents so far.
    pub fn len(&self) -> usize {
        self.corpus.len()
    }

    /// Whether there are none so far.
    pub fn is_empty(&self) -> bool {
        self.corpus.is_empty()
    }

    /// The documents so far, in order. Texts in the store cannot be had yet.
    pub fn documents(&self) -> impl ExactSizeIterator<Item = DocumentRef<'_>> {
        self.corpus.documents()
    }

    /// Whether the names of all documents differ. Where they do, that is remembered until a document is added
    /// or renamed, for with millions of documents it takes a while to find out.
    pub fn names_differ(&mut self) -> bool {
        self.names_differ = self.names_differ || self.repeated_name().is_none();
        self.names_differ
    }

    /// The first name that an earlier document has, too.
    fn repeated_name(&self) -> Option<&str> {
        let mut names = FxHashSet::with_capacity_and_hasher(self.len(), Default::default());
        self.documents().map(|document| document.name()).find(|name| !names.insert(*name))
    }

    /// Gives a document another name.
    pub fn rename(&mut self, index: usize, name: &str) {
        let Some(document) = self.corpus.document(index) else { return };
        let speaker = document.speaker().unwrap_or_default();
        let labels: Vec<String> = [name, speaker]
            .into_iter()
            .chain(document.attributes().map(|(_, value)| value))
            .map(str::to_owned)
            .collect();
        self.corpus.records[index].labels = self.corpus.labels.add(labels.iter().map(String::as_str));
        self.names_differ = false;
    }

    /// Takes out all documents but the first `len`, none of which was renamed after others were added.
    pub fn truncate(&mut self, len: usize) {
        let Some(first) = self.corpus.records.get(len) else { return };
        self.corpus.labels.truncate(first.labels);
        let Corpus { structured, blocks, origins, .. } = &mut self.corpus;
        let kept = structured.partition_point(|&(index, _)| (index as usize) < len);
        blocks.truncate(structured.get(kept).map_or(blocks.len(), |&(_, first)| first as usize));
        structured.truncate(kept);
        origins.retain(|origin| (origin.first as usize) < len);
        if let Some(first) = self.corpus.records[len..].iter().find(|record| record.place().is_none()) {
            self.corpus.held.truncate(first.text as usize);
        }
        self.corpus.records.truncate(len);
    }

    /// The corpus of these documents. `store` has the texts that are not in memory.
    ///
    /// # Errors
    /// [`ErrorKind::Input`](crate::ErrorKind::Input) when two documents have one name, or there are texts
    /// in a store and `store` is none.
    pub fn finish(self, store: Option<Arc<dyn TextStore>>) -> Result<Corpus> {
        if !self.names_differ
            && let Some(name) = self.repeated_name()
        {
            return Err(Error::input(format!("{name}: two documents have this name; names must differ")));
        }
        let is_in_store = |record: &Record| record.place().is_some();
        if store.is_none()
            && let Some(index) = self.corpus.records.iter().position(is_in_store)
        {
            let name = self.corpus.document(index).map_or("", |document| document.name());
            return Err(Error::input(format!("{name}: its text is in no store")));
        }
        Ok(Corpus { store, ..self.corpus })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::{Attribute, Block, BlockKind};

    #[derive(Debug)]
    struct Numbers;

    impl TextStore for Numbers {
        fn read(&self, places: &[u64]) -> Result<Vec<String>> {
            Ok(places.iter().map(|place| format!("bus {place}")).collect())
        }
    }

    fn document(name: &str, text: &str) -> Document {
        let attribute = |name: &str, value: &str| Attribute { name: name.into(), value: value.to_owned() };
        Document {
            attributes: vec![attribute("site", name), attribute("day", "")],
            blocks: vec![Block::new(0..3, BlockKind::Paragraph)],
            speaker: Some("Ann".to_owned()),
            ..Document::new(name, text)
        }
    }

    #[test]
    fn texts_are_the_same_wherever_they_are() {
        let mut mixed = CorpusBuilder::default();
        mixed.push_stored(document("a", "bus 7"), 7).unwrap();
        mixed.push(document("b", "bus 8")).unwrap();
        mixed.push_stored(document("c", "bus 9"), 9).unwrap();
        assert!(CorpusBuilder::finish(mixed, None).is_err());
        let mut mixed = CorpusBuilder::default();
        mixed.push_stored(document("a", "bus 7"), 7).unwrap();
        mixed.push(document("b", "bus 8")).unwrap();
        let mixed = mixed.finish(Some(Arc::new(Numbers))).unwrap();
        assert_eq!(mixed, Corpus::new(vec![document("a", "bus 7"), document("b", "bus 8")]).unwrap());
        assert_eq!(mixed.texts_of(0..2).unwrap(), ["bus 7", "bus 8"]);
        assert_eq!(mixed.document(0).unwrap().passage(4..5).unwrap(), "7");
        let mut dropped = CorpusBuilder::default();
        for (name, text) in [("a", "bus 7"), ("b", "bus 8"), ("c", "bus"), ("d", "bus 9")] {
            dropped.push(document(name, text)).unwrap();
        }
        dropped.truncate(3);
        dropped.drop_texts([(0, 7)]);
        dropped.push(document("d", "bus 10")).unwrap();
        let dropped = dropped.finish(Some(Arc::new(Numbers))).unwrap();
        assert_eq!(dropped.texts_of(0..4).unwrap(), ["bus 7", "bus 8", "bus", "bus 10"]);
    }

    #[test]
    fn a_text_of_another_length_is_told() {
        let mut builder = CorpusBuilder::default();
        builder.push_stored(document("a", "bus"), 7).unwrap();
        let corpus = builder.finish(Some(Arc::new(Numbers))).unwrap();
        assert!(corpus.texts_of(0..1).is_err());
        assert!(
            corpus
                .document(0)
                .unwrap()
                .text()
                .unwrap_err()
                .to_string()
                .starts_with("a: the text is no longer")
        );
    }

    #[test]
    fn documents_can_be_renamed_and_taken_back() {
        let mut builder = CorpusBuilder::default();
        for name in ["a", "b", "a"] {
            builder.push(document(name, "bus")).unwrap();
        }
        assert!(!builder.names_differ());
        builder.truncate(2);
        assert!(builder.names_differ());
        builder.rename(0, "b");
        assert!(!builder.names_differ());
        builder.rename(0, "d");
        builder.push(document("e", "bus")).unwrap();
        let corpus = builder.finish(None).unwrap();
        let names: Vec<&str> = corpus.documents().map(|document| document.name()).collect();
        assert_eq!(names, ["d", "b", "e"]);
        let first = corpus.document(0).unwrap();
        assert_eq!(first.attributes().collect::<Vec<_>>(), [("site", "a"), ("day", "")]);
        assert_eq!((first.speaker(), first.blocks().len()), (Some("Ann"), 1));
    }
}
