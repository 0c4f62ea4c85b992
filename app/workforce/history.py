"""From rows (moment, count) to a table of days by slots, honest about what is missing."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
import numpy as np
from numpy.typing import ArrayLike, NDArray

from app.frame.i18n import _
from app.workforce.calendar import Days
from app.workforce.errors import BadInput, Floats, amounts, demand

DAY_S, HOUR_S = 86_400, 3600
HOLE_DAYS = 300
SPAN = np.array(["1900-01-01", "2200-01-01"], dtype="datetime64[s]")  #: stamps beyond are slips of the pen
GREATEST = 1e12  #: contacts in an interval
Stamps = Sequence[datetime] | Sequence[str] | NDArray[np.datetime64]


class History(msgspec.Struct, frozen=True):
    """`counts[d, s]`: contacts per interval, NaN where unknown (where the clock repeats an hour: the mean of both).

    `notes` are sentences about what was mended."""

    days: Days
    counts: Floats
    interval_s: int
    timezone: str
    notes: tuple[str, ...] = ()

    @property
    def slots(self) -> int:
        return self.counts.shape[1]


def zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, TypeError, OSError) as error:
        raise BadInput(_("No se conoce esa zona horaria."), field="timezone") from error


def read(stamps: Stamps, values: ArrayLike, timezone: str = "UTC", interval_s: int | None = None) -> History:
    """Local wall times (naive datetimes, ISO texts, datetime64) or aware datetimes, in any order. Stamps that all lie
    as far into their interval are taken as its beginning; daily ones as their day."""
    counts = amounts(values, "y")
    local = _local(stamps, zone(timezone))
    demand(local.shape == counts.shape, _("Las listas no tienen el mismo largo."), "y")
    demand(len(local) >= 2, _("Hacen falta al menos dos datos."), "ds")
    demand(bool((counts < GREATEST).all()), _("Hay un valor demasiado grande."), "y")
    step = _interval(np.sort(local)) if interval_s is None else interval_s
    check_interval(step, "ds" if interval_s is None else "interval_s")
    notes: list[str] = []
    local = _begun(local, stamps, step, notes)
    local, counts = _sorted(local, counts, notes)
    local, counts = _after_hole(local, counts, notes)
    return _table(local, counts, step, timezone, notes)


def check_interval(seconds: int, field: str) -> None:
    """Between five minutes and a day, and a whole number of times in it."""
    fits = 300 <= seconds <= DAY_S
    demand(fits, _("Los datos deben venir cada 5 minutos como mínimo y cada día como máximo."), field)
    demand(DAY_S % seconds == 0, _("El intervalo debe dividir el día en partes iguales."), field)


def _local(stamps: Stamps, where: ZoneInfo) -> NDArray[np.datetime64]:
    """Wall-clock seconds in the office's zone."""
    try:
        ready = isinstance(stamps, np.ndarray) and stamps.dtype.kind == "M"
        local = np.asarray(stamps if ready else _walls(_moments(stamps), where), dtype="datetime64[s]")
    except (ValueError, TypeError, AttributeError, OverflowError) as error:
        raise BadInput(_("Hay una fecha que no se entiende."), field="ds") from error
    demand(local.ndim == 1 and not np.isnat(local).any(), _("Hay una fecha que no se entiende."), "ds")
    believable = bool(((SPAN[0] <= local) & (local < SPAN[1])).all())
    demand(believable, _("Hay una fecha fuera de los años 1900 a 2199."), "ds")
    return local


def _moments(stamps: Stamps) -> list[datetime]:
    return [datetime.fromisoformat(stamp) if isinstance(stamp, str) else stamp for stamp in stamps]


def _walls(moments: Sequence[datetime], where: ZoneInfo) -> list[datetime]:
    """What the office's clock showed; naive times are that already. The two kinds do not mix."""
    aware = {moment.tzinfo is not None for moment in moments}
    demand(len(aware) < 2, _("Unas horas traen zona horaria y otras no."), "ds")
    return [moment.astimezone(where).replace(tzinfo=None) if moment.tzinfo else moment for moment in moments]


def _begun(local: NDArray[np.datetime64], stamps: Stamps, step: int, notes: list[str]) -> NDArray[np.datetime64]:
    """The beginnings of the intervals. Daily stamps at another hour than midnight are of the day that they themselves
    name: 00:00 in Greenwich is still the day before in Costa Rica, and means no part of it."""
    late = late_s(local, step)
    if not late.any():
        return local
    if step == DAY_S:
        notes.append(_("Los datos de cada día no son de medianoche: cada uno se toma como el de su fecha."))
        named = local if isinstance(stamps, np.ndarray) else [m.replace(tzinfo=None) for m in _moments(stamps)]
        return np.asarray(named, dtype="datetime64[s]").astype("datetime64[D]").astype("datetime64[s]")
    demand(bool((late == late[0]).all()), _("Hay horas que no caen en el intervalo de las demás."), "ds")
    notes.append(_("Las horas no empiezan en punto: cada dato se toma desde el comienzo de su intervalo."))
    return local - late.astype("timedelta64[s]")


def late_s(local: NDArray[np.datetime64], step: int) -> NDArray[np.int64]:
    """Seconds from the beginning of each stamp's interval."""
    return (local - local.astype("datetime64[D]")).astype("timedelta64[s]").astype(np.int64) % step


