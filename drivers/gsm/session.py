"""One life of one modem: from the open port until it breaks. What it hears is dealt with in order."""

import asyncio
import contextlib
import re
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import NoReturn

from drivers.contract import N_, NotReady, Outbound, Receipt, SendError, Sink, Status, now
from drivers.gsm.arrivals import Arrivals
from drivers.gsm.at.core import Notice
from drivers.gsm.at.failures import Failure
from drivers.gsm.card import Absent, Card, CardTrouble, Swapped, trouble_of
from drivers.gsm.engine import Ask, Engine, Gone, Silence
from drivers.gsm.identity import Identity
from drivers.gsm.inbox import Inbox
from drivers.gsm.outbox import FULL, NO_NETWORK, Outbox, plan
from drivers.gsm.pace import Pace
from drivers.gsm.phone import Phone
from drivers.gsm.radio import WORDS, Radio, look
from drivers.gsm.reports import Expected
from drivers.gsm.settings import GsmSettings
from drivers.gsm.setup import State, set_up
from drivers.gsm.store import Store
from drivers.gsm.watch import MUTE, Restarting, Watch, radio_reset

PACE = "pace"
BLIND_SWEEP_S = 10.0  # where the modem does not tell of messages
SHORT_S = 60.0
RESTARTED = N_("El módem se reinició por sí solo.")
ROAMING = N_("El SIM está en itinerancia y los ajustes no permiten enviar así. El mensaje espera.")
DENIED = N_("La red rechaza el SIM. Revise con el operador que la línea esté activa.")
MEMORY_FULL = N_("La memoria de mensajes está llena de borradores: no entra ninguno. Libérela.")
QUOTA = N_("Se llegó al máximo de mensajes de este SIM. El mensaje espera.")
BOOTS = ("RDY", "CALL READY", "SMS READY", "START", "PB DONE")
SIM_GONE = re.compile(r"\+CPIN: *(?!READY)|\^SIMST: *(?:0|255)\b|\+QUSIM: *0\b")


