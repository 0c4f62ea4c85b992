"""One WhatsApp number of the Cloud API as a driver. What people write comes by webhook; `run` watches the token."""

import asyncio
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from drivers.contract import (
    N_,
    Action,
    Attachment,
    Driver,
    HookReply,
    HookRequest,
    Outbound,
    Probe,
    Receipt,
    SendError,
    Sink,
)
from drivers.http import Times
from drivers.meta import hooks
from drivers.meta.faults import Refused, lasting, trouble
from drivers.meta.graph import Graph
from drivers.meta.probing import probed, told
from drivers.meta.reading import Fields, first, items, text
from drivers.meta.sending import deliver
from drivers.meta.subscribing import is_subscribed, subscribe
from drivers.whatsapp.errors import RULES
from drivers.whatsapp.events import CHANNEL
from drivers.whatsapp.inbound import Reader
from drivers.whatsapp.limits import LIMITS
from drivers.whatsapp.media import Media
from drivers.whatsapp.outgoing import Part, envelope, parts
from drivers.whatsapp.settings import ListTemplates, MarkRead, Subscribe, Typing, WhatsAppSettings
from drivers.whatsapp.templates import TemplateInfo, read_template

PAGES = 50
FIELDS = "display_phone_number,verified_name,quality_rating"
OTHER_CHANNEL = N_("Esta conexión no lleva ese canal.")
NO_ACCOUNT = N_("Falta el identificador de la cuenta de WhatsApp. Escríbalo en los ajustes de la conexión.")
WORKS = N_("WhatsApp responde y el token sirve.")


class WhatsAppDriver(Driver[WhatsAppSettings]):
    """Sends and receives for one `phone_number_id`."""

    kind = "whatsapp"
    title = N_("WhatsApp (Cloud API de Meta)")
    icon = "whatsapp"
    Settings = WhatsAppSettings
    carries = frozenset({CHANNEL})
    limits = {CHANNEL: LIMITS}
    does = {"templates": ListTemplates, "mark_read": MarkRead, "typing": Typing, "subscribe": Subscribe}
    hooked = True

    def __init__(self, settings: WhatsAppSettings) -> None:
        super().__init__(settings)
        wait_s = settings.patience_s
        times = Times(connect_s=min(8.0, wait_s), silence_s=wait_s, whole_s=wait_s)
        self.graph = Graph(settings.base_url, settings.version, settings.token, times=times, hosts=settings.media_hosts)
        self.me = settings.phone_number_id.strip()
        self.media = Media(self.graph, self.me)
        self.reader = Reader(self.me, settings.account_id.strip())

    async def run(self, sink: Sink) -> None:
        async with self.graph.open():
            while True:
                number = await self._number()
                sink.ready(identity=self.me, note=text(number, "verified_name"))
                await asyncio.sleep(self.settings.check_every_s)

    async def _number(self) -> Fields:
        """What Meta says about the number: proves address, version, token and id. Raises NotReady, NeedsHuman."""
        try:
            return await self.graph.get(self.me, fields=FIELDS)
        except Refused as error:
            raise lasting(trouble(error.fault, RULES)) from error

    async def _standing(self) -> tuple[Fields, bool]:
        number, account = await self._number(), self.settings.account_id.strip()
        return number, not account or await is_subscribed(self.graph, account)

    async def send(self, outbound: Outbound) -> Receipt:
        if outbound.channel != CHANNEL:
            raise SendError(True, "channel", OTHER_CHANNEL)
        found = parts(outbound)
        bodies = [envelope(outbound, part) for part in found]
        await self._upload(found)
        return await deliver([partial(self._send_one, body) for body in bodies], RULES, "accepted")

    async def _upload(self, found: list[Part]) -> None:
        """All files first: while nothing was sent, any failure is a plain one."""
        for part in found:
            if part.file is None:
                continue
            try:
                part.slot["id"] = await self.media.upload(part.file)
            except Refused as error:
                raise trouble(error.fault, RULES) from error

    async def _send_one(self, body: Mapping[str, Any]) -> str:
        return text(first(await self.graph.post(f"{self.me}/messages", body), "messages"), "id")

    def hook(self, request: HookRequest) -> HookReply:
        return hooks.answer(request, self.settings.app_secret, self.settings.verify_token, self.reader.read)

    async def fetch(self, attachment: Attachment, into: Path) -> Attachment:
        return await self.media.fetch(attachment, into)

    async def do(self, action: Action) -> Any:
        try:
            match action:
                case ListTemplates():
                    return await self._templates()
                case MarkRead():
                    return await self._mark(action.message_id)
                case Typing():
                    return await self._mark(action.message_id, typing_indicator={"type": "text"})
                case Subscribe():
                    return await subscribe(self.graph, self._account())
        except Refused as error:
            raise trouble(error.fault, RULES) from error
        return await super().do(action)

    async def _mark(self, message_id: str, **more: Any) -> dict[str, bool]:
        body = {"messaging_product": "whatsapp", "status": "read", "message_id": message_id, **more}
        await self.graph.post(f"{self.me}/messages", body)
        return {"ok": True}

    async def _templates(self) -> list[TemplateInfo]:
        account, found, after = self._account(), list[TemplateInfo](), ""
        for _ in range(PAGES):
            more = {"after": after} if after else {}
            page = await self.graph.get(f"{account}/message_templates", limit="100", **more)
            found += [read_template(each) for each in items(page, "data")]
            after = text(page, "paging", "cursors", "after") if text(page, "paging", "next") else ""
            if not after:
                break
        return found

    def _account(self) -> str:
        account = self.settings.account_id.strip()
        if not account:
            raise SendError(True, "no_account", NO_ACCOUNT)
        return account

    async def describe(self) -> Mapping[str, str]:
        return {N_("Identificador del número"): self.me} | told(self.settings)

    async def probe(self) -> Probe:
        proof = {N_("Nombre verificado"): "verified_name", N_("Calidad"): "quality_rating"}
        return await probed(self._standing, dict(await self.describe()), self.settings, WORKS, proof)


DRIVER = WhatsAppDriver
