"""From a MIME tree to what a person reads and the files beside it."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import Message

from drivers.contract import Attachment
from drivers.mail import filenames, headers, plain
from drivers.mail.charsets import decode
from drivers.mail.policy import STUMBLES

PARTS_MAX = 500
DEPTH_MAX = 40
TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,100}/[a-z0-9!#$&^_.+-]{1,100}")
META = re.compile(rb"<meta[^>]{0,200}charset=[\"']?([A-Za-z0-9_-]{1,40})", re.I)


@dataclass
class Body:
    """Readable pieces in their order as (text, html), one of them perhaps empty; files; what could not be read."""

    pieces: list[tuple[str, str]] = field(default_factory=list)
    files: list[Attachment] = field(default_factory=list)
    broken: bool = False
    parts: int = 0

    def text(self) -> str:
        """After `tame`."""
        return plain.tidy("\n\n".join(text or plain.from_html(page) for text, page in self.pieces))

    def html(self) -> str:
        """Empty where nobody wrote HTML."""
        if not any(page for _text, page in self.pieces):
            return ""
        return "\n".join(page or plain.to_html(text) for text, page in self.pieces)

    def tame(self, clean: Callable[[str], str]) -> None:
        """Make all HTML harmless; of what cannot be made so, keep the words."""
        tamed = [(text, clean(page) if page else "") for text, page in self.pieces]
        self.pieces = [
            (text or ("" if kept else plain.stripped(page)), kept)
            for (text, kept), (_text, page) in zip(tamed, self.pieces, strict=True)
        ]


def body_of(message: Message) -> Body:
    body = Body()
    _take(message, body, 0)
    return body


def _take(part: Message, body: Body, depth: int) -> None:
    body.parts += 1
    body.broken |= bool(part.defects)
    if body.parts > PARTS_MAX or depth > DEPTH_MAX:
        body.broken = True
    elif part.get_content_maintype() == "multipart" and part.is_multipart():
        _take_several(part, body, depth)
    elif part.get_content_maintype() == "message" and part.is_multipart():
        body.files.append(_letter(part, len(body.files) + 1))
    elif part.get_content_type() in ("text/plain", "text/html") and not _is_file(part):
        _take_text(part, body)
    else:
        body.files.append(_file(part, len(body.files) + 1))


def _take_several(part: Message, body: Body, depth: int) -> None:
    children = [child for child in part.get_payload() if isinstance(child, Message)]
    if part.get_content_type() != "multipart/alternative":
        for child in children:
            _take(child, body, depth + 1)
        return
    ways = Body(parts=body.parts)
    for child in children:
        _take(child, ways, depth + 1)
    body.parts, body.files, body.broken = ways.parts, body.files + ways.files, body.broken or ways.broken
    text = next((t for t, _page in ways.pieces if t), "")
    page = next((p for _t, p in reversed(ways.pieces) if p), "")
    if text or page:
        body.pieces.append((text, page))


def _is_file(part: Message) -> bool:
    """Said to be one, named like one, or a message inside the message."""
    if part.get_content_maintype() == "message":
        return True
    disposition = _quietly(lambda: part.get_content_disposition() or "", "")
    return disposition == "attachment" or bool(filenames.said(part))


def _take_text(part: Message, body: Body) -> None:
    content = content_of(part)
    charset = _charset(part)
    if part.get_content_type() == "text/html":
        if not charset and (meta := META.search(content[:4096])):
            charset = meta[1].decode("ascii")
        piece = ("", decode(content, charset))
    else:
        piece = (_text(part, decode(content, charset)), "")
    if any(each.strip() for each in piece):
        body.pieces.append(piece)


def _text(part: Message, text: str) -> str:
    flowed = _quietly(lambda: str(part.get_param("format", "")), "").lower() == "flowed"
    delsp = _quietly(lambda: str(part.get_param("delsp", "")), "").lower() == "yes"
    return plain.unflow(text, delsp) if flowed else text


def _charset(part: Message) -> str:
    return _quietly(lambda: part.get_content_charset(""), "")


def _quietly(ask: Callable[[], str], otherwise: str) -> str:
    """A parameter of a broken Content-Type: the library raises where there is nothing to be had."""
    try:
        return ask()
    except STUMBLES:
        return otherwise


def content_of(part: Message) -> bytes:
    """Undone base64 and quoted-printable; as it lies there when that is impossible."""
    try:
        content = part.get_payload(decode=True)
    except STUMBLES:
        content = None
    if isinstance(content, bytes):
        return content
    kept = part.get_payload()
    return kept.encode("utf-8", "surrogateescape") if isinstance(kept, str) else b""


def _file(part: Message, nth: int) -> Attachment:
    content = content_of(part)
    return Attachment(
        media_type=media_type(part), name=filenames.of_part(part, nth), content=content, size=len(content),
        inline_id=headers.text(str(part.get("content-id", ""))).strip("<> "),
    )


def media_type(part: Message) -> str:
    said = part.get_content_type()
    return said if TYPE.fullmatch(said) else "application/octet-stream"


def _letter(part: Message, nth: int) -> Attachment:
    """A forwarded message, named by its subject."""
    inner = part.get_payload(0)
    content = inside(part)
    subject = headers.text(str(inner.get("subject", ""))) if isinstance(inner, Message) else ""
    kind = media_type(part)
    name = filenames.safe(filenames.said(part) or (f"{subject[:100]}.eml" if subject else ""), kind, nth)
    return Attachment(media_type=kind, name=name, content=content, size=len(content))


def inside(part: Message) -> bytes:
    """The bytes of the messages or header blocks that a message/* part holds."""
    found = part.get_payload()
    children = found if isinstance(found, list) else []
    return b"\n".join(_bytes(child) for child in children if isinstance(child, Message))


def _bytes(message: Message) -> bytes:
    try:
        return message.as_bytes()
    except STUMBLES:  # its boundary or charset cannot be written again
        head = "".join(f"{name}: {value}\n" for name, value in message.raw_items())
        return head.encode("utf-8", "surrogateescape") + b"\n" + content_of(message)
