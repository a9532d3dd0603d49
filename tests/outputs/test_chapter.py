"""report.docx and summary.docx: their order, type, fields and figures; what is cut is said."""

import dataclasses
import io
import re
import zipfile

import docx
import pandas as pd
import pytest
from docx.oxml.ns import qn

from lifecircle.model.finding import Rate
from lifecircle.model.results.counted.brief import Brief, ClassCount
from lifecircle.outputs.office.paper.typeface import ALTERNATIVES
from lifecircle.outputs.report.brief.document import summary_bytes
from lifecircle.outputs.report.brief.told import one_page, stock_counts
from lifecircle.outputs.report.chapter import annexes
from lifecircle.outputs.report.chapter.basis import _empty, _households
from lifecircle.outputs.report.chapter.document import chapter_bytes
from lifecircle.outputs.words.wording import Wording

PARTS = ("总则与依据", "现状", "评估方法与标准", "评估结果", "存在问题", "建设建议", "附表", "附图")
# the sequences of CT_PPrBase, CT_TblPr, CT_TcPr, CT_RPr, CT_SectPr and CT_Style, as far as used
ORDERS = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore tabs spacing ind jc outlineLvl rPr sectPr",
    "tblPr": "tblStyle tblW jc tblBorders shd tblLayout tblCellMar tblLook",
    "tcPr": "tcW gridSpan vMerge tcBorders shd noWrap tcMar vAlign",
    "rPr": "rStyle rFonts b i color sz szCs lang",
    "sectPr": "headerReference footerReference type pgSz pgMar pgNumType titlePg docGrid",
    "tbl": "tblPr tblGrid tr",
    "tr": "trPr tc",
    "tc": "tcPr p tbl",
    "inline": "extent effectExtent docPr cNvGraphicFramePr graphic",
}


@pytest.fixture(scope="module")
def chapter(briefed):
    return chapter_bytes(briefed)


def opened(data):
    return docx.Document(io.BytesIO(data))


