"""How the table is measured: CPU time of one process, contenders in turn, the median of rounds."""

from __future__ import annotations

import statistics
import time
import tracemalloc


def cpu(*contenders, rounds=3):
    """Return the median CPU seconds of each contender; they take turns, so that load is shared."""
    seconds = [[] for _ in contenders]
    for _ in range(rounds):
        for spent, contender in zip(seconds, contenders, strict=True):
            begin = time.process_time()
            contender()
            spent.append(time.process_time() - begin)
    return [statistics.median(spent) for spent in seconds]


def peak_bytes(contender):
    """Return what a contender returns and the most memory numpy and Python held meanwhile."""
    tracemalloc.start()
    answer = contender()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return answer, peak


def line(work, ours, peer, ratio, bar, *, less_is_better=False):
    """Print one line of the table: seconds, the peer's, their ratio, and whether the bar holds."""
    held = ratio <= bar if less_is_better else ratio >= bar
    sign = "≤" if less_is_better else "≥"
    print(
        f"| {work} | {ours:.3f} s | {peer:.3f} s | {ratio:.2f} | {sign} {bar:g} | "
        f"{'holds' if held else 'MISSED'} |",
        flush=True,
    )


def note(work, text):
    """Print one line without a bar."""
    print(f"| {work} | {text} | | | | |", flush=True)
