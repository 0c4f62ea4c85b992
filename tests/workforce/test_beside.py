"""No forecast is shown without how good such forecasts have been."""

import numpy as np
import pytest

from app.workforce.backtest import backtest
from app.workforce.beside import measured
from app.workforce.calendar import Setting
from app.workforce.demand import forecast
from app.workforce.errors import BadInput
from tests.workforce.offices import Office

CR = Setting()
OFFICE = Office(2, days=400)


def test_it_works() -> None:
    shown = measured(OFFICE.history(390), CR, 7)
    tested = backtest(OFFICE.history(390), CR, 7, 8)
    assert shown.backtest is not None
    assert (shown.backtest.rows, shown.backtest.day) == (tested.rows, tested.day)
    assert np.array_equal(shown.forecast.mean, forecast(OFFICE.history(390), CR, 7).mean)


def test_intervals_rest_on_what_the_back_test_forecast() -> None:
    shown = measured(OFFICE.history(390), CR, 7)
    tested = backtest(OFFICE.history(390), CR, 7, 8).stored
    assert np.array_equal(shown.forecast.bands[0.8][1], forecast(OFFICE.history(390), CR, 7, tested).bands[0.8][1])


def test_what_was_really_forecast_goes_before_it() -> None:
    real = backtest(OFFICE.history(390), CR, 7, 12).stored
    worse = [type(stored)(stored.first, 1.6 * stored.mean) for stored in real]
    shown, plain = measured(OFFICE.history(390), CR, 7, worse), measured(OFFICE.history(390), CR, 7)
    assert shown.forecast.total_bands[0.8][1].sum() > 1.1 * plain.forecast.total_bands[0.8][1].sum()
    assert shown.backtest is not None
    assert plain.backtest is not None
    assert shown.backtest.day == plain.backtest.day


@pytest.mark.parametrize("known", [1, 7, 20, 41])
def test_a_short_history_has_no_measure_and_is_forecast_all_the_same(known: int) -> None:
    shown = measured(OFFICE.history(known), CR)
    assert shown.backtest is None
    assert np.array_equal(shown.forecast.mean, forecast(OFFICE.history(known), CR).mean)


def test_a_year_ahead_is_measured_by_what_can_be() -> None:
    shown = measured(OFFICE.daily(390), CR, 365)
    assert len(shown.forecast.days) == 365
    assert shown.backtest is not None
    assert shown.backtest.stored[0].mean.shape == (14, 1)


def test_senseless_horizons_are_refused() -> None:
    with pytest.raises(BadInput):
        measured(OFFICE.history(390), CR, 0)
