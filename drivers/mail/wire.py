"""IMAP on the wire, without a wire: bytes in, whole replies out; arguments in, bytes out (RFC 3501, section 9)."""

import re
from dataclasses import dataclass

LINE_MAX = 1 << 24  # a search may name a million messages
LITERAL = re.compile(rb"\{(\d{1,10})\+?\}$")
CODE = re.compile(rb"\[([A-Za-z0-9-]+)(?: ([^\]]*))?\]")
QUOTABLE = re.compile(r"[\x20-\x7e]*")

Chunk = bytes | tuple[bytes, bytes]


class Garbled(Exception):
    """What came is not IMAP, or more than is let in."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One whole reply. `chunks`: text, or (text that ends in {n}, the n bytes), as IMAPClient's parser wants them."""

    chunks: tuple[Chunk, ...]

    @property
    def line(self) -> bytes:
        first = self.chunks[0]
        return first if isinstance(first, bytes) else first[0]

    @property
    def tag(self) -> bytes:
        return self.line.partition(b" ")[0]

    @property
    def number(self) -> int | None:
        """3 of `* 3 EXISTS`."""
        words = self.line.split(b" ", 2)
        return int(words[1]) if len(words) > 1 and words[1].isdigit() and len(words[1]) < 20 else None

    @property
    def word(self) -> bytes:
        """EXISTS of `* 3 EXISTS`, OK of `a1 OK done`, in upper case."""
        words = self.line.split(b" ", 3)[1:]
        at = 1 if self.number is not None else 0
        return words[at].upper() if len(words) > at else b""

    @property
    def rest(self) -> bytes:
        """What follows the word, on the first line."""
        words = self.line.split(b" ", 3 if self.number is not None else 2)
        return words[-1] if len(words) > (3 if self.number is not None else 2) else b""

    @property
    def code(self) -> tuple[bytes, bytes]:
        """(b"UIDVALIDITY", b"7") of `* OK [UIDVALIDITY 7] text`; two empty ones where there is none."""
        found = CODE.match(self.rest)
        return (found[1].upper(), found[2] or b"") if found else (b"", b"")

    @property
    def text(self) -> str:
        """What the server says in words."""
        return CODE.sub(b"", self.rest, count=1).strip().decode("utf-8", "replace")

    @property
    def data(self) -> list[Chunk]:
        """For IMAPClient's FETCH parser: `1 (UID 7 ...`, literals apart."""
        head = b"%d " % (self.number or 0) + self.rest
        first = self.chunks[0]
        return [head if isinstance(first, bytes) else (head, first[1]), *self.chunks[1:]]


class Assembler:
    """Joins what arrives, in whatever pieces, into replies."""

    def __init__(self, literal_max: int) -> None:
        self.literal_max = literal_max
        self._buffer = bytearray()
        self._chunks: list[Chunk] = []
        self._line = b""
        self._missing = -1  # bytes of a literal that must still come; -1: a line is awaited

    @property
    def idle(self) -> bool:
        """Nothing half read."""
        return not (self._buffer or self._chunks or self._missing >= 0)

    def feed(self, data: bytes) -> list[Reply]:
        """The replies that are whole now. Raises Garbled."""
        self._buffer += data
        replies: list[Reply] = []
        while self._literal() if self._missing >= 0 else self._take_line(replies):
            pass
        return replies

    def _literal(self) -> bool:
        if len(self._buffer) < self._missing:
            return False
        self._chunks.append((self._line, bytes(self._buffer[: self._missing])))
        del self._buffer[: self._missing]
        self._missing = -1
        return True

    def _take_line(self, replies: list[Reply]) -> bool:
        end = self._buffer.find(b"\n")
        if end < 0 or end > LINE_MAX:
            if len(self._buffer) > LINE_MAX:
                raise Garbled("line too long")
            return False
        line = bytes(self._buffer[:end]).removesuffix(b"\r")
        del self._buffer[: end + 1]
        if opened := LITERAL.search(line):
            self._open(line, int(opened[1]))
        else:
            replies.append(Reply((*self._chunks, line)))
            self._chunks = []
        return True

    def _open(self, line: bytes, size: int) -> None:
        if size > self.literal_max:
            raise Garbled("literal too long")
        self._line, self._missing = line, size


@dataclass(frozen=True, slots=True)
class Literal:
    """An argument that is announced with its length."""

    content: bytes


def string(value: str) -> bytes | Literal:
    """A quoted string where that is possible. Raises ValueError for NUL, which IMAP cannot carry."""
    if "\0" in value:
        raise ValueError("NUL in an IMAP string")
    if QUOTABLE.fullmatch(value) and len(value) < 1000:
        return b'"' + value.replace("\\", "\\\\").replace('"', '\\"').encode("ascii") + b'"'
    return Literal(value.encode("utf-8"))


def pieces(tag: bytes, parts: tuple[bytes | Literal, ...]) -> list[bytes]:
    """The command cut where the server must first say `+` (synchronising literals)."""
    cut = [bytearray(tag)]
    for part in parts:
        cut[-1] += b" "
        if isinstance(part, Literal):
            cut[-1] += b"{%d}\r\n" % len(part.content)
            cut.append(bytearray(part.content))
        else:
            cut[-1] += part
    cut[-1] += b"\r\n"
    return [bytes(piece) for piece in cut]
