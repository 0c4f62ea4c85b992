"""What changed under an open list: which of its rows look different, which are gone, how many are new."""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any

import msgspec
from sqlalchemy import Select, and_, func, select

from app.contacts.conditions import MARKED, condition, conditions_of
from app.contacts.filters import Filters
from app.contacts.listing import COLUMNS, Lister
from app.contacts.models import Contact
from app.contacts.rows import Row
from app.frame.actor import Actor
from app.frame.db import Database
from app.frame.reader import Prepared

SEEN_MAX = MARKED[-1]
NEW_MAX = 1000


class Stamp(msgspec.Struct):
    """What a row's look depends on."""

    id: int
    version: int
    blocked: bool
    last_contacted_at: datetime | None


def _among(ids: Iterable[int], actor: Actor) -> tuple[tuple[str, ...], dict[str, Any]]:
    """Condition names and values for some contacts within reach."""
    bound = conditions_of(Filters(ids=tuple(ids)[:SEEN_MAX] or (-1,)), actor, "UTC")
    return tuple(bound), {name: value for found in bound.values() for name, value in found.items()}


def _some(columns: list[Any], names: tuple[str, ...]) -> Select[Any]:
    return select(*columns).where(and_(*(condition(n) for n in names)))


@lru_cache(maxsize=100)
def _stamps(names: tuple[str, ...]) -> Prepared:
    columns = [getattr(Contact, c) for c in Stamp.__struct_fields__]
    return Prepared(lambda: _some(columns, names), Stamp)


@lru_cache(maxsize=100)
def _rows(names: tuple[str, ...]) -> Prepared:
    return Prepared(lambda: _some([getattr(Contact, c) for c in COLUMNS], names), Row)


async def stamps(database: Database, actor: Actor, ids: Iterable[int]) -> dict[int, Stamp]:
    """The living contacts among these that this person may see."""
    names, values = _among(ids, actor)
    found: list[Stamp] = await database.reader.fetch(_stamps(names), **values)
    return {s.id: s for s in found}


async def rows_of(database: Database, actor: Actor, ids: Iterable[int]) -> list[Row]:
    """The same as rows of a list, in no order."""
    names, values = _among(ids, actor)
    return await database.reader.fetch(_rows(names), **values)


@lru_cache(maxsize=10)
def _newest() -> Prepared:
    return Prepared(lambda: select(func.coalesce(func.max(Contact.id), 0)), int)


async def newest_id(database: Database) -> int:
    """The highest id there is: contacts above it came later."""
    return (await database.reader.fetch(_newest()))[0]


async def count_newer(database: Database, actor: Actor, filters: Filters, newest: int, timezone: str) -> int:
    """How many of this filter came after `newest`; NEW_MAX + 1 means more than that."""
    newer = msgspec.structs.replace(filters, after_id=newest)
    return await Lister(database, actor, newer, timezone).count(NEW_MAX)
