"""Papers of a large county: CPU time and peak of each, in a process of its own.

python tests/benchmarks/papers.py [AREAS]        # 20,000 by default
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from large_county import county

from lifecircle.outputs.handover.findings_csv import write_findings_csv
from lifecircle.outputs.handover.forms import write_field_sheets
from lifecircle.outputs.report.brief.document import write_summary
from lifecircle.outputs.report.chapter.document import write_chapter
from lifecircle.outputs.report.page.document import write_report
from lifecircle.outputs.report.workbook.book import write_workbook
from lifecircle.outputs.words.wording import Wording

CLAUSES, SHARE = 3, 0.15
"""Clauses that every area has a finding under; facilities an area."""


def field_sheets(assessment, folder):
    """Write the field sheets: 200 forms, and the list of all places."""
    words = Wording.of(assessment, "handover")
    write_field_sheets(assessment, folder / "field.pdf", folder / "field.xlsx", words)


PAPERS = {
    "workbook": lambda a, folder: write_workbook(a, folder / "report.xlsx"),
    "page": lambda a, folder: write_report(a, folder / "report.html"),
    "Word chapter": lambda a, folder: write_chapter(a, folder / "report.docx"),
    "one page in Word": lambda a, folder: write_summary(a, folder / "summary.docx"),
    "findings.csv": lambda a, folder: write_findings_csv(
        a, folder / "findings.csv", Wording.of(a, "handover")
    ),
    "field sheets, 200 forms": field_sheets,
}


def spent(work) -> tuple[float, float]:
    """Return the CPU seconds and the peak, GiB, of a process that does the work and nothing else.

    The peak has what the process was born with: interpreter, libraries and the county.
    """
    child = os.fork()
    if child == 0:
        try:
            work()
            os._exit(0)
        finally:
            os._exit(1)
    _, status, used = os.wait4(child, 0)
    if status:
        sys.exit("the work failed")
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024**2


def main() -> None:
    """Print the table."""
    areas = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    assessment = county(areas, round(SHARE * areas), CLAUSES)
    print("| paper | s CPU | peak, GiB | file, MB |\n|---|---|---|---|")
    for name, write in PAPERS.items():
        with tempfile.TemporaryDirectory() as spare:
            folder = Path(spare)
            seconds, peak = spent(lambda: write(assessment, folder))  # noqa: B023 - done by then
            size = sum(path.stat().st_size for path in folder.iterdir()) / 1e6
        print(f"| {name} | {seconds:.1f} | {peak:.2f} | {size:.1f} |", flush=True)


if __name__ == "__main__":
    main()
