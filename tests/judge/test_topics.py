"""Clauses of several documents meet on one topic."""

from __future__ import annotations

from lifecircle.judge.topics import topic
from lifecircle.standards import library, read_standard


def of(clause_id):
    for name in library():
        clauses = read_standard(name).clauses
        if clause_id in clauses:
            return topic(clauses[clause_id])
    raise AssertionError(clause_id)


def test_what_answers_one_question_stands_in_one_line():
    assert of("CX-01") == of("JX-03") == of("PY-31") == of("SD-01")
    assert of("CX-03") == of("JX-06") == of("SD-02")
    assert of("CX-07") == of("JX-07") == of("WS-30")
    assert of("CX-16") == of("JX-17") == of("PY-08")
    assert of("CX-09") == of("JX-16") == of("WS-11")
    assert of("CX-02") == of("JX-08") == of("WS-02")
    assert of("CX-10") == of("JX-19") == of("PY-21")
    assert of("WS-10") == of("PY-22") == of("JX-14")


def test_what_answers_another_does_not():
    assert len({of(name) for name in ("CX-01", "CX-03", "CX-05", "CX-06", "CX-07")}) == 5
    assert of("JX-12") != of("JX-14")  # streets; communities
    assert of("CX-18") != of("CX-19")  # community facilities; canteens
    assert of("WS-13") != of("WS-15")  # registered; fire safety
