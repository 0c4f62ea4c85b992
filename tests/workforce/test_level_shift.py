"""A level that moves at once is known within days, and chance, drift and bursts are no such level."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.workforce.calendar import Setting
from app.workforce.demand import forecast
from app.workforce.history import History
from app.workforce.level_shift import newest, settled
from tests.workforce.offices import Office


def noise(seed: int, days: int = 200, sd: float = 0.05) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, sd, days)


@pytest.mark.parametrize("by", [-0.5, 0.35, 0.7])
def test_it_works(by: float) -> None:
    """A week after the level moved the forecast has gone nearly all of the way; after two it is there."""
    for known, off in ((247, 0.3), (254, 0.15)):
        missed = []
        for seed in range(200, 206):
            office = Office(seed, days=300, jump=(240, by))
            made = forecast(office.daily(known), Setting(), 7).totals.sum()
            missed.append(np.log(made / office.totals[known : known + 7].sum()) / by)
        assert abs(float(np.median(missed))) < off


def test_the_forecast_says_so() -> None:
    """With the day and the size, so that somebody who knows better can object; a calm office is told nothing."""
    office = Office(201, days=300, jump=(240, 0.35))
    said = [note for note in forecast(office.daily(256), Setting(), 7).notes if "nivel" in note]
    assert len(said) == 1
    day, change = said[0].split()[2], int(said[0].split("(")[1].split()[0])
    assert abs(int((np.datetime64(day) - office.dates[240]).astype(int))) <= 2
    assert 30 <= change <= 55
    assert not any("nivel" in note for note in forecast(office.daily(235), Setting(), 7).notes)


@pytest.mark.parametrize("seed", range(6))
def test_the_day_and_the_size_are_found(seed: int) -> None:
    rest = noise(seed)
    rest[180:] += 0.4
    rest[[150, 170, 185]] = np.nan
    shift = newest(rest)
    assert shift is not None
    assert abs(shift.day - 180) <= 1
    assert shift.by == pytest.approx(0.4, abs=0.08)
    moved = settled(rest, shift)
    assert np.nanmean(moved[100:180]) == pytest.approx(0.4, abs=0.1)
    assert np.array_equal(moved[shift.day :], rest[shift.day :], equal_nan=True)


def test_the_longer_it_holds_the_more_of_the_way_the_past_is_moved() -> None:
    rest = noise(3)
    rest[180:] += 0.5
    means = [float(np.nanmean(settled(rest[:end], newest(rest[:end]))[100:180])) for end in (185, 188, 194, 200)]
    assert means == sorted(means)
    assert means[0] > 0.25
    assert means[-1] > 0.42


def test_chance_and_drift_are_no_shift() -> None:
    """Of two hundred calm offices none, of as many whose level wanders a percent a day or swings with the year few."""
    wander = [noise(seed) + np.cumsum(np.random.default_rng(seed + 900).normal(0, 0.01, 200)) for seed in range(200)]
    season = [noise(seed) + 0.3 * np.sin(np.arange(200) / 58 + seed) for seed in range(200)]
    assert not any(newest(noise(seed)) for seed in range(200))
    assert sum(newest(rest) is not None for rest in wander) <= 8
    assert sum(newest(rest) is not None for rest in season) <= 8


@pytest.mark.parametrize("length", [1, 2, 4, 6])
def test_what_ended_is_no_level(length: int) -> None:
    for back in (3, 5, 10, 20):
        rest = noise(7)
        rest[200 - back - length : 200 - back] += 1.0
        assert newest(rest) is None


@pytest.mark.parametrize("by", [-1.0, 0.6])
def test_a_few_days_are_no_level_yet(by: float) -> None:
    """A storm, a strike, the feast of the village: most steps of three or four days end."""
    for seed, known in ((s, k) for s in range(20) for k in (1, 2, 3, 4)):
        rest = noise(seed)
        rest[-known:] += by
        assert newest(rest) is None
    for seed in range(20):
        rest = noise(seed)
        rest[-6:] += by
        assert newest(rest) is not None


@given(st.integers(0, 2**32 - 1), st.integers(0, 90), st.floats(0, 1))
def test_any_history_comes_back_as_long_and_no_wilder(seed: int, days: int, gaps: float) -> None:
    rng = np.random.default_rng(seed)
    rest = rng.normal(0, 1, days)
    rest[rng.random(days) < gaps] = np.nan
    moved = settled(rest, newest(rest))
    assert np.array_equal(np.isnan(moved), np.isnan(rest))
    assert len(moved) == days
    assert not len(rest) or np.array_equal(moved[-3:], rest[-3:], equal_nan=True)


@pytest.mark.parametrize("weekend", [0.15, 0.5])
def test_a_busy_weekend_where_weekends_are_quiet_is_no_new_level(weekend: float) -> None:
    """A festival: on Monday morning two of the three newest days are far up, and they are small ones."""
    sizes = 2000 * np.array([1.05, 1, 1, 1, 0.95, weekend, 0.8 * weekend])
    for seed in range(6):
        counts = np.tile(sizes, 40) * np.exp(noise(seed, 280, 0.02))
        counts[-2:] *= 1.4
        days = np.datetime64("2025-03-03") + np.arange(280)
        made = forecast(History(days, counts[:, None], 86_400, "UTC"), Setting(country=""), 5)
        assert not [note for note in made.notes if "nivel" in note]
        assert made.totals.sum() == pytest.approx(sizes[:5].sum(), rel=0.12)


def test_in_a_quiet_season_days_are_of_the_usual_size_too() -> None:
    rest = noise(5, 400)
    rest[390:] += 0.4
    season = np.where(np.arange(400) < 300, 0.0, -0.5)
    shift = newest(rest, season)
    assert shift is not None
    assert abs(shift.day - 390) <= 1
