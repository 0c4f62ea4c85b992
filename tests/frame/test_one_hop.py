"""A statement in one trip: what comes back is what SQLite has, however long the answer and whatever goes wrong."""

import asyncio
import sqlite3
import threading
import time
from contextlib import closing
from queue import SimpleQueue

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from app.frame import one_hop
from app.frame.db import Database

pytestmark = pytest.mark.sqlite_only
ROWS = 25
NUMBERS = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {ROWS}) SELECT i FROM n"


@pytest.fixture(params=[1, 7, ROWS, ROWS + 1, 2000])
async def small(tmp_path, request, monkeypatch):
    """A database that fetches few rows at once."""
    monkeypatch.setattr(one_hop, "FIRST", request.param)
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'hop.db'}")
    async with database.unit() as db:
        await db.execute(text("CREATE TABLE t (id INTEGER PRIMARY KEY, word TEXT UNIQUE)"))
    yield database
    await database.close()


async def test_it_works(small):
    async with small.unit(write=False) as db:
        assert list(await db.scalars(text(NUMBERS))) == list(range(1, ROWS + 1))


async def test_a_stream_is_read_in_pieces(small):
    async with small.unit(write=False) as db:
        result = await db.stream(text(NUMBERS))
        assert [row.i async for row in result] == list(range(1, ROWS + 1))
        half = await db.stream(text(NUMBERS))
        assert (await half.fetchone()).i == 1
        assert [row.i for row in await half.fetchmany(9)] == list(range(2, 11))
        await half.close()
        assert await db.scalar(text("SELECT 7")) == 7


async def test_ids_counts_and_returning(small):
    async with small.unit() as db:
        first = await db.execute(text("INSERT INTO t (word) VALUES ('a')"))
        assert (first.lastrowid, first.rowcount) == (1, 1)
        await db.execute(text("INSERT INTO t (word) VALUES (:w)"), [{"w": "b"}, {"w": "c"}])
        changed = await db.execute(text("UPDATE t SET word = word || '!'"))
        assert changed.rowcount == 3
        gone = await db.scalars(text("DELETE FROM t WHERE id > 1 RETURNING id"))
        assert sorted(gone) == [2, 3]


async def test_an_error_is_the_databases_own_and_the_connection_goes_on(small):
    async with small.unit() as db:
        await db.execute(text("INSERT INTO t (word) VALUES ('a')"))
    with pytest.raises(IntegrityError):
        async with small.unit() as db:
            await db.execute(text("INSERT INTO t (word) VALUES ('a')"))
    with pytest.raises(DBAPIError):
        async with small.unit() as db:
            await db.execute(text("INSERT INTO t (word) VALUES (:w)"), [{"w": "b"}, {"w": "b"}])
    async with small.unit(write=False) as db:
        assert await db.scalar(text("SELECT count(*) FROM t")) == 1


async def test_a_unit_that_says_nothing_leaves_nothing_open(small):
    for write in (True, False, True):
        async with small.unit(write=write) as db:
            await db.connection()
    async with small.unit() as db:
        await db.execute(text("INSERT INTO t (word) VALUES ('a')"))
    async with small.unit(write=False) as db:
        assert await db.scalar(text("SELECT count(*) FROM t")) == 1


async def _insert_and_fail(database):
    async with database.unit() as db:
        await db.execute(text("INSERT INTO t (word) VALUES ('a')"))
        raise RuntimeError("enough")


async def test_who_is_cancelled_with_a_statement_under_way_leaves_no_transaction(small):
    async def insert():
        async with small.unit() as db:
            await db.execute(text("INSERT INTO t (word) VALUES ('a')"))
            await asyncio.sleep(60)

    for turns in range(12):  # cancelled at each step on the way
        task = asyncio.create_task(insert())
        for _ in range(turns):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    async with small.unit() as db:
        await db.execute(text("INSERT INTO t (word) VALUES ('b')"))
    async with small.unit(write=False) as db:
        assert list(await db.scalars(text("SELECT word FROM t"))) == ["b"]


