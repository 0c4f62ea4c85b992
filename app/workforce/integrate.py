"""The contract that integrators know from Prophet: [{ds, y}] in, [{ds, yhat, yhat_lower, yhat_upper}] out."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import numpy as np

from app.frame.i18n import _
from app.workforce.calendar import FARTHEST, Setting, open_slots
from app.workforce.demand import Forecast, forecast, nothing_yet
from app.workforce.errors import BadInput, demand
from app.workforce.history import DAY_S, History, late_s, read, zone
from app.workforce.profile import template

Rows = Sequence[dict[str, Any]]
MOST = 200_000
LITTLE = 1e-6  #: contacts a day that are none


def predict(rows: Rows, periods: int, setting: Setting | None = None, level: float = 0.8) -> list[dict[str, Any]]:
    """The `periods` intervals after the last row. `ds` are ISO dates or datetimes in the office's time,
    aware if the rows' are. `level` is 0.8 or 0.95."""
    demand(isinstance(periods, int) and 0 < periods <= MOST, _("Los períodos van de 1 a 200 000."), "periods")
    demand(level in (0.8, 0.95), _("El intervalo es de 80 % o de 95 %."), "level")
    office = setting or Setting(timezone="UTC", country="")
    stamps, values = _columns(rows)
    history = read(stamps, values, office.timezone)
    days = _days_needed(history, periods)
    demand(days <= FARTHEST, _("Los períodos pedidos llegan a más de diez años."), "periods")
    return _rows(_made(history, office, days), _Last.of(stamps, office, history), periods, level)


def _made(history: History, office: Setting, days: int) -> list[Forecast]:
    """A forecast begins with a day; where the rows end before the evening, the rest of theirs is that of the days
    before, or of the common day where there are none."""
    first, running = history.days[0], bool(np.isnan(history.counts[-1, -1]))
    none = nothing_yet(first, history.interval_s, history.timezone)
    if running and len(history.days) == 1:
        return [forecast(none, office, days, guess=_day_of(history, office))]
    made = forecast(history, office, days)
    if not running or made.days[0] <= history.days[-1]:
        return [made]
    before = msgspec.structs.replace(history, days=history.days[:-1], counts=history.counts[:-1])
    return [forecast(before, office, int((made.days[0] - before.days[-1]).astype(int)), guess=LITTLE), made]


def _day_of(history: History, office: Setting) -> float:
    """Contacts of a day of which this was seen, by the shape of a common one."""
    known = ~np.isnan(history.counts[0])
    common = template(history.slots, open_slots(history.days, history.slots, office))[0]
    share = float(common[known].sum()) or float(known.mean())
    return float(np.nansum(history.counts)) / share + LITTLE


class _Last(msgspec.Struct, frozen=True):
    """Where the rows end: the last stamp as given and on the office's clock, how far into its interval it lies, and how
    often each of the last days' came."""

    stamp: datetime
    wall: datetime
    late: timedelta
    seen: Counter[datetime]

    @classmethod
    def of(cls, stamps: Sequence[datetime], office: Setting, history: History) -> "_Last":
        stamp = max(stamps, key=lambda moment: moment.astimezone(UTC) if moment.tzinfo else moment)
        wall = _wall(stamp, office)
        late = int(late_s(np.array([wall], dtype="datetime64[s]"), history.interval_s)[0])
        seen = Counter(moment for moment in stamps if not stamp.tzinfo and stamp - moment < timedelta(days=2))
        return cls(stamp, wall, timedelta(seconds=late), seen)


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


def _rows(parts: Sequence[Forecast], last: _Last, periods: int, level: float) -> list[dict[str, Any]]:
    intervals = [interval for part in parts for interval in _intervals(part, parts[-1], level)]
    begin = _first_after([interval[0] for interval in intervals], last, parts[-1])
    chosen = enumerate(intervals[begin:][:periods], start=1)
    return [_row(_stamp(moment, i, last, parts[-1]), *figures) for i, (moment, *figures) in chosen]


def _intervals(part: Forecast, final: Forecast, level: float) -> list[tuple[datetime, float, float, float]]:
    """Moment, mean and both ends; of a part before the final one, the days before it."""
    moments, places = part.moments()
    low, high = (end.ravel()[places].tolist() for end in part.bands[level])
    whole = zip(moments, part.mean.ravel()[places].tolist(), low, high, strict=True)
    until = None if part is final else final.moments()[0][0]
    return [interval for interval in whole if until is None or interval[0] < until]


def _first_after(moments: Sequence[datetime], last: _Last, made: Forecast) -> int:
    """Place of the first interval after the last row's. An hour that the clock repeats is over once it came twice."""
    where = zone(made.timezone)
    if made.interval_s == DAY_S:
        date_of = last.stamp if last.late else last.wall
        return sum(moment.astimezone(where).date() <= date_of.date() for moment in moments)
    if last.stamp.tzinfo:
        return sum(moment + last.late <= last.stamp for moment in moments)
    return _after_walls([moment.astimezone(where).replace(tzinfo=None) + last.late for moment in moments], last)


def _after_walls(walls: Sequence[datetime], last: _Last) -> int:
    shown: Counter[datetime] = Counter()
    after = sum(wall < last.wall for wall in walls)
    for place, wall in enumerate(walls):
        shown[wall] += 1
        if shown[wall] <= last.seen[wall]:
            after = place + 1
    return after


def _stamp(moment: datetime, number: int, last: _Last, made: Forecast) -> datetime:
    """As far into its interval as the rows' stamps were."""
    if made.interval_s == DAY_S and last.late:
        return last.stamp + timedelta(days=number)
    local = (moment + last.late).astimezone(zone(made.timezone))
    return local if last.stamp.tzinfo else local.replace(tzinfo=None)


def _row(shown: datetime, mean: float, low: float, high: float) -> dict[str, Any]:
    return {"ds": shown.isoformat(), "yhat": float(mean), "yhat_lower": float(low), "yhat_upper": float(high)}
