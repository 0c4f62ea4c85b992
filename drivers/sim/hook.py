"""Webhooks of the simulated line: the handshake and signature that the great providers use, in small.

GET ?token=KEY&challenge=X answers X. POST carries {"messages": [...], "statuses": [...]} and the header
`x-signature: sha256=HEX`: HMAC-SHA256 under the key over `x-timestamp` (unix seconds), a dot and the raw body.
"""

import hashlib
import hmac
from datetime import UTC, datetime

import msgspec

from drivers.contract import HookReply, HookRequest, Inbound, Party, Status
from drivers.sim.settings import SimSettings

AGE_MAX_S = 300
STATES = ("accepted", "sent", "delivered", "read", "failed")


class Message(msgspec.Struct, frozen=True):
    """As it comes over the web."""

    id: str
    sender: str
    text: str = ""
    name: str = ""


class News(msgspec.Struct, frozen=True):
    """As it comes over the web."""

    id: str
    state: str


class Body(msgspec.Struct, frozen=True):
    """As it comes over the web."""

    messages: tuple[Message, ...] = ()
    statuses: tuple[News, ...] = ()


def sign(key: str, timestamp: str, body: bytes) -> str:
    return "sha256=" + hmac.new(key.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def reply(settings: SimSettings, request: HookRequest) -> HookReply:
    """Verify, then parse. What is not ours is refused before it is read."""
    if not settings.key:
        return HookReply(status=403, body="no key is set")
    if request.method == "GET":
        return _handshake(settings.key, dict(request.query))
    if not _genuine(settings.key, request):
        return HookReply(status=403, body="bad signature")
    try:
        body = msgspec.json.decode(request.body, type=Body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return HookReply(status=400, body="not readable")
    return HookReply(inbounds=_inbounds(settings, body), statuses=_statuses(body))


def _handshake(key: str, query: dict[str, str]) -> HookReply:
    if not hmac.compare_digest(query.get("token", "").encode(), key.encode()):
        return HookReply(status=403, body="bad token")
    return HookReply(body=query.get("challenge", ""))


def _genuine(key: str, request: HookRequest) -> bool:
    timestamp = request.headers.get("x-timestamp", "")
    wanted = sign(key, timestamp, request.body)
    given = request.headers.get("x-signature", "")
    return hmac.compare_digest(given.encode(), wanted.encode()) and _fresh(timestamp, request.received_at)


def _fresh(timestamp: str, at: datetime) -> bool:
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 11):
        return False
    return abs((at - datetime.fromtimestamp(int(timestamp), UTC)).total_seconds()) <= AGE_MAX_S


def _inbounds(settings: SimSettings, body: Body) -> tuple[Inbound, ...]:
    me = (Party(address=settings.number),)
    return tuple(
        Inbound(external_id=m.id, channel="sim", sender=Party(address=m.sender, name=m.name), to=me, text=m.text)
        for m in body.messages
    )


def _statuses(body: Body) -> tuple[Status, ...]:
    known = [n for n in body.statuses if n.state in STATES]
    return tuple(msgspec.convert({"external_id": n.id, "state": n.state}, Status) for n in known)
