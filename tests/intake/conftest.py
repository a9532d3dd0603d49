import geopandas as gpd
import pytest
import shapely

# a county without a shipped code list: what a test gives is all there is
HEADING = """[study]
name = "手工县"
county = "370827"
standard = "jinxiang-2023"
as_of = 2025-12-31
"""


class StudyFolder:
    """A study on disk that a test spoils in one place."""

    def __init__(self, folder):
        self.folder = folder
        self.heading = HEADING
        self.extra = ""
        self.layers = {
            "residential": 'path = "areas.gpkg"',
            "facilities": 'path = "facilities.csv"\ncoordinates = "cgcs2000"',
        }
        self.areas().to_file(folder / "areas.gpkg")
        self.write(
            "facilities.csv", "name,kinds,stage,lon,lat\n甲,日间照料中心,运营,117.0,35.0500\n"
        )

    @staticmethod
    def areas(**columns):
        data = {"id": ["R1", "R2"], "name": ["东园", "西园"], "households": [100, 200]} | columns
        shapes = [shapely.box(x, 3_880_000, x + 200, 3_880_200) for x in (500_000, 501_000)]
        return gpd.GeoDataFrame(data, geometry=shapes, crs=4548)

    def write(self, name, text, encoding="utf-8-sig"):
        (self.folder / name).write_bytes(text.encode(encoding))

    def finish(self):
        parts = [self.heading]
        parts += [f"[layers.{name}]\n{lines}\n" for name, lines in self.layers.items()]
        path = self.folder / "study.toml"
        path.write_text("\n".join([*parts, self.extra]), encoding="utf-8")
        return path


def write_table(path, columns, encoding="GBK", *, whole=False):
    """Put a table in the place of a shapefile's, its texts cut to the bytes of their fields.

    ``columns``: name → bytes and texts (or figures, as they are to stand); ``whole``: cut before
    a character that has no room, as some programs do, instead of in its middle.
    """
    sizes = {name: width for name, (width, _) in columns.items()}
    rows = list(zip(*(cells for _, cells in columns.values()), strict=True))
    head = b"\x03" + bytes([126, 11, 30]) + len(rows).to_bytes(4, "little")
    head += (32 + 32 * len(columns) + 1).to_bytes(2, "little")
    head += (1 + sum(sizes.values())).to_bytes(2, "little") + bytes(20)
    for name, (width, cells) in columns.items():
        kind = b"C" if any(isinstance(cell, str) for cell in cells) else b"N"
        title = name.encode(encoding)[:10].decode(encoding, "ignore").encode(encoding)
        head += title.ljust(11, b"\0") + kind + bytes(4) + bytes([width]) + bytes(15)
    body = b""
    for row in rows:
        body += b" "
        for cell, width in zip(row, sizes.values(), strict=True):
            if isinstance(cell, str):
                cut = cell.encode(encoding)[:width]
                cut = cut.decode(encoding, "ignore").encode(encoding) if whole else cut
                body += cut.ljust(width)
            else:
                body += (b"" if cell is None else f"{cell}".encode(encoding)).rjust(width)[:width]
    path.with_suffix(".dbf").write_bytes(head + b"\r" + body + b"\x1a")
    path.with_suffix(".cpg").write_text(encoding)


@pytest.fixture
def county(tmp_path):
    return StudyFolder(tmp_path)


@pytest.fixture
def as_dbf():
    return write_table
