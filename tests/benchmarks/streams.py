"""Many listeners of server-sent events at once, each a bare socket, and when each of them heard a nudge.

A protocol each and no task: what listens must cost less than what it listens to, as both share the machine.
"""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import cast

from tests.benchmarks.http import Request
from tests.benchmarks.load import percentile

OPENING = 50  # connections opened at the same moment
PATIENCE_S = 10
HEAD_END = b"\r\n\r\n"


@dataclass
class FanOut:
    """Seconds from the moment before each nudge until each listener had it, all nudges together."""

    listeners: int
    heard_s: list[float] = field(default_factory=list)
    missed: int = 0

    def ms(self, percent: float) -> float:
        return percentile(self.heard_s, percent) * 1000


class Ear(asyncio.Protocol):
    """One stream: opened once its head said 200, then it notes when a word passes."""

    def __init__(self, request: bytes) -> None:
        self.request = request
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.transport: asyncio.Transport | None = None
        self._word = b""
        self._heard: Callable[[float], None] = _ignore
        self._rest = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)  # uvloop's is no subclass
        self.transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        text = self._rest + data
        if not self.opened.done():
            text = self._after_head(text)
        elif self._word and self._word in text:
            self._word, text = b"", b""
            self._heard(time.perf_counter())
        self._rest = text[-max(64, len(self._word)) :] if self.opened.done() else text

    def connection_lost(self, error: Exception | None) -> None:
        if not self.opened.done():
            self.opened.set_exception(error or ConnectionError("closed before it opened"))

    def listen(self, word: bytes, heard: Callable[[float], None]) -> None:
        """Call `heard` with the moment at which the next line with `word` arrives."""
        self._word, self._heard, self._rest = word, heard, b""

    def _after_head(self, text: bytes) -> bytes:
        head, end, rest = text.partition(HEAD_END)
        if not end:
            return text
        if b" 200 " in head.split(b"\r\n", 1)[0]:
            self.opened.set_result(None)
        else:
            self.opened.set_exception(ConnectionError(head.decode("latin-1")))
        return rest


def _ignore(_moment: float) -> None:
    """Nobody waits for a word."""


class Listeners:
    """`async with Listeners(port, request, 1000) as all:` opens them and waits until every stream has begun."""

    def __init__(self, port: int, request: Request, count: int) -> None:
        self.port = port
        self.request = request.encode()
        self.count = count
        self._ears: list[Ear] = []

    async def __aenter__(self) -> "Listeners":
        gate = asyncio.Semaphore(OPENING)
        self._ears = await asyncio.gather(*(self._open(gate) for _ in range(self.count)))
        return self

    async def __aexit__(self, *_error: object) -> None:
        for ear in self._ears:
            if ear.transport is not None:
                ear.transport.close()

    async def hear(
        self, word: bytes, nudge: Callable[[], Awaitable[object]], times: int = 5, patience_s: float = PATIENCE_S
    ) -> FanOut:
        """Call `nudge` and wait until every listener has got `word`; `times` over."""
        result = FanOut(self.count)
        for _ in range(times):
            await self._round(word, nudge, patience_s, result)
        return result

    async def _round(
        self, word: bytes, nudge: Callable[[], Awaitable[object]], patience_s: float, result: FanOut
    ) -> None:
        moments: list[float] = []
        everybody = asyncio.Event()

        def heard(moment: float) -> None:
            moments.append(moment)
            if len(moments) == self.count:
                everybody.set()

        for ear in self._ears:
            ear.listen(word, heard)
        started = time.perf_counter()
        await nudge()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(everybody.wait(), patience_s)
        result.heard_s += [moment - started for moment in moments]
        result.missed += self.count - len(moments)

    async def _open(self, gate: asyncio.Semaphore) -> Ear:
        async with gate:
            loop = asyncio.get_running_loop()
            _transport, ear = await loop.create_connection(lambda: Ear(self.request), "127.0.0.1", self.port)
            await ear.opened
            return ear
