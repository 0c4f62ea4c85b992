"""A restore swaps everything or nothing, whatever moment it is killed at."""

import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from app.frame.db import Database
from app.frame.profile import read_value, save_values
from app.frame.settings import Settings
from app.system import restoring, shelf, turns
from app.system.backups import backup_now
from app.system.restoring import BadBackup
from app.system.shelf import Backup

STEPS = ("put_copy", "_keep_present", "_settle", "os.replace", "put_result", "unlink")
KILLED = """
import os, signal, sys
from pathlib import Path
from app.frame.settings import Settings
from app.system import restoring, shelf
step, moment = sys.argv[3:5]
owner, name = (os, "replace") if step == "os.replace" else (Path, "unlink") if step == "unlink" else (restoring, step)
real = getattr(owner, name)
def die(*args, **kwargs):
    ours = step not in ("os.replace", "unlink") or str(args[0]).endswith(("restoring", "restore.json"))
    if ours and moment == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    value = real(*args, **kwargs)
    if ours:
        os.kill(os.getpid(), signal.SIGKILL)
    return value
setattr(owner, name, die)
restoring.finish(Settings(data=Path(sys.argv[1]), database_url=sys.argv[2], secret="x"))
"""


async def name_the_office(settings: Settings, name: str) -> None:
    database = Database(settings.database)
    async with database.unit() as db:
        await save_values(db, name=name)
    await database.close()


async def name_of(settings: Settings) -> str:
    database = Database(settings.database)
    async with database.unit(write=False) as db:
        name = await read_value(db, "name")
    await database.close()
    return str(name)


async def two_states(settings: Settings) -> Backup:
    """A backup of "Antes"; the present is "Después"."""
    await name_the_office(settings, "Antes")
    backup = backup_now(settings)
    await name_the_office(settings, "Después")
    return backup


def ask(settings: Settings, backup: Backup) -> None:
    restoring.ask(settings, shelf.path_of(settings, backup), by="Ana")


def ends_with(command: list[str]) -> int:
    return subprocess.run(command, check=False).returncode


async def test_it_works(settings: Settings) -> None:
    backup = await two_states(settings)
    ask(settings, backup)
    result = restoring.finish(settings)
    assert result is not None
    assert (result.problem, result.name, result.by) == ("", backup.name, "Ana")
    assert await name_of(settings) == "Antes"
    assert restoring.asked(settings) is None
    assert restoring.last_result(settings) == result


async def test_what_was_there_is_kept_and_can_come_back(settings: Settings) -> None:
    ask(settings, await two_states(settings))
    first = restoring.finish(settings)
    assert first is not None
    ask(settings, shelf.find(settings, first.safety))
    restoring.finish(settings)
    assert await name_of(settings) == "Después"


def test_nothing_asked_nothing_done(settings: Settings) -> None:
    assert restoring.finish(settings) is None


@pytest.mark.sqlite_only
@pytest.mark.slow
@pytest.mark.parametrize(("step", "moment"), [(STEPS[0], "before"), *((step, "after") for step in STEPS)])
async def test_kill_9_at_any_step_loses_nothing(settings: Settings, step: str, moment: str) -> None:
    ask(settings, await two_states(settings))
    command = [sys.executable, "-c", KILLED, str(settings.data), settings.database, step, moment]
    assert ends_with(command) == -signal.SIGKILL, "the step was never reached"
    assert await name_of(settings) in ("Antes", "Después"), "the database opens, whole, at every moment"
    restoring.finish(settings)
    assert await name_of(settings) == "Antes"
    assert restoring.asked(settings) is None
    safeties = [b for b in shelf.listed(settings) if b.why == "restore"]
    assert safeties, "what was there before is on the shelf"


@pytest.mark.sqlite_only
async def test_what_the_present_had_revoked_outlives_a_kill_after_the_swap(settings: Settings) -> None:
    backup = await two_states(settings)
    with closing(sqlite3.connect(settings.database_file)) as present:
        present.execute(
            "INSERT INTO person (email, username, name, role, password_hash, must_change_password, totp_step, locale,"
            " theme, single_keys, created_at, disabled_at)"
            " VALUES ('ana@irazu.example', 'ana', 'Ana', 'agent', '', 0, 0, '', '', 1, 0, 1)"
        )
        present.commit()
    ask(settings, backup)
    command = [sys.executable, "-c", KILLED, str(settings.data), settings.database, "put_result", "before"]
    assert ends_with(command) == -signal.SIGKILL
    result = restoring.finish(settings)
    assert result is not None
    assert result.withdrawn is not None
    assert result.withdrawn.people == ["ana@irazu.example"]


