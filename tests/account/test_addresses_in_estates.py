"""Addresses that say where in an estate rooms are, and names of phases in records. By hand.

The rooms stand 70 m beside an outline that needs 75 of their 100 m²: by the address they are its.
"""

from __future__ import annotations

from tests.many_worlds import judged

MET, SHORT, OPEN = "compliant", "deficient", "not_assessed"
ADDRESSES = {
    "人民路12号": SHORT,
    "{0}东单元": MET,
    "{0}沿街一楼": MET,
    "{0}5号楼一楼西头": MET,
    "{0}3号楼一层东侧": MET,
    "{0}底商": MET,
    "{0}车库": MET,
    "{0}架空层": MET,
    "人民路12号（{0}院内）": MET,
    "{0}西侧": OPEN,
    "{0}一楼对面": OPEN,
    "{0}社区党群服务中心": OPEN,  # of the community, perhaps
}
PHASES = {
    "{0}第二期": [SHORT, MET],
    "{0}Ⅱ期": [SHORT, MET],
    "{0}•二期": [SHORT, MET],
    "{0}第一期": [MET, SHORT],
    "{0}": [OPEN, OPEN],
}


def test_where_in_an_estate_an_address_says(tmp_path):
    told, _ = judged(tmp_path, [([{}], [{"详细地址": t, "at": (270, 100)}]) for t in ADDRESSES])
    assert {k: one for k, [one] in zip(ADDRESSES, told, strict=True)} == ADDRESSES


def test_a_phase_is_one_however_its_number_is_written(tmp_path):
    phases = [{"小区名称": "{0}一期"}, {"小区名称": "{0}二期"}]
    worlds = [(phases, [{"服务小区": text, "at": (400, 600)}]) for text in PHASES]
    assert dict(zip(PHASES, judged(tmp_path, worlds)[0], strict=True)) == PHASES
