"""Whatever comes in: a forecast that makes sense, or a sentence."""

from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.workforce.calendar import Setting, Special
from app.workforce.demand import forecast
from app.workforce.errors import BadInput
from app.workforce.history import History, read
from app.workforce.integrate import predict

NAIVE = st.datetimes(datetime(2020, 1, 1), datetime(2027, 1, 1))  # noqa: DTZ001
ANYTHING = st.one_of(st.none(), st.text(max_size=8), st.integers(), st.floats(), NAIVE, st.dates(), st.booleans())


def sane(mean: np.ndarray) -> bool:
    return bool(np.isfinite(mean).all() and (mean >= 0).all())


def test_it_works() -> None:
    made = forecast(
        History(np.arange("2026-01-01", "2026-03-01", dtype="datetime64[D]"), np.ones((59, 24)), 3600, "UTC"), Setting()
    )
    assert sane(made.mean)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.fixed_dictionaries({"ds": ANYTHING, "y": ANYTHING}), max_size=6))
def test_garbage_is_forecast_or_refused_but_never_breaks(rows: list[dict[str, Any]]) -> None:
    try:
        found = predict(rows, 3)
    except BadInput as refused:
        found = [refused.sentence] * 3
    assert len(found) == 3
    assert all(found)


@settings(max_examples=60, deadline=None)
@given(st.permutations(range(30)), st.integers(0, 10**6))
def test_the_order_of_the_rows_does_not_matter(order: list[int], seed: int) -> None:
    stamps = np.datetime64("2026-01-01") + np.arange(30)
    counts = np.random.default_rng(seed).poisson(50, 30).astype(float)
    plain, mixed = read(stamps, counts), read(stamps[order], counts[order])
    assert np.array_equal(plain.counts, mixed.counts)


@settings(max_examples=80, deadline=None)
@given(data=st.data(), days=st.integers(1, 130), slots=st.sampled_from([1, 4, 24, 48]), seed=st.integers(0, 10**6))
def test_any_table_gives_finite_figures(data: st.DataObject, days: int, slots: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    level = data.draw(st.sampled_from([0.0, 0.05, 1.0, 30.0, 1e5]))
    counts = rng.poisson(level, (days, slots)).astype(float)
    counts[rng.random(days) < data.draw(st.sampled_from([0, 0.3, 0.95]))] = data.draw(st.sampled_from([0.0, np.nan]))
    counts[rng.random(counts.shape) < data.draw(st.sampled_from([0, 0.2, 0.9]))] = np.nan
    table = History(np.datetime64("2025-12-20") + np.arange(days), counts, 86_400 // slots, "America/Tijuana")
    horizon = data.draw(st.integers(1, 70))
    guess = data.draw(st.sampled_from([0.0, 20.0]))
    try:
        made = forecast(table, Setting("America/Tijuana", "MX"), horizon, guess=guess)
    except BadInput as refused:
        if refused.field != "guess":
            raise
        return
    assert sane(made.mean)
    assert made.mean.shape == (horizon, slots)
    for low, high in made.bands.values():
        assert (low <= made.mean + 1e-9).all()
        assert (made.mean <= high + 1e-9).all()


@pytest.mark.parametrize("minutes", [5, 15, 30, 60, 1440])
def test_every_interval_of_the_contract(minutes: int) -> None:
    slots = 1440 // minutes
    counts = np.random.default_rng(1).poisson(20, (60, slots)).astype(float)
    days = np.datetime64("2026-01-01") + np.arange(60)
    closing = (Special(date(2026, 3, 3), "inventario", ()),)
    made = forecast(History(days, counts, minutes * 60, "America/Costa_Rica"), Setting(specials=closing), 7)
    assert made.totals[0] == pytest.approx(20 * slots, rel=0.1)
    assert made.totals[1] == 0
    assert made.moments()[0][0] == datetime(2026, 3, 2, 6, tzinfo=UTC)
