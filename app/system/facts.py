"""Everything the machine room shows, gathered at most every two seconds whoever looks."""

import asyncio
import platform
import sqlite3
import time
from datetime import datetime, timedelta
from importlib.metadata import version
from typing import Any

import msgspec
from sqlalchemy import text

from app.frame.db import now_utc
from app.frame.keeping import Keeping
from app.frame.migrate import head
from app.frame.office import Office
from app.frame.settings import Settings
from app.system import drill, jobs, queue_facts, shelf
from app.system.drill import Drill
from app.system.health import free_bytes
from app.system.queue_facts import Failure, Next
from app.system.shelf import Backup

FRESH_S = 2.0
LIBRARIES = ("litestar", "sqlalchemy", "msgspec", "uvicorn", "litestar-queues")


class Shelf(msgspec.Struct, frozen=True, kw_only=True):
    """The backups in short."""

    newest: Backup | None
    newest_good: Backup | None
    count: int
    bytes: int
    failure: jobs.Failure | None
    drill: Drill | None


class Store(msgspec.Struct, frozen=True, kw_only=True):
    """The database and the disk under it."""

    dialect: str
    server: str
    bytes: int
    revision: str
    head: str
    free_bytes: int


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """One look at the office."""

    at: datetime
    started_at: datetime
    lag: dict[str, float]
    clients: int
    queue: dict[str, int]
    failures: list[Failure]
    schedules: list[Next]
    kept: list[Keeping]
    shelf: Shelf
    store: Store

    @property
    def uptime(self) -> timedelta:
        return self.at - self.started_at


async def facts(office: Office) -> Facts:
    """The present facts."""
    at, known = office.state.get("system.facts", (0.0, None))
    if known is not None and time.monotonic() - at < FRESH_S:
        return known
    found = await _look(office)
    office.state["system.facts"] = (time.monotonic(), found)
    return found


async def _look(office: Office) -> Facts:
    on_shelf, store = await asyncio.gather(asyncio.to_thread(look_at_shelf, office.settings), look_at_store(office))
    return Facts(
        at=now_utc(),
        started_at=office.state.get("system.started", now_utc()),
        lag=office.lag.figures(),
        clients=office.live.figures()["clients"],
        queue=await office.queue.figures(),
        failures=await queue_facts.failures(office.queue),
        schedules=await queue_facts.schedules(office.queue),
        kept=office.supervisor.snapshot(),
        shelf=on_shelf,
        store=store,
    )


def look_at_shelf(settings: Settings) -> Shelf:
    backups = shelf.listed(settings)
    return Shelf(
        newest=backups[0] if backups else None,
        newest_good=shelf.newest_good(backups),
        count=len(backups),
        bytes=sum(b.bytes for b in backups),
        failure=jobs.last_failure(settings),
        drill=drill.last_drill(settings),
    )


async def look_at_store(office: Office) -> Store:
    if "system.head" not in office.state:
        office.state["system.head"] = await asyncio.to_thread(head) or ""
    async with office.database.read_engine.connect() as connection:
        server, revision = await connection.run_sync(_server), await connection.run_sync(_revision)
    return Store(
        dialect=office.database.dialect,
        server=server,
        bytes=await office.database.size_bytes(),
        revision=revision,
        head=office.state["system.head"],
        free_bytes=free_bytes(office),
    )


def _server(connection: Any) -> str:
    if connection.dialect.name == "sqlite":
        return f"SQLite {sqlite3.sqlite_version}"
    return f"PostgreSQL {connection.scalar(text('SHOW server_version'))}"


def _revision(connection: Any) -> str:
    if not connection.dialect.has_table(connection, "alembic_version"):
        return ""
    return str(connection.scalar(text("SELECT version_num FROM alembic_version")) or "")


def versions(office: Office) -> list[tuple[str, str]]:
    """What runs here, by name."""
    ours = [("Centralita", office.version), ("Python", platform.python_version())]
    return [*ours, *((name, version(name)) for name in LIBRARIES), ("", f"{platform.system()} {platform.release()}")]
