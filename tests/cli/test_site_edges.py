"""``lifecircle site`` at its edges: a clear answer, or a clear error, each on tables by hand."""

import json

import pytest

COSTS = "demand,facility,cost\na,x,500\nb,x,100\nb,y,300\nc,z,900\n"
NOTHING = "demand,facility,cost\n"
DEMAND = "demand,weight\na,10\nb,20\nc,30\n"
FAR = DEMAND + "d,5\n"
WEIGHTLESS = "demand,weight\na,0\nb,0\nc,0\n"
LIMIT = ("--limit", 1000)


@pytest.fixture
def asked(run, tmp_path, monkeypatch):
    """Ask by a table of costs; return the exit code and what was said."""
    monkeypatch.setenv("LIFECIRCLE_LANG", "zh")

    def ask(costs, demand, *words):
        (tmp_path / "costs.csv").write_text(costs, encoding="utf-8")
        (tmp_path / "demand.csv").write_text(demand, encoding="utf-8")
        (tmp_path / "fixed.csv").write_text("facility\nx\nz\n", encoding="utf-8")
        files = ("--travel", tmp_path / "costs.csv", "--demand", tmp_path / "demand.csv")
        words = [tmp_path / word if word == "fixed.csv" else word for word in words]
        result = run("site", *files, *words, "-q")
        assert "Traceback" not in result.output
        return result.exit_code, result.output

    return ask


@pytest.mark.parametrize(
    ("costs", "demand", "words", "code", "said"),
    [
        # p = 0: nothing is added; whoever must walk at all then cannot be reached
        (COSTS, DEMAND, ("--model", "mclp", *LIMIT, "--sites", 0), 0, "按要求不新增"),
        (COSTS, DEMAND, ("--model", "p-median", "--sites", 0), 1, "不够让所有人走得到"),
        (COSTS, DEMAND, ("--model", "p-center", "--sites", 0), 1, "不够让所有人走得到"),
        # more than there are: x serves a and b (y nobody besides), z serves c
        (COSTS, DEMAND, ("--model", "mclp", *LIMIT, "--sites", 9), 0, "2 处即达最优"),
        (COSTS, DEMAND, ("--model", "p-median", "--sites", 9), 0, "34,000"),  # 5000 + 2000 + 27000
        (COSTS, DEMAND, ("--model", "p-center", "--sites", 9), 0, "最远者的距离 900"),
        # no candidates
        (NOTHING, DEMAND, ("--model", "mclp", *LIMIT, "--sites", 1), 0, "没有可新增的地点"),
        (NOTHING, DEMAND, ("--model", "lscp", *LIMIT), 1, "任何地点都到不了 3 个：a、b、c"),
        (NOTHING, DEMAND, ("--model", "p-median", "--sites", 1), 0, "没有可新增的地点"),
        (NOTHING, DEMAND, ("--model", "p-center", "--sites", 1), 0, "没有可新增的地点"),
        # weights of zero: cover all asks for everybody all the same
        (COSTS, WEIGHTLESS, ("--model", "mclp", *LIMIT, "--sites", 1), 0, "权重都是 0"),
        (COSTS, WEIGHTLESS, ("--model", "p-median", "--sites", 1), 0, "权重都是 0"),
        (COSTS, WEIGHTLESS, ("--model", "lscp", *LIMIT), 0, "新增 2 处：x、z"),
        # everybody is covered already
        (COSTS, DEMAND, ("--model", "lscp", *LIMIT, "--fixed", "fixed.csv"), 0, "不需要新增"),
        (COSTS, DEMAND, (*LIMIT, "--sites", 1, "--fixed", "fixed.csv"), 0, "人人已在范围内"),
        # whom nobody reaches
        (COSTS, FAR, ("--model", "lscp", *LIMIT), 1, "任何地点都到不了 1 个：d"),
        (COSTS, FAR, ("--model", "p-median", "--sites", 3), 0, "任何地点都到不了 1 个：d"),
        (COSTS, FAR, ("--model", "mclp", *LIMIT, "--sites", 3), 0, "仍未覆盖 1 个：d"),
        # costs that are none
        (COSTS.replace("500", "-5"), DEMAND, (*LIMIT, "--sites", 1), 2, "不是 0 或以上的数"),
        (COSTS.replace("500", ""), DEMAND, (*LIMIT, "--sites", 1), 2, "为空"),
        (COSTS.replace("500", "inf"), DEMAND, (*LIMIT, "--sites", 1), 2, "不是 0 或以上的数"),
    ],
)
def test_a_table_at_its_edges(asked, costs, demand, words, code, said):
    found, output = asked(costs, demand, *words)
    assert found == code, output
    assert said in "".join(output.split("\n"))


