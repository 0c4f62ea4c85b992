"""What payroll must know, counted again minute by minute."""

from collections import Counter

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.workforce.crew import Person, Template, Week
from app.workforce.labour import CR, MX, Labour, kind
from app.workforce.marks import Mark, marks
from app.workforce.result import Result, Shift
from app.workforce.shortage import Shortage

TEMPLATES = (
    Template("day", 480, 510, (240,)), Template("long", 480, 630, (240,)), Template("evening", 900, 420),
    Template("night", 1320, 360), Template("late", 1200, 390, (180,)),
)  # fmt: skip


def week(labour: Labour = CR, weekday: int = 0) -> Week:
    return Week({"a": (1,) * 336}, (Person(1, ("a",)),), TEMPLATES, labour=labour, weekday=weekday)


def worked(*days: int | None) -> Result:
    """Which template on which day."""
    shifts = []
    for day, k in enumerate(days):
        if k is not None:
            template = TEMPLATES[k]
            meal = template.start + template.meals[0] if template.meals else None
            shifts.append(Shift(1, day, k, template.start, template.start + template.length, meal))
    return Result(tuple(shifts), 0.0, None, (), (), Shortage((), {}, ()), 0.0, 0.0)


def found(result: Result, labour: Labour = CR, weekday: int = 0) -> list[tuple[str, int, int, float]]:
    return [(mark.what, mark.day, mark.minutes, mark.extra) for mark in marks(week(labour, weekday), result)]


def test_it_works() -> None:
    assert found(worked(0, None, 2, 3)) == [("mixed", 2, 420, 0.0), ("night", 3, 360, 0.0)]


@pytest.mark.parametrize(("labour", "extra"), [(CR, 0.5), (MX, 1.0)])
def test_what_passes_the_longest_day_is_overtime(labour: Labour, extra: float) -> None:
    assert found(worked(1), labour) == [("overtime", 0, 120, extra)]


@pytest.mark.parametrize(("labour", "extra"), [(CR, 1.0), (MX, 0.25)])
def test_a_sunday_counts_by_its_minutes(labour: Labour, extra: float) -> None:
    """A night from Saturday has six hours in it, of which four are of the Sunday; one from Sunday has two."""
    assert ("sunday", 6, 480, extra) in found(worked(None, None, None, None, None, None, 0), labour)
    assert ("sunday", 5, 240, extra) in found(worked(None, None, None, None, None, 3), labour)
    assert ("sunday", 6, 120, extra) in found(worked(None, None, None, None, None, None, 3), labour)
    assert ("sunday", 0, 480, extra) in found(worked(0), labour, weekday=6)


def test_a_seventh_day_is_overtime_though_each_day_is_short_enough() -> None:
    assert found(worked(0, 0, 0, 0, 0, 0, 0))[-1] == ("overtime", 6, 480, 0.5)
    assert not [mark for mark in found(worked(0, 0, 0, 0, 0, 0)) if mark[0] == "overtime"]


def test_an_hour_is_not_overtime_twice() -> None:
    """Six days of ten hours: two a day, and nothing more for the week."""
    marked = [mark for mark in found(worked(1, 1, 1, 1, 1, 1)) if mark[0] == "overtime"]
    assert [minutes for _what, _day, minutes, _extra in marked] == [120] * 6


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.none() | st.integers(0, len(TEMPLATES) - 1), min_size=7, max_size=7), st.sampled_from([CR, MX]),
    st.integers(0, 6),
)  # fmt: skip
def test_every_minute_counted_by_hand_gives_the_same(days: list[int | None], labour: Labour, weekday: int) -> None:
    minutes = Counter[str]()
    weekly = 0.0
    for day, k in enumerate(days):
        today = 0
        template = TEMPLATES[k] if k is not None else Template("none", 0, 0)
        own = kind(labour, template.start, template.start + template.length)
        for minute in range(template.start, template.start + template.length):
            if template.meals and 0 <= minute - template.start - template.meals[0] < template.meal:
                continue
            today += 1
            minutes["sunday"] += (weekday + day + minute // 1440) % 7 == 6
            if today > labour.longest_day[own]:
                minutes["overtime"] += 1
                continue
            weekly += labour.longest_week["day"] / labour.longest_week[own]
            minutes["overtime"] += weekly > labour.longest_week["day"] + 1e-6
    said = Counter[str]()
    for mark in marks(week(labour, weekday), worked(*days)):
        said[mark.what] += mark.minutes
    assert said["sunday"] == minutes["sunday"]
    assert said["overtime"] == pytest.approx(minutes["overtime"], abs=7 * 15)  # weighed minutes go by the quarter hour


def test_marks_are_plain_data() -> None:
    mark = marks(week(), worked(1))[0]
    assert msgspec.convert(msgspec.to_builtins(mark), Mark) == mark
