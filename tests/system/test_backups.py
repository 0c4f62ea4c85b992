"""A backup is a copy that was opened and counted."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from app.frame.db import Database, now_utc
from app.frame.profile import save_values
from app.frame.settings import Settings
from app.system import backups, copying, shelf
from app.system.backups import BackupFailed, Damaged, backup_now

SLOW = """
import sys, time
from pathlib import Path
from app.frame.settings import Settings
from app.system import backups, copying
copying.PAGES = 8

def tell(done, total):
    print(done, flush=True)
    time.sleep(0.01)

settings = Settings(data=Path(sys.argv[1]), database_url=sys.argv[2], secret="x")
backups.backup_now(settings, "schedule", tell)
"""


async def test_it_works(settings: Settings, database: Database) -> None:
    async with database.unit() as db:
        await save_values(db, name="Oficina de prueba", country="CR")
    backup = backup_now(settings)
    assert backup.good
    assert backup.rows["office_value"] == 2
    assert backup.rows["audit"] == 0
    assert backup.total_rows == sum(backup.rows.values())
    assert shelf.listed(settings) == [backup]
    path = shelf.path_of(settings, backup)
    assert path.stat().st_mode & 0o777 == 0o600
    assert backup.sha256 == copying.sha256_of(path)


@pytest.mark.sqlite_only
async def test_the_copy_is_one_file_that_opens_alone(settings: Settings, database: Database, tmp_path: Path) -> None:
    async with database.unit() as db:
        await save_values(db, name="Oficina")
    path = shelf.path_of(settings, backup_now(settings))
    elsewhere = tmp_path / "elsewhere.db"
    elsewhere.write_bytes(path.read_bytes())
    with closing(sqlite3.connect(elsewhere)) as copy:
        assert copy.execute("SELECT value FROM office_value").fetchall() == [('"Oficina"',)]
        assert copy.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    assert sorted(p.name for p in path.parent.iterdir()) == [".lock", path.name, path.with_suffix(".json").name]


def fill(file: Path, rows: int) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("CREATE TABLE heavy (id INTEGER PRIMARY KEY, body TEXT)")
        connection.executemany("INSERT INTO heavy (body) VALUES (?)", (("x" * 1000,) for _ in range(rows)))


def slow_backup(settings: Settings) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", SLOW, str(settings.data), settings.database]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


@pytest.mark.sqlite_only
def test_kill_9_in_the_middle_leaves_no_half_backup(settings: Settings) -> None:
    fill(settings.database_file, 6000)
    process = slow_backup(settings)
    assert process.stdout
    assert int(process.stdout.readline()) > 0
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()
    folder = shelf.folder(settings)
    assert list(folder.glob("*.part")), "the kill came too late to prove anything"
    assert shelf.listed(settings) == []
    assert not list(folder.glob("*.db"))
    backup = backup_now(settings)
    assert backup.good
    assert backup.rows["heavy"] == 6000
    assert not list(folder.glob("*.part"))


@pytest.mark.sqlite_only
def test_writers_go_on_and_the_copy_is_of_one_instant(settings: Settings) -> None:
    """Two tables that always grow together: a copy of two instants would show them apart."""
    fill(settings.database_file, 6000)
    with closing(sqlite3.connect(settings.database_file, isolation_level=None)) as writer:
        writer.execute("PRAGMA journal_mode=WAL")
        writer.execute("CREATE TABLE twin (id INTEGER PRIMARY KEY)")
        process = slow_backup(settings)
        assert process.stdout
        process.stdout.readline()
        written = 0
        while process.poll() is None:
            writer.execute("BEGIN IMMEDIATE")
            writer.execute("INSERT INTO heavy (body) VALUES ('new')")
            writer.execute("INSERT INTO twin DEFAULT VALUES")
            writer.execute("COMMIT")
            written += 1
            time.sleep(0.002)
        process.stdout.close()
    (backup,) = shelf.listed(settings)
    assert backup.good
    assert written > 20
    assert backup.rows["heavy"] - 6000 == backup.rows["twin"] < written


@pytest.mark.sqlite_only
def test_two_at_once_take_turns(settings: Settings) -> None:
    fill(settings.database_file, 500)
    threads = [threading.Thread(target=backup_now, args=(settings, "manual")) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = shelf.listed(settings)
    assert len({b.name for b in found}) == 3
    assert all(b.good for b in found)


@pytest.mark.sqlite_only
async def test_an_unchanged_office_only_confirms_its_last_scheduled_backup(
    settings: Settings, database: Database
) -> None:
    async with database.unit() as db:
        await save_values(db, name="Oficina")
    first = backup_now(settings, "schedule")
    again = backup_now(settings, "schedule")
    assert again.name == first.name
    assert again.confirmed_at is not None
    assert again.fresh_at > first.fresh_at
    async with database.unit() as db:
        await save_values(db, name="Otra")
    assert backup_now(settings, "schedule").name != first.name
    assert len(shelf.listed(settings)) == 2


@pytest.mark.sqlite_only
def test_a_copy_with_hidden_damage_is_kept_and_called_bad(settings: Settings) -> None:
    fill(settings.database_file, 300)
    good = backup_now(settings)
    with closing(sqlite3.connect(settings.database_file)) as connection, connection:
        connection.execute("CREATE INDEX heavy_body ON heavy (body)")
        connection.execute("PRAGMA writable_schema=ON")
        connection.execute("UPDATE sqlite_master SET sql = replace(sql, '(body)', '(id)') WHERE name = 'heavy_body'")
    bad = backup_now(settings)
    assert "integrity_check" in bad.problem
    assert shelf.newest_good(shelf.listed(settings)) == good


@pytest.mark.sqlite_only
def test_an_unreadable_database_says_to_restore(settings: Settings) -> None:
    fill(settings.database_file, 300)
    body = bytearray(settings.database_file.read_bytes())
    body[-200_000:] = b"\xff" * 200_000
    settings.database_file.write_bytes(body)
    with pytest.raises(Damaged, match="Restaure un respaldo"):
        backup_now(settings)
    assert shelf.listed(settings) == []


@pytest.mark.sqlite_only
def test_no_room_says_what_to_do(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backups, "MARGIN_BYTES", 1 << 62)
    with pytest.raises(BackupFailed, match="Libere espacio"):
        backup_now(settings)
    assert shelf.listed(settings) == []


def story(name: str, days: float, problem: str = "", size: int = 10) -> shelf.Backup:
    at = now_utc() - timedelta(days=days)
    return shelf.Backup(
        name=name, why="schedule", at=at, seconds=1, bytes=size, sha256="", version="", revision="", problem=problem
    )


def put(settings: Settings, *stories: shelf.Backup) -> None:
    for one in stories:
        path = shelf.folder(settings) / one.name
        path.write_bytes(b"0")
        shelf.put_story(path, one)


@pytest.fixture
def bare(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path, secret="x", backup_keep_days=7)


def names(settings: Settings) -> list[str]:
    return [b.name for b in shelf.listed(settings)]


def test_days_pass_and_old_ones_go(bare: Settings) -> None:
    put(bare, story("new.db", 0.1), story("week.db", 6.9), story("old.db", 7.1))
    assert [b.name for b in shelf.prune(bare, now_utc())] == ["old.db"]
    assert names(bare) == ["new.db", "week.db"]
    shelf.prune(bare, now_utc() + timedelta(days=1))
    assert names(bare) == ["new.db"]


def test_the_newest_good_one_stays_however_old(bare: Settings) -> None:
    put(bare, story("older.db", 40), story("good.db", 30), story("bad.db", 20, problem="integrity_check"))
    shelf.prune(bare, now_utc())
    assert names(bare) == ["good.db"]


def test_a_confirmed_backup_is_as_young_as_its_confirmation(bare: Settings) -> None:
    put(bare, story("new.db", 0), msgspec.structs.replace(story("calm.db", 9), confirmed_at=now_utc()))
    assert shelf.prune(bare, now_utc()) == []


def test_a_short_disk_thins_old_days_and_leaves_one_a_day(bare: Settings) -> None:
    put(bare, *(story(f"d{d}-{n}.db", d + n / 100 + 0.01) for d in range(4) for n in range(3)))
    before = set(names(bare))
    gone = {b.name for b in shelf.thin(bare, free_bytes=0, needed_bytes=1 << 40, now=now_utc())}
    assert {n for n in before if n.startswith("d0")} <= set(names(bare)), "the last day stays whole"
    left = {b.at.date() for b in shelf.listed(bare)}
    assert left == {b.at.date() for b in [*shelf.listed(bare)]}
    assert 4 <= len(gone) <= 6
    assert len(left) >= 4


def test_thinning_stops_when_there_is_room(bare: Settings) -> None:
    put(bare, *(story(f"{n}.db", 3 + n / 1000) for n in range(5)))
    assert len(shelf.thin(bare, free_bytes=5, needed_bytes=20, now=now_utc())) == 2
