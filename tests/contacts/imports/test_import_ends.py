"""How an import ends before its end, and until when it may be undone."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.contacts.imports import service
from app.contacts.imports.models import Import
from app.contacts.models import Contact
from app.frame.db import now_utc
from app.frame.refused import Conflict
from tests.contacts.imports.test_import_run import ended, imported, uploaded
from tests.world import World, make_world

MANY = 60_000
PEOPLE = "Nombre;Celular\n" + "".join(f"Cliente {n};+506 83{n:06}\n" for n in range(MANY))


@pytest.fixture
async def world(office, app) -> World:  # type: ignore[no-untyped-def]
    return await make_world(office, app)


async def how_many(world: World) -> int:
    async with world.office.database.unit(write=False) as db:
        return await db.scalar(select(func.count(Contact.id))) or 0


async def counted(world: World, import_id: int) -> int:
    """What the import says it brought, once it has ended."""
    return int((await ended(world, import_id, "cancelled")).counts.get("created", 0))


async def until(ask: Callable[[], Awaitable[int]]) -> None:
    for _ in range(6000):
        if await ask():
            return
        await asyncio.sleep(0.005)
    raise AssertionError("it never came")


@pytest.mark.slow
@pytest.mark.sqlite_only
async def test_it_works(world: World, tmp_path: Path) -> None:
    """Cancelled while it runs: what came in stays and is counted, the rest does not come, and all of it can go."""
    import_id = await uploaded(world, PEOPLE, tmp_path)
    async with world.office.database.unit() as db:
        await service.start(db, import_id)
    await until(lambda: how_many(world))
    async with world.office.database.unit() as db:
        await service.cancel(db, import_id)
    await until(lambda: counted(world, import_id))
    brought = await how_many(world)
    assert 0 < brought < MANY
    assert (await ended(world, import_id)).counts["created"] == brought
    async with world.office.database.unit() as db:
        await service.ask_undo(db, import_id)
    await ended(world, import_id, "undone")
    assert await how_many(world) == 0


@pytest.mark.sqlite_only
async def test_after_thirty_days_it_is_not_undone_any_more(world: World, tmp_path: Path) -> None:
    found = await imported(world, "Nombre;Celular\nMarvin;8812 3456\n", tmp_path)
    async with world.office.database.unit() as db:
        kept = await db.get_one(Import, found.id)
        kept.finished_at = now_utc() - timedelta(days=service.UNDO_DAYS)
        with pytest.raises(Conflict, match="30 días"):
            await service.ask_undo(db, found.id)
        kept.finished_at = now_utc() - timedelta(days=service.UNDO_DAYS) + timedelta(minutes=1)
        assert (await service.ask_undo(db, found.id)).options["undo"] is True
