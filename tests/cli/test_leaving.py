"""The process ends at once, and nothing that has to be done before is left out."""

import os
import subprocess
import sys

import pytest

from lifecircle.cli.shell.leaving import run_and_leave

ENDS = """
import atexit, sys, threading, time
from lifecircle.cli.shell.leaving import run_and_leave

class Kept:
    def __del__(self):
        print("taken apart")

kept = Kept()
atexit.register(print, "last step")

def later():
    time.sleep(0.2)
    print("waited for")

def run():
    print("said")
    if "thread" in sys.argv:
        threading.Thread(target=later).start()
    sys.exit(3 if "words" not in sys.argv else "why")

run_and_leave(run)
print("returned")
"""


@pytest.mark.parametrize(
    ("how", "code", "said", "told"),
    [
        ((), 3, ["said", "last step"], ""),
        (("thread",), 3, ["said", "waited for", "last step", "taken apart"], ""),
        (("words",), 1, ["said", "last step", "taken apart"], "why"),
    ],
)
def test_what_is_left_to_do_is_done_and_no_more(how, code, said, told):
    env = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(  # noqa: S603 - this interpreter
        [sys.executable, "-c", ENDS, *how], check=False, capture_output=True, text=True, env=env
    )
    assert done.returncode == code
    assert done.stdout.split("\n")[:-1] == said
    assert done.stderr.strip() == told


def test_a_fault_is_no_end_of_its_own():
    def run():
        raise KeyError

    with pytest.raises(KeyError):
        run_and_leave(run)
