"""The list of a batch: a folder of studies, or a table with one study a row."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lifecircle.batch.cutting.cut import cut_province
from lifecircle.batch.cutting.order import names_shared_files
from lifecircle.errors import BatchError
from lifecircle.intake.ledger.values import is_blank
from lifecircle.model.dictionary import fold
from lifecircle.model.problem import Severity, describe
from lifecircle.outputs.earlier import DEVICES
from lifecircle.sources.guarded_toml import TomlError, parse_toml, toml_bytes
from lifecircle.sources.raw import shown
from lifecircle.sources.tables.files import read_table
from lifecircle.texts import say, word

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lifecircle.sources.raw import RawTable

__all__ = ["COLUMNS", "Errand", "read_roster", "unread_columns"]

STUDY_FILE = "study.toml"
_FORBIDDEN = frozenset('<>:"/\\|?*') | {chr(code) for code in range(32)}
_LONGEST_NAME = 80
RESERVED = frozenset({"logs", "batch.json", "province", "studies"})
"""Names in the folder of the results that no county can have."""

COLUMNS = {
    "study": (
        "study",
        "县（市、区）文件夹",
        "县区文件夹",
        "县市区文件夹",
        "文件夹",
        "项目",
        "项目文件夹",
        "项目文件",
        "研究",
        "研究文件",
    ),
    "name": (
        "name",
        "county",
        "名称",
        "县名",
        "县名称",
        "区县",
        "县区",
        "县市区",
        "县（市、区）",
        "县",
    ),
    "standard": ("standard", "standards", "标准", "评价标准", "标准文件", "依据"),
    "stage": ("stage", "口径", "阶段", "评价时点"),
    "scenario": ("scenario", "情景", "情景文件"),
}
"""Column of the table → headers that mean it."""
_LACKING = "lacking"
"""Key of a row that the cut of shared files adds; a list's own is a mistake."""
_STAGES = {"now": "now", "现状": "now", "plan": "plan", "规划": "plan", "规划全部建成": "plan"}


@dataclass(frozen=True, slots=True)
class Errand:
    """One county to be judged.

    Parameters
    ----------
    name
        Of its folder in the results; no other county's.
    study
        Its ``study.toml``, absolute.
    standards
        Library ids or paths; empty: those the study names.
    stage
        ``now`` or ``plan``.
    scenario
        A scenario file, absolute; None: the documents' own figures.
    lacking
        Why the county cannot be judged, in words: it has no row in a file that all share.
    """

    name: str
    study: Path
    standards: tuple[str, ...] = ()
    stage: str = "now"
    scenario: Path | None = None
    lacking: tuple[str, ...] = ()


def read_roster(
    path: str | Path,
    *,
    standards: Sequence[str] = (),
    stage: str = "now",
    scenario: Path | None = None,
    language: str = "zh",
    home: Path | None = None,
) -> tuple[Errand, ...]:
    """Read the counties of a batch, in the order of the list.

    Parameters
    ----------
    path
        A folder (every ``study.toml`` below it, by the names of their folders), a table (CSV,
        Excel) with a column ``study`` and perhaps ``name``, ``standard``, ``stage``,
        ``scenario``, or TOML with ``[[county]]`` tables of the same keys. Paths in a list are
        relative to it. TOML with ``[layers]`` names files that all counties share
        (:func:`lifecircle.batch.cutting.cut.cut_province`).
    standards, stage, scenario
        For every county whose row names none.
    language
        Of the words in which a list is refused.
    home
        Folder of the results: where the studies go that a list of shared files is cut into.

    Raises
    ------
    BatchError
        The list cannot be read, names no county, or has rows that cannot be used: all at once.
    """
    place = Path(path)
    if place.is_dir():
        rows = _in_folder(place)
    elif place.suffix.lower() == ".toml":
        rows = _in_toml(place, language, home or place.parent / f"{place.stem}-cut")
    else:
        rows = _in_table(place, language)
    if not rows:
        raise BatchError("list_empty", place=place.name)
    defaults = Errand("", place, tuple(standards), stage, scenario)
    mistakes: list[tuple[str, dict[str, Any]]] = []
    errands: list[Errand] = []
    taken: dict[Any, str] = {}
    for where, row in rows:
        errand, wrong = _errand(row, place, defaults)
        mistakes += [(code, {"row": where, **params}) for code, params in wrong]
        if errand is None:
            continue
        same = dataclasses.replace(errand, name="")  # whatever it is called: summed twice
        for code, key in (("name_twice", fold(errand.name)), ("study_twice", same)):
            if key in taken:
                told = {"row": where, "name": errand.name, "first": taken[key]}
                mistakes.append((code, told))
                break
        taken.setdefault(fold(errand.name), where)
        taken.setdefault(same, where)
        errands.append(errand)
    if mistakes:
        raise BatchError("list_wrong", mistakes, place=place.name, count=len(mistakes))
    return tuple(errands)


