"""``check`` on a large county's ledgers: time a row beside plain pandas, and memory.

``LARGE=1 pytest tests/benchmarks/test_check_large.py`` takes the whole county, of 70,000
rows, and prints what plain pandas needs beside it; among all other tests a fifth of it must do,
in a fifth of the minute and of the memory.
"""

import json
import os
import re
import resource
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

LARGE = bool(os.environ.get("LARGE"))
SHARE = 1.0 if LARGE else 0.2
FACILITIES, AREAS = round(50_000 * SHARE), round(20_000 * SHARE)
STARTED = 0.15 * 2**30
"""Bytes that the program takes before it reads anything."""
SECONDS, BYTES = 60.0 * SHARE, STARTED + (2**30 - STARTED) * SHARE


def ledger(path, headers, rows):
    book = openpyxl.Workbook(write_only=True)
    page = book.create_sheet("台账")
    page.append(headers)
    for row in rows:
        page.append(row)
    book.save(path)


@pytest.fixture(scope="module")
def county(tmp_path_factory):
    """A large county, each facility named after its area."""
    folder = tmp_path_factory.mktemp("county")
    random = np.random.default_rng(0)
    places = random.uniform([116.0, 34.8], [116.6, 35.3], (AREAS, 2)).round(6).tolist()
    figures = random.integers(100, 3000, AREAS).tolist()
    ledger(
        folder / "areas.xlsx",
        [
            "编号",
            "小区名称",
            "所属镇街",
            "户数",
            "人口",
            "60岁以上人口",
            "类别",
            "城乡",
            "经度",
            "纬度",
        ],
        (
            [f"R{i}", f"{i:05d}小区", f"{i % 26}镇", n, 3 * n, n // 2, "已建成", "城镇", *place]
            for i, (n, place) in enumerate(zip(figures, places, strict=True))
        ),
    )
    ledger(
        folder / "facilities.xlsx",
        [
            "编号",
            "设施名称",
            "设施类型",
            "状态",
            "所属镇街",
            "建筑面积（㎡）",
            "床位数",
            "建成年份",
            "经度",
            "纬度",
        ],
        (
            [
                f"F{i}",
                f"{i % AREAS:05d}小区{i // AREAS + 1}号日间照料中心",
                "日间照料中心",
                "运营",
                f"{i % AREAS % 26}镇",
                figures[i % AREAS],
                i % 90,
                2000 + i % 25,
                *(coordinate + i / 1e8 for coordinate in places[i % AREAS]),
            ]
            for i in range(FACILITIES)
        ),
    )
    (folder / "study.toml").write_text(
        "[study]\nname = '大县'\ncounty = '370828'\nstandard = 'jinxiang-2023'\n"
        "as_of = 2025-12-31\n"
        "[layers.residential]\npath = 'areas.xlsx'\ncoordinates = 'wgs84'\n"
        "[layers.facilities]\npath = 'facilities.xlsx'\ncoordinates = 'wgs84'\n",
        encoding="utf-8",
    )
    return folder


def plainly(county):
    """Return the seconds that plain pandas needs to read the two ledgers."""
    began = time.process_time()
    for name in ("areas", "facilities"):
        pd.read_excel(county / f"{name}.xlsx")
    return time.process_time() - began


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells a peak")
def test_a_large_county_is_checked_in_a_minute(county, tmp_path, capsys):
    # The peak of this process alone: what waits for it is told no less than its own.
    told = "import atexit; from pathlib import Path; from lifecircle.cli import main; "
    told += (
        "atexit.register(lambda: Path('peak').write_text(Path('/proc/self/status').read_text()))"
    )
    command = [sys.executable, "-c", f"{told}; main()", "check", str(county), "--json"]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)  # noqa: S603 - ours
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    status = (tmp_path / "peak").read_text("ascii")
    peak = 1024 * int(re.search(r"VmHWM:\s+(\d+) kB", status)[1])

    said = json.loads(done.stdout)
    rows = {record["layer"]: record["rows"] for record in said["inputs"]}
    assert (rows["facilities"], rows["residential"]) == (FACILITIES, AREAS)
    # Processor time: what the clock says depends on who else uses the machine.
    seconds = used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime
    total = FACILITIES + AREAS
    with capsys.disabled():
        sys.stdout.write(
            f"{os.linesep}check: {seconds:.1f} s, {1e6 * seconds / total:.0f} µs a row, "
            f"{peak / 2**20:.0f} MiB{os.linesep}"
        )
        if LARGE:
            plain = plainly(county)
            sys.stdout.write(
                f"pandas.read_excel alone: {plain:.1f} s, {1e6 * plain / total:.0f} µs a row"
                f"{os.linesep}"
            )
    assert seconds < SECONDS
    assert peak < BYTES
