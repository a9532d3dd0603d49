"""The reader refuses every mistake a file can hold, all at once, by place and remedy."""

from __future__ import annotations

import datetime as dt

import pytest

from lifecircle.errors import StandardError, UnknownNameError
from lifecircle.standards import check_standard, read_standard

HEAD = """
id = "test"
title = { zh = "测试县标准", en = "Test county standard" }
issuer = "测试县人民政府"
number = "测政〔2024〕1号"
county = "370000"
issued = 2024-01-01
compared_on = 2024-02-01
"""
CLAUSE = """
[clauses.TE-01]
title = { zh = "已建成", en = "Existing areas" }
section = "一"
quote = "按照每百户不少于15平方米的标准"
category = "PR"
force = "不少于"
measure = "provision"
subject = "residential"
unit = "m2/100hh"
where = { age_class = ["existing"] }
comparison = ">="
[[clauses.TE-01.versions]]
valid_from = 2024-01-01
value = 15
references = [{ title = "测政〔2024〕1号", clause = "一" }]
"""
RATE = """
[clauses.TE-02]
title = { zh = "达标率", en = "Rate" }
section = "二"
quote = "达标率达到100%"
category = "PR"
force = "达到"
measure = "compliance_rate"
subject = "residential"
unit = "%"
comparison = "="
options = { clauses = ["TE-01"] }
official = "areas"
[[clauses.TE-02.versions]]
valid_from = 2024-01-01
value = 100
references = [{ title = "测政〔2024〕1号", clause = "二" }]
"""
SOUND = HEAD + CLAUSE + RATE


