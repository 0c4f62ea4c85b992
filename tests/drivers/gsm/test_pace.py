"""Pace and quota of a SIM."""

from hypothesis import given
from hypothesis import strategies as st

from drivers.gsm.pace import DAY_S, HOUR_S, Pace

NOW = 1_800_000_000.0


def test_it_works() -> None:
    pace = Pace(gap_s=2, per_hour=3)
    for at in (NOW, NOW + 10, NOW + 20):
        assert pace.wait_s("sim", 1, at) == 0
        pace.left("sim", at)
    assert pace.pause_s("sim", NOW + 21) == 1
    assert pace.pause_s("sim", NOW + 30) == 0
    assert pace.wait_s("sim", 1, NOW + 30) == HOUR_S - 30
    assert pace.wait_s("sim", 2, NOW + 30) == HOUR_S - 20
    assert pace.wait_s("sim", 9, NOW + 30) == HOUR_S - 10
    assert pace.wait_s("other", 1, NOW + 30) == 0


@given(st.lists(st.floats(0, 5000), max_size=60), st.integers(1, 5), st.integers(1, 4))
def test_no_hour_ever_carries_more_than_the_quota(steps: list[float], most: int, parts: int) -> None:
    pace, at, left = Pace(per_hour=most), NOW, []
    parts = min(parts, most)
    for step in steps:
        at += step
        if pace.wait_s("sim", parts, at) == 0:
            for _part in range(parts):
                pace.left("sim", at)
                left.append(at)
        else:
            assert pace.wait_s("sim", parts, at + pace.wait_s("sim", parts, at) + 0.001) == 0
    for end in left:
        assert sum(end - HOUR_S < each <= end for each in left) <= most


def test_a_day_and_a_restart() -> None:
    pace, again = Pace(per_day=1), Pace(per_day=1)
    pace.left("sim", NOW)
    again.load(pace.dump())
    assert again.wait_s("sim", 1, NOW + 5) == DAY_S - 5
    assert again.wait_s("sim", 1, NOW + DAY_S) == 0
    again.load(None)
    assert again.wait_s("sim", 1, NOW + 5) == 0


def test_a_clock_that_was_set_back_blocks_nothing() -> None:
    pace = Pace(gap_s=5, per_hour=1)
    pace.left("sim", NOW)
    assert pace.wait_s("sim", 1, NOW - 100) == 0
    assert pace.pause_s("sim", NOW - 100) == 0
