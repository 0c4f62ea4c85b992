"""Labour rules as data, with packs for Costa Rica and Mexico.

A shift is of the day, mixed or of the night by the minutes that it has in the night. Each kind has its longest day and
its longest week; in a week of several kinds each hour counts as its part of its own week ("weighed minutes", a 48-hour
day week being the measure). The packs follow the Codigo de Trabajo (CR, arts. 135-140, 152) and the Ley Federal del
Trabajo (MX, arts. 60-71; overtime at most three times a week: art. 66); the rest between shifts is the house's choice.
A week has no time zone: all hours, those of rest too, are the wall clock's. On the Sunday on which a border city's
clock goes forward, a rest over that night is an hour shorter in truth than it is counted. An
office edits its own copy: laws change.
"""

from fractions import Fraction
from typing import Literal, get_args

import msgspec

from app.frame.i18n import _
from app.workforce.errors import demand

Kind = Literal["day", "mixed", "night"]
DAY_MIN = 1440
WHOLE_REST = 24 * 60  #: minutes of a day of rest: a free day between a night and a dawn is shorter (CR 152, MX 69)


class Labour(msgspec.Struct, frozen=True):
    """Minutes throughout. `night` is (begin, end) on the clock, over midnight where it ends before it begins."""

    name: str
    night: tuple[int, int]
    mixed_until: int  #: with so many night minutes or more, a shift is of the night
    longest_day: dict[Kind, int]
    longest_week: dict[Kind, int]
    overtime_day: int
    overtime_week: int
    overtime_days: int  #: days of a week with a shift beyond the longest day
    rest_between: int
    run_days: int  #: days in a row at most; then a day of rest
    pause_after: int  #: a longer shift needs a meal pause
    pause: int
    sunday_extra: float  #: share of pay added for work on a Sunday
    overtime_extra: float  #: share of pay added for overtime


CR = Labour(
    name="CR",
    night=(19 * 60, 5 * 60),
    mixed_until=210,
    longest_day={"day": 480, "mixed": 420, "night": 360},
    longest_week={"day": 2880, "mixed": 2520, "night": 2160},
    overtime_day=240,
    overtime_week=1440,
    overtime_days=7,
    rest_between=720,
    run_days=6,
    pause_after=360,
    pause=30,
    sunday_extra=1.0,
    overtime_extra=0.5,
)
MX = Labour(
    name="MX",
    night=(20 * 60, 6 * 60),
    mixed_until=210,
    longest_day={"day": 480, "mixed": 450, "night": 420},
    longest_week={"day": 2880, "mixed": 2700, "night": 2520},
    overtime_day=180,
    overtime_week=540,
    overtime_days=3,
    rest_between=720,
    run_days=6,
    pause_after=360,
    pause=30,
    sunday_extra=0.25,
    overtime_extra=1.0,
)
PACKS = {"CR": CR, "MX": MX}


def night_minutes(labour: Labour, start: int, end: int) -> int:
    """Minutes of [start, end) that lie in the night; `end` may pass midnight."""
    begin, stop = labour.night
    length = (stop - begin) % DAY_MIN
    nights = [(begin + day, begin + day + length) for day in range(-DAY_MIN, 2 * DAY_MIN, DAY_MIN)]
    return sum(max(0, min(end, b) - max(start, a)) for a, b in nights)


def kind(labour: Labour, start: int, end: int) -> Kind:
    """Of the day, mixed, or of the night."""
    dark = night_minutes(labour, start, end)
    if dark == 0:
        return "day"
    return "night" if dark >= labour.mixed_until or dark == end - start else "mixed"


def weighed(labour: Labour, start: int, end: int, worked: int) -> Fraction:
    """Minutes that a shift counts for in a week."""
    return Fraction(worked * labour.longest_week["day"], labour.longest_week[kind(labour, start, end)])


def overtime(labour: Labour, start: int, end: int, worked: int) -> int:
    """Minutes past the longest day of its kind."""
    return max(0, worked - labour.longest_day[kind(labour, start, end)])


def check_labour(labour: Labour) -> None:
    """Limits that somebody set by hand."""
    overtime = min(labour.overtime_day, labour.overtime_week, labour.overtime_days)
    sane = min(overtime, labour.rest_between, labour.run_days - 1) >= 0
    demand(sane, _("Las reglas laborales llevan un valor negativo o ningún día de trabajo."), "labour")
    kinds = get_args(Kind)
    whole = all(kind in limits for limits in (labour.longest_day, labour.longest_week) for kind in kinds)
    demand(whole, _("Falta la jornada máxima diurna, mixta o nocturna."), "labour")
    dark = all(0 <= minute <= DAY_MIN for minute in labour.night) and (labour.night[1] - labour.night[0]) % DAY_MIN > 0
    demand(dark, _("La noche empieza y termina a horas distintas del día."), "labour")
    positive = all(minutes > 0 for limits in (labour.longest_day, labour.longest_week) for minutes in limits.values())
    demand(positive, _("Una jornada máxima debe durar más de cero minutos."), "labour")


def check_shift(labour: Labour, start: int, end: int, worked: int) -> None:
    """A template that no day of the law can hold is refused."""
    longest = labour.longest_day[kind(labour, start, end)] + labour.overtime_day
    demand(worked <= longest, _("El turno supera la jornada máxima con horas extra."), "templates")
    paused = end - start - worked >= labour.pause or end - start <= labour.pause_after
    demand(paused, _("Un turno tan largo necesita una pausa para comer."), "templates")
