"""lifecircle (生活圈): checks that a county's elderly care reaches the people who live there.

The verbs, in the order of a day's work::

    import lifecircle as lc

    study = lc.read_study("data/guixi/study.toml")
    assessment = lc.assess(study)
    lc.write_outputs(assessment, "maps/out/guixi")
    assessment = lc.read_assessment("maps/out/guixi")

Names are looked up on first use, so that ``lifecircle --help`` loads no geospatial package.
"""

from __future__ import annotations

import importlib
from typing import Any

__version__ = "0.1.0"

_HOMES = {
    "read_study": "lifecircle.intake",
    "check_study": "lifecircle.intake",
    "inspect_study": "lifecircle.intake",
    "assess": "lifecircle.assessing.assess",
    "what_if": "lifecircle.assessing.desk",
    "edited": "lifecircle.case.edited",
    "read_edits": "lifecircle.outputs",
    "write_edits": "lifecircle.outputs",
    "AddFacility": "lifecircle.model.inputs.edits",
    "MoveFacility": "lifecircle.model.inputs.edits",
    "RemoveFacility": "lifecircle.model.inputs.edits",
    "ChangeFacility": "lifecircle.model.inputs.edits",
    "ChangeArea": "lifecircle.model.inputs.edits",
    "EditError": "lifecircle.errors",
    "BatchError": "lifecircle.errors",
    "compare": "lifecircle.comparing.compare",
    "explain": "lifecircle.assessing.explanation",
    "score": "lifecircle.scoring.score",
    "site": "lifecircle.siting.planning",
    "read_proposal": "lifecircle.intake",
    "check_proposal": "lifecircle.intake",
    "review": "lifecircle.reviewing.review",
    "read_standard": "lifecircle.standards",
    "read_assessment": "lifecircle.outputs",
    "read_sites": "lifecircle.outputs",
    "write_outputs": "lifecircle.outputs",
    "write_checkup": "lifecircle.outputs",
    "write_comparison": "lifecircle.outputs",
    "write_score": "lifecircle.outputs",
    "write_review": "lifecircle.outputs",
    "write_sites": "lifecircle.outputs",
    "draw_map": "lifecircle.outputs",
    "draw_sheets": "lifecircle.outputs",
    "Study": "lifecircle.model.inputs.study",
    "Assessment": "lifecircle.model.results.assessment",
    "Parameters": "lifecircle.model.inputs.parameters",
    "Proposal": "lifecircle.model.inputs.proposal",
    "Review": "lifecircle.model.results.review",
    "StudyError": "lifecircle.errors",
    "ProposalError": "lifecircle.errors",
    "StandardError": "lifecircle.errors",
}

__all__ = ["__version__", *sorted(_HOMES)]  # noqa: PLE0604 - the keys are names


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'lifecircle' has no attribute {name!r}")


def __dir__() -> list[str]:
    return list(__all__)