def parts(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def said(data):
    return "\n".join(p.text for p in opened(data).element.body.iter(qn("w:p")) for p in [Text(p)])


class Text:
    """The text of a paragraph, fields and all."""

    def __init__(self, element):
        self.text = "".join(t.text or "" for t in element.iter(qn("w:t")))


def test_the_parts_stand_in_the_order_of_a_layout_plan(chapter):
    heads = [p.text for p in opened(chapter).paragraphs if p.style.name == "Heading 1"]
    assert len(heads) == 8
    for number, (head, part) in enumerate(zip(heads, PARTS, strict=True)):
        assert head.startswith("一二三四五六七八"[number] + "、" + part)


def test_elements_keep_the_order_of_the_schema(briefed, chapter):
    for data in (chapter, summary_bytes(briefed)):
        document = opened(data)
        for root in (document.element.body, document.styles.element):
            for tag, order in ORDERS.items():
                known = order.split()
                space = "wp" if tag == "inline" else "w"
                for one in root.iter(qn(f"{space}:{tag}")):
                    names = [c.tag.rpartition("}")[2] for c in one]
                    ranks = [known.index(name) for name in names if name in known]
                    if tag in {"tr", "tbl", "pPr", "sectPr", "tblPr", "tcPr"} and root.tag == qn(
                        "w:body"
                    ):
                        assert set(names) <= set(known), (tag, names)
                    if tag != "tc":
                        assert ranks == sorted(ranks), (tag, names)
        # a cell ends with a paragraph, or Word calls the file damaged
        for cell in document.element.body.iter(qn("w:tc")):
            assert cell[-1].tag == qn("w:p")
        drawn = [d.get("id") for d in document.element.body.iter(qn("wp:docPr"))]
        assert len(drawn) == len(set(drawn))


def test_fonts_are_set_for_chinese_and_their_stand_ins_named(chapter):
    document, files = opened(chapter), parts(chapter)
    used = {p.style.name for p in document.paragraphs} | {"Normal", "TableText", "TableHead"}
    fonts = set()
    for name in used:
        found = document.styles[name].element.find(f"{qn('w:rPr')}/{qn('w:rFonts')}")
        fonts.add(found.get(qn("w:eastAsia")))
        assert not [key for key in found.attrib if "Theme" in key]
    assert {"方正小标宋简体", "仿宋_GB2312", "楷体_GB2312", "黑体"} <= fonts <= set(ALTERNATIVES)
    table = files["word/fontTable.xml"].decode()
    for font in fonts:
        assert re.search(f'w:name="{font}"><w:altName w:val="[^"]+"', table)


def test_the_paper_is_that_of_gbt_9704(chapter):
    document = opened(chapter)
    section = document.sections[0]
    margins = (section.top_margin, section.left_margin, section.right_margin, section.bottom_margin)
    assert [m.twips for m in margins] == [2098, 1587, 1474, 1984]
    size = document.styles["Normal"].element.find(f"{qn('w:rPr')}/{qn('w:sz')}")
    assert size.get(qn("w:val")) == "32"  # half points: 三号
    spacing = document.styles["Normal"].element.find(f"{qn('w:pPr')}/{qn('w:spacing')}")
    assert (spacing.get(qn("w:line")), spacing.get(qn("w:lineRule"))) == ("579", "exact")
    wide = [s.page_width > s.page_height for s in document.sections]
    assert wide == [False, True, False]
    assert all(s._sectPr.findall(qn("w:footerReference")) for s in document.sections)


def test_captions_are_numbered_by_fields_and_heads_repeated(chapter):
    body = opened(chapter).element.body
    codes = [t.text.split()[0:2] for t in body.iter(qn("w:instrText"))]
    for label, count in (("表", len(opened(chapter).tables)), ("图", 2)):
        assert codes.count(["SEQ", label]) == count
        told = [t for t in said(chapter).splitlines() if re.match(rf"{label} \d", t)]
        assert [int(re.match(rf"{label} (\d+)", t)[1]) for t in told] == list(range(1, count + 1))
    assert codes.count(["TOC", "\\o"]) == 1
    for table in opened(chapter).tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        # a head never stands alone at the foot of a page; no row below is tied to the next
        kept = [r._tr.find(f".//{qn('w:keepNext')}") is not None for r in table.rows]
        assert kept == [True] + [False] * (len(table.rows) - 1)
    marks = {m.get(qn("w:name")) for m in body.iter(qn("w:bookmarkStart"))}
    links = {h.get(qn("w:anchor")) for h in body.iter(qn("w:hyperlink"))}
    assert links
    assert links <= marks
    kinds = [f.get(qn("w:fldCharType")) for f in body.iter(qn("w:fldChar"))]
    assert kinds.count("begin") == kinds.count("separate") == kinds.count("end")


def test_equal_input_gives_equal_bytes_without_a_clock(briefed, chapter):
    again = dataclasses.replace(briefed)
    assert chapter_bytes(again) == chapter
    assert summary_bytes(again) == summary_bytes(briefed)
    with zipfile.ZipFile(io.BytesIO(chapter)) as archive:
        assert {m.date_time for m in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_tables_stay_between_the_margins(chapter, briefed, short_future):
    for data in (chapter, summary_bytes(briefed), chapter_bytes(short_future)):
        document = opened(data)
        sections, wide = iter(document.sections), []
        for element in document.element.body:
            if element.tag == qn("w:tbl"):
                wide.append(sum(int(c.get(qn("w:w"))) for c in element.tblGrid))
            # the last section's properties stand by themselves
            if (
                element.tag == qn("w:sectPr")
                or element.find(f"{qn('w:pPr')}/{qn('w:sectPr')}") is not None
            ):
                section = next(sections)
                room = section.page_width - section.left_margin - section.right_margin
                assert max(wide, default=0) <= room / 635 + 20  # EMU a twip
                wide = []


def test_names_are_text(chapter, briefed):
    for data in (chapter, summary_bytes(briefed)):
        assert "=cmd()" in said(data)
        assert "<试>" in said(data)


def test_a_plan_brings_its_projects(short_future):
    data = chapter_bytes(short_future)
    text = said(data)
    assert "近期建设项目表" in text
    assert "没有提供选址方案" not in text
    tables = [t for t in opened(data).tables if "建设性质" in t.rows[0]._tr.xml]
    assert len(tables) == 1
    assert len(tables[0].rows) == 1 + len(short_future.sites.places) == 3
    wide = [s.page_width > s.page_height for s in opened(data).sections]
    assert wide == [False, True, True, False]


def test_what_a_plan_changes_stands_with_the_result_and_not_with_what_is_asked(short_future):
    document = opened(chapter_bytes(short_future))
    for table in document.tables:
        heads = [cell.text for cell in table.rows[0].cells]
        if "要求" not in heads:
            continue
        told = [[cell.text for cell in row.cells] for row in table.rows[1:]]
        assert not any("建成前" in row[heads.index("要求")] for row in told)
        if "比率" in heads:
            assert any("建成前 33.3 % → 建成后 83.3 %" in row[heads.index("比率")] for row in told)
    assert not any("建成前" in row.required for row in one_page(short_future).fails)


def test_without_a_plan_it_is_said_how_to_get_one(chapter):
    assert "没有提供选址方案" in said(chapter)
    assert "lifecircle map --pdf" in said(chapter)


def test_what_is_cut_is_said(briefed, monkeypatch):
    monkeypatch.setattr(annexes, "LISTED_AREAS", 2)
    monkeypatch.setattr(annexes, "LISTED_FACILITIES", 3)
    text = said(chapter_bytes(briefed))
    assert "只列缺口最大的 2 个" in text
    assert "只列前 3 处" in text


@pytest.mark.parametrize("write", [chapter_bytes, summary_bytes])
def test_english_reads_as_english(briefed, write):
    data = write(dataclasses.replace(briefed, language="en"))
    document = opened(data)
    for paragraph in document.paragraphs:
        if paragraph.style.name in {"Heading 1", "Heading 2", "Caption"}:
            assert not re.search("[\u4e00-\u9fff，。；：（）、]", paragraph.text), paragraph.text
    styled = (p for p in document.element.body.iter(qn("w:p")) if p.style == "TableHead")
    heads = [Text(p).text for p in styled]
    assert heads
    assert not re.search("[\u4e00-\u9fff]", " ".join(heads))


def test_an_empty_county_is_a_chapter_too(briefed):
    nothing = {name: frame.iloc[:0] for name, frame in briefed.layers.items()}
    bare = dataclasses.replace(
        briefed,
        layers=nothing,
        clauses=(),
        brief=Brief(),
        findings=briefed.findings.iloc[:0],
        provision=pd.DataFrame(columns=briefed.provision.columns),
    )
    text = said(chapter_bytes(bare))
    for sentence in ("没有不达标的条款", "没有行政单元数据", "不能成图", "没有设施"):
        assert sentence in text


@pytest.mark.parametrize(
    ("one", "told"),
    [
        (ClassCount("new", 1, None, 1), "未知"),  # no 0: nobody knows
        (ClassCount("existing", 3, 900.0, 1), "≥ 900"),
        (ClassCount("old", 2, 640.0), "640"),
        (ClassCount("old", 2, 0.0), "0"),
    ],
)
def test_households_that_are_not_known_are_no_0(one, told):
    assert _households(one, Wording("zh", "chapter")) == told


@pytest.mark.parametrize(
    ("stages", "told"),
    [
        (("in_use", "handed_over", None), []),
        (("planned", "in_use", "closed"), ["或已停用的 2 个，其户数也计在内"]),  # 380
        (("in_use", "under_construction", None), ["或已停用的 1 个。"]),  # of unknown households
    ],
)
def test_dwellings_that_nobody_lives_in_are_no_stock(briefed, stages, told):
    areas = pd.DataFrame({"stage": stages, "households": [300.0, float("nan"), 80.0]})
    study = dataclasses.replace(briefed, layers={**briefed.layers, "residential": areas})
    said_of = list(_empty(study, Wording("zh", "chapter")))
    assert [part in line for part, line in zip(told, said_of, strict=True)] == [True] * len(told)


def test_places_are_counted_as_places(briefed):
    first = dataclasses.replace(briefed.clauses[0], counts={"compliant": 3, "deficient": 2})
    for subject, told in (
        ("facilities", "达标 3 处、不达标 2 处"),
        ("units", "达标 3 个、不达标 2 个"),
    ):
        one = dataclasses.replace(first, subject=subject, counted=None)
        assert stock_counts(one, Wording("zh", "brief")) == told


def test_a_share_of_beds_is_no_rate_of_compliance(briefed):
    """466 of 638 beds are for nursing: nobody complies by being counted."""
    rate = Rate("beds", "county", 466.0, 638.0, 0, 466 / 638, 466 / 638, 466 / 638)
    first = next(c for c in briefed.clauses if c.official is not None and c.target is not None)
    told = {}
    for subject in ("county", "residential"):
        one = dataclasses.replace(first, subject=subject, official=rate)
        clauses = tuple(one if c is first else c for c in briefed.clauses)
        text = said(chapter_bytes(dataclasses.replace(briefed, clauses=clauses)))
        told[subject] = re.findall("现值 466/638|达标率：466/638", text)
    assert "现值 466/638" in told["county"]
    assert "达标率：466/638" not in told["county"]
    assert "达标率：466/638" in told["residential"]
