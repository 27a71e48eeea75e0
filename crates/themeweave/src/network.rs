//! The network of terms: which pairs are linked, how strongly, and how surely.

use std::cmp::Ordering;

use petgraph::graph::{NodeIndex, UnGraph};
use rayon::prelude::*;
use serde::Serialize;

use crate::association::{AssociationMeasure, Contingency, ExactTest, QValues};
use crate::cooccurrence::{AT_A_TIME, CooccurrenceMatrix};
use crate::error::Result;
use crate::graph::Graph;
use crate::vocabulary::{TermId, Vocabulary};

/// A node of the [`Network`]: a term.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Node {
    /// The term.
    pub term: TermId,
    /// Segments with the term.
    pub segments: u32,
}

/// An edge of the [`Network`]: two terms that occur together more often than chance would have it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Link {
    /// Strength by the association measure of the options.
    pub weight: f64,
    /// Segments with both terms.
    pub cooccurrences: u32,
    /// Probability of at least as many segments with both terms if they were independent:
    /// hypergeometric, one-sided ([`hypergeometric_sf`](crate::hypergeometric_sf)).
    pub p: f64,
    /// The same, adjusted for the number of all pairs of terms of the network (Benjamini and Hochberg 1995): of
    /// those with q ≤ 0.05, at most one in twenty is together by chance, on average. Pairs that can be no links enter with
    /// p = 1.
    pub q: f64,
}

/// Terms and their links, as an undirected petgraph graph on which every petgraph algorithm works.
/// Node `i` is the term with number `i`.
pub type Network = UnGraph<Node, Link>;

/// Which pairs become links.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct LinkRule {
    /// Measure of strength.
    pub(crate) measure: AssociationMeasure,
    /// Number of terms, those in most segments.
    pub(crate) terms: usize,
    /// Fewest segments with both terms.
    pub(crate) min_cooccurrences: u32,
    /// Greatest p of a link.
    pub(crate) max_p: f64,
    /// Links kept for each term: its strongest. A link stays when either end keeps it.
    pub(crate) links_per_term: usize,
}

impl LinkRule {
    /// The rule that suits a number of segments. With more than 1,000: pairs seen twice with p < .001.
    /// With few, no count is that sure, so pairs seen once are taken, with p up to .2 below 61 segments.
    pub(crate) fn for_segments(segments: usize, measure: AssociationMeasure) -> LinkRule {
        let (min_cooccurrences, max_p) = Self::limits(segments);
        LinkRule { measure, terms: 3_000, min_cooccurrences, max_p, links_per_term: 10 }
    }

    /// The fewest segments in common and the p-value that is too great, by the number of segments.
    pub(crate) fn limits(segments: usize) -> (u32, f64) {
        match segments {
            0..=60 => (1, 0.2),
            61..=300 => (1, 0.05),
            301..=1000 => (2, 0.01),
            _ => (2, 0.001),
        }
    }
}

/// Why a pair of terms is no link.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoLink {
    /// One is a phrase that the other is part of.
    Nested,
    /// They occur together in too few segments.
    TooFew,
    /// They occur together no more often than chance would have it.
    Expected,
    /// They may be together by chance: p is too great.
    Chance,
    /// The measure of strength gives them no weight.
    Weightless,
    /// Both have stronger links, and as many as a term may keep.
    Weaker,
}

/// The weight and the p-value of a link, or why there is none.
type Judgement = std::result::Result<(f64, f64), NoLink>;

impl LinkRule {
    /// The weight and the p-value of the link of two terms that occur together as `table` says, or why there is
    /// none. To `test` p-values up to [`max_p`](Self::max_p) matter.
    pub(crate) fn judge(
        &self,
        table: Contingency,
        is_nested: impl FnOnce() -> bool,
        test: &ExactTest,
    ) -> Judgement {
        self.judge_by(table, is_nested, || self.weigh(table, test))
    }

    /// The same with what weighs the table, which costs the most and comes last.
    fn judge_by(
        &self,
        table: Contingency,
        is_nested: impl FnOnce() -> bool,
        weigh: impl FnOnce() -> Judgement,
    ) -> Judgement {
        let cooccurrences = table.both as u32;
        if cooccurrences < self.min_cooccurrences {
            return Err(NoLink::TooFew);
        }
        if f64::from(cooccurrences) <= table.expected() {
            return Err(NoLink::Expected);
        }
        if is_nested() {
            return Err(NoLink::Nested);
        }
        weigh()
    }

    /// The weight and the p-value that a table leads to.
    fn weigh(&self, table: Contingency, test: &ExactTest) -> Judgement {
        let p = test.p(table);
        if p >= self.max_p {
            return Err(NoLink::Chance);
        }
        match self.measure.score(table) {
            weight if weight > 0.0 => Ok((weight, p)),
            _ => Err(NoLink::Weightless),
        }
    }
}

/// What came out of late for tables of rare terms, by one rule and for one number of segments. Many of these terms are
/// in equally many segments, so that the same tables come again.
struct Weighed {
    /// By some bits of the hash of the table: the segments with both terms and with each, and what came out.
    known: Vec<([u32; 3], Judgement)>,
}

