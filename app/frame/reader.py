"""The fast way to read committed rows: a compiled Core statement, fetched in one hop into Structs.

The async ORM costs several times the raw query (measured in the research), so lists and figures come through here.
"""

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import msgspec
from sqlalchemy import JSON, Select
from sqlalchemy.dialects import sqlite as sqlite_dialect
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.sql.expression import Executable

from app.frame.at_once import AtOnce, TooLong
from app.frame.instant import InstantType, instant_or_none

T = TypeVar("T")
THREADS = 3
LONG = 3
CACHE_KB = 8 * 1024  # taken as it is needed; a search meets rows all over the file
DIALECT = sqlite_dialect.dialect(paramstyle="named")

MISSING: Any = object()
Convert = Callable[[Any], Any]
Build = Callable[..., T]
decode = msgspec.json.Decoder().decode


class Prepared:
    """A statement built once; its bind parameters are given at each fetch.

    `short` reads are tried without a thread, until LONG of them were not short. A full-text search is never short:
    what it does inside its own index cannot be bounded.
    """

    __slots__ = ("_compiled", "_statement", "build", "into", "long", "short")

    def __init__(self, build: Callable[[], Executable], into: Build[Any], *, short: bool = True) -> None:
        self.build = build
        self.into = into
        self.short = short
        self.long = 0
        self._statement: Executable | None = None
        self._compiled: Statement | None = None

    @property
    def statement(self) -> Executable:
        if self._statement is None:
            self._statement = self.build()
        return self._statement

    @property
    def compiled(self) -> "Statement":
        if self._compiled is None:
            self._compiled = Statement(self.statement)
        return self._compiled


class Sooner(msgspec.Struct, frozen=True):
    """A statement for PostgreSQL that finds the same, usually sooner. Its own text bounds it; `enough` tells whether
    what it found is the answer."""

    statement: Prepared
    enough: Callable[[list[Any]], bool]


class Statement:
    """SQL text, bind converters and result converters of one statement for SQLite."""

    __slots__ = ("binds", "converters", "sql")

    def __init__(self, statement: Executable) -> None:
        compiled = statement.compile(dialect=DIALECT, compile_kwargs={"render_postcompile": True})  # type: ignore[attr-defined]
        self.sql = str(compiled)
        self.binds = _bind_converters(compiled)
        self.converters = _result_converters(statement)

    def parameters(self, given: dict[str, Any]) -> dict[str, Any]:
        """Raises KeyError for a parameter that has no value and was not given."""
        made = {}
        for name, key, fixed, convert in self.binds:
            value = given.get(key, fixed)
            if value is MISSING:
                raise KeyError(key)
            made[name] = convert(value)
        return made


def _same(value: Any) -> Any:
    return value


def _bind_converters(compiled: Any) -> list[tuple[str, str, Any, Convert]]:
    processors = compiled._bind_processors  # the compiled object's own, already dialect-aware
    return [
        (name, bind.key, MISSING if bind.required else bind.effective_value, processors.get(name) or _same)
        for bind, name in compiled.bind_names.items()
    ]


def _result_converters(statement: Any) -> list[tuple[int, Convert]]:
    if not isinstance(statement, Select):
        return []
    found = ((i, _converter(column.type)) for i, column in enumerate(statement.selected_columns))
    return [(i, convert) for i, convert in found if convert is not None]


def _converter(kind: Any) -> Convert | None:
    """SQLAlchemy's own, with shorter ways for what every list has."""
    if isinstance(kind, InstantType):
        return instant_or_none
    if type(kind) is JSON:
        return _json
    convert: Convert | None = kind.dialect_impl(DIALECT).result_processor(DIALECT, None)
    return convert


def _json(text: str | None) -> Any:
    return None if text is None else decode(text)


def _assemble(rows: Sequence[Sequence[Any]], converters: list[tuple[int, Convert]], into: Build[T]) -> list[T]:
    if not converters:
        return [into(*row) for row in rows]
    made = []
    for row in rows:
        values = list(row)
        for i, convert in converters:
            values[i] = convert(values[i])
        made.append(into(*values))
    return made


class Reader:
    """Reads committed rows. On SQLite its own small thread pool; on PostgreSQL the read engine."""

    def __init__(self, url: str, engine: AsyncEngine) -> None:
        self._engine = engine
        self._path = url.removeprefix("sqlite+aiosqlite:///") if url.startswith("sqlite") else None
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="reader") if self._path else None
        self._local = threading.local()
        self._open: list[sqlite3.Connection] = []

    async def fetch(
        self,
        statement: Prepared | Executable,
        into: Build[T] | None = None,
        *,
        sooner: Sooner | None = None,
        **given: Any,
    ) -> list[T]:
        """Rows of a select as `into(*columns)`; `into` may be left out for a Prepared."""
        build: Build[T] = into or statement.into  # type: ignore[union-attr]
        if self._pool is None:
            rows = await self._fetch_pooled(sooner.statement, build, given) if sooner else []
            return rows if sooner and sooner.enough(rows) else await self._fetch_pooled(statement, build, given)
        compiled = statement.compiled if isinstance(statement, Prepared) else Statement(statement)
        parameters = compiled.parameters(given)
        if isinstance(statement, Prepared) and statement.short:
            try:
                return _assemble(self._at_once().fetch(compiled.sql, parameters), compiled.converters, build)
            except TooLong:
                statement.long += 1
                statement.short = statement.long < LONG
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, self._fetch_sqlite, compiled, build, parameters)

    async def one(self, statement: Prepared | Executable, into: Build[T] | None = None, **given: Any) -> T | None:
        rows = await self.fetch(statement, into, **given)
        return rows[0] if rows else None

    def _fetch_sqlite(self, compiled: Statement, into: Build[T], parameters: dict[str, Any]) -> list[T]:
        rows = self._connection().execute(compiled.sql, parameters).fetchall()
        return _assemble(rows, compiled.converters, into)

    def _at_once(self) -> AtOnce:
        """The connection of the thread that asks, which is the loop's."""
        at_once: AtOnce | None = getattr(self._local, "at_once", None)
        if at_once is None:
            at_once = self._local.at_once = AtOnce(self._connection())
        return at_once

    def _connection(self) -> sqlite3.Connection:
        connection = getattr(self._local, "connection", None)
        if connection is None:
            connection = sqlite3.connect(self._path or "", isolation_level=None, check_same_thread=False)
            connection.execute("PRAGMA query_only=ON")
            connection.execute("PRAGMA busy_timeout=5000")
            connection.execute(f"PRAGMA cache_size=-{CACHE_KB}")
            self._local.connection = connection
            self._open.append(connection)
        return connection

    async def _fetch_pooled(self, statement: Prepared | Executable, into: Build[T], given: dict[str, Any]) -> list[T]:
        select = statement.statement if isinstance(statement, Prepared) else statement
        async with self._engine.connect() as connection:
            rows = (await connection.execute(select, given)).all()
        return [into(*row) for row in rows]

    def close(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=True)
        for connection in self._open:
            connection.close()
        self._open.clear()
