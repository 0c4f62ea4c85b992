"""Busy intervals and quiet ones are held alike."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.workforce.calendar import Setting
from app.workforce.demand import Stored, forecast
from app.workforce.spread import MOST, Spread
from tests.workforce.offices import Office


def test_it_works() -> None:
    """Errors that grow with the square root of the size, in some unit that takes them for alike."""
    rng = np.random.default_rng(1)
    means = rng.uniform(1, 400, 20_000)
    scores = np.abs(rng.normal(0, np.sqrt(means)))
    found = Spread.of(means, scores)
    assert found.at(np.array([320.0]))[0] / found.at(np.array([80.0]))[0] == pytest.approx(2, rel=0.1)
    held = scores <= np.quantile(scores / found.at(means), 0.8) * found.at(means)
    for low in range(40, 400, 90):
        assert held[(means >= low) & (means < low + 90)].mean() == pytest.approx(0.8, abs=0.04)


def test_few_errors_say_nothing_of_sizes() -> None:
    assert Spread.of(np.arange(50.0), np.ones(50)).at(np.array([0.0, 7, 1e6])).tolist() == [1, 1, 1]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.floats(0, 3), st.integers(500, 900))
def test_it_stays_within_its_bounds_whatever_was_forecast(seed: int, power: float, number: int) -> None:
    rng = np.random.default_rng(seed)
    means = np.where(rng.random(number) < 0.3, 0.0, rng.gamma(0.3, 1000, number))
    scores = np.where(rng.random(number) < 0.2, np.nan, rng.random(number) * means**power)
    times = Spread.of(means, scores).at(np.array([0.0, 1e-9, 1.0, 50.0, 1e9]))
    assert ((times >= 1 / MOST - 1e-9) & (times <= MOST + 1e-9)).all()


def test_an_office_of_wild_days_is_held_in_its_busy_hours_too() -> None:
    office, inside, sizes = Office(951, days=400, base=3000, noise=0.12), list[np.ndarray](), list[np.ndarray]()
    stored = list[Stored]()
    for cut in range(180, 394, 7):
        made = forecast(office.history(cut), Setting(), 7, stored)
        if len(stored) >= 8:
            low, high = made.bands[0.8]
            truth, some = office.counts[cut : cut + 7], made.mean > 0
            inside.append(((truth >= low) & (truth <= high))[some])
            sizes.append(made.mean[some])
        stored.append(made.stored())
    held, size = np.concatenate(inside), np.concatenate(sizes)
    quiet, busy = (held[part].mean() for part in (size < np.quantile(size, 0.25), size > np.quantile(size, 0.75)))
    assert busy > 0.77
    assert abs(quiet - busy) < 0.1