impl Default for Weighed {
    fn default() -> Weighed {
        /// Few enough to stay in the cache.
        const KNOWN: usize = 1 << 12;
        // No such table is asked for.
        Weighed { known: vec![([0; 3], Err(NoLink::TooFew)); KNOWN] }
    }
}

impl Weighed {
    /// What came out for a table, or else what `weigh` makes of it.
    fn get_or(&mut self, table: Contingency, weigh: impl FnOnce() -> Judgement) -> Judgement {
        /// Segments with a term from which tables seldom come again.
        const FREQUENT: u64 = 1 << 10;
        let Contingency { both, a, b, .. } = table;
        if a >= FREQUENT {
            return weigh();
        }
        // Tables that differ in the segments with both stand side by side.
        let at = (b.wrapping_mul(0x9e37_79b9) >> 16).wrapping_add(both) as usize % self.known.len();
        let key = [both, a, b].map(|count| count as u32);
        if self.known[at].0 != key {
            self.known[at] = (key, weigh());
        }
        self.known[at].1
    }
}

/// The segments with either of two terms and with both.
pub(crate) fn contingency(vocabulary: &Vocabulary, a: TermId, b: TermId, both: u32) -> Contingency {
    let segments = |term: TermId| u64::from(vocabulary.terms()[term as usize].segments);
    let n = vocabulary.segment_count() as u64;
    Contingency { both: both.into(), a: segments(a), b: segments(b), n }
}

/// What may become a link of a term, to another one with a greater number.
#[derive(Debug, Clone, Copy)]
struct Candidate {
    other: TermId,
    cooccurrences: u32,
    weight: f64,
    p: f64,
}

/// For each term what may become its links by a rule.
fn candidates(vocabulary: &Vocabulary, matrix: &CooccurrenceMatrix, rule: LinkRule) -> Vec<Vec<Candidate>> {
    let terms = rule.terms.min(matrix.term_count());
    let n = vocabulary.segment_count() as u64;
    let segments: Vec<u32> = vocabulary.terms()[..terms].iter().map(|term| term.segments).collect();
    let test = ExactTest::new(n, rule.max_p);
    let of_term = |a: TermId, found: &mut Vec<Candidate>, weighed: &mut Weighed| {
        // What may be chance with a term in some segments may all the more be so with a term in more of them, so
        // the terms in fewest come first: a count that was too small before need not be tested again.
        let (mut too_small, mut fewest) = (0, u64::MAX);
        for (b, both) in matrix.row(a).rev().skip_while(|&(b, _)| b as usize >= terms) {
            let [a_segments, b_segments] = [a, b].map(|term| u64::from(segments[term as usize]));
            if both <= too_small && b_segments >= fewest {
                continue;
            }
            let table = Contingency { both: both.into(), a: a_segments, b: b_segments, n };
            let weigh = || weighed.get_or(table, || rule.weigh(table, &test));
            match rule.judge_by(table, || vocabulary.is_nested(a, b), weigh) {
                Ok((weight, p)) => found.push(Candidate { other: b, cooccurrences: both, weight, p }),
                Err(NoLink::Expected | NoLink::Chance) if both > too_small => {
                    (too_small, fewest) = (both, b_segments);
                }
                Err(_) => {}
            }
        }
    };
    (0..terms as TermId)
        .into_par_iter()
        .with_max_len(AT_A_TIME)
        .map_init(Default::default, |(found, weighed): &mut (Vec<Candidate>, Weighed), a| {
            found.clear();
            of_term(a, found, weighed);
            found.iter().rev().copied().collect()
        })
        .collect()
}

/// Links the terms of a vocabulary by a rule.
pub(crate) fn build_network(vocabulary: &Vocabulary, matrix: &CooccurrenceMatrix, rule: LinkRule) -> Network {
    let rows = candidates(vocabulary, matrix, rule);
    let terms = rows.len();
    // Pairs that never occur together are tested as the others are: which these are nobody knew beforehand.
    let tested = terms * terms.saturating_sub(1) / 2;
    let q = || {
        let mut p = Vec::with_capacity(rows.iter().map(Vec::len).sum());
        rows.iter().for_each(|row| p.extend(row.iter().map(|link| link.p)));
        QValues::new(p, tested)
    };
    let (q, links) = rayon::join(q, || strongest(&rows, rule.links_per_term));
    let ends_and_link = |(a, &Candidate { other, cooccurrences, weight, p })| {
        (a, other, Link { weight, cooccurrences, p, q: q.of(p) })
    };
    let links: Vec<(TermId, TermId, Link)> = links.into_par_iter().map(ends_and_link).collect();
    let mut network = Network::with_capacity(terms, links.len());
    for (term, of_term) in (0..).zip(&vocabulary.terms()[..terms]) {
        network.add_node(Node { term, segments: of_term.segments });
    }
    for (a, b, link) in links {
        network.add_edge(NodeIndex::new(a as usize), NodeIndex::new(b as usize), link);
    }
    network
}

