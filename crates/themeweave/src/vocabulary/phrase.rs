//! Phrases: units that stand side by side more often than chance would have it.
//!
//! A pair of units is a phrase when it occurs often enough, its log-likelihood ratio G² (Dunning
//! 1993, "Accurate methods for the statistics of surprise and coincidence") says that the two are
//! not together by chance (p < .001), and they hold together: normalised pointwise mutual information
//! (Bouma 2009) of at least [`COHESION`]. Words joined by a hyphen twice are a phrase in any case.
//! Two rounds make phrases of up to four words. "Erosion of social care leadership" is an occurrence of
//! "leadership erosion" where that is a phrase.

use std::borrow::Cow;
use std::ops::Range;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::association::{AssociationMeasure, Contingency};
use crate::language::Language;
use crate::token::{BREAK, HYPHEN, Run, Stream};
use crate::vocabulary::PARTS;
use crate::vocabulary::form::{ByForm, FIRST_FORM, Forms, GONE, Joint, NONE, OF, STOP, of_words};

/// Least NPMI of the two parts of a phrase.
pub(crate) const COHESION: f64 = 0.3;
/// G² above which chance is ruled out at p < .001, one degree of freedom.
pub(crate) const SIGNIFICANT: f64 = 10.83;
/// Most stop words after "of", and most words after those, that are looked at.
pub(crate) const REACH: usize = 3;

/// A pair of forms at two places of a segment, or of a run.
struct Pair {
    left: usize,
    right: usize,
    joint: Joint,
    /// The units in the order of the phrase, which is not that of the text for "erosion of leadership".
    units: (u32, u32),
}

/// What stands for the rank of a unit that is too rare to be part of a phrase.
const RARE: u32 = NONE - 1;

/// Who looks at the counts from which phrases are made.
pub(crate) type See<'a> = dyn FnMut(&Forms, &PairCounts) + 'a;

/// Replaces the words of each phrase by a form of the phrase, and leaves out what is no form afterwards. `see` is
/// shown the counts of each round.
pub(crate) fn join_phrases(
    mut stream: Stream,
    forms: &mut Forms,
    language: Language,
    mut see: Option<&mut See<'_>>,
) -> Stream {
    const ROUNDS: usize = 2;
    for round in 1..=ROUNDS {
        let counts = PairCounts::new(&stream, forms, language, see.is_some());
        if let Some(see) = &mut see {
            see(forms, &counts);
        }
        let mut phrases = Vec::new();
        for pair in counts.pairs() {
            let test = counts.judge(pair);
            if test.is_phrase() {
                phrases.push((pair, (forms.pair_unit(pair.0, pair.1), test.npmi)));
            }
        }
        drop(counts);
        let phrases = Phrases::new(phrases, forms);
        let first_kept = if round == ROUNDS { FIRST_FORM } else { 0 };
        stream = replace(stream, forms, language, &phrases, first_kept);
    }
    stream
}

/// Shows `see` the pairs of a segment that may be phrases, with what is known of each form as its unit; of those side
/// by side only if their symbols `may_pair`. `places` is scratch space.
fn each_pair(
    symbols: &[u32],
    units: &ByForm,
    language: Language,
    may_pair: impl Fn(u32, u32) -> bool,
    places: &mut Vec<u32>,
    mut see: impl FnMut(Pair),
) {
    let (of, head_first) = of_words(language);
    places.resize(symbols.len().max(places.len()), 0);
    let mut found = 0;
    for (left, pair) in (0..).zip(symbols.windows(2)) {
        // Written in any case, and written over where it was not to be: a branch would go either way at random.
        places[found] = left;
        found += usize::from((pair[1] == HYPHEN) | (pair[1] == OF) | may_pair(pair[0], pair[1]));
    }
    for left in places[..found].iter().map(|&left| left as usize) {
        let Some(first) = units.get(symbols[left]) else { continue };
        let mut beside = |right: usize, joint: Joint| {
            if let Some(second) = symbols.get(right).and_then(|&symbol| units.get(symbol)) {
                see(Pair { left, right, joint, units: (first, second) });
            }
        };
        match (symbols[left + 1], of.first()) {
            (HYPHEN, _) => beside(left + 2, Joint::Hyphen),
            (OF, Some(&word)) => {
                for (right, second) in belonging(symbols, left + 2, units) {
                    let units = if head_first { (second, first) } else { (first, second) };
                    see(Pair { left, right, joint: Joint::Of(word), units });
                }
            }
            _ => beside(left + 1, Joint::Space),
        }
    }
}

