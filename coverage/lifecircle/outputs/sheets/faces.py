"""The faces of office papers, as files: found on the system, with what stands in, and opened.

A drawn form is set as the papers of Word and the workbooks are: its title, its headings and labels,
and its text each in the font of their style, or the first of ``typeface.ALTERNATIVES`` that is
installed. Characters that a face lacks come from the font of the map sheets.
"""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from matplotlib.font_manager import findSystemFonts

from lifecircle.outputs.office.paper.typeface import ALTERNATIVES, LATIN, faces
from lifecircle.outputs.sheets.drawing.fonts import open_font

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from lifecircle.outputs.office.paper.typeface import Look
    from lifecircle.outputs.sheets.drawing.fonts import Font

__all__ = ["FACE_FILES", "Faces", "find_face", "open_faces"]

_BOLD = f"{LATIN} Bold"
FACE_FILES = {
    "方正小标宋简体": ("FZXBSJW.TTF", "方正小标宋简体.ttf"),
    "FZXiaoBiaoSong-B05S": ("FZXBSJW--GB1-0.ttf", "FZXiaoBiaoSong-B05S.ttf"),
    "仿宋_GB2312": ("仿宋_GB2312.ttf", "FangSong_GB2312.ttf"),
    "仿宋": ("simfang.ttf",),
    "FangSong": ("simfang.ttf",),
    "STFangsong": ("STFANGSO.TTF",),
    "楷体_GB2312": ("楷体_GB2312.ttf", "KaiTi_GB2312.ttf"),
    "楷体": ("simkai.ttf",),
    "KaiTi": ("simkai.ttf",),
    "STKaiti": ("STKAITI.TTF", "Kaiti.ttc"),
    "黑体": ("simhei.ttf",),
    "SimHei": ("simhei.ttf",),
    "STHeiti": ("STHeiti Medium.ttc", "STHeiti Light.ttc"),
    "宋体": ("simsun.ttc", "simsun.ttf"),
    "SimSun": ("simsun.ttc", "simsun.ttf"),
    "STSong": ("STSONG.TTF", "Songti.ttc"),
    "Noto Serif CJK SC": (
        "NotoSerifCJK-Regular.ttc",
        "NotoSerifCJKsc-Regular.otf",
        "NotoSerifSC-Regular.otf",
        "SourceHanSerifSC-Regular.otf",
    ),
    "Noto Sans CJK SC": (
        "NotoSansCJK-Regular.ttc",
        "NotoSansCJKsc-Regular.otf",
        "NotoSansSC-Regular.otf",
        "SourceHanSansSC-Regular.otf",
    ),
    LATIN: ("times.ttf", "Times New Roman.ttf", "LiberationSerif-Regular.ttf"),
    _BOLD: ("timesbd.ttf", "Times New Roman Bold.ttf", "LiberationSerif-Bold.ttf"),
}
"""Font → its files as systems name them; what is installed under other names is not looked for."""


@dataclass(frozen=True, slots=True)
class Faces:
    """The fonts of a form: its title, its headings and labels, its text."""

    title: Font
    strong: Font
    body: Font


def find_face(font: str) -> Path | None:
    """Return the file of a font, or of the first that stands in for it; None: there is none."""
    here = {Path(found).name.lower(): Path(found) for found in sorted(findSystemFonts())}
    for name in (font, *ALTERNATIVES.get(font, "").split(",")):
        for file in FACE_FILES.get(name, ()):
            if file.lower() in here:
                return here[file.lower()]
    return None


@contextmanager
def open_faces(
    look: Look, printed: Mapping[str, Iterable[str]], plain: Path, language: str
) -> Iterator[Faces]:
    """Yield the fonts of a look, each cut down to what is printed in it.

    Chinese is set in the East Asian fonts of the look; other languages in the Latin font, bold in
    titles and headings, with the same East Asian fonts behind it for Chinese names.

    Parameters
    ----------
    printed
        The texts of ``title``, ``strong`` and ``body``.
    plain
        A font file that has what a face lacks.

    Raises
    ------
    OutputError
        A font cannot be read.
    """
    styles = {"title": "PaperTitle", "strong": "TableHead", "body": "TableText"}
    with ExitStack() as stack:
        opened = {}
        for part, style in styles.items():
            wanted = [faces(look)[style][0]]
            if language != "zh":
                wanted.insert(0, LATIN if part == "body" else _BOLD)
            found = [file for name in wanted if (file := find_face(name)) is not None]
            files = dict.fromkeys([*found, plain])
            opened[part] = stack.enter_context(open_font(tuple(files), printed[part], language))
        yield Faces(**opened)
