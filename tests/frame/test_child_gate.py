"""The child borrows its parent's single writer: never two writers on the SQLite file."""

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text

from app.frame.child import Child, ChildFailed
from app.frame.db import Database
from tests.frame.child_bed import ERRANDS, Heard


class Writer:
    """The parent's single writer, as the database's gate is."""

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.order: list[str] = []

    @contextlib.asynccontextmanager
    async def gate(self) -> AsyncIterator[None]:
        async with self.lock:
            self.order.append("opened")
            yield
            self.order.append("closed")


async def test_it_works(tmp_path):
    """Web writers and the child take turns with a busy timeout of nothing, so a collision would raise."""
    path = str(tmp_path / "office.db")
    setup = sqlite3.connect(path, isolation_level=None)
    setup.execute("PRAGMA journal_mode=WAL")
    setup.execute("CREATE TABLE wrote(id INTEGER PRIMARY KEY, who TEXT)")
    writer = Writer()
    child, web = Child(gate=writer.gate), sqlite3.connect(path, timeout=0, isolation_level=None)

    async def pages() -> None:
        for _ in range(20):
            async with writer.lock:
                web.execute("BEGIN IMMEDIATE")
                web.execute("INSERT INTO wrote(who) VALUES ('web')")
                await asyncio.sleep(0.005)
                web.execute("COMMIT")
            await asyncio.sleep(0.005)

    errands = [child.run(ERRANDS + "write", {"path": path, "chunks": 5}) for _ in range(2)]
    await asyncio.gather(pages(), *errands)
    await child.close()
    assert dict(setup.execute("SELECT who, count(*) FROM wrote GROUP BY who")) == {"child": 10, "web": 20}
    assert writer.order == ["opened", "closed"] * 10


async def test_the_real_database_lends_its_writer(tmp_path):
    path = str(tmp_path / "office.db")
    sqlite3.connect(path).execute("CREATE TABLE wrote(id INTEGER PRIMARY KEY, who TEXT)")
    database = Database(f"sqlite+aiosqlite:///{path}")
    child = Child(gate=database.gate)

    async def page() -> None:
        async with database.unit(write=True) as db:
            await db.execute(text("INSERT INTO wrote(who) VALUES ('web')"))

    run = child.run(ERRANDS + "write", {"path": path, "chunks": 4})
    await asyncio.gather(run, *(page() for _ in range(10)))
    async with database.unit(write=False) as db:
        wrote = dict((await db.execute(text("SELECT who, count(*) FROM wrote GROUP BY who"))).all())
    await child.close()
    await database.close()
    assert wrote == {"child": 4, "web": 10}


async def test_progress_may_write_while_the_child_holds_the_gate(tmp_path):
    """The teller waits for the writer, not the listener: otherwise the two would wait for each other for ever."""
    path = str(tmp_path / "office.db")
    sqlite3.connect(path).execute("CREATE TABLE wrote(id INTEGER PRIMARY KEY, who TEXT)")
    writer, saved = Writer(), []
    child = Child(gate=writer.gate)

    async def save(data: dict) -> None:
        async with writer.lock:
            saved.append(data["has"])

    async with asyncio.timeout(20):
        await child.run(ERRANDS + "write", {"path": path, "chunks": 3}, save)
    await child.close()
    assert saved == [0, 1, 2]


@pytest.mark.parametrize("function", ["fail_inside_gate", "hold_forever"])
async def test_the_gate_is_given_back_when_the_run_ends_badly(function):
    writer, heard = Writer(), Heard()
    child = Child(gate=writer.gate)
    run = asyncio.create_task(child.run(ERRANDS + function, {}, heard))
    if function == "hold_forever":
        await heard.first.wait()
        assert writer.lock.locked()
        run.cancel()
    await asyncio.wait({run})
    assert run.cancelled() or isinstance(run.exception(), ChildFailed)
    async with asyncio.timeout(5), writer.lock:
        pass
    await child.close()


async def test_a_gate_that_cannot_open_ends_the_run():
    @contextlib.asynccontextmanager
    async def shut() -> AsyncIterator[None]:
        raise ConnectionError("no writer")
        yield

    child = Child(gate=shut)
    with pytest.raises(ConnectionError, match="no writer"):
        await child.run(ERRANDS + "hold_forever", {})
    await child.close()
