"""Calls and USSD over one modem."""

import asyncio
import contextlib
import re

from drivers.contract import N_, Inbound, SendError, Sink, now
from drivers.gsm.at.answers import legs, parts_of, plain
from drivers.gsm.at.core import Notice
from drivers.gsm.at.failures import Failure
from drivers.gsm.at.ussd import Said, Way, decode, encode
from drivers.gsm.calls import CallBook
from drivers.gsm.engine import Engine, Silence
from drivers.gsm.families import Family
from drivers.gsm.pdu.address import is_number
from drivers.gsm.pdu.alphabet import to_septets

DIAL_S = 30.0
LATE = "ussd-timeout"
KEYS = re.compile(r"[0-9*#A-D]{1,64}")
BAD_NUMBER = N_("El número no se puede marcar. Revíselo.")
MUTE = N_("El módem no contestó la orden a tiempo.")
REFUSED = N_("El módem no aceptó la orden (%(code)s).")
NO_CALL = N_("No hay ninguna llamada.")
BAD_KEYS = N_("Solo se pueden marcar las teclas 0 a 9, *, # y A a D.")
BAD_CODE = N_("El código no se puede enviar. Use números, * y #.")
NO_ANSWER = N_("La red no contestó el código a tiempo.")
NOT_SUPPORTED = N_("La red no acepta ese código.")
STARTS = ("RING", "+CRING", "+CLIP", "^ORIG", "^CONF", "^CONN", "VOICE CALL")
ENDS = ("NO CARRIER", "BUSY", "NO ANSWER", "NO DIALTONE", "NO DIAL TONE", "^CEND")


class Phone:
    """`book` tells the stories; they are handed to the sink."""

    def __init__(self, engine: Engine, family: Family, sink: Sink, way: Way) -> None:
        self.engine = engine
        self.family = family
        self.sink = sink
        self.way = way
        self.book = CallBook()
        engine.overhear = self._overhear
        self.due = False  # the list of calls is to be looked at now
        self._asking = asyncio.Lock()
        self._waiting: asyncio.Future[Said] | None = None

    def _overhear(self, notice: Notice) -> None:
        """Why a call ended, even when the list that lacks it is dealt with first."""
        if notice.name in ENDS:
            self.book.word = notice.name

    async def hear(self, notice: Notice) -> bool:
        """Is it about calls or USSD? Then it is dealt with."""
        if notice.name == "+CUSD":
            await self._said(decode(notice.line, self.way))
        elif notice.name in STARTS:
            self.due = True
            if notice.name in ("RING", "+CRING", "+CLIP"):
                caller = plain(parts_of(notice.line)[0]) if notice.name == "+CLIP" else ""
                await self._tell(self.book.rang(caller, now()))
        elif notice.name in ENDS:
            self.due = True
            await self._tell(self.book.over(notice.name, now()))
        else:
            return False
        return True

    async def _said(self, said: Said) -> None:
        if self._waiting and not self._waiting.done():
            self._waiting.set_result(said)
        elif said.text:
            at = now()
            identity = f"ussd-{int(at.timestamp() * 1e6):x}"
            await self.sink.received(
                Inbound(external_id=identity, channel="ussd", kind="ussd", text=said.text, sent_at=at, automatic=True)
            )

    async def _tell(self, news: list[Inbound]) -> None:
        for story in news:
            await self.sink.received(story)

    @property
    def busy(self) -> bool:
        """A call goes on, or may."""
        return self.due or bool(self.book.calls)

    def _look_soon(self) -> None:
        self.due = True
        self.engine.wake()

    async def look(self) -> None:
        """How the calls stand."""
        self.due = False
        if self.book.lists:
            try:
                await self._tell(self.book.see(legs((await self.engine.ask("AT+CLCC")).lines), now()))
            except Failure:
                self.book.lists = False
        await self._tell(self.book.gave_up(now()))

    async def dial(self, to: str) -> str:
        """Its id. Raises SendError."""
        to = to.replace(" ", "").replace("-", "")
        if not is_number(to):
            raise SendError(True, "number", BAD_NUMBER)
        await self._order(f"ATD{to};", seconds=DIAL_S)
        story = self.book.dialled(to, now())
        self._look_soon()
        await self.sink.received(story)
        return story.conversation

    async def answer(self) -> None:
        if not self.book.calls:
            raise SendError(True, "no_call", NO_CALL)
        await self._order("ATA", seconds=DIAL_S)
        self._look_soon()
        await self._tell(self.book.answered(now()))

    async def hang_up(self) -> None:
        """By the first way that this make takes."""
        self.book.hung_up()
        *others, last = self.family.hang_up
        for command in others:
            with contextlib.suppress(Failure):
                await self.engine.ask(command)
                break
        else:
            await self._order(last)
        self._look_soon()
        await self._tell(self.book.over("", now()))

    async def tones(self, keys: str) -> None:
        if not KEYS.fullmatch(keys):
            raise SendError(True, "keys", BAD_KEYS)
        if not self.book.calls:
            raise SendError(True, "no_call", NO_CALL)
        for key in keys:
            await self._tone(key)

    async def _tone(self, key: str) -> None:
        *others, last = (command.format(key) for command in self.family.tone)
        for command in others:
            with contextlib.suppress(Failure):
                await self.engine.ask(command)
                return
        await self._order(last)

    async def ussd(self, code: str) -> Said:
        """What the network answers, which takes as long as a message; one at a time. Raises SendError."""
        if not code or len(code) > 160 or to_septets(code) is None or '"' in code:
            raise SendError(True, "code", BAD_CODE)
        async with self._asking:
            try:
                said = await self._ask_network(code)
            except SendError as refused:
                if refused.code == LATE or not self.family.ussd or self.way == self.family.ussd:
                    raise
                self.way = self.family.ussd  # it said that it takes plain text, and does not
                said = await self._ask_network(code)
        if said.state == 4:
            raise SendError(True, "ussd-4", NOT_SUPPORTED)
        return said

    async def _ask_network(self, code: str) -> Said:
        seconds = self.engine.patience.send_s
        self._waiting = asyncio.get_running_loop().create_future()
        try:
            await self._order(f'AT+CUSD=1,"{encode(code, self.way)}",15', seconds=seconds)
            async with asyncio.timeout(seconds):
                return await self._waiting
        except TimeoutError:
            with contextlib.suppress(Failure, Silence):
                await self.engine.ask("AT+CUSD=2")
            raise SendError(False, LATE, NO_ANSWER) from None
        finally:
            self._waiting = None

    async def _order(self, command: str, seconds: float | None = None) -> None:
        try:
            answer = await self.engine.ask(command, seconds=seconds)
        except Failure as failure:
            raise SendError(failure.meaning == "never", failure.name, REFUSED, code=failure.name) from failure
        except Silence:
            raise SendError(False, "silence", MUTE) from None
        if answer.word not in ("OK", "CONNECT"):
            raise SendError(False, answer.word.lower().replace(" ", "-"), REFUSED, code=answer.word)
