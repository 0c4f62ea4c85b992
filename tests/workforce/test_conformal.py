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
    times = []
    for seed in range(20):
        scores = errors(seed, 2 ** (np.arange(16) / 4))
        times.append(adapted(scores, WEEKS[:16], 7)[0.8][0] / widths(scores, WEEKS[:16], 7)[0.8][0])
    assert np.mean(times) > 1.3


def after_a_fright(weeks: int, *seeds: int) -> dict[float, float]:
    """Times the widths of an office that had two wild weeks, so many weeks ago, to those of the same one without."""
    times = {level: list[float]() for level in LEVELS}
    for seed in seeds:
        calm = errors(seed, np.ones(20 + weeks))
        wild = calm.copy()
        wild[18:20] *= 5
        made, usual = (adapted(scores, 7 * np.arange(len(scores)), 7) for scores in (wild, calm))
        for level in LEVELS:
            times[level].append(np.log(made[level][0] / usual[level][0]))
    return {level: float(np.exp(np.mean(found))) for level, found in times.items()}


def test_a_fright_long_past_is_forgotten() -> None:
    """Nine weeks later the narrow widths are as if nothing had been: no wider, and not narrower either. The wide ones,
    which few errors tell of, make good for it longer: half a year later nothing is left, nor when the year is over."""
    assert after_a_fright(1, *range(20))[0.8] > 1.5
    assert after_a_fright(9, *range(80))[0.8] == pytest.approx(1, rel=0.05)
    assert 1.05 < after_a_fright(9, *range(40))[0.95] < 1.4
    assert all(after_a_fright(30, *range(40))[level] == pytest.approx(1, rel=0.05) for level in LEVELS)
    assert all(after_a_fright(60, *range(20))[level] == pytest.approx(1, rel=0.05) for level in LEVELS)


def test_frights_that_return_every_season_are_held_over_the_year() -> None:
    """A quarter of the year's errors come in fortnights four times as wild, ten weeks apart: long enough to forget."""
    inside = []
    for seed in range(12):
        spread = np.where(np.arange(72) % 10 < 2, 4.0, 1.0)
        inside.append(held(errors(seed, spread), 7 * np.arange(72), 20)[0.95])
    assert 0.935 <= np.mean(inside) <= 0.965


def surprised(*days: int) -> np.ndarray:
    """Thirty weeks of forecasts two weeks long, made until day 205 and known until then; wild on these days of it."""
    day = WEEKS[:30, None] + np.arange(14)
    scores = np.hstack((errors(4, np.ones(30)), errors(5, np.ones(30))))
    scores[np.isin(day, days)] = 9.0
    scores[day >= 205] = np.nan
    return scores


def test_a_surprise_on_the_last_day_may_be_a_new_level() -> None:
    """Nobody can tell yet, so the intervals hold days like it."""
    made, usual = (adapted(scores, WEEKS[:30], 14) for scores in (surprised(204), surprised()))
    assert all((made[level] > 9).all() for level in LEVELS)
    assert all((usual[level] < 5).all() for level in LEVELS)


def test_a_new_level_is_held_as_often_as_the_intervals_say() -> None:
    """Both the surprise and the days after it scatter around the new level."""
    inside: dict[float, list[float]] = {level: [] for level in LEVELS}
    for seed in range(60):
        scores, rng = surprised(), np.random.default_rng(seed)
        scores[WEEKS[:30, None] + np.arange(14) == 204] = rng.normal(9, 1)
        made, later = adapted(scores, WEEKS[:30], 14), rng.normal(9, 1, 14)
        for level in LEVELS:
            inside[level].append(float((later <= made[level]).mean()))
    assert all(np.mean(inside[level]) >= level - 0.03 for level in LEVELS)
    assert np.mean(inside[0.8]) <= 0.95


@pytest.mark.parametrize("days", [(203,), (203, 204)])
def test_a_surprise_that_the_next_day_settled_is_only_one_error_more(days: tuple[int, ...]) -> None:
    """It was an odd day, or the level that the forecast now knows."""
    assert adapted(surprised(*days), WEEKS[:30], 14)[0.8].max() < 4


def test_each_record_alone_holds_more_evenly_than_without_the_loop() -> None:
    """What a series gets, not what the mean of many gets: errors that breathe by months."""
    breath = np.exp(0.5 * np.sin(np.arange(40) / 3))
    off = {"plain": [], "looped": []}
    for seed in range(12):
        scores = errors(seed + 50, breath)
        for name, make in (("plain", widths), ("looped", adapted)):
            inside = [(scores[i] <= make(scores[:i], WEEKS[:i], 7)[0.8]).mean() for i in range(8, 40)]
            off[name].append(abs(np.mean(inside) - 0.8))
    assert np.mean(off["looped"]) < np.mean(off["plain"])


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
    assert (made[0.95] >= made[0.8]).all()
