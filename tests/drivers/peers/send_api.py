"""The Messenger Platform's Send API over a real socket: strict about each body.

Shapes: developers.facebook.com, "Send API" and "Attachment Upload API"; fbsamples/messenger-platform-samples.
"""

import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from tests.drivers.peers.graph import VERSION, GraphPeer, form, refusal
from tests.drivers.peers.wire import Asked, Reply, Wire, serving

PAGE, INSTAGRAM, ROSA = "1965123456789", "17841400000000001", "2498765432109"
FILES = ("image", "video", "audio", "file")
ACTIONS = ("typing_on", "typing_off", "mark_seen", "react", "unreact")


def check(body: dict[str, Any]) -> None:
    """Raises AssertionError for what the document does not know."""
    assert set(body["recipient"]) == {"id"}
    if "sender_action" in body:
        _check_action(body)
        return
    assert set(body) <= {"recipient", "messaging_type", "tag", "message", "reply_to"}, set(body)
    assert body["messaging_type"] in ("RESPONSE", "UPDATE", "MESSAGE_TAG")
    assert ("tag" in body) == (body["messaging_type"] == "MESSAGE_TAG")
    assert set(body.get("reply_to", {"mid": ""})) == {"mid"}
    _check_message(body["message"])


def _check_action(body: dict[str, Any]) -> None:
    assert body["sender_action"] in ACTIONS
    assert "message" not in body, "an action goes alone"
    if body["sender_action"] in ("react", "unreact"):
        assert body["payload"]["message_id"]
        assert ("reaction" in body["payload"]) == (body["sender_action"] == "react")


def _check_message(message: dict[str, Any]) -> None:
    assert set(message) <= {"text", "attachment", "quick_replies", "metadata"}
    assert ("text" in message) != ("attachment" in message), "text or attachment"
    assert len(message.get("text", "x")) in range(1, 2001)
    assert len(message.get("quick_replies", ())) <= 13
    for reply in message.get("quick_replies", ()):
        assert reply["content_type"] == "text"
        assert len(reply["title"]) in range(1, 21)
        assert len(reply["payload"]) in range(1, 1001)
    if "attachment" in message:
        _check_attachment(message["attachment"])


def _check_attachment(said: dict[str, Any]) -> None:
    payload = said["payload"]
    if said["type"] == "template":
        assert payload["template_type"] == "button"
        assert len(payload["text"]) in range(1, 641)
        assert len(payload["buttons"]) in range(1, 4)
        assert all(set(b) == {"type", "title", "payload"} and b["type"] == "postback" for b in payload["buttons"])
        return
    assert said["type"] in FILES
    assert ("url" in payload) != ("attachment_id" in payload)


class SendApi(GraphPeer):
    """A page with its Instagram account, and one person."""

    def __init__(self) -> None:
        super().__init__()
        self.files: dict[str, tuple[str, str, bytes]] = {}  # id -> platform, kind, content
        self.actions: list[dict[str, Any]] = []
        self.file_status = 200
        self.wire: Wire | None = None
        for pattern, route in {
            rf"POST /{VERSION}/({PAGE}|{INSTAGRAM})/messages": self._message,
            rf"POST /{VERSION}/{PAGE}/message_attachments": self._upload,
            rf"GET /{VERSION}/({PAGE}|{INSTAGRAM})": self._owner,
            rf"GET /{VERSION}/{ROSA}": self._profile,
            rf"(?:GET|POST) /{VERSION}/{PAGE}/subscribed_apps": self.apps,
        }.items():
            self.on(pattern, route)

    def handle(self, asked: Asked) -> Reply:
        """Files lie open at an address of their own; whoever shows them a token gives it away."""
        if asked.path.startswith("/v/"):
            assert "authorization" not in asked.headers
            return Reply(self.file_status, body=b"PNG", headers={"Content-Type": "image/png; x=1"})
        return super().handle(asked)

    def _message(self, asked: Asked, _found: re.Match[str]) -> Reply:
        assert asked.headers["content-type"] == "application/json"
        body = asked.json()
        check(body)
        if body["recipient"]["id"] != ROSA:
            return refusal(100, "No matching user found", 400, subcode=2018001)
        if "sender_action" in body:
            self.actions.append(body)
            return Reply(value={"recipient_id": ROSA})
        self.sent.append(body)
        self.refusals, self.after_first = self.after_first, []
        return Reply(value={"recipient_id": ROSA, "message_id": f"m_{len(self.sent)}"})

    def _upload(self, asked: Asked, _found: re.Match[str]) -> Reply:
        parts = form(asked)
        assert {"message", "filedata"} <= set(parts) <= {"message", "filedata", "platform"}
        attachment = json.loads(parts["message"].content)["attachment"]
        assert attachment["type"] in FILES
        assert attachment["payload"] == {"is_reusable": True}
        assert parts["filedata"].filename
        platform = parts["platform"].content.decode() if "platform" in parts else ""
        identity = str(1_745_504_518_999 + len(self.files))
        self.files[identity] = (platform, attachment["type"], parts["filedata"].content)
        return Reply(value={"attachment_id": identity})

    def _owner(self, _asked: Asked, found: re.Match[str]) -> Reply:
        return Reply(value={"id": found[1], "name": "Ferretería El Clavo"})

    def _profile(self, asked: Asked, _found: re.Match[str]) -> Reply:
        wanted = asked.query["fields"].split(",")
        known = {"first_name": "Rosa", "last_name": "Montiel", "profile_pic": "https://scontent.fbcdn.net/r.jpg"}
        known |= {"name": "Rosa Montiel", "username": "rosa.m"}
        return Reply(value={"id": ROSA} | {name: known[name] for name in wanted})


@asynccontextmanager
async def send_api() -> AsyncIterator[SendApi]:
    peer = SendApi()
    async with serving(peer.handle) as wire:
        peer.url, peer.wire = wire.url, wire
        yield peer
