"""``lifecircle site`` without a map: what it reads, prints and leaves with."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import jsonschema
import pytest

from lifecircle.cli.shell.site_plan import _show_other
from lifecircle.model.results.siting_plan import Alternative
from lifecircle.outputs.saved.schemas import shipped_schema

COSTS = """demand,facility,cost
a,x,5000
b,x,100
b,y,300
c,z,5000.5
"""
DEMAND = "demand,weight\na,10\nb,20\nc,30\n"


@pytest.fixture
def table(tmp_path):
    """Write a table; return its path."""

    def write(name, text):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def tables(table):
    return "--travel", table("costs.csv", COSTS), "--demand", table("demand.csv", DEMAND)


def answer(run, *words, code=0):
    result = run("site", *words, "--json", "-q")
    assert result.exit_code == code, result.output
    return json.loads(result.stdout)


def test_cover_most(run, tables):
    # x is exactly at the limit of a, z half a metre beyond that of c
    told = answer(run, *tables, "--limit", 5000, "--sites", 1, "--model", "mclp")
    assert told["sites"] == ["x"]
    assert (told["objective"], told["bound"], told["gap"]) == (30.0, 30.0, 0.0)
    assert (told["proven"], told["unique"]) == (True, True)
    assert told["assigned"] == {"a": "x", "b": "x"}
    assert told["uncovered"] == ["c"]
    keys = {"model", "objective", "bound", "gap", "proven", "unique", "sites", "assigned"}
    assert keys | {"uncovered"} <= told.keys()


def test_cover_all_lists_whom_nobody_reaches(run, tables):
    told = answer(run, *tables, "--limit", 5000, "--model", "lscp", code=1)
    assert (told["sites"], told["unreachable"]) == (["x"], ["c"])
    told = answer(run, *tables, "--limit", 5001, "--model", "lscp")
    assert (told["sites"], told["objective"]) == (["x", "z"], 2)


def test_walking_is_not_cut_off_at_the_limit(run, tables):
    told = answer(run, *tables, "--limit", 5000, "--sites", 2, "--model", "p-median")
    assert told["objective"] == 10 * 5000 + 20 * 100 + 30 * 5000.5
    assert told["uncovered"] == ["c"]
    told = answer(run, *tables, "--limit", 5000, "--sites", 3, "--model", "p-center")
    assert told["objective"] == 5000.5


def test_existing_places_prices_and_forbidden_sites(run, tables, table):
    fixed = table("fixed.csv", "facility\ny\n")
    told = answer(run, *tables, "--limit", 6000, "--sites", 1, "--fixed", fixed)
    assert (told["sites"], told["fixed"], told["objective"]) == (["z"], ["y"], 50)
    sites = table("sites.csv", "facility,price,forbidden\nx,7,\nz,9,no\n")
    told = answer(run, *tables, "--limit", 6000, "--budget", 8, "--candidates", sites)
    assert (told["sites"], told["price"]) == (["x"], 7)  # y besides would gain nobody
    barred = table("barred.csv", "facility,forbidden\nx,是\n")
    told = answer(run, *tables, "--limit", 6000, "--sites", 1, "--candidates", barred)
    assert told["sites"] == ["z"]


def test_lists_that_lost_their_zeros_mean_the_same_places(run, table):
    """Of 0101, who would serve 30, and 0102, who would serve 20, the first is barred as 101."""
    costs = table("costs.csv", "demand,facility,cost\n0001,0101,10\n0002,0102,10\n")
    demand = table("demand.csv", "demand,weight\n1,30\n2,20\n")
    asked = ("--travel", costs, "--demand", demand, "--limit", 100, "--sites", 1)
    assert answer(run, *asked)["sites"] == ["0101"]
    barred = table("barred.csv", "facility,forbidden\n101,是\n")
    told = answer(run, *asked, "--candidates", barred)
    assert (told["sites"], told["assigned"]) == (["0102"], {"0002": "0102"})
    fixed = table("fixed.csv", "facility\n101\n")
    assert answer(run, *asked, "--fixed", fixed)["sites"] == ["0102"]
    # beside 0101 a row 101 is another place
    both = table("both.csv", "facility,forbidden\n101,是\n0101,否\n")
    assert answer(run, *asked, "--candidates", both)["sites"] == ["0101"]


def test_other_headers(run, table):
    costs = table("距离.csv", "小区,候选点,米\n甲,子,400\n乙,丑,900\n")
    demand = table("小区.csv", "小区,户数\n甲,120\n乙,80\n")
    told = answer(
        run, "--travel", costs, "--demand", demand, "--limit", 1000, "--sites", 1,
        "--columns", "cost=米",
    )  # fmt: skip
    assert (told["sites"], told["objective"]) == (["子"], 120)


def test_in_words(run, tables):
    result = run("site", *tables, "--limit", 5000, "--sites", 1, "-q")
    assert "新增 1 处：x" in result.output
    assert "覆盖权重 30，共 60（50.0%）" in result.output
    assert "已证明最优" in result.output


def test_every_fault_is_told_at_once(run, table):
    costs = table("costs.csv", COSTS + "d,x,7\n" + "a,,3\n" + "a,z,-1\n" + "b,z,far\n")
    demand = table("demand.csv", DEMAND + "a,1\n" + "e,\n")
    given = ("--travel", costs, "--demand", demand, "--limit", 9, "--sites", 1)
    result = run("site", *given, "--json")
    assert result.exit_code == 2
    problems = json.loads(result.stdout)["problems"]
    found = [(p["code"], p["file"], p["row"]) for p in problems if p["severity"] == "error"]
    assert sorted(found, key=str) == sorted(
        [
            ("siting_blank", "costs.csv", 7),
            ("siting_number", "costs.csv", 8),
            ("siting_number", "costs.csv", 9),
            ("siting_twice", "demand.csv", 5),
            ("siting_blank", "demand.csv", 6),
            ("siting_unknown", "demand.csv", None),
        ],
        key=str,
    )
    plain = run("site", *given, "-q")
    assert "错误 6" in plain.output
    assert "Traceback" not in plain.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--model", "mclp", "--sites", 1), "--limit"),
        (("--model", "mclp", "--limit", 5), "--budget"),
        (("--model", "p-middle", "--sites", 1), "p-median"),
        (("--limit", 5, "--sites", -1), "--sites"),
        (("--limit", -5, "--sites", 1), "--limit"),
        (("--limit", 5, "--sites", 1, "--columns", "cost"), "cost"),
        (("--limit", 5, "--sites", 1, "--columns", "costs=x"), "costs"),
        (("--limit", 5, "--sites", 1, "--columns", "cost=x"), "x"),
    ],
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_is_asked_wrongly_is_refused(run, tables, words, said, language, monkeypatch):
    monkeypatch.setenv("LIFECIRCLE_LANG", language)
    result = run("site", *tables, *words, "-q")
    assert result.exit_code == 2
    assert said in result.output
    assert "Traceback" not in result.output


def test_no_candidates_and_no_demand(run, table):
    costs = table("costs.csv", "demand,facility,cost\n")
    demand = table("demand.csv", DEMAND)
    told = answer(run, "--travel", costs, "--demand", demand, "--limit", 5, "--sites", 1)
    assert (told["sites"], told["objective"], told["uncovered"]) == ([], 0, ["a", "b", "c"])
    told = answer(run, "--travel", costs, "--limit", 5, "--sites", 1)
    assert (told["sites"], told["objective"], told["uncovered"]) == ([], 0, [])


GUIXI = Path(__file__).parents[2] / "data" / "guixi"


@pytest.mark.slow
def test_a_study(run, tmp_path):
    result = run("site", GUIXI, "--clause", "CX-06", "--all", "--out", tmp_path, "-q")
    assert result.exit_code == 0, result.output
    assert "→ 58/58 = 100 %" in result.output  # four areas were beyond the radius of 54 others
    document = json.loads((tmp_path / "sites.json").read_text(encoding="utf-8"))
    jsonschema.validate(document, shipped_schema("sites"))
    assert [p["candidate"] for p in document["plan"]["places"]] == document["plan"]["answer"][
        "sites"
    ]
    machine = run("site", GUIXI, "-c", "CX-06", "--sites", 1, "--out", tmp_path, "--json")
    assert json.loads(machine.stdout)["plan"]["answer"]["model"] == "mclp"


@pytest.mark.slow
def test_quotas_of_a_study(run, tmp_path):
    result = run("site", GUIXI, "--clause", "CX-07", "--all", "--out", tmp_path, "-q")
    assert result.exit_code == 0, result.output
    # 20 of 62 areas lacked m²; of 70 in all 8 are open, of which one cannot be met: 62/70 to 69/70
    assert "→ 范围 88.6–98.6 %（待核实 8）" in result.output
    document = json.loads((tmp_path / "sites.json").read_text(encoding="utf-8"))
    jsonschema.validate(document, shipped_schema("sites"))
    plan = document["plan"]
    for place in plan["places"]:
        given = sum(one["m2"] for one in place["serves"])
        assert place["nature"] == "expand" or given <= place["size_m2"] + 1e-6
    short = {area: lacked for area, (lacked, _) in plan["deficits"].items()}
    served = {}
    for area, _, m2 in plan["provision"]["shares"]:
        served[area] = served.get(area, 0.0) + m2
    assert served == pytest.approx(short)  # each deficit once, spare m² included
    refused = run("site", GUIXI, "--clause", "CX-03", "--sites", 2, "--out", tmp_path, "-q")
    assert refused.exit_code == 2
    assert "--all" in refused.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--all",), "--clause"),
        (("-c", "CX-06"), "--sites"),
        (("-c", "CX-06", "--all", "--travel", "x.csv"), "--travel"),
        (("-c", "CX-06", "--all", "--model", "p-median"), "--sites"),
        (("-c", "CX-06", "--all", "--stage", "then"), "then"),
        (("-c", "CX-09", "--all"), "CX-09"),
        (("-c", "CX-06", "--all", "--kind", "canteen"), "day_care"),
        (("-c", "CX-60", "--all"), "CX-06"),
    ],
)
def test_what_a_study_is_asked_wrongly(run, words, said, tmp_path):
    result = run("site", GUIXI, *words, "--out", tmp_path, "-q")
    assert result.exit_code == 2
    assert said in result.output
    assert "Traceback" not in result.output
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("model", "worth", "tongues"),
    [
        ("lscp", 1.0, ("1 处，不建 K1，换为 K2", "1 site (dropped: K1; added: K2)")),
        ("lscp", 80.5, ("造价 80.5，", "price 80.5 (")),
        ("mclp", 300.0, ("覆盖权重 300，", "weight covered 300 (")),
        ("p-median", 5e4, ("权重×距离合计 50,000，", "weight × cost 50,000 in all (")),
        ("p-center", 900.0, ("最远者的距离 900，", "cost of the farthest 900 (")),
    ],
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_another_choice_says_what_its_figure_is(
    monkeypatch, capsys, language, model, worth, tongues
):
    monkeypatch.setenv("LIFECIRCLE_LANG", language)
    plan = SimpleNamespace(districts=None, provision=None, answer=SimpleNamespace(model=model))
    _show_other(plan, Alternative(worth, ("K2",), ("K1",), ("K2",)))
    assert tongues[language == "en"] in capsys.readouterr().out


@pytest.mark.parametrize(("wish", "told"), [((), "处数 2"), (("--cheapest",), "造价 16")])
def test_to_cover_all_says_whether_sites_or_their_price_are_least(run, tables, table, wish, told):
    sites = table("sites.csv", "facility,price\nx,7\ny,2\nz,9\n")  # x and z: nobody else reaches
    result = run("site", *tables, "--limit", 5001, "--model", "lscp", "--candidates", sites, *wish)
    assert told in result.output.splitlines()
