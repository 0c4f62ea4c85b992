"""Meta's webhooks: the handshake of a subscription and the signature of what comes.

GET  ?hub.mode=subscribe&hub.verify_token=T&hub.challenge=C   -> C as plain text, or 403
POST X-Hub-Signature-256: sha256=HEX, HMAC-SHA256 under the app's secret over the raw bytes. Never over JSON that was
read and written again: accents and emoji come escaped. Anything but 2xx is repeated for days.
Source: developers.facebook.com/docs/graph-api/webhooks/getting-started
"""

import hashlib
import hmac
import json
import math
from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec

from drivers.contract import HookReply, HookRequest

Parse = Callable[[Any, datetime], HookReply]  # the decoded body, and when it came


def answer(request: HookRequest, secret: str, verify_token: str, parse: Parse) -> HookReply:
    """What is not ours is refused before it is read. Without a secret nothing is believed."""
    if request.method == "GET":
        return _handshake(dict(request.query), verify_token)
    if request.method != "POST":
        return HookReply(status=405, body="use GET or POST")
    if not secret or not genuine(secret, request.body, request.headers.get("x-hub-signature-256", "")):
        return HookReply(status=401, body="bad signature")
    try:
        value = decode(request.body)
    except (ValueError, RecursionError):
        return HookReply(status=400, body="not readable")
    return parse(value, request.received_at)


def decode(body: bytes) -> Any:
    """JSON; half characters (lone surrogates of a cut emoji) become U+FFFD. Raises ValueError, RecursionError."""
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return _mended(json.loads(body, parse_constant=_no_number, parse_float=_finite))


def _no_number(said: str) -> None:
    raise ValueError(said)


def _finite(said: str) -> float | None:
    """JSON has no bound for numbers; what is beyond ours is nothing."""
    number = float(said)
    return number if math.isfinite(number) else None


def _mended(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {_mended(name): _mended(each) for name, each in value.items()}
    return [_mended(each) for each in value] if isinstance(value, list) else value


def sign(secret: str, body: bytes) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def genuine(secret: str, body: bytes, signature: str) -> bool:
    return _same(sign(secret, body), signature)


def _handshake(query: dict[str, str], verify_token: str) -> HookReply:
    known = verify_token and _same(verify_token, query.get("hub.verify_token", ""))
    if not known or query.get("hub.mode") != "subscribe":
        return HookReply(status=403, body="bad verify token")
    return HookReply(body=query.get("hub.challenge", ""))


def _same(ours: str, theirs: str) -> bool:
    """In constant time, whatever characters came."""
    return hmac.compare_digest(ours.encode(), theirs.encode("utf-8", "replace"))
