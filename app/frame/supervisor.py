"""Keeps what lives in the background alive: device drivers, the queue's worker, meters. One guard task each."""

import asyncio
import contextlib
import logging
import random
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any, Self

from app.frame.keeping import LONGEST_S, Keeping, Story

STOP_S = 0.8  # what a driver gets to end in
log = logging.getLogger("centralita.supervisor")

Work = Callable[["Line"], Awaitable[Any]]


class Clock:
    """Time and chance; tests bring their own."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def tick(self) -> float:
        return time.monotonic()

    def chance(self) -> float:
        return random.random()

    async def wait(self, wake: asyncio.Event, seconds: float | None) -> None:
        """Until woken or the time is over."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):  # not wait_for: on 3.11 it can swallow a cancellation
                await wake.wait()


class Line:
    """What a kept thing says about itself."""

    def __init__(self, guard: "Guard") -> None:
        self._guard = guard

    def ready(self, identity: str = "", note: str = "") -> None:
        """It works; again when the note changes."""
        self._guard.became_ready(identity, note)


class Guard:
    """Runs one piece of work for ever. Never lets an error out: a task group would end all its siblings."""

    def __init__(self, story: Story, work: Work, clock: Clock, changed: Callable[[Story], None]) -> None:
        self.story, self.work, self.clock, self.changed = story, work, clock, changed
        self.wake = asyncio.Event()
        self.inner: asyncio.Task[None] | None = None
        self.task: asyncio.Task[None] | None = None

    async def keep(self) -> None:
        """Until cancelled."""
        try:
            while True:
                await self._safely_once()
        finally:
            self.story.stopped(self.clock.now())
            self.changed(self.story)

    async def _safely_once(self) -> None:
        try:
            await self._once()
        except Exception:
            log.exception("the guard itself failed", extra={"kept": self.story.name})
            await self.clock.wait(self.wake, LONGEST_S)

    async def _once(self) -> None:
        self.wake.clear()
        self.story.starting(self.clock.now())
        self.changed(self.story)
        error = await self._live()
        if self.wake.is_set():  # a restart that was asked for is no trouble
            return
        wait_s = self.story.broke(error, self.clock.now(), self.clock.tick(), self.clock.chance())
        self.changed(self.story)
        await self.clock.wait(self.wake, wait_s)

    async def _live(self) -> BaseException | None:
        """One life of the work: how it ended. When we are cancelled it is given a moment, then left behind."""
        self.inner = asyncio.create_task(self._contained(), name=f"{self.story.name} (work)")
        try:
            await asyncio.wait({self.inner})
        finally:
            await self._end(self.inner)
        return _outcome(self.inner)

    async def _contained(self) -> None:
        """A SystemExit in a task would end the whole process."""
        try:
            await self.work(Line(self))
        except SystemExit as exit_:
            raise RuntimeError(f"SystemExit({exit_.code})") from exit_

    async def _end(self, task: asyncio.Task[None]) -> None:
        if task.done():
            return
        task.cancel()
        await asyncio.wait({task}, timeout=STOP_S)
        if not task.done():
            task.add_done_callback(_outcome)
            log.error("left behind", extra={"kept": self.story.name, "seconds": STOP_S})

    def became_ready(self, identity: str, note: str) -> None:
        if self.story.state not in ("starting", "ready"):
            return
        if self.story.ready(self.clock.now(), self.clock.tick(), identity, note):
            self.changed(self.story)

    def restart(self) -> None:
        """End this life; the next one begins at once."""
        self.wake.set()
        if self.inner and not self.inner.done():
            self.inner.cancel()


def _outcome(task: asyncio.Task[None]) -> BaseException | None:
    """Why a task ended. Reading it also marks it as seen."""
    if not task.done() or task.cancelled():
        return None
    return task.exception()


