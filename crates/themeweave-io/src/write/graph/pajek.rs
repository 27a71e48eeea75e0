//! Pajek: the network (`.net`), with the themes, or communities, as a partition (`.clu`, 0 for none) and the
//! number of segments with each term as a vector (`.vec`), all in the order of `nodes.csv`. igraph and networkx
//! read the network too.
//!
//! There is no `*Network` line and no byte order mark, at which networkx and Tulip stop. No escape is
//! understood by all readers, so quotes become apostrophes, backslashes slashes, and line ends blanks.

use std::io::{self, Write};

use crate::write::graph::{DrawnNetwork, GraphFile, GraphFormat};
use crate::write::number::Number;

pub(super) const FORMAT: GraphFormat = GraphFormat {
    name: "pajek",
    readers: "Pajek, igraph and networkx",
    files: &[
        GraphFile { name: "network.net", write: write_network },
        GraphFile { name: "network.clu", write: write_partition },
        GraphFile { name: "network.vec", write: write_vector },
    ],
};

fn write_network(network: &DrawnNetwork<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "*Vertices {}", network.nodes.len())?;
    for (number, node) in (1..).zip(&network.nodes) {
        // Pajek draws from 0 to 1.
        let [x, y] = node.position.map(|at| Number::rounded((at / 2.0 + 0.5).clamp(0.0, 1.0), 5));
        writeln!(out, "{number} \"{}\" {x} {y} 0.5", plain(node.label))?;
    }
    out.write_all(b"*Edges\n")?;
    network.write_edge_lines(' ', out)
}

fn write_partition(network: &DrawnNetwork<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "*Vertices {}", network.nodes.len())?;
    network.nodes.iter().try_for_each(|node| writeln!(out, "{}", network.group(node).0))
}

fn write_vector(network: &DrawnNetwork<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "*Vertices {}", network.nodes.len())?;
    network.nodes.iter().try_for_each(|node| writeln!(out, "{}", node.segments))
}

/// A label that needs no escapes.
fn plain(label: &str) -> String {
    let plain = label.chars().map(|c| match c {
        '"' => '\'',
        '\\' => '/',
        c if c.is_control() => ' ',
        c => c,
    });
    plain.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::write::graph::tests::{AWKWARD, ring, written};

    #[test]
    fn three_files_in_one_order() {
        let network = ring(&AWKWARD);
        let net = written(FORMAT, 0, &network);
        assert!(net.starts_with(
            "*Vertices 7\n1 \"budget & time\" 0.5 0.25 0.5\n2 \"<b>bold</b>\" 0.57143 0.25 0.5\n\
            3 \"emoji 🧵 'q'\" 0.64286 0.25 0.5\n"
        ));
        assert!(net.contains("7 \"back/slash /N line\" 0.92857 0.25 0.5\n*Edges\n1 2 0.5\n1 7 0.5\n"));
        assert_eq!(written(FORMAT, 1, &network), "*Vertices 7\n1\n2\n0\n1\n2\n0\n1\n");
        assert_eq!(written(FORMAT, 2, &network), "*Vertices 7\n5\n5\n5\n5\n5\n5\n5\n");
    }
}