/// The words that "of" at the place before `from` may lead to, with their units: the run of words
/// after any stop words ("erosion of *the social care leadership*").
fn belonging(symbols: &[u32], from: usize, units: &ByForm) -> impl Iterator<Item = (usize, u32)> {
    let skipped = symbols[from..].iter().take(REACH).take_while(|&&symbol| symbol == STOP).count();
    let run = symbols.iter().enumerate().skip(from + skipped).take(REACH);
    run.map_while(move |(at, &symbol)| units.get(symbol).map(|unit| (at, unit)))
}

/// Takes out what is gone and, of symbols that only part words, all that change no pair: about a quarter of a text.
pub(crate) fn condense(run: &mut Run) {
    let mut kept = 0;
    for segment in 0..run.starts.len() - 1 {
        let (start, end) = (run.starts[segment], run.starts[segment + 1]);
        let first = kept;
        run.starts[segment] = first;
        // Whether the last symbol is a word, and where the joint stands that it may be instead.
        let (mut is_after_word, mut joint) = (false, None);
        for at in start..end {
            let symbol = run.symbols[at];
            match (symbol, joint) {
                (GONE, _) => continue,
                (HYPHEN | OF, None) if !is_after_word => continue,
                (HYPHEN | OF, None) => (joint, is_after_word) = (Some(kept), false),
                // Words and what parts them alternate at random, so that what comes is written without a branch.
                (_, None) => {
                    let is_word = symbol >= FIRST_FORM;
                    run.symbols[kept] = if is_word { symbol } else { BREAK };
                    kept += usize::from(is_word | is_after_word);
                    is_after_word = is_word;
                    continue;
                }
                (FIRST_FORM.., _) => (joint, is_after_word) = (None, true),
                (STOP, Some(joint)) if run.symbols[joint] == OF && kept - joint <= REACH => {}
                (_, Some(broken)) => {
                    (run.symbols[broken], kept, joint) = (BREAK, broken + 1, None);
                    continue;
                }
            }
            run.symbols[kept] = symbol;
            kept += 1;
        }
        kept = joint.unwrap_or(kept - usize::from(!is_after_word && kept > first));
    }
    run.symbols.truncate(kept);
    if let Some(end) = run.starts.last_mut() {
        *end = kept;
    }
}

/// How often units stand alone and side by side.
pub(crate) struct PairCounts {
    single: Vec<u64>,
    total: u64,
    least: u64,
    /// Units that are frequent enough to be part of a phrase, in ascending order.
    frequent: Vec<u32>,
    /// Where the row of each of these begins in `rows`; one more at the end.
    starts: Vec<usize>,
    /// What stands behind a frequent unit, in ascending order of units.
    rows: Vec<Follower>,
}

/// A unit that stands behind another one.
#[derive(Debug, Clone, Copy)]
struct Follower {
    unit: u32,
    times: u32,
    /// Of these, with a hyphen.
    hyphens: u32,
}

/// What says whether a pair of units is a phrase.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct PairTest {
    pub(crate) times: u64,
    /// Of these, with a hyphen.
    pub(crate) hyphens: u64,
    /// Occurrences of either unit, and of all units.
    pub(crate) singles: (u64, u64),
    pub(crate) total: u64,
    /// Fewest occurrences of a phrase.
    pub(crate) least: u64,
    pub(crate) g2: f64,
    pub(crate) npmi: f64,
}

impl PairTest {
    pub(crate) fn is_phrase(&self) -> bool {
        self.times >= self.least && (self.hyphens >= 2 || self.npmi >= COHESION && self.g2 > SIGNIFICANT)
    }
}

