"""How the table is measured: CPU time of one process, contenders in turn, the median of rounds."""

from __future__ import annotations

import statistics
import time
import tracemalloc


def cpu(*contenders, rounds=3):
    """Return the CPU seconds of each contender, one a round; they take turns."""
    seconds = [[] for _ in contenders]
    for _ in range(rounds):
        for spent, contender in zip(seconds, contenders, strict=True):
            begin = time.process_time()
            contender()
            spent.append(time.process_time() - begin)
    return seconds


def median(*contenders, rounds=3):
    """Return the median CPU seconds of each contender."""
    return [statistics.median(spent) for spent in cpu(*contenders, rounds=rounds)]


def duel(ours, theirs, rounds=5, sample=1.0):
    """Return the median seconds of both, and the median of the rounds' ratios, theirs to ours.

    Each ratio is of two runs one right after the other: what else the machine does meanwhile slows
    both. ``sample`` is the part of the work that the peer is given; its seconds are scaled up.
    """
    one, other = cpu(ours, theirs, rounds=rounds)
    other = [seconds / sample for seconds in other]
    ratio = statistics.median(b / a for a, b in zip(one, other, strict=True))
    return statistics.median(one), statistics.median(other), ratio


def peak_bytes(contender):
    """Return what a contender returns and the most memory numpy and Python held meanwhile.

    Counted from here on: what stood before is not in it, what is returned is.
    """
    tracemalloc.start()
    answer = contender()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return answer, peak


def line(work, result, bar, *, less_is_better=False):
    """Print one line of the table: seconds, the peer's, their ratio, and whether the bar holds."""
    ours, peer, ratio = result
    if less_is_better:
        ratio = 1 / ratio
    limit(work, f"{ours:.3f} s", f"{peer:.3f} s", ratio, bar, less_is_better=less_is_better)


def limit(work, ours, peer, ratio, bar, *, less_is_better=True):
    """Print one line whose figures are no seconds."""
    held = ratio <= bar if less_is_better else ratio >= bar
    sign = "≤" if less_is_better else "≥"
    print(
        f"| {work} | {ours} | {peer} | {ratio:.2f} | {sign} {bar:g} | "
        f"{'holds' if held else 'MISSED'} |",
        flush=True,
    )


def note(work, text):
    """Print one line without a bar."""
    print(f"| {work} | {text} | | | | |", flush=True)
