"""Header fields as people's programs really write them: raw 8-bit, broken encoded-words, no date, no name.

The fields come as `email` with its compat32 policy keeps them: ASCII with surrogates for raw bytes. The newer policy
parses each field while it is read and raises on some that are broken, so it is not used on what arrives.
"""

import base64
import binascii
import quopri
import re
from datetime import UTC, datetime
from email.utils import getaddresses, parsedate_to_datetime

from drivers.contract import Party
from drivers.mail.charsets import decode, plain_line

FIELD_MAX = 100_000
PEOPLE_MAX = 500
IDS_MAX = 100
WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
BETWEEN = re.compile(r"(\?=)\s+(?==\?[^?\s]{1,60}\?[bBqQ]\?)")
MESSAGE_ID = re.compile(r"<([^<>\s]{1,900})>")
ADDRESS = re.compile(r"[^\s<>()\",;:]+@[^\s<>()\",;:]+")


def text(raw: str) -> str:
    """A field's text, its encoded-words (RFC 2047) decoded where they can be, on one line."""
    value = BETWEEN.sub(r"\1", unfold(raw))
    pieces, at = [], 0
    for run in re.finditer(rf"(?:{WORD.pattern})+", value):
        pieces += [_raw_text(value[at : run.start()]), _words(run[0])]
        at = run.end()
    return plain_line("".join([*pieces, _raw_text(value[at:])]))


def unfold(raw: str) -> str:
    return re.sub(r"\r?\n[ \t]?|\r", " ", raw[:FIELD_MAX])


def _raw_text(value: str) -> str:
    return value if value.isascii() else decode(value.encode("utf-8", "surrogateescape"))


def _words(run: str) -> str:
    """Adjacent words: a character may be cut between two of them, so bytes of one charset are joined first."""
    joined: list[tuple[str, bytes]] = []
    for charset, how, content in WORD.findall(run):
        charset = charset.partition("*")[0].lower()  # RFC 2231, 5: a language may follow
        content = _word_bytes(how.lower(), content)
        if joined and joined[-1][0] == charset:
            content = joined.pop()[1] + content
        joined.append((charset, content))
    return "".join(decode(content, charset) for charset, content in joined)


def _word_bytes(how: str, content: str) -> bytes:
    plain = content.encode("utf-8", "surrogateescape")
    if how == "q":
        return quopri.decodestring(plain, header=True)
    kept = re.sub(rb"[^A-Za-z0-9+/]", b"", plain)
    try:
        return base64.b64decode(kept + b"=" * (-len(kept) % 4))
    except binascii.Error:  # one letter too many: the rest is whole
        return base64.b64decode(kept[: len(kept) // 4 * 4])


def people(fields: list[str]) -> tuple[Party, ...]:
    """Everybody named in the fields, once each, the address in lower case where that is safe (its domain)."""
    found: dict[str, Party] = {}
    for raw in fields:
        for name, address in _addresses(unfold(raw)):
            if address and len(found) < PEOPLE_MAX:
                found.setdefault(address, Party(address=address, name=text(name)))
    return tuple(found.values())


def _addresses(raw: str) -> list[tuple[str, str]]:
    """(raw name, address). What the strict reader refuses is searched for anything that looks like an address."""
    try:
        pairs = [(name, _tidy(address)) for name, address in getaddresses([raw])]
    except (IndexError, ValueError, TypeError, RecursionError):  # its old parser, on comments that never close
        pairs = []
    good = [(name, address) for name, address in pairs if address]
    return good or [("", _tidy(found)) for found in ADDRESS.findall(raw)]


def _tidy(address: str) -> str:
    """Empty when it is none."""
    address = plain_line(_raw_text(address)).replace(" ", "")
    local, at, domain = address.rpartition("@")
    return f"{local}@{domain.lower()}" if at and local and domain and len(address) <= 320 else ""


def when(raw: str) -> datetime | None:
    """Aware UTC; None where there is no date that a calendar knows."""
    try:
        said = parsedate_to_datetime(unfold(raw).strip())
        return (said if said.tzinfo else said.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def ids(*fields: str) -> tuple[str, ...]:
    """Message-IDs in angle brackets, once each, the last ones where there are too many."""
    found = (f"<{plain_line(_raw_text(i))}>" for raw in fields for i in MESSAGE_ID.findall(unfold(raw)))
    return tuple(dict.fromkeys(found))[-IDS_MAX:]


def first_id(raw: str) -> str:
    """The first Message-ID of a field; empty when there is none."""
    return next(iter(ids(raw)), "")
