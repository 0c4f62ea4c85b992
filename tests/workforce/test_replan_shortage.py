"""What a re-plan lacks and what helps: of the days ahead only; what is over cannot be helped."""

import msgspec
import pytest

from app.workforce.crew import Person, Template, Week
from app.workforce.errors import BadInput
from app.workforce.replan import around
from app.workforce.result import Result
from app.workforce.rosters import solve
from tests.workforce.checker import breaches
from tests.workforce.crews import office
from tests.workforce.test_ways_out import done
from tests.workforce.wild import wild

NEED = tuple((2 if t // 48 == 0 else 1) * int(16 <= t % 48 < 26 and t // 48 in (0, 4)) for t in range(336))


def test_it_works() -> None:
    """Monday lacked one, and on Thursday the one who would come on Friday is ill."""
    week = Week({"a": NEED}, (Person(1, ("a",), most=1500),), (Template("morning", 480, 300),), seconds=0.5)
    before = solve(week)
    assert before.shortage.slots[0] == (16, 1)
    after = solve(around(week, before, {1: {4}}, today=3))
    assert after.shortage.slots == tuple((4 * 48 + t, 1) for t in range(16, 26))
    assert after.shortage.sentence().startswith("Faltan 5.0 horas")
    assert after.shortage.unavoidable == 10
    assert [(way.what, way.day, way.saved_min) for way in after.shortage.ways] == [("newcomer", 4, 300)]
    assert sum(after.missing) == 20, "the counts are of the whole week"


def test_nothing_ahead_lacks() -> None:
    week = Week({"a": NEED}, (Person(1, ("a",), most=1500),), (Template("morning", 480, 300),), seconds=0.5)
    after = solve(around(week, solve(week), {}, today=3))
    assert (after.shortage.slots, after.shortage.ways, after.shortage.unavoidable) == ((), (), 0)


def test_last_evening_cannot_be_changed() -> None:
    """The night of yesterday would have covered this morning."""
    need = {"a": tuple(int(3 * 48 <= t < 3 * 48 + 8) for t in range(336))}
    week = Week(need, (Person(1, ("a",)),), (Template("night", 1320, 360),), seconds=0.3)
    nobody = msgspec.structs.replace(solve(week), shifts=())
    found = solve(around(week, nobody, {}, today=3)).shortage
    assert found.causes == {"before": 8}
    assert found.ways == ()


def lacked(week: Week, result: Result, today: int) -> int:
    return sum(result.missing[today * 1440 // week.interval :]) * week.interval


@pytest.mark.parametrize("seed", range(6))
def test_each_way_is_one(seed: int) -> None:
    week, today = office(6 + seed % 3, seed, seconds=0.5, tightness=1.0), 2 + seed % 3
    before = solve(week)
    again = around(week, before, {week.people[0].id: {today}}, today)
    result = solve(again)
    for way in result.shortage.ways:
        asked = done(again, result, way)
        after = solve(asked)
        assert breaches(asked, after) == []
        assert lacked(week, result, today) - lacked(week, after, today) >= way.saved_min > 0, way.sentence
        assert way.what == "skill" or (way.day - week.weekday) % 7 >= today or way.what in ("overtime", "weekend")


@pytest.mark.parametrize("seed", range(12))
def test_only_what_is_ahead_is_counted(seed: int) -> None:
    week, today = wild(seed), 1 + seed % 6
    try:
        before = solve(week)
    except BadInput:
        return
    result = solve(around(week, before, {}, today))
    over = today * 1440 // week.interval
    assert dict(result.shortage.slots) == {t: n for t, n in enumerate(result.missing) if n and t >= over}
    assert result.shortage.unavoidable <= sum(result.missing[over:])
