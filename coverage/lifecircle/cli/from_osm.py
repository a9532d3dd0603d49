"""``lifecircle from-osm``: editable layers out of OpenStreetMap data."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from lifecircle.cli.console import fail, print_json, progress, screen
from lifecircle.cli.language import help_text, own_language, tell
from lifecircle.cli.run import AsJson, Quiet
from lifecircle.cli.shell.failures import failure_text
from lifecircle.errors import OutputError
from lifecircle.texts import word

if TYPE_CHECKING:
    from lifecircle.sources.osm_features import OsmFeatures

__all__ = ["from_osm"]


def from_osm(
    file: Annotated[Path, typer.Argument(help=help_text("osm_file"), show_default=False)],
    out: Annotated[
        Path, typer.Option("--out", "-o", help=help_text("osm_out"), show_default=False)
    ],
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Write facilities, residential areas, gates and buildings to edit. Exit 0, 2 unreadable."""
    with progress(quiet=quiet or as_json) as step:
        step("loading")
        from lifecircle.outputs.osm_layers import CREDIT_NAME, write_osm_layers  # noqa: PLC0415
        from lifecircle.sources.osm_features import read_osm_features  # noqa: PLC0415
        from lifecircle.sources.osm_file import OSM_SUFFIXES, is_overpass  # noqa: PLC0415
        from lifecircle.sources.raw import SourceError  # noqa: PLC0415

        language, message = own_language(), ""
        written: dict[str, Path] = {}
        try:
            if not (file.name.lower().endswith(OSM_SUFFIXES) or is_overpass(file)):
                raise ValueError(f"{', '.join(OSM_SUFFIXES)}?")  # noqa: TRY301
            step("extracting")
            found = read_osm_features(file)
            step("writing")
            written = write_osm_layers(found.layers, out, file.name, language)
        except SourceError as error:
            detail = word("detail", str(error.params.get("detail", error)), language)
            message = tell("from_osm.unreadable", path=str(file), detail=detail)
        except OutputError as error:
            message = failure_text(error)
            if error.refusal is None and Path(message).exists():
                message = tell("from_osm.exists", path=message)
        except (OSError, RuntimeError, ValueError) as error:
            detail = getattr(error, "strerror", None) or str(error)
            message = tell("from_osm.unreadable", path=str(file), detail=detail)
    if message:
        fail(message)
    credit = out / CREDIT_NAME
    if as_json:
        print_json(
            {
                "layers": {
                    name: {"file": str(path), "features": len(found.layers[name])}
                    for name, path in written.items()
                },
                "left_out": {
                    "gates": found.gates_left_out,
                    "buildings": found.buildings_left_out,
                    "incomplete": found.incomplete,
                },
                "attribution": str(credit),
            }
        )
        return
    _print(file, found, written, credit, language)


def _print(
    file: Path, found: OsmFeatures, written: dict[str, Path], credit: Path, language: str
) -> None:
    table = Table(title=Text(tell("from_osm.title", language, file=file.name)))
    for name in ("layer", "file", "rows", "to_do"):
        table.add_column(tell(f"from_osm.{name}", language), overflow="fold")
    for name, path in written.items():
        frame = found.layers[name]
        missing = [
            tell(f"from_osm.no_{what}", language, count=int(frame[column].isna().sum()))
            for what, column in (("name", "name"), ("kind", "kinds"))
            if column in frame and frame[column].isna().any()
        ]
        if name == "residential":
            missing.append(tell("from_osm.no_households", language))
        table.add_row(
            word("layer", name, language), Text(str(path)), str(len(frame)), "；".join(missing)
        )
    console = screen()
    console.print(table)
    if found.gates_left_out or found.buildings_left_out or found.incomplete:
        left = tell(
            "from_osm.left_out",
            language,
            gates=found.gates_left_out,
            buildings=found.buildings_left_out,
            incomplete=found.incomplete,
        )
        console.print(Text(left))
    console.print(Text(tell("from_osm.note", language, path=str(credit)), style="yellow"))