/// Of the candidates of each term the ones that are among the strongest of either end, with the term, in order
/// of their ends.
fn strongest(rows: &[Vec<Candidate>], per_term: usize) -> Vec<(TermId, &Candidate)> {
    let is_stronger = |x: &Candidate, y: &Candidate| {
        x.weight.total_cmp(&y.weight).then(x.cooccurrences.cmp(&y.cooccurrences)) == Ordering::Greater
    };
    // The strongest of each term so far, in falling order; of equals the first.
    let mut kept: Vec<Vec<(TermId, &Candidate)>> = vec![Vec::new(); rows.len()];
    // The weight that a link must have at least, once enough are kept: most have less.
    let mut least = vec![f64::NEG_INFINITY; rows.len()];
    for (term, row) in (0..).zip(rows) {
        for link in row {
            for end in [term, link.other] {
                let (kept, least) = (&mut kept[end as usize], &mut least[end as usize]);
                if link.weight < *least {
                    continue;
                }
                if kept.len() == per_term {
                    if !kept.last().is_some_and(|(_, weakest)| is_stronger(link, weakest)) {
                        continue;
                    }
                    kept.pop();
                }
                let place = kept.partition_point(|(_, other)| !is_stronger(link, other));
                kept.insert(place, (term, link));
                if let (Some((_, weakest)), true) = (kept.last(), kept.len() == per_term) {
                    *least = weakest.weight;
                }
            }
        }
    }
    let mut links = kept.concat();
    links.sort_unstable_by_key(|(term, link)| (*term, link.other));
    links.dedup_by_key(|(term, link)| (*term, link.other));
    links
}

/// The compact form of a network, for communities and layout.
pub(crate) fn compact(network: &Network) -> Result<Graph> {
    Graph::from_petgraph(network, |link| link.weight)
}

/// The compact form of the network that [`build_network`] would make, without it.
pub(crate) fn build_compact(
    vocabulary: &Vocabulary,
    matrix: &CooccurrenceMatrix,
    rule: LinkRule,
) -> Result<Graph> {
    let rows = candidates(vocabulary, matrix, rule);
    let links = strongest(&rows, rule.links_per_term);
    let edges: Vec<_> = links.into_iter().map(|(a, link)| (a, link.other, link.weight)).collect();
    Graph::from_edges(rows.len(), &edges)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::Corpus;
    use crate::language::Language;
    use crate::rng::Rng;
    use crate::segment::{Segments, Unit};
    use crate::token::Tokens;
    use crate::vocabulary::TermOptions;

    #[test]
    fn links_are_the_pairs_that_are_judged_so_one_by_one() {
        let mut rng = Rng::new(3);
        // Words of a note are near each other in number, so that some pairs are links; low numbers are frequent.
        let notes: Vec<String> = (0..300)
            .map(|_| {
                let most = rng.below(60) + 1;
                let first = rng.below(most);
                (0..8).map(|_| format!("word{} ", first + rng.below(20))).collect()
            })
            .collect();
        let corpus = Corpus::from_notes(notes.iter().map(String::as_str)).unwrap();
        let (segments, _) = Segments::from_corpus(&corpus, Unit::Note).unwrap();
        let tokens = Tokens::from_segments(&corpus, &segments, usize::MAX, &mut ()).unwrap();
        let options = TermOptions { no_stemming: true, no_phrases: true, ..TermOptions::default() };
        let (whole, _) = Vocabulary::from_tokens(tokens, Language::English, &options);
        // Terms of a part are not in the order of their segments.
        let part = whole.part(&(0..300).filter(|at| at % 3 > 0).collect::<Vec<u32>>());
        for vocabulary in [whole, part] {
            let matrix = CooccurrenceMatrix::from_vocabulary(&vocabulary, 1_000, &mut ()).unwrap();
            for max_p in [0.2, 0.01] {
                let measure = AssociationMeasure::Npmi;
                let rule =
                    LinkRule { measure, terms: 1_000, min_cooccurrences: 2, max_p, links_per_term: 1_000 };
                let network = build_network(&vocabulary, &matrix, rule);
                let links: Vec<(TermId, TermId, f64, f64)> = network
                    .edge_indices()
                    .map(|edge| {
                        let (a, b) = network.edge_endpoints(edge).unwrap();
                        (a.index() as TermId, b.index() as TermId, network[edge].weight, network[edge].p)
                    })
                    .collect();
                let judged = |(a, b, both)| {
                    let table = contingency(&vocabulary, a, b, both);
                    let (weight, p) = rule.judge(table, || false, &ExactTest::default()).ok()?;
                    Some((a, b, weight, p))
                };
                let expected: Vec<_> = matrix.pairs().filter_map(judged).collect();
                assert_eq!(links, expected);
                for links_per_term in [3, 1_000] {
                    let rule = LinkRule { links_per_term, ..rule };
                    let whole = compact(&build_network(&vocabulary, &matrix, rule)).unwrap();
                    assert_eq!(build_compact(&vocabulary, &matrix, rule).unwrap(), whole);
                }
                assert!(links.len() > 50 && links.len() < matrix.pair_count() - 50, "{}", links.len());
            }
        }
    }
}
