"""Evenings that the office began or ceased to answer are known within weeks; chance and outages move nothing."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.workforce.calendar import Setting
from app.workforce.demand import forecast
from app.workforce.history import History
from app.workforce.hours_moved import settled_hours
from tests.workforce.offices import Office

EVENING = slice(36, 48)
DAYS = np.datetime64("2025-01-06") + np.arange(400)


def evening_share(counts: np.ndarray, office: Office) -> float:
    made = forecast(History(office.dates[:400], counts[:400], 1800, "America/Costa_Rica"), Setting(), 7)
    assert np.isfinite(made.totals).all()
    return float(made.mean[:, EVENING].sum() / made.mean.sum())


@pytest.mark.parametrize(("days", "reached"), [(7, 0.6), (14, 0.7), (28, 0.8)])
@pytest.mark.parametrize("seed", [3, 4])
def test_it_works(seed: int, days: int, reached: float) -> None:
    """The evening that opened has most of its share within a week, though a year says there is none."""
    office = Office(seed, days=450)
    true = office.expected[400:407, EVENING].sum() / office.expected[400:407].sum()
    office.counts[: 400 - days, EVENING] = 0
    assert reached * true < evening_share(office.counts, office) < 1.05 * true


@pytest.mark.parametrize(("days", "left"), [(10, 0.1), (14, 0.05), (28, 0.01)])
@pytest.mark.parametrize("seed", [3, 4])
def test_an_evening_that_closed_is_soon_forgotten(seed: int, days: int, left: float) -> None:
    office = Office(seed, days=450)
    true = office.expected[400:407, EVENING].sum() / office.expected[400:407].sum()
    office.counts[400 - days :, EVENING] = 0
    assert evening_share(office.counts, office) < left * true


def test_the_day_is_as_large_as_before_in_the_hours_that_stay() -> None:
    office = Office(5, days=450, drift=0.002)
    office.counts[:372, EVENING] = 0
    made = forecast(History(office.dates[:400], office.counts[:400], 1800, "America/Costa_Rica"), Setting(), 7)
    assert made.mean[:, 16:36].sum() == pytest.approx(office.expected[400:407, 16:36].sum(), rel=0.1)


@pytest.mark.parametrize("days", [1, 2, 4])
def test_a_line_that_was_down_for_some_days_closes_nothing(days: int) -> None:
    office = Office(1)
    office.counts[400 - days :, 20:24] = 0
    assert np.array_equal(settled_hours(office.counts, office.dates), office.counts)


def test_a_stray_call_at_night_opens_nothing() -> None:
    office = Office(1)
    office.counts[[396, 399], 2] = 1
    assert np.array_equal(settled_hours(office.counts, office.dates), office.counts)


@pytest.mark.parametrize("rate", [0.01, 0.1, 0.3, 1.0, 5.0])
def test_chance_moves_no_hours(rate: float) -> None:
    counts = np.random.default_rng(2).poisson(rate, (400, 48)).astype(float)
    assert np.isnan(settled_hours(counts, DAYS)).any(axis=0).sum() <= 1


def test_only_the_saturdays_that_changed_change() -> None:
    office = Office(3)
    saturdays = (office.dates.astype(np.int64) + 3) % 7 == 5
    office.counts[saturdays, 16:24] += 20
    office.counts[np.flatnonzero(saturdays)[-6:], 16:24] = 0
    unknown = np.isnan(settled_hours(office.counts, office.dates))
    assert unknown[saturdays][:-6, 16:24].all()
    assert not unknown[~saturdays].any()


@given(st.integers(0, 2**32 - 1), st.integers(1, 90), st.sampled_from([1, 4, 24]), st.floats(0, 1), st.floats(0, 30))
def test_the_newest_days_stay_and_nothing_is_made_up(
    seed: int, days: int, slots: int, gaps: float, rate: float
) -> None:
    rng = np.random.default_rng(seed)
    counts = rng.poisson(rate, (days, slots)) * (rng.random((days, slots)) < 0.7).astype(float)
    counts[rng.random((days, slots)) < gaps] = np.nan
    found = settled_hours(counts, DAYS[:days])
    kept = ~np.isnan(found)
    assert np.array_equal(found[kept], counts[kept])
    assert np.array_equal(np.isnan(found[-2:]), np.isnan(counts[-2:]))
