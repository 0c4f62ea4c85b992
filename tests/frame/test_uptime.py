"""Shares up per hour."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.frame.uptime import Uptime

START = datetime(2026, 11, 21, 8, tzinfo=UTC)


def minutes(n: float) -> timedelta:
    return timedelta(minutes=n)


def test_it_works() -> None:
    up = Uptime()
    up.spent("ready", START, START + minutes(45))
    up.spent("retrying", START + minutes(45), START + minutes(60))
    up.spent("ready", START + minutes(60), START + minutes(90))
    assert up.hours(START + minutes(90))[-2:] == (0.75, 1.0)
    assert up.hours(START + minutes(90))[:-2] == (None,) * 22


def test_off_is_neither_up_nor_down() -> None:
    up = Uptime()
    up.spent("off", START, START + minutes(30))
    up.spent("ready", START + minutes(30), START + minutes(59))
    assert up.hours(START + minutes(59))[-1] == 1.0


def test_asking_twice_counts_once() -> None:
    up = Uptime()
    up.spent("ready", START, START + minutes(10))
    up.spent("ready", START, START + minutes(10))
    up.spent("starting", START + minutes(10), START + minutes(20))
    assert up.hours(START + minutes(20))[-1] == 0.5


@given(st.lists(st.tuples(st.sampled_from(["ready", "retrying", "off"]), st.floats(-3600, 500_000)), max_size=20))
def test_any_walk_of_the_clock_stays_small_and_between_0_and_1(walk: list[tuple[str, float]]) -> None:
    up, at = Uptime(), START
    for state, seconds in walk:
        up.spent(state, at, at + timedelta(seconds=seconds))
        at += timedelta(seconds=seconds)
    assert len(up.spans) <= 26
    assert all(h is None or 0 <= h <= 1 for h in up.hours(at))
