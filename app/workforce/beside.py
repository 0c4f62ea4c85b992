"""A forecast with how good such forecasts have been: whoever shows the one shows the other."""

from collections.abc import Sequence

import msgspec

from app.workforce.backtest import Backtest, backtest
from app.workforce.calendar import Setting
from app.workforce.coldstart import NEEDED
from app.workforce.demand import Forecast, forecast, full_days
from app.workforce.history import History
from app.workforce.record import Stored

FARTHEST = 14  #: days ahead of which is measured how good they were
ORIGINS = 8  #: as many as intervals need to rest on


class Measured(msgspec.Struct, frozen=True):
    """`backtest` is None while the history is too short to measure anything by it: no data, which is to be said."""

    forecast: Forecast
    backtest: Backtest | None


def measured(
    history: History, setting: Setting, days: int = 14, past: Sequence[Stored] = (), guess: float = 0.0
) -> Measured:
    """`forecast` and its back-test. Until the office has a record of its own, intervals rest on what the back-test
    forecast: it, too, knew nothing of what came later."""
    tested = _tested(history, setting, min(days, FARTHEST))
    remade = tested.stored if tested else ()
    record = {stored.first: stored for stored in (*remade, *past)}  # what was really forecast goes before
    return Measured(forecast(history, setting, days, list(record.values()), guess), tested)


def _tested(history: History, setting: Setting, days: int) -> Backtest | None:
    enough = len(full_days(history).days) - days >= 2 * NEEDED
    return backtest(history, setting, days, ORIGINS) if enough and days > 0 else None
