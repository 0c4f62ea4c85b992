"""The search index on SQLite, kept in few pieces without anybody's write paying for it.

Every commit leaves a small piece in the index. By default SQLite joins pieces inside whichever commit comes next: after
an import that is the whole index (measured: 180 ms in one insert). So nobody's commit joins (but at CRISIS pieces), and
a job of every minute joins a few pages at a time, each time in a unit of its own.
"""

from itertools import product

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.contacts.imports.models import Import
from app.contacts.search_index import TABLES

CRISIS = 64
CALM_MANNERS = {"automerge": 0, "crisismerge": CRISIS}
PAGES = 16  # some 4 ms of the writer
NOTHING = 2  # fewer changed rows than this: there was nothing to join (SQLite's own rule)


async def calm_index(db: AsyncSession) -> bool:
    """Tell the index not to join within writes. False when it is not ours now: an import has its own manners."""
    if db.info["database"].dialect != "sqlite" or await db.scalar(select(Import.id).where(Import.state == "running")):
        return False
    for table, (name, value) in product(TABLES, CALM_MANNERS.items()):
        if await db.scalar(text(f"SELECT v FROM {table}_config WHERE k = :k"), {"k": name}) != value:  # noqa: S608 - ours
            await _say(db, table, name, value)
    return True


async def join_some(db: AsyncSession, table: str) -> bool:
    """Join some pages. False when the pieces are few enough."""
    before = await db.scalar(text("SELECT total_changes()"))
    await _say(db, table, "merge", PAGES)
    return bool(await db.scalar(text("SELECT total_changes()")) - before >= NOTHING)


async def _say(db: AsyncSession, table: str, word: str, value: int) -> None:
    order = text(f"INSERT INTO {table}({table}, rank) VALUES (:word, :value)")  # noqa: S608 - ours
    await db.execute(order, {"word": word, "value": value})
