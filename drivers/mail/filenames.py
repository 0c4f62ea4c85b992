"""File names of attachments: read from what is really sent (RFC 2231, encoded-words, raw bytes), made safe to keep."""

import mimetypes
import re
from email.message import Message
from email.utils import collapse_rfc2231_value
from urllib.parse import unquote_to_bytes

from drivers.mail import headers
from drivers.mail.charsets import decode, plain_line
from drivers.mail.policy import STUMBLES

NAME_MAX = 150
PLAIN = re.compile(r"""(?:file)?name\s*=\s*(?:"((?:[^"\\]|\\.){0,1000})"|([^\s;]{1,1000}))""", re.I)
UNSAFE = re.compile(r'[/\\:*?"<>|]')
PERCENT = re.compile(r"%[0-9A-Fa-f]{2}")


def of_part(part: Message, nth: int) -> str:
    """Never empty."""
    return safe(said(part), part.get_content_type(), nth)


def said(part: Message) -> str:
    """The name that the part gives itself; empty when it gives none."""
    for header, param in (("content-disposition", "filename"), ("content-type", "name")):
        if name := _param(part, header, param):
            return name
    return ""


def _param(part: Message, header: str, param: str) -> str:
    try:
        value = part.get_param(param, header=header)
        if isinstance(value, tuple):
            return _extended(value)
        return _simple(value or "")
    except STUMBLES:  # the library stumbles over broken RFC 2231 parts
        return _searched(str(part.get(header, "")))


def _extended(value: tuple[str | None, str | None, str]) -> str:
    """RFC 2231: percent signs are undone by the library, the charset is ours to judge."""
    charset, _language, said = value
    try:
        return decode(said.encode("latin-1"), charset)
    except UnicodeEncodeError:
        return collapse_rfc2231_value(value)


def _simple(value: str) -> str:
    """A plain parameter: often, against the rules, with encoded-words, raw bytes or percent signs in it."""
    if "''" in value and PERCENT.search(value):
        charset, _, rest = value.partition("'")
        return decode(unquote_to_bytes(rest.partition("'")[2]), charset)
    return headers.text(value)


def _searched(raw: str) -> str:
    found = PLAIN.search(headers.unfold(raw))
    return headers.text(re.sub(r"\\(.)", r"\1", found[1] or found[2] or "")) if found else ""


def safe(name: str, media_type: str, nth: int) -> str:
    """Without folders, control characters or a leading dot; with an ending where the type has one."""
    kept = UNSAFE.sub("_", plain_line(re.split(r"[/\\]", name)[-1])).strip(". ")
    stem, dot, ending = kept.rpartition(".")
    if not kept:
        return f"adjunto-{nth}{mimetypes.guess_extension(media_type) or '.bin'}"
    return kept if len(kept) <= NAME_MAX else f"{stem[: NAME_MAX - 12] or kept[: NAME_MAX - 12]}{dot}{ending[:10]}"
