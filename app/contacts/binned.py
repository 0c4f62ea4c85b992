"""What lies in the bin, as a list."""

import math
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.expression import tuple_

from app.contacts.bin import KEEP_DAYS
from app.contacts.cursor import Cursor, decode, encode
from app.contacts.folding import fold
from app.contacts.models import Contact
from app.contacts.scope import visible
from app.frame.actor import actor_of
from app.frame.db import now_utc
from app.frame.instant import from_micros, to_micros

PAGE = 50
SORT = "-deleted"


class Binned(msgspec.Struct):
    """A contact in the bin."""

    id: int
    name: str
    company: str
    phone: str
    email: str
    deleted_at: datetime


def erased_in_days(deleted_at: datetime) -> int:
    """Whole days until it is erased; 0 when tonight is its last."""
    return max(0, math.ceil((deleted_at + timedelta(days=KEEP_DAYS) - now_utc()) / timedelta(days=1)))


async def binned_page(db: AsyncSession, q: str = "", after: str = "", limit: int = PAGE) -> tuple[list[Binned], str]:
    """One page, the latest first, and the cursor of the next one. Raises Refused for a cursor of another list."""
    found = _binned(db, q)
    if after:
        cursor = decode(after, SORT)
        past = (from_micros(int(cursor.value or 0)), cursor.id)
        found = found.where(tuple_(Contact.deleted_at, Contact.id) < past)
    ordered = found.order_by(Contact.deleted_at.desc(), Contact.id.desc()).limit(limit + 1)
    rows = [Binned(*row) for row in await db.execute(ordered)]
    if len(rows) <= limit:
        return rows, ""
    last = rows[limit - 1]
    return rows[:limit], encode(Cursor(SORT, to_micros(last.deleted_at), last.id))


def _binned(db: AsyncSession, q: str) -> Select[tuple[int, str, str, str, str, datetime | None]]:
    """The bin is small: a plain scan of its folded text will do."""
    columns = (Contact.id, Contact.name, Contact.company, Contact.phone, Contact.email, Contact.deleted_at)
    mine = visible(actor_of(db), "contacts.delete")
    found = select(*columns).where(Contact.deleted_at.is_not(None), Contact.merged_into.is_(None), mine)
    for word in fold(q).split()[:8]:
        found = found.where(Contact.search.contains(word, autoescape=True))
    return found