impl PairCounts {
    /// Counts all pairs of frequent units; those that are too rare for phrases are left out unless
    /// `with_rare`.
    fn new(stream: &Stream, forms: &Forms, language: Language, with_rare: bool) -> PairCounts {
        let single = forms.unit_times();
        let total = single.iter().sum();
        let least = least_count(total);
        let frequent: Vec<u32> =
            (0..single.len() as u32).filter(|&unit| single[unit as usize] >= least).collect();
        let mut rank_of_unit = vec![RARE; single.len()];
        for (rank, &unit) in (0..).zip(&frequent) {
            rank_of_unit[unit as usize] = rank;
        }
        let rank_of_form = forms.by_form(&rank_of_unit);
        let fewest = if with_rare { 1 } else { least };
        let mut counts = PairCounts { single, total, least, frequent, starts: vec![0], rows: Vec::new() };
        for ranks in counts.ranges() {
            let parts = Followers::of(stream, language, &rank_of_form, &ranks);
            let rows: Vec<Vec<Follower>> = (0..ranks.len())
                .into_par_iter()
                .with_min_len(64)
                .map_init(
                    || (vec![0_u64; counts.frequent.len()], Vec::new()),
                    |(times, met), first| counts.row(&parts, first, fewest, times, met),
                )
                .collect();
            for row in rows {
                counts.rows.extend(row);
                counts.starts.push(counts.rows.len());
            }
        }
        counts
    }

    /// Ranges of the ranks of frequent units whose pairs are counted at a time, so that memory is bounded.
    fn ranges(&self) -> Vec<Range<usize>> {
        const PAIRS: u64 = 1 << 25;
        let mut ranges = Vec::new();
        let (mut first, mut pairs) = (0, 0);
        for (rank, &unit) in self.frequent.iter().enumerate() {
            pairs += self.single[unit as usize];
            if pairs >= PAIRS {
                ranges.push(first..rank + 1);
                (first, pairs) = (rank + 1, 0);
            }
        }
        ranges.push(first..self.frequent.len());
        ranges
    }

    /// What stands behind the unit with a rank within a range, at least so often. `times` has a 0 for each
    /// frequent unit and is left so, as `met` is left empty.
    fn row(
        &self,
        parts: &[Followers],
        first: usize,
        fewest: u64,
        times: &mut [u64],
        met: &mut Vec<u32>,
    ) -> Vec<Follower> {
        for &follower in parts.iter().flat_map(|part| part.row(first)) {
            let count = &mut times[(follower >> 1) as usize];
            if *count == 0 {
                met.push(follower >> 1);
            }
            *count += 1 << 32 | u64::from(follower & 1);
        }
        let found = met.drain(..).map(|second| {
            let count = std::mem::take(&mut times[second as usize]);
            let unit = self.frequent[second as usize];
            Follower { unit, times: (count >> 32) as u32, hyphens: count as u32 }
        });
        // Most are rare.
        let mut found: Vec<Follower> = found.filter(|found| u64::from(found.times) >= fewest).collect();
        found.sort_unstable_by_key(|found| found.unit);
        found
    }

    /// The pairs that occur often enough to be phrases, in order.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (u32, u32)> + '_ {
        self.frequent.iter().zip(self.starts.windows(2)).flat_map(|(&first, bounds)| {
            let often = self.rows[bounds[0]..bounds[1]].iter().filter(|f| u64::from(f.times) >= self.least);
            often.map(move |follower| (first, follower.unit))
        })
    }

    /// Occurrences of a pair, and how many of them have a hyphen.
    fn count(&self, (first, second): (u32, u32)) -> Option<(u64, u64)> {
        let rank = self.frequent.binary_search(&first).ok()?;
        let row = &self.rows[self.starts[rank]..self.starts[rank + 1]];
        let at = row.binary_search_by_key(&second, |follower| follower.unit).ok()?;
        Some((row[at].times.into(), row[at].hyphens.into()))
    }

    /// The test of a pair; 0 where it does not occur, and for a unit with itself.
    pub(crate) fn judge(&self, pair: (u32, u32)) -> PairTest {
        let (times, hyphens) = match pair.0 == pair.1 {
            true => (0, 0),
            false => self.count(pair).unwrap_or_default(),
        };
        let single = |unit: u32| self.single.get(unit as usize).map_or(0, |&single| single.max(times));
        let singles = (single(pair.0), single(pair.1));
        let total = self.total.max(singles.0 + singles.1 - times);
        let score = |measure: AssociationMeasure| {
            let table = Contingency::new(times, singles.0, singles.1, total);
            table.map_or(0.0, |table| measure.score(table))
        };
        PairTest {
            times,
            hyphens,
            singles,
            total,
            least: self.least,
            g2: score(AssociationMeasure::LogLikelihood),
            npmi: score(AssociationMeasure::Npmi),
        }
    }
}

/// Fewest occurrences of a phrase: 2 up to 20,000 words, then growing slowly with the text.
fn least_count(words: u64) -> u64 {
    2 + (words / 20_000).checked_ilog2().map_or(0, |log| u64::from(log) + 1)
}

