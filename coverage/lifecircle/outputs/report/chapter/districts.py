"""Service districts: a table with a line each, and what is odd about any."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecircle.outputs.report.district_lines import district_cards

if TYPE_CHECKING:
    from lifecircle.model.results.assessment import Assessment
    from lifecircle.outputs.office.paper.manuscript import Manuscript
    from lifecircle.outputs.words.wording import Wording

__all__ = ["districts"]

_DISTRICTS = (20.0, 30.0, 36.0, 22.0, 24.0, 24.0)
_COLUMNS = ("district", "host", "units", "beds", "far", "slow")


def districts(paper: Manuscript, assessment: Assessment, words: Wording) -> None:
    """Write the service districts that the documents fix; nothing where they fix none."""
    cards = district_cards(assessment, words)
    if not cards:
        return
    own = words.in_domain("districts")
    paper.heading(2, words.say("head.districts"))
    paper.text(own.say("lines.note"))
    header = [own.say(f"column.{code}") for code in _COLUMNS]
    rows = [
        [f"{card['district']}\n{words.word('status', card['status'])}"]
        + [str(card[code]) for code in _COLUMNS[1:]]
        for card in cards
    ]
    paper.table(_DISTRICTS, header, rows, align="lllrll", caption=own.say("lines.title"))
    for card in cards:
        if card["odd"]:
            told = words.phrases(card["odd"])
            paper.text(words.say("district.odd", district=card["district"], told=told))
