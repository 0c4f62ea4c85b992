"""Offices of the night: a shift that began the evening before covers the small hours too, for causes and ways out."""

from collections import Counter

import msgspec
import pytest

from app.workforce.crew import Choice, Person, Template, Week
from app.workforce.result import Result
from app.workforce.rosters import solve
from tests.workforce.checker import breaches, of_person
from tests.workforce.test_ways_out import done
from tests.workforce.test_wild_offices import shift
from tests.workforce.wild import wild

NIGHT, MORNING = Template("night", 1320, 360), Template("morning", 480, 300)
TUESDAY = tuple(int(48 <= t < 56) for t in range(336))  #: from midnight to four


def night(who: Person, need: tuple[int, ...] = TUESDAY) -> Week:
    return Week({"a": need}, (who,), (NIGHT, MORNING), seconds=0.5)


def works(week: Week, result: Result) -> None:
    """Each way covers what it says and breaks nothing."""
    for way in result.shortage.ways:
        asked = done(week, result, way)
        after = solve(asked)
        assert breaches(asked, after) == []
        assert (sum(result.missing) - sum(after.missing)) * week.interval >= way.saved_min > 0, way.sentence


def test_it_works() -> None:
    """Nobody has hours left for the night that begins on Monday."""
    week = night(Person(1, ("a",), most=0))
    result = solve(week)
    assert result.shortage.causes == {"hours": 8}
    assert {(way.what, way.day, way.saved_min) for way in result.shortage.ways} == {
        ("overtime", 0, 240), ("newcomer", 0, 240)
    }  # fmt: skip
    works(week, result)


def test_who_cannot_come_on_monday_night_is_asked_about_monday() -> None:
    windows = tuple(((0, 2880),) if day else () for day in range(7))
    week = night(Person(1, ("a",), available=windows))
    result = solve(week)
    assert result.shortage.causes == {"availability": 8}
    assert ("availability", 0, 240) in {(way.what, way.day, way.saved_min) for way in result.shortage.ways}
    works(week, result)


def test_what_last_sundays_night_would_cover_is_nobodys_availability() -> None:
    week = night(Person(1, ("a",)), tuple(int(t < 8) for t in range(336)))
    found = solve(week).shortage
    assert found.causes == {"before": 8}
    assert found.ways == ()


def test_the_rest_after_a_day_shift_keeps_from_the_night_before() -> None:
    """Fixed on Tuesday morning: the night that ends at four leaves four hours."""
    week = night(Person(1, ("a",), fixed={1: Choice(1)}))
    assert solve(week).shortage.causes == {"rest": 8}


@pytest.mark.parametrize("seed", range(24))
def test_causes_recounted_in_any_office(seed: int) -> None:
    """Who could come for a shift that reaches the interval if it were alone is not said to be unavailable."""
    week = wild(seed, seconds=0.05)
    people = tuple(msgspec.structs.replace(who, fixed={}) for who in week.people)
    week = msgspec.structs.replace(week, people=people)
    result = solve(week)
    counted = Counter[str]()
    for t, _people in result.shortage.slots:
        for who in week.people:
            mine = [s for s in result.shifts if s.person == who.id]
            if not any(reaches(week, t, s.day, s.template, s.meal) for s in mine):
                counted[kind(week, who, t)] += 1
    said = Counter(result.shortage.causes)
    assert said["availability"] + said["before"] <= counted["never"]
    assert counted["never"] <= said["availability"] + said["before"] + said["skill"]


def kind(week: Week, who: Person, t: int) -> str:
    day = t * week.interval // 1440
    free = msgspec.structs.replace(who, most=10**6, weekend_days=2, run_before=0)
    law = msgspec.structs.replace(week.labour, overtime_days=7)
    lax = msgspec.structs.replace(week, labour=law)
    for begin in range(max(0, day - 1), day + 1):
        for k, template in enumerate(week.templates):
            for meal in range(max(1, len(template.meals))):
                one = shift(week, who.id, begin, k, meal)
                if reaches(week, t, begin, k, one.meal) and not of_person(lax, free, [one]):
                    return "able"
    return "never"


def reaches(week: Week, t: int, day: int, k: int, meal: int | None) -> bool:
    minute, template = t * week.interval - day * 1440, week.templates[k]
    eating = meal is not None and meal <= minute < meal + template.meal
    return template.start <= minute < template.start + template.length and not eating
