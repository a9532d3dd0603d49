"""Layers out of OpenStreetMap data: what is taken for what, and where it goes."""

import osmium
import pytest
import shapely

from lifecircle.intake import check_study
from lifecircle.model.problem import Severity
from lifecircle.outputs.osm_layers import write_osm_layers
from lifecircle.sources.osm_features import facility_kinds, read_osm_features

SENIOR = {"amenity": "social_facility", "social_facility:for": "senior"}


@pytest.mark.parametrize(
    ("tags", "kinds"),
    [
        (SENIOR, set()),
        (SENIOR | {"social_facility": "nursing_home"}, {"nursing_institution"}),
        (SENIOR | {"social_facility": "day_care"}, {"day_care"}),
        (
            {"amenity": "social_facility", "social_facility": "nursing_home"},
            {"nursing_institution"},
        ),
        ({"amenity": "nursing_home"}, {"nursing_institution"}),
        ({"amenity": "nursing_home", "name": "夏镇街道敬老院"}, {"care_home"}),
        (SENIOR | {"name": "区域性养老服务中心（原敬老院）"}, {"regional_centre", "care_home"}),
        ({"amenity": "restaurant", "name": "东园社区助老食堂"}, {"canteen"}),
        ({"amenity": "community_centre", "community_centre:for": "senior"}, {"activity_centre"}),
        ({"building": "yes", "name": "西庄村幸福院"}, {"happiness_home"}),
        ({"amenity": "community_centre", "name": "文化站"}, None),
        ({"amenity": "restaurant", "name": "食堂"}, None),
        ({"highway": "bus_stop", "name": "敬老院"}, None),
        ({"amenity": "parking", "name": "敬老院停车场"}, None),
        ({"amenity": "social_facility", "social_facility:for": "child"}, None),
        (
            {"amenity": "social_facility", "social_facility": "group_home", "name": "福利院"}
            | {"social_facility:for": "child"},
            None,
        ),
        ({"amenity": "clinic", "name": "社区卫生服务中心"}, None),
        ({"landuse": "residential", "name": "颐养中心"}, None),
    ],
)
def test_which_objects_are_facilities_and_of_which_kind(tags, kinds):
    assert facility_kinds(tags) == (None if kinds is None else frozenset(kinds))


def tagged(tags):
    return "".join(f"<tag k='{k}' v='{v}'/>" for k, v in tags.items())


STEP = 0.001  # degrees; about 91 m of longitude and 111 m of latitude here


class Town:
    """An .osm file of nodes at grid places and of ways around grid cells."""

    def __init__(self):
        self.nodes, self.ways, self.relations = {}, [], []

    def node(self, number, x, y, **tags):
        self.nodes[number] = (
            f"<node id='{number}' lat='{35 + y * STEP:.7f}' lon='{117 + x * STEP:.7f}'>"
            f"{tagged({k.replace('__', ':'): v for k, v in tags.items()})}</node>"
        )
        return number

    def square(self, number, x, y, size=1.0, **tags):
        first = number * 10
        corners = [(0, 0), (size, 0), (size, size), (0, size)]
        refs = [self.node(first + i, x + dx, y + dy) for i, (dx, dy) in enumerate(corners)]
        self.way(number, [*refs, refs[0]], **tags)

    def way(self, number, refs, **tags):
        body = "".join(f"<nd ref='{ref}'/>" for ref in refs)
        tags = {k.replace("__", ":"): v for k, v in tags.items()}
        self.ways.append(f"<way id='{number}'>{body}{tagged(tags)}</way>")

    def write(self, path):
        body = "".join([*self.nodes.values(), *self.ways, *self.relations])
        path.write_text(f"<osm version='0.6'>{body}</osm>", encoding="utf-8")
        return path


@pytest.fixture
def town():
    town = Town()
    town.square(1, 0, 0, 2, landuse="residential", name="东园小区", residential="urban")
    town.square(2, 4, 0, 2, landuse="residential")  # named by the only neighbourhood inside
    town.node(5, 5, 1, place="neighbourhood", name="西园小区")
    town.node(6, 9, 9, place="neighbourhood", name="南园")
    town.node(7, 0, 1, barrier="gate")  # on the outline of 东园
    town.node(8, 2.1, 1, barrier="lift_gate")  # 9 m outside it
    town.node(9, 2.3, 1, barrier="gate")  # 27 m: nobody's
    town.square(
        10, 0.2, 0.2, 0.3, building="apartments", building__levels="11", building__flats="44"
    )
    town.square(11, 0.6, 0.2, 0.2, building="garage")
    town.square(12, 8, 8, 0.3, building="house")  # in no area
    town.square(13, 1, 1, 0.3, building="yes", amenity="school")
    town.node(
        20,
        1.5,
        1.5,
        amenity="social_facility",
        social_facility="day_care",
        social_facility__for="senior",
        name="东园日间照料中心",
        beds="12",
        start_date="2019-05",
    )
    town.square(21, 5.2, 0.2, 0.4, building="yes", amenity="nursing_home", name="夏镇敬老院")
    return town