@pytest.fixture
def written(tmp_path):
    def write(text, name="test.toml"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_a_sound_file_is_read(written):
    path = written(SOUND)
    assert check_standard(path) == ()
    standard = read_standard(str(path))
    assert (standard.id, standard.issued) == ("test", dt.date(2024, 1, 1))
    clause = standard.clauses["TE-01"]
    assert clause.versions[0].value == 15
    assert clause.versions[0].references[0].kind == "policy"
    assert clause.where == {"age_class": ("existing",)}
    assert clause.kinds == ()
    assert clause.verified
    assert standard.clauses["TE-02"].options.given == {"clauses": ("TE-01",)}


def test_a_silent_clause_gets_the_readings_it_needs(written):
    clause = read_standard(written(SOUND)).clauses["TE-01"]
    assert clause.readings == {
        "A5": "pro_rata",
        "A6": "by_age_class",
        "A16": "floor_area_kinds",
        "A17": "accepted",
        "A29": "condition_date",
        "A39": "record_then_place",
    }


def test_a_byte_order_mark_is_no_mistake(tmp_path):
    path = tmp_path / "windows.toml"
    path.write_bytes(b"\xef\xbb\xbf" + SOUND.encode())
    assert check_standard(path) == ()


MISTAKES = {
    "unknown top key": (
        "county = ",
        'countey = "1"\ncounty = ',
        "test.toml, key countey: is no known key: did you mean county?",
    ),
    "unknown clause key": (
        "force = ",
        'qoute = "x"\nforce = ',
        "test.toml, clause TE-01, key qoute: is no known key: did you mean quote?",
    ),
    "unknown version key": (
        "value = 15",
        "value = 15\nvalid_til = 2025-01-01",
        (
            "test.toml, clause TE-01, key versions[1].valid_til: "
            "is no known key: did you mean valid_from?"
        ),
    ),
    "unknown reference key": (
        'clause = "一" }',
        'clause = "一", page = 3 }',
        (
            "test.toml, clause TE-01, key versions[1].references[1].page: is no known key: "
            "delete it; known are title, clause, href, kind, verified"
        ),
    ),
    "no issued": ("issued = 2024-01-01\n", "", "test.toml, key issued: is missing: add it"),
    "date in quotes": (
        "issued = 2024-01-01",
        'issued = "2024-01-01"',
        "test.toml, key issued: must be a date, written 2023-07-12 without quotes; is 2024-01-01",
    ),
    "date with time": (
        "valid_from = 2024-01-01",
        "valid_from = 2024-01-01T08:00:00",
        (
            "test.toml, clause TE-01, key versions[1].valid_from: must be a date, "
            "written 2023-07-12 without quotes; is 2024-01-01 08:00:00"
        ),
    ),
    "county code": (
        '"370000"',
        '"3700"',
        "test.toml, key county: must be the 6-digit division code (in quotes), is 3700",
    ),
    "county number": (
        '"370000"',
        "370000",
        "test.toml, key county: must be a text (in quotes), is 370000",
    ),
    "one language": (
        '"已建成", en = "Existing areas"',
        '"已建成"',
        "test.toml, clause TE-01, key title.en: is missing: add it",
    ),
    "empty quote": (
        'quote = "按照每百户不少于15平方米的标准"',
        'quote = " "',
        "test.toml, clause TE-01, key quote: may not be blank: fill it in",
    ),
    "unknown category": (
        'category = "PR"\nforce = "不少于"',
        'category = "XX"\nforce = "不少于"',
        (
            "test.toml, clause TE-01, key category: XX is not known; "
            "known are SP, PR, AC, CB, AS, ST, FQ, SV, DS"
        ),
    ),
    "unknown measure": (
        '"provision"',
        '"provisions"',
        "test.toml, clause TE-01, key measure: provisions is not known: did you mean provision?",
    ),
    "subject of another measure": (
        'subject = "residential"\nunit = "m2/100hh"',
        'subject = "units"\nunit = "m2/100hh"',
        (
            "test.toml, clause TE-01, key subject: the measure provision does not go with units; "
            "it takes residential"
        ),
    ),
    "unit of another measure": (
        '"m2/100hh"',
        '"m2"',
        (
            "test.toml, clause TE-01, key unit: the measure provision does not go with m2; "
            "it takes m2/1000p, m2/100hh"
        ),
    ),
    "no unit": (
        'unit = "m2/100hh"\n',
        "",
        "test.toml, clause TE-01, key unit: is missing: add it",
    ),
    "unknown age class": (
        '["existing"]',
        '["exsiting"]',
        (
            "test.toml, clause TE-01, key where.age_class: exsiting is not known: "
            "did you mean existing?"
        ),
    ),
    "filter of another subject": (
        "where = { age_class",
        "where = { unit_type",
        (
            "test.toml, clause TE-01, key where.unit_type: is no known key: delete it; "
            "known are age_class, setting"
        ),
    ),
    "filter is no list": (
        '["existing"]',
        '"existing"',
        "test.toml, clause TE-01, key where.age_class: must be a list, written [ … ], is existing",
    ),
    "filter twice": (
        '["existing"]',
        '["existing", "existing"]',
        "test.toml, clause TE-01, key where.age_class: existing is there twice: delete one",
    ),
    "filter empty": (
        '["existing"]',
        "[]",
        (
            "test.toml, clause TE-01, key where.age_class: "
            "the list is empty: fill it in or delete the key"
        ),
    ),
    "number in a list of texts": (
        '["existing"]',
        '["existing", 3]',
        "test.toml, clause TE-01, key where.age_class: must be a text (in quotes), is 3",
    ),
    "unknown comparison": (
        'comparison = ">="',
        'comparison = "≥"',
        "test.toml, clause TE-01, key comparison: ≥ is not known; known are >=, >, <=, <, =",
    ),
    "comparison the wrong way": (
        'comparison = ">="',
        'comparison = "<="',
        (
            "test.toml, clause TE-01, key comparison: the measure provision does not go with <=; "
            "it takes >=, >"
        ),
    ),
    "no comparison": (
        'comparison = ">="\n',
        "",
        "test.toml, clause TE-01, key comparison: is missing: add it",
    ),
    "value without comparison": (
        'comparison = "="\n',
        "",
        (
            "test.toml, clause TE-02, key versions[1].value: has a number but no comparison: "
            "add comparison, or delete value"
        ),
    ),
    "comparison without value": (
        "value = 15\n",
        "",
        (
            "test.toml, clause TE-01, key versions[1].value: has a comparison but no number: "
            "add value, or delete comparison"
        ),
    ),
    "value in quotes": (
        "value = 15",
        'value = "15"',
        "test.toml, clause TE-01, key versions[1].value: must be a number (without quotes), is 15",
    ),
    "value true": (
        "value = 15",
        "value = true",
        (
            "test.toml, clause TE-01, key versions[1].value: "
            "must be a number (without quotes), is true"
        ),
    ),
    "negative value": (
        "value = 15",
        "value = -15",
        "test.toml, clause TE-01, key versions[1].value: must be finite and not negative, is -15",
    ),
    "infinite value": (
        "value = 15",
        "value = inf",
        (
            "test.toml, clause TE-01, key versions[1].value: "
            "must be finite and not negative, is Infinity"
        ),
    ),
    "more than all": (
        "value = 100",
        "value = 101",
        "test.toml, clause TE-02, key versions[1].value: a percentage may not exceed 100, is 101",
    ),
    "no versions": (
        (
            "[[clauses.TE-01.versions]]\nvalid_from = 2024-01-01\nvalue = 15\n"
            'references = [{ title = "测政〔2024〕1号", clause = "一" }]\n'
        ),
        "",
        (
            "test.toml, clause TE-01, key versions: needs at least one version "
            "(valid_from and references): add it"
        ),
    ),
    "no reference": (
        'references = [{ title = "测政〔2024〕1号", clause = "一" }]',
        "",
        (
            "test.toml, clause TE-01, key versions[1].references: has no reference "
            "(title and clause): add it"
        ),
    ),
    "empty references": (
        'references = [{ title = "测政〔2024〕1号", clause = "一" }]',
        "references = []",
        (
            "test.toml, clause TE-01, key versions[1].references: has no reference "
            "(title and clause): add it"
        ),
    ),
    "reference without clause": (
        ', clause = "一" }',
        " }",
        "test.toml, clause TE-01, key versions[1].references[1].clause: is missing: add it",
    ),
    "reference is a text": (
        '[{ title = "测政〔2024〕1号", clause = "一" }]',
        '["测政〔2024〕1号"]',
        (
            "test.toml, clause TE-01, key versions[1].references[1]: must be a table, "
            "written { key = value }, is 测政〔2024〕1号"
        ),
    ),
    "reference of no kind": (
        'clause = "一" }',
        'clause = "一", kind = "hearsay" }',
        (
            "test.toml, clause TE-01, key versions[1].references[1].kind: hearsay is not known; "
            "known are policy, regulation, standard, practice"
        ),
    ),
    "verified is a text": (
        'clause = "一" }',
        'clause = "一", verified = "no" }',
        (
            "test.toml, clause TE-01, key versions[1].references[1].verified: "
            "must be true or false, is no"
        ),
    ),
    "dates out of order": (
        RATE,
        (
            "[[clauses.TE-01.versions]]\nvalid_from = 2023-01-01\nvalue = 20\n"
            'references = [{ title = "x", clause = "一" }]\n'
        ),
        (
            "test.toml, clause TE-01, key versions[2].valid_from: 2023-01-01 is not later than the "
            "version before it (2024-01-01): versions go from old to new"
        ),
    ),
    "the same date twice": (
        RATE,
        (
            "[[clauses.TE-01.versions]]\nvalid_from = 2024-01-01\nvalue = 20\n"
            'references = [{ title = "x", clause = "一" }]\n'
        ),
        (
            "test.toml, clause TE-01, key versions[2].valid_from: 2024-01-01 is not later than the "
            "version before it (2024-01-01): versions go from old to new"
        ),
    ),
    "repealed with a value": (
        "value = 15",
        "value = 15\nrepealed = true",
        (
            "test.toml, clause TE-01, key versions[1].value: "
            "a repealed version has no number: delete value"
        ),
    ),
    "unknown kind": (
        'comparison = ">="',
        'comparison = ">="\nkinds = ["daycare"]',
        "test.toml, clause TE-01, key kinds: daycare is not known: did you mean day_care?",
    ),
    "group beside kinds": (
        'comparison = ">="',
        'comparison = ">="\nkinds = ["group:community", "canteen"]',
        (
            "test.toml, clause TE-01, key kinds: "
            "a group (group:…) stands alone, not beside other kinds"
        ),
    ),
    "unknown group": (
        'comparison = ">="',
        'comparison = ">="\nkinds = ["group:comunity"]',
        (
            "test.toml, clause TE-01, key kinds: group:comunity is not known: "
            "did you mean group:community?"
        ),
    ),
    "unknown option": (
        'comparison = ">="',
        'comparison = ">="\noptions = { minimum = 200 }',
        "test.toml, clause TE-01, key options.minimum: is no known key: did you mean minimum_m2?",
    ),
    "option of another measure": (
        'comparison = ">="',
        'comparison = ">="\noptions = { qualified = true }',
        (
            "test.toml, clause TE-01, key options.qualified: is no known key: delete it; "
            "known are approved_between, minimum_m2, sharing, sharing_radius_m"
        ),
    ),
    "option of another type": (
        'comparison = ">="',
        'comparison = ">="\noptions = { minimum_m2 = "200" }',
        (
            "test.toml, clause TE-01, key options.minimum_m2: "
            "must be a number (without quotes), is 200"
        ),
    ),
    "option of zero": (
        'comparison = ">="',
        'comparison = ">="\noptions = { sharing_radius_m = 0 }',
        (
            "test.toml, clause TE-01, key options.sharing_radius_m: must be more than 0; "
            "delete the key where there is no limit"
        ),
    ),
    "option of another vocabulary": (
        'comparison = ">="',
        'comparison = ">="\noptions = { sharing = "allocated" }',
        (
            "test.toml, clause TE-01, key options.sharing: allocated is not known; "
            "known are none, recorded"
        ),
    ),
    "required option missing": (
        'options = { clauses = ["TE-01"] }\n',
        "",
        "test.toml, clause TE-02, key options.clauses: is missing: add it",
    ),
    "official basis of a share, where an area meets or not": (
        'official = "areas"',
        'official = "land_area"',
        (
            "test.toml, clause TE-02, key official: the measure compliance_rate does not go with"
            " land_area; it takes areas, households, population, elders"
        ),
    ),
    "official basis missing": (
        'official = "areas"\n',
        "",
        "test.toml, clause TE-02, key official: is missing: add it",
    ),
    "unknown basis": (
        'official = "areas"',
        'official = "area"',
        "test.toml, clause TE-02, key official: area is not known: did you mean areas?",
    ),
    "a clause that is not there": (
        '["TE-01"]',
        '["TE-1"]',
        (
            "test.toml, clause TE-02, key options.clauses: there is no clause TE-1: "
            "did you mean TE-01?"
        ),
    ),
    "a clause about itself": (
        '["TE-01"]',
        '["TE-01", "TE-02"]',
        (
            "test.toml, clause TE-02, key options.clauses: there is no clause TE-02: "
            "did you mean TE-01?"
        ),
    ),
    "a quota that is none": (
        'comparison = ">="',
        'comparison = ">="\noptions = { approved_between = "TE-02" }',
        (
            "test.toml, clause TE-01, key options.approved_between: "
            "clause TE-02 has the measure compliance_rate, which cannot be named here"
        ),
    ),
    "unknown headline": (
        "county = ",
        'headline = "TE-07"\ncounty = ',
        "test.toml, key headline: there is no clause TE-07: did you mean TE-02?",
    ),
    "unknown reading": (
        'comparison = ">="',
        'comparison = ">="\nreadings = { A49 = "x" }',
        "test.toml, clause TE-01, key readings.A49: is no known key: did you mean A9?",
    ),
    "unknown choice": (
        'comparison = ">="',
        'comparison = ">="\nreadings = { A5 = "ceiling" }',
        "test.toml, clause TE-01, key readings.A5: ceiling is not known: did you mean ceil?",
    ),
    "clause id": (
        "TE-01",
        "te1",
        (
            "test.toml, clause te1: a clause id is capitals, a hyphen and two or three digits, "
            "as CX-03 (REF is reserved); is te1"
        ),
    ),
    "reserved id": (
        "TE-01",
        "REF-01",
        (
            "test.toml, clause REF-01: a clause id is capitals, a hyphen and two or three digits, "
            "as CX-03 (REF is reserved); is REF-01"
        ),
    ),
    "override without base": (
        'comparison = ">="',
        'comparison = ">="\noverrides = "SD-01"',
        (
            "test.toml, clause TE-01, key overrides: there is no inherits, so SD-01 cannot be "
            "overridden: add inherits, or delete the key"
        ),
    ),
    "unknown base": (
        "county = ",
        'inherits = "jinxang-2023"\ncounty = ',
        "test.toml, key inherits: there is no standard jinxang-2023: did you mean jinxiang-2023?",
    ),
    "no clauses": (
        CLAUSE + RATE,
        "",
        "test.toml, key clauses: is missing: add it",
    ),
    "empty clauses": (
        CLAUSE + RATE,
        "[clauses]\n",
        "test.toml, key clauses: holds no clause: write at least one",
    ),
    "a clause that is no table": (
        CLAUSE + RATE,
        "[clauses]\nTE-01 = 15\n",
        "test.toml, key clauses.TE-01: must be a table, written { key = value }, is 15",
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_named_with_its_place_and_remedy(written, name):
    old, new, expected = MISTAKES[name]
    assert old in SOUND
    assert expected in check_standard(written(SOUND.replace(old, new)), "en")


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_named_in_chinese_too(written, name):
    old, new, expected = MISTAKES[name]
    found = check_standard(written(SOUND.replace(old, new)), "zh")
    place = expected.split(": ")[0].replace(", clause ", "，条款 ").replace(", key ", "，键 ")
    assert any(line.startswith(f"{place}：") for line in found)


def test_exact_words_in_chinese(written):
    found = check_standard(written(SOUND.replace("value = 15", 'value = "15"')), "zh")
    assert found == ("test.toml，条款 TE-01，键 versions[1].value：应为数字（不加引号），现为 15",)


def test_all_mistakes_are_found_at_once(written):
    text = SOUND.replace('"provision"', '"provisions"').replace("value = 100", "value = 101")
    text = text.replace('county = "370000"', 'county = "3700"')
    with pytest.raises(StandardError) as caught:
        read_standard(written(text), "en")
    assert len(caught.value.mistakes) == 3
    assert str(caught.value).endswith("test.toml has 3 mistakes to put right:")
    # a traceback shows them all
    assert caught.value.__notes__ == list(caught.value.mistakes)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "id = ",
            (
                "test.toml: line 1, column 6 is not TOML (the value is not written right: texts "
                "need straight quotes, dates are 2024-12-31): correct it"
            ),
        ),
        (
            'id = "a"\nid = "b"\n',
            (
                "test.toml: the key at line 2, column 9 was written before: "
                "delete one or give it another id"
            ),
        ),
        (
            "[clauses.TE-01]\n[clauses.TE-01]\n",
            (
                "test.toml: the key at line 2, column 15 was written before: "
                "delete one or give it another id"
            ),
        ),
    ],
)
def test_what_is_not_toml_is_named_by_line(written, text, expected):
    found = check_standard(written(text), "en")
    assert len(found) == 1
    assert found[0] == expected


