"""A Facebook page and its Instagram account as one driver. What people write comes by webhook."""

import asyncio
import json
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from msgspec import Struct, structs

from drivers.contract import (
    N_,
    Action,
    Attachment,
    Driver,
    HookReply,
    HookRequest,
    NeedsHuman,
    Outbound,
    Probe,
    Receipt,
    SendError,
    Sink,
)
from drivers.http import Times
from drivers.messenger.errors import RULES
from drivers.messenger.inbound import Reader
from drivers.messenger.limits import LIMITS, kind_of
from drivers.messenger.outgoing import Content, Part, parts, recipient
from drivers.messenger.settings import MarkRead, MessengerSettings, Profile, Subscribe, Typing
from drivers.meta import hooks
from drivers.meta.faults import Fault, Refused, lasting, read_fault, trouble
from drivers.meta.files import MB
from drivers.meta.graph import Graph
from drivers.meta.probing import probed, told
from drivers.meta.reading import Fields, text
from drivers.meta.sending import deliver
from drivers.meta.subscribing import is_subscribed, subscribe

LARGEST = 100 * MB
FIELDS = (
    "messages,messaging_postbacks,message_deliveries,message_reads,message_echoes,message_reactions,message_edits,"
    "messaging_referrals,standby"
)
INSTAGRAM_FIELDS = "messages,messaging_postbacks,messaging_seen,message_reactions,messaging_referral,standby"
OTHER_CHANNEL = N_("Esta conexión no lleva ese canal.")
NO_OWNER = N_("Falta el identificador de la página o el de Instagram.")
NO_OWNER_STEPS = N_("Escriba al menos uno en los ajustes de la conexión y guarde.")
WORKS = N_("Meta responde y el token sirve.")
GONE = N_("El archivo ya no está en Meta: la dirección vence a los pocos días. Pida que lo envíen de nuevo.")
NO_REF = N_("Este adjunto no tiene dirección en Meta.")


class Person(Struct, frozen=True, kw_only=True):
    """What Meta tells about somebody who wrote. `picture` is an address that expires."""

    address: str
    name: str = ""
    user_name: str = ""
    picture: str = ""


