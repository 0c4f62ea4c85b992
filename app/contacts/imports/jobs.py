"""Imports in the background: run in the child, told to the screens, resumed after a crash."""

import contextlib
import time
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.contacts.bell import say_import, say_undone
from app.contacts.imports.models import Import
from app.contacts.imports.service import in_child, task_of
from app.frame import audit, live
from app.frame.actor import Actor
from app.frame.child import ChildError
from app.frame.db import now_utc
from app.frame.i18n import _
from app.frame.jobs import Work
from app.frame.module import Job
from app.frame.refused import Refused

NUDGE_S = 0.5
SETTLE = "app.contacts.imports.settling:settle"


async def run_import(work: Work, key: str) -> None:
    """One import, from wherever it stands."""
    import_id = int(key)
    async with work.unit() as db:
        found = await db.get(Import, import_id)
        if found is None or found.state not in ("queued", "running"):
            return
        found.state, found.started_at = "running", found.started_at or now_utc()
        task = await task_of(db, work.office, found)
    try:
        result = await in_child(work.office, "run", task, progress=_telling(work, import_id))
    except Refused as refused:
        await _finish(work, import_id, "failed", refused.sentence)
    except ChildError:
        await _finish(work, import_id, "failed", _("Se interrumpió. Súbalo de nuevo: lo que entró no se repite."))
        raise
    else:
        await _finish(work, import_id, result["state"], "", result)
        with contextlib.suppress(ChildError):  # the import is whole without it
            await work.office.child.run(SETTLE, task)


def _telling(work: Work, import_id: int) -> Any:
    """Progress to the screens, not more often than they can use it."""
    last = 0.0

    async def tell(_progress: dict[str, Any]) -> None:
        nonlocal last
        if time.monotonic() - last >= NUDGE_S:
            last = time.monotonic()
            work.office.live.publish(f"import-{import_id}")

    return tell


async def _finish(work: Work, import_id: int, state: str, error: str, result: dict[str, Any] | None = None) -> None:
    async with work.unit() as db:
        found = await db.get_one(Import, import_id)
        db.info["actor"] = Actor(user_id=found.user_id, name=found.who, everything=True, via="job")
        found.state, found.error = state if found.state != "cancelled" else "cancelled", error
        found.finished_at = now_utc()
        if result:
            found.counts, found.done, found.total = result["counts"], result["done"], result["done"]
        audit.record(db, f"contacts.import_{found.state}", "import", import_id, after={"counts": found.counts})
        await say_import(db, found)
        live.nudge(db, f"import-{import_id}", "imports", "contacts")


async def pending_imports(db: AsyncSession) -> list[str]:
    return [str(i) for i in await db.scalars(select(Import.id).where(Import.state.in_(("queued", "running"))))]


async def undo_import(work: Work, key: str) -> None:
    """Take back what an import brought, in the child."""
    async with work.unit(write=False) as db:
        found = await db.get(Import, int(key))
        if found is None or found.state == "undone":
            return
        task = await task_of(db, work.office, found)
    result = await in_child(work.office, "undo", task, progress=_telling(work, int(key)))
    async with work.unit() as db:
        found = await db.get_one(Import, int(key))
        db.info["actor"] = Actor(user_id=found.user_id, name=found.who, everything=True, via="job")
        found.state, found.undone_at = "undone", now_utc()
        found.options = found.options | {"undone": result}
        told = {"removed": result["removed"], "restored": result["restored"], "left": result["left_count"]}  # no names
        audit.record(db, "contacts.import_undone", "import", int(key), after=told)
        await say_undone(db, found)
        live.nudge(db, f"import-{key}", "imports", "contacts")


async def pending_undos(db: AsyncSession) -> list[str]:
    finished = select(Import).where(Import.state.in_(("done", "cancelled", "failed")), Import.undone_at.is_(None))
    return [str(i.id) for i in await db.scalars(finished) if i.options.get("undo")]


JOBS = {
    "contacts.import": Job(run_import, pending_imports),
    "contacts.undo_import": Job(undo_import, pending_undos),
}
