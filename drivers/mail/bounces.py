"""Reports about what we sent: bounces, delays, deliveries (RFC 3464) and read receipts (RFC 8098), per recipient."""

import re
from collections.abc import Iterator
from datetime import datetime
from email.message import Message
from email.parser import BytesHeaderParser

from msgspec import structs

from drivers.contract import Status
from drivers.mail import bodies, codes, headers
from drivers.mail.policy import RAW

KEY_HEADER = "X-Centralita-Key"
ACTIONS = {"failed": "failed", "delayed": "failed", "delivered": "delivered", "relayed": "sent", "expanded": "sent"}
BY_CLASS = {"5": "failed", "4": "delayed", "2": "delivered"}
RETURNED = {
    "message/rfc822", "text/rfc822-headers", "message/rfc822-headers", "message/global", "message/global-headers",
}  # fmt: skip
CODE_MAX = 20


def statuses(message: Message, at: datetime) -> tuple[Status, ...]:
    """Empty when it is no report, or none that names a message."""
    reports = list(_parts(message))
    about, key = _about(message, reports)
    if not about and not key:
        return ()
    found = [_status(each, about, key, at) for part in reports for each in _recipients(part)]
    found += [_read(part, about, key, at) for part in reports]
    return tuple(status for status in found if status) or _old_style(message, about, key, at)


def _parts(message: Message) -> Iterator[Message]:
    """Down to the reports, not into the messages that they return."""
    if message.get_content_maintype() == "multipart" and message.is_multipart():
        children = [child for child in message.get_payload() if isinstance(child, Message)]
        for child in children[: bodies.PARTS_MAX]:
            yield from [child] if child.get_content_maintype() != "multipart" else _shallow(child)


def _shallow(message: Message) -> list[Message]:
    found = message.get_payload()
    return [child for child in found if isinstance(child, Message)] if isinstance(found, list) else []


def _about(message: Message, parts: list[Message]) -> tuple[str, str]:
    """(Message-ID, our key) of what the report speaks of."""
    for part in parts:
        if part.get_content_type() in RETURNED:
            head = BytesHeaderParser(policy=RAW).parsebytes(bodies.inside(part) or bodies.content_of(part))
            if message_id := headers.first_id(str(head.get("message-id", ""))):
                return message_id, headers.text(str(head.get(KEY_HEADER, "")))
    receipts = [part for part in parts if part.get_content_type() == "message/disposition-notification"]
    named = headers.ids(*[_field(_blocks(part), "original-message-id") for part in receipts])
    if not named and _reports(message):
        named = headers.ids(str(message.get("references", "")), str(message.get("in-reply-to", "")))
    return (named[-1] if named else ""), ""


def _reports(message: Message) -> bool:
    return message.get_content_type() == "multipart/report" or message.get("x-failed-recipients") is not None


def _blocks(part: Message) -> list[Message]:
    """A report's groups of fields, which an empty line divides."""
    raw = bodies.inside(part) or bodies.content_of(part)
    groups = re.split(rb"(?:\r?\n[ \t]*){2,}", raw.strip())
    return [BytesHeaderParser(policy=RAW).parsebytes(group) for group in groups[: headers.PEOPLE_MAX] if group]


def _field(blocks: list[Message], name: str) -> str:
    return next((str(block[name]) for block in blocks if block[name]), "")


def _recipients(part: Message) -> list[Message]:
    if part.get_content_type() not in ("message/delivery-status", "message/global-delivery-status"):
        return []
    return [block for block in _blocks(part) if block["final-recipient"] or block["original-recipient"]]


def _status(block: Message, about: str, key: str, at: datetime) -> Status | None:
    """One recipient's fate. The action decides; 4.4.7 with `failed` is final although it begins with a 4."""
    diagnosis = headers.text(str(block.get("diagnostic-code", "")))
    code = codes.enhanced(headers.text(str(block.get("status", "")))) or codes.enhanced(diagnosis)
    action = headers.text(str(block.get("action", ""))).lower() or BY_CLASS.get(code[:1], "")
    if action not in ACTIONS:
        return None
    failed = ACTIONS[action] == "failed"
    said = codes.sentence(code, codes.REFUSED if action == "failed" else codes.STILL_TRYING)
    return Status(
        state=ACTIONS[action], external_id=about, key=key, address=_address(block), at=at,  # type: ignore[arg-type]
        code=(code or action)[:CODE_MAX] if failed else "", final=action != "delayed",
        sentence=(said if action == "failed" else codes.STILL_TRYING) if failed else "",
    )


def _address(block: Message) -> str:
    """As it was written to first; aliases show themselves only in the final one."""
    for name in ("original-recipient", "final-recipient"):
        _kind, _, said = str(block.get(name, "")).rpartition(";")
        found = headers.people([said])
        if found:
            return found[0].address
    return ""


def _read(part: Message, about: str, key: str, at: datetime) -> Status | None:
    if part.get_content_type() != "message/disposition-notification":
        return None
    blocks = _blocks(part)
    if "displayed" not in headers.text(_field(blocks, "disposition")).lower().partition(";")[2]:
        return None
    return Status(state="read", external_id=about, key=key, address=_address(blocks[0]), at=at)


def _old_style(message: Message, about: str, key: str, at: datetime) -> tuple[Status, ...]:
    """Exim and others name the recipients in a header and report in prose."""
    failed = headers.people([str(message.get("x-failed-recipients", ""))])
    told = Status(state="failed", external_id=about, key=key, at=at, code="5.0.0", sentence=codes.REFUSED)
    return tuple(structs.replace(told, address=party.address) for party in failed)
