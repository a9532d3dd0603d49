"""Smaller matrices with the same answers: what is equal is merged, what is dominated left out.

A cover is a sparse 0/1 matrix, demand × sites: row by row the sites within the limit. All of this
is exact; how much it saves is what makes clustered counties solvable.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["components", "cover_of", "merged_rows", "undominated_columns", "undominated_rows"]

_BLOCK = 512
"""Rows of a product at a time: bounds its memory."""


def cover_of(
    row: NDArray[np.int64], column: NDArray[np.int64], shape: tuple[int, int]
) -> Any:  # scipy.sparse.csr_array
    """Return the 0/1 matrix of pairs, each of which stands once; columns sorted in each row."""
    ones = np.ones(len(row))
    matrix = sparse.csr_array((ones, (row, column)), shape=shape)
    matrix.sort_indices()
    return matrix


def merged_rows(matrix: Any) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Find rows with the same columns.

    Returns
    -------
    first, group
        int64: the first row of each group, and the group of each row.
    """
    start, index = matrix.indptr, matrix.indices
    known: dict[bytes, int] = {}
    group = np.fromiter(
        (known.setdefault(index[a:b].tobytes(), len(known)) for a, b in itertools.pairwise(start)),
        dtype=np.int64,
        count=matrix.shape[0],
    )
    first = np.unique(group, return_index=True)[1].astype(np.int64)
    return first, group


def _contained(small: Any, large: Any) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the pairs of rows (of ``small``, of ``large``) where the first is in the second."""
    size = np.diff(small.indptr)
    flipped = sparse.csc_array(large.T)
    inner, outer = [], []
    for begin in range(0, small.shape[0], _BLOCK):
        shared = sparse.coo_array(small[begin : begin + _BLOCK] @ flipped)
        whole = shared.data == size[begin + shared.row]
        inner.append(begin + shared.row[whole])
        outer.append(shared.col[whole])
    if not inner:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    return np.concatenate(inner).astype(np.int64), np.concatenate(outer).astype(np.int64)


def undominated_columns(matrix: Any, price: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return which columns to keep: no other covers as much or more for the same or less.

    Of equal columns the first stays. Columns that cover nothing go.
    """
    flipped = sparse.csr_array(matrix.T)
    size = np.diff(flipped.indptr)
    inner, outer = _contained(flipped, flipped)
    better = (inner != outer) & (price[outer] <= price[inner])
    same = (size[inner] == size[outer]) & (price[inner] == price[outer])
    keep: NDArray[np.bool_] = size > 0
    keep[inner[better & (~same | (outer < inner))]] = False
    return keep


def undominated_rows(matrix: Any) -> NDArray[np.bool_]:
    """Return which rows must be asked for: a row that contains another one is covered with it.

    Of equal rows the first stays. Rows without a column are kept.
    """
    size = np.diff(matrix.indptr)
    inner, outer = _contained(matrix, matrix)
    implied = (inner != outer) & ((size[inner] < size[outer]) | (inner < outer))
    keep = np.ones(matrix.shape[0], dtype=bool)
    keep[outer[implied]] = False
    return keep


def components(matrix: Any) -> tuple[int, NDArray[np.int64], NDArray[np.int64]]:
    """Return how many parts share nothing, and the part of each row and of each column."""
    rows = matrix.shape[0]
    both = sparse.block_array([[None, matrix], [matrix.T, None]], format="csr")
    count, label = connected_components(both, directed=False)
    return int(count), label[:rows].astype(np.int64), label[rows:].astype(np.int64)
