"""The history of every field, and the timeline that every module writes to."""

from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.contacts.models_history import Batch, Change, Event
from app.frame.actor import actor_of
from app.frame.audit import plain
from app.frame.db import now_utc


def note_changes(
    db: AsyncSession, contact_id: int, changes: dict[str, tuple[Any, Any]], batch: Batch | None = None
) -> None:
    """Write down {field: (before, after)} of a contact."""
    actor, at = actor_of(db), now_utc()
    for field, (before, after) in changes.items():
        db.add(
            Change(
                contact_id=contact_id,
                at=at,
                user_id=actor.user_id,
                who=actor.name,
                field=field,
                before=plain(before),
                after=plain(after),
                batch_id=batch.id if batch else None,
            )
        )


def add_event(
    db: AsyncSession,
    contact_id: int,
    kind: str,
    title: str,
    *,
    text: str = "",
    icon: str = "note",
    url: str = "",
    at: datetime | None = None,
) -> None:
    """Put a line on a contact's timeline. `kind` is dotted by module: `calls.ended`."""
    actor = actor_of(db)
    db.add(
        Event(
            contact_id=contact_id,
            at=at or now_utc(),
            kind=kind,
            icon=icon,
            title=title[:200],
            text=text,
            url=url,
            user_id=actor.user_id,
            who=actor.name,
        )
    )


async def open_batch(db: AsyncSession, kind: str, **detail: Any) -> Batch:
    """Start a batch: changes made with it can be undone together."""
    actor = actor_of(db)
    batch = Batch(kind=kind, at=now_utc(), user_id=actor.user_id, who=actor.name, detail=detail, state="done")
    db.add(batch)
    await db.flush()
    return batch
