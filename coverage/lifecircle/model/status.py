"""Statuses, flags and the other closed vocabularies of a result."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["ALIKE", "AgeClass", "Coverage", "Flag", "Setting", "Stage", "StageView", "Status"]


class Status(StrEnum):
    """What is known of one clause for one subject. The difference is the product's honesty."""

    COMPLIANT = "compliant"
    """Decided: met whatever the unknowns turn out to be."""
    DEFICIENT = "deficient"
    """Decided: missed whatever the unknowns turn out to be."""
    NOT_ASSESSED = "not_assessed"
    """An input is missing; the reason says which and who can supply it."""
    NOT_APPLICABLE = "not_applicable"
    """The clause is not about this subject."""
    EXEMPT = "exempt"
    """The study's exemptions table names it; counted apart."""
    NOT_IN_FORCE = "not_in_force"
    """The assessment date lies outside the clause's dates."""
    REPORTED = "reported"
    """The clause has no number: the value is shown."""


class Flag(StrEnum):
    """Marks that stand beside a status."""

    REFERENCE = "reference"
    """Computed though the document does not ask, or asks only 参照: outside the verdict."""
    UNVERIFIED = "unverified"
    """The figure's source is unverified."""
    OVERDUE = "overdue"
    """Unmet after the clause's deadline."""
    NOT_DUE = "not_due"
    """Not met, and the clause's day is still to come (未到期限)."""
    DATUM_DOUBTED = "datum_doubted"
    """Rests on positions that look like another datum: it may come out otherwise."""
    EXPIRED = "expired"
    """The plan period has ended (期满)."""
    SCENARIO = "scenario"
    """Rests on what a scenario changed: not the document's own figure."""
    PLANNED_PLACES = "planned_places"
    """Rests on the places of a siting plan, taken as built."""
    CLOSE_CALL = "close_call"
    """Would flip within the positional error, or within 1 % of a quota or of a county figure."""
    APPROXIMATE = "approximate"
    """Rests on a round figure (约200, 200余): the exact one may turn it."""
    APPROXIMATE_PARTS = "approximate_parts"
    """Stands, but round figures may turn some of its subjects: the count may change."""
    ADJUSTABLE = "adjustable"
    """可调剂: would be met if surplus m² within the sharing radius were arranged."""
    NOT_PROVEN = "not_proven"
    """The allocation is a heuristic's; its bound is not closed."""
    BELOW_MINIMUM = "below_minimum"
    """A place under the single minimum exists, and the rest of the m² suffices (A8)."""

    SITE_CHECK = "site_check"
    """Rests on rooms given by name, by a record far from a point, or shared from afar (A39)."""


class Stage(StrEnum):
    """Stage of a facility or a residential area."""

    PLANNED = "planned"
    UNDER_CONSTRUCTION = "under_construction"
    ACCEPTED = "accepted"
    HANDED_OVER = "handed_over"
    IN_USE = "in_use"
    IDLE = "idle"
    MISUSED = "misused"
    CLOSED = "closed"


class StageView(StrEnum):
    """Whether to judge what stands now, or what stands once all plans are built (A17)."""

    NOW = "now"
    PLAN = "plan"


class AgeClass(StrEnum):
    """Age class of a residential area (A29)."""

    NEW = "new"
    APPROVED = "approved"
    EXISTING = "existing"
    OLD = "old"


ALIKE = ((AgeClass.NEW, AgeClass.APPROVED), (AgeClass.EXISTING, AgeClass.OLD))
"""Age classes that are counted by the same figures: planned ones, or those that stand."""


class Setting(StrEnum):
    """Urban or rural setting (A26)."""

    URBAN = "urban"
    RURAL = "rural"


class Coverage(StrEnum):
    """How much of an area the reach group's own measure covers."""

    FULL = "full"
    PARTIAL = "partial"
    NONE = "none"
    UNKNOWN = "unknown"