class Session:
    """Setup, then `live`. `send` and the actions may be called meanwhile."""

    def __init__(self, engine: Engine, identity: Identity, settings: GsmSettings, sink: Sink, pace: Pace) -> None:
        self.engine, self.identity, self.settings, self.sink, self.pace = engine, identity, settings, sink, pace
        self.family = identity.family
        self.card = Card(self.family, settings.pin, settings.sim)
        self.store = Store(engine, self.card, self.family)
        self.watch = Watch(engine, self.family, settings)
        self.radio = Radio()
        self.state = State()
        self._sending = asyncio.Lock()
        self._unsaved: list[Status] = []
        self._changed = False
        self._note = ""  # as it was last said
        self._broken: Exception | None = None
        self._due: dict[str, float] = {}

    async def begin(self) -> None:
        """Until messages can come and go. Raises NotReady, NeedsHuman."""
        with self.troubles():
            async with self.engine.turn() as ask:
                await self._unlock(ask)
                self.state = await set_up(self.engine, ask, self.family, self.settings.mode)
                await self.card.read(ask)
                await self.store.setup(ask)
                self.radio = await look(ask, self.family)
            await self._furnish()
            await self._wait_for_network()

    async def _unlock(self, ask: Ask) -> None:
        """A SIM that was put in while the modem ran shows only after a reset of the radio."""
        try:
            await self.card.unlock(ask, self.identity.imei, self.sink, self.settings.sim_s)
        except Absent:
            await radio_reset(ask, self.family, self.engine.patience)
            await self.card.unlock(ask, self.identity.imei, self.sink, self.settings.sim_s)

    async def _furnish(self) -> None:
        settings = self.settings
        self.store.texts = self.state.texts
        self.inbox = Inbox(
            self.sink, timedelta(minutes=settings.parts_wait_min), self.card.number, settings.number
        )
        await self.inbox.load()
        self.arrivals = Arrivals(self.engine, self.store, self.inbox, self.state)
        self.phone = Phone(self.engine, self.family, self.sink, self.state.ussd(self.family))
        self.outbox = Outbox(self.engine, self.card, settings, self._left, self._pause_s)
        self.outbox.texts, self.outbox.charset = self.state.texts, self.state.charset

    async def _wait_for_network(self) -> None:
        end = time.monotonic() + self.settings.network_s
        while not self.radio.on_air:
            if time.monotonic() > end:
                raise NotReady(DENIED if self.radio.state == "denied" else NO_NETWORK)
            await asyncio.sleep(min(1.0, self.settings.network_s / 10))
            await self._look()

    async def _look(self) -> None:
        async with self.engine.turn() as ask:
            self.radio = await look(ask, self.family, self.radio.operator)

    async def live(self) -> NoReturn:
        """Until it breaks: always raises, or is cancelled."""
        self._announce()
        for name in ("poll", "sweep"):
            self._put_off(name)
        with self.troubles():
            self._due["sweep"] = 0.0
            while True:
                await self._next()

    def _announce(self) -> None:
        """How it stands, when that changed. A memory that is full at the start is read soon: no news."""
        note = MEMORY_FULL if self.store.full and self._note else self._air()
        if note != self._note:
            self._note = note
            self.sink.ready(identity=self.identity.imei, note=note)

    def _air(self) -> str:
        bars = "▂▄▆█"[: self.radio.bars] or "-"
        return f"{self.radio.operator} {bars}".strip() if self.radio.on_air else WORDS[self.radio.state]

    def _put_off(self, name: str) -> None:
        sweep_s = self.settings.sweep_s if self.state.notices else min(BLIND_SWEEP_S, self.settings.sweep_s)
        seconds = {"poll": self.settings.poll_s, "sweep": sweep_s, "calls": self.settings.call_poll_s}[name]
        self._due[name] = time.monotonic() + seconds

    async def _next(self) -> None:
        """One notice, or whatever is due."""
        notice = await self._notice()
        if self._broken:
            raise self._broken
        if self.engine.lost:
            raise self.engine.lost
        try:
            if notice:
                await self._hear(notice)
            if notice is None or notice.name != "+CMTI" or self.engine.notices.empty():  # several: one sweep
                await self.arrivals.sweep_told()
            await self._save()
            await self._do_due()
        except Silence:
            self._look_again(await self.watch.mute())

    async def _notice(self) -> Notice | None:
        if not self.engine.notices.empty():
            return self.engine.notices.get_nowait()
        try:
            async with asyncio.timeout(self._rest_s()):  # wait_for of Python 3.11 may swallow a cancellation
                return await self.engine.notices.get()
        except TimeoutError:
            return None

    def _rest_s(self) -> float:
        """Seconds until something is due."""
        if self.phone.due or self._changed or self.arrivals.told:
            return 0.0
        dues = [due - time.monotonic() for name, due in self._due.items() if name != "calls" or self.phone.busy]
        expiry = self.inbox.joiner.next_expiry()
        return max(0.0, min([*dues, *([(expiry - now()).total_seconds()] if expiry else [])]))

    async def _do_due(self) -> None:
        await self.inbox.expire()
        if self.phone.busy and (self.phone.due or self._is_due("calls")):
            await self.phone.look()
            self._put_off("calls")
        if self._is_due("sweep"):
            self._put_off("sweep")
            await self.arrivals.sweep_all()
            self._announce()
        if self._is_due("poll"):
            await self._poll()

    def _is_due(self, name: str) -> bool:
        return self._due.get(name, 0.0) <= time.monotonic()

    async def _hear(self, notice: Notice) -> None:
        if await self.arrivals.hear(notice):
            return
        if notice.name in BOOTS:
            self.outbox.sure_of_mode = False
            self._due["poll"] = 0.0
            if notice.name in ("RDY", "START"):
                raise NotReady(RESTARTED, after_s=1)
        elif SIM_GONE.match(notice.line):
            await self._look_at_card()
        else:
            await self.phone.hear(notice)

    async def _look_at_card(self) -> None:
        async with self.engine.turn() as ask:
            await self.card.unlock(ask, self.identity.imei, self.sink, self.settings.sim_s)
            await self.card.check(ask)

    async def _poll(self) -> None:
        """The watchdog: the modem answers, and is on the air."""
        self._put_off("poll")
        await self._look()
        self._look_again(await self.watch.answered(self.radio))
        self._announce()

    def _look_again(self, seconds: float | None) -> None:
        if seconds is not None:
            self._due["poll"] = time.monotonic() + seconds

    @contextlib.contextmanager
    def troubles(self) -> Iterator[None]:
        """What the modem says becomes what the office understands."""
        try:
            yield
        except Gone as gone:
            raise gone.why from None
        except Silence:
            raise Restarting(MUTE) from None
        except Failure as failure:
            raise (trouble_of("absent") if failure.code in (10, 310) else NotReady(str(failure))) from failure

    # what is asked of it while it lives

    async def send(self, outbound: Outbound) -> Receipt:
        planned = plan(outbound, self.settings, now())
        with self.troubles():
            await self._ready_to_send(len(planned.bodies))
        async with self._sending:
            try:
                return await self.outbox.send(planned)
            except (CardTrouble, Swapped) as trouble:  # this life ends: the SIM is gone or another
                self._broken = trouble
                self.engine.wake()
                raise
            except SendError as refused:
                if refused.sentence == FULL:
                    self._due["sweep"] = 0.0
                    self.engine.wake()
                raise

    async def reset(self, hard: bool) -> None:
        """Asked by a person. After a hard one this life ends and the modem is looked for again."""
        if not hard:
            await self.watch.soft_reset()
            return
        try:
            await self.watch.hard_reset()
        except Restarting as why:
            self._broken = why
            self.engine.wake()

    async def _ready_to_send(self, parts: int) -> None:
        if not self.radio.on_air:
            await self._look()
        if not self.radio.on_air:
            raise NotReady(NO_NETWORK, after_s=5)
        if self.radio.state == "roaming" and not self.settings.roaming:
            raise NotReady(ROAMING, after_s=SHORT_S)
        wait_s = self.pace.wait_s(self.card.number, parts, time.time())
        if wait_s > 0:
            raise NotReady(QUOTA, after_s=wait_s)

    def _pause_s(self) -> float:
        return self.pace.pause_s(self.card.number, time.time())

    def _left(self, part: Expected | None) -> None:
        """The network took a part; None: no report of it will come."""
        self.pace.left(self.card.number, time.time())
        news = self.inbox.reports.expect(part) if part else None
        if news:
            self._unsaved.append(news)
        self._changed = True
        self.engine.wake()

    async def _save(self) -> None:
        if not self._changed:
            return
        self._changed, news, self._unsaved = False, self._unsaved, []
        await self.inbox.save_reports()
        if self.pace.limited:
            await self.sink.remember(PACE, self.pace.dump())
        for each in news:
            await self.sink.status(each)

