//! The strategic diagram: how themes hang together within and among each other.

use petgraph::visit::EdgeRef;
use serde::Serialize;

use crate::network::Network;

/// A quarter of the strategic diagram (Callon, Courtial and Laville 1991), split at the medians of
/// centrality and density.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Quadrant {
    /// Central and dense: well developed and tied to the other themes.
    Motor,
    /// Dense but not central: well developed, by itself.
    Niche,
    /// Neither: emerging or fading.
    Emerging,
    /// Central but not dense: cuts across the other themes.
    Basic,
}

impl Quadrant {
    /// The name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Quadrant::Motor => "motor",
            Quadrant::Niche => "niche",
            Quadrant::Emerging => "emerging",
            Quadrant::Basic => "basic",
        }
    }
}

/// A theme's place in the diagram.
pub(crate) struct Structure {
    pub(crate) centrality: f64,
    pub(crate) density: f64,
    pub(crate) quadrant: Quadrant,
}

/// Callon's centrality (10·Σ weights of links to other themes) and density (100·Σ weights of links
/// within / number of terms). Each link counts once for either end, so the order of terms is of no
/// consequence.
pub(crate) fn callon(network: &Network, theme_of_term: &[Option<usize>], themes: usize) -> Vec<Structure> {
    let mut outside = vec![0.0; themes];
    let mut inside = vec![0.0; themes];
    let mut terms = vec![0_u32; themes];
    for &theme in theme_of_term.iter().flatten() {
        terms[theme] += 1;
    }
    for edge in network.edge_references() {
        let weight = edge.weight().weight;
        match (theme_of_term[edge.source().index()], theme_of_term[edge.target().index()]) {
            (Some(a), Some(b)) if a == b => inside[a] += weight,
            (Some(a), Some(b)) => {
                outside[a] += weight;
                outside[b] += weight;
            }
            _ => {}
        }
    }
    let centrality: Vec<f64> = outside.iter().map(|sum| 10.0 * sum).collect();
    let density: Vec<f64> =
        inside.iter().zip(&terms).map(|(sum, &n)| 100.0 * sum / f64::from(n.max(1))).collect();
    let (middle_centrality, middle_density) = (median(&centrality), median(&density));
    centrality
        .iter()
        .zip(&density)
        .map(|(&centrality, &density)| {
            let quadrant = match (centrality >= middle_centrality, density >= middle_density) {
                (true, true) => Quadrant::Motor,
                (false, true) => Quadrant::Niche,
                (false, false) => Quadrant::Emerging,
                (true, false) => Quadrant::Basic,
            };
            Structure { centrality, density, quadrant }
        })
        .collect()
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    match sorted.len() {
        0 => 0.0,
        n if n % 2 == 1 => sorted[n / 2],
        n => (sorted[n / 2 - 1] + sorted[n / 2]) / 2.0,
    }
}
