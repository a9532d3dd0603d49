"""report.html: one file, escaped, complete, the same twice."""

import dataclasses
import math
import re
from html.parser import HTMLParser

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecircle.errors import OutputError
from lifecircle.model.finding import Rate
from lifecircle.model.inputs.parameters import Parameters
from lifecircle.model.reason import Reason, ReasonCode
from lifecircle.model.results.counted.brief import NamedSite
from lifecircle.model.status import Status
from lifecircle.outputs.office import page as pages
from lifecircle.outputs.report.page.clauses import side_by_side
from lifecircle.outputs.report.page.document import render_report, write_report
from lifecircle.texts import catalogue, known

VOID = {"meta", "br", "link", "img", "input", "hr"}


class _Page(HTMLParser):
    """Tags with attributes, the text, and whether tags nest."""

    def __init__(self):
        super().__init__()
        self.tags, self.words, self.open, self.faults = [], [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append(tag)

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self):
        return re.sub(r"\s+", " ", " ".join(self.words))


def _parse(html):
    page = _Page()
    page.feed(html)
    return page


@pytest.fixture(scope="module")
def html(shared_sample):
    return render_report(shared_sample)


@pytest.fixture(scope="module")
def page(html):
    return _parse(html)


def test_tags_nest(page):
    assert page.faults == []
    assert page.open == []


def test_names_are_text(html, page):
    assert "<b onclick" not in html
    assert "&lt;/script&gt;&lt;b onclick" in html
    assert "<试>" in page.text
    assert "支持 <社会力量> 参与运营" in page.text
    assert [tag for tag, _ in page.tags].count("script") == 1
    assert not any(key.startswith("on") for _, attrs in page.tags for key in attrs)


def test_nothing_is_fetched(html, page):
    assert not {tag for tag, _ in page.tags} & {"link", "iframe", "object", "base", "form"}
    for tag, attrs in page.tags:
        assert tag == "img" or "src" not in attrs
        assert attrs.get("src", "data:image/png;base64,").startswith("data:image/png;base64,")
        assert attrs.get("href", "#").startswith("#"), tag
    assert "url(" not in html
    assert "@import" not in html
    assert "http://" not in html
    assert "https://" not in html


def test_every_link_has_its_target(page):
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    targets = {a["href"][1:] for tag, a in page.tags if tag == "a"}
    assert targets <= set(ids)


def test_headline_with_its_range(page):
    assert "33.3 %" in page.text
    assert "2/6 = 33.3 %（待核实 2，范围 25.0–50.0 %）" in page.text
    assert "达到 100 %" in page.text


def test_clauses_with_quote_target_and_flags(page):
    assert "「已建成居住区按照每百户不少于15平方米的标准配建养老服务设施。」" in page.text
    assert "不低于 15 m²/百户" in page.text
    assert "逾期" in page.text
    assert "本文件未对所列对象规定此项，仅作参考核查。" in page.text
    assert "3 个 起" in page.text  # a count without an upper bound


def test_how_far_sharing_reaches_and_how_much_better_it_could_be(page):
    assert "4 个有缺口的居住区中 1 个可配齐（500 户）" in page.text
    assert "上限 2，差距 1，未证明最优" in page.text


def test_reference_checks_are_grey(page):
    pills = [a["class"] for _, a in page.tags if "pill" in a.get("class", "").split()]
    # headline, then summary and cards of three clauses and one reference check
    assert pills.count("pill") == 1 + 2 * 3
    assert pills.count("pill grey") == 2


def test_failing_areas_worst_first(html):
    section = html[html.index('id="failing"') : html.index('id="undecided"')]
    order = [section.index(f"{area} · ") for area in ("R03", "R05", "R12", "R04")]
    assert order == sorted(order)
    assert "应配 170 m²，已配 0 m²，缺 170 m²" in section
    assert "并入片区统筹" in section


def test_a_long_list_of_names_is_begun_and_counted(shared_sample):
    """286 villages without data made one cell of 2,600 characters."""
    rows = shared_sample.findings
    one = rows[rows["status"].astype(str) == "not_assessed"].iloc[[0]]
    many = pd.concat([one.assign(id=f"V{k:03}") for k in range(286)], ignore_index=True)
    page = render_report(dataclasses.replace(shared_sample, findings=many))
    section = page[page.index('id="undecided"') : page.index('id="arrange"')]
    cell = section[section.index("<summary>") : section.index("</details>")]
    begun = "、".join(f"V{k:03}" for k in range(20))
    assert re.sub(r"<[^>]*>", "|", cell) == f"|V000等 286 个|{begun}等 286 个"


def test_undecided_say_what_is_missing_and_who_knows(html):
    section = html[html.index('id="undecided"') : html.index('id="arrange"')]
    assert "户数缺失" in section
    assert "镇街或住建部门（物业服务企业台账）" in section
    assert "可计入面积不详，待核实" in section  # m² without an upper bound
    assert "∞" not in html
    assert "REF-walk" not in section


