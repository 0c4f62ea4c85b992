"""Resolved actors by credential, so that a request costs a dictionary look-up.

Changes in this process empty it exactly, after the commit; another process's changes are seen within TTL_S.
"""

import time
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from app.frame.actor import Actor

if TYPE_CHECKING:
    from app.frame.office import Office

TTL_S = 5.0
SIZE = 20_000
SEEN_EVERY_S = 60.0
NAME = "accounts.actors"


class Entry(msgspec.Struct):
    """An actor, until when it may be used (monotonic seconds) and which row its use is noted in."""

    actor: Actor
    until: float
    row_id: int
    seen: float


class ActorCache:
    """`generation` counts the times it was emptied: an answer read before that is not kept."""

    def __init__(self) -> None:
        self.entries: dict[bytes, Entry] = {}
        self.generation = 0
        self.used: dict[tuple[str, int], tuple[datetime, str]] = {}

    def get(self, key: bytes) -> Entry | None:
        entry = self.entries.get(key)
        return entry if entry is not None and entry.until > time.monotonic() else None

    def put(self, key: bytes, entry: Entry, generation: int) -> None:
        if generation != self.generation:
            return
        if len(self.entries) >= SIZE:
            self.entries.clear()
        self.entries[key] = entry

    def forget(self) -> None:
        self.generation += 1
        self.entries.clear()


def forget_actors(db: AsyncSession) -> None:
    """Something about who may do what changes with this unit: forget after the commit."""
    db.info["forget_actors"] = True


def cache_of(office: "Office") -> ActorCache:
    cache: ActorCache | None = office.state.get(NAME)
    if cache is None:
        cache = office.state[NAME] = ActorCache()
    return cache
