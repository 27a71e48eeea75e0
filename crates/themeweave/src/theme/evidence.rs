//! How many groups the text can carry, by the evidence of a mixture, and which two of them to join.

use rayon::prelude::*;

use crate::math;
use crate::theme::cluster::Grouping;
use crate::theme::means;
use crate::theme::mixture::{CONCENTRATION, PRIOR};
use crate::theme::space::Space;
use crate::vocabulary::{TermId, Vocabulary};

/// The integrated likelihood of groupings under a mixture in which each group has a distribution over
/// terms (Biernacki, Celeux and Govaert 2000, "Assessing a mixture model for clustering with the integrated
/// completed likelihood"). A term counts once for a segment however often it occurs there: occurrences
/// in one segment depend on each other, and taken for independent (Church and Gale 1995, "Poisson
/// mixtures") they would speak for more groups the longer the segments are.
pub(crate) struct Evidence {
    /// Number of terms.
    terms: usize,
    /// The terms of all segments, which are gone through for many groupings.
    present: Vec<TermId>,
    /// Where those of each segment begin in `present`; one more at the end.
    starts: Vec<usize>,
    /// Prior weight of all terms in a group.
    prior: f64,
    /// ln Γ(c + β) − ln Γ(β) for a term that c segments of a group have.
    of_count: Vec<f64>,
}

/// Segments of each group, and segments with each term.
struct Counts {
    sizes: Vec<f64>,
    /// Terms of the segments of each group.
    totals: Vec<f64>,
    /// Segments by term, then group.
    counts: Vec<u32>,
}

impl Evidence {
    pub(crate) fn new(vocabulary: &Vocabulary) -> Evidence {
        /// Measured on labelled corpora of 1,700 to 20,000 segments in three languages.
        const SCALE: f64 = 0.04;
        let terms = vocabulary.terms().len();
        let occurrences = vocabulary.terms().iter().map(|term| term.segments as usize).sum();
        let (mut present, mut starts) = (Vec::with_capacity(occurrences), vec![0]);
        for segment in 0..vocabulary.segment_count() {
            present.extend(vocabulary.segment(segment).map(|(term, _)| term));
            starts.push(present.len());
        }
        let beta = SCALE * (present.len().max(1) as f64 / terms.max(1) as f64).sqrt();
        let most = vocabulary.terms().iter().map(|term| term.segments).max().unwrap_or(0);
        let unseen = math::ln_gamma(beta);
        let of_count = (0..=most).map(|count| math::ln_gamma(f64::from(count) + beta) - unseen).collect();
        Evidence { terms, present, starts, prior: terms.max(1) as f64 * beta, of_count }
    }

    fn counts(&self, grouping: &Grouping) -> Counts {
        /// Groups that are counted at a time, each in a place of its own that a core has at hand.
        const AT_A_TIME: usize = 8;
        let members = grouping.members();
        let groups = members.len();
        let mut counts = vec![0; self.terms * groups];
        let mut totals = Vec::with_capacity(groups);
        let of_group = |members: &Vec<u32>| {
            let mut counts = vec![0; self.terms];
            for &segment in members {
                let present = self.starts[segment as usize]..self.starts[segment as usize + 1];
                self.present[present].iter().for_each(|&term| counts[term as usize] += 1);
            }
            counts
        };
        for (at, some) in members.chunks(AT_A_TIME).enumerate() {
            let found: Vec<Vec<u32>> = some.par_iter().map(of_group).collect();
            totals
                .extend(found.iter().map(|counts| counts.iter().map(|&count| f64::from(count)).sum::<f64>()));
            for (term, row) in counts.chunks_exact_mut(groups).enumerate() {
                for (count, found) in row[at * AT_A_TIME..].iter_mut().zip(&found) {
                    *count = found[term];
                }
            }
        }
        Counts { sizes: members.iter().map(|members| members.len() as f64).collect(), totals, counts }
    }

