"""Intervals rest on the forecasts that were really made, and a measure knows nothing of what came later."""

import msgspec
import numpy as np
import pytest

from app.workforce.backtest import backtest
from app.workforce.calendar import Setting
from app.workforce.demand import Forecast, forecast
from app.workforce.history import History
from app.workforce.record import Stored, of_stored
from tests.workforce.offices import Office

CR = Setting()
OFFICE = Office(2, days=400)
REAL = backtest(OFFICE.history(390), CR, 7, 12).stored


def width(made: Forecast, level: float = 0.8) -> float:
    low, high = made.bands[level]
    return float((high - low).sum())


def test_it_works() -> None:
    made = forecast(OFFICE.history(390), CR, 7, REAL)
    assert not any("guardados" in note for note in made.notes)
    assert 0.5 < width(made) / width(forecast(OFFICE.history(390), CR, 7)) < 1.5


@pytest.mark.parametrize("number", [0, 7])
def test_with_fewer_than_eight_it_says_that_they_do_not_yet(number: int) -> None:
    made = forecast(OFFICE.history(390), CR, 7, REAL[:number])
    assert any("guardados" in note for note in made.notes)
    assert width(made) == width(forecast(OFFICE.history(390), CR, 7))


def test_an_office_whose_forecasts_were_worse_gets_wider_intervals() -> None:
    worse = [msgspec.structs.replace(stored, mean=1.6 * stored.mean) for stored in REAL]
    made, plain = forecast(OFFICE.history(390), CR, 7, worse), forecast(OFFICE.history(390), CR, 7, REAL)
    assert width(made) > 1.5 * width(plain)
    assert width(made, 0.95) > 1.3 * width(plain, 0.95)
    assert np.array_equal(made.mean, plain.mean)


@pytest.mark.parametrize("slots", [1, 24, 96])
def test_forecasts_of_another_interval_are_no_record(slots: int) -> None:
    """The office counted by the hour until it counted by half hours."""
    other = [Stored(stored.first, np.full((7, slots), 5.0)) for stored in REAL]
    made, plain = forecast(OFFICE.history(390), CR, 7, other), forecast(OFFICE.history(390), CR, 7)
    assert width(made) == width(plain)
    assert made.notes == plain.notes


def test_forecasts_of_days_not_yet_come_or_long_gone_are_no_record() -> None:
    for by in (-900, 400):
        moved = [Stored(stored.first + by, stored.mean) for stored in REAL]
        assert width(forecast(OFFICE.history(390), CR, 7, moved)) == width(forecast(OFFICE.history(390), CR, 7))


def test_the_order_of_the_record_does_not_matter() -> None:
    made = forecast(OFFICE.history(390), CR, 7, REAL[::-1])
    assert width(made) == width(forecast(OFFICE.history(390), CR, 7, REAL))


def test_who_stores_every_day_remembers_a_year_as_who_does_so_every_week() -> None:
    """Newest sixty each, before them one a week; and no more than that, whatever was stored."""
    first = np.datetime64("2026-01-01")
    table = History(first - 800 + np.arange(800), np.full((800, 1), 60.0), 86_400, "America/Costa_Rica")
    daily = [Stored(first - back, np.full((7, 1), 50.0)) for back in range(780, 0, -1)]
    found = of_stored(daily, table, 7)
    assert found is not None
    ages = found.firsts[-1] - found.firsts
    assert ages[-60:].tolist() == list(range(59, -1, -1))
    assert ages[:-60].tolist() == [*range(7 * 59, 7 * 8, -7), 60]


def test_a_measure_at_an_origin_knows_nothing_of_what_came_later() -> None:
    changed = Office(2, days=400)
    changed.counts[390 - 7 * 6 :] *= 5
    then, now = (backtest(office.history(390), CR, 7, 12) for office in (OFFICE, changed))
    same = [np.array_equal(a.mean, b.mean) for a, b in zip(then.stored, now.stored, strict=True)]
    assert same == [True] * 7 + [False] * 5


def test_what_the_measure_says_is_what_was_stored() -> None:
    measured = backtest(OFFICE.history(390), CR, 7, 12)
    came = OFFICE.counts[390 - 84 : 390]
    made = np.concatenate([stored.mean for stored in measured.stored])
    assert measured.interval.wape == pytest.approx(np.abs(came - made).sum() / came.sum())
    assert measured.interval.bias == pytest.approx((made.sum() - came.sum()) / came.sum())
    ago = OFFICE.counts[390 - 91 : 383]
    assert measured.interval.naive_wape == pytest.approx(np.abs(came - ago).sum() / came.sum())
    weekly = np.abs(OFFICE.counts[7:390] - OFFICE.counts[:383]).mean()
    assert measured.interval.mase == pytest.approx(np.abs(came - made).mean() / weekly)
    assert [row.first for row in measured.rows] == [stored.first for stored in measured.stored]
