"""What a clause counts is told as what it is: districts, streets, towns, communities, villages."""

import dataclasses

import pytest

from lifecircle import texts
from lifecircle.model.results.counted.brief import Shortfall
from lifecircle.model.rules.rule import COUNTED, published
from lifecircle.outputs.report.brief.told import failing
from lifecircle.outputs.report.chapter.results import _figures
from lifecircle.outputs.words.showing import basis_word
from lifecircle.outputs.words.wording import Wording
from lifecircle.standards import read_standard

LIBRARY = ("weishan-2023", "caoxian-2023", "pingyin-2022", "jinxiang-2023")
MEANT = {
    # 「保障片区内特困人员集中供养」: four districts, each with its host's beds
    "WS-09c": "districts",
    # the units of one district, each of which its host serves
    **dict.fromkeys(["WS-20", "WS-21", "WS-22", "WS-23"], "townships"),
    # named by their codes of nine digits
    **dict.fromkeys(["WS-24", "WS-25"], "townships"),
    "WS-10": "communities",
    "WS-28": "townships",
    "CX-18": "committees",
    "PY-06": "communities",
    "PY-06b": "villages",
    "JX-12": "streets",
    "JX-13": "towns",
    "JX-15": "villages",
    "WS-03": "residential",
    "WS-13": "facilities",
    "WS-11": "county",
}


def _rules():
    for name in LIBRARY:
        for clause in read_standard(name).clauses.values():
            yield published(clause, clause.versions[0].valid_from)


def test_what_the_library_counts():
    counted = {rule.id: rule.counted for rule in _rules()}
    assert {name: counted[name] for name in MEANT} == MEANT
    assert "units" not in counted.values()  # none of the four documents leaves open which


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_every_unit_has_its_words(language):
    for counted in ("units", *COUNTED):
        said = texts.say("brief", f"subjects.{counted}", language, n=3)
        assert "3" in said
        assert "3" in texts.say("chapter", f"result.applied.{counted}", language, n=3, counts="-")
        basis = "units" if counted == "units" else f"units.{counted}"
        assert texts.known("words", f"basis.{basis}")


def test_districts_are_told_as_districts(weishan):
    clause, words = weishan.clause("WS-09c"), Wording.of(weishan, "chapter")
    judged = sum(clause.counts.values())
    assert judged == 4
    told = " ".join(_figures(clause, judged, words))
    assert "应评片区 4 个" in told
    assert "镇街" not in told
    assert basis_word("units", clause, words) == "片区个数"
    short = Shortfall("weishan-2023", "WS-09c", 2, "", 2.0, 1.0)
    assert failing(short, clause, words.in_domain("brief")) == "2 个片区"
    whole = dataclasses.replace(clause, counted="")
    assert failing(short, whole, words.in_domain("brief")) == "2 个镇街、村居"
    # each stands with its host's unit, and says which district it is
    rows = weishan.findings[weishan.findings["clause"] == "WS-09c"].set_index("id")["part"]
    assert rows.to_dict() == {
        "370826101": "南部片区",
        "370826001": "中部片区",
        "370826104": "微北片区",
        "370826109": "湖西片区",
    }
    others = weishan.findings[weishan.findings["clause"] != "WS-09c"]
    assert set(others["part"]) == {""}
