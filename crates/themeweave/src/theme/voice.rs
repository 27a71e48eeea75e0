//! Voices: the speakers or documents that segments come from, and how loud one of them is in a theme.

use rustc_hash::FxHashMap;

use crate::corpus::Corpus;
use crate::segment::Segments;
use crate::theme::LoudVoice;
use crate::theme::cluster::{Grouping, NONE};

/// Whose voice a segment is taken to be, when it is asked how sure a share is and whether one voice makes a
/// theme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VoiceKind {
    /// That of its speaker: most segments have one, and there are at least two.
    Speaker,
    /// That of its document: speakers are not known well enough, and there are at least two documents.
    Document,
    /// Its own: segments are taken as independent.
    Segment,
}

/// The voice of each segment: its speaker where most segments have one and there are at least two, else
/// its document where there are at least two; else each segment is a voice of its own.
pub(crate) struct Voices {
    /// Number of the voice of each segment.
    pub(crate) of_segment: Vec<usize>,
    /// Names of the voices; `None` for segments that nobody is known to say, empty where each segment is
    /// its own.
    names: Vec<Option<String>>,
    pub(crate) kind: VoiceKind,
}

impl Voices {
    pub(crate) fn new(corpus: &Corpus, segments: &Segments) -> Voices {
        let list = segments.list();
        let spoken = list.iter().filter(|segment| segments.speaker(segment).is_some()).count();
        if segments.speakers().len() >= 2 && spoken * 2 > segments.len() {
            return Voices::named(VoiceKind::Speaker, list.iter().map(|segment| segments.speaker(segment)));
        }
        let documents = corpus.documents();
        let name = |document: usize| documents.get(document).map(|document| document.name.as_str());
        let voices = Voices::named(VoiceKind::Document, list.iter().map(|segment| name(segment.document())));
        match voices.names.len() {
            0 | 1 => Voices {
                of_segment: (0..segments.len()).collect(),
                names: Vec::new(),
                kind: VoiceKind::Segment,
            },
            _ => voices,
        }
    }

    /// Voices by their names, numbered from 0 in order of appearance.
    fn named<'n>(kind: VoiceKind, of_segment: impl Iterator<Item = Option<&'n str>>) -> Voices {
        let mut numbers: FxHashMap<Option<&str>, usize> = FxHashMap::default();
        let mut names = Vec::new();
        let of_segment = of_segment
            .map(|name| {
                *numbers.entry(name).or_insert_with(|| {
                    names.push(name.map(str::to_owned));
                    names.len() - 1
                })
            })
            .collect();
        Voices { of_segment, names, kind }
    }

    /// Number of segments of each voice.
    pub(crate) fn sizes(&self) -> Vec<usize> {
        let mut sizes = vec![0; self.of_segment.iter().max().map_or(0, |&last| last + 1)];
        self.of_segment.iter().for_each(|&voice| sizes[voice] += 1);
        sizes
    }

    /// For each group the voice with most of its segments, the first to appear among equals, where
    /// voices have names and it has more than one segment.
    pub(crate) fn loudest(&self, grouping: &Grouping) -> Vec<Option<LoudVoice>> {
        if self.names.is_empty() {
            return vec![None; grouping.groups];
        }
        let mut all = vec![0_u32; self.names.len()];
        let mut own = vec![FxHashMap::<usize, u32>::default(); grouping.groups];
        for (&voice, &group) in self.of_segment.iter().zip(&grouping.group) {
            all[voice] += 1;
            if group != NONE && self.names[voice].is_some() {
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
                let others = total - all[voice] as usize;
                (segments > 1 && others > 0).then(|| LoudVoice {
                    name: self.names[voice].clone().unwrap_or_default(),
                    segments,
                    share_without: (size - segments as usize) as f64 / others as f64,
                })
            })
            .collect()
    }
}
