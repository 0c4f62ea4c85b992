"""Telephony as a driver: links without a server, or an Asterisk exchange whose calls it follows and starts."""

import asyncio
import logging
import secrets
from collections import deque
from collections.abc import Coroutine, Mapping
from typing import Any

import msgspec

from drivers.contract import (
    N_,
    Action,
    Driver,
    NeedsHuman,
    NotReady,
    Outbound,
    Probe,
    Receipt,
    SendError,
    Sink,
    Status,
    now,
)
from drivers.telephony import dialing
from drivers.telephony.ami import GONE, Ami, Denied, Lost, connected, log_in
from drivers.telephony.calls import Wanted
from drivers.telephony.legs import House
from drivers.telephony.links import link
from drivers.telephony.packets import Packet
from drivers.telephony.probing import probe
from drivers.telephony.settings import MODES, Dial, HangUp, MakeLink, TelephonySettings
from drivers.telephony.telling import CHANNEL, News
from drivers.telephony.tracker import Memory, Tracker

MEMORY = "calls"
log = logging.getLogger(__name__)
UNTOLD_MAX = 5_000
NO_REBUILD = N_("La central no deja ver las llamadas en curso (falta el permiso de lectura).")


class TelephonyDriver(Driver[TelephonySettings]):
    """One exchange, or none."""

    kind = "telephony"
    title = N_("Telefonía")
    icon = "phone"
    Settings = TelephonySettings
    carries = frozenset({CHANNEL})
    does = {"dial": Dial, "link": MakeLink, "hangup": HangUp}

    def __init__(self, settings: TelephonySettings) -> None:
        super().__init__(settings)
        self.tracker = Tracker(House(settings.trunks))
        self._ami: Ami | None = None
        self._untold: deque[News] = deque()  # outlives a connection: what was seen is told
        self._news, self._room = asyncio.Event(), asyncio.Event()
        self._remembered = 0

    async def run(self, sink: Sink) -> None:
        if self.settings.mode == "links":
            sink.ready(identity=self.settings.scheme)
            await asyncio.Event().wait()
        await self._recall(sink)
        async with connected(self.settings) as ami:
            await _first(ami.read(self._take), self._serve(ami, sink), self._tell(sink))

    async def _serve(self, ami: Ami, sink: Sink) -> None:
        """Log in, agree on what is going on, then live."""
        await log_in(ami, self.settings)
        note = await self._resync(ami)
        self._ami = ami
        try:
            sink.ready(identity=f"{self.settings.host}:{self.settings.port}", note=note)
            await self._pulse(ami)
        finally:
            self._ami = None

    async def _take(self, packets: list[Packet]) -> None:
        """Nothing more is read while too much waits to be stored: the exchange keeps it for us."""
        at = now()
        for packet in packets:
            self._hear(self.tracker.take(packet, at))
        while len(self._untold) > UNTOLD_MAX:
            self._room.clear()
            await self._room.wait()

    def _hear(self, news: list[News]) -> None:
        if news:
            self._untold.extend(news)
            self._news.set()

    async def _resync(self, ami: Ami) -> str:
        """What the line should say of itself: empty when all is well."""
        asked_at = now()
        for action in ("CoreShowChannels", "Status"):
            try:
                channels = await ami.list(action)
            except Denied:
                continue
            except Lost as error:
                raise NotReady(GONE) from error
            self._hear(self.tracker.resync(channels, asked_at, now()))
            return ""
        return NO_REBUILD

    async def _tell(self, sink: Sink) -> None:
        """Leave the news in their order; one is dropped only after it is stored."""
        while True:
            self._news.clear()
            while self._untold:
                each = self._untold[0]
                await (sink.status(each) if isinstance(each, Status) else sink.received(each))
                self._untold.popleft()
                self._room.set()
            await self._remember(sink)
            await self._news.wait()

    async def _remember(self, sink: Sink) -> None:
        if self._remembered != self.tracker.tell.revision:
            self._remembered = self.tracker.tell.revision
            await sink.remember(MEMORY, msgspec.msgpack.encode(self.tracker.memory()))

    async def _recall(self, sink: Sink) -> None:
        """Calls that were going on when we stopped: the exchange will say what became of them."""
        if self.tracker.tell.revision:
            return
        kept = await sink.recall(MEMORY)
        try:
            self.tracker.restore(msgspec.msgpack.decode(kept, type=Memory) if kept else Memory())
        except msgspec.MsgspecError:
            log.warning("the calls of an earlier version cannot be read: beginning anew")

    async def _pulse(self, ami: Ami) -> None:
        """A dead connection says nothing: ask."""
        while True:
            await asyncio.sleep(self.settings.ping_s)
            try:
                await ami.ask("Ping")
            except Lost as error:
                raise NotReady(N_("La central dejó de contestar.")) from error

    async def send(self, outbound: Outbound) -> Receipt:
        """A call to `to`; option `extension` names the phone that rings first, `name` what it shows."""
        if outbound.channel != CHANNEL:
            raise SendError(True, "channel", N_("Esta conexión no lleva ese canal."))
        said = outbound.options
        wanted = Dial(number=outbound.to, extension=said.get("extension", ""), name=said.get("name", ""))
        return await self._dial(wanted, outbound.key)

    async def do(self, action: Action) -> Any:
        match action:
            case Dial():
                return await self._dial(action)
            case MakeLink():
                return {"href": self._link(action.number)}
            case HangUp():
                return await self._hang_up(action.call)
        return await super().do(action)

    def _link(self, number: str) -> str:
        try:
            return link(number, self.settings.scheme, self.settings.domain)
        except ValueError as error:
            raise SendError(True, "number", dialing.BAD_NUMBER) from error

    def _living(self) -> Ami:
        if self.settings.mode == "links":
            raise SendError(True, "unsupported", N_("Sin central no se puede llamar desde aquí: use el enlace."))
        if self._ami is None:
            raise NotReady(N_("La central no está conectada."))
        return self._ami

    async def _dial(self, action: Dial, key: str = "") -> Receipt:
        """A call is not idempotent: without an answer it is doubtful, and what rings later dispels the doubt."""
        ami, channel_id = self._living(), f"centralita-{secrets.token_hex(8)}"
        headers = dialing.originate(self.settings, action, channel_id)
        wanted = Wanted(extension=action.extension, number=action.number, at=now(), key=key)
        self.tracker.expect(channel_id, wanted)
        try:
            await ami.ask("Originate", *headers, mark=channel_id)
        except Lost:
            wanted.doubtful = True
            return Receipt(external_id=channel_id, state="doubtful", note=dialing.DOUBTFUL)
        except Denied as error:
            self.tracker.forget(channel_id)
            raise dialing.refusal(str(error)) from error
        except NotReady:
            self.tracker.forget(channel_id)
            raise
        return Receipt(external_id=channel_id)

    async def _hang_up(self, linkedid: str) -> dict[str, bool]:
        call = self.tracker.calls.get(linkedid)
        alive = [leg for leg in call.people if leg.ended_at is None] if call else []
        for leg in alive:
            try:
                await self._living().ask("Hangup", ("Channel", leg.channel))
            except Denied:  # it ended by itself in the meantime, or we may not
                continue
            except Lost as error:
                raise NotReady(GONE) from error
        return {"asked": bool(alive)}

    async def describe(self) -> Mapping[str, str]:
        if self.settings.mode == "links":
            return {N_("Modo"): MODES["links"], N_("Tipo de enlace"): f"{self.settings.scheme}:"}
        calls = {id(c): c for c in self.tracker.calls.values() if c.legs}.values()
        return {
            N_("Central"): f"{self.settings.host}:{self.settings.port}",
            N_("Llamadas en curso"): str(len(calls)),
            N_("Por contar"): str(len(self._untold)),
        }

    async def probe(self) -> Probe:
        return await probe(self.settings)


async def _first(*works: Coroutine[Any, Any, None]) -> None:
    """Side by side until the first ends or breaks; the others are stopped, and what broke it is raised."""
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    failures = [e for t in done if (e := t.exception())]
    human = [e for e in failures if isinstance(e, NeedsHuman)]
    for failure in human + failures:
        raise failure


DRIVER = TelephonyDriver