    /// Logarithm of the probability of all terms and of the grouping, the distributions of the groups
    /// integrated out. More groups fit better but are less probable beforehand, so the greatest value says
    /// how many groups the text can carry.
    pub(crate) fn of(&self, grouping: &Grouping) -> f64 {
        let counts = self.counts(grouping);
        let k = grouping.groups as f64;
        let n: f64 = counts.sizes.iter().sum();
        let mut sum = math::ln_gamma(k * PRIOR) - math::ln_gamma(n + k * PRIOR);
        for (&size, &total) in counts.sizes.iter().zip(&counts.totals) {
            sum += of_size(size) - self.of_total(total);
        }
        sum + counts.counts.iter().map(|&count| self.of_count[count as usize]).sum::<f64>()
    }

    /// Merges the two groups whose union loses least, of the evidence and of the likelihood of directions
    /// that gather round the mean of each group (as [`polish`](crate::theme::mixture::polish) takes them),
    /// again and again; gives the order of merges as (kept group, merged group) in numbers of the start.
    pub(crate) fn merges(&self, space: &Space, start: &Grouping) -> Vec<(u32, u32)> {
        let k = start.groups;
        let mut merging = Merging {
            evidence: self,
            counts: self.counts(start),
            sums: means::sums(space, start),
            shared: vec![vec![0.0; k]; k],
        };
        for row in merging.counts.counts.chunks_exact(k.max(1)) {
            let present: Vec<usize> = (0..k).filter(|&group| row[group] > 0).collect();
            for (at, &a) in present.iter().enumerate() {
                for &b in &present[..at] {
                    merging.shared[a][b] += self.joined(row[a], row[b]);
                }
            }
        }
        let mut gains: Vec<Vec<f64>> =
            (0..k).into_par_iter().map(|a| (0..a).map(|b| merging.gain(a, b)).collect()).collect();
        let mut alive: Vec<usize> = (0..k).collect();
        let mut merges = Vec::new();
        while alive.len() > 1 {
            let mut best = (f64::NEG_INFINITY, 0, 0);
            for &a in &alive {
                for &b in alive.iter().take_while(|&&b| b < a) {
                    if gains[a][b] > best.0 {
                        best = (gains[a][b], b, a);
                    }
                }
            }
            let (_, kept, gone) = best;
            if kept == gone {
                break;
            }
            alive.retain(|&group| group != gone);
            merging.merge(kept, gone, &alive);
            for &other in alive.iter().filter(|&&other| other != kept) {
                gains[kept.max(other)][kept.min(other)] = merging.gain(kept, other);
            }
            merges.push((kept as u32, gone as u32));
        }
        merges
    }

    /// What a term adds to the evidence when two groups that have it so often are one.
    fn joined(&self, a: u32, b: u32) -> f64 {
        self.of_count[(a + b) as usize] - self.of_count[a as usize] - self.of_count[b as usize]
    }

    fn of_total(&self, total: f64) -> f64 {
        math::ln_gamma(total + self.prior) - math::ln_gamma(self.prior)
    }
}

fn of_size(size: f64) -> f64 {
    math::ln_gamma(size + PRIOR) - math::ln_gamma(PRIOR)
}

/// Groups that are being merged.
struct Merging<'e> {
    evidence: &'e Evidence,
    counts: Counts,
    /// The sum of the directions of each group.
    sums: Vec<Vec<f32>>,
    /// For each group and each before it what the terms of both add to the evidence when they are one.
    shared: Vec<Vec<f64>>,
}

