"""Tables that hold nothing but what a rule is declared to read (``model.rules.measures``)."""

from __future__ import annotations

import dataclasses
import math

import pandas as pd

from lifecircle.model.inputs.parameters import Parameters
from lifecircle.model.rules.needs import reads_of

FRAMES = ("areas", "facilities", "units")
WHOLE = (
    *("containment", "sharing", "indicators", "evidence", "candidates", "journeys", "reach"),
    "findings",
)


class Blank(dict):
    """A table that may not be looked at."""

    def __getitem__(self, key):
        raise KeyError(key)

    get = __contains__ = __iter__ = __len__ = items = keys = values = __getitem__

    def __getattr__(self, name):
        raise AttributeError(name)


def narrowed(tables, reads):
    """Return tables with the columns that are read, and nothing in place of the rest."""
    change = {}
    for name in FRAMES:
        frame = getattr(tables, name)
        kept = [c for c in frame.columns if f"{name}.{c}" in reads]
        change[name] = frame[kept]
    for name in WHOLE:
        if name not in reads:
            change[name] = Blank()
    if "account" not in reads:
        change["account"] = None
    change["parameters"] = having(tables.parameters, reads)
    return dataclasses.replace(tables, **change)


def having(parameters, reads):
    """Return the parameters that are read; the others have no value."""
    found = Parameters()
    for field in dataclasses.fields(parameters):
        value = getattr(parameters, field.name)
        if f"parameters.{field.name}" not in reads | CLOSE_CALLS:
            value = math.nan
        object.__setattr__(found, field.name, value)
    return found


CLOSE_CALLS = {"parameters.positional_error_m", "parameters.close_call_share"}
"""What flags of findings are told by; they are the study's and no study changes them midway."""


def alike(one, other):
    """Return whether two judgements say the same."""
    try:
        pd.testing.assert_frame_equal(one.findings, other.findings)
    except AssertionError:
        return False
    return one.result == other.result


def seen_by(rule):
    """Return all that a rule reads, and the account where it stands on it."""
    return reads_of(rule) | ({"account"} if rule.spec.account else set())