def test_nothing_covered_of_nothing_is_no_share(asked):
    _, output = asked(COSTS, WEIGHTLESS, "--model", "mclp", *LIMIT, "--sites", 1)
    assert "覆盖权重 0，共 0（–）" in output


STUDY = """
[study]
name = "小县"
county = "370828"
standard = "{standard}"
as_of = 2024-06-30
crs = "EPSG:4548"
[layers.residential]
path = "小区.csv"
crs = "EPSG:4548"
[layers.facilities]
path = "设施.csv"
crs = "EPSG:4548"
[layers.candidates]
path = "候选.csv"
crs = "EPSG:4548"
[layers.streets]
path = "路.geojson"
crs = "EPSG:4548"
"""
AREAS = """编号,小区名称,户数,规划户数,类别,城乡,阶段,X,Y
A,甲苑,100,,已建成,城镇,入住,500000,3850000
C,丙苑,300,,已建成,城镇,入住,503000,3850000
N,新苑,,500,新建,城镇,入住,507000,3850000
"""
FACILITIES = """编号,设施名称,设施类型,X,Y,状态,建筑面积
F1,一站,社区养老服务站,500000,3850000,运营,200
"""
CANDIDATES = """编号,名称,类型,建筑面积,投资,X,Y
K1,旧小学,闲置校舍,600,{price},503200,3850000
K2,湖心亭,闲置房屋,300,20,505000,3850000
K3,山后屋,闲置房屋,300,20,503000,3850900
K4,小门房,闲置房屋,150,20,507020,3850000
"""


def ring(x, y, half):
    return [
        [x - half, y - half], [x + half, y - half], [x + half, y + half],
        [x - half, y + half], [x - half, y - half],
    ]  # fmt: skip


@pytest.fixture
def county(run, tmp_path, monkeypatch):
    """Ask for a clause of a small county with a street, a lake and a place far from the street."""
    monkeypatch.setenv("LIFECIRCLE_LANG", "zh")

    def ask(*words, standard="caoxian-2023", price="", areas=AREAS, candidates=CANDIDATES):
        street = [[499_000 + 100 * k, 3_850_000] for k in range(100)]
        lines = [
            ({"highway": "residential"}, street),
            ({"natural": "water"}, ring(505_000, 3_850_000, 60)),
        ]
        features = [
            {
                "type": "Feature",
                "properties": tags,
                "geometry": {"type": "LineString", "coordinates": xy},
            }
            for tags, xy in lines
        ]
        files = {
            "study.toml": STUDY.format(standard=standard),
            "小区.csv": areas,
            "设施.csv": FACILITIES,
            "候选.csv": candidates.format(price=price),
            "路.geojson": json.dumps({"type": "FeatureCollection", "features": features}),
        }
        for name, text in files.items():
            (tmp_path / name).write_text(text, encoding="utf-8")
        result = run("site", tmp_path / "study.toml", *words, "--out", tmp_path / "out")
        assert "Traceback" not in result.output
        return result.exit_code, result.output

    return ask


def test_places_in_a_lake_or_without_a_street_are_told(county):
    code, output = county("-c", "CX-05", "--all", "-q")
    assert "位于湖泊或河道内，不作候选（1）：K2" in output
    assert "附近没有道路，只有所在小区内部能走到（1）：K3" in output
    # N has no household yet: C alone is without, and K1 serves it
    assert (code, "新增 1 处：K1" in output) == (0, True), output


def test_more_places_than_candidates_and_none_at_all(county):
    code, output = county("-c", "CX-06", "--sites", 9, "-q")
    assert (code, "允许新增 9 处，1 处即达最优" in output) == (0, True), output
    code, output = county("-c", "CX-06", "--sites", 0, "-q", "--replace")
    assert (code, "按要求不新增" in output) == (0, True), output
    bare = CANDIDATES.splitlines()[0] + "\n"
    code, output = county("-c", "CX-06", "--sites", 1, "-q", "--replace", candidates=bare)
    assert (code, "没有可选的地点" in output) == (2, True), output


def test_everybody_is_covered_already(county):
    own = "\n".join(AREAS.splitlines()[:2]) + "\n"
    code, output = county("-c", "CX-06", "--all", "-q", areas=own)
    assert (code, "人人已在范围内" in output) == (0, True), output


def test_an_offer_below_the_single_minimum_is_told(county):
    code, output = county("-c", "JX-03", "--all", "-q", standard="jinxiang-2023")
    # 500 households of a new area: 200 m² at least, and K4 has 150: a plot of its own
    assert "可用面积低于单处最低面积，不作候选（1）：K4" in output
    assert (code, "N-N" in output) == (0, True), output


def test_a_negative_cost_is_told_beside_the_plan(county):
    code, output = county("-c", "CX-06", "--budget", 25, price="-5")
    assert code == 0, output
    assert "-5" in output  # the row of the ledger, and what to do
    assert "没有填投资，不作候选（1）：K1" in output
