//! Links between themes: which speak of each other's matters.

use petgraph::visit::EdgeRef;

use crate::network::Network;
use crate::theme::{Memberships, ThemeLink};

/// The pairs of themes that have linked terms or segments in common, in the order of themes. Cost:
/// linear in the links of the network, and for each segment in the square of its themes.
pub(crate) fn theme_links(
    network: &Network,
    theme_of_term: &[Option<usize>],
    memberships: &Memberships,
    themes: usize,
) -> Vec<ThemeLink> {
    let place = |a: usize, b: usize| a.min(b) * themes + a.max(b);
    let pair =
        |place: usize| ThemeLink { a: place / themes, b: place % themes, links: 0, weight: 0.0, segments: 0 };
    let mut pairs: Vec<ThemeLink> = (0..themes * themes).map(pair).collect();
    for edge in network.edge_references() {
        let ends = (theme_of_term[edge.source().index()], theme_of_term[edge.target().index()]);
        if let (Some(a), Some(b)) = ends
            && a != b
        {
            pairs[place(a, b)].links += 1;
            pairs[place(a, b)].weight += edge.weight().weight;
        }
    }
    for of_segment in memberships.iter() {
        for (i, first) in of_segment.iter().enumerate() {
            for second in &of_segment[i + 1..] {
                pairs[place(first.theme, second.theme)].segments += 1;
            }
        }
    }
    pairs.retain(|link| link.links > 0 || link.segments > 0);
    pairs
}
