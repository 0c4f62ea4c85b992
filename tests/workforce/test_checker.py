"""The checker itself: each rule broken on purpose in a good roster is seen, and nothing else is."""

from collections.abc import Callable

import msgspec
import pytest

from app.workforce.crew import Choice, Person, Template, Week
from app.workforce.labour import CR
from app.workforce.result import Result, Shift
from app.workforce.rosters import solve
from tests.workforce.checker import breaches

TEMPLATES = (
    Template("early", 420, 510, (210, 240)), Template("late", 780, 480, (210,)), Template("night", 1320, 360),
    Template("endless", 300, 735, (240,), 30),
)  # fmt: skip


def week() -> Week:
    """Three people with hours to spare, of which one is free on Wednesdays and one has a fixed Monday."""
    need = {"a": tuple(int(14 <= t % 48 < 42) for t in range(336))}
    people = (
        Person(1, ("a",), most=2400, weekend_days=1, templates=(0, 1), days_off=(2,)),
        Person(2, ("a",), most=2400, weekend_days=1, templates=(0,), fixed={0: Choice(0, 1), 1: None}),
        Person(3, ("a",), most=2400, weekend_days=1, available=(((420, 1440),),) * 7, run_before=2, ended_before=600),
    )
    return Week(need, people, TEMPLATES[:3], seconds=0.5)


def shift(person: int, day: int, k: int, meal: int = 0, templates: tuple[Template, ...] = TEMPLATES) -> Shift:
    template = templates[k]
    eats = template.start + template.meals[meal] if template.meals else None
    return Shift(person, day, k, template.start, template.start + template.length, eats)


def planted(result: Result, person: int, *shifts: Shift) -> Result:
    """These shifts instead of the person's own."""
    return msgspec.structs.replace(result, shifts=(*(s for s in result.shifts if s.person != person), *shifts))


def said(plant: Callable[[Result], Result]) -> set[str]:
    """What is found of people; the counts of who is missing change with every shift."""
    asked = week()
    return {text for text in breaches(asked, plant(solve(asked))) if not text.startswith("interval")}


def test_it_works() -> None:
    asked = week()
    assert breaches(asked, solve(asked)) == []


@pytest.mark.parametrize(
    ("person", "shifts", "found"),
    [
        (1, [shift(1, 0, 0), shift(1, 0, 1)], "1: two shifts a day"),
        (1, [shift(1, 0, 1), shift(1, 1, 0)], "1: too little rest before day 1"),
        (3, [shift(3, 0, 2)], None),
        (1, [shift(1, 2, 0)], "1: works on a day off"),
        (1, [shift(1, 0, 2)], "1: a template that is not theirs"),
        (1, [shift(1, day, 0) for day in (0, 1, 3, 4, 5, 6)], "1: too many weekend days"),
        (3, [shift(3, day, 0) for day in range(5)], "3: no day of rest"),
        (2, [shift(2, 0, 0, 1), *(shift(2, day, 0) for day in (2, 3, 4, 5, 6))], "2: too many hours"),
        (2, [shift(2, 3, 0)], "2: the fixed shift of day 0 is missing"),
        (2, [shift(2, 0, 0)], "2: a fixed meal was moved"),
        (2, [shift(2, 0, 0, 1), shift(2, 1, 0)], "2: a fixed day was changed"),
        (1, [msgspec.structs.replace(shift(1, 0, 0), end=900)], "1: times differ from the template"),
        (1, [msgspec.structs.replace(shift(1, 0, 0), meal=None)], "1: the meal is at no allowed time"),
        (1, [msgspec.structs.replace(shift(1, 0, 0), meal=500)], "1: the meal is at no allowed time"),
        (9, [shift(9, 0, 0)], "unknown person 9"),
    ],
)
def test_a_planted_breach_is_seen(person: int, shifts: list[Shift], found: str | None) -> None:
    everything = said(lambda result: planted(result, person, *shifts))
    if found is None:
        assert everything == {f"{person}: not available"}
    else:
        assert found in everything


def test_rest_since_last_week_is_seen() -> None:
    """Who ended ten hours before Monday may not begin at one in the morning."""
    asked = msgspec.structs.replace(week(), templates=(*TEMPLATES[:3], Template("dawn", 60, 300)))
    bad = planted(solve(asked), 3, shift(3, 0, 3, templates=asked.templates))
    assert "3: too little rest before day 0" in breaches(asked, bad)


def test_a_day_longer_than_the_law_allows_is_seen() -> None:
    strict = msgspec.structs.replace(CR, overtime_day=0)
    bad = planted(solve(week()), 1, shift(1, 0, 3))
    asked = msgspec.structs.replace(week(), labour=strict, templates=TEMPLATES)
    assert "1: longer than a day may be" in breaches(asked, bad)


@pytest.mark.parametrize("field", ["missing", "idle"])
def test_wrong_counts_are_seen(field: str) -> None:
    asked = week()
    result = solve(asked)
    counts = list(getattr(result, field))
    counts[20] += 1
    assert len(breaches(asked, msgspec.structs.replace(result, **{field: tuple(counts)}))) == 1
