"""Bulk work outside the web process: at most a few kept child processes, each with one errand at a time."""

import asyncio
import contextlib
import itertools
from typing import Any

from app.frame.child_errors import ChildDied, ChildError, ChildFailed, ChildLate, ChildStopped
from app.frame.child_process import Errand, Gate, Kept, Tell, log
from app.frame.child_wire import Done, Failed, Run
from app.frame.i18n import PLACE

__all__ = ["Child", "ChildDied", "ChildError", "ChildFailed", "ChildLate", "ChildStopped"]

STOP_GRACE_S = 10.0
END_GRACE_S = 0.5


class Child:
    """Runs dotted functions. Spawns when asked, keeps the process, replaces a dead one, ends an idle one.

    `gate` opens the parent's single writer, which a function borrows with `report.gate()`.
    """

    def __init__(self, gate: Gate | None = None, *, size: int = 2, idle_s: float = 300.0) -> None:
        self.gate: Gate = gate or contextlib.nullcontext
        self.idle_s = idle_s
        self._places = asyncio.Semaphore(size)
        self._idle: list[Kept] = []
        self._all: set[Kept] = set()
        self._numbers = itertools.count(1)
        self._closed = False

    async def run(
        self,
        dotted: str,
        args: dict[str, Any],
        progress: Tell | None = None,
        *,
        stop: asyncio.Event | None = None,
        limit_s: float | None = None,
    ) -> dict[str, Any]:
        """Call `package.module:function(args, report)` in a child and return its dict.

        Setting `stop` asks politely (`report.cancelled()`); cancelling this task, an error in `progress` or the
        time limit end the process. Raises ChildFailed, ChildDied, ChildLate, ChildStopped.
        """
        run = Run(next(self._numbers), dotted, args, PLACE.get())
        async with self._places:
            try:
                async with asyncio.timeout(limit_s) as limit:
                    return _result(await self._on_a_child(run, progress, stop))
            except TimeoutError:
                if not limit.expired():
                    raise
                raise ChildLate(limit_s or 0) from None

    async def _on_a_child(self, run: Run, progress: Tell | None, stop: asyncio.Event | None) -> Done | Failed:
        kept = await self._take()
        try:
            answer = await Errand(kept, run, progress, self.gate).end(stop, STOP_GRACE_S)
        except BaseException:
            kept.kill()
            raise
        finally:
            self._put_back(kept)
        return answer

    async def _take(self) -> Kept:
        while self._idle:
            kept = self._idle.pop()
            kept.stay()
            if kept.alive:
                return kept
        if self._closed:
            raise ChildStopped
        return await self._spawn()

    async def _spawn(self) -> Kept:
        kept = await self._start()
        self._all.add(kept)
        kept.gone.add_done_callback(lambda _: self._all.discard(kept))
        if self._closed:  # while we waited
            await kept.end(0)
            raise ChildStopped
        return kept

    async def _start(self) -> Kept:
        return await Kept.spawn()

    def _put_back(self, kept: Kept) -> None:
        if kept.alive and not self._closed:
            self._idle.append(kept)
            kept.retirement = asyncio.get_running_loop().call_later(self.idle_s, self._retire, kept)

    def _retire(self, kept: Kept) -> None:
        self._idle.remove(kept)
        kept.dismiss()

    async def close(self) -> None:
        """End every process; within a second, whatever they are doing."""
        self._closed = True
        self._idle.clear()
        await asyncio.gather(*(kept.end(END_GRACE_S) for kept in list(self._all)))


def _result(answer: Done | Failed) -> dict[str, Any]:
    if isinstance(answer, Done):
        return answer.data
    if answer.stopped:
        raise ChildStopped
    failed = ChildFailed(answer)
    if not failed.expected:
        log.error("%s", failed.trace)
    raise failed
