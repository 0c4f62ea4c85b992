"""Names that lists repeat: statuses, people, teams. Read once in a while, so that a list is still one query."""

import time
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.service import people, teams
from app.contacts.fields import all_fields
from app.contacts.statuses import all_statuses

if TYPE_CHECKING:
    from app.frame.office import Office

TTL_S = 5.0
NAME = "contacts.names"


class StatusName(msgspec.Struct, frozen=True):
    """A status as a badge shows it."""

    id: int
    code: str
    title: str
    kind: str
    active: bool


class Names(msgspec.Struct, frozen=True):
    """Statuses in call order, active people and teams by name; `everyone` also knows who left; the office's own
    fields by key."""

    statuses: dict[int, StatusName] = {}
    people: dict[int, str] = {}
    teams: dict[int, str] = {}
    everyone: dict[int, str] = {}
    fields: dict[str, str] = {}


class Known(msgspec.Struct):
    """Names and until when they count (monotonic seconds); `generation` changes when they do."""

    names: Names = Names()
    until: float = 0.0
    generation: int = 0


async def read_names(db: AsyncSession) -> Names:
    """All names, fresh."""
    found = await people(db)
    return Names(
        statuses={s.id: StatusName(s.id, s.code, s.title, s.kind, s.active) for s in await all_statuses(db)},
        people={p.id: p.name for p in found if not p.disabled},
        teams={t.id: t.name for t in await teams(db)},
        everyone={p.id: p.name for p in found},
        fields={f.key: f.title for f in await all_fields(db)},
    )


def known_of(office: "Office") -> Known:
    known: Known | None = office.state.get(NAME)
    if known is None:
        known = office.state[NAME] = Known()
    return known


async def names_of(office: "Office") -> Known:
    """Names at most TTL_S old."""
    known = known_of(office)
    if known.until < time.monotonic():
        known.until = time.monotonic() + TTL_S
        async with office.database.unit(write=False) as db:
            names = await read_names(db)
        if names != known.names:
            known.names, known.generation = names, known.generation + 1
    return known


def forget_names(office: "Office") -> None:
    """A name changed: read them anew at the next list."""
    known_of(office).until = 0.0
