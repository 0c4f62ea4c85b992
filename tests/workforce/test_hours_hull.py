"""Hours in whole shifts: nothing possible is forbidden, and nothing in between is promised."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.workforce.best_week import Roster
from app.workforce.crew import Person, Template, Week
from app.workforce.hours_hull import cuts
from app.workforce.roster_mip import Question
from app.workforce.week_table import DAYS, table

WEIGHTS = st.lists(st.integers(1, 40), min_size=1, max_size=3, unique=True).map(lambda found: tuple(sorted(found)))


@given(WEIGHTS, st.integers(0, 200))
def test_whatever_whole_shifts_fit_the_week_keep_every_cut(weights: tuple[int, ...], most: int) -> None:
    for numbers in product(range(DAYS + 1), repeat=len(weights)):
        if sum(numbers) <= DAYS and _sum(numbers, weights) <= most:
            assert all(_sum(numbers, factors) <= limit for factors, limit in cuts(weights, most))


@given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 200))
def test_of_two_kinds_the_cuts_allow_nothing_else(light: int, more: int, most: int) -> None:
    for numbers in product(range(DAYS + 1), repeat=2):
        kept = all(_sum(numbers, factors) <= limit for factors, limit in cuts((light, light + more), most))
        assert kept == (sum(numbers) <= DAYS and _sum(numbers, (light, light + more)) <= most)


def _sum(numbers: tuple[int, ...], factors: tuple[int, ...]) -> int:
    return sum(n * f for n, f in zip(numbers, factors, strict=True))


@pytest.mark.parametrize(("light", "heavy", "most"), [(32, 37, 160), (20, 23, 100)])
def test_the_line_between_two_corners_is_one_of_them(light: int, heavy: int, most: int) -> None:
    """Eight hours weigh 32 quarters by day and 37 when mixed: five of these, or four of those, but not 4.3."""
    assert ((4, 5), 20) in cuts((light, heavy), most)


def test_the_linear_question_works_no_part_of_a_late_shift() -> None:
    """Everybody is needed late each working day; four late shifts fill the contract, a third of a fifth is no shift."""
    late = Template("late", 720, 510, (240,))
    need = tuple([10 if 25 <= slot < 32 and day < 5 else 0 for day in range(DAYS) for slot in range(48)])
    people = tuple(Person(i, ("a",), most=2400, weekend_days=0) for i in range(10))
    lay = table(Week({"a": need}, people, (late,)))
    lacking = Question(Roster(lay), range(10)).relaxed(10).bound - _left_out(lay, worked=40)
    assert lacking == pytest.approx((lay.week.prices.under + lay.week.prices.over) * 7 * 10)


def _left_out(lay, worked: int) -> float:
    """What forty late shifts cost in hours at work."""
    return lay.week.prices.over * worked * 16
