//! The map of the network: terms as discs, links as lines, themes in color.

use std::cmp::Reverse;

use themeweave::{Analysis, disc_radius};

use crate::write::draw::label::{Anchored, Area, Placed, place};
use crate::write::draw::svg::{Svg, TextStyle, number};
use crate::write::draw::{INK, PAPER, RULE, theme_color, theme_outline};
use crate::write::graph::{self, DrawnNode};

/// Width and height of the map.
const WIDTH: f64 = 1000.0;
const HEIGHT: f64 = 760.0;
/// Space around the discs for labels.
const MARGIN: f64 = 36.0;
/// How much wider than high the positions may be stretched to fill the map.
const STRETCH: f64 = 1.3;
/// Height of a row of the legend.
const LEGEND: f64 = 20.0;

/// Most terms that are drawn: the best of each theme, then those in the most segments. Of 1,400 terms of answers and of
/// 2,000 of a newsgroup most had no room for their label, and lines hid each other.
pub(in crate::write) const MOST_NODES: usize = 400;
/// Terms of each theme that are drawn before others.
pub(in crate::write) const BEST_TERMS: usize = 10;
/// Most links that are drawn: the first of each term, then others, by weight times the root of their
/// segments, so that neither rare pairs alone are drawn nor common ones. VOSviewer draws 1,000 unless told otherwise.
pub(in crate::write) const MOST_LINKS: usize = 1_000;
/// Best terms of a theme whose labels may cover other discs.
const IMPORTANT: usize = 3;
/// Sizes of labels of the smallest and the largest discs.
const LABEL: [f64; 2] = [9.5, 19.0];

/// What is drawn of a network and where.
pub(in crate::write) struct Map<'a> {
    /// Terms with links, by falling number of segments.
    pub(in crate::write) nodes: Vec<MapNode<'a>>,
    /// Links between them, the strongest last, so that they lie on top.
    pub(in crate::write) links: Vec<MapLink>,
}

pub(in crate::write) struct MapNode<'a> {
    /// Its number in `nodes.csv`.
    pub(in crate::write) index: usize,
    pub(in crate::write) drawn: DrawnNode<'a>,
    pub(in crate::write) center: [f64; 2],
    pub(in crate::write) radius: f64,
    label: Option<Placed>,
    /// Whether it is among the best terms of a theme, whose labels may cover other discs.
    pub(in crate::write) is_important: bool,
}

pub(in crate::write) struct MapLink {
    /// Places in [`Map::nodes`].
    pub(in crate::write) ends: [usize; 2],
    pub(in crate::write) weight: f64,
    pub(in crate::write) segments: u32,
    pub(in crate::write) q: f64,
}

impl<'a> Map<'a> {
    /// The terms and links that are drawn, and where.
    pub(in crate::write) fn new(analysis: &'a Analysis) -> Self {
        Self::of_most(analysis, MOST_NODES)
    }