def test_those_who_miss_the_same_share_a_row(sample):
    findings = sample.findings.copy()
    table = findings["clause"] == "CX-03"
    # four more areas of which nothing but the households is missing
    for area in ("R01", "R02", "R08", "R09"):
        at = findings.index[table & (findings["id"] == area)][0]
        findings.at[at, "status"] = Status.NOT_ASSESSED
        findings.at[at, "reason"] = Reason(ReasonCode.HOUSEHOLDS_MISSING)
    shown = render_report(dataclasses.replace(sample, findings=findings))
    section = shown[shown.index('id="undecided"') : shown.index('id="arrange"')]
    assert section.count("户数缺失") == 1
    assert "小区1等 5 个" in section
    assert "小区8" in section


def test_a_reference_is_never_called_deficient(sample):
    clauses = [
        dataclasses.replace(c, status=Status.DEFICIENT) if c.id.startswith("REF") else c
        for c in sample.clauses
    ]
    shown = render_report(dataclasses.replace(sample, clauses=tuple(clauses)))
    row = next(x for x in shown.split("<tr") if "步行15分钟（参考）" in x).partition("</tr>")[0]
    assert "未达到" in row
    assert "不达标" not in row
    card = next(x for x in shown.split("<article")[1:] if "步行15分钟（参考）" in x)
    counts = card[card.index('<ul class="key">') :].partition("</ul>")[0]
    assert re.sub(r"<[^>]+>", "", counts) == "达到 9未达到 2待核实 1"


def test_disagreements_of_the_own_group_come_first(sample):
    frame = sample.layers["disagreements"]
    other = frame.assign(reach_group="canteen", detour=9.0, residential="别组").set_axis(["X"])
    layers = {**sample.layers, "disagreements": pd.concat([other, frame])}
    shown = render_report(dataclasses.replace(sample, layers=layers))
    section = shown[shown.index('id="reach"') :]
    assert section.index("+4.5平方米小区") < section.index("别组")


def test_changed_reading_is_marked(page):
    assert "不足百户按百户" in page.text
    assert "有别于通常的读法" in page.text


def test_inputs_and_problems(page):
    assert "ab" * 32 in page.text
    assert "单元格 D7，列“户数”" in page.text
    assert "第 7 行" not in page.text
    assert "=-30" in page.text


def test_illustrative_rows_are_counted(page):
    assert "居住区：6/12 条" in page.text
    assert "养老服务设施：8/8 条" in page.text


def test_language(sample_en):
    page = _parse(render_report(sample_en))
    assert page.tags[0] == ("html", {"lang": "en"})
    assert "not assessed" in page.text
    assert "2/6 = 33.3 % (2 not assessed, range 25.0–50.0 %)" in page.text


def test_without_headline_and_with_nothing_to_tell(sample):
    empty = dataclasses.replace(
        sample,
        headline_clause="",
        clauses=(),
        findings=sample.findings.iloc[:0],
        allocation=sample.allocation.iloc[:0],
        layers={name: frame.iloc[:0] for name, frame in sample.layers.items()},
        readings=(),
        problems=(),
        sensitivity=(),
        banners=(),
        attribution=(),
    )
    page = _parse(render_report(empty))
    assert page.faults == []
    for code in ("failing", "undecided", "arrange", "units", "sensitivity", "problems"):
        assert catalogue("report", "zh")[f"empty.{code}"] in page.text


def test_every_parameter_and_status_has_words():
    for name in Parameters.names():
        assert known("report", f"parameter.{name}")
        assert known("report", f"parameter.{name}.source")
    for status in Status:
        assert known("words", f"status.{status}")


def test_same_result_same_bytes(sample, html, tmp_path):
    assert write_report(sample, tmp_path / "report.html").read_bytes() == html.encode()


def test_lone_surrogate_does_not_cost_the_report(sample, tmp_path):
    odd = dataclasses.replace(sample, study="坏\ud800名")
    assert "坏?名" in write_report(odd, tmp_path / "r.html").read_text(encoding="utf-8")