def unread_columns(path: str | Path, language: str = "zh") -> tuple[str, ...]:
    """Return the headers of a table of counties that mean no column, in its order.

    What stands under them has no part in anything; a list that is no table has none.

    Raises
    ------
    BatchError
        The table cannot be read.
    """
    place = Path(path)
    if place.is_dir() or place.suffix.lower() == ".toml":
        return ()
    raw = _table_of(place, language)
    taken = set(_headers(raw).values())
    return tuple(str(name) for name in raw.frame.columns if str(name) not in taken)


def _in_folder(folder: Path) -> list[tuple[str, dict[str, Any]]]:
    """Return the studies below a folder, by name; results and hidden folders are none of them."""
    found = []
    for file in sorted(_study_files(folder, frozenset())):
        inner = file.parent.relative_to(folder)
        name = "_".join(inner.parts) or folder.resolve().name
        found.append((name, {"study": str(file.relative_to(folder)), "name": name}))
    return found


def _study_files(folder: Path, above: frozenset[Path]) -> Iterator[Path]:
    """Yield the study files in a folder and below it, in linked folders too; no circle is run."""
    true = folder.resolve()
    if true in above:
        return
    try:
        here = (folder / STUDY_FILE).is_file()
        inside = [one for one in folder.iterdir() if one.is_dir() and not one.name.startswith(".")]
    except OSError:  # nobody may look into it
        return
    if here:
        yield folder / STUDY_FILE
    for inner in inside:
        yield from _study_files(inner, above | {true})


def _in_toml(file: Path, language: str, home: Path) -> list[tuple[str, dict[str, Any]]]:
    try:
        content = parse_toml(toml_bytes(file))
    except TomlError as error:
        told = word("detail", error.detail, language)
        line = "?" if error.line is None else str(error.line)
        raise BatchError("toml", place=file.name, line=line, detail=told) from error
    except OSError as error:
        raise BatchError("list_missing", place=file.name) from error
    if names_shared_files(content):
        return cut_province(file, content, home, language)
    tables = content.get("county")
    if not isinstance(tables, list) or set(content) != {"county"}:
        raise BatchError("toml_form", place=file.name)
    rows = []
    for number, table in enumerate(tables, start=1):
        where = say("batch", "trouble.county", language, n=number)
        rows.append((where, dict(table) if isinstance(table, dict) else {}))
    return rows


def _table_of(file: Path, language: str) -> RawTable:
    if not file.exists():
        raise BatchError("list_missing", place=file.name)
    known = frozenset(fold(name) for names in COLUMNS.values() for name in names)
    raw, problems = read_table(file, name="counties", headers=known)
    wrong = [problem for problem in problems if problem.severity is Severity.ERROR]
    if raw is None or wrong:
        lines = "\n".join(describe(problem, language)["what"] for problem in wrong)
        raise BatchError("list_unreadable", place=file.name, detail=lines)
    return raw


