"""Offices with hardly a contact a day: no less is forecast than comes, and the intervals know what chance does."""

import numpy as np
import pytest

from app.workforce.calendar import Setting
from app.workforce.demand import forecast
from app.workforce.history import History
from tests.workforce.offices import WEEK

DAYS = np.datetime64("2025-01-06") + np.arange(400)


def history(rate: float, seed: int, known: int = 300, slots: int = 24, week: np.ndarray = WEEK) -> History:
    """`rate` a day on the mean, busier on some weekdays."""
    daily = rate * week / week.mean()
    counts = np.random.default_rng(seed).poisson(np.repeat(daily[np.arange(known) % 7, None] / slots, slots, axis=1))
    return History(DAYS[:known], counts.astype(float), 86_400 // slots, "UTC")


@pytest.mark.parametrize("rate", [0.3, 1.0, 3.0, 6.0, 9.0, 12.0, 30.0])
@pytest.mark.parametrize("slots", [1, 24])
def test_it_works(rate: float, slots: int) -> None:
    """Over many such offices the forecast is as high as what comes: staffing needs the mean, not the usual day."""
    made = [forecast(history(rate, seed, slots=slots), Setting("UTC", ""), 14).totals.mean() for seed in range(20)]
    assert np.mean(made) == pytest.approx(rate, rel=0.12)


@pytest.mark.parametrize("rate", [0.3, 1.0, 3.0])
def test_no_day_is_taken_for_closed(rate: float) -> None:
    for seed in range(10):
        assert (forecast(history(rate, seed), Setting("UTC", ""), 14).totals > 0).all()


def test_a_weekday_on_which_never_anybody_comes_is_still_closed() -> None:
    week = np.array([1.2, 1, 1, 1, 1.2, 0.8, 0])
    made = forecast(history(3.0, 1, week=week), Setting("UTC", ""), 14)
    assert ((made.totals == 0) == (np.arange(300, 314) % 7 == 6)).all()


@pytest.mark.parametrize("rate", [3.0, 6.0])
def test_busy_weekdays_are_seen_all_the_same(rate: float) -> None:
    week = np.array([2.5, 1, 1, 1, 1, 0.5, 0.5])
    made = np.mean(
        [forecast(history(rate, seed, week=week), Setting("UTC", ""), 7).totals for seed in range(12)], axis=0
    )
    monday = (np.arange(300, 307) % 7) == 0
    assert made[monday].mean() / made[~monday].mean() > 1.7


@pytest.mark.parametrize("rate", [0.3, 1.0, 3.0])
def test_the_intervals_hold_what_chance_brings(rate: float) -> None:
    inside = {0.8: [], 0.95: []}
    for seed in range(20):
        truth = history(rate, seed, 314).counts[300:].sum(axis=1)
        made = forecast(history(rate, seed, 314 - 14), Setting("UTC", ""), 14)
        for level, hits in inside.items():
            low, high = made.total_bands[level]
            hits.append(((truth >= low) & (truth <= high)).mean())
    assert np.mean(inside[0.8]) > 0.75
    assert np.mean(inside[0.95]) > 0.9
