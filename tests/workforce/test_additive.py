"""The view in plain counts: seasons that add, busy weekends where weekends are quiet."""

from datetime import date, timedelta

import numpy as np
import pytest

from app.workforce.calendar import Setting, Special
from app.workforce.demand import forecast
from app.workforce.history import History, read
from tests.workforce.offices import Office

WEEK = np.array([1.2, 1.1, 1.0, 1.0, 1.1, 0.3, 0.15])
START = date(2023, 1, 2)
PLAIN = ("line+", "smooth+", "ridge+")


def daily(totals: np.ndarray) -> History:
    stamps = [(START + timedelta(days=day)).isoformat() for day in range(len(totals))]
    return read(stamps, [float(total) for total in totals.round()])


def ahead(totals: np.ndarray, known: int, days: int = 14) -> np.ndarray:
    return forecast(daily(totals[:known]), Setting(), days).totals


def visitors(days: int, seed: int = 1) -> np.ndarray:
    """Commuters by the weekday, and as many visitors on every day of summer."""
    day = np.arange(days)
    summer = 250 * np.maximum(np.sin(2 * np.pi * (day - 90) / 365.25), 0) ** 2
    return np.random.default_rng(seed).poisson(1000 * WEEK[day % 7] + summer).astype(float)


def test_it_works() -> None:
    made = forecast(daily(visitors(900)), Setting(), 14)
    assert set(PLAIN) <= set(made.weights)
    assert sum(made.weights.values()) == pytest.approx(1)


def test_a_season_that_adds_the_same_to_every_day_is_foreseen_on_quiet_days_too() -> None:
    """In the middle of summer, with what two earlier ones said: a Sunday has more than twice its contacts."""
    totals = visitors(930)
    wrong = np.abs(totals[880:894] - ahead(totals, 880)).sum() / totals[880:894].sum()
    assert wrong < 0.06


def test_where_effects_add_the_plain_view_gets_weight() -> None:
    weights = forecast(daily(visitors(900)), Setting(), 14).weights
    assert sum(weights[name] for name in PLAIN) > 0.5


def test_a_busy_weekend_where_weekends_are_quiet_does_not_bend_the_working_days() -> None:
    totals = np.random.default_rng(2).poisson(1000 * WEEK[np.arange(504) % 7]).astype(float)
    calm = ahead(totals, 504, 5)
    totals[502:504] *= 3
    assert ahead(totals, 504, 5) == pytest.approx(calm, rel=0.08)


@pytest.mark.parametrize("back", [1, 3, 4, 5])
def test_half_days_are_the_half_of_any_day(back: int) -> None:
    """They come on another weekday each time; the same plain count would take most of a quiet day, too little of a
    busy one. (The second last is three days before the first Christmas of the office.)"""
    office = Office(7, days=400, noise=0.03)
    halves = list(range(56, 400, 30))
    for day in halves:
        office.counts[day, 24:] = 0
    target = halves[-back]
    special = [Special(date.fromisoformat(str(office.dates[d])), "medio día", ((0, 720),)) for d in halves]
    made = forecast(office.daily(target - 3), Setting(specials=tuple(special)), 7)
    assert made.totals[3] == pytest.approx(office.expected[target, :24].sum(), rel=0.2)


@pytest.mark.parametrize("usual", [0, 1, 4])
def test_an_office_with_hardly_any_contacts(usual: float) -> None:
    totals = np.random.default_rng(3).poisson(usual, 200).astype(float)
    totals[0] = 1
    made = ahead(totals, 200)
    assert np.isfinite(made).all()
    assert (made >= 0).all()
