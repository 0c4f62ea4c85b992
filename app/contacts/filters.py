"""What a list of contacts is asked for."""

from datetime import date, datetime, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

import msgspec

SORTS = ("-updated", "updated", "name", "-name", "-contacted", "contacted", "-created", "created", "status")
RowId = Annotated[int, msgspec.Meta(ge=0, le=2**62)]
HAS = ("phone", "email", "no_phone", "no_email")


class Filters(msgspec.Struct, kw_only=True, frozen=True, omit_defaults=True):
    """A filter as it stands in the address bar, the API and a saved view. Dates are days of the office's zone."""

    q: str = ""
    status: tuple[str, ...] = ()
    owner: str = ""
    team: str = ""
    tag: tuple[str, ...] = ()
    provenance: str = ""
    import_id: RowId | None = None
    country: str = ""
    has: tuple[str, ...] = ()
    blocked: str = ""
    created_from: date | None = None
    created_to: date | None = None
    contacted_from: date | None = None
    contacted_to: date | None = None
    updated_since: datetime | None = None
    ids: tuple[RowId, ...] = ()
    after_id: RowId | None = None
    binned: bool = False
    sort: str = ""

    @property
    def order(self) -> str:
        return self.sort if self.sort in SORTS else "-updated"

    @property
    def active(self) -> int:
        """How many filters beside the search narrow the list."""
        ignored = ("q", "sort", "binned", "after_id")
        return sum(bool(getattr(self, f)) for f in self.__struct_fields__ if f not in ignored)


def day_start(day: date, timezone: str) -> datetime:
    """The instant a day begins in the office."""
    return datetime.combine(day, time(), ZoneInfo(timezone))


def day_end(day: date, timezone: str) -> datetime:
    """The instant the next day begins."""
    return day_start(day + timedelta(days=1), timezone)
