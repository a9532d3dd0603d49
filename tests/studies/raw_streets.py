"""The streets of an OSM file as a networkx graph, read without the package: an oracle."""

from __future__ import annotations

import itertools
import xml.etree.ElementTree as ET

import networkx as nx
import numpy as np
import shapely
from pyproj import Transformer

NOT_WALKED = {"motorway", "motorway_link", "construction", "proposed"}


class RawStreets:
    """Walked streets: nodes are OSM nodes, edges the straight pieces between them, in metres."""

    def __init__(self, path, crs):
        self.to_metres = Transformer.from_crs("EPSG:4326", crs, always_xy=True)
        self.xy, self.tags, self.ways = {}, {}, []
        for thing in ET.parse(path).getroot():  # noqa: S314 - a file of ours
            tags = {tag.get("k"): tag.get("v") for tag in thing.findall("tag")}
            if thing.tag == "node":
                lonlat = float(thing.get("lon")), float(thing.get("lat"))
                self.xy[thing.get("id")] = self.to_metres.transform(*lonlat)
                self.tags[thing.get("id")] = tags
            elif thing.tag == "way":
                refs = [nd.get("ref") for nd in thing.findall("nd")]
                self.ways.append((thing.get("id"), tags, refs))
        self.graph = nx.Graph()
        for _, tags, refs in self.ways:
            refused = (
                tags.get("highway", "no") in NOT_WALKED | {"no"}
                or tags.get("construction") == "yes"
                or tags.get("foot") in {"no", "private"}
                or (tags.get("access") in {"no", "private"} and tags.get("foot") != "yes")
            )
            if not refused:
                for a, b in itertools.pairwise(refs):
                    self.graph.add_edge(a, b, length=float(np.hypot(*self.away(a, b))))
        self.parts = sorted(nx.connected_components(self.graph), key=self.length_of, reverse=True)
        main = self.graph.subgraph(self.parts[0])
        self.pieces = list(main.edges)
        self.tree = shapely.STRtree([self.piece(*edge) for edge in self.pieces])

    def away(self, a, b):
        return np.subtract(self.xy[a], self.xy[b])

    def length_of(self, nodes):
        return self.graph.subgraph(nodes).size(weight="length")

    def piece(self, a, b):
        return shapely.LineString([self.xy[a], self.xy[b]])

    def point(self, lon, lat):
        return shapely.Point(*self.to_metres.transform(lon, lat))

    def land(self, name):
        """The polygon of the residential land of a name."""
        (refs,) = [
            r
            for _, tags, r in self.ways
            if tags.get("landuse") == "residential" and tags.get("name") == name
        ]
        return shapely.Polygon([self.xy[ref] for ref in refs])

    def lines(self, key, *values):
        """Lines of the ways with a tag."""
        return [
            shapely.LineString([self.xy[ref] for ref in refs])
            for _, tags, refs in self.ways
            if tags.get(key) in values
        ]

    def nearest(self, spot):
        """The nearest piece of the main part: metres to it, its ends, metres along to each."""
        ends = self.pieces[int(self.tree.nearest(spot))]
        line = self.piece(*ends)
        along = line.project(spot)
        return spot.distance(line), ends, (along, line.length - along)

    def field(self, goal, extra=()):
        """Metres from one place to every node; ``extra``: more edges."""
        graph = self.graph.copy()
        graph.add_weighted_edges_from(extra, weight="length")
        access, ends, legs = self.nearest(goal)
        for node, leg in zip(ends, legs, strict=True):
            graph.add_edge("goal", node, length=access + leg)
        return nx.single_source_dijkstra_path_length(graph, "goal", weight="length")

    def walk(self, start, goal, field):
        """Metres from a place to the goal of a field, access legs walked."""
        access, ends, legs = self.nearest(start)
        ways = [access + leg + field.get(n, np.inf) for n, leg in zip(ends, legs, strict=True)]
        egress, its, there = self.nearest(goal)
        if its == ends:
            ways.append(access + abs(legs[0] - there[0]) + egress)
        return min(ways)
