"""The simulated line as a driver."""

import asyncio
import contextlib
import heapq
import itertools
import time
from collections.abc import Mapping
from typing import Any

from msgspec import structs

from drivers.contract import (
    N_,
    Action,
    Driver,
    HookReply,
    HookRequest,
    Inbound,
    Limit,
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
from drivers.sim import hook
from drivers.sim.line import CHANNEL, Later, Line, Lost
from drivers.sim.settings import FAULTS, Arrive, SetFault, SimSettings

UNPLUGGED = N_("La línea simulada está desconectada.")
PIN = N_("La línea simulada pide PIN.")
PIN_STEPS = N_("Abra los ajustes de la conexión.\nElija «Ninguna» en Falla y guarde.")
SILENT = N_("La línea simulada no contesta.")


class SimDriver(Driver[SimSettings]):
    """Delivers, reads and answers by itself; breaks on demand."""

    kind = "sim"
    title = N_("Línea simulada")
    icon = "robot"
    Settings = SimSettings
    carries = frozenset({CHANNEL})
    limits = {CHANNEL: {"text": Limit(chars=4096)}}
    does = {"fault": SetFault, "arrive": Arrive}
    hooked = True

    def __init__(self, settings: SimSettings) -> None:
        super().__init__(settings)
        self.idempotent = settings.takes_keys
        self.line = Line(settings, origin=f"{time.time_ns() // 1000:x}")
        self._due: list[tuple[float, int, Inbound | Status | None]] = []  # None: time for somebody to write
        self._order = itertools.count()
        self._wake = asyncio.Event()

    async def run(self, sink: Sink) -> None:
        self._check()
        sink.ready(identity=self.settings.number)
        self._expect_arrival()
        while True:
            self._check()
            for news in self._ripe():
                await self._hand_over(sink, news)
            await self._rest()

    def _check(self) -> None:
        if self.line.fault == "unplugged":
            raise NotReady(UNPLUGGED)
        if self.line.fault == "pin":
            raise NeedsHuman(PIN, PIN_STEPS)

    def _ripe(self) -> list[Inbound | Status | None]:
        at = time.monotonic()
        ripe = []
        while self._due and self._due[0][0] <= at:
            ripe.append(heapq.heappop(self._due)[2])
        return ripe

    async def _hand_over(self, sink: Sink, news: Inbound | Status | None) -> None:
        if news is None:
            self._expect_arrival()
            news = self.line.somebody_writes()
        if isinstance(news, Status):
            await sink.status(structs.replace(news, at=now()))
        else:
            await sink.received(news)

    async def _rest(self) -> None:
        """Until the next news, or until something changed."""
        self._wake.clear()
        seconds = max(0.0, self._due[0][0] - time.monotonic()) if self._due else None
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):  # wait_for would swallow a cancellation that comes with the wake-up
                await self._wake.wait()

    def _expect_arrival(self) -> None:
        seconds = self.line.next_arrival_s()
        if seconds is not None:
            self._put(seconds, None)

    def _put(self, after_s: float, news: Inbound | Status | None) -> None:
        heapq.heappush(self._due, (time.monotonic() + after_s, next(self._order), news))
        self._wake.set()

    async def send(self, outbound: Outbound) -> Receipt:
        self._check()
        if outbound.channel != CHANNEL:
            raise SendError(True, "channel", N_("Esta conexión no lleva ese canal."))
        try:
            receipt, later = self.line.send(outbound, now())
        except Lost:
            return await self._in_doubt(outbound)
        await asyncio.sleep(self.settings.delay_ms / 1000)
        self._expect(later)
        return receipt

    async def _in_doubt(self, outbound: Outbound) -> Receipt:
        """No answer. Who takes our key may simply be asked again; who does not leaves a doubt."""
        await asyncio.sleep(self.settings.patience_ms / 1000)
        if self.idempotent:
            raise NotReady(SILENT)
        return Receipt(external_id="", state="doubtful", at=now(), note=SILENT)

    def _expect(self, later: list[Later]) -> None:
        for each in later:
            self._put(each.after_s, each.news)

    def hook(self, request: HookRequest) -> HookReply:
        return hook.reply(self.settings, request)

    async def do(self, action: Action) -> Any:
        match action:
            case SetFault():
                self.line.fault = action.fault
                self._wake.set()
            case Arrive():
                self._put(0.0, self.line.inbound(action.sender, action.text, action.name))
            case _:
                return await super().do(action)
        return {"ok": True}

    async def describe(self) -> Mapping[str, str]:
        return {
            N_("Número"): self.settings.number,
            N_("Falla"): FAULTS[self.line.fault],
            N_("Mensajes enviados"): str(sum(self.line.left.values())),
            N_("Por llegar"): str(sum(news is not None for _at, _n, news in self._due)),
        }

    async def probe(self) -> Probe:
        facts = await self.describe()
        match self.line.fault:
            case "pin":
                return Probe(ok=False, sentence=PIN, what_to_do=PIN_STEPS, facts=facts)
            case "unplugged":
                return Probe(ok=False, sentence=UNPLUGGED, what_to_do=PIN_STEPS, facts=facts)
            case "silence":
                await asyncio.sleep(min(1.0, self.settings.patience_ms / 1000))
                return Probe(ok=False, sentence=SILENT, what_to_do=PIN_STEPS, facts=facts)
        return Probe(ok=True, sentence=N_("La línea simulada responde."), facts=facts)


DRIVER = SimDriver
