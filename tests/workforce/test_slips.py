"""The first weeks: one figure out of all proportion says nothing of the days to come."""

import numpy as np
import pytest

from app.workforce.calendar import Setting
from app.workforce.demand import forecast
from app.workforce.slips import wild_days, without_slips
from tests.workforce.offices import Office, wape

CR = Setting()
MONDAY = np.datetime64("2026-05-04")
WEEK = np.array([100.0, 90, 95, 85, 100, 60, 40])


@pytest.mark.parametrize("daily", [True, False])
@pytest.mark.parametrize("known", [3, 4, 5, 7, 10, 13, 14, 16, 21, 27])
def test_it_works(known: int, daily: bool) -> None:
    office = Office(10, days=60, start="2026-05-04")
    truth = office.totals[known : known + 7].copy()
    office.counts[known - 3] *= 20
    made = forecast(office.daily(known) if daily else office.history(known), CR, 7)
    assert wape(truth, made.totals) < 0.1
    assert str(office.dates[known - 3]) in made.notes[0]


@pytest.mark.parametrize("known", [1, 2, 3, 7, 14, 20])
def test_a_slip_of_the_pen_in_one_half_hour(known: int) -> None:
    office = Office(10, days=60, start="2026-05-04")
    calm = forecast(office.history(known), CR, 7)
    office.counts[known - 1, 20] = 5000
    assert wape(calm.totals, forecast(office.history(known), CR, 7).totals) < 0.2


@pytest.mark.parametrize(
    "factors",
    [
        {5: 2.9},  # a busy Saturday
        {3: 2.5},  # a campaign nobody told of
        {7: 6.0, 8: 6.0},  # another level from one day to the next
        {0: 5.0, 7: 5.0},  # Mondays
    ],
)
def test_what_may_come_again_is_kept(factors: dict[int, float]) -> None:
    totals = np.tile(WEEK, 2)[:9]
    for day, factor in factors.items():
        totals[day] = 100 * factor
    assert not wild_days(MONDAY + np.arange(9), totals).any()


def test_of_a_few_contacts_a_day_several_times_as_many_are_chance() -> None:
    assert not wild_days(MONDAY + np.arange(5), np.array([1.0, 0, 5, 1, 2])).any()


def test_two_days_tell_nothing_of_each_other() -> None:
    assert not wild_days(MONDAY + np.arange(2), np.array([90.0, 900])).any()


def test_a_slot_is_measured_against_its_own_day_only() -> None:
    calm = np.tile([0.0, 4, 9, 8, 12, 7, 3, np.nan], (2, 1))
    assert np.array_equal(without_slips(calm), calm, equal_nan=True)
    odd = calm.copy()
    odd[1, 3] = 700
    assert without_slips(odd)[1, 3] == 12
    assert np.array_equal(without_slips(odd)[0], calm[0], equal_nan=True)
    few = np.array([[0.0, 0, 0, 0, 500, 1, 0, 0]])  # open for an hour
    assert np.array_equal(without_slips(few), few)
