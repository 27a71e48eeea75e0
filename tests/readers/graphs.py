"""Prints what networkx and igraph read of the graph files of an output folder, as JSON: for each file
the labels of the nodes in order, and the edges as [position, position, weight]."""

import json
import sys
import warnings
from pathlib import Path

import igraph
import networkx

warnings.simplefilter("error")


def cytoscape(path):
    return networkx.cytoscape_graph(json.loads(path.read_text("utf-8")))


def node_link(path):
    return networkx.node_link_graph(json.loads(path.read_text("utf-8")), edges="edges")


def of_networkx(graph):
    place = {node: i for i, node in enumerate(graph)}
    labels = [data.get("label", data.get("name", node)) for node, data in graph.nodes(data=True)]
    edges = [[place[a], place[b], data["weight"]] for a, b, data in graph.edges(data=True)]
    themes = [data.get("theme") for _, data in graph.nodes(data=True)]
    return {"labels": labels, "edges": edges, "themes": themes, "directed": graph.is_directed()}


def of_igraph(graph, label):
    edges = [[edge.source, edge.target, edge["weight"]] for edge in graph.es]
    themes = graph.vs["theme"] if "theme" in graph.vs.attributes() else [None] * graph.vcount()
    return {"labels": graph.vs[label], "edges": edges, "themes": themes, "directed": graph.is_directed()}


READERS = {
    "network.graphml": [
        lambda path: of_networkx(networkx.read_graphml(path)),
        lambda path: of_igraph(igraph.Graph.Read_GraphML(str(path)), "label"),
    ],
    "network.gexf": [lambda path: of_networkx(networkx.read_gexf(path, version="1.3"))],
    "network.net": [
        lambda path: of_networkx(networkx.Graph(networkx.read_pajek(path))),
        lambda path: of_igraph(igraph.Graph.Read_Pajek(str(path)), "name"),
    ],
    "network.cyjs": [lambda path: of_networkx(cytoscape(path))],
    "network.json": [lambda path: of_networkx(node_link(path))],
}

folder = Path(sys.argv[1])
names = sys.argv[2:] or READERS
print(json.dumps([{"file": name, **read(folder / name)} for name in names for read in READERS[name]]))
