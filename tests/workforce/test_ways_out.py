"""Each way out of a shortage really is one: done, with nobody else moving, it covers at least what it says."""

import msgspec
import pytest

from app.frame.i18n import PLACE, Place
from app.workforce.crew import Choice, Person, Template, Week
from app.workforce.labour import CR
from app.workforce.result import Result
from app.workforce.rosters import solve
from app.workforce.ways_out import Way
from tests.workforce.checker import breaches
from tests.workforce.crews import office

NEWCOMER = 999


def still(week: Week, result: Result, but: int | None) -> tuple[Person, ...]:
    """The people as they stand, but for one who may move."""
    chosen = {(s.person, s.day): _choice(week, s.template, s.start, s.meal) for s in result.shifts}
    return tuple(
        who if who.id == but else msgspec.structs.replace(who, fixed={d: chosen.get((who.id, d)) for d in range(7)})
        for who in week.people
    )


def _choice(week: Week, template: int, start: int, meal: int | None) -> Choice:
    return Choice(template, week.templates[template].meals.index(meal - start) if meal is not None else -1)


def done(week: Week, result: Result, way: Way) -> Week:
    """The week in which somebody did what the way says."""
    people = [_after(week, who, way) if who.id == way.person else who for who in still(week, result, way.person)]
    if way.what == "newcomer":
        people.append(_newcomer(week, way))
    return msgspec.structs.replace(week, people=tuple(people), seconds=3.0)


def _after(week: Week, who: Person, way: Way) -> Person:
    match way.what:
        case "overtime":
            return msgspec.structs.replace(who, most=who.most + week.labour.overtime_week)
        case "weekend":
            return msgspec.structs.replace(who, weekend_days=who.weekend_days + 1)
        case "skill":
            return msgspec.structs.replace(who, skills=(*who.skills, way.skill))
    assert way.what == "availability"
    assert who.available is not None
    day = (way.day - week.weekday) % 7
    windows = tuple(((0, 2880),) if d == day else was for d, was in enumerate(who.available))
    return msgspec.structs.replace(who, available=windows)


def _newcomer(week: Week, way: Way) -> Person:
    day = (way.day - week.weekday) % 7
    template = next(k for k, each in enumerate(week.templates) if each.name == way.template)
    off = tuple(d for d in range(7) if d != day)
    return Person(NEWCOMER, (way.skill,), days_off=off, fixed={day: Choice(template)}, most=2880)


@pytest.mark.parametrize("seed", range(8))
def test_it_works(seed: int) -> None:
    week = office(6 + seed % 5, seed, seconds=1.0, tightness=1.0)
    result = solve(week)
    assert result.shortage.ways
    for way in result.shortage.ways:
        after = solve(done(week, result, way))
        assert breaches(done(week, result, way), after) == []
        fewer = (sum(result.missing) - sum(after.missing)) * week.interval
        assert fewer >= way.saved_min > 0, way.sentence


def test_the_cheapest_come_first_and_not_all_of_one_kind() -> None:
    kinds, dear = set[str](), {"overtime": 1 + CR.overtime_extra}
    for seed in range(0, 8, 2):
        ways = solve(office(8, seed, seconds=0.5, tightness=1.1)).shortage.ways
        costs = [way.paid_min * dear.get(way.what, 1.0) / way.saved_min for way in ways]
        assert costs == sorted(costs)
        assert all([way.what for way in ways].count(kind) <= 2 for kind in kinds)
        kinds |= {way.what for way in ways}
    assert {"newcomer", "overtime", "skill", "availability"} <= kinds


def one(**changed: object) -> Week:
    """Two people wanted every day from eight to four, and fewer there."""
    need = {"a": tuple(2 if 16 <= t % 48 < 32 else 0 for t in range(336))}
    people, templates = (Person(1, ("a",)), Person(2, ("a",))), (Template("T8", 480, 480, (240,), 60),)
    return msgspec.structs.replace(Week(need, people, templates, seconds=0.5), **changed)


def test_a_weekend_day_more_is_asked_for_where_weekends_lack() -> None:
    people = tuple(Person(i, ("a",), most=2880, weekend_days=0) for i in (1, 2))
    ways = solve(one(people=people)).shortage.ways
    assert any(way.what == "weekend" and way.saved_min == 420 and way.paid_min == 0 for way in ways)


def test_nobody_is_asked_in_on_a_day_off() -> None:
    """Leave is leave: it is not availability."""
    people = tuple(Person(i, ("a",), available=(((0, 2880),),) * 7, days_off=(2,)) for i in (1, 2))
    assert not [way for way in solve(one(people=people)).shortage.ways if way.what == "availability"]


def test_ways_are_said_in_the_readers_language() -> None:
    way = Way("newcomer", 120, 480, day=1, template="T9", skill="chat")
    assert way.sentence == "Una persona más con «chat» el martes en el turno T9: cubriría 2.0 horas más."
    here = PLACE.set(Place(language="en"))
    try:
        assert way.sentence == "One more person with “chat” on Tuesday in shift T9: would cover 2.0 more hours."
    finally:
        PLACE.reset(here)