/// What stands behind each unit in one part of the text.
struct Followers {
    starts: Vec<u32>,
    list: Vec<u32>,
}

impl Followers {
    /// Those of the units with ranks in a range, in parts of the text that are gone through in parallel.
    fn of(
        stream: &Stream,
        language: Language,
        rank_of_form: &ByForm,
        ranks: &Range<usize>,
    ) -> Vec<Followers> {
        let ranks = ranks.start as u32..ranks.end as u32;
        let is_pair = |first: u32, second: u32| ranks.contains(&first) & (second < RARE);
        let may_pair = |a, b| is_pair(rank_of_form.number(a), rank_of_form.number(b));
        let part = |runs: &mut dyn Iterator<Item = Cow<'_, Run>>| {
            let (mut pairs, mut places) = (Vec::new(), Vec::new());
            for run in runs {
                for segment in run.segments() {
                    each_pair(segment, rank_of_form, language, may_pair, &mut places, |pair| {
                        let (first, second) = pair.units;
                        if is_pair(first, second) {
                            let follower = second << 1 | u32::from(pair.joint == Joint::Hyphen);
                            pairs.push((first - ranks.start, follower));
                        }
                    });
                }
            }
            Followers::new(&pairs, ranks.len())
        };
        stream.parts(PARTS).map(|mut runs| part(&mut runs)).collect()
    }

    /// Sorts pairs of a rank below `ranks` and a follower by the rank.
    fn new(pairs: &[(u32, u32)], ranks: usize) -> Followers {
        let mut starts = vec![0_u32; ranks + 2];
        for &(first, _) in pairs {
            starts[first as usize + 2] += 1;
        }
        for rank in 2..starts.len() {
            starts[rank] += starts[rank - 1];
        }
        let mut list = vec![0; pairs.len()];
        for &(first, follower) in pairs {
            let next = &mut starts[first as usize + 1];
            list[*next as usize] = follower;
            *next += 1;
        }
        Followers { starts, list }
    }

    fn row(&self, rank: usize) -> &[u32] {
        &self.list[self.starts[rank] as usize..self.starts[rank + 1] as usize]
    }
}

/// The phrases of a round.
struct Phrases {
    /// The unit and the strength of each.
    units: FxHashMap<(u32, u32), (u32, f64)>,
    /// For each form a bit for each hash of a unit that no phrase has before it.
    never_before: ByForm,
}

/// A number below 32 for each unit.
fn hash(unit: u32) -> u32 {
    unit.wrapping_mul(0x9e37_79b9) >> 27
}

impl Phrases {
    /// Those of pairs of units, each with its unit and its strength.
    fn new(phrases: Vec<((u32, u32), (u32, f64))>, forms: &Forms) -> Phrases {
        let mut never_before = vec![u32::MAX; forms.unit_count()];
        for &((first, second), _) in &phrases {
            never_before[second as usize] &= !(1 << hash(first));
        }
        Phrases { units: phrases.into_iter().collect(), never_before: forms.by_form(&never_before) }
    }

    /// The phrases of a run at their places in it, with their units; in each segment the strongest first, for where
    /// two overlap the weaker is none.
    fn of(&self, run: &Run, forms: &Forms, language: Language) -> Vec<(Pair, u32)> {
        let mut is_taken = vec![false; run.symbols.len()];
        // Breaks are never part of one, for all bits of NONE are set.
        let units = forms.unit_of_form();
        let may_pair = |first, second| self.never_before.number(second) >> hash(units.number(first)) & 1 == 0;
        let (mut phrases, mut found, mut places) = (Vec::new(), Vec::new(), Vec::new());
        for bounds in run.starts.windows(2) {
            let segment = &run.symbols[bounds[0]..bounds[1]];
            each_pair(segment, units, language, may_pair, &mut places, |pair| {
                if let Some(&(unit, strength)) = self.units.get(&pair.units) {
                    let (left, right) = (bounds[0] + pair.left, bounds[0] + pair.right);
                    found.push((strength, Pair { left, right, ..pair }, unit));
                }
            });
            found.sort_by(|a, b| {
                b.0.total_cmp(&a.0).then(a.1.left.cmp(&b.1.left)).then(a.1.right.cmp(&b.1.right))
            });
            for (_, pair, unit) in found.drain(..) {
                if !is_taken[pair.left] && !is_taken[pair.right] {
                    (is_taken[pair.left], is_taken[pair.right]) = (true, true);
                    phrases.push((pair, unit));
                }
            }
        }
        phrases
    }
}