@pytest.mark.sqlite_only
async def test_a_log_left_by_a_crash_is_not_read_into_the_restored_file(settings: Settings) -> None:
    """Writers that died leave their last commits in the log; those belong to the safety backup, not to the restored."""
    backup = await two_states(settings)
    code = (
        "import os, signal, sqlite3, sys\n"
        "c = sqlite3.connect(sys.argv[1]); c.execute('PRAGMA journal_mode=WAL')\n"
        "c.execute(\"UPDATE office_value SET value = '\\\"En el registro\\\"' WHERE name = 'name'\"); c.commit()\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    assert ends_with([sys.executable, "-c", code, str(settings.database_file)]) == -signal.SIGKILL
    assert Path(f"{settings.database_file}-wal").stat().st_size > 0
    ask(settings, backup)
    result = restoring.finish(settings)
    assert result is not None
    assert await name_of(settings) == "Antes"
    with closing(sqlite3.connect(shelf.path_of(settings, shelf.find(settings, result.safety)))) as safety:
        assert safety.execute("SELECT value FROM office_value WHERE name='name'").fetchone() == ('"En el registro"',)


@pytest.mark.sqlite_only
async def test_a_broken_present_is_put_aside_and_replaced(settings: Settings) -> None:
    backup = await two_states(settings)
    settings.database_file.write_bytes(b"SQLite format 3\0" + b"\xff" * 50_000)
    ask(settings, backup)
    result = restoring.finish(settings)
    assert result is not None
    assert result.problem == ""
    assert "broken" in result.safety
    assert result.withdrawn is None, "what was revoked cannot be known"
    assert (settings.data / result.safety).stat().st_size == 50_016
    assert await name_of(settings) == "Antes"


@pytest.mark.sqlite_only
async def test_a_lost_database_comes_back(settings: Settings) -> None:
    backup = await two_states(settings)
    settings.database_file.unlink()
    ask(settings, backup)
    restoring.finish(settings)
    assert await name_of(settings) == "Antes"


async def test_a_damaged_backup_is_refused_and_the_office_opens_as_it_was(settings: Settings) -> None:
    backup = await two_states(settings)
    path = shelf.path_of(settings, backup)
    body = bytearray(path.read_bytes())
    body[len(body) // 2] ^= 0xFF
    path.write_bytes(body)
    ask(settings, backup)
    result = restoring.finish(settings)
    assert result is not None
    assert "dañado" in result.problem
    assert await name_of(settings) == "Después"
    assert restoring.asked(settings) is None


async def test_a_backup_of_a_newer_program_is_refused(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    backup = await two_states(settings)
    monkeypatch.setattr(restoring, "knows", lambda revision: False)
    with pytest.raises(BadBackup, match="más nueva"):
        restoring.check(settings, shelf.path_of(settings, backup))


@pytest.mark.sqlite_only
def test_a_dump_of_the_other_database_is_refused(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "x.dump").write_bytes(b"PGDMP")
    with pytest.raises(BadBackup, match="otra clase"):
        restoring.check(settings, tmp_path / "x.dump")


@pytest.mark.sqlite_only
def test_any_file_that_is_no_database_is_refused(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "x.db").write_bytes(b"hola" * 5000)
    with pytest.raises(BadBackup, match="dañado"):
        restoring.check(settings, tmp_path / "x.db")


@pytest.mark.sqlite_only
async def test_an_open_office_is_not_swapped_under_its_feet(settings: Settings) -> None:
    ask(settings, await two_states(settings))
    with turns.shared(settings.data), pytest.raises(turns.Taken):
        restoring.finish(settings)
    assert await name_of(settings) == "Después"
    assert restoring.asked(settings) is not None


@pytest.mark.sqlite_only
def test_two_open_offices_share_and_a_restore_keeps_them_out(settings: Settings) -> None:
    with turns.shared(settings.data), turns.shared(settings.data):
        assert turns.is_taken(settings.data / turns.FILE)
    assert not turns.is_taken(settings.data / turns.FILE)
    with turns.alone(settings.data), pytest.raises(turns.Taken), turns.shared(settings.data):
        pass


@pytest.mark.postgresql
@pytest.mark.parametrize("dialect", ["postgresql"])
async def test_a_server_that_is_gone_is_a_sentence_and_the_office_still_opens(settings: Settings) -> None:
    backup = await two_states(settings)
    away = msgspec.structs.replace(settings, database_url="postgresql+asyncpg://postgres@127.0.0.1:9/none")
    ask(away, backup)
    result = restoring.finish(away)
    assert result is not None
    assert "PostgreSQL" in result.problem
