//! Pairs of terms to links.

use petgraph::algo::connected_components;
use petgraph::visit::EdgeRef;
use themeweave::{
    Analysis, AssociationMeasure, Contingency, Options, Rng, TermOptions, benjamini_hochberg,
    hypergeometric_sf,
};

use crate::support::{analyzed, notes, with_terms};

/// Two groups of notes that share one word.
const NOTES: [&str; 8] = [
    "bus timetable delay",
    "bus timetable winter",
    "bus delay timetable",
    "timetable delay winter",
    "garden volunteers planting",
    "garden planting winter",
    "volunteers garden tools",
    "planting volunteers tools",
];

fn analysis(association: AssociationMeasure) -> Analysis {
    let terms = TermOptions { no_phrases: true, ..TermOptions::default() };
    analyzed(&notes(&NOTES), &Options { association, ..with_terms(terms) })
}

#[test]
fn links_say_how_strong_and_how_sure_they_are() {
    for measure in AssociationMeasure::ALL {
        let analysis = analysis(measure);
        let terms = analysis.vocabulary.terms();
        assert!(analysis.network.edge_count() > 0);
        for edge in analysis.network.edge_references() {
            let [a, b] = [edge.source(), edge.target()].map(|end| u64::from(terms[end.index()].segments));
            let link = edge.weight();
            let table = Contingency::new(link.cooccurrences.into(), a, b, 8).unwrap();
            assert_eq!(link.weight, measure.score(table));
            assert_eq!(link.p, hypergeometric_sf(table));
            assert!(f64::from(link.cooccurrences) > table.expected());
        }
    }
}

#[test]
fn q_is_adjusted_for_all_pairs_of_terms() {
    // No term has more links than it may keep, so these are all that were found.
    let network = analysis(AssociationMeasure::Npmi).network;
    let terms = network.node_count();
    let mut p: Vec<f64> = network.edge_weights().map(|link| link.p).collect();
    p.resize(terms * (terms - 1) / 2, 1.0);
    let q: Vec<f64> = network.edge_weights().map(|link| link.q).collect();
    assert_eq!(q, benjamini_hochberg(&p)[..q.len()]);
}

#[test]
fn words_strewn_at_random_have_no_sure_links() {
    let mut rng = Rng::new(1);
    for _ in 0..10 {
        // Words that are the rarer the greater their number, spelled without vowels, so that they have no stems.
        let word = |number: usize| -> String {
            number
                .to_string()
                .bytes()
                .map(|digit| char::from(b"bcdfghjklm"[usize::from(digit - b'0')]))
                .collect()
        };
        let texts: Vec<String> = (0..600)
            .map(|_| (0..6).map(|_| word(100 + rng.below(60) * rng.below(60)) + " ").collect())
            .collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let terms = TermOptions { no_phrases: true, no_stemming: true, ..TermOptions::default() };
        let options = Options { levels: 0, ..with_terms(terms) };
        let network = analyzed(&notes(&texts), &options).network;
        assert!(network.edge_count() > 0);
        let sure = network.edge_weights().filter(|link| link.q <= 0.05);
        assert_eq!(sure.count(), 0);
    }
}

#[test]
fn the_measure_changes_weights_and_not_which_pairs_are_tested() {
    let ends = |measure| {
        let network = analysis(measure).network;
        network.edge_references().map(|edge| (edge.source(), edge.target())).collect::<Vec<_>>()
    };
    assert_eq!(ends(AssociationMeasure::Jaccard), ends(AssociationMeasure::LogLikelihood));
}

#[test]
fn a_phrase_has_no_link_to_its_own_words() {
    let texts = ["staff", "budget", "review", "pay", "rota"]
        .map(|word| format!("{word} in social care; {word} and care"));
    let texts: Vec<&str> =
        texts.iter().map(String::as_str).chain(["bus", "tram bus", "ferry", "tram"]).collect();
    let analysis = analyzed(&notes(&texts), &with_terms(TermOptions::default()));
    let phrase = analysis.vocabulary.find("social care").unwrap();
    let parts = &analysis.vocabulary.terms()[phrase as usize].parts;
    let node = petgraph::graph::NodeIndex::new(phrase as usize);
    assert_eq!(parts.len(), 2);
    assert!(analysis.network.neighbors(node).all(|other| !parts.contains(&(other.index() as u32))));
}

#[test]
fn petgraph_algorithms_work_on_it() {
    let network = analysis(AssociationMeasure::Npmi).network;
    assert!(connected_components(&network) >= 1);
    let from = network.node_indices().next().unwrap();
    let distances = petgraph::algo::dijkstra(&network, from, None, |link| 1.0 / link.weight().weight);
    assert!(distances.values().all(|distance| distance.is_finite()));
}
