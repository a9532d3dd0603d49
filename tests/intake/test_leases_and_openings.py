"""Columns of leases, and days of opening in words, against the day of judging, 2025-12-31."""

from __future__ import annotations

import pytest
from tests.many_worlds import judged

MET, OPEN = "compliant", "not_assessed"
CELLS = {
    "租赁期限": {
        "2030年": MET,
        "2024年": OPEN,
        "2021.1-2024.12": OPEN,
        "2021年1月至2024年12月": OPEN,
        "2021-01-01至2030-12-31": MET,
        "2019-2029": MET,
        "10年（2020-2030）": MET,
        "2020年起十年": MET,
        "至2024年底": OPEN,
        "十年": MET,
        "长期": MET,
    },
    "房屋租赁到期时间": {"2024-12-31": OPEN, "2026.5": MET, "长期": MET, "无": MET},
    "启用时间": {"明年": OPEN, "年底": OPEN, "近期启用": OPEN, "2024下半年": MET},
}


@pytest.mark.parametrize("header", CELLS)
def test_a_lease_that_ran_out_and_an_opening_to_come(tmp_path, header):
    told, _ = judged(tmp_path, [([{}], [{header: cell}]) for cell in CELLS[header]])
    assert dict(zip(CELLS[header], [one for [one] in told], strict=True)) == CELLS[header]
