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


@pytest.fixture
def county(tmp_path):
    return StudyFolder(tmp_path)
