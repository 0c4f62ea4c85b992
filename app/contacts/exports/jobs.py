"""Exports in the background: made in the child, begun again after a crash, their files deleted after a week."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.contacts.asked import read_query
from app.contacts.bell import say_export
from app.contacts.exports.models import Export
from app.contacts.exports.service import MOST, WORK, asker_of, finish, forget_files, task_of, tell
from app.contacts.exports.work import Task
from app.contacts.imports.uploads import forget_uploads
from app.frame.child import ChildError, ChildStopped
from app.frame.db import now_utc
from app.frame.i18n import PLACE
from app.frame.jobs import Work
from app.frame.module import Every, Job
from app.frame.refused import Refused

TELL_S = 0.5
Tell = Callable[[dict[str, Any]], Awaitable[None]]


async def run_export(work: Work, key: str) -> None:
    """One export, from its beginning: a file that a crash left half made is made again."""
    async with work.unit() as db:
        export = await db.get(Export, int(key))
        if export is None or not export.is_busy:
            return
        export.state = "running"
        _actor, place = asker_of(export)
    kept = PLACE.set(place)
    try:
        await _run(work, int(key))
    finally:
        PLACE.reset(kept)


async def _run(work: Work, export_id: int) -> None:
    stop = asyncio.Event()
    try:
        task = await _begin(work, export_id)
        made = await work.office.child.run(WORK, msgspec.to_builtins(task), _telling(work, export_id, stop), stop=stop)
    except ChildStopped:
        return
    except (Refused, ChildError) as error:
        await _fail(work, export_id, error.sentence)
        if isinstance(error, ChildError):
            raise
        return
    await _end(work, export_id, task.path, made)


async def _begin(work: Work, export_id: int) -> Task:
    """Count, so that the bar has an end."""
    async with work.unit(write=False) as db:
        export = await db.get_one(Export, export_id)
        actor, _place = asker_of(export)
        task, lister = await task_of(work.office, db, export, actor, read_query(export.query).filters)
    total = await lister.count(MOST)
    async with work.unit() as db:
        export = await db.get_one(Export, export_id)
        export.total = total
        tell(db, export)
    return task


def _telling(work: Work, export_id: int, stop: asyncio.Event) -> Tell:
    """Progress into the row, not more often than a screen can use it; hears there that somebody cancelled."""
    last = time.monotonic()

    async def telling(said: dict[str, Any]) -> None:
        nonlocal last
        if time.monotonic() - last < TELL_S:
            return
        last = time.monotonic()
        async with work.unit() as db:
            export = await db.get_one(Export, export_id)
            export.done = said["done"]
            tell(db, export)
            if not export.is_busy:
                stop.set()

    return telling


async def _end(work: Work, export_id: int, path: str, made: dict[str, Any]) -> None:
    async with work.unit() as db:
        export = await db.get_one(Export, export_id)
        cancelled = export.state == "cancelled"
        if export.is_busy:
            db.info["actor"] = asker_of(export)[0]
            finish(db, export, made["rows"], made["bytes"], path)
            await say_export(db, export)
    if cancelled:
        await _delete(path)


async def _delete(path: str) -> None:
    await asyncio.to_thread(Path(path).unlink, missing_ok=True)


async def _fail(work: Work, export_id: int, sentence: str) -> None:
    async with work.unit() as db:
        export = await db.get_one(Export, export_id)
        if export.is_busy:
            export.state, export.error, export.finished_at = "failed", sentence, now_utc()
            tell(db, export)
            await say_export(db, export)


async def pending_exports(db: AsyncSession) -> list[str]:
    return [str(i) for i in await db.scalars(select(Export.id).where(Export.state.in_(("queued", "running"))))]


async def sweep_exports(work: Work, _key: str) -> None:
    """Delete the files whose days are over: made for people, and brought by them."""
    async with work.unit() as db:
        paths = [*await forget_files(db), *await forget_uploads(db)]
    for path in paths:
        await _delete(path)


JOBS = {
    "contacts.export": Job(run_export, pending_exports),
    "contacts.sweep_exports": Job(sweep_exports),
}
SCHEDULES = (Every("contacts.sweep_exports", minutes=60),)