/// Puts phrases in place of their words, and leaves out symbols before the first that is kept. Words that stand between
/// the parts of a phrase follow it.
fn replace(
    stream: Stream,
    forms: &mut Forms,
    language: Language,
    phrases: &Phrases,
    first_kept: u32,
) -> Stream {
    let mut replaced = stream.like();
    for mut batch in stream.into_batches() {
        let found: Vec<_> = batch.par_iter().map(|run| phrases.of(run, forms, language)).collect();
        for (run, found) in batch.iter_mut().zip(found) {
            put(found, &mut run.symbols, forms);
        }
        batch.par_iter_mut().for_each(|run| run.retain(|symbol| (first_kept..GONE).contains(&symbol)));
        replaced.extend(batch);
    }
    replaced
}

/// Puts the phrases of a run, with their units, in place of their words.
fn put(phrases: Vec<(Pair, u32)>, symbols: &mut [u32], forms: &mut Forms) {
    for (pair, unit) in phrases {
        let [left, right] = [symbols[pair.left], symbols[pair.right]];
        symbols[pair.left] = forms.pair_form(left, right, pair.joint, unit);
        symbols[pair.right] = GONE;
        forms.recount(&[left, right], symbols[pair.left]);
        match pair.joint {
            Joint::Space => {}
            Joint::Hyphen => symbols[pair.left + 1] = GONE,
            Joint::Of(_) => symbols[pair.left + 1] = STOP,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Rng;

    /// The units of a run, and its phrases after both rounds, segment by segment.
    fn units(run: &Run, forms: &mut Forms) -> Vec<Vec<u32>> {
        let mut stream = Stream::default();
        stream.extend(vec![run.clone()]);
        forms.count(&stream);
        let stream = join_phrases(stream, forms, Language::English, None);
        let times = forms.unit_times();
        forms.count(&stream);
        assert_eq!(forms.unit_times(), times);
        let units = |segment: &[u32]| segment.iter().filter_map(|&symbol| forms.unit(symbol)).collect();
        stream.runs().flat_map(|run| run.segments().map(units).collect::<Vec<_>>()).collect()
    }

    #[test]
    fn condensed_segments_have_the_same_phrases() {
        let mut rng = Rng::new(7);
        let new_forms = || {
            let mut forms = Forms::default();
            let words = (0..8).map(|n| forms.replacement(&n.to_string(), n.to_string()));
            (words.collect::<Vec<u32>>(), forms)
        };
        let (words, forms) = new_forms();
        let mut joints = [0; 3];
        let mut phrases = 0;
        for _ in 0..500 {
            let mut run = Run::default();
            for _ in 0..6 {
                for _ in 0..rng.below(20) {
                    let other = [BREAK, HYPHEN, STOP, STOP, STOP, OF, OF, GONE][rng.below(8)];
                    run.symbols.push(if rng.below(2) == 0 { other } else { words[rng.below(words.len())] });
                }
                run.starts.push(run.symbols.len());
            }
            let mut condensed = run.clone();
            run.retain(|symbol| symbol != GONE);
            condense(&mut condensed);
            assert!(condensed.symbols.len() <= run.symbols.len());
            for (segment, condensed) in run.segments().zip(condensed.segments()) {
                let pairs = |symbols: &[u32]| {
                    let mut pairs = Vec::new();
                    let units = forms.unit_of_form();
                    let all = |_, _| true;
                    each_pair(symbols, units, Language::English, all, &mut Vec::new(), |pair| {
                        pairs.push((pair.units, pair.joint));
                    });
                    pairs
                };
                assert_eq!(pairs(segment), pairs(condensed), "{segment:?} {condensed:?}");
                for (_, joint) in pairs(segment) {
                    joints[match joint {
                        Joint::Space => 0,
                        Joint::Hyphen => 1,
                        Joint::Of(_) => 2,
                    }] += 1;
                }
            }
            let whole = units(&run, &mut new_forms().1);
            assert_eq!(whole, units(&condensed, &mut new_forms().1), "{run:?}");
            phrases += whole.iter().flatten().filter(|&&unit| unit >= words.len() as u32).count();
        }
        assert!(joints.iter().all(|&times| times > 300) && phrases > 50, "{joints:?} {phrases}");
    }
}
