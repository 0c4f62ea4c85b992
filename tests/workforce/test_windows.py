"""Windows that touch are one; what lies between two is not theirs."""

import pytest

from app.workforce.crew import Person, Template, Week, Windows
from app.workforce.rosters import solve
from app.workforce.windows import joined
from tests.workforce.checker import breaches

NEED = {"a": tuple(int(16 <= t % 48 < 32) for t in range(336))}


@pytest.mark.parametrize(
    ("windows", "shifts"),
    [
        (((480, 720), (720, 960)), 5),
        (((720, 960), (480, 720)), 5),
        (((480, 700), (690, 960)), 5),
        (((480, 960), (500, 600)), 5),
        (((480, 720), (750, 960)), 0),
        (((480, 930),), 0),
    ],
)
def test_it_works(windows: Windows, shifts: int) -> None:
    who = Person(1, ("a",), most=2400, available=(windows,) * 7)
    week = Week(NEED, (who,), (Template("day", 480, 480, (240,)),), seconds=0.2)
    result = solve(week)
    assert breaches(week, result) == []
    assert len(result.shifts) == shifts


def test_none_stays_none() -> None:
    assert joined(()) == ()
    assert joined(((1320, 1800), (60, 120))) == ((60, 120), (1320, 1800))
