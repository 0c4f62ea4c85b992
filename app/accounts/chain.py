"""The audit's chain, walked in small steps so that nobody waits for it, and the result that the page shows."""

from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.frame import audit
from app.frame.audit import AuditEntry
from app.frame.db import now_utc
from app.frame.profile import OfficeValue, read_value

VALUE = "audit_chain"
STEP = 200


class Walk(msgspec.Struct):
    """How far a walk has come: the last line that fits, its hash, how many lines, and the first that does not fit."""

    last_id: int = 0
    last_hash: str = audit.START
    lines: int = 0
    broken: int | None = None


class ChainState(msgspec.Struct, frozen=True):
    """The last whole walk."""

    at: datetime
    lines: int
    broken: int | None = None
    last_id: int = 0
    last_hash: str = audit.START


async def step(db: AsyncSession, walk: Walk) -> bool:
    """Check the next lines. False when there are no more, or one does not fit."""
    columns = list(AuditEntry.__table__.columns)
    query = select(*columns).where(AuditEntry.id > walk.last_id).order_by(AuditEntry.id).limit(STEP)
    rows = [dict(row._mapping) for row in await db.execute(query)]
    for row in rows:
        if not audit.fits(row, walk.last_hash):
            walk.broken = int(row["id"])
            return False
        walk.last_id, walk.last_hash, walk.lines = int(row["id"]), row["hash"], walk.lines + 1
    return len(rows) == STEP


async def missing_end(db: AsyncSession, before: ChainState | None) -> int | None:
    """The last line of an earlier walk when it is no longer there: the end was cut off."""
    if before is None or not before.last_id:
        return None
    kept = await db.scalar(select(AuditEntry.hash).where(AuditEntry.id == before.last_id))
    return None if kept == before.last_hash else before.last_id


async def read_state(db: AsyncSession) -> ChainState | None:
    value: Any = await read_value(db, VALUE)
    return None if value is None else msgspec.convert(value, ChainState)


async def save_state(db: AsyncSession, state: ChainState) -> None:
    """Not audited itself: a walk changes nothing of the office's."""
    row = await db.get(OfficeValue, VALUE)
    value = msgspec.to_builtins(state)
    if row is None:
        db.add(OfficeValue(name=VALUE, value=value, changed_at=now_utc()))
    else:
        row.value, row.changed_at = value, now_utc()
