"""What contacts do later."""

import asyncio
from collections.abc import Awaitable, Callable

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer

from app.contacts.ageing import age_contacts
from app.contacts.bell import say_bulk
from app.contacts.bin import empty_bin
from app.contacts.bulk import CHUNK, run_chunk
from app.contacts.index_care import calm_index, join_some
from app.contacts.leaving import free_strays
from app.contacts.locks import sweep_locks
from app.contacts.models_history import Batch
from app.contacts.retagging import STATE, retag_chunk
from app.contacts.search_index import TABLES
from app.contacts.undoing import Undone, finish_undo, undo_some
from app.frame import live
from app.frame.actor import Actor
from app.frame.jobs import Work
from app.frame.module import Every, Job

REST_S = 0.02


async def age(work: Work, _key: str) -> None:
    async with work.unit() as db:
        await age_contacts(db)


async def purge(work: Work, _key: str) -> None:
    """The bin, some at a time, so that the writer is never held for long."""
    while True:
        async with work.unit() as db:
            if not await empty_bin(db):
                return


async def strays(work: Work, _key: str) -> None:
    """Contacts of teams that are no more, some at a time."""
    more = True
    while more:
        async with work.unit() as db:
            more = await free_strays(db)


async def sweep(work: Work, _key: str) -> None:
    async with work.unit() as db:
        await sweep_locks(db)


async def tidy_index(work: Work, _key: str) -> None:
    """The search index's pieces are joined little by little: those who write get their turn between the steps."""
    async with work.unit() as db:
        if not await calm_index(db):
            return
    for table in TABLES:
        more = True
        while more:
            async with work.unit() as db:
                more = await join_some(db, table)
            await asyncio.sleep(REST_S)


async def bulk(work: Work, key: str) -> None:
    """A bulk edit, chunk by chunk, under the name of who asked for it; the reach was settled when it was asked."""
    batch = await _batch(work, key)
    if batch is None:
        return
    detail, more = batch.detail, batch.state in ("queued", "running")
    who = Actor(user_id=batch.user_id, name=batch.who, everything=True, via="job")
    while more:
        async with work.unit(actor=who) as db:
            current = await db.get_one(Batch, batch.id, options=[defer(Batch.detail)])
            more = current.state in ("queued", "running") and await run_chunk(db, current, detail)
            if not more:
                await say_bulk(db, current)


async def retag(work: Work, key: str) -> None:
    """A tag's new name on its contacts, chunk by chunk, under the name of who asked for it."""
    batch = await _batch(work, key)
    if batch is None:
        return
    who = Actor(user_id=batch.user_id, name=batch.who, everything=True, via="job")
    more = batch.state == STATE
    while more:
        async with work.unit(actor=who) as db:
            current = await db.get_one(Batch, batch.id, options=[defer(Batch.detail)])
            more = current.state == STATE and await retag_chunk(db, current, batch.detail)


async def undo(work: Work, key: str) -> None:
    """A long undo, some changes at a time. Begun anew after a crash, it passes over what is back already."""
    batch = await _batch(work, key)
    if batch is None or batch.state != "undoing":
        return
    undone = Undone()
    last: int | None = 0
    user_id, name = batch.detail["undone_by"]
    who = Actor(user_id=user_id, name=name, everything=True, via="job")
    while last is not None:
        async with work.unit(actor=who) as db:
            last = await undo_some(db, batch.id, last, undone, CHUNK)
            current = await db.get_one(Batch, batch.id)
            current.done = min(current.total, undone.restored + len(undone.left))
            live.nudge(db, f"batch-{batch.id}", "contacts")
            if last is None:
                finish_undo(db, current, undone)


async def _batch(work: Work, key: str) -> Batch | None:
    async with work.unit(write=False) as db:
        return await db.get(Batch, int(key))


def pending_in(*states: str) -> Callable[[AsyncSession], Awaitable[list[str]]]:
    """The batches that a crash left behind in one of these states."""

    async def pending(db: AsyncSession) -> list[str]:
        return [str(i) for i in await db.scalars(select(Batch.id).where(Batch.state.in_(states)))]

    return pending


JOBS = {
    "contacts.age": Job(age),
    "contacts.purge": Job(purge),
    "contacts.strays": Job(strays),
    "contacts.sweep_locks": Job(sweep),
    "contacts.tidy_index": Job(tidy_index),
    "contacts.bulk": Job(bulk, pending_in("queued", "running")),
    "contacts.retag": Job(retag, pending_in(STATE)),
    "contacts.undo": Job(undo, pending_in("undoing")),
}
SCHEDULES = (
    Every("contacts.age", cron="10 3 * * *"),
    Every("contacts.purge", cron="40 3 * * *"),
    Every("contacts.strays", cron="30 3 * * *"),
    Every("contacts.sweep_locks", minutes=1),
    Every("contacts.tidy_index", minutes=1),
)
