"""What the app tells by webhook: {"id", "webhookId", "event", "deviceId", "payload"}. Unknown events are harmless.

A received message is named by its hash and its instant: the app's hash has 32 bits only, and the same name comes from
its inbox (`text:` and the hash as a signed number), so that each way of learning of a message is one message.
"""

import base64
import binascii
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct

from drivers.contract import N_, Attachment, Inbound, Party, Status
from drivers.loose import as_object, iso, part, parts, text, whole
from drivers.smsgate.states import EVENTS, status

CHANNEL = "sms"
Given = Mapping[str, Any]
WANTED = (
    "sms:received", "sms:data-received", "sms:sent", "sms:delivered", "sms:failed", "sms:cancelled", "mms:received",
    "mms:downloaded", "system:ping", "app:started",
)  # fmt: skip
ENCRYPTED = re.compile(r"\$aes-256-cbc/pbkdf2-")
CIPHERED = N_("El texto llegó cifrado. Apague el cifrado (Encryption) en la aplicación del teléfono.")
BINARY = N_("Llegaron datos binarios, no un texto.")
MMS_WAITS = N_("Hay un mensaje multimedia sin descargar. Ábralo en el teléfono.")
STARTED = N_("La aplicación del teléfono se reinició.")


class Told(Struct, frozen=True, kw_only=True):
    """What a webhook brought. `started`: the app was away and may have missed something."""

    inbounds: tuple[Inbound, ...] = ()
    statuses: tuple[Status, ...] = ()
    started: bool = False


NOTHING = Told()


def read(given: Any) -> Told:
    """`given` is the decoded body, whatever it is."""
    body = as_object(given)
    event, payload = text(body, "event"), part(body, "payload")
    if ":batch:" in event:
        return _batch(event.replace(":batch", ""), payload)
    match event:
        case "app:started":
            return _started(body)
        case "sms:sent" | "sms:delivered" | "sms:failed" | "sms:cancelled":
            return _news(event, payload)
    return Told(inbounds=_arrived(event, payload))


def _batch(event: str, payload: Given) -> Told:
    found = (_arrived(event, each) for each in parts(payload, "messages"))
    return Told(inbounds=tuple(inbound for some in found for inbound in some))


def _started(body: Given) -> Told:
    name = text(body, "id")
    if not name:
        return Told(started=True)
    event = Inbound(external_id=f"event:{name}", channel=CHANNEL, kind="event", note=STARTED, automatic=True)
    return Told(started=True, inbounds=(event,))


def _news(event: str, payload: Given) -> Told:
    """The old app names the person `phoneNumber`, the new one `recipient`."""
    name, recipient = text(payload, "messageId"), text(payload, "recipient") or text(payload, "phoneNumber")
    at = next((found for field in TIMES if (found := iso(payload, field))), None)
    said = status(EVENTS[event], name, recipient, at, text(payload, "reason"))
    return Told(statuses=(said,)) if name and said else NOTHING


TIMES = ("sentAt", "deliveredAt", "failedAt", "cancelledAt")


def _arrived(event: str, payload: Given) -> tuple[Inbound, ...]:
    name, at = text(payload, "messageId"), iso(payload, "receivedAt")
    sender = text(payload, "sender") or text(payload, "phoneNumber")
    if not name:
        return ()
    match event:
        case "sms:received":
            return (received(name, sender, text(payload, "message"), at, payload),)
        case "sms:data-received":
            file = _decoded(text(payload, "data"), "application/octet-stream", f"datos-{name}.bin")
            files = (file,) if file else ()
            return (_inbound(f"data:{name}", sender, at, payload, attachments=files, note=BINARY, automatic=True),)
        case "mms:downloaded":
            return (_multimedia(name, sender, at, payload),)
        case "mms:received":
            return (_inbound(f"mms-notice:{name}", sender, at, payload, kind="event", note=MMS_WAITS),)
    return ()


def received(name: str, sender: str, said: str, at: datetime | None, payload: Given) -> Inbound:
    """A text message; `name` is the app's hash in hexadecimal."""
    note = CIPHERED if ENCRYPTED.match(said) else ""
    return _inbound(f"{name}@{_ms(at)}", sender, at, payload, text=said, note=note)


def _ms(at: datetime | None) -> str:
    return "" if at is None else str(round(at.timestamp() * 1000))


def _multimedia(name: str, sender: str, at: datetime | None, payload: Given) -> Inbound:
    """The words stand in `body`; a .smil only says how to lay out the rest."""
    found = (
        _decoded(text(each, "data"), text(each, "contentType"), text(each, "name") or f"mms-{whole(each, 'partId')}")
        for each in parts(payload, "attachments") if "smil" not in text(each, "contentType")
    )  # fmt: skip
    files = tuple(file for file in found if file)
    return _inbound(
        f"mms:{name}@{_ms(at)}", sender, at, payload, subject=text(payload, "subject"), text=text(payload, "body"),
        attachments=files,
    )  # fmt: skip


def _decoded(data: str, media_type: str, name: str) -> Attachment | None:
    try:
        content = base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError):
        return None
    if not content:
        return None
    media_type = media_type or "application/octet-stream"
    return Attachment(content=content, size=len(content), name=name, media_type=media_type)


def _inbound(external_id: str, sender: str, at: datetime | None, payload: Given, **more: Any) -> Inbound:
    """`to` is the number of the SIM, when the phone knows it. A sender may be a word, a short code, or hidden."""
    own = text(payload, "recipient")
    sim = whole(payload, "simNumber")
    raw = {"simNumber": sim} if sim is not None else None
    return Inbound(
        external_id=external_id, channel=CHANNEL, sent_at=at, raw=raw, sender=Party(address=sender) if sender else None,
        to=(Party(address=own),) if own else (), **more,
    )  # fmt: skip


def of_inbox(given: Given) -> Inbound | None:
    """A row of GET /inbox. Of a text message the preview is the whole text (IncomingMessagesService.toPreview)."""
    name, sender, at = text(given, "id"), text(given, "sender"), iso(given, "createdAt")
    digits = name.removeprefix("text:").removeprefix("-")
    if text(given, "type") != "SMS" or not (digits.isascii() and digits.isdigit() and len(digits) < 12):
        return None
    number = int(name.removeprefix("text:"))
    return received(f"{number & 0xFFFFFFFF:x}", sender, text(given, "contentPreview"), at, given)
