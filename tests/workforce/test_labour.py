"""Kinds of shift and what they weigh in a week."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.workforce.errors import BadInput
from app.workforce.labour import CR, MX, Labour, check_shift, kind, night_minutes, weighed


def test_it_works() -> None:
    assert kind(CR, 480, 990) == "day"
    assert kind(CR, 900, 1260) == "mixed"
    assert kind(CR, 1320, 1680) == "night"


@pytest.mark.parametrize(
    ("labour", "start", "end", "expected"),
    [
        (CR, 300, 1140, "day"),
        (CR, 1140 - 480 + 209, 1140 + 209, "mixed"),
        (CR, 1140 - 480 + 210, 1140 + 210, "night"),
        (CR, 240, 600, "mixed"),
        (MX, 360, 840, "day"),
        (MX, 1200, 1300, "night"),
        (MX, 1080, 1400, "mixed"),
        (MX, 1380, 1800, "night"),
    ],
)
def test_the_night_decides(labour: Labour, start: int, end: int, expected: str) -> None:
    assert kind(labour, start, end) == expected


@given(st.integers(0, 1439), st.integers(1, 1440), st.sampled_from([CR, MX]))
def test_night_minutes_counted_one_by_one(start: int, length: int, labour: Labour) -> None:
    begin, end = labour.night
    one_by_one = sum(m % 1440 >= begin or m % 1440 < end for m in range(start, start + length))
    assert night_minutes(labour, start, start + length) == one_by_one


@given(st.integers(0, 1439), st.integers(1, 1440), st.integers(0, 1440), st.integers(0, 1440))
def test_a_night_within_a_day_is_one_too(start: int, length: int, begin: int, end: int) -> None:
    labour = msgspec.structs.replace(CR, night=(begin, end))
    over = range(begin, end if begin < end else end + 1440)
    dark = {minute % 1440 for minute in over} if begin % 1440 != end % 1440 else set()
    assert night_minutes(labour, start, start + length) == sum(m % 1440 in dark for m in range(start, start + length))


def test_a_morning_is_no_night_where_the_night_begins_at_midnight() -> None:
    midnight = msgspec.structs.replace(CR, night=(0, 300))
    assert kind(midnight, 480, 780) == "day"
    assert kind(midnight, 1320, 1320 + 480) == "night"
    assert kind(midnight, 1320, 1320 + 180) == "mixed"


def test_a_full_week_of_each_kind_weighs_the_same() -> None:
    assert weighed(CR, 480, 960, 480) == weighed(CR, 840, 1260, 420) == weighed(CR, 1320, 1680, 360) == 480
    assert weighed(MX, 480, 960, 480) == weighed(MX, 900, 1350, 450) == weighed(MX, 1320, 1740, 420) == 480


def test_too_long_or_without_a_meal_is_refused() -> None:
    with pytest.raises(BadInput):
        check_shift(CR, 360, 360 + 13 * 60, 13 * 60 - 30)
    with pytest.raises(BadInput):
        check_shift(CR, 480, 960, 480)
    check_shift(CR, 480, 990, 480)