def _sorted(local: NDArray[np.datetime64], counts: Floats, notes: list[str]) -> tuple[NDArray[np.datetime64], Floats]:
    if (np.diff(local) < np.timedelta64(0)).any():
        notes.append(_("Los datos no estaban en orden: se ordenaron."))
        order = np.argsort(local, kind="stable")
        return local[order], counts[order]
    return local, counts


def _interval(local: NDArray[np.datetime64]) -> int:
    """The most frequent distance between neighbours."""
    gaps = np.diff(local).astype(np.int64)
    demand(bool((gaps > 0).any()), _("Todos los datos son de la misma hora."), "ds")
    sizes, times = np.unique(gaps[gaps > 0], return_counts=True)
    return int(sizes[np.argmax(times)])


def _after_hole(
    local: NDArray[np.datetime64], counts: Floats, notes: list[str]
) -> tuple[NDArray[np.datetime64], Floats]:
    """A hole of nearly a year leaves two histories: the older one says nothing about today."""
    holes = np.flatnonzero(np.diff(local) > np.timedelta64(HOLE_DAYS * DAY_S, "s"))
    if not len(holes):
        return local, counts
    notes.append(_("Falta casi un año de datos: solo se usa lo que hay después."))
    rest = slice(holes[-1] + 1, None)
    demand(len(local[rest]) >= 2, _("Hacen falta al menos dos datos después del hueco."), "ds")
    return local[rest], counts[rest]


def _table(local: NDArray[np.datetime64], counts: Floats, step: int, timezone: str, notes: list[str]) -> History:
    first = local[0].astype("datetime64[D]")
    index = (local - first.astype("datetime64[s]")).astype(np.int64)
    slots, cells = DAY_S // step, index // step
    length = (cells[-1] // slots + 1) * slots
    times: NDArray[np.int64] = np.bincount(cells, minlength=length).astype(np.int64)
    days = first + np.arange(length // slots)
    _check_repeats(times.reshape(-1, slots), days, step, timezone)
    with np.errstate(invalid="ignore", divide="ignore"):
        table = np.bincount(cells, counts, minlength=length) / np.where(times, times, np.nan)
    return History(days, _zeros(table.reshape(-1, slots), notes), step, timezone, tuple(notes))


def _check_repeats(times: NDArray[np.int64], days: Days, step: int, timezone: str) -> None:
    """A moment may come twice only where the clock itself repeats it."""
    for d in np.flatnonzero(times.max(axis=1) > 1):
        allowed = exposure(days[d : d + 1], step, timezone)[0]
        twice = bool(np.any(times[d] > np.maximum(allowed, 1)))
        demand(not twice, _("Hay dos valores para la misma hora (%(day)s).", day=str(days[d])), "ds")


def _zeros(table: Floats, notes: list[str]) -> Floats:
    """A log that never says zero leaves out the quiet intervals: within a day that has data they are zeros."""
    seen: NDArray[np.bool_] = ~np.isnan(table)
    active = np.asarray(seen.any(axis=1), np.bool_)
    if table.shape[1] == 1 or (table[seen] == 0).any() or seen[active].all():
        return table
    notes.append(_("No había ceros: dentro de un día con datos, los intervalos que faltan se toman como cero."))
    first, last = np.flatnonzero(seen.ravel())[[0, -1]]
    place = np.arange(table.size).reshape(table.shape)
    inside = (place >= first) & (place <= last)
    return np.where(active[:, None] & ~seen & inside, 0.0, table)


def starts(day: np.datetime64, step: int, timezone: str) -> list[datetime]:
    """The true beginnings of a local day's intervals, in UTC: 46, 48 or 50 half hours. Intervals longer than the hour
    by which clocks change keep to the wall clock."""
    where, plain = zone(timezone), date.fromisoformat(str(day))
    if step > HOUR_S:
        midnight = datetime(plain.year, plain.month, plain.day)  # noqa: DTZ001
        walls = [midnight + timedelta(seconds=s) for s in range(0, DAY_S, step)]
        return [wall.replace(tzinfo=where).astimezone(UTC) for wall in walls]
    begin, end = (_midnight(d, where) for d in (plain, plain + timedelta(days=1)))
    return [begin + timedelta(seconds=s) for s in range(0, int((end - begin).total_seconds()), step)]


def _midnight(day: date, where: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=where).astimezone(UTC)


def exposure(days: Days, step: int, timezone: str) -> Floats:
    """(days, slots): how often the clock shows each slot: 1, and around a change of the clock 0 or 2; of slots of many
    hours, how much of them there is. A day as a whole is always one."""
    where, slots = zone(timezone), DAY_S // step
    table = np.ones((len(days), slots))
    for d, day in enumerate(days if slots > 1 else []):
        plain = date.fromisoformat(str(day))
        begin, end = _midnight(plain, where), _midnight(plain + timedelta(days=1), where)
        if end - begin != timedelta(days=1):
            begins = starts(day, step, timezone)
            lengths = np.diff([moment.timestamp() for moment in [*begins, end]]) / step
            table[d] = np.bincount(clock_slots(begins, step, where), lengths, minlength=slots)
    return table


def clock_slots(moments: Sequence[datetime], step: int, where: ZoneInfo) -> NDArray[np.int64]:
    """The slot of the wall clock at each moment."""
    local = [moment.astimezone(where) for moment in moments]
    return np.array([(m.hour * 3600 + m.minute * 60 + m.second) // step for m in local], dtype=np.int64)
