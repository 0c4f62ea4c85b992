"""What else holds something of a person beside the contact: rows that an import refused and the files they came in,
answers kept for repeated requests, and the names of those whom an undo left alone."""

import re
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Text, cast, delete, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.contacts.imports.models import Import, ImportReject
from app.contacts.models_history import Batch
from app.frame import audit, jobs
from app.frame.counting import touched
from app.frame.db import now_utc
from app.frame.idempotency import Idempotency

FINISHED = ("done", "failed", "cancelled", "undone")
TAIL = 4  # the last digits of a number, which every way of writing it keeps together
OWN = 8  # those that make it somebody's
NO_DIGIT = re.compile(r"\D")


async def refused_rows(db: AsyncSession, matches: Iterable[str]) -> list[ImportReject]:
    """Rows that stayed out of an import and name one of these numbers or mailboxes, however they are spelled."""
    wanted = [match.partition(":")[2] for match in matches if match.startswith(("tel:", "mail:"))]
    if not wanted:
        return []
    text = cast(ImportReject.cells, Text)
    parts = [one if "@" in one else one[-TAIL:] for one in wanted]
    likely = or_(*(text.icontains(part, autoescape=True) for part in parts))
    alike = await db.scalars(select(ImportReject).where(likely))
    return [row for row in alike if any(_holds(row.cells, one) for one in wanted)]


def _holds(cells: list[str], wanted: str) -> bool:
    if "@" in wanted:
        return any(wanted in cell.lower() for cell in cells)
    return any(wanted[-OWN:] in NO_DIGIT.sub("", cell) for cell in cells)


async def forget(db: AsyncSession, ids: list[int], matches: list[str]) -> dict[str, int]:
    """Erase all of it. The files are deleted by the job that looks after them, which is asked for at once."""
    refused = [row.id for row in await refused_rows(db, matches)]
    await db.execute(delete(ImportReject).where(ImportReject.id.in_(refused)))
    places = [cast(Idempotency.headers, Text).contains(f'/api/v1/contacts/{one}"') for one in ids]
    answers = await touched(db, delete(Idempotency).where(or_(*places)))
    for found in list(await db.scalars(select(Import))):
        if (options := _without(found.options, ids)) is not found.options:
            found.options = options
            await audit.erase_details(db, "import", found.id)
        if found.state in FINISHED and found.path:
            found.options = found.options | {"forget_file": now_utc().isoformat()}
    for batch in await db.scalars(select(Batch).where(Batch.undone_at.is_not(None))):
        batch.detail = _without(batch.detail, ids)
    jobs.enqueue(db, "contacts.sweep_exports", "")
    return {"contact_import_reject": len(refused), "idempotency": answers}


def _without(detail: dict[str, Any], ids: list[int]) -> dict[str, Any]:
    undone = detail.get("undone") or {}
    left = [line for line in undone.get("left", ()) if line[0] not in ids]
    return detail | {"undone": undone | {"left": left}} if len(left) < len(undone.get("left", ())) else detail
