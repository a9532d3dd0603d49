"""Costs and network on foot, kept between runs for streets that are kept themselves."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import csr_array

from lifecircle.keeping.arrays import DamagedError
from lifecircle.keeping.folder import keep, kept, key_of
from lifecircle.model.inputs.streets import StreetNetwork
from lifecircle.model.inputs.walkable import Folded
from lifecircle.reach.network.graph import build_network
from lifecircle.reach.network.posts import cutting
from lifecircle.reach.network.profiles import WayCost, walk_cost
from lifecircle.reach.network.squares import across_squares

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lifecircle.keeping.arrays import Arrays
    from lifecircle.model.inputs.parameters import Parameters
    from lifecircle.model.inputs.streets import StreetLines

__all__ = ["WalkCosts", "at_best", "walk_costs", "walk_network"]

_GRAPHS = ("graph", "graph_back")
_COST = tuple(f.name for f in dataclasses.fields(WayCost))
_FLAGS = frozenset({"used", "open", "steps", "ferry"})
_EDGES = ("edge_u", "edge_v", "edge_length_m", "edge_cost_m", "edge_back_m", "edge_way")
_EDGE_FLAGS = ("edge_open", "edge_steps", "edge_ferry")


@dataclasses.dataclass(frozen=True, slots=True)
class WalkCosts:
    """What each way costs on foot: of those known to be walked, and of all that may be."""

    certain: WayCost
    possible: WayCost


def walk_costs(streets: StreetLines, parameters: Parameters) -> WalkCosts:
    """Return what ``walk_cost`` says of the streets in the worst and in the best case."""
    key = _key(streets, parameters, "costs")
    found = None if key is None else kept(key, lambda held: _costs_of(held, len(streets)))
    if found is None:
        tags = Folded(streets.tags)
        certain, possible = (
            walk_cost(streets, parameters, possible=best, tags=tags) for best in (False, True)
        )
        found = WalkCosts(certain, possible)
        if key is not None:
            cases = {"certain": found.certain, "possible": found.possible}
            arrays = {f"{case}.{n}": getattr(cases[case], n) for case in cases for n in _COST}
            keep(key, {}, arrays)
    return found


def at_best(
    streets: StreetLines, cost: WayCost, parameters: Parameters
) -> tuple[StreetLines, StreetLines, WayCost]:
    """Return the streets of the best case, as read and with squares crossed, and their costs.

    Where nobody has said whether streets meet that cross without a junction, they do.
    """
    source = streets
    if streets.joined is not None:
        source = streets.joined
        cost = walk_costs(source, parameters).possible
    return source, *across_squares(source, cost)


def walk_network(
    streets: StreetLines,
    cost: WayCost,
    parameters: Parameters,
    *,
    possible: bool,
    source: StreetLines,
) -> StreetNetwork:
    """Return the network of ``build_network``, cut where posts stand.

    Parameters
    ----------
    streets, cost
        The ways and what they cost, squares crossed if so asked: all made of ``source``.
    source
        The streets of the study, which tell whether anything is kept.
    """
    key = _key(source, parameters, "possible" if possible else "certain")
    found = None if key is None else kept(key, lambda held: _network_of(held, streets))
    if found is None:
        found = build_network(streets, cost, cutting(streets, cost, possible=possible))
        if key is not None:
            keep(key, *_packed(found))
    return found


def _key(streets: StreetLines, parameters: Parameters, what: str) -> str | None:
    if streets.mark is None:
        return None
    return key_of(what=what, streets=streets.mark, profile=dataclasses.asdict(parameters))


def _costs_of(held: Arrays, ways: int) -> WalkCosts:
    cases = []
    for case in ("certain", "possible"):
        arrays = {name: held.arrays[f"{case}.{name}"] for name in _COST}
        for name, array in arrays.items():
            _check(array, np.bool_ if name in _FLAGS else np.float64, (ways,))
        cases.append(WayCost(**arrays))
    return WalkCosts(*cases)


def _packed(network: StreetNetwork) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    arrays = {
        field.name: value
        for field in dataclasses.fields(network)
        if isinstance(value := getattr(network, field.name), np.ndarray)
    }
    both = network.graph is network.graph_back
    for name in _GRAPHS[: 1 if both else 2]:
        graph = getattr(network, name)
        arrays |= {f"{name}.{part}": getattr(graph, part) for part in ("data", "indices", "indptr")}
    return {"same": both}, arrays


def _network_of(held: Arrays, streets: StreetLines) -> StreetNetwork:
    """Return a network that was kept, once its numbers point at what is there."""
    arrays = held.arrays
    plain = {
        field.name: arrays[field.name]
        for field in dataclasses.fields(StreetNetwork)
        if field.name not in {*_GRAPHS, "crs"}
    }
    network = StreetNetwork(
        crs=streets.crs,
        graph=(graph := _graph(held, "graph")),
        graph_back=graph if held.about["same"] else _graph(held, "graph_back"),
        **plain,
    )
    nodes, edges = len(network.node_xy), len(network.edge_u)
    for name in _EDGES:
        _check(plain[name], np.float64 if name.endswith("_m") else np.int64, (edges,))
    for name in _EDGE_FLAGS:
        _check(plain[name], np.bool_, (edges,))
    _check(network.node_xy, np.float64, (nodes, 2))
    _check(network.node_cut, np.bool_, (nodes,))
    _check(network.edge_xy, np.float64, (len(network.edge_xy), 2))
    parts = len(network.component_length_m)
    _check_within(network.node_component, parts, nodes)
    for ends in (network.edge_u, network.edge_v):
        _check_within(ends, nodes, edges)
    _check_within(network.edge_way, len(streets), edges)
    _check_starts(network.edge_start, edges, len(network.edge_xy))
    return network


def _graph(held: Arrays, name: str) -> csr_array:
    data, indices, indptr = (held.arrays[f"{name}.{p}"] for p in ("data", "indices", "indptr"))
    nodes = len(held.arrays["node_xy"])
    _check(data, np.float64, (len(data),))
    _check(indices, np.int32, (len(data),))
    _check_within(indices, nodes, len(data))
    _check_starts(indptr, nodes, len(data))
    return csr_array((data, indices, indptr), shape=(nodes, nodes))


def _check(array: NDArray[Any], dtype: Any, shape: tuple[int, ...]) -> None:
    if array.dtype != dtype or array.shape != shape:
        raise DamagedError("shape")


def _check_within(array: NDArray[Any], below: int, count: int) -> None:
    inside = not count or 0 <= array.min() <= array.max() < below
    if array.shape != (count,) or not np.issubdtype(array.dtype, np.integer) or not inside:
        raise DamagedError("numbers that point beyond the end")


def _check_starts(array: NDArray[Any], count: int, last: int) -> None:
    _check(array, array.dtype, (count + 1,))
    if array[0] != 0 or array[-1] != last or (array[1:] < array[:-1]).any():
        raise DamagedError("courses")
