"""The WhatsApp Cloud API over a real socket, strict about what we send (cloud_shapes)."""

import hashlib
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from tests.drivers.peers.cloud_shapes import judge
from tests.drivers.peers.graph import TOKEN, VERSION, GraphPeer, form, refusal
from tests.drivers.peers.wire import Asked, Reply, Wire, serving

NUMBER, ACCOUNT = "106540352242922", "102290129340398"
MEDIA_TYPES = ("image/jpeg", "image/png", "audio/ogg", "video/mp4", "application/pdf", "image/webp")


class CloudApi(GraphPeer):
    """One number of one account. `files` by id; `addresses` are good for one download each unless `stale`."""

    def __init__(self) -> None:
        super().__init__()
        self.files: dict[str, tuple[str, bytes]] = {}
        self.stale = 0  # how many addresses to come are expired already
        self.wrong_hash = False
        self.said_size: int | None = None
        self.elsewhere = ""
        self.pages: list[list[dict[str, Any]]] = [[]]
        self.marked: list[dict[str, Any]] = []
        self.wire: Wire | None = None
        for pattern, route in {
            rf"POST /{VERSION}/{NUMBER}/messages": self._message,
            rf"POST /{VERSION}/{NUMBER}/media": self._upload,
            rf"GET /{VERSION}/{ACCOUNT}/message_templates": self._templates,
            rf"GET /{VERSION}/{NUMBER}": self._number,
            rf"(?:GET|POST) /{VERSION}/{ACCOUNT}/subscribed_apps": self.apps,
            rf"GET /{VERSION}/(media-\w+)": self._address,
            r"GET /whatsapp_business/attachments/(stale-)?(media-\w+)": self._download,
        }.items():
            self.on(pattern, route)

    def _message(self, asked: Asked, _found: re.Match[str]) -> Reply:
        assert asked.headers["content-type"] == "application/json"
        body = asked.json()
        judge(body)
        if body.get("status") == "read":
            self.marked.append(body)
            return Reply(value={"success": True})
        self.sent.append(body)
        self.refusals, self.after_first = self.after_first, []
        to = body.get("to", body.get("recipient"))
        who = {"input": to, "wa_id": to.removeprefix("+")}
        identity = f"wamid.{len(self.sent)}"
        return Reply(value={"messaging_product": "whatsapp", "contacts": [who], "messages": [{"id": identity}]})

    def _upload(self, asked: Asked, _found: re.Match[str]) -> Reply:
        parts = form(asked)
        assert set(parts) == {"messaging_product", "type", "file"}
        assert parts["messaging_product"].content == b"whatsapp"
        file = parts["file"]
        assert file.filename
        assert file.media_type == parts["type"].content.decode()
        if file.media_type not in MEDIA_TYPES:
            return refusal(100, "Param file must be a file with one of the following types", 400)
        identity = f"media-{len(self.files) + 1}"
        self.files[identity] = (file.media_type, file.content)
        return Reply(value={"id": identity})

    def _address(self, asked: Asked, found: re.Match[str]) -> Reply:
        assert asked.query == {"phone_number_id": NUMBER}
        if found[1] not in self.files:
            return refusal(100, "Unsupported get request. Object does not exist", 400, subcode=33)
        media_type, content = self.files[found[1]]
        stale, self.stale = "stale-" if self.stale else "", max(0, self.stale - 1)
        digest = hashlib.sha256(b"x" if self.wrong_hash else content).hexdigest()
        url = self.elsewhere or f"{self.url}/whatsapp_business/attachments/{stale}{found[1]}?mid=1&ext=2"
        size = str(len(content) if self.said_size is None else self.said_size)
        said = {"url": url, "mime_type": media_type, "sha256": digest, "file_size": size, "id": found[1]}
        return Reply(value=said | {"messaging_product": "whatsapp"})

    def _download(self, _asked: Asked, found: re.Match[str]) -> Reply:
        if found[1]:
            return Reply(404, body=b"")
        media_type, content = self.files[found[2]]
        return Reply(body=content, headers={"Content-Type": media_type})

    def _number(self, asked: Asked, _found: re.Match[str]) -> Reply:
        assert "display_phone_number" in asked.query["fields"]
        said = {"display_phone_number": "+506 4000 0000", "verified_name": "Ferretería El Clavo"}
        return Reply(value=said | {"quality_rating": "GREEN", "id": NUMBER})

    def _templates(self, asked: Asked, _found: re.Match[str]) -> Reply:
        at = int(asked.query.get("after", "0"))
        more = at + 1 < len(self.pages)
        paging = {"cursors": {"before": str(at), "after": str(at + 1)}} | ({"next": "https://…"} if more else {})
        return Reply(value={"data": self.pages[at], "paging": paging})


@asynccontextmanager
async def cloud_api() -> AsyncIterator[CloudApi]:
    peer = CloudApi()
    async with serving(peer.handle) as wire:
        peer.url, peer.wire = wire.url, wire
        yield peer


__all__ = ["ACCOUNT", "NUMBER", "TOKEN", "CloudApi", "cloud_api", "judge", "refusal"]
