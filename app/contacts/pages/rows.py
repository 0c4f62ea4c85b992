"""Rows as HTML, kept: a contact that did not change is not rendered again."""

from datetime import UTC, date, datetime
from typing import Any

import msgspec
from markupsafe import escape

from app.contacts.columns import OWN
from app.contacts.news import rows_of
from app.contacts.pages.words import provenance_title
from app.contacts.people import Known, Names
from app.contacts.rows import Row, Slip, key_of
from app.frame.actor import Actor
from app.frame.i18n import PLACE, _
from app.frame.office import Office
from app.frame.show import dt, local, number

MORE = ("more",)
HERE = "/address/of/the/next/page"
KEPT_ROWS = 6000
KEPT_SHELVES = 12
NAME = "contacts.rows"
Shelf = dict[tuple[Any, ...], str]


class Shown(msgspec.Struct, frozen=True):
    """A row with its names looked up, as `_row.html` reads it."""

    row: Row
    stamp: str
    status: Any
    owner: str
    team: str

    def plain(self, column: str) -> str:
        """The text of a column that needs no markup."""
        row = self.row
        if column.startswith(OWN):
            return own_text(row.custom.get(column.removeprefix(OWN)))
        if column in ("created", "updated"):
            return dt(row.created_at if column == "created" else row.updated_at)
        if column == "provenance":
            return provenance_title(row.provenance)
        return {"email": row.email, "company": row.company, "team": self.team, "country": row.country}[column]


def stamp(version: int, blocked: bool, contacted: datetime | None) -> str:
    """Changes whenever a row looks different."""
    return f"{version}-{int(blocked)}-{int(contacted.timestamp()) if contacted else 0}"


def own_text(value: Any) -> str:
    """A value of one of the office's own fields."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("Sí") if value else _("No")
    return number(value) if isinstance(value, int | float) else str(value)


class RowPress:
    """Renders rows of one kind: language, zone, day, columns and names are the same for all of them."""

    def __init__(self, office: Office, known: Known, columns: tuple[str, ...]) -> None:
        self.office = office
        self.names: Names = known.names
        self.columns = columns
        self.generation = known.generation
        self.shelf = _shelf(office, known.generation, columns)

    async def page(self, actor: Actor, slips: list[Slip]) -> str:
        """The rows of these slips, one after the other; only those that look different are read and rendered."""
        shelf, keys = self.shelf, [slip.key for slip in slips]
        missing = [key[0] for key in keys if key not in shelf]
        if missing:
            for row in await rows_of(self.office.database, actor, missing):
                self.html(row)
        return "".join([shelf.get(key, "") for key in keys])

    def html(self, row: Row) -> str:
        """One row, kept."""
        key = key_of(row.id, row.version, row.updated_at, row.blocked, row.last_contacted_at)
        said = self.shelf.get(key)
        if said is None:
            said = self.shelf[key] = str(self._macro("contacts/_row.html", "row")(self.shown(row), self.columns))
        return said

    def more(self, url: str) -> str:
        """The edge of a page that asks for the next one; its markup is the same but for the address."""
        kept = self.shelf.get(MORE)
        if kept is None:
            kept = self.shelf[MORE] = str(self._macro("macros.html", "more_row")(HERE, len(self.columns) + 3))
        return kept.replace(HERE, str(escape(url)))

    def _macro(self, template: str, name: str) -> Any:
        return getattr(self.office.templates.get_template(template).module, name)

    def shown(self, row: Row) -> Shown:
        names = self.names
        return Shown(
            row,
            stamp(row.version, row.blocked, row.last_contacted_at),
            names.statuses.get(row.status_id),
            names.everyone.get(row.owner_id, "") if row.owner_id else "",
            names.teams.get(row.team_id, "") if row.team_id else "",
        )


def today() -> date:
    """The day in the office: «Hoy» is said of it alone."""
    return local(datetime.now(UTC)).date()


def _shelf(office: Office, generation: int, columns: tuple[str, ...]) -> Shelf:
    """The kept rows of this kind; yesterday's «Hoy» is not today's, so the day is part of the kind."""
    shelves: dict[tuple[Any, ...], Shelf] = office.state.setdefault(NAME, {})
    kind = (PLACE.get(), today(), generation, columns)
    shelf = shelves.pop(kind, None)
    if shelf is None or len(shelf) > KEPT_ROWS:
        shelf = {}
    shelves[kind] = shelf  # the newest is last
    while len(shelves) > KEPT_SHELVES:
        shelves.pop(next(iter(shelves)))
    return shelf
