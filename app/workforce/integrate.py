"""The contract that integrators know from Prophet: [{ds, y}] in, [{ds, yhat, yhat_lower, yhat_upper}] out."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from app.frame.i18n import _
from app.workforce.calendar import Setting
from app.workforce.demand import Forecast, forecast
from app.workforce.errors import BadInput, demand
from app.workforce.history import DAY_S, History, read, zone

Rows = Sequence[dict[str, Any]]
MOST = 200_000


def predict(rows: Rows, periods: int, setting: Setting | None = None, level: float = 0.8) -> list[dict[str, Any]]:
    """The `periods` intervals after the last row. `ds` are ISO dates or datetimes in the office's time,
    aware if the rows' are. `level` is 0.8 or 0.95."""
    demand(isinstance(periods, int) and 0 < periods <= MOST, _("Los períodos van de 1 a 200 000."), "periods")
    demand(level in (0.8, 0.95), _("El intervalo es de 80 % o de 95 %."), "level")
    office = setting or Setting(timezone="UTC", country="")
    stamps, values = _columns(rows)
    history = read(stamps, values, office.timezone)
    last = max(_wall(stamp, office) for stamp in stamps)
    made = forecast(history, office, _days_needed(history, periods))
    return _rows(made, last, periods, level, aware=stamps[0].tzinfo is not None)


def _columns(rows: Rows) -> tuple[list[datetime], list[Any]]:
    try:
        return [_moment(row["ds"]) for row in rows], [row["y"] for row in rows]
    except (KeyError, TypeError) as error:
        raise BadInput(_("Cada fila necesita «ds» (fecha) e «y» (cantidad)."), field="ds") from error


def _moment(stamp: Any) -> datetime:
    if isinstance(stamp, datetime):
        return stamp
    try:
        return datetime.fromisoformat(stamp.isoformat() if isinstance(stamp, date) else stamp)
    except (ValueError, TypeError) as error:
        raise BadInput(_("Hay una fecha que no se entiende."), field="ds") from error


def _wall(stamp: datetime, office: Setting) -> datetime:
    return stamp.astimezone(zone(office.timezone)).replace(tzinfo=None) if stamp.tzinfo else stamp


def _days_needed(history: History, periods: int) -> int:
    """Days from the last full one, with room for a day still going on and for changes of the clock."""
    return -(-periods * history.interval_s // DAY_S) + 2


def _rows(made: Forecast, last: datetime, periods: int, level: float, aware: bool) -> list[dict[str, Any]]:
    where = zone(made.timezone)
    moments, places = made.moments()
    low, high = (end.ravel() for end in made.bands[level])
    mean = made.mean.ravel()
    found: list[dict[str, Any]] = []
    for moment, place in zip(moments, places, strict=True):
        local = moment.astimezone(where)
        if local.replace(tzinfo=None) > last and len(found) < periods:
            shown = local if aware else local.replace(tzinfo=None)
            found.append(_row(shown, mean[place], low[place], high[place]))
    return found


def _row(shown: datetime, mean: float, low: float, high: float) -> dict[str, Any]:
    return {"ds": shown.isoformat(), "yhat": float(mean), "yhat_lower": float(low), "yhat_upper": float(high)}