class Supervisor:
    """Guards by name. Use as `async with supervisor:`; everything ends within a second of leaving."""

    def __init__(self, clock: Clock | None = None) -> None:
        self.clock = clock or Clock()
        self.guards: dict[str, Guard] = {}
        self.stories: dict[str, Story] = {}
        self.listeners: list[Callable[[Keeping], None]] = []
        self._said: dict[str, tuple[str, str]] = {}
        self._group: asyncio.TaskGroup | None = None
        self._house: asyncio.Task[None] | None = None
        self._closing = asyncio.Event()

    async def __aenter__(self) -> Self:
        opened = asyncio.Event()
        self._closing = asyncio.Event()
        self._house = asyncio.create_task(self._run(opened), name="supervisor")
        await opened.wait()
        return self

    async def __aexit__(self, *_exc: object) -> None:
        self._closing.set()
        if self._house:
            await self._house

    async def _run(self, opened: asyncio.Event) -> None:
        async with asyncio.TaskGroup() as self._group:
            for guard in self.guards.values():
                self._start(guard)
            opened.set()
            await self._closing.wait()
            for guard in self.guards.values():
                if guard.task:
                    guard.task.cancel()
        self._group = None

    def keep(self, name: str, factory: Callable[[], Awaitable[Any]], *, title: str = "") -> None:
        """Keep a background task alive: ready as soon as it runs, begun again when it ends. A known name is refused."""

        async def work(line: Line) -> None:
            line.ready()
            await factory()

        self.guard(name, work, title=title)

    def guard(self, name: str, work: Work, *, title: str = "", kind: str = "task") -> None:
        """Keep something that says itself when it is ready: a device."""
        if name in self.guards:
            raise ValueError(f"already kept: {name}")
        story = self.stories.setdefault(name, Story(name, title, kind, self.clock.now()))
        story.title, story.kind = title or name, kind
        self.guards[name] = Guard(story, work, self.clock, self._changed)
        if self._group and not self._closing.is_set():  # one begun while all are ended would be ended by nobody
            self._start(self.guards[name])

    def _start(self, guard: Guard) -> None:
        assert self._group is not None
        guard.task = self._group.create_task(guard.keep(), name=guard.story.name)

    async def stop(self, name: str) -> None:
        """End one; its story stays, as off."""
        guard = self.guards.pop(name, None)
        if guard and guard.task:
            if not guard.task.cancelling():  # a second cancel would cut its cleaning up short
                guard.task.cancel()
            await asyncio.wait({guard.task})

    async def forget(self, name: str) -> None:
        """End one and its story."""
        await self.stop(name)
        self.stories.pop(name, None)
        self._said.pop(name, None)

    def retry(self, name: str) -> bool:
        """Try now instead of waiting. False when it was not waiting."""
        guard = self.guards.get(name)
        if guard is None or guard.story.state not in ("retrying", "needs_human"):
            return False
        guard.wake.set()
        return True

    def restart(self, name: str) -> None:
        """End the present life of it and begin again."""
        if guard := self.guards.get(name):
            guard.restart()

    def told(self, name: str) -> Keeping | None:
        story = self.stories.get(name)
        return story.told(self.clock.now()) if story else None

    def snapshot(self) -> list[Keeping]:
        """Everything that lives in the background, by name."""
        at = self.clock.now()
        return [self.stories[name].told(at) for name in sorted(self.stories)]

    def listen(self, listener: Callable[[Keeping], None]) -> None:
        """Call `listener` after each change (a nudge to the open pages)."""
        self.listeners.append(listener)

    def _changed(self, story: Story) -> None:
        self._log(story)
        if self._closing.is_set():  # nobody looks any more, and the channel may be closed
            return
        told = story.told(self.clock.now())
        for listener in self.listeners:
            try:
                listener(told)
            except Exception:
                log.exception("a listener failed", extra={"kept": story.name})

    def _log(self, story: Story) -> None:
        """On change only: what repeats itself is said once."""
        said = (story.state, story.why)
        if story.state == "starting" or self._said.get(story.name) == said:
            return
        self._said[story.name] = said
        level = logging.INFO if story.state in ("ready", "off") else logging.WARNING
        log.log(level, "now %s", story.state, extra={"kept": story.name, "why": story.why, "facts": dict(story.facts)})
