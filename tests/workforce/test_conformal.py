"""Widths from past errors: they hold as often as they say, also when the errors change, and use nothing from later."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.workforce.conformal import LEVELS, adapted, widths

WEEKS = 7 * np.arange(40)


def held(scores: np.ndarray, firsts: np.ndarray, begin: int = 8) -> dict[float, float]:
    """The share inside, each origin judged by those before it."""
    hits: dict[float, list[float]] = {level: [] for level in LEVELS}
    for origin in range(begin, len(scores)):
        made = adapted(scores[:origin], firsts[:origin], scores.shape[1])
        for level in LEVELS:
            hits[level].append(float((scores[origin] <= made[level]).mean()))
    return {level: float(np.mean(inside)) for level, inside in hits.items()}


def errors(seed: int, spread: np.ndarray, together: float = 0.3) -> np.ndarray:
    """(origins, 7): errors of one origin go together a little."""
    rng = np.random.default_rng(seed)
    own, shared = rng.normal(size=(len(spread), 7)), rng.normal(size=(len(spread), 1))
    return np.abs(np.sqrt(1 - together) * own + np.sqrt(together) * shared) * spread[:, None]


@pytest.mark.parametrize("growth", [0.0, 0.02, -0.02])
def test_it_works(growth: float) -> None:
    """Steady errors, errors that grow, errors that shrink."""
    inside = [held(errors(seed, np.exp(growth * np.arange(40))), WEEKS) for seed in range(8)]
    assert 0.75 <= np.mean([one[0.8] for one in inside]) <= 0.88
    assert 0.92 <= np.mean([one[0.95] for one in inside]) <= 0.985


def test_widths_that_never_held_grow_beyond_the_plain_ones() -> None:
    """Errors that double every four weeks outrun any quantile of the past."""
    scores = errors(1, 2 ** (np.arange(16) / 4))
    assert adapted(scores, WEEKS[:16], 7)[0.8][0] > 1.1 * widths(scores, WEEKS[:16], 7)[0.8][0]


def test_daily_origins_count_by_time_not_by_number() -> None:
    """Seven origins a week that say the same are no more than one."""
    scores = errors(2, np.ones(12))
    weekly = widths(scores, WEEKS[:12], 7)
    daily = widths(np.repeat(scores, 7, axis=0), np.arange(84), 7)
    assert daily[0.8][0] == pytest.approx(weekly[0.8][0], rel=0.25)


@given(st.integers(0, 2**32 - 1), st.integers(2, 20), st.sampled_from([1, 7, 14]))
def test_any_record_gives_finite_rising_widths(seed: int, origins: int, horizon: int) -> None:
    rng = np.random.default_rng(seed)
    scores = rng.exponential(size=(origins, horizon))
    scores[:, 1:][rng.random((origins, horizon - 1)) < 0.3] = np.nan
    made = adapted(scores, np.cumsum(rng.integers(1, 9, origins)), horizon)
    assert all(np.isfinite(made[level]).all() and (made[level] > 0).all() for level in LEVELS)
