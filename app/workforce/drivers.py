"""Why a day is forecast as it is, in words and figures."""

from collections.abc import Sequence

import msgspec
import numpy as np

from app.frame.i18n import N_, _
from app.workforce import holiday_words
from app.workforce.calendar import WEEKDAYS, Bools, Days, weekdays
from app.workforce.daily import DaysAhead
from app.workforce.errors import Floats

SEASON = N_("temporada del año")
SEASONS = ("season", "turn", "week")
HOURS = N_("horario de ese día")
SILENT = 0.005  #: an effect below half a percent is not worth a word


class Driver(msgspec.Struct, frozen=True):
    """`group`: level, weekday, season, payday, holiday, special, hours. `factor` multiplies; a level is contacts."""

    group: str
    name: str
    factor: float

    @property
    def sentence(self) -> str:
        name = holiday_words.said(self.name) if self.group == "holiday" else _(self.name)
        if self.group == "level":
            return _("Nivel actual: %(n).0f contactos por día", n=self.factor)
        return _("%(name)s: %(change)+.0f %%", name=name[:1].upper() + name[1:], change=100 * (self.factor - 1))


def reasons(ahead: DaysAhead, totals: Floats) -> tuple[tuple[Driver, ...], ...]:
    """Per future day: the level first, then the effects, then what that day's hours make of a full one; the product (of
    level + 1) is the forecast `totals` (+ 1)."""
    logs = _grouped(ahead)
    days = ((*_of_day(ahead, logs, d), *_hours(ahead.mean[d], total)) for d, total in enumerate(totals))
    return tuple(() if closed else drivers for closed, drivers in zip(ahead.closed, days, strict=True))


def first_reasons(days: Days, full: Floats, closed: Bools, totals: Floats) -> tuple[tuple[Driver, ...], ...]:
    """The same of the first weeks, when there is a level and a weekday and nothing else."""
    logs, week, open_ = np.log1p(full), weekdays(days), np.flatnonzero(~closed)
    own = dict(zip(week[open_].tolist(), logs[open_].tolist(), strict=True))
    usual = float(np.mean(list(own.values()))) if own else 0.0
    found: list[tuple[Driver, ...]] = [()] * len(days)
    for d in open_:
        weekday = Driver("weekday", WEEKDAYS[week[d]], float(np.exp(logs[d] - usual)))
        found[d] = (Driver("level", "", float(np.expm1(usual))), weekday, *_hours(full[d], totals[d]))
    return tuple(found)


def _hours(full: float, total: float) -> list[Driver]:
    """A half day, opening hours that leave contacts out, a day of 25 hours."""
    factor = float((total + 1) / (full + 1))
    return [Driver("hours", HOURS, factor)] if abs(factor - 1) >= SILENT else []


def _grouped(ahead: DaysAhead) -> dict[tuple[str, str], Floats]:
    """Log effect of each nameable cause per future day; weekday effects are against the mean of the open weekdays."""
    future = ahead.effects.matrix[-len(ahead.days) :]
    parts = future * ahead.level.coefficients
    found: dict[tuple[str, str], Floats] = {}
    for i, (group, name) in enumerate(ahead.effects.columns):
        key = ("season", SEASON) if group in SEASONS else (group, name)
        found[key] = found.get(key, np.zeros(len(parts))) + parts[:, i]
    return found


def _of_day(ahead: DaysAhead, logs: dict[tuple[str, str], Floats], d: int) -> tuple[Driver, ...]:
    weekday = WEEKDAYS[weekdays(ahead.days[d : d + 1])[0]]
    others = [Driver(group, name, float(np.exp(log[d]))) for (group, name), log in logs.items() if group != "weekday"]
    others = [driver for driver in others if abs(driver.factor - 1) >= SILENT]
    own = float(np.exp(logs["weekday", weekday][d] - _usual_weekday(ahead)))
    product = own * float(np.prod([driver.factor for driver in others]))
    level = Driver("level", "", float(ahead.mean[d] + 1) / product - 1)
    return level, Driver("weekday", weekday, own), *others


def _usual_weekday(ahead: DaysAhead) -> float:
    """Mean log effect of the weekdays that are open in the horizon."""
    open_ = sorted(set(weekdays(ahead.days[~ahead.closed]).tolist()))
    names = [WEEKDAYS[w] for w in open_]
    columns = enumerate(ahead.effects.columns)
    values = [ahead.level.coefficients[i] for i, (group, name) in columns if group == "weekday" and name in names]
    return float(np.mean(values)) if values else 0.0


def said(drivers: Sequence[Driver]) -> str:
    """One line for a day."""
    return "; ".join(driver.sentence for driver in drivers) if drivers else _("Cerrado")
