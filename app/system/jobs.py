"""Backups and the restore drill, by the clock and on request; and the watch for a restore that somebody asked for."""

import asyncio
from datetime import datetime, timedelta
from functools import partial

import msgspec
from litestar_queues.backends.advanced_alchemy.models import QueueTaskModel
from litestar_queues.models import TERMINAL_STATUSES
from sqlalchemy import delete

from app.accounts.withdrawn import withdraw
from app.frame import audit
from app.frame.actor import Actor
from app.frame.child import ChildFailed
from app.frame.db import now_utc
from app.frame.i18n import N_
from app.frame.jobs import Work
from app.frame.office import Office
from app.frame.settings import Settings
from app.system import pgdump, restoring, shelf, turns
from app.system.backups import backup_now
from app.system.errands import settings_out

TOPIC = "system"
FAILURE = "failed.json"
AGAIN_MIN = 10
LOOK_S = 1.0
KEEP_DONE = timedelta(days=3)


class Failure(msgspec.Struct, frozen=True):
    """The last try that gave no backup."""

    at: datetime
    sentence: str


def last_failure(settings: Settings) -> Failure | None:
    """Only while no good backup came after it."""
    try:
        return msgspec.json.decode((settings.data / shelf.FOLDER / FAILURE).read_bytes(), type=Failure)
    except FileNotFoundError:
        return None


def due(settings: Settings, now: datetime) -> bool:
    """Whether the clock asks for a backup: at the interval, and after a failure a little later."""
    if not settings.is_sqlite and pgdump.missing():
        return False  # the page and the doctor say so
    failure = last_failure(settings)
    if failure and now - failure.at < timedelta(minutes=min(AGAIN_MIN, settings.backup_interval_min)):
        return False
    last = shelf.newest_good(shelf.listed(settings))
    return last is None or now - last.fresh_at >= timedelta(minutes=settings.backup_interval_min)


async def backup(work: Work, key: str) -> None:
    """Key "schedule": when it is due. Any other key: now."""
    settings = work.office.settings
    if key == "schedule" and not await asyncio.to_thread(due, settings, now_utc()):
        return
    why = "schedule" if key == "schedule" else "manual"
    try:
        await work.office.child.run("app.system.errands:make_backup", {"settings": settings_out(settings), "why": why})
    except ChildFailed as failed:
        _note_failure(settings, failed.sentence)
        raise
    else:
        (shelf.folder(settings) / FAILURE).unlink(missing_ok=True)
    finally:
        work.office.live.publish(TOPIC)


def _note_failure(settings: Settings, sentence: str) -> None:
    shelf.put_file(shelf.folder(settings) / FAILURE, msgspec.json.encode(Failure(now_utc(), sentence)))


async def drill(work: Work, _key: str) -> None:
    """Restore the newest backup into a scratch copy; the result is shown on /sistema."""
    settings = work.office.settings
    if (not settings.is_sqlite and pgdump.missing()) or shelf.newest_good(shelf.listed(settings)) is None:
        return  # said elsewhere: there is nothing to drill with
    await work.office.child.run("app.system.errands:hold_drill", {"settings": settings_out(settings)})
    work.office.live.publish(TOPIC)


async def tidy(work: Work, _key: str) -> None:
    """Forget jobs that ended days ago: the queue's table would grow for ever."""
    done = delete(QueueTaskModel).where(
        QueueTaskModel.status.in_(TERMINAL_STATUSES), QueueTaskModel.completed_at < now_utc() - KEEP_DONE
    )
    async with work.office.queue.alchemy.get_engine().begin() as connection:
        await connection.execute(done)


async def start(office: Office) -> None:
    """Hold the data folder, look for restores, and tell the audit about the last one."""
    office.state["system.started"] = now_utc()
    await _tell_audit(office)
    office.supervisor.keep("restauraciones", partial(watch, office), title=N_("Vigía de restauraciones"))


async def _tell_audit(office: Office) -> None:
    """The audit was swapped with everything else: the line is written into the one that came, with what was closed."""
    result = restoring.last_result(office.settings)
    if result is None or result.noted:
        return
    actor = Actor(user_id=result.user_id, name=result.by, via="command" if result.user_id is None else "session")
    async with office.database.unit(actor=actor) as db:
        ended = None if result.problem else await withdraw(db, result.withdrawn)
        verb = "system.restore_failed" if result.problem else "system.restored"
        after = {"safety": result.safety, "problem": result.problem, "ended": ended}
        audit.record(db, verb, "backup", result.name[:80], after=after)
    restoring.put_result(office.settings, msgspec.structs.replace(result, noted=True, withdrawn=None, ended=ended))


async def watch(office: Office) -> None:
    """An open office holds its folder; asked to restore, it ends in order to begin again on the restored database."""
    while True:
        with turns.shared(office.settings.data):
            await _until_asked(office)
        await asyncio.sleep(LOOK_S)


async def _until_asked(office: Office) -> None:
    while True:
        await asyncio.sleep(LOOK_S)
        if restoring.asked(office.settings) is None:
            continue
        if restart := office.state.get("restart"):
            office.live.end_all()
            restart()
            await asyncio.Event().wait()  # the folder stays ours until the process lets go of it
        if not office.settings.is_sqlite:
            return  # a worker: PostgreSQL swaps in one transaction and we connect again


def before_migration(settings: Settings) -> None:
    """One backup before the shape changes. Without PostgreSQL's tools none can be made, which the doctor says."""
    if settings.is_sqlite or not pgdump.missing():
        backup_now(settings, "migration")
