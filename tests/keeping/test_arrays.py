"""A file of arrays comes back as it was written, or not at all; what is kept has a bound."""

import hashlib
import json
import logging
import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lifecircle.keeping.arrays import MAGIC, DamagedError, read_arrays, write_arrays
from lifecircle.keeping.folder import cache_folder, is_on, keep, kept, key_of

ARRAYS = {
    "degrees": np.array([[117.0, 35.5], [np.nan, np.inf]]),
    "none": np.empty(0, np.int64),
    "flags": np.array([True, False, True]),
    "codes": np.arange(70_000, dtype=np.uint32),
}


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("LIFECIRCLE_CACHE", str(tmp_path / "cache"))


def test_what_was_written_comes_back_and_changes_stay_in_memory(tmp_path):
    path = tmp_path / "a.arrays"
    write_arrays(path, {"名称": ["街", None]}, ARRAYS)
    found = read_arrays(path)
    assert found.about == {"名称": ["街", None]}
    for name, array in ARRAYS.items():
        assert found.arrays[name].dtype == array.dtype
        assert found.arrays[name].tobytes() == array.tobytes()
        assert found.arrays[name].shape == array.shape
    found.arrays["codes"][0] = 9
    assert read_arrays(path).arrays["codes"][0] == 0
    assert [file.name for file in tmp_path.iterdir()] == ["a.arrays"]
    plain = tmp_path / "plain"
    plain.touch()
    assert path.stat().st_mode == plain.stat().st_mode  # colleagues may read it


def test_no_byte_of_a_file_can_change_unseen(tmp_path):
    path = tmp_path / "a.arrays"
    small = {"xy": np.array([[1.0, 2.0]]), "way": np.array([3, 4, 5])}
    write_arrays(path, {"n": 1}, small)
    whole = path.read_bytes()
    said = {
        name: array.tobytes() for name, array in read_arrays(path).arrays.items()
    }  # what lies between two arrays means nothing: a change there may pass
    for at in range(len(whole)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0x10]) + whole[at + 1 :])
        try:
            found = read_arrays(path)
        except DamagedError:
            continue
        assert found.about == {"n": 1}
        assert {name: array.tobytes() for name, array in found.arrays.items()} == said


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(keep_bytes=st.integers(0, 400), more=st.binary(max_size=40))
def test_a_file_cut_short_or_longer_is_damaged(tmp_path, keep_bytes, more):
    path = tmp_path / "a.arrays"
    write_arrays(path, {"n": 1}, {"way": np.array([3, 4, 5])})
    whole = path.read_bytes()
    path.write_bytes(whole[: min(keep_bytes, len(whole) - 1)])
    with pytest.raises(DamagedError):
        read_arrays(path)
    path.write_bytes(whole + b"." + more)
    with pytest.raises(DamagedError):
        read_arrays(path)


@pytest.mark.parametrize("shape", [[-1], [10**18], ["3"], [2**63, 2**63], 7])
def test_a_header_that_lies_is_not_believed(tmp_path, shape):
    listed = [["way", "<i8", shape, 0, 0]]
    text = json.dumps({"about": {}, "arrays": listed, "bytes": 64}).encode()
    path = tmp_path / "a.arrays"
    front = MAGIC + len(text).to_bytes(8, "little") + hashlib.sha256(text).digest() + text
    path.write_bytes(front + bytes(-len(front) % 64) + bytes(64))
    with pytest.raises(DamagedError):
        read_arrays(path)


def test_objects_are_refused(tmp_path):
    with pytest.raises(ValueError, match="names"):
        write_arrays(tmp_path / "a", {}, {"names": np.array(["a", None], dtype=object)})
    assert not list(tmp_path.iterdir())


def test_what_is_damaged_goes_and_is_told_at_debug_level(caplog):
    key = key_of(file="a")
    assert keep(key, {}, {"n": np.arange(3)})
    (file,) = (cache_folder() / "ready").iterdir()
    file.write_bytes(file.read_bytes()[:-1])
    with caplog.at_level(logging.DEBUG, "lifecircle.keeping"):
        assert kept(key, lambda found: found.arrays["n"]) is None
    assert "damaged" in caplog.text
    assert not file.exists()


def test_a_file_under_another_key_is_not_taken():
    one, other = key_of(file="a"), key_of(file="b")
    assert one != other
    keep(one, {}, {"n": np.arange(3)})
    home = cache_folder() / "ready"
    (home / f"{one}.arrays").rename(home / f"{other}.arrays")
    assert kept(other, lambda found: found.arrays["n"]) is None


def test_the_longest_unused_goes_first(monkeypatch):
    # three of 300 kB and the bound 0.7 MB: two stay, the one that was used last and the new one
    monkeypatch.setenv("LIFECIRCLE_STREET_CACHE_MB", "0.7")
    home, keys = cache_folder() / "ready", [key_of(n=n) for n in range(3)]
    for n, key in enumerate(keys[:2]):
        keep(key, {}, {"n": np.zeros(300_000, np.uint8)})
        os.utime(home / f"{key}.arrays", (1000 + n, 1000 + n))
    assert kept(keys[0], lambda found: found.arrays["n"]) is not None
    keep(keys[2], {}, {"n": np.zeros(300_000, np.uint8)})
    assert {file.stem for file in home.iterdir()} == {keys[0], keys[2]}


def test_more_than_all_that_may_be_kept_is_not_kept(monkeypatch):
    monkeypatch.setenv("LIFECIRCLE_STREET_CACHE_MB", "0.1")
    assert not keep(key_of(n=1), {}, {"n": np.zeros(300_000, np.uint8)})
    assert not (cache_folder() / "ready").exists()


def test_a_folder_that_cannot_be_written_costs_time_only(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("LIFECIRCLE_CACHE", str(tmp_path / "file"))
    key = key_of(n=1)
    assert not keep(key, {}, {"n": np.arange(3)})
    assert kept(key, lambda found: found) is None


@pytest.mark.parametrize("said", ["off", "OFF", "no", "0", "false", "否"])
def test_the_switch(monkeypatch, said):
    monkeypatch.setenv("LIFECIRCLE_STREET_CACHE", said)
    assert not is_on()
    monkeypatch.delenv("LIFECIRCLE_STREET_CACHE")
    assert is_on()


def test_several_at_once_leave_one_whole_file():
    key = key_of(n=1)
    arrays = {"n": np.arange(50_000)}

    def one(_):
        keep(key, {}, arrays)
        found = kept(key, lambda held: held.arrays["n"].copy())
        return found is not None and np.array_equal(found, arrays["n"])

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(one, range(40)))
    assert [f.name for f in (cache_folder() / "ready").iterdir()] == [f"{key}.arrays"]
