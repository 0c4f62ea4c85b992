"""What is told on the way: the best so far is a roster that keeps the rules, with its gap once a bound is known."""

import msgspec
import pytest

from app.workforce.result import Shift, gap_between
from app.workforce.rosters import solve
from tests.workforce.checker import of_person
from tests.workforce.crews import office
from tests.workforce.test_rosters import Heard


def test_it_works() -> None:
    week, heard = office(12, 5, seconds=2), Heard()
    result = solve(week, heard)
    for said in heard.said:
        known = said["bound"] is not None
        assert said["gap"] == (pytest.approx(gap_between(said["objective"], said["bound"])) if known else None)
    streamed = [msgspec.convert(said["shifts"], list[Shift]) for said in heard.said if said["shifts"] is not None]
    assert streamed
    for shifts in streamed:
        for person in week.people:
            assert of_person(week, person, [shift for shift in shifts if shift.person == person.id]) == []
    assert {(s.person, s.day) for s in streamed[0]}
    assert result.objective <= heard.said[0]["objective"]