def test_every_object_goes_where_it_belongs(town, tmp_path):
    found = read_osm_features(town.write(tmp_path / "a.osm"))
    areas = found.layers["residential"].set_index("id")
    assert areas["name"].to_dict() == {"w1": "东园小区", "w2": "西园小区", "n6": "南园"}
    assert areas["setting"].to_dict() == {"w1": "城镇", "w2": None, "n6": None}
    assert [g.geom_type for g in areas.geometry] == ["Polygon", "Polygon", "Point"]
    gates = found.layers["gates"].set_index("id")
    assert gates["residential"].to_dict() == {"n7": "w1", "n8": "w1"}
    assert found.gates_left_out == 1
    buildings = found.layers["buildings"].set_index("id")
    assert buildings[["residential", "dwellings", "floors"]].T.to_dict("list") == {
        "w10": ["w1", 44.0, 11.0]
    }
    assert found.buildings_left_out == 1
    facilities = found.layers["facilities"].set_index("id")
    assert facilities["kinds"].to_dict() == {"n20": "日间照料中心", "w21": "敬老院"}
    assert facilities.loc["n20", ["beds", "opened_year"]].tolist() == [12.0, 2019.0]
    assert list(facilities["stage"]) == [None, None]
    assert facilities.geometry["w21"].geom_type == "Point"
    assert shapely.box(117.0052, 35.0002, 117.0056, 35.0006).contains(facilities.geometry["w21"])
    assert facilities.loc["n20", "osm_tags"].startswith("amenity=social_facility; social_")
    assert found.incomplete == 0


def test_a_relation_is_an_area_and_what_is_cut_off_is_counted(town, tmp_path):
    town.square(30, 20, 0, 3)
    town.square(31, 21, 1, 1)
    members = "<member type='way' ref='30' role='outer'/><member type='way' ref='31' role='inner'/>"
    tags = tagged({"type": "multipolygon", "landuse": "residential", "name": "环园"})
    town.relations.append(f"<relation id='40'>{members}{tags}</relation>")
    lost = "<member type='way' ref='999' role='outer'/>"
    town.relations.append(f"<relation id='41'>{lost}{tags}</relation>")
    found = read_osm_features(town.write(tmp_path / "a.osm"))
    areas = found.layers["residential"].set_index("id")
    assert areas.loc["r40", "name"] == "环园"
    assert len(areas.geometry["r40"].interiors) == 1
    assert found.incomplete == 1


@pytest.mark.parametrize("name", ["a.osm.pbf", "金乡.osm.pbf"])
def test_pbf_gives_the_same(town, tmp_path, name):
    source = town.write(tmp_path / "a.osm")
    writer = osmium.SimpleWriter(str(tmp_path / "a.osm.pbf"))
    for thing in osmium.FileProcessor(str(source)):
        writer.add(thing)
    writer.close()
    if name != "a.osm.pbf":
        (tmp_path / "a.osm.pbf").rename(tmp_path / name)
    one, two = read_osm_features(source), read_osm_features(tmp_path / name)
    for layer, frame in one.layers.items():
        assert frame.drop(columns="geometry").equals(two.layers[layer].drop(columns="geometry"))


def test_nothing_in_the_file_is_four_empty_layers(tmp_path):
    found = read_osm_features(Town().write(tmp_path / "a.osm"))
    files = write_osm_layers(found.layers, tmp_path / "out", "a.osm", "zh")
    assert [len(frame) for frame in found.layers.values()] == [0, 0, 0, 0]
    assert all(file.is_file() for file in files.values())


def test_a_study_reads_the_layers_as_they_are_written(town, tmp_path):
    found = read_osm_features(town.write(tmp_path / "a.osm"))
    files = write_osm_layers(found.layers, tmp_path, "a.osm", "zh")
    assert "OpenStreetMap contributors" in (tmp_path / "SOURCE.txt").read_text(encoding="utf-8")
    layers = "\n".join(f'[layers.{n}]\npath = "{f.name}"' for n, f in files.items())
    (tmp_path / "study.toml").write_text(
        '[study]\nname = "县"\ncounty = "370828"\nstandard = "jinxiang-2023"\n'
        f"as_of = 2025-12-31\n{layers}\n",
        encoding="utf-8",
    )
    study, problems = check_study(tmp_path)
    assert [p for p in problems if p.severity is Severity.ERROR] == []
    assert set(study.residential.frame["name"]) == {"东园小区", "西园小区", "南园"}
    assert set(study.gates.frame["residential"]) == {"w1"}
    assert study.buildings.frame["dwellings"].tolist() == [44.0]
    kinds = study.facilities.frame["kinds"].to_dict()
    assert kinds == {"n20": frozenset({"day_care"}), "w21": frozenset({"care_home"})}


def test_equal_data_are_equal_bytes(town, tmp_path):
    found = read_osm_features(town.write(tmp_path / "a.osm"))
    one = write_osm_layers(found.layers, tmp_path / "1", "a.osm", "zh")
    two = write_osm_layers(found.layers, tmp_path / "2", "a.osm", "zh")
    for name, file in one.items():
        assert file.read_bytes() == two[name].read_bytes()
