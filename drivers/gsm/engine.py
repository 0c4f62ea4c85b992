"""Commands and answers over a wire, one command at a time, each with a time limit."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Any, Protocol

import msgspec

from drivers.contract import NotReady
from drivers.gsm.at.core import Answer, Command, Core, Event, Notice, Prompt
from drivers.gsm.wire import GONE, Wire

ESCAPE, END = b"\x1b", b"\x1a"
LATE_PROMPT = b"\x1b\r"
QUIET_TRIES = 20
TELLING = ("?", "+CSQ", "CCID", "+CGSN")  # commands that never answer with OK alone


class Patience(msgspec.Struct, frozen=True, kw_only=True):
    """Seconds: for an answer, for the prompt, for the network to take a message, and what counts as quiet."""

    answer_s: float = 5.0
    prompt_s: float = 10.0
    send_s: float = 60.0
    quiet_s: float = 0.3


class Silence(Exception):
    """No answer in time. `given`: the text was already handed over, so that it may have left."""

    def __init__(self, given: bool = False) -> None:
        super().__init__("no answer")
        self.given = given


class Gone(Exception):
    """The port ended under a command. `given` as above."""

    def __init__(self, why: NotReady, given: bool = False) -> None:
        super().__init__(str(why))
        self.why = why
        self.given = given


class Ask(Protocol):
    """What a turn hands out. Raises Failure, Silence, Gone."""

    async def __call__(
        self, text: str, *, payload: str | None = None, seconds: float | None = None, endless: bool = False
    ) -> Answer: ...


class Engine:
    """`notices` gets what the modem says unasked, and None to look around: the port may be lost."""

    def __init__(self, port: str, speed: int, patience: Patience) -> None:
        self.port = port
        self.patience = patience
        self.core = Core()
        self.notices: asyncio.Queue[Notice | None] = asyncio.Queue()
        self.overhear: Callable[[Notice], None] = lambda _notice: None  # before it waits for its turn
        self.lost: NotReady | None = None
        self._wire = Wire(port, speed, self._heard, self._lose)
        self._turn = asyncio.Lock()
        self._loop = asyncio.get_running_loop()
        self._answer: asyncio.Future[Answer] | None = None
        self._prompt: asyncio.Future[None] | None = None
        self._idle: asyncio.TimerHandle | None = None
        self._stirred = asyncio.Event()
        self._stale = False

    async def open(self) -> None:
        """Raises NotReady, NeedsHuman. What an earlier process left half said is cancelled first."""
        await self._wire.open()
        self._wire.write(LATE_PROMPT)
        self._stale = True

    def close(self) -> None:
        """Who still waits for an answer is told that the port is gone."""
        if self._idle:
            self._idle.cancel()
        self._wire.close()
        self._lose(self.lost or NotReady(GONE, port=self.port))

    def wake(self) -> None:
        """Whoever waits for notices looks around."""
        self.notices.put_nowait(None)

    def shout(self, text: str) -> None:
        """A command to a modem that no longer answers."""
        self._wire.write(text.encode("latin-1") + b"\r")

    @contextlib.asynccontextmanager
    async def turn(self) -> AsyncIterator[Ask]:
        """Several commands that nothing comes between."""
        async with self._turn:
            yield self._ask

    async def ask(self, text: str, *, seconds: float | None = None) -> Answer:
        async with self._turn:
            return await self._ask(text, seconds=seconds)

    async def _ask(
        self, text: str, *, payload: str | None = None, seconds: float | None = None, endless: bool = False
    ) -> Answer:
        if self._stale:
            await self._resync()
        command = Command(text=text, prompts=payload is not None, endless=endless)
        answer = await self._run(command, payload, seconds or self.patience.answer_s)
        if answer.failure:
            raise answer.failure
        if not answer.lines and text.endswith(TELLING):
            self._stale = True  # an OK that belonged to something else
        return answer

    async def _run(self, command: Command, payload: str | None, seconds: float) -> Answer:
        given = False
        self._begin(command)
        try:
            if payload is not None:
                await self._wait_for_prompt()
                given = True
                self._wire.write(payload.encode("latin-1") + END)
            async with asyncio.timeout(seconds):
                return await self._answered()
        except TimeoutError:
            raise Silence(given) from None
        except NotReady as why:
            raise Gone(why, given) from None
        finally:
            self._finish(command, given)

    def _begin(self, command: Command) -> None:
        if self.lost:
            raise Gone(self.lost)
        self._answer, self._prompt = self._loop.create_future(), self._loop.create_future()
        self.core.start(command)
        self._wire.write(command.text.encode("latin-1") + b"\r")

    async def _wait_for_prompt(self) -> None:
        """Raises TimeoutError when neither prompt nor error comes, Failure when the modem says no, Silence when it
        says OK without having asked."""
        assert self._answer
        assert self._prompt
        either: tuple[asyncio.Future[Any], ...] = (self._answer, self._prompt)
        async with asyncio.timeout(self.patience.prompt_s):
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        if self._answer.done():
            raise self._answer.result().failure or Silence()

    async def _answered(self) -> Answer:
        assert self._answer
        return await self._answer

    def _finish(self, command: Command, given: bool) -> None:
        """A command that was left in the middle leaves an answer that nobody waits for."""
        assert self._prompt
        if not (self._answer and self._answer.done()):
            self._stale = True
            self.core.abandon()
            if command.prompts and not given and not self.lost:
                self._wire.write(LATE_PROMPT)
        self._answer = self._prompt = None

    async def _resync(self) -> None:
        """Until the modem answers and is quiet; answers to older commands pass by. Raises Silence, Gone.

        A prompt that came late swallows the first AT, so there are two.
        """
        self._stale = False
        with contextlib.suppress(Silence):
            await self._run(Command(text="AT"), None, self.patience.answer_s)
        if self._stale:
            self._wire.write(LATE_PROMPT)
            await self._run(Command(text="AT"), None, self.patience.answer_s)
        self._stale = False
        await self._settle()

    async def _settle(self) -> None:
        for _again in range(QUIET_TRIES):
            self._stirred.clear()
            try:
                async with asyncio.timeout(self.patience.quiet_s):
                    await self._stirred.wait()
            except TimeoutError:
                self.core.prompting = False
                return
        raise Silence

    def _heard(self, data: bytes) -> None:
        self._stirred.set()
        for event in self.core.feed(data):
            self._dispatch(event)
        if self._idle:
            self._idle.cancel()
            self._idle = None
        if self.core.holding:
            self._idle = self._loop.call_later(self.patience.quiet_s, self._quiet)

    def _quiet(self) -> None:
        for event in self.core.idle():
            self._dispatch(event)

    def _dispatch(self, event: Event) -> None:
        match event:
            case Notice():
                self.overhear(event)
                self.notices.put_nowait(event)
            case Prompt():
                self._prompted()
            case Answer():
                if self._answer and not self._answer.done():
                    self._answer.set_result(event)

    def _prompted(self) -> None:
        if self._prompt and not self._prompt.done() and self.core.command and self.core.command.prompts:
            self._prompt.set_result(None)
        else:  # too late: nothing is sent by accident
            self._wire.write(LATE_PROMPT)

    def _lose(self, why: NotReady) -> None:
        self.lost = why
        if self._answer and not self._answer.done():
            self._answer.set_exception(why)
            self._answer.exception()  # seen: who waited may be gone as well
        self.notices.put_nowait(None)
