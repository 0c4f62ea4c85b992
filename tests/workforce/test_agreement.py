"""A season is what the years have in common: one that only one year had is not expected of the next."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.workforce.agreement import PART, YEAR, agreed
from tests.workforce.offices import wape
from tests.workforce.test_seasons import flat, known, office

YEARS = 3


def lockdown(day: date) -> float:
    return 0.3 if date(2024, 3, 15) <= day < date(2024, 6, 15) else 1.0


def wave(day: date) -> float:
    return float(np.exp(0.4 * np.sin(2 * np.pi * day.timetuple().tm_yday / 365.25)))


def years(seed: int, size: float, noise: float = 0.05) -> np.ndarray:
    """A wave of this size in every year, a level of its own in each, and noise of its own in each four weeks."""
    rng = np.random.default_rng(seed)
    parts = YEAR // PART * YEARS
    views = size * np.sin(2 * np.pi * np.arange(parts) * PART / YEAR) + rng.normal(0, noise, parts)
    return np.repeat(views + np.repeat(rng.normal(0, 0.5, YEARS), YEAR // PART), PART)


@pytest.mark.parametrize("until", ["2025-03-20", "2025-05-05", "2025-06-05"])
def test_it_works(until: str) -> None:
    """Three months of a lockdown, a year ago, are not expected again."""
    made, came = known(office("2026-01-01", lockdown), until, 14)
    assert wape(came, made.mean) < 0.085
    assert not any(driver.group == "season" and driver.factor < 0.9 for driver in made.drivers[3])


@pytest.mark.parametrize("until", ["2025-03-05", "2025-09-05"])
def test_a_season_of_every_year_is_expected_far_ahead(until: str) -> None:
    """Ninety days, in which the office gains or loses half of its contacts, about as well as without a season."""
    made, came = known(office("2026-01-01", wave), until, 90)
    plain, usual = known(office("2026-01-01", flat), until, 90)
    assert wape(came, made.mean) < wape(usual, plain.mean) + 0.06
    assert any(driver.group == "season" for driver in made.drivers[3])


def test_what_every_year_had_is_believed_and_chance_is_not() -> None:
    assert min(agreed(years(seed, 0.3)) for seed in range(50)) > 0.95
    assert np.mean([agreed(years(seed, 0.0)) for seed in range(50)]) < 0.35


def test_a_year_and_a_half_are_believed() -> None:
    """Half a year seen twice tells little of the other half."""
    assert agreed(years(1, 0.0)[: YEAR + YEAR // 2]) == 1.0
    assert agreed(np.full(800, np.nan)) == 1.0


@given(st.integers(0, 10_000), st.integers(1, 1500), st.floats(0, 0.9))
def test_any_history_gives_a_share(seed: int, days: int, unknown: float) -> None:
    rng = np.random.default_rng(seed)
    seen = np.where(rng.random(days) < unknown, np.nan, rng.normal(size=days))
    assert 0 <= agreed(seen) <= 1
    assert agreed(seen) == pytest.approx(agreed(seen + 3.0), abs=1e-6)


def test_the_same_every_year_is_sure() -> None:
    """No noise at all, also of an office whose days are all alike."""
    assert agreed(np.tile(years(1, 0.3)[:YEAR], YEARS)) == pytest.approx(1.0)
    assert 0 <= agreed(np.zeros(YEARS * YEAR)) <= 1
