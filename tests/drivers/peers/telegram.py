"""A Bot API server over a real socket, strict about what it is asked, that holds a question until there is news."""

import asyncio
import contextlib
import email.parser
import email.policy
import itertools
import json
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

from tests.drivers.peers.wire import Asked, Fault, Reply, Wire

TOKEN = "424242:AAF-made_up-token-for-tests-only"
BOT = {"id": 424242, "is_bot": True, "first_name": "Oficina", "username": "oficina_bot", "can_join_groups": True}
COMMON = {"chat_id", "message_thread_id", "reply_parameters", "disable_notification", "protect_content"}
MARKED = COMMON | {"reply_markup"}
FIELDS = {  # what each method may be given; the first of a pair is a must
    "sendMessage": ({"chat_id", "text"}, MARKED | {"text", "link_preview_options"}),
    "sendPhoto": ({"chat_id", "photo"}, MARKED | {"photo", "caption"}),
    "sendAnimation": ({"chat_id", "animation"}, MARKED | {"animation", "caption"}),
    "sendVideo": ({"chat_id", "video"}, MARKED | {"video", "caption"}),
    "sendAudio": ({"chat_id", "audio"}, MARKED | {"audio", "caption"}),
    "sendVoice": ({"chat_id", "voice"}, MARKED | {"voice", "caption"}),
    "sendDocument": ({"chat_id", "document"}, MARKED | {"document", "caption"}),
    "sendMediaGroup": ({"chat_id", "media"}, COMMON | {"media"}),
    "sendLocation": ({"chat_id", "latitude", "longitude"}, MARKED | {"latitude", "longitude"}),
    "sendVenue": ({"chat_id", "latitude", "longitude", "title", "address"},
                  MARKED | {"latitude", "longitude", "title", "address"}),
    "sendContact": ({"chat_id", "phone_number", "first_name"},
                    MARKED | {"phone_number", "first_name", "last_name"}),
    "setMessageReaction": ({"chat_id", "message_id", "reaction"}, {"chat_id", "message_id", "reaction"}),
}  # fmt: skip


def refusal(code: int, description: str, **parameters: Any) -> Reply:
    more = {"parameters": parameters} if parameters else {}
    return Reply(code, {"ok": False, "error_code": code, "description": description, **more})