def _in_table(file: Path, language: str) -> list[tuple[str, dict[str, Any]]]:
    raw = _table_of(file, language)
    headers = _headers(raw)
    if "study" not in headers:
        names = list(COLUMNS["study"])
        raise BatchError("no_study_column", place=file.name, names=names)
    cells = {column: raw.frame[header].tolist() for column, header in headers.items()}
    return [
        (
            say("batch", "trouble.row", language, row=str(int(number))),
            {c: shown(v[at]).strip() for c, v in cells.items() if not is_blank(v[at])},
        )
        for at, number in enumerate(raw.rows)
    ]


def _headers(raw: RawTable) -> dict[str, str]:
    """Return column → the table's own header, of the columns that it has."""
    there = {fold(str(name)): str(name) for name in reversed(list(raw.frame.columns))}
    found = {}
    for column, names in COLUMNS.items():
        header = next((there[fold(name)] for name in names if fold(name) in there), None)
        if header is not None:
            found[column] = header
    return found


def _errand(
    row: dict[str, Any], place: Path, defaults: Errand
) -> tuple[Errand | None, list[tuple[str, dict[str, Any]]]]:
    """Return the errand of a row, or None, and what is wrong with it."""
    home = place if place.is_dir() else place.parent
    lacking = row.pop(_LACKING, ()) if isinstance(row.get(_LACKING), tuple) else ()
    study = _path(home, row.get("study"))
    wrong = [("key_unknown", {"key": key}) for key in sorted(row.keys() - COLUMNS.keys())]
    if study is None:
        return None, [*wrong, ("study_blank", {})]
    study = study / STUDY_FILE if study.is_dir() else study
    errand = Errand(
        name=str(row.get("name") or study.parent.name).strip(),
        study=study.resolve(),
        standards=tuple(_standards(row.get("standard"), home)) or defaults.standards,
        stage=str(row.get("stage") or defaults.stage),
        scenario=_path(home, row.get("scenario")) or defaults.scenario,
        lacking=lacking,
    )
    wrong += _mistakes(errand, row)
    if wrong:
        return None, wrong
    stage, scenario = _STAGES[fold(errand.stage)], errand.scenario
    scenario = None if scenario is None else scenario.resolve()
    return dataclasses.replace(errand, stage=stage, scenario=scenario), []


def _mistakes(errand: Errand, row: dict[str, Any]) -> list[tuple[str, dict[str, str]]]:
    """Return what of an errand cannot be used."""
    found = []
    if not errand.study.is_file():
        found.append(("study_missing", {"study": str(row["study"])}))
    if not _usable(errand.name):
        found.append(("name_unusable", {"name": errand.name}))
    if fold(errand.stage) not in _STAGES:
        found.append(("stage_unknown", {"stage": errand.stage}))
    if errand.scenario is not None and not errand.scenario.is_file():
        written = str(row.get("scenario") or errand.scenario.name)
        found.append(("scenario_missing", {"scenario": written}))
    return found


def _path(home: Path, written: Any) -> Path | None:
    text = str(written or "").strip().replace("\\", "/")
    return home / text if text else None


def _usable(name: str) -> bool:
    """Return whether a folder of that name can be made on any system."""
    plain = 0 < len(name) <= _LONGEST_NAME and not _FORBIDDEN & set(name)
    plain = plain and name.partition(".")[0].strip().lower() not in DEVICES
    return plain and name.strip(" .") == name and name.lower() not in RESERVED


def _standards(written: Any, home: Path) -> Iterable[str]:
    """Yield standards: ids as they are, files relative to the list."""
    names = written if isinstance(written, list) else str(written or "").replace("；", ";")
    for name in names if isinstance(names, list) else names.replace("、", ";").split(";"):
        text = str(name).strip()
        if text.lower().endswith((".toml", ".xlsx")):
            yield str((home / text.replace("\\", "/")).resolve())
        elif text:
            yield text
