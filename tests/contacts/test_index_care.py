"""The search index is joined little by little, finds the same, and stays out of an import's way."""

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.contacts.imports.models import Import
from app.contacts.index_care import CALM_MANNERS, calm_index, join_some
from app.contacts.search_index import TABLES
from app.frame.db import now_utc
from tests.contacts.desk import Desk, number

pytestmark = pytest.mark.sqlite_only


async def test_it_works(desk: Desk) -> None:
    async with desk.unit() as db:
        assert await calm_index(db)
    for n in range(12):
        await desk.plant(f"Ana {n}", number(n))
    async with desk.unit(write=False) as db:
        before, found = [await _pieces(db, t) for t in TABLES], await _found(db)
    assert min(before) >= 12
    assert len(found) == 12
    for table in TABLES:
        more = True
        while more:
            async with desk.unit() as db:
                more = await join_some(db, table)
    async with desk.unit(write=False) as db:
        assert max([await _pieces(db, t) for t in TABLES]) < 4
        assert await _found(db) == found


async def test_an_import_keeps_its_manners(desk: Desk) -> None:
    async with desk.unit() as db:
        db.add(Import(filename="a.csv", path="a", size_bytes=1, state="running", created_at=now_utc(), who="Ana"))
        await db.flush()
        assert not await calm_index(db)
        for table in TABLES:
            told = dict((await db.execute(text(f"SELECT k, v FROM {table}_config"))).tuples().all())
            assert not told.keys() & CALM_MANNERS.keys()


async def _pieces(db: AsyncSession, table: str) -> int:
    return await db.scalar(text(f"SELECT count(DISTINCT segid) FROM {table}_idx")) or 0


async def _found(db: AsyncSession) -> list[int]:
    return list(await db.scalars(text("SELECT rowid FROM contact_word WHERE contact_word MATCH 'ana'")))
