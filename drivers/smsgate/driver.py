"""A phone with the SMS Gateway app as a driver."""

import asyncio
import contextlib
import hashlib
import re
import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from drivers.contract import (
    N_,
    Action,
    Driver,
    HookReply,
    HookRequest,
    NeedsHuman,
    NotReady,
    Outbound,
    Probe,
    Receipt,
    SendError,
    Sink,
    now,
)
from drivers.http import Answer
from drivers.loose import Object, as_object, iso, part, parts, text, whole
from drivers.smsgate import hook, sending
from drivers.smsgate.events import CHANNEL, WANTED
from drivers.smsgate.inbox import Inbox
from drivers.smsgate.phone import NOT_THE_APP, NOT_THE_APP_STEPS, Phone
from drivers.smsgate.settings import MODES, RefreshInbox, RemoveWebhooks, SetWebhooks, SmsgateSettings
from drivers.smsgate.states import why
from drivers.smsgate.tokens import TROUBLE
from drivers.smsgate.watching import Watching

WORKS = N_("El teléfono responde.")
LATER_STEPS = N_("Revise que el teléfono esté encendido, con la aplicación abierta y en la misma red.")
UNWELL = N_("El teléfono avisa que algo anda mal: batería, señal o mensajes fallidos.")
WRONG_CLOCK = N_("La hora del teléfono está mal. Sus avisos se rechazan hasta que se corrija.")
WRONG_CLOCK_STEPS = N_("En el teléfono: Ajustes, Fecha y hora, Automáticas.")
AWAY = N_("El teléfono no se comunica con la nube desde hace rato.")
AWAY_STEPS = N_("Revise que el teléfono esté encendido, con internet y con la aplicación abierta.")
NO_KEY = N_("Falta la clave de firma: los avisos del teléfono no se aceptan; se revisa su bandeja cada tanto.")
REFUSED = N_("El teléfono no aceptó el pedido: %(reason)s")
AWAY_S = 900
WHOLE_S = 3600  # how often the whole inbox is looked through
REASON_MAX = 200
NUMBERS = re.compile(r"[0-9]{5,}")