class MessengerDriver(Driver[MessengerSettings]):
    """Sends and receives for a page (`messenger`) and an Instagram account (`instagram`)."""

    kind = "messenger"
    title = N_("Messenger e Instagram (Meta)")
    icon = "messenger"
    Settings = MessengerSettings
    carries = frozenset(LIMITS)
    limits = LIMITS
    does = {"mark_read": MarkRead, "typing": Typing, "profile": Profile, "subscribe": Subscribe}
    hooked = True

    def __init__(self, settings: MessengerSettings) -> None:
        super().__init__(settings)
        wait_s = settings.patience_s
        times = Times(connect_s=min(8.0, wait_s), silence_s=wait_s, whole_s=wait_s)
        self.graph = Graph(settings.base_url, settings.version, settings.token, times=times, hosts=settings.media_hosts)
        self.me = settings.page_id.strip() or settings.instagram_id.strip()
        self.reader = Reader(settings.page_id.strip(), settings.instagram_id.strip())

    async def run(self, sink: Sink) -> None:
        async with self.graph.open():
            while True:
                owner = await self._owner()
                sink.ready(identity=self.me, note=text(owner, "name"))
                await asyncio.sleep(self.settings.check_every_s)

    async def _owner(self) -> Fields:
        """What Meta says about us: proves address, version, token and id. Raises NotReady, NeedsHuman."""
        if not self.me:
            raise NeedsHuman(NO_OWNER, NO_OWNER_STEPS)
        try:
            return await self.graph.get(self.me, fields="id,name")
        except Refused as error:
            raise lasting(trouble(error.fault, RULES)) from error

    async def _standing(self) -> tuple[Fields, bool]:
        return await self._owner(), await is_subscribed(self.graph, self.me)

    async def send(self, outbound: Outbound) -> Receipt:
        if outbound.channel not in self.carries:
            raise SendError(True, "channel", OTHER_CHANNEL)
        found = parts(outbound)
        for part in found:
            await self._upload(part, outbound.channel)
        return await deliver([partial(self._send_one, part.body) for part in found], RULES, "sent")

    async def _upload(self, part: Part, channel: str) -> None:
        """Nobody receives anything by this: any failure is a plain one."""
        if part.file is None:
            return
        if part.file.ref:
            part.slot["attachment_id"] = part.file.ref
            return
        attachment = {"type": kind_of(part.file), "payload": {"is_reusable": True}}
        words = {"message": json.dumps({"attachment": attachment})}
        words |= {"platform": "instagram"} if channel == "instagram" else {}
        try:
            said = await self.graph.upload(f"{self.me}/message_attachments", words, part.file, "filedata")
        except Refused as error:
            raise trouble(error.fault, RULES) from error
        if not text(said, "attachment_id"):
            raise trouble(Fault(status=502), RULES)
        part.slot["attachment_id"] = text(said, "attachment_id")

    async def _send_one(self, body: Content) -> str:
        """The message's id; a reaction has none of its own."""
        said = await self.graph.post(f"{self.me}/messages", body)
        target = text(body, "payload", "message_id")
        return f"{target}-reaction" if target and text(said, "recipient_id") else text(said, "message_id")

    def hook(self, request: HookRequest) -> HookReply:
        return hooks.answer(request, self.settings.app_secret, self.settings.verify_token, self.reader.read)

    async def fetch(self, attachment: Attachment, into: Path) -> Attachment:
        """The address is a public one of Meta's, so the token stays here."""
        if not attachment.ref:
            raise SendError(True, "no_ref", NO_REF)
        answer = await self.graph.download(attachment.ref, into, most=LARGEST, with_token=False)
        if answer.status in (401, 403, 404, 410):
            raise SendError(True, "gone", GONE)
        if not answer.good:
            raise trouble(read_fault(answer), RULES)
        media_type = answer.headers.get("content-type", "").partition(";")[0].strip() or attachment.media_type
        return structs.replace(attachment, path=str(into), size=answer.size, media_type=media_type)

    async def do(self, action: Action) -> Any:
        try:
            match action:
                case MarkRead():
                    return await self._act(action.to, "mark_seen")
                case Typing():
                    return await self._act(action.to, "typing_on" if action.on else "typing_off")
                case Profile():
                    return await self._profile(action.of, action.channel)
                case Subscribe():
                    return await subscribe(self.graph, self.me, FIELDS if self.settings.page_id else INSTAGRAM_FIELDS)
        except Refused as error:
            raise trouble(error.fault, RULES) from error
        return await super().do(action)

    async def _act(self, to: str, what: str) -> dict[str, bool]:
        await self.graph.post(f"{self.me}/messages", recipient(to) | {"sender_action": what})
        return {"ok": True}

    async def _profile(self, of: str, channel: str) -> Person:
        recipient(of)  # only an id may become part of an address
        wanted = "name,username,profile_pic" if channel == "instagram" else "first_name,last_name,name,profile_pic"
        said = await self.graph.get(of.strip(), fields=wanted)
        written = " ".join(filter(None, (text(said, "first_name"), text(said, "last_name"))))
        name, user_name = text(said, "name") or written, text(said, "username")
        return Person(address=of, name=name or user_name, user_name=user_name, picture=text(said, "profile_pic"))

    async def describe(self) -> Mapping[str, str]:
        own = {
            N_("Identificador de la página"): self.settings.page_id,
            N_("Identificador de Instagram"): self.settings.instagram_id,
        }
        return own | told(self.settings)

    async def probe(self) -> Probe:
        return await probed(self._standing, dict(await self.describe()), self.settings, WORKS, {N_("Nombre"): "name"})


DRIVER = MessengerDriver
