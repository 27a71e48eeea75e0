//! Voices: the speakers or documents that segments come from, and how loud one of them is in a theme.

use rustc_hash::FxHashMap;

use crate::corpus::Corpus;
use crate::segment::{Segment, Segments};
use crate::theme::LoudVoice;
use crate::theme::cluster::{Grouping, NONE};

/// Whose voice a segment is taken to be, when it is asked how sure a share is and whether one voice makes a
/// theme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VoiceKind {
    /// That of its speaker: most segments have one, and there are at least two.
    Speaker,
    /// That of its document: speakers are not known well enough, and there are at least two documents, one of them
    /// with several segments.
    Document,
    /// Its own: segments are taken as independent.
    Segment,
}

/// The voice of each segment: its speaker where most segments have one and there are at least two, else
/// its document where there are at least two, one of them with several segments; else each segment is a voice of its
/// own.
pub(crate) struct Voices<'a> {
    corpus: &'a Corpus,
    segments: &'a Segments,
    /// Number of the voice of each segment, from 0 in order of appearance.
    pub(crate) of_segment: Vec<u32>,
    /// The first segment of each voice; none where each segment is a voice of its own.
    first: Vec<u32>,
    pub(crate) kind: VoiceKind,
}

impl<'a> Voices<'a> {
    pub(crate) fn new(corpus: &'a Corpus, segments: &'a Segments) -> Voices<'a> {
        let list = segments.list();
        let spoken = list.iter().filter(|segment| segments.speaker(segment).is_some()).count();
        if segments.speakers().len() >= 2 && spoken * 2 > segments.len() {
            let mut numbers = FxHashMap::default();
            return Voices::numbered(corpus, segments, VoiceKind::Speaker, |segment, next| {
                *numbers.entry(segments.speaker(segment)).or_insert(next)
            });
        }
        let documents = list.chunk_by(|a, b| a.document() == b.document()).count();
        if documents < 2 || documents == segments.len() {
            let of_segment = (0..segments.len() as u32).collect();
            return Voices { corpus, segments, of_segment, first: Vec::new(), kind: VoiceKind::Segment };
        }
        let mut last = None;
        Voices::numbered(corpus, segments, VoiceKind::Document, |segment, next| {
            let is_new = last.replace(segment.document()) != Some(segment.document());
            if is_new { next } else { next - 1 }
        })
    }

    /// Voices by a function that gives the number of a segment's voice: one that was given before, or the
    /// next.
    fn numbered(
        corpus: &'a Corpus,
        segments: &'a Segments,
        kind: VoiceKind,
        mut number: impl FnMut(&'a Segment, u32) -> u32,
    ) -> Voices<'a> {
        let mut first = Vec::new();
        let mut of_segment = Vec::with_capacity(segments.len());
        for (index, segment) in (0..).zip(segments.list()) {
            let voice = number(segment, first.len() as u32);
            if voice == first.len() as u32 {
                first.push(index);
            }
            of_segment.push(voice);
        }
        Voices { corpus, segments, of_segment, first, kind }
    }

    /// The name of a voice; `None` for that of segments that nobody is known to say, and of a segment that
    /// is its own.
    fn name(&self, voice: u32) -> Option<&'a str> {
        let segment = self.segments.list().get(*self.first.get(voice as usize)? as usize)?;
        match self.kind {
            VoiceKind::Speaker => self.segments.speaker(segment),
            VoiceKind::Document => self.corpus.document(segment.document()).map(|document| document.name()),
            VoiceKind::Segment => None,
        }
    }

    /// Number of segments of each voice.
    pub(crate) fn sizes(&self) -> Vec<u32> {
        let voices = self.of_segment.iter().max().map_or(0, |&last| last as usize + 1);
        let mut sizes = vec![0; voices];
        self.of_segment.iter().for_each(|&voice| sizes[voice as usize] += 1);
        sizes
    }

    /// For each group the voice with most of its segments, the first to appear among equals, where
    /// voices have names and it has more than one segment.
    pub(crate) fn loudest(&self, grouping: &Grouping) -> Vec<Option<LoudVoice>> {
        if self.kind == VoiceKind::Segment {
            return vec![None; grouping.groups];
        }
        let mut all = vec![0_u32; self.first.len()];
        let mut own = vec![FxHashMap::<u32, u32>::default(); grouping.groups];
        for (&voice, &group) in self.of_segment.iter().zip(&grouping.group) {
            all[voice as usize] += 1;
            if group != NONE && self.name(voice).is_some() {
                *own[group as usize].entry(voice).or_default() += 1;
            }
        }
        let sizes = grouping.sizes();
        let total = self.of_segment.len();
        own.iter()
            .zip(sizes)
            .map(|(own, size)| {
                let (&voice, &segments) =
                    own.iter().max_by_key(|&(&voice, &segments)| (segments, std::cmp::Reverse(voice)))?;
                let others = total - all[voice as usize] as usize;
                (segments > 1 && others > 0).then(|| LoudVoice {
                    name: self.name(voice).unwrap_or_default().to_owned(),
                    segments,
                    share_without: (size - segments as usize) as f64 / others as f64,
                })
            })
            .collect()
    }
}
