"""What the stamps of rows say: the time on the office's clock, and the interval in which each begins."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec
import numpy as np
from numpy.typing import NDArray

from app.frame.i18n import _
from app.workforce.errors import BadInput, demand

DAY_S = 86_400
SPAN = np.array(["1900-01-01", "2200-01-01"], dtype="datetime64[s]")  #: stamps beyond are slips of the pen
Times = NDArray[np.datetime64]
Stamps = Sequence[datetime] | Sequence[str] | Times


class Walls(msgspec.Struct, frozen=True):
    """Seconds on the office's clock; on the clock that the stamps themselves name; and how far the office's is ahead of
    Greenwich, if the stamps say their zone."""

    local: Times
    named: Times
    ahead_s: NDArray[np.int64] | None = None

    def true(self) -> Times:
        """Seconds of Greenwich; of naive stamps, what they say."""
        return self.local if self.ahead_s is None else self.local - self.ahead_s.astype("timedelta64[s]")

    def order(self) -> NDArray[np.int64]:
        return np.argsort(self.true(), kind="stable")


def walls(stamps: Stamps, where: ZoneInfo) -> Walls:
    """Naive stamps are the office's time already. Refuses what is no date."""
    try:
        found = _walls(stamps, where)
    except (ValueError, TypeError, AttributeError, OverflowError) as error:
        raise BadInput(_("Hay una fecha que no se entiende."), field="ds") from error
    local = found.local
    demand(local.ndim == 1 and not np.isnat(local).any(), _("Hay una fecha que no se entiende."), "ds")
    believable = bool(((SPAN[0] <= local) & (local < SPAN[1])).all())
    demand(believable, _("Hay una fecha fuera de los años 1900 a 2199."), "ds")
    return found


def _walls(stamps: Stamps, where: ZoneInfo) -> Walls:
    if isinstance(stamps, np.ndarray) and stamps.dtype.kind == "M":
        ready = stamps.astype("datetime64[s]")
        return Walls(ready, ready)
    moments = [datetime.fromisoformat(stamp) if isinstance(stamp, str) else stamp for stamp in stamps]
    aware = {moment.tzinfo is not None for moment in moments}
    demand(len(aware) < 2, _("Unas horas traen zona horaria y otras no."), "ds")
    named = _plain(moments)
    if aware != {True}:
        return Walls(named, named)
    shown = [moment.astimezone(where) for moment in moments]
    ahead = [int((moment.utcoffset() or moment - moment).total_seconds()) for moment in shown]
    return Walls(_plain(shown), named, np.array(ahead, dtype=np.int64))


def _plain(moments: Sequence[datetime]) -> Times:
    return np.asarray([moment.replace(tzinfo=None) for moment in moments], dtype="datetime64[s]")


def beginnings(clock: Walls, step: int, notes: list[str]) -> tuple[Times, bool]:
    """The beginnings of the intervals, and whether they follow true time and not the office's clock. Daily stamps at
    another hour than midnight are of the day that they themselves name: 00:00 in Greenwich is still the day before in
    Costa Rica, and means no part of it."""
    late = late_s(clock.local, step)
    if not late.any():
        return clock.local, False
    if step == DAY_S:
        notes.append(_("Los datos de cada día no son de medianoche: cada uno se toma como el de su fecha."))
        return clock.named.astype("datetime64[D]").astype("datetime64[s]"), False
    begun = clock.local - late.astype("timedelta64[s]")
    if (late == late[0]).all():
        notes.append(_("Las horas no empiezan en punto: cada dato se toma desde el comienzo de su intervalo."))
        return begun, False
    demand(_steady(clock, late), _("Hay horas que no caen en el intervalo de las demás."), "ds")
    notes.append(
        _(
            "Con el cambio de hora los datos caen en otro punto del reloj local: cada uno cuenta en el intervalo del "
            "reloj en que empieza."
        )
    )
    order = clock.order()
    again = np.flatnonzero(np.diff(clock.true()[order]) == np.timedelta64(0, "s"))
    for day in clock.local[order][again].astype("datetime64[D]")[:1]:
        demand(False, _("Hay dos valores para la misma hora (%(day)s).", day=str(day)), "ds")
    begun[order] = np.maximum.accumulate(begun[order])  # an hour that comes again is of the interval it interrupts
    return begun, True


def late_s(local: Times, step: int) -> NDArray[np.int64]:
    """Seconds from the beginning of each stamp's interval."""
    return (local - local.astype("datetime64[D]")).astype("timedelta64[s]").astype(np.int64) % step


def _steady(clock: Walls, late: NDArray[np.int64]) -> bool:
    """Whether between two changes of the clock all lie as far into their interval. The ones beside a change may be of
    an interval that it cut short."""
    if clock.ahead_s is None:
        return False
    order = clock.order()
    ahead, late = clock.ahead_s[order], late[order]
    changes = np.flatnonzero(np.diff(ahead))
    beside = np.isin(np.arange(len(late)), [*changes, *(changes + 1)])
    stretch = np.cumsum(np.diff(ahead, prepend=ahead[0]) != 0)
    return all(len(np.unique(late[(stretch == k) & ~beside])) < 2 for k in range(len(changes) + 1))
