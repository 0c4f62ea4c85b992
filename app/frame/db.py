"""The database: one writer on SQLite, ordinary pools on PostgreSQL, one unit of work for both."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Annotated, Any

from aiosqlite import Connection
from sqlalchemy import BigInteger, Integer, MetaData, event, text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase, mapped_column

from app.frame.checkpoints import BELT_PAGES, Checkpoints
from app.frame.fair_pool import FairPool
from app.frame.instant import InstantType
from app.frame.one_hop import OneHop
from app.frame.reader import Reader

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}

Id = Annotated[int, mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True)]
BigInt = BigInteger().with_variant(Integer, "sqlite")
Instant = Annotated[datetime, mapped_column(InstantType)]

READ_POOL = 4


class Base(DeclarativeBase):
    """Every table of the office."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {datetime: InstantType}


def now_utc() -> datetime:
    """The current instant, aware."""
    return datetime.now(UTC)


def _pragmas(read_only: bool) -> Callable[[Any, Any], None]:
    def connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, else pysqlite guesses
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=5000", "foreign_keys=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        if read_only:
            cursor.execute("PRAGMA query_only=ON")
        cursor.execute(f"PRAGMA wal_autocheckpoint={BELT_PAGES}")
        cursor.close()

    return connect


def _begin_reader(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN")


def _begin_writer(connection: Any) -> None:
    """BEGIN IMMEDIATE, so no lock upgrade can fail midway; `durable` units also wait for the disk."""
    level = "FULL" if connection.get_execution_options().get("durable") else "NORMAL"
    if connection.info.get("synchronous", "NORMAL") != level:
        connection.exec_driver_sql(f"PRAGMA synchronous={level}")  # ignored inside a transaction, hence here
        connection.info["synchronous"] = level
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _sqlite_engine(url: str, *, write: bool) -> AsyncEngine:
    """The write engine's pool of one *is* the gate: writers queue fairly in memory and never meet SQLITE_BUSY."""
    path = url.removeprefix("sqlite+aiosqlite:///")

    async def connect() -> Connection:
        return await OneHop(path)

    pool: Any = {"poolclass": FairPool, "pool_size": 1} if write else {"pool_size": READ_POOL}
    engine = create_async_engine(
        url, async_creator=connect, max_overflow=0, pool_timeout=60, hide_parameters=True, **pool
    )
    event.listen(engine.sync_engine, "connect", _pragmas(read_only=not write))
    event.listen(engine.sync_engine, "begin", _begin_writer if write else _begin_reader)
    return engine


def postgres_url(url: str) -> str:
    """asyncpg by default; a psycopg address is kept when that driver is installed."""
    return url.replace("postgresql://", "postgresql+asyncpg://", 1)


def _postgresql_engine(url: str) -> AsyncEngine:
    engine = create_async_engine(url, pool_size=12, max_overflow=8, hide_parameters=True)
    event.listen(engine.sync_engine, "connect", _alone)
    return engine


def _alone(connection: Any, _record: Any) -> None:
    """No helper processes: to wake one takes longer than any page of ours may."""
    cursor = connection.cursor()
    cursor.execute("SET max_parallel_workers_per_gather = 0")
    cursor.close()
    connection.commit()


AtCommit = Callable[[AsyncSession], Any]


class Database:
    """Engines, the unit of work and the fast reader."""

    def __init__(self, url: str) -> None:
        self.url = url if url.startswith("sqlite") else postgres_url(url)
        self.dialect = "sqlite" if url.startswith("sqlite") else "postgresql"
        if self.dialect == "sqlite":
            self.write_engine = _sqlite_engine(self.url, write=True)
            self.read_engine = _sqlite_engine(self.url, write=False)
        else:
            self.write_engine = self.read_engine = _postgresql_engine(self.url)
        self.checkpoints = Checkpoints(self.url.removeprefix("sqlite+aiosqlite:///"))
        self.reader = Reader(self.url, self.read_engine)
        self.before_commit: list[AtCommit] = []
        self.after_commit: list[AtCommit] = []

    def session(self, *, write: bool) -> AsyncSession:
        engine = self.write_engine if write else self.read_engine
        session = AsyncSession(engine, expire_on_commit=False, autoflush=True)
        session.info.update(write=write, database=self)
        return session

    @asynccontextmanager
    async def unit(self, *, write: bool = True, durable: bool = False, **info: Any) -> AsyncIterator[AsyncSession]:
        """A unit of work: commits at the end, rolls back on error. Never await the outside world inside.

        `durable` asks SQLite for synchronous=FULL: for what leaves the house (outbox, intake).
        """
        session = self.session(write=write)
        session.info.update(info)
        try:
            if durable:
                await session.connection(execution_options={"durable": True})
            yield session
            await self.finish(session)
        finally:
            await session.close()

    async def finish(self, session: AsyncSession) -> None:
        """Commit with what must happen just before (audit chain) and just after (nudges, jobs)."""
        if not session.info["write"]:
            session.expunge_all()  # what was read stays readable after the unit
            await session.rollback()
            return
        for hook in self.before_commit:
            await hook(session)
        await session.commit()
        if self.dialect == "sqlite":
            self.checkpoints.wrote()
        for hook in self.after_commit:
            await hook(session)

    @asynccontextmanager
    async def gate(self) -> AsyncIterator[None]:
        """Hold the single SQLite writer while somebody else (the child process) writes the file."""
        if self.dialect != "sqlite":
            yield
            return
        async with self.write_engine.connect():
            yield

    async def size_bytes(self) -> int:
        sql = (
            "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
            if self.dialect == "sqlite"
            else "SELECT pg_database_size(current_database())"
        )
        async with self.read_engine.connect() as connection:
            return int((await connection.execute(text(sql))).scalar_one())

    async def close(self) -> None:
        self.checkpoints.close()
        self.reader.close()
        await self.write_engine.dispose()
        if self.read_engine is not self.write_engine:
            await self.read_engine.dispose()
