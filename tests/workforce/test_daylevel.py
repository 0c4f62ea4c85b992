"""What the day regression gives to the season, and what to a level that moves."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.workforce.calendar import Setting, weekdays
from app.workforce.daylevel import BEND, BENDS, _learnt, fit
from app.workforce.effects import effects

DAYS = np.datetime64("2022-01-01") + np.arange(3 * 365)
OPEN = np.zeros(len(DAYS), np.bool_)
WAVE = 0.25 * np.sin(2 * np.pi * np.arange(len(DAYS)) / 365.25)


def season_of(seed: int, level: np.ndarray, noise: float = 0.1) -> np.ndarray:
    """What the fit takes for the season of days that are `level`, weekday and noise, about its mean."""
    rng = np.random.default_rng(seed)
    logs = 5 + level - 0.4 * (weekdays(DAYS) > 4) + rng.normal(0, noise, len(DAYS))
    columns = effects(DAYS, Setting(country=""), len(DAYS), OPEN, OPEN)
    own = fit(logs, columns).coefficients
    yearly = np.array([group in ("season", "week", "turn") for group, _name in columns.columns])
    season = columns.matrix[:, yearly] @ own[yearly]
    return np.asarray(season - season.mean())


def far(season: np.ndarray, truth: np.ndarray | float) -> float:
    """Root mean square of the last year."""
    return float(np.sqrt(((season - truth)[-365:] ** 2).mean()))


def wandering(seed: int) -> np.ndarray:
    """A new level every quarter, some fifth above or below the last."""
    levels = np.random.default_rng(seed + 100).normal(0, 0.2, 12).cumsum()
    return np.repeat(levels, len(DAYS) // 12 + 1)[: len(DAYS)]


def test_it_works() -> None:
    assert np.mean([far(season_of(seed, WAVE), WAVE) for seed in range(5)]) < 0.03


def test_a_noisy_office_keeps_the_whole_of_its_season() -> None:
    """Where a day says little, a trend free to bend would take a part of every wave."""
    kept = [np.polyfit(WAVE, season_of(seed, WAVE, 0.3), 1)[0] for seed in range(8)]
    assert 0.85 < np.mean(kept) < 1.1


def test_a_level_that_wanders_is_no_season() -> None:
    """Steps up and down at no time of the year in particular."""
    found = [far(season_of(seed, wandering(seed)), 0.0) for seed in range(8)]
    assert np.mean(found) < 0.06


def widths_learnt(beta: np.ndarray, variance: float) -> np.ndarray:
    widths = np.array([1.0, 20.0, *np.full(len(beta), BEND)])
    every = np.concatenate(([0.3, 5.0], beta))
    return _learnt(widths, every, np.full(len(every), variance), slice(2, None))


def test_the_width_follows_what_the_data_settle() -> None:
    """Bends well known and large, well known and small, and not known at all."""
    assert widths_learnt(np.full(40, 0.2), 1e-6)[2] == pytest.approx(0.2, rel=0.1)
    assert widths_learnt(np.full(40, 0.001), 1e-6)[2] < BEND / 2
    assert widths_learnt(np.zeros(40), BEND**2)[2] == pytest.approx(BEND)


@given(st.lists(st.floats(-50, 50), max_size=30), st.floats(0, 1))
def test_any_bends_leave_the_other_widths_and_the_bounds(beta: list[float], known: float) -> None:
    found = widths_learnt(np.array(beta), known * BEND**2)
    assert found[:2].tolist() == [1.0, 20.0]
    assert all(BENDS[0] <= width <= BENDS[1] for width in found[2:])