class FakeTelegram:
    """`refuse[method]` answers instead of the method; `updates` wait until they are confirmed by an offset."""

    def __init__(self) -> None:
        self.updates: list[dict[str, Any]] = []
        self.sent: list[tuple[str, dict[str, Any]]] = []
        self.refuse: dict[str, Reply | Callable[[Mapping[str, Any]], Reply | None]] = {}
        self.webhook: dict[str, Any] = {"url": "", "pending_update_count": 0}
        self.files: dict[str, bytes] = {}
        self.left: list[Any] = []
        self.answered: list[str] = []
        self.offsets: list[int | None] = []
        self.news, self.closed = asyncio.Event(), asyncio.Event()
        self.numbers = itertools.count(100)
        self.prefix = ""
        self.wire: Wire

    @property
    def url(self) -> str:
        return self.wire.url

    def fault(self, fault: Fault) -> None:
        self.wire.fault = fault

    def put(self, *updates: dict[str, Any]) -> None:
        self.updates += updates
        self.news.set()

    def handle(self, asked: Asked) -> Reply:
        assert asked.path.startswith(f"{self.prefix}/")
        path = asked.path.removeprefix(self.prefix)
        if path.startswith("/file/"):
            return self._file(path)
        bot, _, method = path.removeprefix("/").partition("/")
        if bot != f"bot{TOKEN}":
            return refusal(401, "Unauthorized")
        assert asked.method == "POST", asked.method
        fields = read_fields(asked)
        refuse = self.refuse.get(method)
        if refuse is not None and (reply := refuse(fields) if callable(refuse) else refuse) is not None:
            return reply
        if method in FIELDS:
            return self._send(method, fields)
        return getattr(self, f"on_{method}")(fields)

    def _file(self, path: str) -> Reply:
        found = self.files.get(path.removeprefix(f"/file/bot{TOKEN}/").partition("-")[2])
        return refusal(404, "Not Found") if found is None else Reply(body=found)

    def _send(self, method: str, fields: dict[str, Any]) -> Reply:
        must, may = FIELDS[method]
        assert must <= set(fields), f"{method} lacks {must - set(fields)}"
        extra = {name for name in set(fields) - may if not name.startswith("file")}
        assert not extra, f"{method} has {extra}"
        check(method, fields)
        self.sent.append((method, fields))
        if method == "setMessageReaction":
            return Reply(value={"ok": True, "result": True})
        made = [self._message(fields) for _ in fields.get("media", "x")]
        return Reply(value={"ok": True, "result": made if method == "sendMediaGroup" else made[0]})

    def _message(self, fields: dict[str, Any]) -> dict[str, Any]:
        chat = {"id": int(fields["chat_id"]), "type": "private"}
        return {"message_id": next(self.numbers), "date": 1_790_000_000, "chat": chat, "from": BOT}

    def on_getMe(self, fields: dict[str, Any]) -> Reply:
        assert fields == {}
        return Reply(value={"ok": True, "result": BOT})

    def on_getUpdates(self, fields: dict[str, Any]) -> Reply:
        assert fields["limit"] == 100
        assert "message_reaction" in fields["allowed_updates"]
        if self.webhook["url"]:
            return refusal(409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook")
        offset = fields.get("offset")
        self.offsets.append(offset)
        if offset is not None:
            self.updates = [u for u in self.updates if u.get("update_id", 0) >= offset]
        return Reply(value={"ok": True, "result": self.updates[:100]})

    def on_getWebhookInfo(self, _fields: dict[str, Any]) -> Reply:
        return Reply(value={"ok": True, "result": self.webhook})

    def on_setWebhook(self, fields: dict[str, Any]) -> Reply:
        if not fields["url"].startswith("https://"):
            return refusal(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
        assert 1 <= len(fields["secret_token"]) <= 256
        self.webhook = {"url": fields["url"], "pending_update_count": 0, "secret": fields["secret_token"]}
        return Reply(value={"ok": True, "result": True, "description": "Webhook was set"})

    def on_deleteWebhook(self, fields: dict[str, Any]) -> Reply:
        assert set(fields) == {"drop_pending_updates"}
        self.webhook = {"url": "", "pending_update_count": 0}
        return Reply(value={"ok": True, "result": True})

    def on_answerCallbackQuery(self, fields: dict[str, Any]) -> Reply:
        self.answered.append(fields["callback_query_id"])
        return Reply(value={"ok": True, "result": True})

    def on_leaveChat(self, fields: dict[str, Any]) -> Reply:
        self.left.append(fields["chat_id"])
        return Reply(value={"ok": True, "result": True})

    def on_getFile(self, fields: dict[str, Any]) -> Reply:
        ref = fields["file_id"]
        if ref not in self.files:
            return refusal(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        size = len(self.files[ref])
        return Reply(value={"ok": True, "result": {"file_id": ref, "file_size": size, "file_path": f"d/f-{ref}"}})


def check(method: str, fields: dict[str, Any]) -> None:
    """The limits of core.telegram.org/bots/api."""
    assert method != "sendMessage" or 1 <= len(fields["text"]) <= 4096
    assert len(fields.get("caption", "")) <= 1024
    for row in fields.get("reply_markup", {}).get("inline_keyboard", []):
        for button in row:
            assert button["text"]
            assert 1 <= len(button["callback_data"].encode()) <= 64
    media = fields.get("media", [])
    assert method != "sendMediaGroup" or 2 <= len(media) <= 10
    for each in media:
        assert each["type"] in ("photo", "video", "document", "audio")
        name = each["media"].removeprefix("attach://")
        assert name == each["media"] or isinstance(fields[name], bytes), "a file was named and not sent"


def read_fields(asked: Asked) -> dict[str, Any]:
    kind = asked.headers["content-type"]
    if kind == "application/json":
        fields = asked.json()
        assert isinstance(fields, dict)
        return fields
    assert kind.startswith("multipart/form-data; boundary="), kind
    head = f"Content-Type: {kind}\r\n\r\n".encode()
    found = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(head + asked.body)
    fields = {}
    for each in found.iter_parts():
        name = each.get_param("name", header="content-disposition")
        content = each.get_payload(decode=True)
        fields[name] = content if each.get_filename() else of_form(content.decode())
    return fields


def of_form(said: str) -> Any:
    """Objects and lists come as JSON in a form; all else as it is written."""
    return json.loads(said) if said[:1] in "[{" else said


class LongWire(Wire):
    """Waits with the answer to getUpdates until there is something, or until the asked time is over."""

    peer: FakeTelegram

    async def _answer(
        self, asked: Asked, fault: Fault, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        if asked.path.endswith("/getUpdates"):
            await self._hold(asked.json())
        return await super()._answer(asked, fault, reader, writer)

    async def _hold(self, fields: dict[str, Any]) -> None:
        offset = fields.get("offset", 0)
        if any(u.get("update_id", 0) >= offset for u in self.peer.updates) or not fields["timeout"]:
            return
        self.peer.news.clear()
        waits = {asyncio.create_task(each.wait()) for each in (self.peer.news, self.peer.closed)}
        await asyncio.wait(waits, timeout=fields["timeout"], return_when=asyncio.FIRST_COMPLETED)
        for each in waits:
            each.cancel()


@contextlib.asynccontextmanager
async def telegram() -> AsyncIterator[FakeTelegram]:
    """A server on a port of its own; what it found wrong comes out at the end."""
    peer = FakeTelegram()
    wire = LongWire(peer.handle)
    wire.peer, peer.wire = peer, wire
    server = await asyncio.start_server(wire.serve, "127.0.0.1", 0)
    wire.port = server.sockets[0].getsockname()[1]
    try:
        yield peer
    finally:
        server.close()
        peer.closed.set()
        await wire.close()
    if wire.wrong:
        raise wire.wrong[0]
