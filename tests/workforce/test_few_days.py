"""Intervals of an office of a few weeks, and of days far ahead, before there is a record of forecasts."""

import numpy as np
import pytest

from app.workforce.calendar import Setting
from app.workforce.conformal import LEVELS
from app.workforce.demand import forecast
from tests.workforce.offices import Office


def inside(known: int, horizon: int, offices: range, step: int = 1) -> dict[float, np.ndarray]:
    """(offices, horizon) whether the day's total lay within."""
    hits: dict[float, list[np.ndarray]] = {level: [] for level in LEVELS}
    for seed in offices:
        office = Office(seed, days=known + horizon, start=str(np.datetime64("2026-05-04") + seed * step % 7))
        made, came = forecast(office.daily(known), Setting(), horizon), office.counts[known:].sum(axis=1)
        for level, (low, high) in made.total_bands.items():
            hits[level].append((came >= low) & (came <= high))
    return {level: np.array(found) for level, found in hits.items()}


@pytest.mark.parametrize("known", [3, 7, 13, 14, 15, 17, 20, 28, 42])
def test_it_works(known: int) -> None:
    """Wide while little is known, and never narrow because the model has learnt the few days by heart."""
    held = inside(known, 7, range(500, 560))
    assert held[0.8].mean() > 0.72
    assert held[0.95].mean() > 0.88


def test_intervals_grow_with_the_distance() -> None:
    held = inside(800, 365, range(300, 308))
    for part in (slice(0, 28), slice(28, 120), slice(120, 365)):
        assert held[0.8][:, part].mean() > 0.7
        assert held[0.95][:, part].mean() > 0.85
    made = forecast(Office(300, days=800).daily(800), Setting(), 365)
    low, high = made.total_bands[0.8]
    share = (high - low) / made.totals
    assert share[330:358].mean() > 1.5 * share[:28].mean()
