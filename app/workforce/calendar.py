"""What kind of day each day is: weekday, holiday, eve, payday, campaign, closed; and which hours of it are open."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from functools import cache

import holidays
import msgspec
import numpy as np
from numpy.typing import NDArray

from app.frame.i18n import N_, _
from app.workforce.errors import BadInput, Floats, demand

Days = NDArray[np.datetime64]
Bools = NDArray[np.bool_]
Hours = tuple[tuple[int, int], ...]  #: minutes of the day, [open, close)

FARTHEST = 3660  #: days ahead that anything is forecast
WEEKDAYS = (N_("lunes"), N_("martes"), N_("miércoles"), N_("jueves"), N_("viernes"), N_("sábado"), N_("domingo"))


class Special(msgspec.Struct, frozen=True):
    """A day of the office's own: campaign, half day (`hours`), closure (`hours` empty). Same name, same effect."""

    day: date
    name: str
    hours: Hours | None = None


class Setting(msgspec.Struct, frozen=True):
    """Where and when the office works. `opening` per weekday from Monday; None means: learn it from the history."""

    timezone: str = "America/Costa_Rica"
    country: str = "CR"
    opening: tuple[Hours, ...] | None = None
    specials: tuple[Special, ...] = ()
    holidays_open: bool | None = None  #: None means: learn it


class Effects(msgspec.Struct, frozen=True):
    """The regression's columns for each day, (days, columns), and what each column is: (group, name). `unusual` days (a
    holiday, the two after it, a campaign) say little about the level of the others."""

    matrix: Floats
    columns: tuple[tuple[str, str], ...]
    unusual: Bools


@cache
def _public(country: str, year: int) -> dict[date, str]:
    try:
        return dict(holidays.country_holidays(country, years=year, language="es").items())
    except NotImplementedError as error:
        raise BadInput(_("No se conocen los feriados de ese país."), field="country") from error


def holiday_names(days: Days, country: str) -> list[str]:
    """The holiday's Spanish name per day, or an empty string. `country` empty: none."""
    plain = [date.fromisoformat(str(day)) for day in days]
    return [_public(country, day.year).get(day, "") if country else "" for day in plain]


def special_days(days: Days, setting: Setting) -> Bools:
    """Which days are a holiday or a special day of the office."""
    own = [np.datetime64(special.day) for special in setting.specials]
    feast = np.array([bool(name) for name in holiday_names(days, setting.country)])
    return np.asarray(feast | np.isin(days, own))


def weekdays(days: Days) -> NDArray[np.int64]:
    """0 is Monday."""
    return (days.astype("datetime64[D]").astype(np.int64) + 3) % 7


def open_slots(days: Days, slots: int, setting: Setting) -> Bools:
    """(days, slots): whether any minute of the slot is open. All of them where nothing is said."""
    week = np.ones((7, slots), np.bool_)
    if setting.opening is not None:
        demand(len(setting.opening) == 7, _("El horario necesita los siete días, desde el lunes."), "opening")
        week = np.stack([_hours(hours, slots) for hours in setting.opening])
    mask = week[weekdays(days)]
    for special in setting.specials:
        if special.hours is not None:
            mask[days == np.datetime64(special.day)] = _hours(special.hours, slots)
    return mask


def cut_short(days: Days, slots: int, setting: Setting) -> Bools:
    """(days, slots): what a special day's own hours close of a day that is open at all."""
    mask = np.zeros((len(days), slots), np.bool_)
    for special in setting.specials:
        if special.hours:
            mask[days == np.datetime64(special.day)] = ~_hours(special.hours, slots)
    return mask


def _hours(hours: Hours, slots: int) -> NDArray[np.bool_]:
    """A slot is open when it overlaps an opening."""
    begin = np.arange(slots) * (1440 / slots)
    mask = np.zeros(slots, np.bool_)
    for opens, closes in hours:
        demand(0 <= opens < closes <= 1440, _("Un horario abre después de cerrar."), "opening")
        mask |= (begin < closes) & (begin + 1440 / slots > opens)
    return mask


def effects(days: Days, setting: Setting, known: int, waves: int, off: Bools, closed: Bools) -> Effects:
    """Columns for all days; names seen twice in the first `known` (history) days get a column. `closed` are
    the days without work, `off` those of them that are not so every week."""
    names = holiday_names(days, setting.country)
    own = {np.datetime64(special.day): special.name for special in setting.specials}
    campaign = [own.get(day, "") for day in days]
    feast = np.array([bool(name) for name in names])
    around = _around(off, feast, closed)
    parts = [*_week(days), *_year(days, waves), *_paydays(days), *around]
    parts += _named("holiday", names, known) + _named("special", campaign, known, least=1)
    unusual = feast | (around[2][2] > 0) | (around[3][2] > 0) | np.array([bool(name) for name in campaign])
    return Effects(np.column_stack([p[2] for p in parts]), tuple((p[0], p[1]) for p in parts), unusual)


def _week(days: Days) -> list[tuple[str, str, Floats]]:
    weekday = weekdays(days)
    return [("weekday", WEEKDAYS[i], (weekday == i).astype(float)) for i in range(7)]


def _year(days: Days, waves: int) -> list[tuple[str, str, Floats]]:
    angle = 2 * np.pi * days.astype("datetime64[D]").astype(float) / 365.25
    return [("season", f"{turn}{k}", turn_of(k * angle)) for k in range(1, waves + 1)
            for turn, turn_of in (("sin", np.sin), ("cos", np.cos))]  # fmt: skip


def _paydays(days: Days) -> list[tuple[str, str, Floats]]:
    """The 15th and the last of the month (brought forward from a weekend), and the day after."""
    following = np.array([_is_payday(day) for day in np.append(days[:1] - 1, days)], dtype=float)
    return [("payday", N_("quincena"), following[1:]), ("payday", N_("después de quincena"), following[:-1])]


def _is_payday(day: np.datetime64) -> bool:
    plain = date.fromisoformat(str(day))
    reach = 3 if plain.weekday() == 4 else 1  # a Friday pays for its weekend
    coming = [date.fromordinal(plain.toordinal() + k) for k in range(reach)]
    paid = any(d.day == 15 or date.fromordinal(d.toordinal() + 1).day == 1 for d in coming)
    return plain.weekday() < 5 and paid


def _around(off: Bools, feast: Bools, closed: Bools) -> list[tuple[str, str, Floats]]:
    """The holiday itself, its eve, and the two open days on which what it held back comes in."""
    rank = _ranks_after(off | feast, closed)
    eve = np.append((off | feast)[1:], False) & ~feast
    return [
        ("holiday", N_("feriado"), feast.astype(float)),
        ("holiday", N_("víspera de feriado"), eve.astype(float)),
        ("holiday", N_("día después de feriado o cierre"), (rank == 1).astype(float)),
        ("holiday", N_("segundo día después de feriado o cierre"), (rank == 2).astype(float)),
    ]


def _ranks_after(off: Bools, closed: Bools) -> NDArray[np.int64]:
    """1 and 2 for the first and second open day after a day off, else 0."""
    rank = np.zeros(len(off), np.int64)
    since = 3
    for day in range(len(off)):
        if off[day]:
            since = 0
        elif not closed[day]:
            since += 1
            rank[day] = since if since <= 2 else 0
    return rank


def _named(group: str, names: Sequence[str], known: int, least: int = 2) -> list[tuple[str, str, Floats]]:
    often = [name for name, times in Counter(names[:known]).items() if name and times >= least]
    return [(group, name, np.array([seen == name for seen in names], dtype=float)) for name in often]
