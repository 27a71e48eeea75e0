//! A network of a million links written as a table and as GraphML.

#![allow(clippy::unwrap_used, reason = "a bench that fails may stop")]

use std::io::{self, Write};

use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};
use themeweave::{Analysis, Corpus, Link, Network, Node, Options, Rng, analyze};
use themeweave_io::{GraphFormat, Table, TableOptions};

const NODES: u32 = 20_000;
const LINKS: usize = 1_000_000;

fn main() {
    divan::main();
}

/// An analysis with this many random links.
fn large_network() -> Analysis {
    let mut analysis = analyze(&Corpus::default(), &Options::default(), &mut ()).unwrap();
    let mut rng = Rng::new(7);
    let mut network = Network::with_capacity(NODES as usize, LINKS);
    let nodes: Vec<_> =
        (0..NODES).map(|term| network.add_node(Node { term, segments: 1 + term % 999 })).collect();
    // In order, as an analysis has them.
    let mut ends: Vec<[usize; 2]> = (0..LINKS).map(|_| [0; 2].map(|_| rng.below(nodes.len()))).collect();
    ends.iter_mut().for_each(|ends| ends.sort_unstable());
    ends.sort_unstable();
    for [a, b] in ends {
        let (p, cooccurrences) = (rng.unit() * 1e-3, 1 + rng.below(500) as u32);
        network.add_edge(nodes[a], nodes[b], Link { weight: rng.unit(), cooccurrences, p, q: rng.unit() });
    }
    analysis.positions = nodes.iter().map(|_| [rng.unit(), rng.unit()]).collect();
    analysis.theme_of_term = vec![None; nodes.len()];
    analysis.network = network;
    analysis
}

/// Counts what it is given.
#[derive(Debug, Default)]
struct Sink(u64);

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn bench(bencher: Bencher<'_, '_>, write: impl Fn(&Analysis, &mut dyn Write) -> io::Result<()>) {
    let analysis = large_network();
    let written = |analysis: &Analysis| {
        let mut sink = io::BufWriter::with_capacity(1 << 16, Sink::default());
        write(analysis, &mut sink).unwrap();
        sink.into_inner().unwrap().0
    };
    let bytes = written(&analysis);
    bencher.counter(ItemsCount::new(LINKS)).counter(BytesCount::new(bytes)).bench_local(|| {
        assert_eq!(written(&analysis), bytes);
    });
}

#[divan::bench(sample_count = 5)]
fn edges_csv(bencher: Bencher<'_, '_>) {
    bench(bencher, |analysis, out| {
        Table::EDGES.write(&Corpus::default(), analysis, TableOptions::default(), out)
    });
}

#[divan::bench(args = ["graphml", "gexf", "dot", "node-link"], sample_count = 5)]
fn graph(bencher: Bencher<'_, '_>, name: &str) {
    let format: GraphFormat = name.parse().unwrap();
    bench(bencher, |analysis, out| format.write(analysis, out));
}
