"""The m² account of the county and its units: what is not known of an account is not added."""

from __future__ import annotations

import math
from types import SimpleNamespace

import pandas as pd
import pytest

from lifecircle.assessing.accounts import provision_table

STREET, OTHER = "370999001", "370999002"
# required, own, recorded, arrangeable, deficit, deficit if arranged, surplus; unit
ACCOUNTS = {
    "A": (30.0, 20.0, 10.0, 0.0, 0.0, 0.0, 0.0, STREET),
    "B": (75.0, 40.0, 5.0, 10.0, 30.0, 20.0, 0.0, STREET),
    "no households": (math.nan, 7.0, 1.0, 0.0, math.nan, math.nan, math.nan, STREET),
    "own not known": (50.0, math.nan, 2.0, 0.0, math.nan, math.nan, math.nan, STREET),
    "recorded not known": (60.0, 3.0, math.nan, 0.0, math.nan, math.nan, math.nan, OTHER),
    "stage not known": (15.0, 0.0, 0.0, 0.0, 15.0, 15.0, 0.0, OTHER),
    "setting not known": (15.0, 0.0, 0.0, 0.0, 15.0, 15.0, 0.0, OTHER),
    "perhaps exempt": (15.0, 0.0, 0.0, 0.0, 15.0, 15.0, 0.0, OTHER),
    "exempt": (30.0, 18.0, 0.0, 0.0, 12.0, 12.0, 0.0, OTHER),
    "exempt, own not known": (30.0, math.nan, 0.0, 0.0, math.nan, math.nan, math.nan, OTHER),
    "setting not known, met": (15.0, 20.0, 0.0, 0.0, 0.0, 0.0, 5.0, OTHER),
}
VERDICTS = ["compliant", "deficient", *["not_assessed"] * 6, "exempt", "exempt", "compliant"]
COLUMNS = [
    "required_m2",
    "own_m2",
    "recorded_m2",
    "arrangeable_m2",
    "deficit_m2",
    "deficit_if_arranged_m2",
    "surplus_m2",
    "unit",
]


def asked(names):
    """Return areas of which a word in their name says what is not known."""
    return pd.DataFrame(
        {
            "lived_in": [math.nan if "stage" in name else 1.0 for name in names],
            "setting": [None if "setting" in name else "urban" for name in names],
            "quota_exempt": [name.startswith("exempt") for name in names],
            "quota_exempt_perhaps": ["perhaps" in name for name in names],
        },
        index=names,
    )


@pytest.fixture(scope="module")
def account():
    layer = pd.DataFrame.from_dict(ACCOUNTS, orient="index", columns=COLUMNS)
    layer["community"], layer["verdict"] = None, VERDICTS
    mine = pd.MultiIndex.from_product([layer.index, ["Q"]], names=["id", "clause"])
    tables = SimpleNamespace(
        areas=asked(layer.index),
        facilities=pd.DataFrame({"unit": [STREET, OTHER], "community": None}, index=["F", "G"]),
        account=SimpleNamespace(
            frame=pd.DataFrame(index=mine), unassigned=pd.Series({"F": 12.0, "G": 3.0})
        ),
    )
    return provision_table(tables, layer).set_index("scope")


def test_only_accounts_that_are_known_whole_are_added(account):
    names = ["areas", "unknown", *COLUMNS[:3], "deficit_m2", "unassigned_m2"]
    assert account.loc["county", names].tolist() == [3, 6, 120, 80, 15, 30, 15]
    assert account.loc[STREET, names].tolist() == [2, 2, 105, 60, 15, 30, 12]
    # one lacks 15 m² if it counts at all, another is exempt: nobody is asked for these
    assert account.loc[OTHER, names].tolist() == [1, 4, 15, 20, 0, 0, 3]


def test_what_is_lacking_for_certain_is_added_and_is_the_least(account):
    """Asked 135 to 180 m² with 100 of its own, or 120 m² with at most 90: 35 and 30 at least."""
    assert account["at_least"].tolist() == ["yes", "yes", "yes"]
    short = {
        **{name: ACCOUNTS[name] for name in ("A", "B")},
        "asked a range": (math.nan, 100.0, 0.0, 10.0, 35.0, 25.0, math.nan, OTHER),
        "may have rooms": (120.0, math.nan, 0.0, 0.0, 30.0, 30.0, math.nan, OTHER),
        # asked for nothing, or perhaps for nothing: what it lacks then is lacking to nobody
        "exempt": (120.0, 90.0, 0.0, 0.0, 30.0, 30.0, 0.0, OTHER),
    }
    layer = pd.DataFrame.from_dict(short, orient="index", columns=COLUMNS).assign(community=None)
    layer["verdict"] = "deficient"
    mine = pd.MultiIndex.from_product([layer.index, ["Q"]], names=["id", "clause"])
    places = pd.DataFrame({"unit": [], "community": []}, index=[])
    told = SimpleNamespace(frame=pd.DataFrame(index=mine), unassigned=None)
    tables = SimpleNamespace(areas=asked(layer.index), facilities=places, account=told)
    names = ["areas", "unknown", "required_m2", "deficit_m2", "deficit_if_arranged_m2", "at_least"]
    found = provision_table(tables, layer).set_index("scope")[names]
    assert found.loc["county"].tolist() == [2, 2, 105, 95, 75, "yes"]
    assert found.loc[STREET].tolist() == [2, 0, 105, 30, 20, "no"]
    assert found.loc[OTHER].tolist() == [0, 2, 0, 65, 55, "yes"]
    aside = provision_table(tables, layer, {"asked a range"}).set_index("scope")[names]
    assert aside.loc[OTHER].tolist() == [0, 2, 0, 30, 30, "yes"]
    # what nobody asks is lacking to nobody, known or not
    aside = provision_table(tables, layer, {"asked a range", "may have rooms"}).set_index("scope")
    assert aside.loc[OTHER, names].tolist() == [0, 2, 0, 0, 0, "no"]
    layer = layer.loc[["A", "B"]].rename(index={"B": "perhaps B"})
    layer.loc["perhaps B", ["verdict", "unit"]] = "not_assessed", OTHER
    mine = pd.MultiIndex.from_product([layer.index, ["Q"]], names=["id", "clause"])
    told = SimpleNamespace(frame=pd.DataFrame(index=mine), unassigned=None)
    tables = SimpleNamespace(areas=asked(layer.index), facilities=places, account=told)
    perhaps = provision_table(tables, layer).set_index("scope")[names]
    assert perhaps.loc[OTHER].tolist() == [0, 1, 0, 0, 0, "yes"]


def test_what_rooms_have_left_adds_up_where_no_area_is():
    # V has rooms and no area, W rooms with nothing left and no area, F2 no community
    street, v, w = STREET, STREET + "201", STREET + "202"
    layer = pd.DataFrame.from_dict({"A": ACCOUNTS["A"]}, orient="index", columns=COLUMNS)
    layer["community"], layer["verdict"] = STREET + "001", "compliant"
    places = pd.DataFrame(
        {"unit": [street, street, street], "community": [v, w, None]}, index=["F", "G", "F2"]
    )
    mine = pd.MultiIndex.from_product([layer.index, ["Q"]], names=["id", "clause"])
    left = pd.Series({"F": 80.0, "G": 0.0, "F2": 5.0})
    tables = SimpleNamespace(
        areas=asked(layer.index),
        facilities=places,
        account=SimpleNamespace(frame=pd.DataFrame(index=mine), unassigned=left),
    )
    found = provision_table(tables, layer).set_index("scope")["unassigned_m2"]
    assert found.to_dict() == {"county": 85, street: 85, STREET + "001": 0, v: 80}
