"""Child processes that go from one test's office to the next, as they go from one errand to the next in a real one.

To start one and to import what reads workbooks takes longer than most errands of a test. Only those are handed on that
sit idle when their office closes; tests of the child itself start their own.
"""

import asyncio
import contextlib
import os
import subprocess
from collections.abc import Iterator
from typing import IO, Any

import pytest

from app.frame.child import Child
from app.frame.child_process import Kept, command_and_environ

PIPE = subprocess.PIPE
IDLE: list["subprocess.Popen[bytes]"] = []
LOOK_S = 0.01


class Lent:
    """A process as asyncio's own would be, for the loop that runs now: it holds copies of the pipes' ends."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self.lasting = process
        self.pid = process.pid
        self.kill = process.kill
        self._ends: list[asyncio.BaseTransport] = []

    async def connect(self) -> "Lent":
        self.stdout, self.stderr = await self._reader(self.lasting.stdout), await self._reader(self.lasting.stderr)
        loop = asyncio.get_running_loop()
        protocol = asyncio.StreamReaderProtocol(asyncio.StreamReader())
        self.stdin, _ = await loop.connect_write_pipe(lambda: protocol, _copy(self.lasting.stdin, "wb"))
        self._ends.append(self.stdin)
        return self

    async def _reader(self, pipe: IO[bytes] | None) -> asyncio.StreamReader:
        reader = asyncio.StreamReader()
        end, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), _copy(pipe, "rb")
        )
        self._ends.append(end)
        return reader

    @property
    def returncode(self) -> int | None:
        return self.lasting.poll()

    async def wait(self) -> int:
        while (code := self.lasting.poll()) is None:  # noqa: ASYNC110 - whoever lends it has no loop to be told in
            await asyncio.sleep(LOOK_S)
        return code

    def disconnect(self) -> None:
        for end in self._ends:
            end.close()


class HandedOn(Child):
    """An office's child processes, taken over from whoever had them before."""

    async def _start(self) -> Kept:
        while IDLE:
            process = IDLE.pop()
            if process.poll() is None:
                return Kept(await Lent(process).connect())  # type: ignore[arg-type]
        return Kept(await Lent(_new()).connect())  # type: ignore[arg-type]

    async def close(self) -> None:
        self._closed, idle, self._idle = True, self._idle, []
        for kept in idle:
            await _give_back(kept)
            self._all.discard(kept)
        await super().close()


async def _give_back(kept: Kept) -> None:
    lent: Any = kept.process
    kept.stay()
    kept.gone.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await kept.gone
    lent.disconnect()
    if kept.alive:
        IDLE.append(lent.lasting)


def _new() -> "subprocess.Popen[bytes]":
    command, environ = command_and_environ()
    return subprocess.Popen(command, stdin=PIPE, stdout=PIPE, stderr=PIPE, env=environ)


def _copy(pipe: IO[bytes] | None, mode: str) -> IO[bytes]:
    assert pipe is not None
    return os.fdopen(os.dup(pipe.fileno()), mode, buffering=0)


@pytest.fixture(scope="session", autouse=True)
def children_end() -> Iterator[None]:
    """With the run, those that nobody has."""
    yield
    for process in IDLE:
        process.communicate()
    IDLE.clear()
