"""SQLite connections for SQLAlchemy's async engine that go to their thread once for a statement.

aiosqlite goes four times: for a cursor, to execute, to fetch, to close. Each trip waits for the other thread and for
the interpreter's lock, and the single writer is held meanwhile. BEGIN waits for the first statement and goes with it.
What is short by its nature does not go at all, once the transaction has begun: one row that is inserted, and a SELECT
until it has taken STEPS. COMMIT always goes, as it may write much and wait for the disk.
"""

import asyncio
import re
import sqlite3
from collections import deque
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

import aiosqlite

from app.frame.at_once import TooLong, bounded

ONE_ROW = re.compile(r"INSERT INTO \S+ \([^()]*\) VALUES \([^()]*\)(?: RETURNING [^()]*)?", re.I)
FIRST = 2000  # rows that are fetched with the statement; a longer answer is fetched on demand


class OneHop(aiosqlite.Connection):
    """`await OneHop(path)` opens it; what SQLAlchemy asks of it is aiosqlite's, but for the cursors."""

    def __init__(self, path: str) -> None:
        super().__init__(lambda: sqlite3.connect(path, check_same_thread=False), iter_chunk_size=FIRST)
        self._thread.daemon = True  # as SQLAlchemy makes them: a forgotten connection must not hold the process
        self.beginning = ""
        self._ending: asyncio.Future[Any] | None = None
        self._asked = self._answered = 0  # each is counted by one thread alone

    def stop(self) -> "asyncio.Future[Any] | None":
        self._ending = super().stop()
        return self._ending

    async def _connect(self) -> aiosqlite.Connection:
        """What cannot be opened has let go of its thread before it says so; aiosqlite leaves that to chance."""
        try:
            return await super()._connect()
        except BaseException:
            if self._ending is not None:
                await self._ending
            raise

    @property
    def is_at_rest(self) -> bool:
        """In a transaction that has begun, with nothing to do in the thread: not even what a cancelled task left."""
        return self._asked == self._answered and not self.beginning and self.in_transaction

    async def cursor(self) -> "Cursor":  # type: ignore[override]
        return Cursor(self)

    async def commit(self) -> None:
        """A transaction in which nothing was said never began."""
        if not self.beginning:
            await super().commit()
        self.beginning = ""

    async def rollback(self) -> None:
        if not self.beginning:
            await super().rollback()
        self.beginning = ""

    async def _execute(self, fn: Any, *args: Any, **kwargs: Any) -> Any:
        self._asked += 1
        return await super()._execute(self._answer, fn, args, kwargs)

    def _answer(self, fn: Any, args: Any, kwargs: Any) -> Any:
        try:
            return fn(*args, **kwargs)
        finally:
            self._answered += 1

    async def run(self, work: Callable[..., None], *given: Any) -> None:
        """Call `work(sqlite connection, *given)` in the thread, in the transaction that was to begin.

        That it begins is settled here and not in the thread: who is cancelled while they wait for the thread rolls back
        what it is about to begin.
        """
        beginning, self.beginning = self.beginning, ""
        await self._execute(self._begun, beginning, work, given)

    def _begun(self, beginning: str, work: Callable[..., None], given: tuple[Any, ...]) -> None:
        if beginning:
            self._conn.execute(beginning)
        work(self._conn, *given)


class Cursor:
    """One statement and the first of its rows."""

    def __init__(self, connection: OneHop) -> None:
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None
        self._connection = connection
        self._rows: deque[Any] = deque()
        self._open: sqlite3.Cursor | None = None

    async def execute(self, sql: str, parameters: Any = ()) -> None:
        if sql.startswith("BEGIN"):
            self._connection.beginning = sql
            return
        if not (self._connection.is_at_rest and self._run_now(sql, parameters)):
            await self._connection.run(self._run, sql, parameters)

    async def executemany(self, sql: str, parameters: Iterable[Any]) -> None:
        await self._connection.run(self._run_many, sql, parameters)

    async def fetchone(self) -> Any:
        rows = await self.fetchmany(1)
        return rows[0] if rows else None

    async def fetchmany(self, size: int) -> list[Any]:
        if self._open is not None and len(self._rows) < size:
            await self._connection._execute(self._fetch, max(size, FIRST))
        return [self._rows.popleft() for _ in range(min(size, len(self._rows)))]

    async def fetchall(self) -> list[Any]:
        if self._open is not None:
            await self._connection._execute(self._fetch, -1)
        rows, self._rows = list(self._rows), deque()
        return rows

    async def close(self) -> None:
        if self._open is not None:
            await self._connection._execute(self._open.close)
            self._open = None

    def _run_now(self, sql: str, parameters: Any) -> bool:
        """On the loop's thread. False for what is not short."""
        connection, short = self._connection._conn, _is_short(sql)
        if short == "row":
            self._run(connection, sql, parameters)
        elif short == "read":
            try:
                with bounded(connection):
                    self._run(connection, sql, parameters)
            except TooLong:  # a read that is stopped leaves its transaction as it was
                self._open, self._rows = None, deque()
                return False
        return bool(short)

    def _run(self, connection: sqlite3.Connection, sql: str, parameters: Any) -> None:
        """In the thread."""
        cursor = connection.execute(sql, parameters)
        self.description, self.lastrowid, self.rowcount = cursor.description, cursor.lastrowid, cursor.rowcount
        self._open = cursor
        self._fetch(FIRST if cursor.description else 0)

    def _run_many(self, connection: sqlite3.Connection, sql: str, parameters: Iterable[Any]) -> None:
        cursor = connection.executemany(sql, parameters)
        self.lastrowid, self.rowcount = cursor.lastrowid, cursor.rowcount
        cursor.close()

    def _fetch(self, most: int) -> None:
        """The next rows, all of them below zero; an answer that has ended is closed here, where it costs nothing."""
        assert self._open is not None
        rows = self._open.fetchall() if most < 0 else self._open.fetchmany(most) if most else []
        self._rows.extend(rows)
        if most <= 0 or len(rows) < most:
            self._open.close()
            self._open = None


@lru_cache(maxsize=500)
def _is_short(sql: str) -> str:
    """`row`, `read` (to be tried), or nothing. What a full-text search does inside its index cannot be bounded."""
    if ONE_ROW.fullmatch(sql):
        return "row"
    return "read" if sql.startswith("SELECT") and " MATCH " not in sql else ""
