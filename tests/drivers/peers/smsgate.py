"""A phone with the SMS Gateway app: its HTTP API over a real socket, as strict as the app is (or as its cloud)."""

import base64
import contextlib
import hmac
import itertools
import json
import re
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from typing import Any

from drivers.contract import HookRequest
from tests.drivers.peers.wire import Asked, Reply, Wire, serving

USER, PASSWORD, KEY, DEVICE = "sms", "clave-del-telefono", "firma-del-telefono", "000000005e7a0b1cmadeup"
SCOPES = {
    "all:any", "messages:send", "messages:read", "messages:cancel", "inbox:list", "inbox:refresh", "devices:list",
    "webhooks:list", "webhooks:write", "webhooks:delete",
}  # fmt: skip
SEND = {
    "id", "phoneNumbers", "textMessage", "withDeliveryReport", "isEncrypted", "simNumber", "priority", "ttl",
    "validUntil", "deviceId",
}  # fmt: skip
EVENTS = {
    "sms:received", "sms:sent", "sms:delivered", "sms:failed", "sms:cancelled", "sms:data-received", "mms:received",
    "mms:downloaded", "system:ping", "app:started",
}  # fmt: skip
HEALTHY = {
    "status": "pass", "version": "1.60.0", "releaseId": 160,
    "checks": {"battery:level": {"status": "pass", "observedValue": 81, "observedUnit": "%", "description": ""}},
}  # fmt: skip


def bad(status: int, message: str) -> Reply:
    return Reply(status, {"message": message})


