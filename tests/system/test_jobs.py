"""The clock: when a backup is due, and what is forgotten."""

import asyncio
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from litestar_queues.backends.advanced_alchemy.models import QueueTaskModel
from sqlalchemy import func, select, update

from app.frame import commands
from app.frame import migrate as shapes
from app.frame.audit import AuditEntry
from app.frame.db import now_utc
from app.frame.jobs import Work
from app.frame.office import Office
from app.frame.settings import Settings
from app.main import create_app
from app.system import jobs, restoring, shelf, turns
from app.system.backups import backup_now


@pytest.fixture
def bare(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path, secret="x", backup_interval_min=30)


def put(settings: Settings, minutes: float, problem: str = "") -> None:
    at = now_utc() - timedelta(minutes=minutes)
    story = shelf.Backup(
        name=f"{minutes}.db", why="schedule", at=at, seconds=1, bytes=1, sha256="", version="", revision="",
        problem=problem,
    )  # fmt: skip
    path = shelf.folder(settings) / story.name
    path.write_bytes(b"0")
    shelf.put_story(path, story)


def test_it_works(bare: Settings) -> None:
    assert jobs.due(bare, now_utc())
    put(bare, 29)
    assert not jobs.due(bare, now_utc())
    assert jobs.due(bare, now_utc() + timedelta(minutes=2))


def test_a_damaged_backup_does_not_count(bare: Settings) -> None:
    put(bare, 5, problem="integrity_check")
    assert jobs.due(bare, now_utc())


def test_after_a_failure_it_waits_a_little_and_not_the_whole_interval(bare: Settings) -> None:
    jobs._note_failure(bare, "No hay espacio")
    assert not jobs.due(bare, now_utc())
    assert jobs.due(bare, now_utc() + timedelta(minutes=jobs.AGAIN_MIN))


def test_without_the_tools_of_postgresql_nothing_is_due(bare: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs.pgdump, "missing", lambda: ["pg_dump"])
    other = msgspec.structs.replace(bare, database_url="postgresql+asyncpg://db/x")
    assert not jobs.due(other, now_utc())


@pytest.mark.sqlite_only
async def test_a_backup_that_fails_is_remembered_until_one_succeeds(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = [office.settings.data / "nowhere"]
    monkeypatch.setattr(jobs, "settings_out", lambda _settings: {"data": str(data[-1]), "secret": "x"})
    with pytest.raises(jobs.ChildFailed):
        await jobs.backup(Work(office), "schedule")
    failure = jobs.last_failure(office.settings)
    assert failure is not None
    assert "No se pudo respaldar" in failure.sentence
    data.append(office.settings.data)
    await jobs.backup(Work(office), "manual")
    assert jobs.last_failure(office.settings) is None
    assert [b.why for b in shelf.listed(office.settings)] == ["manual"]


@pytest.mark.sqlite_only
async def test_the_schedule_makes_one_when_due_and_none_when_not(office: Office) -> None:
    await jobs.backup(Work(office), "schedule")
    await jobs.backup(Work(office), "schedule")
    assert [b.why for b in shelf.listed(office.settings)] == ["schedule"]


@pytest.mark.sqlite_only
def test_before_a_migration_one_is_made(settings: Settings) -> None:
    jobs.before_migration(settings)
    backup_now(settings)
    assert sorted(b.why for b in shelf.listed(settings)) == ["manual", "migration"]


async def test_jobs_that_ended_days_ago_are_forgotten(office: Office) -> None:
    await office.supervisor.stop("cola")
    engine = office.queue.alchemy.get_engine()
    for key in ("old", "new"):
        await office.queue.put("system.tidy", key)
    old = now_utc() - timedelta(days=4)
    async with engine.begin() as connection:
        wanted = QueueTaskModel.task_key == "system.tidy:old"
        await connection.execute(update(QueueTaskModel).where(wanted).values(status="completed", completed_at=old))
    await jobs.tidy(Work(office), "schedule")
    async with engine.connect() as connection:
        keys = QueueTaskModel.task_key.in_(("system.tidy:old", "system.tidy:new"))
        assert await connection.scalar(select(func.count()).where(keys)) == 1


async def let_go(office: Office, seconds: float) -> bool:
    """Whether the office let go of its folder within that time."""
    for _ in range(int(seconds / 0.05)):
        if not turns.is_taken(office.settings.data / turns.FILE):
            return True
        await asyncio.sleep(0.05)
    return False


async def test_who_cannot_begin_again_lets_go_only_where_the_swap_is_one_transaction(office: Office) -> None:
    """A worker on PostgreSQL makes room for the restore; nobody may swap the file under an office on SQLite."""
    assert turns.is_taken(office.settings.data / turns.FILE)
    restoring.ask(office.settings, office.settings.data / "any", by="Ana")
    assert await let_go(office, 3) is not office.settings.is_sqlite


CLOSED = {"sessions": 0, "keys": 0, "people": [], "verified": False}


async def test_the_audit_hears_of_a_restore_once_in_the_name_of_who_asked(settings: Settings) -> None:
    result = restoring.Result(name="a.db", by="Ana Mora", user_id=7, at=now_utc(), safety="b.db")
    restoring.put_result(settings, result)
    for _time in range(2):
        again = create_app(settings)
        async with again.lifespan():
            office: Office = again.state.office
            async with office.database.unit(write=False) as db:
                lines = (await db.scalars(select(AuditEntry).where(AuditEntry.verb == "system.restored"))).all()
        assert [(e.who, e.user_id, e.noun_id, e.after) for e in lines] == [
            ("Ana Mora", 7, "a.db", {"safety": "b.db", "problem": "", "ended": CLOSED})
        ]


@pytest.mark.sqlite_only
def test_every_migration_of_an_office_begins_with_a_backup(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[list[str]] = []
    monkeypatch.setattr(shapes, "current", lambda _settings: "an older shape")
    monkeypatch.setattr(commands, "migrate", lambda _settings: done.append([b.why for b in shelf.listed(settings)]))
    commands.migrate_carefully(settings)
    assert done == [["migration"]], "the backup is there before the shape changes"
    monkeypatch.setattr(shapes, "current", lambda _settings: None)
    commands.migrate_carefully(settings)
    assert done == [["migration"], ["migration"]], "an empty database has nothing to lose"
