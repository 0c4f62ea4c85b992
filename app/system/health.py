"""Is the office well? For balancers and container engines: quick, public, and it says no more than it must."""

import asyncio
import shutil
import time
from collections.abc import Awaitable
from typing import Literal

import msgspec
from sqlalchemy import literal, select

from app.frame.office import Office
from app.frame.reader import Prepared

PATIENCE_S = 2.0
FRESH_S = 1.0  # asked more often, the same answer serves: the door is open to everybody
DISK_LOW_BYTES = 200 * 1024 * 1024
ONE = Prepared(lambda: select(literal(1)), int)


class Health(msgspec.Struct, frozen=True):
    """`checks` names process, database, queue and disk, each "ok" or what ails it in one word."""

    status: Literal["ok", "degraded"]
    checks: dict[str, str]


async def health(office: Office) -> Health:
    """The answer, at most a second old."""
    at, known = office.state.get("system.health", (0.0, None))
    if known is not None and time.monotonic() - at < FRESH_S:
        return known
    found = await _look(office)
    office.state["system.health"] = (time.monotonic(), found)
    return found


async def _look(office: Office) -> Health:
    database, queue = await asyncio.gather(_answers(office.database.reader.fetch(ONE)), _answers(_queue(office)))
    checks = {"process": "ok", "database": database, "queue": queue, "disk": disk(office)}
    return Health("ok" if set(checks.values()) == {"ok"} else "degraded", checks)


async def _answers(work: Awaitable[object]) -> str:
    """Whatever goes wrong inside is the finding; the log of the part itself has the detail."""
    try:
        await asyncio.wait_for(work, PATIENCE_S)
    except TimeoutError:
        return "slow"
    except Exception:
        return "failed"
    return "ok"


async def _queue(office: Office) -> None:
    await office.queue.figures()
    told = office.supervisor.told("cola")
    if office.queue.service is None or (told and told.state not in ("starting", "ready")):
        raise RuntimeError("the queue is not worked")


def disk(office: Office) -> str:
    return "ok" if free_bytes(office) >= DISK_LOW_BYTES else "low"


def free_bytes(office: Office) -> int:
    """Free space where the data folder is."""
    return shutil.disk_usage(office.settings.data).free
