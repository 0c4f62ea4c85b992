"""A notification, sealed for one browser (RFC 8188 and 8291), and the headers that go with it (RFC 8030, 5)."""

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import http_ece  # type: ignore[import-untyped]
import msgspec
from cryptography.hazmat.primitives.asymmetric import ec

from drivers.contract import N_, Limit, Outbound, SendError
from drivers.webpush.address import Address
from drivers.webpush.keys import CURVE, b64url
from drivers.webpush.settings import URGENCIES, WebpushSettings

CHANNEL = "push"
PLAIN_MAX = 3993  # what 4096 bytes hold once sealed (RFC 8291, 4)
CHOICES_MAX = 2
TTL_MAX = 2_419_200
LIMITS = {"text": Limit(bytes=3000), "choices": Limit(count=CHOICES_MAX)}
TOPIC = re.compile(r"[A-Za-z0-9_-]{1,32}")
EMPTY = N_("El aviso está vacío. Escriba algo.")
NO_FILES = N_("Un aviso no lleva archivos. Ponga un enlace.")
BIG = N_("El aviso es demasiado largo. Acórtelo.")
EXPIRED = N_("El aviso venció antes de enviarse.")
WRONG_OPTION = N_("La opción %(name)s del aviso no es válida.")


def plain(outbound: Outbound) -> bytes:
    """What the page's service worker gets. `tag` is our key: a notification that came twice shows once."""
    if outbound.channel != CHANNEL:
        raise SendError(True, "channel", N_("Esta conexión no lleva ese canal."))
    if outbound.attachments:
        raise SendError(True, "files", NO_FILES)
    if not (outbound.text or outbound.subject):
        raise SendError(True, "empty", EMPTY)
    body = msgspec.json.encode(_payload(outbound))
    if len(body) > PLAIN_MAX:
        raise SendError(True, "too_big", BIG)
    return body


def _payload(outbound: Outbound) -> Mapping[str, Any]:
    """A notification must have a title: a text alone is one."""
    title, body = (outbound.subject, outbound.text) if outbound.subject else (outbound.text, "")
    actions = [{"action": each.payload, "title": each.title} for each in outbound.choices[:CHOICES_MAX]]
    said = {
        "title": title, "body": body, "url": outbound.options.get("url", ""),
        "tag": outbound.options.get("tag", "") or outbound.key,
    }  # fmt: skip
    return said | ({"actions": actions} if actions else {})


def seal(body: bytes, address: Address) -> bytes:
    """A new pair of keys and a new salt for each message, as must be."""
    once = ec.generate_private_key(CURVE)
    sealed: bytes = http_ece.encrypt(
        body, private_key=once, dh=address.public, auth_secret=address.secret, version="aes128gcm"
    )
    return sealed


def headers(settings: WebpushSettings, outbound: Outbound, at: datetime) -> dict[str, str]:
    urgency = outbound.options.get("urgency", "") or settings.urgency
    if urgency not in URGENCIES:
        raise SendError(True, "option", WRONG_OPTION, name="urgency")
    return {
        "content-type": "application/octet-stream", "content-encoding": "aes128gcm", "urgency": urgency,
        "ttl": str(_ttl_s(settings, outbound, at)), "topic": _topic(outbound),
    }  # fmt: skip


def _ttl_s(settings: WebpushSettings, outbound: Outbound, at: datetime) -> int:
    asked = outbound.options.get("ttl", "") or str(settings.ttl_s)
    if not (asked.isascii() and asked.isdigit() and int(asked[:9]) <= TTL_MAX):
        raise SendError(True, "option", WRONG_OPTION, name="ttl")
    if outbound.expires_at is None:
        return int(asked)
    left_s = int((outbound.expires_at - at).total_seconds())
    if left_s <= 0:
        raise SendError(True, "expired", EXPIRED)
    return min(left_s, int(asked))


def _topic(outbound: Outbound) -> str:
    """What waits under the same topic is replaced (RFC 8030, 5.4): our key by default, so that twice is once."""
    asked = outbound.options.get("topic", "")
    if asked and not TOPIC.fullmatch(asked):
        raise SendError(True, "option", WRONG_OPTION, name="topic")
    return asked or b64url(hashlib.sha256(outbound.key.encode("utf-8", "replace")).digest()[:24])
