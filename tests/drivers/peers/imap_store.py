"""The mail that the IMAP peer keeps."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime


@dataclass
class Kept:
    """One message."""

    raw: bytes
    flags: set[str] = field(default_factory=set)
    arrived: datetime = field(default_factory=lambda: datetime.now(UTC))


@dataclass
class Folder:
    """Messages by UID, rising."""

    validity: int = 1
    next_uid: int = 1
    messages: dict[int, Kept] = field(default_factory=dict)
    flags: str = ""
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def put(self, raw: bytes, flags: Iterable[str] = (), arrived: datetime | None = None) -> int:
        uid = self.next_uid
        self.messages[uid] = Kept(raw, set(flags), arrived or datetime.now(UTC))
        self.next_uid += 1
        self.changed.set()
        return uid

    def sequence(self, uid: int) -> int:
        return list(self.messages).index(uid) + 1

    def renumber(self, shift: int = 1000) -> None:
        """What a server does that lost its index."""
        self.validity += 1
        self.messages = {uid + shift: kept for uid, kept in self.messages.items()}
        self.next_uid += shift

    def find(self, criteria: str) -> list[int]:
        """The three searches that we know; anything else is nonsense."""
        match criteria.split():
            case ["UID", span] if span.endswith(":*"):
                low = min(int(span[:-2]), max(self.messages, default=0))
                return [uid for uid in self.messages if uid >= low]
            case ["SINCE", day]:
                since = datetime.strptime(day, "%d-%b-%Y").replace(tzinfo=UTC).date()
                return [uid for uid, kept in self.messages.items() if self._day(kept) >= since]
            case ["DELETED"]:
                return [uid for uid, kept in self.messages.items() if "\\Deleted" in kept.flags]
        raise ValueError(criteria)

    @staticmethod
    def _day(kept: Kept) -> date:
        return kept.arrived.date()
