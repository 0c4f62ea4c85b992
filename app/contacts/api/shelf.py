"""Contacts as JSON, kept: a contact that did not change is neither read whole nor encoded again.

A key tells when a contact is not what it was: it holds the version that its ETag shows. The database is asked for the
keys of each page, within the reach of who asks, so what another process changes counts at once.
"""

from functools import lru_cache

import msgspec
from sqlalchemy import and_, select

from app.contacts.conditions import condition, conditions_of
from app.contacts.filters import Filters
from app.contacts.listing import Lister
from app.contacts.rows import Key, Slip, key_of
from app.contacts.wide import WideRow, wide_columns, wide_row
from app.frame.actor import Actor
from app.frame.office import Office
from app.frame.reader import Prepared

KEPT = 6000
NAME = "contacts.api.shelf"
encode = msgspec.json.encode
Shelf = dict[Key, bytes]


async def page_as_json(office: Office, actor: Actor, lister: Lister, after: str, limit: int) -> bytes:
    """One page as `{"items": [...], "next": ...}`. Raises Refused for a cursor of another list."""
    page = await lister.slips(after, limit)
    shelf = shelf_of(office)
    rows = [shelf.get(slip.key) for slip in page.rows]
    if None in rows:
        rows = await _filled(office, actor, shelf, page.rows)
    return b'{"items":[%b],"next":%b}' % (b",".join(row for row in rows if row is not None), encode(page.next))


def shelf_of(office: Office) -> Shelf:
    """The kept contacts; begun anew when there are too many."""
    shelf: Shelf = office.state.setdefault(NAME, {})
    if len(shelf) > KEPT:
        shelf.clear()
    return shelf


async def _filled(office: Office, actor: Actor, shelf: Shelf, slips: list[Slip]) -> list[bytes | None]:
    """Each slip's contact, those missing read now; None for one that has left this person's reach meanwhile."""
    missing = [slip.id for slip in slips if slip.key not in shelf]
    fresh = {row.id: (_key(row), encode(row)) for row in await _read(office, actor, missing)}
    shelf.update(fresh.values())
    return [fresh[slip.id][1] if slip.id in fresh else shelf.get(slip.key) for slip in slips]


async def _read(office: Office, actor: Actor, ids: list[int]) -> list[WideRow]:
    bound = conditions_of(Filters(ids=tuple(ids)), actor, "UTC")
    values = {name: value for found in bound.values() for name, value in found.items()}
    return await office.database.reader.fetch(_among(tuple(bound), office.database.dialect), **values)


def _key(row: WideRow) -> Key:
    return key_of(row.id, row.version, row.updated_at, row.do_not_contact, row.last_contacted_at)


@lru_cache(maxsize=100)
def _among(names: tuple[str, ...], dialect: str) -> Prepared:
    where = (condition(name) for name in names)
    return Prepared(lambda: select(*wide_columns(dialect)).where(and_(*where)), wide_row)
