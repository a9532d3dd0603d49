"""Frames of a proposal, in the columns and with the ids that a study's layers may have."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from lifecircle.intake.layers import Settled
from lifecircle.intake.ledger.rows import Ledger
from lifecircle.intake.ledger.values import missing
from lifecircle.model.dictionary import columns
from lifecircle.sources.tables.files import RawTable

__all__ = ["free_ids", "nothing_planned", "shaped"]


def shaped(layer: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame with the columns of a layer's dictionary, missing ones blank."""
    table = pd.DataFrame(index=frame.index)
    for name, spec in columns(layer).items():
        if name == "id":
            continue
        if name in frame:
            table[name] = frame[name]
        else:
            kind: Any = float if spec.type in {"number", "integer"} else object
            table[name] = pd.Series([missing(spec.type)] * len(frame), frame.index, dtype=kind)
    return table


def free_ids(own: pd.Index[str], taken: pd.Index[str]) -> pd.Index[str]:
    """Return ids that are none of the study's."""
    busy = set(taken)
    return pd.Index([f"new:{i}" if i in busy else str(i) for i in own], name="id", dtype=object)


def nothing_planned(file: str) -> Settled:
    """Return the part of planned facilities of a proposal that has none."""
    nowhere: Any = np.empty(0, dtype=object)
    rows = np.empty(0, dtype=np.int64)
    raw = RawTable(layer="planned", file=file, frame=pd.DataFrame(), rows=rows)
    specs = columns("planned")
    frame = pd.DataFrame(
        {
            name: pd.Series([], dtype=float if spec.type in {"number", "integer"} else object)
            for name, spec in specs.items()
            if name != "id"
        },
        index=pd.Index([], name="id", dtype=object),
    )
    return Settled(Ledger(raw, {}, frame, rows, 0), nowhere)
