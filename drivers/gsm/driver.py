"""A GSM modem as a driver."""

import asyncio
import logging
import time
from collections.abc import Mapping
from typing import Any

import msgspec

from drivers.contract import (
    N_,
    Action,
    Driver,
    Limit,
    NeedsHuman,
    NotReady,
    Outbound,
    Probe,
    Receipt,
    SendError,
    Sink,
)
from drivers.gsm import examine
from drivers.gsm.discovery import find
from drivers.gsm.engine import Engine
from drivers.gsm.identity import Identity
from drivers.gsm.pace import Pace
from drivers.gsm.session import PACE, Session
from drivers.gsm.settings import Answer, Dial, FreeMemory, GsmSettings, HangUp, Reset, Tones, Ussd
from drivers.gsm.watch import Restarting

log = logging.getLogger(__name__)
IMEI = "imei"  # under this name the sink keeps which modem this line is
AGAIN_S = 1.0
AWAY = N_("El módem no está conectado todavía.")
CHANNEL = N_("Esta conexión no lleva ese canal.")
UNKNOWN = N_("Esta conexión no sabe hacer eso.")


class GsmDriver(Driver[GsmSettings]):
    """SMS, USSD and calls over one modem, which is known by its IMEI."""

    kind = "gsm"
    title = N_("Módem GSM")
    icon = "antenna"
    Settings = GsmSettings
    carries = frozenset({"sms", "call", "ussd"})
    limits = {"sms": {"text": Limit(chars=1530)}}
    does = {
        "dial": Dial, "answer": Answer, "hang_up": HangUp, "tones": Tones, "ussd": Ussd, "reset": Reset,
        "free_memory": FreeMemory,
    }  # fmt: skip

    def __init__(self, settings: GsmSettings) -> None:
        super().__init__(settings)
        self._engine: Engine | None = None
        self._session: Session | None = None
        self._pace = Pace(gap_s=settings.gap_s, per_hour=settings.per_hour, per_day=settings.per_day)

    async def run(self, sink: Sink) -> None:
        imei = self.settings.imei or (await sink.recall(IMEI) or b"").decode()
        await self._recall_pace(sink)
        engine, identity = await find(self.settings, imei)
        if identity.imei != imei:
            await sink.remember(IMEI, identity.imei.encode())
        while True:
            why = await self._live(engine, identity, sink)
            engine, identity = await self._find_again(identity.imei, why)

    async def _recall_pace(self, sink: Sink) -> None:
        try:
            self._pace.load(await sink.recall(PACE))
        except (msgspec.DecodeError, msgspec.ValidationError):
            log.exception("what was remembered of the quota cannot be read; it is begun anew")

    async def _live(self, engine: Engine, identity: Identity, sink: Sink) -> Restarting:
        """One life of the modem, until it must be looked for again; its port is free when this ends."""
        self._engine = engine
        try:
            session = Session(engine, identity, self.settings, sink, self._pace)
            await session.begin()
            self._session = session
            await session.live()
        except Restarting as why:
            if self._session is None:  # it did not even begin
                raise
            return why
        finally:
            self._session = self._engine = None
            engine.close()

    async def _find_again(self, imei: str, why: Restarting) -> tuple[Engine, Identity]:
        """After a reset it comes back, perhaps under another name. Raises NotReady when it does not in time."""
        end = time.monotonic() + self.settings.boot_s
        while True:
            await asyncio.sleep(min(AGAIN_S, self.settings.boot_s / 20))
            try:
                return await find(self.settings, imei)
            except NotReady:
                if time.monotonic() > end:
                    raise why from None

    def _live_session(self) -> Session:
        if self._session is None:
            raise NotReady(AWAY)
        return self._session

    async def send(self, outbound: Outbound) -> Receipt:
        if outbound.channel != "sms":
            raise SendError(True, "channel", CHANNEL)
        return await self._live_session().send(outbound)

    async def do(self, action: Action) -> Any:
        session = self._live_session()
        with session.troubles():
            return await self._do(session, action)

    async def _do(self, session: Session, action: Action) -> Any:
        match action:
            case Dial():
                return {"call": await session.phone.dial(action.to)}
            case Answer():
                return await session.phone.answer()
            case HangUp():
                return await session.phone.hang_up()
            case Tones():
                return await session.phone.tones(action.keys)
            case Ussd():
                said = await session.phone.ussd(action.code)
                return {"text": said.text, "more": said.more}
            case Reset():
                return await session.reset(action.hard)
            case FreeMemory():
                return {"deleted": await session.store.free()}
        raise SendError(True, "unsupported", UNKNOWN)

    async def describe(self) -> Mapping[str, str]:
        facts = {N_("Puerto"): self.settings.port or "-"}
        return examine.facts_of(self._session) if self._session else facts

    async def probe(self) -> Probe:
        if self._session:
            return await examine.living(self._session)
        if self._engine:
            return Probe(ok=False, sentence=examine.STARTING, what_to_do=examine.WAIT)
        try:
            engine, identity = await find(self.settings, self.settings.imei)
        except NotReady as trouble:
            return examine.failed(trouble)
        except NeedsHuman as trouble:
            return examine.failed(trouble)
        try:
            return await examine.resting(engine, identity, self.settings)
        finally:
            engine.close()


DRIVER = GsmDriver
