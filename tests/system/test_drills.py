"""The drill really opens the newest backup."""

import asyncio
import sqlite3
from contextlib import closing

import pytest
from sqlalchemy import text

from app.frame import audit
from app.frame.db import Database
from app.frame.profile import save_values
from app.frame.settings import Settings
from app.system import copying, shelf
from app.system.backups import backup_now
from app.system.drill import drill_now, last_drill


@pytest.fixture
async def busy(settings: Settings, database: Database) -> Settings:
    """An office with a chained audit."""
    database.before_commit.append(audit.write_chain)
    for name in ("Uno", "Dos"):
        async with database.unit() as db:
            await save_values(db, name=name)
    return settings


def test_it_works(busy: Settings) -> None:
    backup = backup_now(busy)
    drill = drill_now(busy)
    assert drill.problem == ""
    assert (drill.backup, drill.rows) == (backup.name, backup.total_rows)
    assert last_drill(busy) == drill
    assert not list(busy.data.glob("drill-*"))


def test_nothing_to_drill_is_a_finding(settings: Settings) -> None:
    assert not drill_now(settings).good


async def test_a_forged_audit_is_found(busy: Settings, database: Database) -> None:
    async with database.unit() as db:
        await db.execute(text("UPDATE audit SET who = 'Otra persona' WHERE id = 1"))
    backup_now(busy)
    drill = await asyncio.to_thread(drill_now, busy)  # as in the child: no loop around it
    assert "audit: 1" in drill.problem


def test_a_copy_that_rotted_on_the_disk_is_found(busy: Settings) -> None:
    path = shelf.path_of(busy, backup_now(busy))
    body = bytearray(path.read_bytes())
    body[-3000] ^= 0xFF
    path.write_bytes(body)
    assert "dañado" in drill_now(busy).problem


@pytest.mark.sqlite_only
def test_a_row_that_points_nowhere_is_found(busy: Settings) -> None:
    with closing(sqlite3.connect(busy.database_file)) as connection, connection:
        connection.execute("CREATE TABLE parent (id INTEGER PRIMARY KEY)")
        connection.execute("CREATE TABLE kid (id INTEGER PRIMARY KEY, parent_id INTEGER REFERENCES parent(id))")
        connection.execute("INSERT INTO kid VALUES (1, 99)")
    backup = backup_now(busy)
    assert backup.good
    assert copying.problem_in(shelf.path_of(busy, backup)) == ""
    assert "kid" in drill_now(busy).problem