    /// The same with at most so many terms.
    fn of_most(analysis: &'a Analysis, most: usize) -> Self {
        let mut chosen: Vec<(usize, DrawnNode<'a>)> =
            graph::nodes(analysis).into_iter().enumerate().filter(|(_, node)| node.degree > 0).collect();
        let is_best = best_terms(analysis, BEST_TERMS);
        chosen.sort_by_key(|(index, node)| (!is_best[*index], Reverse(node.segments), *index));
        chosen.truncate(most);
        chosen.sort_by_key(|(index, node)| (Reverse(node.segments), *index));
        let mut map = Self { nodes: placed(chosen, analysis), links: Vec::new() };
        map.links = links(analysis, &map.nodes);
        map.place_labels(analysis);
        map
    }

    fn place_labels(&mut self, analysis: &Analysis) {
        let is_best = best_terms(analysis, IMPORTANT);
        for node in &mut self.nodes {
            node.is_important = is_best[node.index];
        }
        let mut order: Vec<usize> = (0..self.nodes.len()).collect();
        order.sort_by_key(|&i| !self.nodes[i].is_important);
        let labels: Vec<Anchored<'_>> = order
            .iter()
            .map(|&i| {
                let node = &self.nodes[i];
                Anchored {
                    center: node.center,
                    radius: node.radius,
                    text: node.drawn.label,
                    short: None,
                    size: node.label_size(),
                    is_important: node.is_important,
                }
            })
            .collect();
        let areas = place(&labels, Area { left: 0.0, top: 0.0, right: WIDTH, bottom: HEIGHT });
        for (i, area) in order.into_iter().zip(areas) {
            self.nodes[i].label = area;
        }
    }

    /// The map, with a legend of the themes below where it is to stand alone.
    pub(in crate::write) fn svg(&self, analysis: &Analysis, has_legend: bool) -> String {
        let legend = if has_legend { legend_rows(analysis) } else { Vec::new() };
        let height = HEIGHT + if legend.is_empty() { 0.0 } else { LEGEND * (legend.len() as f64 + 0.5) };
        let title = format!(
            "Network of {} terms and {} links; terms of one theme have one color",
            self.nodes.len(),
            self.links.len()
        );
        let mut svg = Svg::new("network", WIDTH, height, &title);
        svg.open("g", &[("class", &"view")]);
        svg.open("g", &[("class", &"links"), ("fill", &"none")]);
        for (i, link) in self.links.iter().enumerate() {
            self.draw_link(&mut svg, i, link);
        }
        svg.close("g");
        svg.open("g", &[("class", &"nodes")]);
        for (i, node) in self.nodes.iter().enumerate() {
            node.draw(&mut svg, i);
        }
        svg.close("g");
        svg.open("g", &[("class", &"labels")]);
        for (i, node) in self.nodes.iter().enumerate() {
            node.draw_label(&mut svg, i);
        }
        svg.close("g");
        svg.close("g");
        for (row, themes) in legend.iter().enumerate() {
            draw_legend(&mut svg, analysis, themes, HEIGHT + LEGEND * (row as f64 + 0.5));
        }
        svg.finish()
    }

    fn draw_link(&self, svg: &mut Svg, number_of_link: usize, link: &MapLink) {
        let [a, b] = link.ends.map(|end| &self.nodes[end]);
        let theme = a.drawn.group.filter(|_| a.drawn.group == b.drawn.group);
        let color = theme.map_or(RULE.to_owned(), |theme| theme_color(Some(theme)));
        let class = if theme.is_some() { "link" } else { "link across" };
        // Rare pairs are drawn thinner than common ones.
        let width = 0.5 + 0.35 * f64::from(link.segments).sqrt().min(6.0);
        svg.element(
            "line",
            &[
                ("class", &class),
                ("data-i", &number_of_link),
                ("x1", &number(a.center[0])),
                ("y1", &number(a.center[1])),
                ("x2", &number(b.center[0])),
                ("y2", &number(b.center[1])),
                ("stroke", &color),
                ("stroke-width", &number(width)),
                ("stroke-opacity", &"0.55"),
            ],
        );
    }
}

impl MapNode<'_> {
    fn label_size(&self) -> f64 {
        LABEL[0] + (LABEL[1] - LABEL[0]) * (self.drawn.size - 0.2) / 0.8
    }

    fn draw(&self, svg: &mut Svg, place: usize) {
        svg.element(
            "circle",
            &[
                ("class", &"node"),
                ("data-i", &place),
                ("cx", &number(self.center[0])),
                ("cy", &number(self.center[1])),
                ("r", &number(self.radius)),
                ("fill", &theme_color(self.drawn.group)),
                ("stroke", &theme_outline(self.drawn.group)),
                ("stroke-width", &"0.8"),
            ],
        );
    }

    fn draw_label(&self, svg: &mut Svg, place: usize) {
        let Some(placed) = self.label else { return };
        let size = self.label_size();
        let style = TextStyle::new(size).anchored(super::svg::Anchor::Middle).colored(INK, "label");
        svg.text_with(
            &[
                ("data-i", &place),
                ("stroke", &PAPER),
                ("stroke-width", &number(0.22 * size)),
                ("stroke-linejoin", &"round"),
                ("paint-order", &"stroke"),
            ],
            placed.baseline(size),
            style,
            self.drawn.label,
        );
    }
}

/// Of each term of the network, whether it is among so many best ones of a theme.
fn best_terms(analysis: &Analysis, most: usize) -> Vec<bool> {
    let mut is_best = vec![false; analysis.network.node_count()];
    for term in analysis.themes.iter().flat_map(|theme| theme.terms.iter().take(most)) {
        if let Some(is_best) = is_best.get_mut(term.term as usize) {
            *is_best = true;
        }
    }
    is_best
}

/// The chosen terms at their positions, which are moved and scaled to fill the map.
fn placed<'a>(chosen: Vec<(usize, DrawnNode<'a>)>, analysis: &Analysis) -> Vec<MapNode<'a>> {
    let unit = disc_radius(&analysis.discs());
    let bounds = |axis: usize| {
        chosen.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), (_, node)| {
            let (at, r) = (node.position[axis], unit * node.size);
            (low.min(at - r), high.max(at + r))
        })
    };
    let (x, y) = (bounds(0), bounds(1));
    let fit = |(low, high): (f64, f64), side: f64| (side - 2.0 * MARGIN) / (high - low).max(1e-9);
    let (across, down) = (fit(x, WIDTH), fit(y, HEIGHT));
    let scale = across.min(down);
    let (across, down) = (across.min(STRETCH * scale), down.min(STRETCH * scale));
    let middle = |(low, high): (f64, f64)| (low + high) / 2.0;
    // Few terms would become balloons.
    let radius = (unit * scale).min(26.0);
    chosen
        .into_iter()
        .map(|(index, drawn)| MapNode {
            index,
            center: [
                WIDTH / 2.0 + across * (drawn.position[0] - middle(x)),
                HEIGHT / 2.0 + down * (drawn.position[1] - middle(y)),
            ],
            radius: radius * drawn.size,
            label: None,
            is_important: false,
            drawn,
        })
        .collect()
}

