"""The time of a roster: kept, told in full, and what it did not suffice for is said to be unknown."""

import time

import pytest

from app.workforce.least_missing import unavoidable
from app.workforce.rosters import solve
from app.workforce.week_table import Table, table
from tests.workforce.crews import office
from tests.workforce.test_rosters import Heard


def test_the_time_told_is_that_of_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also of finding out why somebody is missing, which has what the search leaves it and no more than that."""
    given = []

    def slow(_lay: Table, _lacking: int, seconds: float) -> int:
        given.append(seconds)
        time.sleep(0.4)
        return 0

    monkeypatch.setattr("app.workforce.result.unavoidable", slow)
    begun = time.monotonic()
    result = solve(office(8, 5, seconds=0.2))
    assert 0.4 < result.seconds <= time.monotonic() - begun
    assert given == [1.0]


@pytest.mark.parametrize(("people", "seconds", "stopped"), [(20, 0.0, False), (20, 2.0, False), (20, 60.0, True)])
def test_the_least_has_what_the_search_leaves(
    people: int, seconds: float, stopped: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And nothing where the time is over or somebody asked to stop: then it is unknown, which is said."""
    given = []

    def asked(_lay: Table, _lacking: int, patience_s: float) -> None:
        given.append(patience_s)

    monkeypatch.setattr("app.workforce.result.unavoidable", asked)
    result = solve(office(people, 5, seconds=seconds, tightness=1.2), Heard(0 if stopped else 10**9))
    assert 0 <= given[0] <= seconds
    assert (given[0] > 0) == (seconds == 2.0)
    assert (result.least_known, result.shortage.unavoidable) == (False, 0)
    assert "ningún rol" not in result.shortage.sentence()


def test_the_least_is_not_looked_for_without_time() -> None:
    lay = table(office(30, 5, tightness=1.2))
    assert unavoidable(lay, 300, 0.0) is None
    assert unavoidable(lay, 0, 0.0) == 0