class FakePhone:
    """`cloud`: the same API under another base. `old`: an app without the newer paths."""

    def __init__(self, cloud: bool = False, old: bool = False) -> None:
        self.cloud, self.old = cloud, old
        self.messages: dict[str, dict[str, Any]] = {}
        self.left: list[str] = []  # ids in the order in which their SMS really went out
        self.inbox: list[dict[str, Any]] = []
        self.missed: list[dict[str, Any]] = []  # SMS on the phone that the app has not seen yet
        self.webhooks: dict[str, dict[str, Any]] = {}
        self.refreshed: list[dict[str, Any]] = []
        self.exported: list[dict[str, Any]] = []
        self.health: dict[str, Any] = HEALTHY
        self.access: set[str] = set()
        self.refresh: set[str] = set()
        self.issued: list[str] = []
        self.date = ""  # of the Date header
        self.refuse: dict[str, Reply] = {}  # "POST /messages" -> answered instead, once
        self.numbers = itertools.count(1)
        self.last_seen = datetime.now(UTC)
        self.wire: Wire

    @property
    def url(self) -> str:
        return self.wire.url + ("/3rdparty/v1" if self.cloud else "")

    def handle(self, asked: Asked) -> Reply:
        reply = self._handle(asked)
        return Reply(reply.status, reply.value, reply.body, {"Date": self.date} if self.date else {})

    def _handle(self, asked: Asked) -> Reply:
        path = asked.path.removeprefix("/3rdparty/v1") if self.cloud else asked.path
        if (refused := self.refuse.pop(f"{asked.method} {path}", None)) is not None:
            return refused
        if path == "/health" and not self.cloud:
            return Reply(500 if self.health.get("status") == "fail" else 200, self.health)
        if (denied := self._denied(asked, path)) is not None:
            return denied
        match [asked.method, *path.strip("/").split("/")]:
            case ["POST", "auth", "token", *more]:
                return self._token(asked, bool(more))
            case ["GET", "device" | "devices" as named]:
                return Reply(404) if self.old else self._devices(named)
            case ["POST", "messages", "inbox", "export"]:
                self.exported.append(asked.json())
                return Reply(202)
            case ["POST", "messages"]:
                return self._send(asked)
            case ["GET", "messages", name]:
                return Reply(value=self.messages[name]) if name in self.messages else Reply(404)
            case [_, "inbox", *more]:
                return Reply(404) if self.old else self._inbox(asked, more)
            case [method, "webhooks", *more]:
                return self._webhook(asked, method, more)
        raise AssertionError(f"the app has no {asked.method} {path}")

    def _denied(self, asked: Asked, path: str) -> Reply | None:
        basic = "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        given = asked.headers.get("authorization", "")
        if path == "/auth/token/refresh":
            known = given.removeprefix("Bearer ") in self.refresh
        else:
            known = given == basic or given.removeprefix("Bearer ") in self.access
        return None if known else bad(401, "Unauthorized")

    def _token(self, asked: Asked, refreshing: bool) -> Reply:
        if refreshing:
            self.refresh.discard(asked.headers["authorization"].removeprefix("Bearer "))
        else:
            body = asked.json()
            assert set(body) == {"scopes", "ttl"}
            assert set(body["scopes"]) <= SCOPES
            assert 0 < body["ttl"] <= 31_536_000
        number = next(self.numbers)
        access, refresh = f"access-{number}", f"refresh-{number}"
        self.access.add(access)
        self.refresh.add(refresh)
        self.issued.append("refreshed" if refreshing else "made")
        pair = {"access_token": access, "refresh_token": refresh} if not self.cloud else {
            "accessToken": access, "refreshToken": refresh}  # fmt: skip
        return Reply(200 if refreshing else 201, {"id": f"j{number}", "token_type": "Bearer", **pair})

    def _devices(self, named: str) -> Reply:
        assert named == ("devices" if self.cloud else "device")
        seen = self.last_seen.isoformat(timespec="milliseconds")
        cards = [{"slotIndex": 0, "simNumber": 1, "phoneNumber": "+50640000001", "carrierName": "Roja", "iccid": None}]
        phone = {"id": DEVICE, "name": "marca/modelo", "lastSeen": seen, "createdAt": seen, "updatedAt": seen}
        return Reply(value=[phone if self.cloud else phone | {"simCards": cards}])

    def _send(self, asked: Asked) -> Reply:
        body = asked.json()
        assert set(body) <= SEND, set(body) - SEND
        name = body.get("id") or f"own-{next(self.numbers)}"
        if (wrong := self._wrong(body, asked.query)) is not None:
            return bad(400, wrong)
        if name in self.messages:
            return bad(409, "Message with this ID already exists")
        people = [{"phoneNumber": number, "state": "Pending"} for number in body["phoneNumbers"]]
        self.messages[name] = {
            "id": name, "deviceId": DEVICE, "state": "Pending", "isHashed": False,
            "isEncrypted": body.get("isEncrypted", False), "recipients": people, "states": {}, "asked": body,
        }  # fmt: skip
        self.left.append(name)
        return Reply(202, {k: v for k, v in self.messages[name].items() if k != "asked"})

    def _wrong(self, body: Mapping[str, Any], query: Mapping[str, str]) -> str | None:
        assert len(body.get("id", "")) <= 36
        assert -128 <= body.get("priority", 0) <= 127
        if not 1 <= len(body["phoneNumbers"]) <= 100:
            return "Empty phone numbers list"
        if not body["textMessage"]["text"]:
            return "Text message is empty"
        if body.get("simNumber", 1) < 1:
            return "SIM number cannot be less than 1"
        if body.get("ttl") is not None and body.get("validUntil") is not None:
            return "fields conflict: ttl and validUntil"
        whole = all(re.fullmatch(r"\+[1-9][0-9]{6,14}", number) for number in body["phoneNumbers"])
        return None if whole or query.get("skipPhoneValidation") == "true" else "Invalid phone number in 12345678"

    def _inbox(self, asked: Asked, more: list[str]) -> Reply:
        if more == ["refresh"]:
            body = asked.json()
            assert instant(body["since"]) < instant(body["until"])
            assert set(body["messageTypes"]) <= {"SMS", "MMS"}
            self.refreshed.append(body)
            self.inbox += self.missed
            self.missed = []
            return Reply(202)
        assert asked.query["type"] == "SMS"
        since, until = instant(asked.query["from"]), instant(asked.query["to"])
        offset, limit = int(asked.query["offset"]), int(asked.query["limit"])
        assert 1 <= limit <= 500
        rows = sorted(self.inbox, key=lambda row: row["createdAt"], reverse=True)
        found = [row for row in rows if since <= instant(row["createdAt"]) <= until]
        return Reply(value=found[offset : offset + limit])

    def _webhook(self, asked: Asked, method: str, more: list[str]) -> Reply:
        if method == "GET":
            return Reply(value=list(self.webhooks.values()))
        if method == "DELETE":
            self.webhooks.pop(more[0], None)
            return Reply(204)
        body = asked.json()
        assert set(body) <= {"id", "url", "event", "deviceId"}
        assert body["event"] in EVENTS, body["event"]
        if not body["url"].startswith(("https://", "http://127.0.0.1")):
            return bad(400, "url must start with https:// or http://127.0.0.1")
        name = body.get("id") or f"w{next(self.numbers)}"
        self.webhooks[name] = {"id": name, "url": body["url"], "event": body["event"], "source": "Local"}
        return Reply(201, self.webhooks[name])

    def state(self, name: str, state: str, number: str = "", error: str | None = None) -> None:
        """The network did something with the message."""
        for each in self.messages[name]["recipients"]:
            if number in ("", each["phoneNumber"]):
                each["state"] = state
                each["error"] = error

    def gets(self, sender: str, text: str, at: datetime, number: int = -1234567) -> None:
        """An SMS that the app has written into its own list."""
        self.inbox.append({
            "id": f"text:{number}", "type": "SMS", "sender": sender, "recipient": None, "simNumber": 1,
            "contentPreview": text, "createdAt": at.isoformat(timespec="milliseconds"), "attachments": [],
        })  # fmt: skip


def instant(said: str) -> datetime:
    """Only as the app reads it: yyyy-MM-dd'T'HH:mm:ss[.SSS]XXX"""
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?(Z|[+-]\d\d:\d\d)", said), said
    return datetime.fromisoformat(said)


def envelope(event: str, payload: Any, name: str = "V1StGXR8_Z5jdHi6B-myT") -> bytes:
    """As gson writes it."""
    body = {"id": name, "webhookId": "c-1", "event": event, "deviceId": DEVICE, "payload": payload}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def knock(body: bytes, at: datetime, key: str = KEY) -> HookRequest:
    """Signed by the phone when its clock said `at`."""
    stamp = str(int(at.timestamp()))
    signature = hmac.digest(key.encode(), (body.decode() + stamp).encode(), "sha256").hex()
    headers = {"x-timestamp": stamp, "x-signature": signature, "content-type": "application/json"}
    return HookRequest(method="POST", body=body, headers=headers, received_at=at)


@contextlib.asynccontextmanager
async def phone(cloud: bool = False, old: bool = False) -> AsyncIterator[FakePhone]:
    made = FakePhone(cloud, old)
    async with serving(made.handle) as wire:
        made.wire = wire
        yield made
