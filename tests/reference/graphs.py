"""Writes graphs.json: graphs, partitions of them and their quality.

Modularity by igraph and networkx, which must agree; CPM by leidenalg, which counts every pair twice;
and the greatest modularity that any partition has, by igraph's exact search.
Run with Python 3; the file was written with igraph 1.0.0, leidenalg 0.12.0 and networkx 3.6.1.
"""

import json
from itertools import combinations
from pathlib import Path

import igraph
import leidenalg
import networkx


def clique(nodes, weight=1.0):
    return [(u, v, weight) for u, v in combinations(nodes, 2)]


GRAPHS = {
    "two triangles": (6, clique([0, 1, 2]) + clique([3, 4, 5]) + [(2, 3, 1.0)]),
    "three cliques": (12, clique(range(4)) + clique(range(4, 8)) + clique(range(8, 12)) + [(3, 4, 0.5), (7, 8, 0.5)]),
    "path": (10, [(i, i + 1, 1.0) for i in range(9)]),
    "ring": (12, [(i, (i + 1) % 12, 1.0 + i % 3) for i in range(12)]),
    "star": (8, [(0, i, float(i)) for i in range(1, 8)]),
    "grid": (16, [(i, i + 1, 1.0) for i in range(16) if i % 4 < 3] + [(i, i + 4, 2.0) for i in range(12)]),
    "two parts and a lone node": (8, clique([0, 1, 2]) + clique([3, 4, 5, 6], 0.25)),
    "bridged": (11, clique([0, 1, 2, 3]) + clique([4, 5, 6], 3.0) + clique([7, 8, 9, 10]) + [(0, 4, 1.0), (5, 7, 2.0), (3, 8, 1.0)]),
}

graphs = []
for name, (n, edges) in GRAPHS.items():
    weights = [weight for _, _, weight in edges]
    graph = igraph.Graph(n, [(u, v) for u, v, _ in edges])
    other = networkx.Graph()
    other.add_nodes_from(range(n))
    other.add_weighted_edges_from(edges)
    best = graph.community_optimal_modularity(weights=weights).membership
    partitions = []
    for membership in ([int(2 * i >= n) for i in range(n)], [i % 3 for i in range(n)], list(range(n)), best):
        for resolution in (0.5, 1.0, 2.0):
            modularity = graph.modularity(membership, weights=weights, resolution=resolution)
            groups = [{i for i in range(n) if membership[i] == g} for g in sorted(set(membership))]
            check = networkx.community.modularity(other, groups, weight="weight", resolution=resolution)
            assert abs(modularity - check) < 1e-12, (name, membership)
            cpm = leidenalg.CPMVertexPartition(
                graph, membership, weights=weights, resolution_parameter=resolution
            )
            partitions.append(
                {
                    "membership": membership,
                    "resolution": resolution,
                    "modularity": modularity,
                    "cpm": cpm.quality() / 2,
                }
            )
    greatest = graph.modularity(best, weights=weights)
    graphs.append({"name": name, "n": n, "edges": edges, "greatest": greatest, "partitions": partitions})

lines = ",\n".join(json.dumps(graph) for graph in graphs)
Path(__file__).with_suffix(".json").write_text(f"[\n{lines}\n]\n")
