"""May this person be contacted now, by the clock on their wall? And if not, when?"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec

from app.contacts.hours_packs import Pack, Packs, minutes, shipped
from app.contacts.prefixes import PrefixTable, zones
from app.contacts.public_holidays import dates
from app.frame.i18n import N_, _

HORIZON_DAYS = 62

REASONS = {
    "closed_hours": N_("Fuera del horario para contactar en el lugar de esa persona."),
    "closed_day": N_("Ese día de la semana no se contacta en el lugar de esa persona."),
    "holiday": N_("Es feriado en el lugar de esa persona."),
}


class Verdict(msgspec.Struct, frozen=True):
    """``reason`` is None when allowed. ``next_allowed_at`` (UTC) is the asked instant when allowed,
    None when nothing opens within two months."""

    allowed: bool
    reason: str | None
    next_allowed_at: datetime | None

    @property
    def sentence(self) -> str:
        return _(REASONS[self.reason]) if self.reason else ""


def allowed_at(
    country: str | None, tz: str | tuple[str, ...], purpose: str, at_utc: datetime, packs: Packs | None = None
) -> Verdict:
    """By the country's pack, in its zone; of several possible zones, all must be open.

    ``purpose``: marketing or service. Raises ValueError for a naive datetime or an unknown purpose.
    """
    if at_utc.tzinfo is None:
        raise ValueError("at_utc must be aware")
    pack = (packs or shipped()).of(country)
    clocks = [_Clock(pack, purpose, zone) for zone in ((tz,) if isinstance(tz, str) else tz)]
    shut = next((why for clock in clocks if (why := clock.shut(at_utc))), None)
    if shut is None:
        return Verdict(True, None, at_utc)
    return Verdict(False, shut, _all_open(clocks, at_utc))


def zones_of(e164: str, country: str | None, fallback: str, packs: Packs | None = None) -> tuple[str, ...]:
    """The time zones that a number may be in: by its area code, else its country's, else ``fallback``."""
    known = packs or shipped()
    for length in (1, 2, 3):
        code, national = e164[1 : 1 + length], e164[1 + length :]
        corrected = PrefixTable(known.zone_corrections.get(code, {})).find(national)
        if found := corrected or (code.isdecimal() and zones(int(code)).find(national)):
            return tuple(found.split("~"))
    return (known.of(country).timezone or fallback,)


class _Clock:
    """One zone's wall clock and what is open by it."""

    def __init__(self, pack: Pack, purpose: str, zone: str) -> None:
        self.week = pack.week(purpose)
        self.holidays = pack.holidays
        self.zone = ZoneInfo(zone)

    def shut(self, at: datetime) -> str | None:
        """Why it is shut at an instant; None when it is open."""
        local = at.astimezone(self.zone)
        kind, windows = self.day(local.date())
        minute = local.hour * 60 + local.minute
        if any(start <= minute < end for start, end in windows):
            return None
        if kind == "holiday":
            return "holiday"
        return "closed_hours" if windows else "closed_day"

    def day(self, day: date) -> tuple[str, tuple[tuple[int, int], ...]]:
        kind = "holiday" if day in dates(self.holidays, day.year) else _WEEK[day.weekday()]
        return kind, minutes(getattr(self.week, kind))

    def opening(self, after: datetime) -> datetime | None:
        """The first open instant at or after a shut one."""
        today = after.astimezone(self.zone).date()
        for ahead in range(HORIZON_DAYS):
            turns = sorted(turn for turn in self.turns(today + timedelta(days=ahead)) if turn > after)
            if found := next((turn for turn in turns if self.shut(turn) is None), None):
                return found
        return None

    def turns(self, day: date) -> Iterator[datetime]:
        """The only instants of a day at which the wall clock can enter a window: its start, or a jump of the clock.

        A start may come twice (clocks go back) or never (clocks go forward over it; then the jump itself counts).
        """
        for start, _end in self.day(day)[1]:
            for fold in (0, 1):
                yield self.instant(day, start, fold)
        low, high = self.instant(day, 0), self.instant(day + timedelta(days=1), 0)
        if self.offset(low) != self.offset(high):
            yield self.jump(low, high)

    def instant(self, day: date, minute: int, fold: int = 0) -> datetime:
        wall = datetime.combine(day, time(minute // 60, minute % 60, fold=fold), self.zone)
        return wall.astimezone(UTC)

    def offset(self, at: datetime) -> timedelta | None:
        return at.astimezone(self.zone).utcoffset()

    def jump(self, low: datetime, high: datetime) -> datetime:
        """The second at which the zone's offset changes between two instants."""
        while high - low > timedelta(seconds=1):
            middle = low + timedelta(seconds=(high - low) // timedelta(seconds=2))
            low, high = (middle, high) if self.offset(middle) == self.offset(low) else (low, middle)
        return high


_WEEK = ("weekday",) * 5 + ("saturday", "sunday")


def _all_open(clocks: list[_Clock], at: datetime) -> datetime | None:
    """The first instant at which every clock is open: each step goes to the latest of the next openings."""
    moment = at
    while moment < at + timedelta(days=HORIZON_DAYS):
        openings = [clock.opening(moment) for clock in clocks if clock.shut(moment)]
        if None in openings:
            return None
        if not openings:
            return moment
        moment = max(opening for opening in openings if opening)
    return None
