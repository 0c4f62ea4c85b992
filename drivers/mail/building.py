"""From what the office wants said to the bytes of a message (RFC 5322, MIME). Injecting a header is impossible here:
every value is one clean line, and the library refuses line ends besides."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from pathlib import Path
from typing import Any

from drivers.contract import N_, Attachment, Outbound, SendError
from drivers.mail import addresses, filenames, headers, plain
from drivers.mail.bounces import KEY_HEADER
from drivers.mail.charsets import CONTROL, plain_line, storable
from drivers.mail.settings import MailSettings

NO_FILE = N_("No se encuentra el archivo %(name)s. Adjúntelo otra vez.")
EMPTY = N_("El mensaje está vacío. Escriba algo o adjunte un archivo.")
TOKEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,59}")
TYPE = re.compile(r"([a-z0-9][a-z0-9!#$&^_.+-]{0,63})/([a-z0-9][a-z0-9!#$&^_.+-]{0,63})")
AUTOMATIC = {"replied": "auto-replied", "generated": "auto-generated"}
REFERENCES_MAX = 20


class Unencoded(EmailPolicy):
    """The library writes words longer than a line as encoded-words; in these fields that would break them."""

    def fold_binary(self, name: str, value: Any) -> bytes:
        if name.lower() not in WHOLE:
            return super().fold_binary(name, value)
        return f"{name}: {(self.linesep + ' ').join(str(value).split())}{self.linesep}".encode("ascii", "replace")


WHOLE = {"message-id", "in-reply-to", "references", "list-unsubscribe"}
POLICY = Unencoded(linesep="\r\n", cte_type="7bit", raise_on_defect=False)


@dataclass(frozen=True)
class Built:
    """Ready to go. `recipients` is the envelope: those in bcc are there and nowhere else."""

    message_id: str
    raw: bytes
    recipients: tuple[str, ...]


def build(outbound: Outbound, settings: MailSettings, at: datetime) -> Built:
    """Raises SendError for what no server could deliver. Reads the attached files."""
    recipients = addresses.several(outbound.to, *outbound.cc, *outbound.bcc)
    if not recipients:
        raise SendError(True, "address", addresses.NOBODY)
    if not (outbound.text.strip() or outbound.html.strip() or outbound.attachments):
        raise SendError(True, "empty", EMPTY)
    message = EmailMessage(policy=POLICY)
    own = message_id(outbound.key, settings.address)
    _head(message, outbound, settings, own, at)
    _thread(message, outbound)
    _marks(message, outbound)
    _content(message, outbound)
    return Built(own, message.as_bytes(), recipients)


def message_id(key: str, address: str) -> str:
    """Ours from our key: the same at each try, so that a doubtful message can be recognised."""
    local = key if TOKEN.fullmatch(key) else hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()[:32]
    return f"<{local}@{addresses.envelope(address).rpartition('@')[2]}>"


def _head(message: EmailMessage, outbound: Outbound, settings: MailSettings, own: str, at: datetime) -> None:
    message["From"] = _party(settings.name, addresses.envelope(settings.address))
    message["To"] = [_party("", address) for address in addresses.several(outbound.to)]
    if outbound.cc:
        message["Cc"] = [_party("", address) for address in addresses.several(*outbound.cc)]
    if answers := outbound.options.get("reply_address", ""):
        message["Reply-To"] = [_party("", address) for address in addresses.several(answers)]
    message["Subject"] = plain_line(outbound.subject)
    message["Date"] = at
    message["Message-ID"] = own
    message[KEY_HEADER] = plain_line(outbound.key)[:100]


def _party(name: str, address: str) -> Address:
    return Address(display_name=plain_line(name), addr_spec=address)


def _thread(message: EmailMessage, outbound: Outbound) -> None:
    """RFC 5322, 3.6.4: the answered message is the last of the references."""
    answered = headers.first_id(outbound.reply_to)
    named = headers.ids(*outbound.references)
    if answered:
        message["In-Reply-To"] = answered
        named = (*[i for i in named if i != answered], answered)
    if named := tuple(i for i in named if i.isascii()):
        first, rest = named[:1], named[1:]
        message["References"] = " ".join([*first, *rest[-REFERENCES_MAX:]])


def _marks(message: EmailMessage, outbound: Outbound) -> None:
    """What tells other machines how to treat this: no answer by machine, one-click unsubscribe (RFC 8058)."""
    if said := AUTOMATIC.get(outbound.options.get("automatic", "")):
        message["Auto-Submitted"] = said
        message["X-Auto-Response-Suppress"] = "All"
    if link := plain_line(outbound.options.get("unsubscribe", "")).strip("<>"):
        message["List-Unsubscribe"] = f"<{link}>"
        if link.startswith("https://"):
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"


def _content(message: EmailMessage, outbound: Outbound) -> None:
    page = _body_text(outbound.html)
    text = _body_text(outbound.text) or plain.stripped(page)
    message.set_content(text)
    inline = [a for a in outbound.attachments if page and a.inline_id]
    if page:
        message.add_alternative(page, subtype="html")
        for nth, attachment in enumerate(inline, 1):
            _attach(message.get_payload(1), attachment, nth, inline=True)  # type: ignore[arg-type]
    for nth, attachment in enumerate((a for a in outbound.attachments if a not in inline), 1):
        _attach(message, attachment, nth)


def _body_text(text: str) -> str:
    return storable(CONTROL.sub("", text)).replace("\r\n", "\n").replace("\r", "\n")


def _attach(to: EmailMessage, attachment: Attachment, nth: int, inline: bool = False) -> None:
    main, sub = _type(attachment.media_type)
    content = _bytes(attachment)
    name = filenames.safe(attachment.name or Path(attachment.path).name, attachment.media_type, nth)
    if inline:
        cid = f"<{re.sub(r'[^A-Za-z0-9@._-]', '_', attachment.inline_id)[:100]}>"
        to.add_related(content, maintype=main, subtype=sub, cid=cid, filename=name, disposition="inline")
    else:
        to.add_attachment(content, maintype=main, subtype=sub, filename=name)


def _type(media_type: str) -> tuple[str, str]:
    """A composite type would need a part of its own kind; its bytes travel as a file."""
    found = TYPE.fullmatch(media_type.lower())
    if not found or found[1] in ("multipart", "message"):
        return "application", "octet-stream"
    return found[1], found[2]


def _bytes(attachment: Attachment) -> bytes:
    if attachment.content is not None:
        return attachment.content
    try:
        return Path(attachment.path).read_bytes()
    except OSError as error:
        raise SendError(True, "file", NO_FILE, name=attachment.name or Path(attachment.path).name) from error
