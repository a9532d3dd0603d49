"""What of a file was read, in words: its sheets or layers, what was left out, what is hidden."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecircle.texts import say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lifecircle.model.inputs.study import InputRecord

__all__ = ["checksums", "read_words"]


def checksums(study: Iterable[InputRecord]) -> list[tuple[str, str, list[str]]]:
    """Return path, checksum and what was read of each file of a ``study``, a file once.

    What was read: the sheets or layers of the file; of a file that is one table nothing.
    """
    found: dict[tuple[str, str], dict[str, None]] = {}
    for one in study:
        names = found.setdefault((one.path, one.sha256), {})
        names.update(dict.fromkeys(() if one.contents is None else one.contents.read))
    return [(path, digest, list(names)) for (path, digest), names in found.items()]


def read_words(record: InputRecord, language: str, study: Iterable[InputRecord] = ()) -> str:
    """Return which sheets or layers of a file were read, which were not, and what is hidden.

    Empty where a file is one table with nothing hidden. What another layer of the ``study`` reads
    of the same file is not told as left out: of a workbook with a sheet a layer every one is read.
    """
    found = record.contents
    if found is None:
        return ""
    mark = say("check", "contents.hidden", language)
    same = (one.contents for one in study if one.path == record.path)
    elsewhere = {name for one in same if one is not None for name in one.read}
    rest = [one for one in found.left_out if one.name not in elsewhere]
    left = [f"{one.name}{mark}" if one.hidden else one.name for one in rest]
    parts = [
        say("check", f"contents.{part}", language, names=names)
        for part, names in (("read", list(found.read)), ("left_out", left))
        if names
    ]
    if found.hidden_rows:
        parts.append(say("check", "contents.rows", language, count=found.hidden_rows))
    if found.hidden_columns:
        columns = list(found.hidden_columns)
        parts.append(say("check", "contents.columns", language, names=columns))
    return say("check", "contents.separator", language).join(parts)
