"""A contact's timeline: what every module wrote, and every change of a field, in one line of time."""

import re
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.contacts.models_history import Change, Event
from app.contacts.people import Names, read_names
from app.contacts.service import get_contact
from app.frame.i18n import N_, _
from app.frame.instant import from_micros, to_micros
from app.frame.refused import Refused

PAGE = 40
PLACE = re.compile(r"(\d{1,17})-([01])-(\d{1,18})")
CHANGE, EVENT = 0, 1  # of what happened at one moment, events come first
TITLES = {
    "name": N_("Nombre"), "company": N_("Empresa"), "is_company": N_("Es empresa"), "notes": N_("Notas"),
    "owner_id": N_("Persona a cargo"), "team_id": N_("Equipo"), "country": N_("País"), "custom": N_("Otros datos"),
    "status": N_("Estado"), "tags": N_("Etiquetas"), "addresses": N_("Formas de contacto"),
    "merged": N_("Se unió con"), "parted": N_("Se separó de"), "deleted": N_("En la papelera"),
}  # fmt: skip


class Line(msgspec.Struct, kw_only=True):
    """One line: an event (`title`, `text`, `url`) or a change (`field`, `before`, `after`, `change_id`).

    `place` is where it stands among all lines, to go on after it: many may share one moment.
    """

    at: datetime
    place: str
    who: str
    icon: str
    title: str = ""
    text: str = ""
    url: str = ""
    field: str = ""
    before: Any = None
    after: Any = None
    change_id: int | None = None
    kind: str = ""


async def timeline(db: AsyncSession, contact_id: int, after: str = "", limit: int = PAGE) -> list[Line]:
    """Newest first; `after` is the last line's place, to go on. Raises NotFound, Refused."""
    await get_contact(db, contact_id)
    names = await read_names(db)
    lines = [_of_event(e) for e in await db.scalars(_next(Event, EVENT, contact_id, after, limit))]
    lines += [_of_change(c, names) for c in await db.scalars(_next(Change, CHANGE, contact_id, after, limit))]
    return sorted(lines, key=lambda line: _place(line.place), reverse=True)[:limit]


def _next(kind: type[Any], rank: int, contact_id: int, after: str, limit: int) -> Select[Any]:
    found = select(kind).where(kind.contact_id == contact_id).order_by(kind.at.desc(), kind.id.desc()).limit(limit)
    return found.where(_beyond(kind, rank, _place(after))) if after else found


def _beyond(kind: type[Any], rank: int, place: tuple[int, int, int]) -> ColumnElement[bool]:
    """What stands after a place: earlier, or of the same moment and further down in it."""
    at = from_micros(place[0])
    if rank != place[1]:
        return kind.at <= at if rank < place[1] else kind.at < at
    return or_(kind.at < at, and_(kind.at == at, kind.id < place[2]))


def _place(text: str) -> tuple[int, int, int]:
    found = PLACE.fullmatch(text)
    if found is None:
        raise Refused(_("Ese lugar del historial no existe. Abra el contacto de nuevo."), "antes")
    return int(found[1]), int(found[2]), int(found[3])


def _of_event(event: Event) -> Line:
    return Line(
        at=event.at, who=event.who, icon=event.icon, title=event.title, text=event.text, url=event.url, kind=event.kind,
        place=f"{to_micros(event.at)}-{EVENT}-{event.id}",
    )  # fmt: skip


def readable(field: str, value: Any, names: Names) -> Any:
    """Codes and ids as the words people know them by."""
    if value is None:
        return None
    if field == "status":
        return next((_(s.title) for s in names.statuses.values() if s.code == value), value)
    known = {"owner_id": names.everyone, "team_id": names.teams}.get(field)
    return known.get(value, value) if known is not None else value


def _of_change(change: Change, names: Names) -> Line:
    return Line(
        at=change.at,
        who=change.who,
        icon="edit",
        field=change.field,
        before=readable(change.field, change.before, names),
        after=readable(change.field, change.after, names),
        change_id=change.id,
        kind="contacts.change",
        place=f"{to_micros(change.at)}-{CHANGE}-{change.id}",
    )


async def field_history(db: AsyncSession, contact_id: int, field: str, limit: int = 100) -> list[Line]:
    """Every change of one field, newest first."""
    await get_contact(db, contact_id)
    found = select(Change).where(Change.contact_id == contact_id, Change.field == field)
    names = await read_names(db)
    return [_of_change(c, names) for c in await db.scalars(found.order_by(Change.id.desc()).limit(limit))]
