"""The contract that integrators know from Prophet: [{ds, y}] in, [{ds, yhat, yhat_lower, yhat_upper}] out."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import numpy as np

from app.frame.i18n import _
from app.workforce.calendar import FARTHEST, Setting, check_setting, open_slots
from app.workforce.demand import Forecast, forecast, nothing_yet
from app.workforce.errors import BadInput, demand, is_whole
from app.workforce.history import History, read, zone
from app.workforce.profile import template
from app.workforce.stamps import DAY_S, late_s

Rows = Sequence[dict[str, Any]]
MOST = 200_000
LITTLE = 1e-6  #: contacts a day that are none


class Predicted(list[dict[str, Any]]):
    """The rows; `notes` are sentences: what was mended, how little is known."""

    def __init__(self, rows: Sequence[dict[str, Any]], notes: Sequence[str]) -> None:
        super().__init__(rows)
        self.notes = tuple(dict.fromkeys(notes))


def predict(rows: Rows, periods: int, setting: Setting | None = None, level: float = 0.8) -> Predicted:
    """The `periods` intervals after the last row. `ds` are ISO dates or datetimes in the office's time,
    aware if the rows' are. `level` is 0.8 or 0.95. The list's `notes` say what was mended."""
    demand(is_whole(periods) and 0 < periods <= MOST, _("Los períodos van de 1 a 200 000."), "periods")
    demand(level in (0.8, 0.95), _("El intervalo es de 80 % o de 95 %."), "level")
    office = setting or Setting(timezone="UTC", country="")
    check_setting(office)
    stamps, values = _columns(rows)
    history = read(stamps, values, office.timezone)
    days = _days_needed(history, int(periods))
    demand(days <= FARTHEST, _("Los períodos pedidos llegan a más de diez años."), "periods")
    parts = _made(history, office, days)
    notes = [*history.notes, *(note for part in parts for note in part.notes)]
    return Predicted(_rows(parts, _Last.of(stamps, office, history), int(periods), level), notes)


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
        stamp = max(
            _kept(stamps, office, history), key=lambda moment: moment.astimezone(UTC) if moment.tzinfo else moment
        )
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


def _kept(stamps: Sequence[datetime], office: Setting, history: History) -> list[datetime]:
    """Without the strays that the history left out, years after it."""
    end = datetime.fromisoformat(str(history.days[-1])) + timedelta(days=2)
    return [stamp for stamp in stamps if _wall(stamp, office) < end]


def _wall(stamp: datetime, office: Setting) -> datetime:
    return stamp.astimezone(zone(office.timezone)).replace(tzinfo=None) if stamp.tzinfo else stamp


def _days_needed(history: History, periods: int) -> int:
    """Days from the last full one, with room for a day still going on and for changes of the clock."""
    return -(-periods * history.interval_s // DAY_S) + 2


def _rows(parts: Sequence[Forecast], last: _Last, periods: int, level: float) -> list[dict[str, Any]]:
    intervals = [interval for part in parts for interval in _intervals(part, parts[-1], level)]
    moments = [interval[0] for interval in intervals]
    begin = _first_after(moments, last, parts[-1])
    ends = [*moments[1:], datetime.max.replace(tzinfo=UTC)]
    chosen = zip(range(1, periods + 1), intervals[begin:], ends[begin:], strict=False)
    return [_row(_stamp((moment, end), i, last, parts[-1]), *figures) for i, (moment, *figures), end in chosen]


def _intervals(part: Forecast, final: Forecast, level: float) -> list[tuple[datetime, float, float, float]]:
    """Moment, mean and both ends, of an interval that a change of the clock makes longer as much more; of a part before
    the final one, the days before it."""
    moments, places = part.moments()
    longer = part.shown.ravel()[places] / np.bincount(places)[places]
    figures = [(figure.ravel()[places] * longer).tolist() for figure in (part.mean, *part.bands[level])]
    until = None if part is final else final.moments()[0][0]
    return [interval for interval in zip(moments, *figures, strict=True) if until is None or interval[0] < until]


def _first_after(moments: Sequence[datetime], last: _Last, made: Forecast) -> int:
    """Place of the first interval after the last row's. An hour that the clock repeats is over once it came twice."""
    where = zone(made.timezone)
    if made.interval_s == DAY_S:
        date_of = last.stamp if last.late else last.wall
        return sum(moment.astimezone(where).date() <= date_of.date() for moment in moments)
    if last.stamp.tzinfo:
        return sum(moment + last.late <= last.stamp for moment in moments)
    return _after_walls([_on_the_wall(moment, made) + last.late for moment in moments], last)


def _after_walls(walls: Sequence[datetime], last: _Last) -> int:
    shown: Counter[datetime] = Counter()
    after = sum(wall < last.wall for wall in walls)
    for place, wall in enumerate(walls):
        shown[wall] += 1
        if shown[wall] <= last.seen[wall]:
            after = place + 1
    return after


def _stamp(interval: tuple[datetime, datetime], number: int, last: _Last, made: Forecast) -> datetime:
    """As far into its interval as the rows' stamps were; as they were given, on the clock or with their zone."""
    if made.interval_s == DAY_S and last.late:
        return last.stamp + timedelta(days=number)
    begin, end = interval
    if not last.stamp.tzinfo:
        return _on_the_wall(begin, made) + last.late
    inside = begin + last.late if begin + last.late < end else begin  # the change of the clock cut it short
    return inside.astimezone(zone(made.timezone))


def _on_the_wall(moment: datetime, made: Forecast) -> datetime:
    """The slot's time on the clock, also if the clock skipped its beginning."""
    wall = moment.astimezone(zone(made.timezone)).replace(tzinfo=None)
    midnight = wall.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + (wall - midnight) // timedelta(seconds=made.interval_s) * timedelta(seconds=made.interval_s)


def _row(shown: datetime, mean: float, low: float, high: float) -> dict[str, Any]:
    return {"ds": shown.isoformat(), "yhat": float(mean), "yhat_lower": float(low), "yhat_upper": float(high)}
