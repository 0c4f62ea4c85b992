"""Weekly hours are counted exactly, and never as less than they are."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.workforce.crew import Person, Template, Week
from app.workforce.hours_steps import steps
from app.workforce.labour import CR, MX, weighed
from app.workforce.rosters import solve
from tests.workforce.checker import breaches


def test_it_works() -> None:
    """A mixed shift of five hours weighs 2400/7 minutes: seven of them are forty hours."""
    minutes = [weighed(CR, 480, 780, 300), weighed(CR, 960, 1260, 300)]
    assert minutes == [300, Fraction(2400, 7)]
    step, units = steps(minutes, 2880, 10)
    assert (step, units) == (Fraction(300, 7), [7, 8])


def test_six_mixed_shifts_fill_the_contract_that_they_are() -> None:
    """Rounded up to the quarter hour only five of them would fit."""
    week = Week(
        {"a": (1,) * 336},
        (Person(1, ("a",), least=2057, most=2058),),
        (Template("late", 960, 300),),
        seconds=1.0,
    )
    result = solve(week)
    assert len(result.shifts) == 6
    assert breaches(week, result) == []


@given(
    st.lists(st.tuples(st.integers(0, 95), st.integers(8, 40)), min_size=1, max_size=12),
    st.sampled_from([CR, MX]),
    st.sampled_from([1, 30, 3000]),
)
def test_no_shift_is_counted_as_less_than_it_is(shifts, labour, people) -> None:
    minutes = [weighed(labour, start * 15, (start + length) * 15, length * 15) for start, length in shifts]
    step, units = steps(minutes, 2880, people)
    for exact, unit in zip(minutes, units, strict=True):
        assert exact <= unit * step < exact + 15


@pytest.mark.parametrize(("people", "exact"), [(3, True), (3000, False)])
def test_large_offices_count_coarser(people: int, exact: bool) -> None:
    minutes = [weighed(CR, 480, 780 + 15 * k, 300 + 15 * k) for k in range(8)] + [weighed(CR, 960, 1260, 300)]
    step, units = steps(minutes, 2880, people)
    assert all(
        (unit * step == minute) == (exact or minute.denominator == 1)
        for unit, minute in zip(units, minutes, strict=True)
    )
