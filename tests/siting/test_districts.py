"""Districts against every assignment there is, and by hand."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecircle.siting.districts import DistrictTask, assign_units, best_districts


def task_of(minutes, load, room, home, touching, weight=None):
    units, hosts = len(minutes), len(room)
    return DistrictTask(
        tuple(f"u{i}" for i in range(units)),
        tuple(f"h{j}" for j in range(hosts)),
        np.array(minutes, dtype=float).reshape(units, hosts),
        np.ones(units) if weight is None else np.array(weight, dtype=float),
        np.array(load, dtype=float),
        np.array(room, dtype=float),
        np.array(home, dtype=np.int64),
        None if touching is None else frozenset(touching),
    )


def in_one_piece(mine, home, touching):
    seen, todo = {home}, [home]
    while todo:
        here = todo.pop()
        for a, b in touching:
            for one, other in ((a, b), (b, a)):
                if one == here and other in mine and other not in seen:
                    seen.add(other)
                    todo.append(other)
    return mine <= seen


def allowed(task, most):
    """Yield every assignment that may be, unit number → host number, and what it is worth."""
    units = [u for u in range(len(task.units)) if np.isfinite(task.minutes[u]).any()]
    for chosen in itertools.product(range(len(task.hosts)), repeat=len(units)):
        of = dict(zip(units, chosen, strict=True))
        if not all(np.isfinite(task.minutes[u, h]) for u, h in of.items()):
            continue
        used = set(of.values())
        if most is not None and len(used) > most:
            continue
        fine = True
        for h in range(len(task.hosts)):
            mine = {u for u in units if of[u] == h}
            home = int(task.home[h])
            rooted = home >= 0 and np.isfinite(task.minutes[home, h])
            if sum(task.load[u] for u in mine) > task.room[h] + 1e-9:
                fine = False
            if rooted and home not in mine and (mine or most is None):
                fine = False
            if rooted and task.touching is not None and mine:
                fine = fine and in_one_piece(mine, home, task.touching)
        if fine:
            yield of, sum(task.weight[u] * task.minutes[u, h] for u, h in of.items())


def best(task, most):
    return min((worth for _, worth in allowed(task, most)), default=None)


@st.composite
def tasks(draw):
    units, hosts = draw(st.integers(1, 5)), draw(st.integers(1, 3))
    way = st.one_of(st.integers(0, 9).map(float), st.integers(0, 9).map(float), st.just(np.inf))
    minutes = [[draw(way) for _ in range(hosts)] for _ in range(units)]
    touching = [p for p in itertools.combinations(range(units), 2) if draw(st.booleans())]
    return task_of(
        minutes,
        [float(draw(st.integers(0, 3))) for _ in range(units)],
        [draw(st.sampled_from([np.inf, np.inf, 2.0, 4.0, 6.0])) for _ in range(hosts)],
        [draw(st.integers(-1, units - 1)) for _ in range(hosts)],
        draw(st.sampled_from([None, touching, touching])),
        [float(draw(st.integers(1, 4))) for _ in range(units)],
    )


@settings(settings.get_profile("brute"))
@given(tasks(), st.sampled_from([None, None, 1, 2]))
def test_no_assignment_is_better(task, most):
    answer = assign_units(task, most=most)
    expected = best(task, most)
    if not np.isfinite(task.minutes).any():
        assert answer.objective is None
        return
    assert answer.objective == (None if expected is None else pytest.approx(expected))
    assert answer.objective is None or answer.proven
    assert set(answer.unreachable) | set(answer.hosts) == set(task.units) or expected is None


@settings(max_examples=150, deadline=None)
@given(tasks(), st.sampled_from([None, None, 1, 2, 3]))
def test_the_next_best_are_those_of_every_assignment_in_order(task, most):
    found = best_districts(task, 5, most=most)
    if not np.isfinite(task.minutes).any():
        assert found == []
        return
    worth = {}  # what tells them apart → the best that can be
    for of, value in allowed(task, most):
        key = frozenset(of.items() if most is None else of.values())
        worth[key] = min(value, worth.get(key, np.inf))
    assert [one.objective for one in found] == pytest.approx(sorted(worth.values())[:5])
    number = {name: h for h, name in enumerate(task.hosts)}
    keys = set()
    for one in found:
        of = {task.units.index(unit): number[host] for unit, host in one.hosts.items()}
        key = frozenset(of.items() if most is None else of.values())
        assert worth[key] == pytest.approx(one.objective)
        keys.add(key)
    assert len(keys) == len(found)


# a row of five towns, the hosts at its ends; the third is nearer to the right one
ROW = [(0, 1), (1, 2), (2, 3), (3, 4)]
FAR = [[0, 40], [10, 30], [20, 15], [30, 10], [40, 0]]


def test_each_to_the_nearest_where_there_is_room():
    answer = assign_units(task_of(FAR, [1] * 5, [9, 9], [0, 4], ROW))
    assert answer.hosts == {"u0": "h0", "u1": "h0", "u2": "h1", "u3": "h1", "u4": "h1"}
    assert (answer.objective, answer.proven) == (0 + 10 + 15 + 10 + 0, True)


def test_room_moves_a_border():
    answer = assign_units(task_of(FAR, [1] * 5, [9, 2], [0, 4], ROW))
    assert answer.hosts["u2"] == "h0"  # five minutes longer
    assert answer.objective == 0 + 10 + 20 + 10 + 0


def test_a_district_may_not_jump_over_another_but_a_ferry_joins():
    # u3 is nearest to h0, whose units end at u1: over u2 it would jump
    far = [[0, 40], [10, 30], [20, 5], [5, 10], [40, 0]]
    around = [*ROW, (2, 4)]
    alone = assign_units(task_of(far, [1] * 5, [9, 9], [0, 4], around))
    assert alone.hosts["u3"] == "h1"
    joined = assign_units(task_of(far, [1] * 5, [9, 9], [0, 4], [*around, (1, 3)]))
    assert joined.hosts["u3"] == "h0"
    assert joined.objective == alone.objective - 5


def test_too_little_room_has_no_answer():
    answer = assign_units(task_of(FAR, [1] * 5, [2, 2], [0, 4], ROW))
    assert (answer.objective, answer.hosts) == (None, {})
