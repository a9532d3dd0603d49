"""Archives: a zipped shapefile, file geodatabase or other layer, unpacked beside nothing else."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from lifecircle.model.problem import ProblemCode
from lifecircle.sources.guards import ARCHIVE_LIMIT, check_archive, check_content, refused
from lifecircle.sources.raw import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["ARCHIVES", "unpacked"]

ARCHIVES = (".zip", ".kmz")
"""Endings of archives that hold a layer."""


@contextmanager
def unpacked(path: Path, layer: str | None, endings: frozenset[str]) -> Iterator[tuple[Path, bool]]:
    """Yield one data set of an archive, in a folder that is gone after the block.

    Parameters
    ----------
    path
        The archive.
    layer
        Which data set, by its name without ending, where there are several.
    endings
        Endings of data sets to look for.

    Yields
    ------
    tuple of Path and bool
        The data set, and whether ``layer`` named it (else it may name a layer inside).

    Raises
    ------
    SourceError
        The archive is refused, holds no such data set, or several and ``layer`` names none.
    """
    check_archive(path, ARCHIVE_LIMIT)
    with zipfile.ZipFile(path) as archive, tempfile.TemporaryDirectory() as folder:
        names = {member: _name(member) for member in archive.infolist() if not member.is_dir()}
        sets = _data_sets(names.values(), endings)
        if not sets:
            raise SourceError(ProblemCode.FORMAT_UNKNOWN, suffix=path.name)
        titles = {data_set: data_set.stem for data_set in sets}
        named = [data_set for data_set, title in titles.items() if title == layer]
        if not named and len(sets) > 1:
            raise SourceError(ProblemCode.SHEET_MISSING, sheets=sorted(titles.values()))
        chosen = named[0] if named else sets[0]
        found = Path(folder) / chosen.name
        for member, name in names.items():
            if name.parent == chosen.parent and name.stem == chosen.stem:
                _unpack(archive, member, found.with_name(chosen.stem + name.suffix))
            elif chosen in name.parents:  # a file geodatabase is a folder
                _unpack(archive, member, found / name.name)
        check_content(found)
        yield found, bool(named)


def _name(member: zipfile.ZipInfo) -> PurePosixPath:
    """Return a member's name; Windows in China writes it in GBK and does not say so."""
    name = member.filename
    if not member.flag_bits & 0x800:  # not declared as UTF-8
        raw = name.encode("cp437", "ignore")
        for encoding in ("utf-8", "gb18030"):
            try:
                name = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    return PurePosixPath(name.replace("\\", "/"))


def _data_sets(names: Iterable[PurePosixPath], endings: frozenset[str]) -> list[PurePosixPath]:
    """Return the data sets among a listing's names: files, and folders that are geodatabases."""
    found: dict[PurePosixPath, None] = {}
    for name in names:
        folder = next((p for p in name.parents if p.suffix.lower() == ".gdb"), None)
        if folder is not None:
            found[folder] = None
        elif name.suffix.lower() in endings and not name.name.startswith("."):
            found[name] = None
    return sorted(found)


def _unpack(archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with archive.open(member) as source, target.open("wb") as stream:
            shutil.copyfileobj(source, stream)
    except zipfile.BadZipFile as error:
        raise refused("archive_damaged") from error