/// The links among the chosen terms that are drawn.
fn links(analysis: &Analysis, nodes: &[MapNode<'_>]) -> Vec<MapLink> {
    let mut place = vec![None; analysis.network.node_count()];
    for (i, node) in nodes.iter().enumerate() {
        place[node.index] = Some(i);
    }
    let mut links: Vec<MapLink> = graph::edges(analysis)
        .into_iter()
        .filter_map(|edge| {
            let (ends, link) = ([place[edge.source]?, place[edge.target]?], edge.link);
            Some(MapLink { ends, weight: link.weight, segments: link.cooccurrences, q: link.q })
        })
        .collect();
    let rank = |link: &MapLink| link.weight * f64::from(link.segments).sqrt();
    links.sort_by(|a, b| rank(b).total_cmp(&rank(a)).then(a.ends.cmp(&b.ends)));
    // The strongest of each term come before all others, so that no term stands without any.
    let mut has_link = vec![false; nodes.len()];
    let (mut chosen, mut others) = (Vec::new(), Vec::new());
    for link in links {
        let is_first = link.ends.iter().any(|&end| !has_link[end]);
        link.ends.iter().for_each(|&end| has_link[end] = true);
        if is_first { chosen.push(link) } else { others.push(link) }
    }
    let room = MOST_LINKS.saturating_sub(chosen.len());
    chosen.extend(others.into_iter().take(room));
    chosen.sort_by(|a, b| rank(a).total_cmp(&rank(b)).then(b.ends.cmp(&a.ends)));
    chosen
}

/// The themes by rows of the legend, each with the place of its left edge.
fn legend_rows(analysis: &Analysis) -> Vec<Vec<(usize, f64)>> {
    let mut rows: Vec<Vec<(usize, f64)>> = Vec::new();
    let mut left = f64::INFINITY;
    for (theme, found) in analysis.themes.iter().enumerate() {
        let width = super::text::width(&legend_text(theme, &found.label), 12.0).min(WIDTH / 2.0) + 34.0;
        if left + width > WIDTH - MARGIN {
            left = MARGIN;
            rows.push(Vec::new());
        }
        if let Some(row) = rows.last_mut() {
            row.push((theme, left));
        }
        left += width;
    }
    rows
}

fn legend_text(theme: usize, label: &str) -> String {
    format!("{} {label}", theme + 1)
}

fn draw_legend(svg: &mut Svg, analysis: &Analysis, themes: &[(usize, f64)], y: f64) {
    for &(theme, left) in themes {
        svg.element(
            "circle",
            &[
                ("cx", &number(left + 6.0)),
                ("cy", &number(y)),
                ("r", &"5"),
                ("fill", &theme_color(Some(theme))),
                ("stroke", &theme_outline(Some(theme))),
            ],
        );
        let text = legend_text(theme, &analysis.themes[theme].label);
        svg.text_within([left + 16.0, y + 4.0], TextStyle::new(12.0), &text, WIDTH / 2.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::write::tests::{NOTES, analysis_of};

    #[test]
    fn the_best_terms_of_themes_are_drawn_before_others() {
        let (_, analysis) = analysis_of(NOTES);
        let is_best = best_terms(&analysis, BEST_TERMS);
        let best = Map::new(&analysis).nodes.iter().filter(|node| is_best[node.index]).count();
        let map = Map::of_most(&analysis, best);
        assert!(best > 1 && map.nodes.len() == best);
        assert!(map.nodes.iter().all(|node| is_best[node.index]));
        assert!(map.links.iter().flat_map(|link| link.ends).all(|end| end < best));
    }

    #[test]
    fn what_is_drawn_agrees_with_the_tables() {
        let (_, analysis) = analysis_of(NOTES);
        let map = Map::new(&analysis);
        assert!(!map.nodes.is_empty() && map.nodes.is_sorted_by_key(|node| Reverse(node.drawn.segments)));
        assert_eq!(map.links.len(), analysis.network.edge_count());
        for (i, node) in map.nodes.iter().enumerate() {
            let [x, y] = node.center;
            assert!(node.radius > 0.0 && (0.0..=WIDTH).contains(&x) && (0.0..=HEIGHT).contains(&y));
            for other in &map.nodes[..i] {
                let [dx, dy] = [0, 1].map(|axis| node.center[axis] - other.center[axis]);
                assert!((dx * dx + dy * dy).sqrt() > node.radius + other.radius);
            }
        }
        let svg = map.svg(&analysis, true);
        assert_eq!(svg.matches("<line").count(), map.links.len());
        assert!(svg.contains("1 ") && svg.ends_with("</svg>"));
    }
}
