"""The restore drill: put the newest backup into a scratch place, open it as an office would, and look."""

import asyncio
import contextlib
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

import msgspec

from app.frame import audit
from app.frame.db import Database, now_utc
from app.frame.i18n import _
from app.frame.migrate import migrate
from app.frame.refused import Refused
from app.frame.settings import Settings
from app.system import copying, pgdump, restoring, shelf
from app.system.shelf import Backup

FILE = "drill.json"
SCRATCH = "drill-"
DATABASE = "centralita_drill"


class Drill(msgspec.Struct, frozen=True, kw_only=True):
    """How a drill went. `problem` is empty when an office could have been opened from that backup."""

    at: datetime
    backup: str = ""
    seconds: float = 0
    rows: int = 0
    problem: str = ""

    @property
    def good(self) -> bool:
        return not self.problem


class Failed(Exception):
    """The drill found something."""


def last_drill(settings: Settings) -> Drill | None:
    try:
        return msgspec.json.decode((settings.data / shelf.FOLDER / FILE).read_bytes(), type=Drill)
    except FileNotFoundError:
        return None


def drill_now(settings: Settings) -> Drill:
    """Restore the newest good backup into a scratch copy, look at it, and remember the result."""
    started, backup = time.perf_counter(), shelf.newest_good(shelf.listed(settings))
    drill = Drill(at=now_utc(), backup=backup.name if backup else "", rows=backup.total_rows if backup else 0)
    problem = _problem(settings, backup) if backup else _("Todavía no hay ningún respaldo bueno.")
    drill = msgspec.structs.replace(drill, problem=problem, seconds=round(time.perf_counter() - started, 3))
    shelf.put_file(shelf.folder(settings) / FILE, msgspec.json.encode(drill))
    return drill


def _problem(settings: Settings, backup: Backup) -> str:
    try:
        restoring.check(settings, shelf.path_of(settings, backup))
        with _scratch(settings, shelf.path_of(settings, backup)) as scratch:
            _open(scratch, backup)
    except Refused as refused:
        return refused.sentence
    except (Failed, OSError, sqlite3.Error) as error:
        return f"{type(error).__name__}: {error}".strip()
    return ""


@contextlib.contextmanager
def _scratch(settings: Settings, path: Path) -> Iterator[Settings]:
    """Settings of an office that holds the backup, and that is gone afterwards."""
    for left in settings.data.glob(f"{SCRATCH}*"):
        shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(dir=settings.data, prefix=SCRATCH) as folder:
        scratch = msgspec.structs.replace(settings, data=Path(folder), database_url="")
        if settings.is_sqlite:
            restoring.put_copy(path, scratch.database_file)
            yield scratch
            return
        with _scratch_database(settings) as url:
            pgdump.restore(url, path, Path(folder) / "drill.sql")
            yield msgspec.structs.replace(scratch, database_url=url)


@contextlib.contextmanager
def _scratch_database(settings: Settings) -> Iterator[str]:
    url = pgdump.address(settings)
    with pgdump.connect(url) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {DATABASE}")
        connection.execute(f"CREATE DATABASE {DATABASE}")
        try:
            yield pgdump.sibling(url, DATABASE)
        finally:
            connection.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")


def _open(scratch: Settings, backup: Backup) -> None:
    """Count, bring up to date, follow the references and the audit's chain."""
    if (found := _rows(scratch)) != backup.rows:
        raise Failed(f"rows: {sum(found.values())} != {backup.total_rows}")
    migrate(scratch)
    if scratch.is_sqlite and (loose := _loose(scratch.database_file)):
        raise Failed(f"foreign_key_check: {loose}")
    if broken := asyncio.run(_broken_audit(scratch)):
        raise Failed(f"audit: {broken}")


def _rows(scratch: Settings) -> dict[str, int]:
    if scratch.is_sqlite:
        return copying.look(scratch.database_file).rows
    with pgdump.connect(pgdump.address(scratch)) as connection:
        return pgdump.count_rows(connection)


def _loose(path: Path) -> str:
    """A row that points to a row that is not there."""
    with closing(sqlite3.connect(path)) as connection:
        row = connection.execute("PRAGMA foreign_key_check").fetchone()
    return f"{row[0]} {row[1]} -> {row[2]}" if row else ""


async def _broken_audit(scratch: Settings) -> int | None:
    database = Database(scratch.database)
    try:
        async with database.unit(write=False) as db:
            return await audit.verify(db)
    finally:
        await database.close()
