"""No way out breaks a law: done, the checker finds nothing, and neither contract nor overtime pass the legal week."""

import msgspec
import pytest

from app.workforce.crew import Choice, Person, Template, Week
from app.workforce.errors import BadInput
from app.workforce.labour import CR, MX
from app.workforce.result import Result
from app.workforce.rosters import solve
from app.workforce.ways_out import Way
from tests.workforce.checker import breaches
from tests.workforce.crews import office
from tests.workforce.test_ways_out import done
from tests.workforce.wild import wild

TEN = Template("N", 1260, 630, (300,), 30)


def after(week: Week, result: Result, way: Way) -> Week:
    """The week in which it is done, with no longer contract than the law has."""
    asked = done(week, result, way)
    legal = week.labour.longest_week["day"] + week.labour.overtime_week
    people = tuple(msgspec.structs.replace(who, most=min(who.most, legal)) for who in asked.people)
    return msgspec.structs.replace(asked, people=people, seconds=1.0)


def lawful(week: Week, result: Result) -> None:
    for way in result.shortage.ways:
        asked = after(week, result, way)
        found = solve(asked)
        assert breaches(asked, found) == []
        assert (sum(result.missing) - sum(found.missing)) * week.interval >= way.saved_min > 0, way.sentence


def test_it_works() -> None:
    """Five nights of 800 weighed minutes fit into 4,320; a sixth does not, whatever the contract says."""
    week = Week({"a": (1,) * 336}, (Person(1, ("a",), most=4000),), (TEN,), seconds=0.5)
    result = solve(week)
    assert len(result.shifts) == 5
    assert not [way for way in result.shortage.ways if way.what == "overtime"]
    lawful(week, result)


def test_overtime_is_offered_up_to_the_legal_week() -> None:
    week = Week({"a": (1,) * 336}, (Person(1, ("a",), most=3000),), (TEN,), seconds=0.5)
    result = solve(week)
    assert [way.paid_min for way in result.shortage.ways if way.what == "overtime"] == [1200]
    lawful(week, result)


@pytest.mark.parametrize(
    "labour", [msgspec.structs.replace(MX, overtime_days=0), msgspec.structs.replace(CR, overtime_week=60)]
)
def test_a_newcomer_works_no_shift_that_is_too_long(labour) -> None:
    week = Week(
        {"a": tuple(int(16 <= t % 48 < 37) for t in range(336))},
        (Person(1, ("a",), most=0),),
        (Template("long", 480, 630, (300,)), Template("usual", 480, 510, (240,))),
        labour,
        seconds=0.3,
    )
    result = solve(week)
    assert {way.template for way in result.shortage.ways if way.what == "newcomer"} == {"usual"}
    lawful(week, result)


@pytest.mark.parametrize("seed", range(20))
def test_whatever_the_office(seed: int) -> None:
    week = wild(seed)
    law = msgspec.structs.replace(week.labour, overtime_week=(540, 120, 1440)[seed % 3])
    week = msgspec.structs.replace(week, labour=law)
    try:
        result = solve(week)
    except BadInput:
        return
    lawful(week, result)


@pytest.mark.parametrize("seed", range(4))
def test_long_contracts(seed: int) -> None:
    week = office(4, seed, seconds=0.4, tightness=1.4)
    people = tuple(msgspec.structs.replace(who, most=2880 + 180 * seed, templates=None) for who in week.people)
    week = msgspec.structs.replace(week, people=people, templates=(*week.templates, TEN))
    result = solve(week)
    assert result.shortage.ways
    lawful(week, result)


def test_who_has_a_fixed_night_is_within_the_law_too() -> None:
    who = Person(1, ("a",), most=2400, fixed={0: Choice(0)})
    week = Week({"a": (1,) * 336}, (who,), (TEN,), seconds=0.4)
    lawful(week, solve(week))