def test_another_encoding_is_named(tmp_path):
    path = tmp_path / "gbk.toml"
    path.write_bytes('id = "曹县"'.encode("gbk"))
    # i, d, space, =, space and the quote are six bytes; the seventh is the first of 曹
    assert check_standard(path, "en") == (
        "gbk.toml: is not UTF-8 (from byte 7 on): save it as UTF-8",
    )


def test_a_missing_file_is_named(tmp_path):
    path = tmp_path / "none.toml"
    (found,) = check_standard(path, "zh")
    assert found == f"{path}：找不到或打不开这个文件，请检查路径"


def test_an_unknown_library_id_names_the_nearest():
    with pytest.raises(UnknownNameError) as caught:
        read_standard("caoxian-2032")
    assert caught.value.nearest == "caoxian-2023"


def test_options_of_facilities_name_columns(written):
    text = SOUND + RATE.replace("TE-02", "TE-03").replace(
        'measure = "compliance_rate"\nsubject = "residential"',
        'measure = "ratio"\nsubject = "county"',
    ).replace('clauses = ["TE-01"]', 'numerator = "nursing_bed", denominator = "name"')
    found = check_standard(written(text), "en")
    assert found[0].endswith(
        "key options.numerator: nursing_bed is not known: did you mean nursing_beds?"
    )
    assert found[1].startswith("test.toml, clause TE-03, key options.denominator: name is not")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('subject = "residential"\n', "", ["subject: is missing"]),
        ('measure = "provision"\n', "", ["measure: is missing"]),
        ('"provision"', '"provison"', ["measure: provison is not known: did you mean provision?"]),
        (
            'measure = "provision"\nsubject = "residential"\n',
            "",
            ["measure: is missing", "subject: is missing"],
        ),
    ],
)
def test_what_hangs_on_a_missing_word_is_not_told_beside_it(written, old, new, told):
    """Without its subject or measure nobody knows what a clause's filter may say, nor whether
    another may name it: right ones were told as unknown keys, to be deleted (C14)."""
    assert old in CLAUSE
    found = check_standard(written(HEAD + CLAUSE.replace(old, new) + RATE), "en")
    assert len(found) == len(told)
    assert all(any(part in line for line in found) for part in told)


@pytest.mark.parametrize(("star", "sound"), [(1, True), (5, True), (0, False), (2.5, False)])
def test_a_star_is_a_whole_number_from_1_to_5(written, star, sound):
    text = SOUND + RATE.replace("TE-02", "TE-03").replace(
        'measure = "compliance_rate"\nsubject = "residential"\nunit = "%"',
        'measure = "count"\nsubject = "county"\nunit = "places"',
    ).replace('clauses = ["TE-01"]', f"star_at_least = {star}")
    found = check_standard(written(text), "en")
    assert (found == ()) is sound
    assert all("must be a whole number from 1 to 5" in line for line in found)