class SmsgateDriver(Driver[SmsgateSettings]):
    """Webhooks tell at once; looking now and then finds what they did not tell."""

    kind = "smsgate"
    title = N_("Teléfono Android (SMS Gateway)")
    icon = "sms"
    Settings = SmsgateSettings
    carries = frozenset({CHANNEL})
    limits = {CHANNEL: sending.LIMITS}
    does = {"set_webhooks": SetWebhooks, "remove_webhooks": RemoveWebhooks, "refresh_inbox": RefreshInbox}
    hooked = True
    idempotent = True  # our key is the message's id

    def __init__(self, settings: SmsgateSettings) -> None:
        super().__init__(settings)
        self.phone = Phone(settings)
        self.inbox = Inbox(self.phone, settings.lookback_h)
        self.watching = Watching(self.phone)
        self._wake = asyncio.Event()
        self._started = True  # what came while we were away is looked for too
        self._whole_at = 0.0
        self._last_told: datetime | None = None
        self._refused_clock = False

    async def run(self, sink: Sink) -> None:
        async with self.phone.web.open():
            while True:
                device = await self.phone.device()
                sink.ready(text(device, "id"), await self._note(device))
                await self._catch_up(sink)
                await self.watching.look(sink)
                await self._rest()

    async def _catch_up(self, sink: Sink) -> None:
        """Through all of the inbox after a start of the app, and every hour; else only what is new on top."""
        whole = self._started or time.monotonic() >= self._whole_at
        if self._started:
            self._started = False  # before the request: a start that comes meanwhile is not forgotten
            await self._refresh()
        await self.inbox.read(sink, whole)
        if whole:
            self._whole_at = time.monotonic() + WHOLE_S

    async def _refresh(self) -> None:
        """Still owed when the phone could not; an app that does not do such a thing owes nothing."""
        try:
            answer = await self.inbox.refresh(self.inbox.back)
        except (NotReady, NeedsHuman):
            self._started = True
            raise
        self._started = self._started or answer.status >= 500

    async def _rest(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self.settings.check_s):
                await self._wake.wait()
        self._wake.clear()

    async def _note(self, device: Object) -> str:
        """The first thing that a person should know about."""
        if self._clock_is_wrong():
            return WRONG_CLOCK
        if _away(device, self.settings):
            return AWAY
        if text(await self.phone.health(), "status") in ("warn", "fail"):
            return UNWELL
        return "" if self.settings.signing_key else NO_KEY

    def _clock_is_wrong(self) -> bool:
        """As the phone's own server says; where there is none, as a well-signed webhook that was old said."""
        if self.settings.mode == "local" and self.phone.skew is not None:
            return abs(self.phone.skew.total_seconds()) > self.settings.age_max_s
        return self._refused_clock

    def hook(self, request: HookRequest) -> HookReply:
        reply, told = hook.reply(self.settings, request)
        if reply.status == 200:
            self._last_told, self._refused_clock = request.received_at, False
        elif reply.status == 403 and hook.genuine(self.settings.signing_key, request):
            self._refused_clock = True
        if told.started:
            self._started = True
            self._wake.set()
        return reply

    async def send(self, outbound: Outbound) -> Receipt:
        """No answer is no doubt here: the office asks again with the same id, and 409 says that it is there already."""
        body = sending.request(self.settings, outbound, now())
        answer = await self.phone.ask("POST", "messages", value=body, params=sending.query(outbound))
        if answer.status != 409:
            _refuse(answer)
        self.watching.add(body["id"])
        return Receipt(external_id=body["id"], state="accepted", parts=sending.parts(outbound.text))

    async def do(self, action: Action) -> Any:
        match action:
            case SetWebhooks():
                return await self._set_webhooks(action.url)
            case RemoveWebhooks():
                for event in WANTED:
                    await self.phone.ask("DELETE", f"webhooks/{webhook_id(action.url, event)}")
            case RefreshInbox():
                _refuse(await self.inbox.refresh(timedelta(hours=action.hours)))
            case _:
                return await super().do(action)
        return {"ok": True}

    async def _set_webhooks(self, url: str) -> Mapping[str, int]:
        """Put anew they replace themselves: their ids come from the address and the event."""
        device = {"deviceId": self.settings.device_id} if self.settings.device_id else {}
        for event in WANTED:
            value = {"id": webhook_id(url, event), "url": url, "event": event, **device}
            _refuse(await self.phone.ask("POST", "webhooks", value=value))
        return {"webhooks": len(WANTED)}

    async def describe(self) -> Mapping[str, str]:
        told = self._last_told.isoformat(timespec="seconds") if self._last_told else ""
        return {N_("Cómo se llega al teléfono"): MODES[self.settings.mode], N_("Último aviso"): told}

    async def probe(self) -> Probe:
        try:
            health, device = await self.phone.health(), await self.phone.device()
            webhooks = parts({"found": await self.phone.get("webhooks")}, "found")
        except (NotReady, NeedsHuman) as trouble:
            steps = getattr(trouble, "what_to_do", LATER_STEPS)
            return Probe(ok=False, sentence=str(trouble), what_to_do=steps, facts=await self.describe())
        facts = _facts(health, device) | {N_("Avisos puestos"): str(len(webhooks))}
        sentence, steps = self._trouble(device)
        return Probe(ok=not sentence, sentence=sentence or WORKS, what_to_do=steps, facts=facts)

    def _trouble(self, device: Object) -> tuple[str, str]:
        if self._clock_is_wrong():
            return WRONG_CLOCK, WRONG_CLOCK_STEPS
        return (AWAY, AWAY_STEPS) if _away(device, self.settings) else ("", "")


def webhook_id(url: str, event: str) -> str:
    """The same for the same office, wherever it is reached from: the path names it."""
    return "c-" + hashlib.sha256(f"{urlsplit(url).path} {event}".encode()).hexdigest()[:32]


def _away(device: Object, settings: SmsgateSettings) -> bool:
    seen = iso(device, "lastSeen")
    return settings.mode == "cloud" and seen is not None and (now() - seen).total_seconds() > AWAY_S


def _refuse(answer: Answer) -> None:
    """Not sent, for certain, or not known; either way our key makes asking again safe."""
    if answer.good:
        return
    reason = text(as_object(answer.json()), "message")[:REASON_MAX]
    if answer.status == 429 or answer.status >= 500:
        after = answer.headers.get("retry-after", "")
        raise NotReady(TROUBLE, code=answer.status, after_s=float(after) if after.isdigit() else None)
    if answer.status == 404 or not reason:
        raise NeedsHuman(NOT_THE_APP, NOT_THE_APP_STEPS)
    code, sentence = why(reason)
    if code == "failed":
        raise SendError(True, "refused", REFUSED, reason=NUMBERS.sub("…", reason))
    raise SendError(True, code, sentence)


def _facts(health: Object, device: Object) -> dict[str, str]:
    """Battery and cards; no number of a card."""
    battery = whole(part(part(health, "checks"), "battery:level"), "observedValue")
    return {
        N_("Teléfono"): text(device, "name"), N_("Aplicación"): text(health, "version"),
        N_("Batería (%)"): "" if battery is None else str(battery), N_("SIM"): str(len(parts(device, "simCards"))),
    }  # fmt: skip


DRIVER = SmsgateDriver
