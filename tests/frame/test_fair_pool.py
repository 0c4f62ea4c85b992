"""The single writer of SQLite goes to whoever has waited longest, and is never lost."""

import asyncio

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.frame.db import Database

pytestmark = pytest.mark.sqlite_only


@pytest.fixture
async def writers(tmp_path):
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'writers.db'}")
    async with database.unit() as db:
        await db.execute(text("CREATE TABLE line (id INTEGER PRIMARY KEY, who TEXT UNIQUE)"))
    yield database
    await database.close()


async def write(database: Database, who: str) -> None:
    async with database.unit() as db:
        await db.execute(text("INSERT INTO line (who) VALUES (:who)"), {"who": who})


async def order(database: Database) -> list[str]:
    async with database.unit(write=False) as db:
        return list(await db.scalars(text("SELECT who FROM line ORDER BY id")))


async def test_it_works(writers):
    await asyncio.gather(*(write(writers, f"w{n}") for n in range(20)))
    assert await order(writers) == [f"w{n}" for n in range(20)]


async def test_a_busy_task_does_not_starve_the_others(writers):
    """It asks for the writer again in the moment in which it gives it back; others come between."""

    async def busy():
        for n in range(30):
            await write(writers, f"busy{n}")

    async def others(name):
        for n in range(3):
            await write(writers, f"{name}{n}")

    await asyncio.gather(busy(), others("a"), others("b"))
    lines = await order(writers)
    assert len(lines) == 36
    assert max(lines.index("a2"), lines.index("b2")) < 12


async def test_who_fails_gives_it_back(writers):
    await write(writers, "one")
    for _ in range(3):
        with pytest.raises(Exception, match="UNIQUE"):
            await write(writers, "one")
    with pytest.raises(OperationalError):
        async with writers.unit() as db:
            await db.execute(text("INSERT INTO nowhere VALUES (1)"))
    await write(writers, "two")
    assert await order(writers) == ["one", "two"]


async def test_who_is_cancelled_while_waiting_or_writing_gives_it_back(writers):
    inside, leave = asyncio.Event(), asyncio.Event()

    async def slow():
        async with writers.unit() as db:
            await db.execute(text("INSERT INTO line (who) VALUES ('slow')"))
            inside.set()
            await leave.wait()

    holding = asyncio.create_task(slow())
    await inside.wait()
    waiting = [asyncio.create_task(write(writers, f"w{n}")) for n in range(3)]
    await asyncio.sleep(0)
    waiting[1].cancel()
    holding.cancel()
    done = await asyncio.wait_for(asyncio.gather(holding, *waiting, return_exceptions=True), 10)
    assert [type(each) for each in done] == [asyncio.CancelledError, type(None), asyncio.CancelledError, type(None)]
    await write(writers, "last")
    assert await order(writers) == ["w0", "w2", "last"]


async def test_who_waits_too_long_is_told(writers, monkeypatch):
    monkeypatch.setattr(writers.write_engine.pool, "_timeout", 0.05)
    async with writers.gate():
        with pytest.raises(PoolTimeout, match="too long"):
            await write(writers, "one")
    await write(writers, "two")
    assert await order(writers) == ["two"]
