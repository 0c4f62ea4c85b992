"""A contact's timeline: what every module wrote, and every change of a field, in one line of time."""

from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.contacts.models_history import Change, Event
from app.contacts.people import Names, read_names
from app.contacts.service import get_contact
from app.frame.i18n import N_, _

PAGE = 40
TITLES = {
    "name": N_("Nombre"), "company": N_("Empresa"), "is_company": N_("Es empresa"), "notes": N_("Notas"),
    "owner_id": N_("Persona a cargo"), "team_id": N_("Equipo"), "country": N_("País"), "custom": N_("Otros datos"),
    "status": N_("Estado"), "tags": N_("Etiquetas"), "addresses": N_("Formas de contacto"),
    "merged": N_("Se unió con"), "parted": N_("Se separó de"), "deleted": N_("En la papelera"),
}  # fmt: skip


class Line(msgspec.Struct, kw_only=True):
    """One line: an event (`title`, `text`, `url`) or a change (`field`, `before`, `after`, `change_id`)."""

    at: datetime
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


async def timeline(db: AsyncSession, contact_id: int, before: datetime | None = None, limit: int = PAGE) -> list[Line]:
    """Newest first; `before` is the last line's time, to go on. Raises NotFound."""
    await get_contact(db, contact_id)
    events = select(Event).where(Event.contact_id == contact_id).order_by(Event.at.desc(), Event.id.desc())
    changes = select(Change).where(Change.contact_id == contact_id).order_by(Change.at.desc(), Change.id.desc())
    if before:
        events, changes = events.where(Event.at < before), changes.where(Change.at < before)
    names = await read_names(db)
    lines = [_of_event(e) for e in await db.scalars(events.limit(limit))]
    lines += [_of_change(c, names) for c in await db.scalars(changes.limit(limit))]
    return sorted(lines, key=lambda line: line.at, reverse=True)[:limit]


def _of_event(event: Event) -> Line:
    return Line(
        at=event.at, who=event.who, icon=event.icon, title=event.title, text=event.text, url=event.url, kind=event.kind
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
    )


async def field_history(db: AsyncSession, contact_id: int, field: str, limit: int = 100) -> list[Line]:
    """Every change of one field, newest first."""
    await get_contact(db, contact_id)
    found = select(Change).where(Change.contact_id == contact_id, Change.field == field)
    names = await read_names(db)
    return [_of_change(c, names) for c in await db.scalars(found.order_by(Change.id.desc()).limit(limit))]
