"""The country packs: who may be contacted when, read from data that the office may replace."""

import re
from functools import cache

import msgspec

from app.contacts.prefixes import DATA
from app.contacts.public_holidays import Holiday

_WINDOW = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-(?:([01]\d|2[0-3]):([0-5]\d)|24:00)")


class Week(msgspec.Struct, frozen=True):
    """Open windows (``08:00-19:00``, local, end excluded) by kind of day."""

    weekday: tuple[str, ...]
    saturday: tuple[str, ...]
    sunday: tuple[str, ...]
    holiday: tuple[str, ...]

    def __post_init__(self) -> None:
        for day in (self.weekday, self.saturday, self.sunday, self.holiday):
            minutes(day)


class Pack(msgspec.Struct, frozen=True):
    """One country's hours by purpose, its holidays, and its zone for numbers that tell none."""

    country: str
    timezone: str | None
    basis: str
    purposes: dict[str, Week]
    holidays_source: str | None
    holidays: tuple[Holiday, ...]

    def week(self, purpose: str) -> Week:
        """Raises ValueError for a purpose that the pack does not name."""
        if purpose not in self.purposes:
            raise ValueError(f"no hours for the purpose {purpose!r}; there are {', '.join(self.purposes)}")
        return self.purposes[purpose]


class Packs(msgspec.Struct, frozen=True):
    date: str
    note: str
    packs: tuple[Pack, ...]
    zone_note: str
    zone_corrections: dict[str, dict[str, str]]

    def __post_init__(self) -> None:
        if "*" not in (pack.country for pack in self.packs):
            raise ValueError("the packs need one for every other country: *")

    def of(self, country: str | None) -> Pack:
        """The country's pack, or the one of every other country."""
        by_country = {pack.country: pack for pack in self.packs}
        return by_country.get(country or "*", by_country["*"])


@cache
def shipped() -> Packs:
    return read((DATA / "contact_hours.json").read_bytes())


def read(text: bytes) -> Packs:
    """Packs from JSON. Raises msgspec.ValidationError that says what is wrong and where."""
    return msgspec.json.decode(text, type=Packs)


@cache
def minutes(windows: tuple[str, ...]) -> tuple[tuple[int, int], ...]:
    """Windows as (first minute of the day, first minute after). Raises ValueError for one that is not a window."""
    return tuple(_minutes(window) for window in windows)


def _minutes(window: str) -> tuple[int, int]:
    found = _WINDOW.fullmatch(window)
    if not found:
        raise ValueError(f"{window!r} is not a window such as 08:00-19:00")
    start = int(found[1]) * 60 + int(found[2])
    end = int(found[3]) * 60 + int(found[4]) if found[3] else 24 * 60
    if start >= end:
        raise ValueError(f"{window!r} ends before it begins")
    return start, end
