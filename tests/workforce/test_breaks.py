"""Short breaks: as each shift has them, apart from the meal, and nobody lacks for them where that can be helped."""

from collections import Counter, defaultdict
from itertools import pairwise, product

import msgspec
import numpy as np
import pytest

from app.workforce.breaks import Break, place
from app.workforce.crew import Pauses, Person, Template, Week
from app.workforce.errors import BadInput
from app.workforce.result import Result, Shift
from app.workforce.rosters import solve
from app.workforce.shortage import Shortage
from tests.workforce.crews import office
from tests.workforce.wild import wild


def worked(week: Week, *shifts: Shift) -> Result:
    """A roster of these shifts, without a search."""
    return Result(shifts, 0.0, None, (), (), Shortage((), {}, ()), 0.0, 0.0)


def test_it_works() -> None:
    week = office(10, 8, seconds=1)
    result = solve(week)
    breaks = place(week, result)
    number = Counter((one.person, one.day) for one in breaks)
    for shift in result.shifts:
        assert number[shift.person, shift.day] == (2 if shift.end - shift.start > 480 else 1)
    assert proper(week, result, breaks)


def proper(week: Week, result: Result, breaks: list[Break]) -> bool:
    """Within the shift, of its length, apart from its ends, the meal and each other."""
    mine = defaultdict(list)
    for one in breaks:
        mine[one.person, one.day].append(one)
    shifts = {(shift.person, shift.day): shift for shift in result.shifts}
    assert set(mine) <= set(shifts)
    return all(_apart(week, shifts[key], found) for key, found in mine.items())


def _apart(week: Week, shift: Shift, breaks: list[Break]) -> bool:
    template = week.templates[shift.template]
    spans = sorted((one.start, one.start + one.minutes) for one in breaks)
    meal = [(shift.meal, shift.meal + template.meal)] if shift.meal is not None else []
    edges = [(0, shift.start), *meal, (shift.end, 9999)]
    clear = all(
        end + template.pauses.apart <= a or b + template.pauses.apart <= begin for begin, end in spans for a, b in edges
    )
    after_another = all(a[1] <= b[0] for a, b in pairwise(spans))
    return clear and after_another and all(one.minutes == template.pauses.minutes for one in breaks)


@pytest.mark.parametrize("seed", range(25))
def test_of_any_office(seed: int) -> None:
    week = wild(seed)
    try:
        result = solve(week)
    except BadInput:
        return
    assert proper(week, result, place(week, result))


def test_each_kind_of_shift_has_its_own() -> None:
    shifts = (
        Template("long", 480, 480, (240,), 60, Pauses(every=120, minutes=10, apart=30)),
        Template("bare", 480, 480, (240,), 60, Pauses(every=0)),
    )
    week = Week({"a": (1,) * 336}, (Person(1, ("a",)), Person(2, ("a",))), shifts)
    breaks = place(week, worked(week, Shift(1, 0, 0, 480, 960, 720), Shift(2, 0, 1, 480, 960, 720)))
    assert [(one.person, one.minutes) for one in breaks] == [(1, 10)] * 3


def test_a_night_past_the_end_of_the_week_has_its_breaks_too() -> None:
    shifts = (Template("night", 1320, 360, (), 0, Pauses(every=120)),)
    week = Week({"a": (1,) * 336}, (Person(1, ("a",)),), shifts)
    breaks = place(week, worked(week, Shift(1, 6, 0, 1320, 1680)))
    assert len(breaks) == 3
    assert all(later.start - one.start >= 60 for one, later in pairwise(breaks))


def test_they_do_not_all_fall_together() -> None:
    shifts = (Template("early", 480, 510, (240,)),)
    people = tuple(Person(i, ("a",)) for i in range(8))
    week = Week({"a": (8,) * 336}, people, shifts)
    breaks = place(week, worked(week, *(Shift(i, 0, 0, 480, 990, 720) for i in range(8))))
    assert max(Counter(one.start for one in breaks).values()) <= 2


def day(seed: int) -> tuple[Week, Result]:
    """Three people of two skills, one break each, a need that leaves little to spare."""
    rng = np.random.default_rng(seed)
    shifts = tuple(
        Template(f"T{k}", 480 + 60 * k, 270, (), 0, Pauses(minutes=int(rng.choice((15, 30))))) for k in range(3)
    )
    people = tuple(Person(i, (("a",), ("b",), ("a", "b"))[int(rng.integers(3))]) for i in range(3))
    need = {skill: (tuple(rng.integers(0, 3, 28).tolist()) + (0,) * 20) * 7 for skill in "ab"}
    result = worked(week := Week(need, people, shifts), *(Shift(i, 0, i, 480 + 60 * i, 750 + 60 * i) for i in range(3)))
    return week, result


def lacking(week: Week, result: Result, starts: dict[int, int]) -> int:
    """Quarter hours of people missing on the first day, whoever may do what, by trying who serves which skill."""
    short = 0
    for quarter in range(96):
        here = [s for s in result.shifts if s.start <= quarter * 15 < s.end]
        here = [s for s in here if not _pausing(week, s, starts, quarter * 15)]
        short += min(_short(week, here, choice, quarter) for choice in product("ab", repeat=len(here)))
    return short


def _pausing(week: Week, shift: Shift, starts: dict[int, int], minute: int) -> bool:
    begin = starts.get(shift.person, 9999)
    return begin <= minute < begin + week.templates[shift.template].pauses.minutes


def _short(week: Week, here: list[Shift], choice: tuple[str, ...], quarter: int) -> int:
    serving = Counter(skill for s, skill in zip(here, choice, strict=True) if skill in week.people[s.person].skills)
    return sum(max(0, row[quarter // 2] - serving[skill]) for skill, row in week.need.items())


@pytest.mark.parametrize("seed", range(15))
def test_no_other_places_leave_fewer_missing(seed: int) -> None:
    """Against every place there is."""
    week, result = day(seed)
    found = lacking(week, result, {one.person: one.start for one in place(week, result)})
    where = [range(s.start + 45, s.end - 44 - week.templates[s.template].pauses.minutes, 15) for s in result.shifts]
    best = min(lacking(week, result, dict(enumerate(starts))) for starts in product(*where))
    assert found == best


def test_placing_is_plain_data() -> None:
    week, result = day(1)
    assert msgspec.json.decode(msgspec.json.encode(place(week, result)), type=list[Break]) == place(week, result)
