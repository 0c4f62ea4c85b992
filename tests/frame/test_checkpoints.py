"""The log goes into the database after commits, by itself, and no commit does it."""

import asyncio
import shutil
import sqlite3

import pytest
from sqlalchemy import text

from app.frame import checkpoints
from app.frame.db import Database

pytestmark = pytest.mark.sqlite_only


@pytest.fixture
async def database(tmp_path, monkeypatch):
    monkeypatch.setattr(checkpoints, "AFTER_S", 0.01)
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'log.db'}")
    async with database.unit() as db:
        await db.execute(text("CREATE TABLE t (word TEXT)"))
    yield database
    await database.close()


async def test_what_was_committed_is_soon_in_the_file_itself(database, tmp_path):
    async with database.unit() as db:
        await db.execute(text("INSERT INTO t (word) VALUES ('hola')"))
    for _ in range(500):
        if _words_without_the_log(tmp_path) == [("hola",)]:
            return
        await asyncio.sleep(0.01)
    pytest.fail("it stayed in the log")


async def test_a_closed_database_is_left_alone(database, monkeypatch):
    ran = []
    monkeypatch.setattr(checkpoints.Checkpoints, "run", lambda _self: ran.append(1))
    await database.close()
    database.checkpoints.wrote()
    await asyncio.sleep(0.05)
    assert not ran


async def test_a_checkpoint_that_fails_harms_nobody(database):
    checkpoints.Checkpoints("/no/such/folder/log.db").run()


def _words_without_the_log(tmp_path):
    alone = tmp_path / "alone.db"
    shutil.copyfile(tmp_path / "log.db", alone)
    connection = sqlite3.connect(alone)
    try:
        return connection.execute("SELECT word FROM t").fetchall()
    except sqlite3.Error:
        return []
    finally:
        connection.close()
        for end in ("-wal", "-shm"):
            (tmp_path / f"alone.db{end}").unlink(missing_ok=True)
