"""From rows (moment, count) to a table of days by slots, honest about what is missing."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from math import gcd
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
import numpy as np
from numpy.typing import ArrayLike, NDArray

from app.frame.i18n import _
from app.workforce.calendar import Days
from app.workforce.errors import BadInput, Floats, amounts, demand, is_whole
from app.workforce.mending import one_stretch, with_zeros
from app.workforce.stamps import DAY_S, Stamps, Times, Walls, beginnings, walls

GREATEST = 1e12  #: contacts in an interval


class History(msgspec.Struct, frozen=True):
    """`counts[d, s]`: contacts per interval, NaN where unknown. Where the clock repeats an hour: the mean of both; of
    an interval that it makes longer: as many as in one of the usual length.

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
    clock = walls(stamps, zone(timezone))
    demand(clock.local.shape == counts.shape, _("Las listas no tienen el mismo largo."), "y")
    demand(len(counts) >= 2, _("Hacen falta al menos dos datos."), "ds")
    demand(bool((counts < GREATEST).all()), _("Hay un valor demasiado grande."), "y")
    step = _interval(np.sort(clock.local)) if interval_s is None else interval_s
    check_interval(step, "ds" if interval_s is None else "interval_s")
    notes: list[str] = []
    local, true = beginnings(clock, step, notes)
    local, counts = _sorted(local, counts, clock, notes)
    local, counts = one_stretch(local, counts, notes)
    days, table = _table(local, counts, _Grid(step, timezone, true), notes)
    return History(days, table, step, timezone, tuple(notes))


class _Grid(msgspec.Struct, frozen=True):
    """`true`: all intervals last equally long, whatever the clock does."""

    step: int
    timezone: str
    true: bool


def check_interval(seconds: int, field: str) -> None:
    """Between five minutes and a day, and a whole number of times in it."""
    demand(is_whole(seconds), _("El intervalo debe ser un número entero de segundos."), field)
    fits = 300 <= seconds <= DAY_S
    demand(fits, _("Los datos deben venir cada 5 minutos como mínimo y cada día como máximo."), field)
    demand(DAY_S % seconds == 0, _("El intervalo debe dividir el día en partes iguales."), field)


def _sorted(local: Times, counts: Floats, clock: Walls, notes: list[str]) -> tuple[Times, Floats]:
    if (np.diff(clock.order()) < 0).any():
        notes.append(_("Los datos no estaban en orden: se ordenaron."))
    order = np.argsort(local, kind="stable")
    return local[order], counts[order]


def _interval(local: Times) -> int:
    """The most frequent distance between neighbours."""
    gaps = np.diff(local).astype(np.int64)
    demand(bool((gaps > 0).any()), _("Todos los datos son de la misma hora."), "ds")
    sizes, times = np.unique(gaps[gaps > 0], return_counts=True)
    return int(sizes[np.argmax(times)])


def _table(local: Times, counts: Floats, grid: _Grid, notes: list[str]) -> tuple[Days, Floats]:
    first = local[0].astype("datetime64[D]")
    index = (local - first.astype("datetime64[s]")).astype(np.int64)
    slots, cells = DAY_S // grid.step, index // grid.step
    length = (cells[-1] // slots + 1) * slots
    days = first + np.arange(length // slots)
    shown = exposure(days, grid.step, grid.timezone)
    times = np.bincount(cells, minlength=length).astype(np.int64).reshape(shown.shape)
    if not grid.true:  # of true time no two are alike, and where the clock goes back several share an interval
        _check_repeats(times, shown, days)
    _say_skipped(days[((times > 0) & (shown == 0)).any(axis=1)], notes)
    lasts = times if grid.true else np.where(shown % 1 > 0, np.maximum(shown, 1), times)
    sums = np.bincount(cells, counts, minlength=length).reshape(shown.shape)
    with np.errstate(invalid="ignore", divide="ignore"):
        table = sums / np.where(times > 0, np.where(lasts > 0, lasts, 1), np.nan)
    return days, with_zeros(table, shown, notes)


def _check_repeats(times: NDArray[np.int64], shown: Floats, days: Days) -> None:
    """A moment may come twice only where the clock itself repeats it."""
    for day in days[(times > np.maximum(shown, 1)).any(axis=1)][:1]:
        demand(False, _("Hay dos valores para la misma hora (%(day)s).", day=str(day)), "ds")


def _say_skipped(days: Days, notes: list[str]) -> None:
    if len(days):
        said = _(
            "Hay datos de una hora que no existió, porque ese día el reloj la saltó (%(day)s): se dejan como están.",
            day=str(days[0]),
        )
        notes.append(said)


def starts(day: np.datetime64, step: int, timezone: str) -> list[datetime]:
    """The true beginnings of a local day's intervals, in UTC: 46, 48 or 50 half hours. Intervals that do not divide
    the time by which the clock changes keep to the clock on the wall: the one in which it changes is longer, or
    shorter, and those that it skips are left out."""
    where, plain = zone(timezone), date.fromisoformat(str(day))
    begin, end = (_midnight(d, where) for d in (plain, plain + timedelta(days=1)))
    length = int((end - begin).total_seconds())
    if (length - DAY_S) % step == 0:
        return [begin + timedelta(seconds=s) for s in range(0, length, step)]
    moments = [begin + timedelta(seconds=s) for s in range(0, length, gcd(step, 60))]
    reached = np.maximum.accumulate(clock_slots(moments, step, where))  # an hour that comes again begins nothing
    return [moments[place] for place in np.flatnonzero(np.diff(reached, prepend=-1))]


def _midnight(day: date, where: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=where).astimezone(UTC)


def exposure(days: Days, step: int, timezone: str) -> Floats:
    """(days, slots): how often the clock shows each slot: 1, and around a change of the clock 0 or 2; of slots that
    keep to the clock on the wall, how much of them there is. A day as a whole is always one."""
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


def other_zone(history: History, timezone: str, days: Days) -> list[str]:
    """A sentence if the clock of that zone shows another time than the history's on any of the days."""
    where, own = zone(timezone), zone(history.timezone)
    if history.slots == 1 or timezone == history.timezone:
        return []
    dates = [date.fromisoformat(str(day)) for day in [*days, days[-1] + 1]]
    if all(_midnight(day, where) == _midnight(day, own) for day in dates):
        return []
    said = _(
        "Los datos están en la hora de %(own)s y la oficina en la de %(other)s: el pronóstico sigue la de los datos. "
        "Para que coincidan, lea los datos con la zona de la oficina.",
        own=history.timezone,
        other=timezone,
    )
    return [said]


def clock_slots(moments: Sequence[datetime], step: int, where: ZoneInfo) -> NDArray[np.int64]:
    """The slot of the wall clock at each moment."""
    local = [moment.astimezone(where) for moment in moments]
    return np.array([(m.hour * 3600 + m.minute * 60 + m.second) // step for m in local], dtype=np.int64)
