"""A mailbox as a driver."""

import asyncio
from collections.abc import Coroutine, Mapping
from typing import Any, TypeVar

from drivers.contract import (
    N_,
    Driver,
    Limit,
    NeedsHuman,
    NotReady,
    Outbound,
    Probe,
    Receipt,
    SendError,
    Sink,
    now,
)
from drivers.mail import addresses, smtp
from drivers.mail.aftermath import Aftermath
from drivers.mail.building import Built, build
from drivers.mail.inbox import Inbox
from drivers.mail.oauth import Permission
from drivers.mail.opening import open_mailbox
from drivers.mail.probing import NO_SERVER, NO_SERVER_STEPS, probe
from drivers.mail.reading import CHANNEL
from drivers.mail.refusals import SOME, Refusal
from drivers.mail.settings import MailSettings

NO_OUT = N_("Esta conexión solo recibe: no tiene servidor de salida.")
DOUBTFUL = N_("El servidor recibió el mensaje y no confirmó. Puede que haya salido.")
DOWN = N_("Sin conexión")
AGAIN_S = 0.05
T = TypeVar("T")
SIZE = 25 << 20  # what most servers take; the real limit is asked of the server at each message


class MailDriver(Driver[MailSettings]):
    """IMAP in, SMTP out."""

    kind = "mail"
    title = N_("Correo electrónico")
    icon = "mail"
    Settings = MailSettings
    carries = frozenset({CHANNEL})
    limits = {CHANNEL: {"text": Limit(chars=500_000), "document": Limit(bytes=SIZE), "image": Limit(bytes=SIZE)}}

    def __init__(self, settings: MailSettings) -> None:
        super().__init__(settings)
        self.permission = Permission(settings)
        self.after = Aftermath()
        self.inbox: Inbox | None = None
        self._sink: Sink | None = None

    async def run(self, sink: Sink) -> None:
        """What worked and broke is opened again at once; what never worked is the office's to retry."""
        self._sink = sink
        try:
            if not self.settings.imap_host:
                await self._only_send(sink)
            while await self._live(sink):
                pass
        finally:
            self._sink = self.inbox = None

    async def _live(self, sink: Sink) -> bool:
        """One connection's life; True when it proved itself before it broke."""
        inbox = None
        self.permission.forget()  # each connection begins with a fresh one: the last may have been withdrawn
        try:
            async with open_mailbox(self.settings, await self.permission.token(sink)) as mailbox:
                inbox = self.inbox = Inbox(self.settings, mailbox, sink, self.after)
                await inbox.live()
        except NotReady:
            if inbox is None or not inbox.proved:
                raise
        except NeedsHuman:
            self.permission.forget()
            raise
        return True

    async def _only_send(self, sink: Sink) -> None:
        if not self.settings.smtp_host:
            raise NeedsHuman(NO_SERVER, NO_SERVER_STEPS)
        async with smtp.connected(self.settings, await self.permission.token(sink)):
            sink.ready(identity=self.settings.address, note="SMTP")
        while await self.after.wake.wait():
            self.after.wake.clear()
            await self.after.hand_over(sink)

    async def send(self, outbound: Outbound) -> Receipt:
        if outbound.channel != CHANNEL:
            raise SendError(True, "channel", N_("Esta conexión no lleva ese canal."))
        if not self.settings.smtp_host:
            raise SendError(True, "no_smtp", NO_OUT)
        built = await asyncio.to_thread(build, outbound, self.settings, now())
        try:
            refused = await heard(self._deliver(built))
        except smtp.Doubt:
            return Receipt(external_id=built.message_id, state="doubtful", note=DOUBTFUL)
        except NeedsHuman:
            self.permission.forget()
            raise
        self._follow_up(outbound, built, refused)
        return Receipt(external_id=built.message_id, note=SOME if refused else "")

    async def _deliver(self, built: Built) -> tuple[Refusal, ...]:
        sender = addresses.envelope(self.settings.address)
        async with smtp.connected(self.settings, await self.permission.token(self._sink)) as client:
            return await smtp.deliver(client, built, sender, self.settings.final_patience_s)

    def _follow_up(self, outbound: Outbound, built: Built, refused: tuple[Refusal, ...]) -> None:
        """A copy for the folder of sent mail, and the fate of those whom the server refused: `run` sees to both."""
        if self.settings.keep_sent and self.settings.imap_host:
            self.after.keep(built.raw)
        for refusal in refused:
            self.after.tell(refusal.status(built.message_id, outbound.key, now()))

    async def describe(self) -> Mapping[str, str]:
        settings, inbox = self.settings, self.inbox
        return {
            N_("Dirección de correo"): settings.address,
            N_("Servidor de entrada (IMAP)"): settings.imap_host,
            N_("Servidor de salida (SMTP)"): settings.smtp_host,
            N_("Espera de correo"): inbox.mode if inbox else DOWN,
            N_("Mensajes traídos"): str(inbox.brought if inbox else 0),
            N_("Último mensaje"): inbox.last.isoformat(timespec="seconds") if inbox and inbox.last else "",
            N_("Copias por guardar"): str(len(self.after.copies)),
        }

    async def probe(self) -> Probe:
        return await probe(self.settings, self.permission, self._sink)


async def heard(work: Coroutine[Any, Any, T]) -> T:
    """Cancelled, it ends: what waits by Python 3.11's asyncio.wait_for, as aiosmtplib does, may lose a cancellation."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    finally:
        while not task.done():
            task.cancel()
            await asyncio.wait({task}, timeout=AGAIN_S)
        if not task.cancelled():
            task.exception()  # nobody asks any more how it ended


DRIVER = MailDriver
