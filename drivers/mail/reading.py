"""One raw message as the office takes it. Never raises, whatever the bytes."""

import hashlib
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import Message
from email.parser import BytesHeaderParser

from drivers.contract import N_, Attachment, Inbound, Party, Status, now
from drivers.mail import automatic, bodies, bounces, headers, html, plain
from drivers.mail.bodies import Body
from drivers.mail.mailbox import Brought
from drivers.mail.marks import Marks, fingerprint
from drivers.mail.policy import RAW
from drivers.mail.settings import MailSettings

log = logging.getLogger(__name__)
CHANNEL = "email"
TEXT_MAX = 500_000
SKEW = timedelta(days=1)

CUT = N_("El mensaje es muy grande: se trajo solo el comienzo. Los archivos están en el correo.")
NOT_GIVEN = N_("El servidor no pudo entregar este mensaje. Ábralo en el correo.")
BROKEN = N_("El mensaje llegó dañado: puede faltar una parte. El original está en el correo.")
UNREADABLE = N_("Este mensaje no se pudo leer. Va entero como archivo.")


@dataclass(frozen=True)
class Letter:
    """A message, and the news about others that it carries."""

    inbound: Inbound
    statuses: tuple[Status, ...] = ()


def letter(brought: Brought, settings: MailSettings, marks: Marks) -> Letter:
    """`parse`; a message that breaks it comes whole as a file, so that it neither is lost nor stops the line."""
    try:
        return parse(brought, settings, marks)
    except Exception as error:
        log.exception("a message could not be read", exc_info=type(error)(""))
        return _unread(brought)


def _unread(brought: Brought) -> Letter:
    whole = Attachment(media_type="message/rfc822", name="mensaje.eml", content=brought.raw, size=len(brought.raw))
    return Letter(
        Inbound(external_id=_made_id(brought), channel=CHANNEL, sent_at=brought.arrived, attachments=(whole,),
                note=UNREADABLE, automatic=True)
    )  # fmt: skip


def parse(brought: Brought, settings: MailSettings, marks: Marks) -> Letter:
    message, too_deep = _tree(brought.raw)
    body = Body(pieces=[(_prose(brought.raw), "")], broken=True) if too_deep else bodies.body_of(message)
    body.tame(lambda page: html.clean(page, settings.remote_images))
    sender = _sender(message)
    address = sender.address if sender else ""
    reports = bounces.statuses(message, _sent_at(message, brought.arrived) or now())
    own = address.casefold() == settings.address.casefold()
    inbound = Inbound(
        external_id=_external_id(message, brought, marks), channel=CHANNEL, sender=sender,
        kind="event" if reports else "echo" if own and _filed(message) else "message",
        to=headers.people(_fields(message, "to")), copies=headers.people(_fields(message, "cc")),
        conversation=_conversation(message), sent_at=_sent_at(message, brought.arrived),
        subject=headers.text(_field(message, "subject")), text=body.text()[:TEXT_MAX], html=body.html(),
        attachments=tuple(body.files) if brought.whole else (), reply_to=_reply_to(message, reports),
        references=headers.ids(_field(message, "references")), note=_note(brought, body),
        automatic=own or automatic.is_automatic(message, address),
    )  # fmt: skip
    return Letter(inbound, reports)


def _tree(raw: bytes) -> tuple[Message, bool]:
    """The MIME tree; only its head, and True, when somebody nested it deeper than the library can follow."""
    try:
        return message_from_bytes(raw, policy=RAW), False
    except RecursionError:
        return BytesHeaderParser(policy=RAW).parsebytes(raw), True


def _prose(raw: bytes) -> str:
    return plain.tidy(raw.partition(b"\n\n")[2][:TEXT_MAX].decode("utf-8", "replace").replace("\0", ""))


def _field(message: Message, name: str) -> str:
    return str(message.get(name, ""))


def _fields(message: Message, name: str) -> list[str]:
    return [str(value) for value in message.get_all(name, [])]


def _filed(message: Message) -> bool:
    """Laid into a folder by one of our programs; what travelled may say any From, so it is no word of ours."""
    return message.get("received") is None


def _sender(message: Message) -> Party | None:
    """From; without it whoever else is named. Where answers should go instead comes in `also`."""
    for name in ("from", "sender", "reply-to", "return-path"):
        if found := headers.people(_fields(message, name)):
            answers = tuple(p.address for p in headers.people(_fields(message, "reply-to")))
            also = tuple(a for a in answers if a.casefold() != found[0].address.casefold())
            return Party(address=found[0].address, name=found[0].name, also=also)
    return None


def _sent_at(message: Message, arrived: datetime | None) -> datetime | None:
    """The sender's clock, unless it is missing or from the future."""
    said = headers.when(_field(message, "date"))
    if said is None or said.year < 1980:
        return arrived
    return arrived if arrived and said > arrived + SKEW else said


def _own_id(message: Message) -> str:
    return headers.first_id(_field(message, "message-id"))


def _external_id(message: Message, brought: Brought, marks: Marks) -> str:
    """A Message-ID that two different messages carry is told apart by who wrote when."""
    own = _own_id(message)
    if not own:
        return _made_id(brought)
    written = _field(message, "date") or _field(message, "received")
    return marks.name(own, fingerprint(_field(message, "from"), written))


def _made_id(brought: Brought) -> str:
    """For a message that has none: the same bytes give the same id; without bytes, the same place."""
    named = hashlib.sha256(brought.raw or brought.place.encode()).hexdigest()[:32]
    return f"<{named}@sin-id.invalid>"


def _reply_to(message: Message, reports: tuple[Status, ...]) -> str:
    if reports:
        return reports[0].external_id
    answered = headers.first_id(_field(message, "in-reply-to"))
    return answered or next(reversed(headers.ids(_field(message, "references"))), "")


def _conversation(message: Message) -> str:
    """The Message-ID that the thread began with, as far as this message tells."""
    named = headers.ids(_field(message, "references")) or headers.ids(_field(message, "in-reply-to"))
    return named[0] if named else _own_id(message)


def _note(brought: Brought, body: Body) -> str:
    if not brought.raw:
        return NOT_GIVEN
    if not brought.whole:
        return CUT
    return BROKEN if body.broken else ""
