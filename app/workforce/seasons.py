"""What comes back every year: slow waves, the turn of the year day by day, Holy Week, and what is left of each week.

Waves are too smooth for the two or three weeks around the new year, in which an office may lose half its contacts; the
days there have hats of their own (piecewise linear splines), which move with the date. The weeks of the whole year have
hats too, but narrow ones: only what years agree on is worth anything.
"""

from datetime import date

import numpy as np

from app.frame.i18n import N_
from app.workforce.calendar import Column, Days
from app.workforce.errors import Floats

YEAR_DAYS = 365.25
FEW, SOME = (400, 3), (730, 6)  #: days of history and how many waves they carry
TURN = range(-9, 16, 3)  #: days from Christmas at which the hats of the turn of the year stand
WEEKS_FROM = 730  #: days of history from which weeks of the year have something to agree on
SETTLED = 28  #: days until the level is known that a season differs from
HOLY = N_("Semana Santa")


def seasons(days: Days, country: str, known: int) -> list[Column]:
    """Columns for all days; of what the first `known` (history) days have not seen, none. The very first ones have
    nothing before them from which they could be seen to differ."""
    found = [*_waves(days, known), *_turn_of_the_year(days), *_weeks(days, known), *_holy_week(days, country)]
    return [column for column in found if np.abs(column[2][SETTLED:known]).sum() >= 1]


def _waves(days: Days, known: int) -> list[Column]:
    number = max((waves for least, waves in (FEW, SOME) if known >= least), default=0)
    angle = 2 * np.pi * days.astype("datetime64[D]").astype(float) / YEAR_DAYS
    return [("season", f"{turn}{k}", turn_of(k * angle)) for k in range(1, number + 1)
            for turn, turn_of in (("sin", np.sin), ("cos", np.cos))]  # fmt: skip


def _turn_of_the_year(days: Days) -> list[Column]:
    return [("turn", str(at), _hat(days, 12, 25, at, TURN.step)) for at in TURN]


def _weeks(days: Days, known: int) -> list[Column]:
    if known < WEEKS_FROM:
        return []
    return [("week", str(at), _hat(days, 1, 1, at, 7)) for at in range(0, 365, 7)]


def _hat(days: Days, month: int, day: int, offset: int, width: int) -> Floats:
    """One at `offset` days from that date of any year, falling to zero within `width` days."""
    years = range(_year(days[0]) - 1, _year(days[-1]) + 2)
    tops = np.array([np.datetime64(date(year, month, day)) for year in years]) + offset
    away = np.abs(days.astype("datetime64[D]")[:, None] - tops).astype(int).min(axis=1)
    return np.maximum(1 - away / width, 0.0)


def _holy_week(days: Days, country: str) -> list[Column]:
    """Monday to Easter, on top of the holidays among them: schools and courts stand still all the week."""
    if not country:
        return []
    fridays = [_good_friday(year) for year in range(_year(days[0]), _year(days[-1]) + 1)]
    inside = [(days >= friday - 4) & (days <= friday + 2) for friday in fridays]
    return [("holiday", HOLY, np.any(inside, axis=0).astype(float))]


def _good_friday(year: int) -> np.datetime64:
    """It moves with the moon, in any year (Meeus, Jones and Butcher's rule for Easter)."""
    century, rest = divmod(year, 100)
    leaps = century - century // 4 - (century - (century + 8) // 25 + 1) // 3
    moon = (19 * (year % 19) + leaps + 15) % 30
    sunday = (32 + 2 * (century % 4) + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (year % 19 + 11 * moon + 22 * sunday) // 451
    return np.datetime64(date(year, 3, 22)) + (moon + sunday - 7 * late - 2)


def _year(day: np.datetime64) -> int:
    return int(str(day)[:4])
