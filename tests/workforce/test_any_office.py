"""Whatever office asks: closed is zero, totals are sums, bands hold each other, reasons multiply, time goes on."""

from datetime import date, timedelta
from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from app.workforce.backtest import backtest
from app.workforce.calendar import Hours, Setting, Special, open_slots
from app.workforce.demand import Forecast, forecast
from app.workforce.drivers import said
from app.workforce.history import History

FIRST = date(2025, 9, 1)


@st.composite
def opening_hours(draw: st.DrawFn) -> Hours:
    """None, one or two stretches; the second may go on until midnight, as the first may begin there."""
    edges = sorted(draw(st.sets(st.integers(0, 96), min_size=4, max_size=4)))
    kind = draw(st.integers(0, 3))
    return ((), ((15 * edges[0], 15 * edges[3]),), ((0, 15 * edges[1] or 15), (15 * edges[2], 1440)),
            ((15 * edges[0], 15 * edges[1]), (15 * edges[2], 15 * edges[3])))[kind]  # fmt: skip


SPECIALS = st.builds(
    Special,
    st.integers(0, 160).map(lambda n: FIRST + timedelta(days=n)),
    st.sampled_from(["rebajas", "inventario", "feria"]),
    st.none() | opening_hours(),
)
SETTINGS = st.builds(
    Setting,
    timezone=st.just("America/Tijuana"),
    country=st.sampled_from(["CR", "MX", ""]),
    opening=st.none() | st.lists(opening_hours(), min_size=7, max_size=7).map(tuple),
    specials=st.lists(SPECIALS, max_size=6).map(tuple),
    holidays_open=st.none() | st.booleans(),
)


def history(days: int, slots: int, level: float, seed: int) -> History:
    rng = np.random.default_rng(seed)
    dates = np.datetime64(FIRST) + np.arange(days)
    counts = rng.poisson(level / slots, (days, slots)).astype(float)
    counts[rng.random(days) < 0.1] = rng.choice([0.0, np.nan])
    return History(dates, counts, 86_400 // slots, "America/Tijuana")


def sound(made: Forecast, setting: Setting) -> None:
    slots = made.mean.shape[1]
    outside = ~open_slots(made.days, slots, setting)
    assert not made.mean[outside].any()
    assert np.isfinite(made.mean).all()
    assert (made.mean >= 0).all()
    assert np.allclose((made.mean * made.shown).sum(axis=1), made.totals)
    for bands, mean in ((made.bands, made.mean), (made.total_bands, made.totals)):
        (low, high), (lowest, highest) = bands[0.8], bands[0.95]
        assert (lowest >= 0).all()
        assert (lowest <= low + 1e-9).all()
        assert (low <= mean + 1e-9).all()
        assert (mean <= high + 1e-9).all()
        assert (high <= highest + 1e-9).all()
        assert not highest[mean == 0].any()
    moments, places = made.moments()
    assert all(a < b for a, b in pairwise(moments))
    assert len(moments) == len(places)


def explained(made: Forecast) -> None:
    for total, drivers in zip(made.totals, made.drivers, strict=True):
        product = (drivers[0].factor + 1) * np.prod([d.factor for d in drivers[1:]]) - 1 if drivers else 0.0
        assert abs(product - total) <= 0.006 * total + 0.02
        assert (said(drivers) == "Cerrado") == (not drivers)


@settings(max_examples=60, deadline=None)
@given(
    SETTINGS, st.integers(1, 100), st.sampled_from([1, 12, 24, 48, 96]), st.sampled_from([0.5, 20.0, 2000.0]),
    st.integers(1, 40), st.integers(0, 10**6),
)  # fmt: skip
def test_it_works(setting: Setting, days: int, slots: int, level: float, ahead: int, seed: int) -> None:
    made = forecast(history(days, slots, level, seed), setting, ahead, guess=50)
    sound(made, setting)
    explained(made)


@settings(max_examples=15, deadline=None)
@given(
    SETTINGS, st.integers(45, 90), st.sampled_from([1, 24, 48]), st.sampled_from([0.5, 200.0]), st.integers(0, 10**6)
)
def test_its_measure_is_figures_or_nothing(setting: Setting, days: int, slots: int, level: float, seed: int) -> None:
    table = backtest(history(days, slots, level, seed), setting, 7, 2)
    for row in (table, *table.rows):
        for measure in (row.interval, row.day):
            for figure in (getattr(measure, name) for name in measure.__struct_fields__):
                assert figure is None or np.isfinite(figure)
            for share in (measure.inside_80, measure.inside_95):
                assert share is None or 0 <= share <= 1
