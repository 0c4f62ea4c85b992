"""A Telegram bot as a driver."""

import asyncio
import contextlib
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import structs

from drivers.contract import (
    N_,
    Action,
    Attachment,
    Driver,
    HookReply,
    HookRequest,
    Inbound,
    NeedsHuman,
    NotReady,
    Outbound,
    Probe,
    Receipt,
    SendError,
    Sink,
    now,
)
from drivers.loose import Object, as_object, text, unix, whole
from drivers.telegram import hook
from drivers.telegram.answers import WEBHOOK_SET, WEBHOOK_SET_STEPS, message_ids
from drivers.telegram.bot import Bot, Doubtful, Migrated, quietly
from drivers.telegram.content import EVENTS
from drivers.telegram.groups import Refusals
from drivers.telegram.reading import CHANNEL, WANTED, Read, update
from drivers.telegram.settings import MODES, RemoveWebhook, SetWebhook, TelegramSettings
from drivers.telegram.writing import LIMITS, Call, calls

UNANSWERED = N_("Telegram no contestó: no se sabe si el mensaje salió. Revise la conversación antes de repetirlo.")
IN_PART = N_("Salió una parte del mensaje y el resto no. Revise la conversación antes de repetirlo.")
NO_WEBHOOK = N_("Telegram todavía no sabe adónde mandar los avisos de este bot.")
NO_WEBHOOK_STEPS = N_("Copie la dirección para avisos de esta conexión.\nPulse «set_webhook» y péguela.")
UNDELIVERED = N_("Telegram no logra entregar los avisos de este bot.")
UNDELIVERED_STEPS = N_("Revise que la dirección para avisos se pueda abrir desde internet, con https y certificado.")
WORKS = N_("El bot responde.")
LATER_STEPS = N_("Espere un momento y pruebe de nuevo.")
RECENT_S = 600
SPIN_S = 1.0  # a server that does not hold a question is not asked in a rush


