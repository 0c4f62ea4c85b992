"""One kept child process, seen from its parent, and one errand that it runs."""

import asyncio
import contextlib
import logging
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

from app.frame.child_errors import ChildDied, ChildStopped
from app.frame.child_wire import (
    LENGTH,
    Ask,
    Begun,
    Done,
    Failed,
    Free,
    Go,
    Progress,
    Run,
    Stop,
    ToChild,
    ToParent,
    packed,
    read_in_parent,
)  # fmt: skip

log = logging.getLogger("centralita.child")

LAST_BREATH_S = 1.0
BEGIN_S = 60.0  # a start that takes longer is a broken one: the machine may be busy, the packages large

Tell = Callable[[dict[str, Any]], Awaitable[None]]
Gate = Callable[[], AbstractAsyncContextManager[Any]]


def command_and_environ() -> tuple[list[str], dict[str, str]]:
    """What starts a child that finds the same packages as we do."""
    path = os.pathsep.join(part for part in sys.path if part)
    return [sys.executable, "-m", "app.frame.child_main"], os.environ | {"PYTHONPATH": path}


class Kept:
    """A running child. Never share one between two errands."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self.retirement: asyncio.TimerHandle | None = None
        self._killed = False
        self.gone = asyncio.create_task(self._until_gone())

    @classmethod
    async def spawn(cls) -> "Kept":
        command, environ = command_and_environ()
        return cls(await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, stderr=PIPE, env=environ))

    @property
    def alive(self) -> bool:
        return self.process.returncode is None and not self._killed

    def stay(self) -> None:
        """Forget the planned retirement."""
        if self.retirement:
            self.retirement.cancel()

    async def _until_gone(self) -> int:
        """Its stderr goes to our log until it ends."""
        assert self.process.stderr
        while said := await self.process.stderr.read(1 << 16):
            log.warning("%s", said.decode(errors="replace").rstrip())
        return await self.process.wait()

    def say(self, message: ToChild) -> None:
        assert self.process.stdin
        if not self.process.stdin.is_closing():
            self.process.stdin.write(packed(message))

    async def hear(self) -> ToParent:
        assert self.process.stdout
        try:
            head = await self.process.stdout.readexactly(LENGTH.size)
            return read_in_parent(await self.process.stdout.readexactly(*LENGTH.unpack(head)))
        except (asyncio.IncompleteReadError, ConnectionError):
            raise ChildDied(await self._exit_code()) from None

    async def _exit_code(self) -> int:
        """Of a child that closed its pipe: it is dying. One that only stopped talking is of no use, so it is killed.

        Killed at once, it would often be dead already, and the signal's own check would take its exit code from us.
        """
        with contextlib.suppress(TimeoutError):
            return await asyncio.wait_for(self.process.wait(), LAST_BREATH_S)
        self.kill()
        return await self.process.wait()

    def kill(self) -> None:
        """At once. SQLite rolls back what it had not committed."""
        if self.alive:
            self._killed = True
            with contextlib.suppress(ProcessLookupError):
                self.process.kill()

    def dismiss(self) -> None:
        """Let it end by itself: a closed pipe means that nobody needs it."""
        self.stay()
        assert self.process.stdin
        self.process.stdin.close()

    async def end(self, grace_s: float) -> None:
        """Dismissed, then killed if it does not go."""
        self.dismiss()
        await asyncio.wait({self.gone}, timeout=grace_s)
        self.kill()
        await self.gone


class Errand:
    """One run on one process: its progress, its turns at the writer, its end."""

    def __init__(self, kept: Kept, run: Run, tell: Tell | None, gate: Gate) -> None:
        self.kept = kept
        self.run = run
        self.tell = tell
        self.gate = gate
        self.news: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue()
        self.begun = asyncio.Event()
        self.returned = asyncio.Event()

    async def end(self, stop: asyncio.Event | None, grace_s: float) -> Done | Failed:
        """Its answer. Any error in a helper task ends the run and is raised as it is."""
        try:
            async with asyncio.TaskGroup() as self.tasks:
                self.tasks.create_task(self._tell_all())
                watch = self.tasks.create_task(self._watch(stop, grace_s)) if stop else None
                self.kept.say(self.run)
                answer = await self._listen()
                self.news.put_nowait(None)
                if watch:
                    watch.cancel()
        except BaseExceptionGroup as group:
            raise group.exceptions[0] from None
        return answer

    async def _listen(self) -> Done | Failed:
        while True:
            match await self.kept.hear():
                case Begun():
                    self.begun.set()
                case Progress(data):
                    self.news.put_nowait(data)
                case Ask():
                    self.returned.clear()
                    self.tasks.create_task(self._lend())
                case Free():
                    self.returned.set()
                case Done() | Failed() as answer:
                    return answer

    async def _tell_all(self) -> None:
        """Apart from listening: a teller that wants the writer must not wait for the child that holds it."""
        while (data := await self.news.get()) is not None:
            if self.tell:
                await self.tell(data)

    async def _lend(self) -> None:
        """Hold the writer for the child. If we must let go early, the child dies first: never two writers."""
        async with self.gate():
            self.kept.say(Go())
            try:
                await self.returned.wait()
            except asyncio.CancelledError:
                self.kept.kill()
                raise

    async def _watch(self, stop: asyncio.Event, grace_s: float) -> None:
        """Pass the wish to stop on; a function that does not hear it is stopped the hard way.

        Its grace is counted from where it could hear: on a busy machine the start alone may take seconds.
        """
        await stop.wait()
        self.kept.say(Stop(self.run.number))
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(BEGIN_S):  # `wait_for` would swallow our own end when both come at once
                await self.begun.wait()
        await asyncio.sleep(grace_s)
        raise ChildStopped
