"""A country's public holidays as rules in data: fixed dates, n-th Mondays, days from Easter."""

from datetime import date, timedelta
from functools import lru_cache

import msgspec


class Holiday(msgspec.Struct, frozen=True):
    """One rule: the ``day`` of a month, its n-th ``monday``, or days from ``easter``.

    Kept ``since`` a year, each ``every_years``.
    """

    name: str
    month: int | None = None
    day: int | None = None
    monday: int | None = None
    easter: int | None = None
    since: int = 1
    every_years: int = 1

    def __post_init__(self) -> None:
        if [self.day, self.monday, self.easter].count(None) != 2:
            raise ValueError(f"{self.name}: give one of day, monday and easter")
        if (self.month is None) != (self.day is None and self.monday is None):
            raise ValueError(f"{self.name}: a day or a monday needs its month, and easter needs none")
        self.on(2024)

    def on(self, year: int) -> date | None:
        """Its date in a year, None when it is not kept that year."""
        if year < self.since or (year - self.since) % self.every_years:
            return None
        if self.easter is not None:
            return easter(year) + timedelta(days=self.easter)
        if self.monday is not None:
            first = date(year, self.month or 1, 1)
            return first + timedelta(days=-first.weekday() % 7, weeks=self.monday - 1)
        return date(year, self.month or 1, self.day or 1)


def easter(year: int) -> date:
    """Western Easter Sunday (the anonymous Gregorian computus of Meeus, Jones and Butcher)."""
    golden = year % 19
    century, rest = divmod(year, 100)
    leaps, correction = divmod(century, 4)
    moved = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leaps - moved + 15) % 30
    quarter, left = divmod(rest, 4)
    weekday = (32 + 2 * correction + 2 * quarter - epact - left) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


@lru_cache(maxsize=64)
def dates(rules: tuple[Holiday, ...], year: int) -> frozenset[date]:
    return frozenset(day for rule in rules if (day := rule.on(year)))
