"""Webhooks of the app: X-Signature is the hexadecimal HMAC-SHA256, under the phone's key, of the raw body followed by
X-Timestamp (unix seconds). The stamp is made anew for each try, so an old one is a replay or a wrong clock.
"""

import hashlib
import hmac
from datetime import UTC, datetime

from drivers.contract import HookReply, HookRequest
from drivers.loose import decode
from drivers.smsgate.events import NOTHING, Told, read
from drivers.smsgate.settings import SmsgateSettings


def sign(key: str, body: bytes, stamp: str) -> str:
    return hmac.new(key.encode(), body + stamp.encode(), hashlib.sha256).hexdigest()


def genuine(key: str, request: HookRequest) -> bool:
    given = request.headers.get("x-signature", "").lower()
    wanted = sign(key, request.body, request.headers.get("x-timestamp", ""))
    return bool(key) and hmac.compare_digest(given.encode(), wanted.encode())


def age_s(request: HookRequest) -> float | None:
    """How long ago the phone's clock says that it was; negative from the future; None when it says nothing."""
    stamp = request.headers.get("x-timestamp", "")
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 11):
        return None
    return (request.received_at - datetime.fromtimestamp(int(stamp), UTC)).total_seconds()


def reply(settings: SmsgateSettings, request: HookRequest) -> tuple[HookReply, Told]:
    """The answer, and what was told. What is not from the phone, or is old, is refused before it is read."""
    if not genuine(settings.signing_key, request):
        return HookReply(status=403, body="bad signature"), NOTHING
    age = age_s(request)
    if age is None or abs(age) > settings.age_max_s:
        return HookReply(status=403, body="bad timestamp"), NOTHING
    given = decode(request.body)
    if not isinstance(given, dict):
        return HookReply(status=400, body="not readable"), NOTHING
    told = read(given)
    return HookReply(inbounds=told.inbounds, statuses=told.statuses), told
