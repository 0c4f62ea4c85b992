"""One open stream of the hub: whose it is, since when that is certain, and how far it has heard."""

import asyncio
import math
import time
from collections.abc import Awaitable, Callable

from app.frame.actor import Actor

HEARTBEAT_S = 15.0
Again = Callable[[], Awaitable[Actor | None]]


class Listener:
    """A place in the stream of names. Woken by names, by its heartbeat, and by the end."""

    __slots__ = ("_awake", "_sleep", "_timer", "actor", "asked", "at", "gone")

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.asked = time.monotonic()
        self.at = 0
        self.gone = False
        self._awake = False
        self._sleep: asyncio.Future[None] | None = None
        self._timer: asyncio.TimerHandle | None = None

    @property
    def doubtful(self) -> bool:
        """Whether it has to be asked again who this is."""
        return time.monotonic() - self.asked >= HEARTBEAT_S

    def doubt(self) -> None:
        """The rights may have changed."""
        self.asked = -math.inf
        self.wake()

    def leave(self) -> None:
        """The browser has gone."""
        self.gone = True
        self.wake()

    def wake(self) -> None:
        """There may be something to say."""
        self._awake = True
        if self._sleep is not None and not self._sleep.done():
            self._sleep.set_result(None)

    async def ask(self, again: Again) -> bool:
        """Whether somebody is still there. A doubt that comes up meanwhile stays one."""
        self.asked = time.monotonic()
        actor = await again()
        self.rest()
        if actor is None:
            return False
        self.actor = actor
        return True

    async def woken(self) -> None:
        """Sleep until somebody calls `wake`; a heartbeat has one timer, however often names wake it."""
        loop = asyncio.get_running_loop()
        if self._timer is None:
            due_s = max(0.0, HEARTBEAT_S - (time.monotonic() - self.asked))
            self._timer = loop.call_later(due_s, self._beat)
        if not self._awake:
            self._sleep = loop.create_future()
            await self._sleep
        self._sleep, self._awake = None, False

    def _beat(self) -> None:
        self._timer = None
        self.wake()

    def rest(self) -> None:
        """No timer any more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