class TelegramDriver(Driver[TelegramSettings]):
    """Polls, or takes webhooks; sends. Telegram takes no key of ours: what got no answer is doubtful."""

    kind = "telegram"
    title = "Telegram"
    icon = "telegram"
    Settings = TelegramSettings
    carries = frozenset({CHANNEL})
    limits = {CHANNEL: LIMITS}
    does = {"set_webhook": SetWebhook, "remove_webhook": RemoveWebhook}
    hooked = True

    def __init__(self, settings: TelegramSettings) -> None:
        super().__init__(settings)
        self.bot = Bot(settings)
        self.refusals = Refusals(settings, self.bot)
        self._secret = hook.secret(settings)
        self._sink: Sink | None = None
        self._wake = asyncio.Event()
        self._name = ""
        self._last = ""

    async def run(self, sink: Sink) -> None:
        async with self.bot.web.open():
            me = as_object(await self.bot.ask("getMe"))
            self._name = text(me, "username")
            await self.refusals.begin(sink)
            self._sink = sink
            try:
                await (self._poll if self.settings.mode == "polling" else self._watch)(sink, str(whole(me, "id") or ""))
            finally:
                self._sink = None

    async def _poll(self, sink: Sink, identity: str) -> None:
        """`offset` moves only over what the sink has stored: what is not stored comes again.

        A question that brought nothing has confirmed all before it. Then none is named any more: after a quiet week
        Telegram begins anew with any number, also with a lower one.
        """
        offset, wait_s = None, 0  # the first question shows at once whether we are alone
        while True:
            asked, before = time.monotonic(), offset
            found = await self._news(sink, identity, offset, wait_s)
            for each in found:
                await self._take(sink, update(each, self.settings.groups == "take"))
                number = whole(as_object(each), "update_id")
                offset = offset if number is None else number + 1
            await self.refusals.settle(sink)
            if offset == before and wait_s == self.settings.poll_s:
                await asyncio.sleep(asked + min(SPIN_S, self.settings.pause_s) - time.monotonic())
            offset, wait_s = offset if found else None, self.settings.poll_s

    async def _news(self, sink: Sink, identity: str, offset: int | None, wait_s: int) -> list[Any]:
        found = await self.bot.updates(offset, wait_s, WANTED)
        sink.ready(identity)
        return found

    async def _take(self, sink: Sink, read: Read) -> None:
        """Store, then be polite."""
        for inbound in read.inbounds:
            await sink.received(inbound)
            self._note(inbound)
        if read.callback:
            fields = {"callback_query_id": read.callback}
            await quietly(self.bot.send(Call(method="answerCallbackQuery", fields=fields)))
        if read.group is not None:
            self.refusals.owe(read.group)

    async def _watch(self, sink: Sink, identity: str) -> None:
        """Messages come through `hook`; here is seen whether they can, and groups get their answer."""
        while True:
            self._wake.clear()
            info = as_object(await self.bot.ask("getWebhookInfo"))
            sink.ready(identity, _webhook_trouble(info)[0])
            await self.refusals.settle(sink)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self.settings.pause_s):
                    await self._wake.wait()

    def hook(self, request: HookRequest) -> HookReply:
        reply, read = hook.reply(self.settings, self._secret, request)
        if read.group is not None and self.refusals.owe(read.group):
            self._wake.set()
        for inbound in reply.inbounds:
            self._note(inbound)
        return reply

    def _note(self, inbound: Inbound) -> None:
        self._last = inbound.sent_at.isoformat(timespec="seconds") if inbound.sent_at else self._last

    async def send(self, outbound: Outbound) -> Receipt:
        made, sent = calls(outbound), list[str]()
        for call in made:
            try:
                sent += message_ids(await self._call(call))
            except Doubtful:
                return _receipt(sent, UNANSWERED)
            except (SendError, NotReady, NeedsHuman):
                if not sent:
                    raise
                return _receipt(sent, IN_PART)
        return _receipt(sent or [outbound.key])

    async def _call(self, call: Call) -> Any:
        """A group that became a supergroup is followed to its new number."""
        try:
            return await self.bot.send(call)
        except Migrated as moved:
            await self._moved(str(call.fields["chat_id"]), moved.chat)
            again = structs.replace(call, fields={**call.fields, "chat_id": moved.chat})
        try:
            return await self.bot.send(again)
        except Migrated as error:
            raise SendError(False, "migrated", EVENTS["migrate_to_chat_id"]) from error

    async def _moved(self, old: str, new: int) -> None:
        if self._sink is None:
            return
        await self._sink.received(Inbound(
            external_id=f"moved:{old}:{new}", channel=CHANNEL, kind="event", conversation=old, payload=str(new),
            note=EVENTS["migrate_to_chat_id"],
        ))  # fmt: skip

    async def fetch(self, attachment: Attachment, into: Path) -> Attachment:
        answer = await self.bot.download(attachment.ref, into)
        return structs.replace(attachment, path=str(into), size=answer.size)

    async def do(self, action: Action) -> Any:
        match action:
            case SetWebhook():
                await self._set_webhook(action)
            case RemoveWebhook():
                await self.bot.ask("deleteWebhook", drop_pending_updates=action.drop_pending)
            case _:
                return await super().do(action)
        self._wake.set()
        return {"ok": True}

    async def _set_webhook(self, action: SetWebhook) -> None:
        if not hook.SECRET.fullmatch(self._secret):
            raise SendError(True, "secret", N_("La clave de los avisos solo puede tener letras, números, - y _."))
        fields = {"url": action.url, "secret_token": self._secret, "allowed_updates": WANTED}
        await self.bot.send(Call(method="setWebhook", fields=fields | {"drop_pending_updates": action.drop_pending}))

    async def describe(self) -> Mapping[str, str]:
        return {
            N_("Bot"): f"@{self._name}" if self._name else "",
            N_("Cómo recibe"): MODES[self.settings.mode],
            N_("Último mensaje"): self._last,
        }

    async def probe(self) -> Probe:
        try:
            me = as_object(await self.bot.ask("getMe"))
            info = as_object(await self.bot.ask("getWebhookInfo"))
        except (NotReady, NeedsHuman) as trouble:
            steps = getattr(trouble, "what_to_do", LATER_STEPS)
            return Probe(ok=False, sentence=str(trouble), what_to_do=steps, facts=await self.describe())
        waiting = str(whole(info, "pending_update_count") or 0)
        facts = {N_("Bot"): f"@{text(me, 'username')}", N_("Por entregar"): waiting}
        sentence, steps = self._trouble(info)
        return Probe(ok=not sentence, sentence=sentence or WORKS, what_to_do=steps, facts=facts)

    def _trouble(self, info: Object) -> tuple[str, str]:
        if self.settings.mode == "webhook":
            return _webhook_trouble(info)
        return (WEBHOOK_SET, WEBHOOK_SET_STEPS) if text(info, "url") else ("", "")


def _webhook_trouble(info: Object) -> tuple[str, str]:
    """Sentence and steps; empty when all is well."""
    if not text(info, "url"):
        return NO_WEBHOOK, NO_WEBHOOK_STEPS
    failed = unix(info, "last_error_date")
    if failed is not None and (now() - failed).total_seconds() < RECENT_S:
        return UNDELIVERED, UNDELIVERED_STEPS
    return "", ""


def _receipt(sent: list[str], doubt: str = "") -> Receipt:
    """Of all that left; the first is what answers will refer to."""
    return Receipt(
        external_id=sent[0] if sent else "", also=tuple(sent[1:]), parts=max(1, len(sent)), note=doubt,
        state="doubtful" if doubt else "sent",
    )  # fmt: skip


DRIVER = TelegramDriver