def test_failure_leaves_nothing(sample, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.write_bytes", full)
    with pytest.raises(OutputError, match="No space left"):
        write_report(sample, tmp_path / "report.html")
    assert list(tmp_path.iterdir()) == []


def test_gates_and_diagnosis_in_plain_words(page):
    assert "东北侧增开出入口" in page.text
    assert "道路断口（疑应相接）" in page.text
    assert "东大街 / 人民路" in page.text
    assert "另有 1 处不影响任何结论" in page.text  # G2


def test_reference_ids_stay_inside(html, sample):
    listed = {c.id for c in sample.clauses if c.id.startswith("REF")}
    assert listed
    assert "REF-" in html  # the anchors
    assert "REF-" not in _parse(html).text


def test_margins_have_no_sign(page):
    assert "富余 0.5 m²" in page.text
    assert "富余 10 米" in page.text


def test_a_range_that_cannot_be_told_is_one_footnote(sample):
    rows = tuple(dataclasses.replace(r, not_assessed=1, low=None) for r in sample.sensitivity)
    html = render_report(dataclasses.replace(sample, sensitivity=rows))
    section = html[html.index('id="sensitivity"') : html.index('id="basis"')]
    assert section.count("户数口径的范围无法计算") == 1
    assert "不详" not in section


def test_sites_say_for_whom_they_are_named(sample):
    layers = dict(sample.layers)
    sites = layers["sites"].astype({"illustrative": object})
    sites.loc["K1"] = dict.fromkeys(sites.columns) | {"name": "旧厂房", "floor_area_m2": 200.0}
    areas = layers["residential"].astype({"remedy": object})
    for area, m2 in (("R03", 170.0), ("R05", 60.0)):
        params = {"site": "K1", "deficit_m2": m2, "floor_area_m2": 200.0, "distance_m": 80.0}
        areas.at[area, "remedy"] = Reason(ReasonCode.REMEDY_CONVERT, params)
    layers |= {"sites": sites, "residential": areas}
    named = dataclasses.replace(sample.brief, sites=(NamedSite("K1", 230.0),))
    one = dataclasses.replace(sample, layers=layers, brief=named)
    text = _parse(render_report(one)).text
    assert "小区5（60 m²）" in text
    assert "230 超过建筑面积" in text


def test_every_document_has_its_failing_areas(sample):
    row = sample.findings[sample.findings["clause"] == "CX-03"].iloc[:1]
    row = row.assign(standard="jinxiang-2023", clause="JX-01", status=Status.DEFICIENT)
    own = next(c for c in sample.clauses if c.id == "CX-03")
    both = dataclasses.replace(
        sample,
        standards=(*sample.standards, "jinxiang-2023"),
        clauses=(
            *sample.clauses,
            dataclasses.replace(own, id="JX-01", standard="jinxiang-2023"),
        ),
        findings=pd.concat([sample.findings, row], ignore_index=True),
        standard_titles={**sample.standard_titles, "jinxiang-2023": {"zh": "金乡办法"}},
    )
    html = render_report(both)
    section = html[html.index('id="failing"') : html.index('id="undecided"')]
    assert "下表按第一个文件" in section
    assert "按《金乡办法》不达标的居住区（1 个）" in section


def test_curves_are_drawn_inline(html, sample):
    # six figures of x: 0 at 40, the last step at 508; y: 0 % at 216, 100 % at 10
    assert html.count('<polyline points="40,216 274,113 508,10"') == 2
    assert html.count("<polygon") == 2  # what the unknowns could add
    bare = render_report(dataclasses.replace(sample, curves=()))
    assert "<figure>" not in bare


def test_a_detour_beyond_the_search_limit_is_at_least(sample):
    layers = dict(sample.layers)
    layers["disagreements"] = layers["disagreements"].assign(walk_m=math.inf)
    assert "≥ 3.6" in render_report(dataclasses.replace(sample, layers=layers))


def test_exemptions_stand_in_a_section_of_their_own(sample):
    page = render_report(sample)
    part = page[page.index('id="exemptions"') : page.index('id="arrange"')]
    assert "征收 &lt;b&gt;" in part
    assert "适用的 1 项" in part
    assert "2026-06-30" in part
    assert "未设期限" in part
    assert "对象或条款不存在" in part
    empty = render_report(dataclasses.replace(sample, exemptions=()))
    assert "本项目没有豁免。" in empty


@given(st.integers(1, 60))
def test_as_many_clauses_stand_side_by_side_as_a_page_has_room_for(many):
    parts = side_by_side(list(range(many)))
    assert [one for part in parts for one in part] == list(range(many))
    assert max(map(len, parts)) <= 8
    assert len(parts) == math.ceil(many / 8)


def test_a_template_reads_the_keys_of_rows_and_calls_the_methods_of_mappings():
    made = pages._environment().from_string(
        "{{ row.name }} {{ row.items()|length }} {{ row.keys()|list|first }} {{ row.get('m2') }}"
    )
    assert made.render(row={"name": "东苑", "items": 3, "m2": 5}) == "东苑 3 name 5"


def test_a_rate_that_nothing_decided_has_met_is_said_once(sample):
    """0–25.0 % stood as the value, as its own range, as the rate and once more in its text."""
    rate = Rate("units", "county", 0.0, 3.0, 1.0, 0.0, 0.25, 0.0)
    assert rate.told is None
    first, *rest = sample.clauses
    odd = dataclasses.replace(first, official=rate, value=0.0, low=0.0, high=25.0, unit="%")
    html = render_report(dataclasses.replace(sample, clauses=(odd, *rest)))
    card = html.split(f'id="c-{first.standard}-{first.id}"')[1].split("</article>")[0]
    numbers = card.split('class="numbers"')[1].split("</dl>")[0]
    assert "介于" not in numbers
    assert numbers.count("0–25.0 %") == 2  # as the value, and as the rate with its unknowns
