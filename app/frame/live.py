"""Nudges: after a commit, tell the open pages the *name* of what changed; they GET it again themselves."""

import asyncio
import contextlib
import logging
import secrets
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from app.frame.listener import Again, Listener
from app.frame.topics import Hears, nobody

if TYPE_CHECKING:  # who only nudges, such as the child that makes backups, need not load all of Litestar
    from litestar.channels import ChannelsPlugin

CHANNEL = "live"
BACKLOG = 200
REPLAY = 1000
LOOK_S = 1.0

log = logging.getLogger("centralita.live")
Look = Callable[[str], Awaitable[Hears]]


def nudge(db: AsyncSession, *topics: str) -> None:
    """Kept on the session, published after the commit, dropped on rollback."""
    db.info.setdefault("nudges", {}).update(dict.fromkeys(topics))


class Name:
    """A name that passed: its place, its event as bytes, and who may hear it, as it stood at `looked`."""

    __slots__ = ("chunk", "hears", "looked", "number", "topic")

    def __init__(self, number: int, topic: str, boot: str) -> None:
        self.number = number
        self.topic = topic
        self.chunk = f"event: nudge\nid: {boot}-{number}\ndata: {topic}\n\n".encode()
        self.hears: Hears = nobody
        self.looked = float("-inf")


class Hub:
    """Fans nudges out to the streams of this process; other processes hear them over the channel.

    The names that passed stand here once, for everybody: a listener is a place among them, so a stalled one costs
    nothing, and who may hear a name is looked up once and not for each listener.
    """

    def __init__(self, channels: "ChannelsPlugin", look: Look) -> None:
        self.channels = channels
        self.look = look
        self.listeners: set[Listener] = set()
        self.boot = secrets.token_hex(4)
        self.number = 0
        self.forgotten = 0
        self.recent: OrderedDict[str, Name] = OrderedDict()
        self.looking = asyncio.Lock()
        self._asked: tuple[int, int, list[Name] | None] = (0, 0, [])
        self.closing = False
        self.running = False

    async def publish_session(self, db: AsyncSession) -> None:
        """After-commit hook."""
        if topics := db.info.pop("nudges", None):
            self.publish(*topics)

    @contextlib.asynccontextmanager
    async def on_air(self) -> AsyncIterator[None]:
        """While the process runs. Before and after, and in one-off commands, nudges reach nobody: no loss."""
        async with self.channels:
            self.running = True
            try:
                yield
            finally:
                self.running = False

    def publish(self, *topics: str) -> None:
        if self.running:
            self._send(topics)

    def _send(self, topics: tuple[str, ...]) -> None:
        self.channels.publish(msgspec.json.encode(topics).decode(), CHANNEL)

    async def keep(self) -> None:
        """The keeper subscriber: never leaves the channel (the PostgreSQL backends die when the last one does)."""
        async with self.channels.start_subscription([CHANNEL]) as subscriber:
            async for raw in subscriber.iter_events():
                await self.deliver(*msgspec.json.decode(raw, type=list[str]))

    async def deliver(self, *topics: str) -> None:
        """Put the names where all listeners read them, look up who may hear them, and wake everybody."""
        names = [self._add(topic) for topic in topics]
        if self.listeners:
            for name in names:
                await self._hears(name)
        for listener in self.listeners:
            listener.wake()

    def _add(self, topic: str) -> Name:
        """A name that passes again takes the place of its earlier mention."""
        self.number += 1
        name = self.recent[topic] = Name(self.number, topic, self.boot)
        self.recent.move_to_end(topic)
        if len(self.recent) > REPLAY:
            self.forgotten = self.recent.popitem(last=False)[1].number
        return name

    def end_all(self) -> None:
        """End every stream; called from the signal handler so that the server can stop."""
        self.closing = True
        for listener in self.listeners:
            listener.wake()

    def ask_again(self) -> None:
        """Rights changed: every stream asks who it serves before it says another word."""
        for listener in self.listeners:
            listener.doubt()

    async def stream(self, listener: Listener, last_id: str, again: Again) -> AsyncIterator[bytes]:
        """Events for one browser. `again` re-reads who this is, each heartbeat, so a closed session goes silent."""
        listener.at = self._place(last_id)
        self.listeners.add(listener)
        try:
            yield b": hola\n\n"  # headers leave now, else the browser waits for the first event
            while not (self.closing or listener.gone):
                if listener.doubtful:
                    if not await listener.ask(again):
                        return
                    yield b": .\n\n"
                elif chunk := await self._unheard(listener):
                    yield chunk
                else:
                    await listener.woken()
        finally:
            self.listeners.discard(listener)
            listener.rest()

    def at(self) -> str:
        """Where the stream of names stands: `boot-number`. A page that was read now has missed nothing up to here."""
        return f"{self.boot}-{self.number}"

    def _place(self, last_id: str) -> int:
        """The place after `last_id`; -1 where it is not known any more, so that everything is read again."""
        if not last_id:
            return self.number
        boot, _, number = last_id.partition("-")
        known = boot == self.boot and number.isdecimal() and int(number) <= self.number
        return int(number) if known else -1

    async def _unheard(self, listener: Listener) -> bytes:
        """What passed since this listener's place, as far as its person may hear it, in one piece."""
        if listener.at == self.number:
            return b""
        here, names = self.number, self._since(listener.at)
        if names is None:
            listener.at = here
            return f"event: resync\nid: {self.boot}-{here}\ndata: \n\n".encode()
        fresh_since = time.monotonic() - LOOK_S
        hears = [name.hears if name.looked > fresh_since else await self._hears(name) for name in names]
        if listener.doubtful:  # rights changed during a look: ask first, then read these again
            return b""
        listener.at = here
        return b"".join([name.chunk for name, may in zip(names, hears, strict=True) if may(listener.actor)])

    def _since(self, at: int) -> list[Name] | None:
        """The names after a place, oldest first; None when they are too many or not known any more."""
        asked, here, names = self._asked
        if asked != at or here != self.number:  # nearly all ask the same
            names = self._walk_back(at)
            self._asked = at, self.number, names
        return names

    def _walk_back(self, at: int) -> list[Name] | None:
        if at < self.forgotten:
            return None
        names: list[Name] = []
        for name in reversed(self.recent.values()):
            if name.number <= at:
                break
            names.append(name)
        return names[::-1] if len(names) <= BACKLOG else None

    async def _hears(self, name: Name) -> Hears:
        """Who may hear a name, at most LOOK_S old: what moved out of somebody's reach since is not told."""
        async with self.looking:
            looked = time.monotonic()
            if looked - name.looked >= LOOK_S:
                try:
                    name.hears = await self.look(name.topic)
                except Exception:  # a module's broken question must not silence the other names
                    log.exception("nobody hears a name, as its question failed", extra={"topic": name.topic})
                    name.hears = nobody
                name.looked = looked
        return name.hears

    def figures(self) -> dict[str, Any]:
        return {"clients": len(self.listeners), "nudges": self.number}