async def test_what_failed_or_was_left_is_not_half_there(small):
    with pytest.raises(RuntimeError, match="enough"):
        await _insert_and_fail(small)
    async with small.unit(durable=True) as db:
        async with db.begin_nested() as inner:
            await db.execute(text("INSERT INTO t (word) VALUES ('b')"))
            await inner.rollback()
        await db.execute(text("INSERT INTO t (word) VALUES ('c')"))
    async with small.unit(write=False) as db:
        assert list(await db.scalars(text("SELECT word FROM t"))) == ["c"]


async def test_a_file_that_somebody_else_writes_is_an_error_and_no_half_transaction(small):
    path = small.url.removeprefix("sqlite+aiosqlite:///")
    async with small.unit() as db:
        await db.execute(text("PRAGMA busy_timeout=1"))
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DBAPIError, match="locked"):
            async with small.unit() as db:
                await db.execute(text("INSERT INTO t (word) VALUES ('a')"))
        other.execute("ROLLBACK")
    async with small.unit() as db:
        await db.execute(text("INSERT INTO t (word) VALUES ('b')"))
    async with small.unit(write=False) as db:
        assert list(await db.scalars(text("SELECT word FROM t"))) == ["b"]


def test_what_could_not_be_opened_has_ended_when_it_says_so(tmp_path, monkeypatch):
    """Its thread answers to the loop: were it still to come, it would find the loop closed."""

    class Late(SimpleQueue):  # type: ignore[type-arg]
        def get(self, *args, **options):
            found = super().get(*args, **options)
            time.sleep(0.1)
            return found

    async def open_it():
        await one_hop.OneHop(f"{tmp_path}/no/folder.db")

    failures = []
    monkeypatch.setattr("aiosqlite.core.SimpleQueue", Late)
    monkeypatch.setattr(threading, "excepthook", lambda failed: failures.append(failed.exc_value))
    with pytest.raises(sqlite3.OperationalError):
        asyncio.run(open_it())
    for thread in threading.enumerate():
        if "_connection_worker_thread" in thread.name:
            thread.join(2)
    assert failures == []


async def test_a_row_and_a_read_of_a_begun_transaction_stay_on_this_thread(small, monkeypatch):
    hops = []
    going = one_hop.OneHop.run

    async def run(self, work, *given):
        hops.append(given[0])
        await going(self, work, *given)

    monkeypatch.setattr(one_hop.OneHop, "run", run)
    async with small.unit() as db:
        await db.execute(text("INSERT INTO t (word) VALUES ('a')"))
        await db.execute(text("INSERT INTO t (word) VALUES ('b')"))
        assert await db.scalar(text("SELECT count(*) FROM t")) == 2
        await db.execute(text("UPDATE t SET word = word || '!'"))
    assert [sql.split()[0] for sql in hops] == ["INSERT", "UPDATE"]


async def test_a_long_read_goes_to_the_thread_and_the_transaction_goes_on(small):
    pairs = f"SELECT count(*) FROM ({NUMBERS}) a, ({NUMBERS}) b, ({NUMBERS}) c, t"
    async with small.unit() as db:
        await db.execute(text("INSERT INTO t (word) VALUES ('a')"))
        assert await db.scalar(text(pairs)) == ROWS**3
        await db.execute(text("INSERT INTO t (word) VALUES ('b')"))
    async with small.unit(write=False) as db:
        assert await db.scalar(text("SELECT count(*) FROM t")) == 2


async def test_a_row_that_is_refused_on_this_thread_leaves_the_savepoint_usable(small):
    async with small.unit() as db:
        await db.execute(text("INSERT INTO t (word) VALUES ('a')"))
        with pytest.raises(IntegrityError):
            async with db.begin_nested():
                await db.execute(text("INSERT INTO t (word) VALUES ('a')"))
        await db.execute(text("INSERT INTO t (word) VALUES ('b')"))
    async with small.unit(write=False) as db:
        assert list(await db.scalars(text("SELECT word FROM t ORDER BY id"))) == ["a", "b"]