impl Merging<'_> {
    /// What is gained, mostly below 0, when two groups are one.
    fn gain(&self, a: usize, b: usize) -> f64 {
        let Counts { sizes, totals, .. } = &self.counts;
        let change =
            |value: &dyn Fn(f64) -> f64, of: &[f64]| value(of[a] + of[b]) - value(of[a]) - value(of[b]);
        let words = self.shared[a.max(b)][a.min(b)] - change(&|total| self.evidence.of_total(total), totals);
        let length = |values: &mut dyn Iterator<Item = f32>| {
            values.map(|x| f64::from(x) * f64::from(x)).sum::<f64>().sqrt()
        };
        let (of_a, of_b) = (&self.sums[a], &self.sums[b]);
        let joined = length(&mut of_a.iter().zip(of_b).map(|(x, y)| x + y));
        let apart = length(&mut of_a.iter().copied()) + length(&mut of_b.iter().copied());
        words + change(&of_size, sizes) + f64::from(CONCENTRATION) * (joined - apart)
    }

    /// Gives a group all of another; `alive` are the groups without that.
    fn merge(&mut self, kept: usize, gone: usize, alive: &[usize]) {
        let merged = std::mem::take(&mut self.sums[gone]);
        for (sum, x) in self.sums[kept].iter_mut().zip(merged) {
            *sum += x;
        }
        self.counts.sizes[kept] += self.counts.sizes[gone];
        self.counts.totals[kept] += self.counts.totals[gone];
        let mut shared = vec![0.0; self.shared.len()];
        for row in self.counts.counts.chunks_exact_mut(shared.len()) {
            row[kept] += std::mem::take(&mut row[gone]);
            let own = row[kept];
            if own == 0 {
                continue;
            }
            for &other in alive.iter().filter(|&&other| other != kept && row[other] > 0) {
                shared[other] += self.evidence.joined(own, row[other]);
            }
        }
        for &other in alive {
            self.shared[kept.max(other)][kept.min(other)] = shared[other];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cooccurrence::CooccurrenceMatrix;
    use crate::corpus::Corpus;
    use crate::language::Language;
    use crate::segment::{Segments, Unit};
    use crate::theme::cluster::merge_steps;
    use crate::theme::tfidf::TfIdf;
    use crate::token::Tokens;
    use crate::vocabulary::TermOptions;

    fn vocabulary(notes: &[&str]) -> Vocabulary {
        let corpus = Corpus::from_notes(notes.iter().copied()).unwrap();
        let (segments, _) = Segments::from_corpus(&corpus, Unit::Note).unwrap();
        let tokens = Tokens::from_segments(&corpus, &segments, usize::MAX, &mut ()).unwrap();
        Vocabulary::from_tokens(tokens, Language::English, &TermOptions::default()).0
    }

    #[test]
    fn the_groups_that_are_merged_first_lose_least_evidence() {
        // Too few notes for directions.
        let vocabulary = vocabulary(&[
            "bus late timetable",
            "late bus driver",
            "bus timetable driver",
            "beans garden peas",
            "garden peas water",
            "bus garden late",
        ]);
        let matrix = CooccurrenceMatrix::from_vocabulary(&vocabulary, 100, &mut ()).unwrap();
        let space = Space::new(&vocabulary, &matrix, &TfIdf::from_vocabulary(&vocabulary));
        let evidence = Evidence::new(&vocabulary);
        let start = Grouping { group: vec![0, 0, 1, 2, 2, 3], groups: 4 };
        let after = |&(kept, gone): &(u32, u32)| evidence.of(&merge_steps(&start, &[(kept, gone)])[1]);
        let pairs: Vec<(u32, u32)> = (0..4).flat_map(|b| (0..b).map(move |a| (a, b))).collect();
        let best = pairs.iter().max_by(|x, y| after(x).total_cmp(&after(y))).unwrap();
        let merges = evidence.merges(&space, &start);
        assert_eq!(merges.len(), 3);
        assert_eq!(&merges[0], best);
    }

    #[test]
    fn words_that_are_repeated_within_a_note_are_no_more_evidence() {
        let once = vocabulary(&["bus late", "late bus", "garden peas", "peas garden"]);
        let twice = vocabulary(&["bus late bus late", "late bus", "garden peas", "peas garden peas"]);
        let parted = Grouping { group: vec![0, 0, 1, 1], groups: 2 };
        assert_eq!(Evidence::new(&once).of(&parted), Evidence::new(&twice).of(&parted));
    }
}
