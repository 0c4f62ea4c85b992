"""What kind of day each day is: weekday, holiday, special, closed; and which hours of it are open."""

from collections.abc import Sequence
from datetime import date
from functools import cache

import holidays
import msgspec
import numpy as np
from numpy.typing import NDArray

from app.frame.i18n import N_, _
from app.workforce.errors import BadInput, Floats, demand, is_whole

Days = NDArray[np.datetime64]
Bools = NDArray[np.bool_]
Column = tuple[str, str, Floats]  #: group, name, value per day
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


def check_setting(setting: Setting) -> None:
    """Refuse what is no country, day or hour, before it breaks something further in."""
    country = isinstance(setting.country, str | None)
    demand(country, _("No se conocen los feriados de ese país."), "country")
    demand(isinstance(setting.specials, Sequence), _("Hay un día especial que no se entiende."), "specials")
    for special in setting.specials:
        _check_special(special)
    if setting.opening is not None:
        week = isinstance(setting.opening, Sequence) and len(setting.opening) == 7
        demand(week, _("El horario necesita los siete días, desde el lunes."), "opening")
        for hours in setting.opening:
            _hours(hours, 1)


def _check_special(special: Special) -> None:
    try:
        day = np.datetime64(special.day)
        known = bool(day == day.astype("datetime64[D]")) and isinstance(special.name, str)
    except (ValueError, TypeError, AttributeError) as error:
        raise BadInput(_("Hay un día especial que no se entiende."), field="specials") from error
    demand(known, _("Hay un día especial que no se entiende."), "specials")
    if special.hours is not None:
        _hours(special.hours, 1)


@cache
def public(country: str, year: int) -> dict[date, str]:
    try:
        return dict(holidays.country_holidays(country, years=year, language="es").items())
    except NotImplementedError as error:
        raise BadInput(_("No se conocen los feriados de ese país."), field="country") from error


def holiday_names(days: Days, country: str) -> list[str]:
    """The holiday's Spanish name per day, or an empty string. `country` empty: none."""
    plain = [date.fromisoformat(str(day)) for day in days]
    return [public(country, day.year).get(day, "") if country else "" for day in plain]


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
    for opens, closes in _pairs(hours):
        demand(0 <= opens < closes <= 1440, _("Un horario abre después de cerrar."), "opening")
        mask |= (begin < closes) & (begin + 1440 / slots > opens)
    return mask


def _pairs(hours: Hours) -> list[tuple[int, int]]:
    try:
        pairs = [(opens, closes) for opens, closes in hours]
    except (TypeError, ValueError) as error:
        raise BadInput(
            _("Un horario se da en minutos del día: cuándo abre y cuándo cierra."), field="opening"
        ) from error
    minutes = all(is_whole(minute) or isinstance(minute, float) for pair in pairs for minute in pair)
    demand(minutes, _("Un horario se da en minutos del día: cuándo abre y cuándo cierra."), "opening")
    return pairs
