"""A mailbox over IMAP: open it, see what is new, bring a message, mark it, move it, keep a copy, wait."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from imapclient import imap_utf7  # type: ignore[import-untyped]
from imapclient.exceptions import ProtocolError  # type: ignore[import-untyped]
from imapclient.response_parser import parse_fetch_response, parse_response  # type: ignore[import-untyped]

from drivers.contract import NeedsHuman, NotReady
from drivers.mail.session import Lost, No, Session
from drivers.mail.wire import Literal, Reply, string
from drivers.mail.words import FOLDER_STEPS, IN, NO_FOLDER

PREVIEW = 64 * 1024
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
SENT_NAMES = ("Sent", "Sent Items", "Sent Messages", "Enviados", "Elementos enviados", "Mensajes enviados")


@contextmanager
def spoken() -> Iterator[None]:
    """A broken connection as a sentence."""
    try:
        yield
    except (Lost, OSError, UnicodeError) as error:
        raise IN.trouble(error) from error
    except No as error:
        raise NotReady(IN.busy) from error


@dataclass(frozen=True)
class Selected:
    """What SELECT said; 0 where it said nothing."""

    validity: int
    next_uid: int
    readonly: bool


@dataclass(frozen=True)
class Brought:
    """A message as it lies on the server; `whole` is False when only its beginning was brought.

    `place` names it where nothing in it does: folder, validity, UID.
    """

    raw: bytes
    arrived: datetime | None
    size: int
    whole: bool = True
    place: str = ""


@dataclass
class Mailbox:
    """Verbs; each raises NotReady or NeedsHuman and nothing else."""

    session: Session
    read_max: int
    idles: bool = field(init=False)
    place: str = field(init=False, default="")

    def __post_init__(self) -> None:
        self.idles = self.can(b"IDLE")

    def can(self, capability: bytes) -> bool:
        return capability in self.session.capabilities

    async def select(self, folder: str) -> Selected:
        with spoken():
            try:
                replies = await self.session.command(b"SELECT", folder_name(folder))
            except No as error:
                if error.passing:
                    raise
                raise NeedsHuman(NO_FOLDER, FOLDER_STEPS) from error
        codes = dict(reply.code for reply in replies)
        validity = _number(codes.get(b"UIDVALIDITY"))
        self.place = f"{folder}/{validity}"
        return Selected(validity, _number(codes.get(b"UIDNEXT")), b"READ-ONLY" in codes)

    async def after(self, uid: int) -> list[int]:
        """UIDs above `uid`, rising. `n:*` always names the last message too (RFC 3501, 6.4.8)."""
        return [found for found in await self._search(b"UID %d:*" % (uid + 1)) if found > uid]

    async def since(self, day: date) -> list[int]:
        return await self._search(b"SINCE %d-%s-%d" % (day.day, MONTHS[day.month - 1].encode(), day.year))

    async def _search(self, criteria: bytes) -> list[int]:
        self.session.news = False  # whatever comes from here on may be missing in the answer
        with spoken():
            replies = await self.session.command(b"UID SEARCH", criteria)
        words = [word for reply in replies if reply.word == b"SEARCH" for word in reply.rest.split()]
        return sorted({int(word) for word in words if word.isdigit() and len(word) < 12})

    async def bring(self, uid: int) -> Brought | None:
        """None when it is gone. A message that the server cannot give comes as its header, or empty."""
        with spoken():
            facts = await self._fetch(uid, b"(UID RFC822.SIZE INTERNALDATE)")
            if facts is None:
                return None
            size, arrived = facts.get(b"RFC822.SIZE"), facts.get(b"INTERNALDATE")
            at = arrived.astimezone(UTC) if isinstance(arrived, datetime) else None
            return await self._content(uid, size if isinstance(size, int) else 0, at)

    async def _content(self, uid: int, size: int, at: datetime | None) -> Brought | None:
        """Some servers hold messages that they cannot read; the line must not stop at one."""
        whole, place = size <= self.read_max, f"{self.place}/{uid}"
        for what in (b"BODY.PEEK[]" if whole else b"BODY.PEEK[]<0.%d>" % PREVIEW, b"BODY.PEEK[HEADER]"):
            facts = await self._fetch(uid, b"(UID " + what + b")", size)
            if facts is None:
                return None
            if raw := _body(facts):
                return Brought(raw, at, size, whole and what == b"BODY.PEEK[]", place)
        return Brought(b"", at, size, whole=False, place=place)

    async def _fetch(self, uid: int, what: bytes, size: int = 0) -> dict[bytes, Any] | None:
        """None: there is no such message; empty: the server cannot give this of it."""
        try:
            replies = await self.session.command(b"UID FETCH", b"%d" % uid, what, size=size)
        except No:
            return {}
        chunks: list[Any] = [chunk for reply in replies if reply.word == b"FETCH" for chunk in reply.data]
        return _facts(chunks).get(uid)

    async def mark_seen(self, uid: int) -> None:
        with spoken():
            await self.session.command(b"UID STORE", b"%d" % uid, rb"+FLAGS.SILENT (\Seen)")

    async def move(self, uid: int, folder: str) -> None:
        """MOVE (RFC 6851); without it copy, mark and remove. A missing folder is made."""
        with spoken():
            try:
                await self._move(uid, folder)
            except No as error:
                if error.code != "TRYCREATE":
                    raise
                await self.session.command(b"CREATE", folder_name(folder))
                await self._move(uid, folder)

    async def _move(self, uid: int, folder: str) -> None:
        one = b"%d" % uid
        if self.can(b"MOVE"):
            await self.session.command(b"UID MOVE", one, folder_name(folder))
            return
        await self.session.command(b"UID COPY", one, folder_name(folder))
        await self.session.command(b"UID STORE", one, rb"+FLAGS.SILENT (\Deleted)")
        if self.can(b"UIDPLUS"):
            await self.session.command(b"UID EXPUNGE", one)
        elif await self._search(b"DELETED") == [uid]:  # a bare EXPUNGE takes what others marked, too
            await self.session.command(b"EXPUNGE")

    async def keep(self, raw: bytes, folder: str) -> bool:
        """APPEND a copy of what was sent, as read. False when the server will not have it."""
        with spoken():
            try:
                await self.session.command(
                    b"APPEND", folder_name(folder), rb"(\Seen)", Literal(raw), size=len(raw)
                )
            except No:
                return False
        return True

    async def sent_folder(self) -> str:
        """By special use (RFC 6154), else by its usual names; empty when there is none."""
        with spoken():
            replies = await self.session.command(b"LIST", b'""', b'"*"')
        folders = [_listed(reply) for reply in replies if reply.word == b"LIST"]
        named = [name for flags, name in folders if rb"\SENT" in flags]
        usual = [name for _flags, name in folders if name.replace("/", ".").rpartition(".")[2] in SENT_NAMES]
        return next(iter(named + usual), "")

    async def wait(self, idle_s: float, poll_s: float, wake: asyncio.Event) -> None:
        """Until there may be news or somebody wakes us."""
        with spoken():
            if self.session.news:
                return
            if self.idles:
                try:
                    return await self.session.idle(idle_s, wake)
                except No:
                    self.idles = False  # promised and not kept: ask from now on
            await self._poll(poll_s, wake)

    async def _poll(self, seconds: float, wake: asyncio.Event) -> None:
        try:
            async with asyncio.timeout(seconds):
                await wake.wait()
        except TimeoutError:
            await self.session.command(b"NOOP")

    async def leave(self) -> None:
        """The work is done; how the server says goodbye changes nothing."""
        with suppress(Lost, OSError):
            await self.session.logout()


def folder_name(folder: str) -> bytes | Literal:
    """Modified UTF-7 (RFC 3501, 5.1.3)."""
    return string(imap_utf7.encode(folder).decode("ascii"))


def _listed(reply: Reply) -> tuple[frozenset[bytes], str]:
    """Flags in upper case, name; a line that cannot be read is no folder."""
    chunks: list[Any] = [reply.rest if isinstance(reply.chunks[0], bytes) else (reply.rest, reply.chunks[0][1])]
    try:
        flags, _separator, name = parse_response([*chunks, *[c for c in reply.chunks[1:] if c]])
        words = frozenset(f.upper() for f in flags if isinstance(f, bytes)) if isinstance(flags, tuple) else frozenset()
        return words, imap_utf7.decode(name) if isinstance(name, bytes | str) else str(name)
    except (ProtocolError, ValueError, TypeError, UnicodeError):
        return frozenset(), ""


def _facts(chunks: list[Any]) -> dict[int, dict[bytes, Any]]:
    """Times come aware."""
    try:
        return dict(parse_fetch_response(chunks, normalise_times=False)) if chunks else {}
    except (ProtocolError, ValueError, TypeError, AttributeError, IndexError) as error:
        raise Lost("FETCH that cannot be read") from error


def _number(value: bytes | None) -> int:
    return int(value) if value and value.isdigit() and len(value) < 12 else 0


def _body(facts: dict[bytes, Any]) -> bytes:
    return next((v for k, v in facts.items() if k.startswith(b"BODY[") and isinstance(v, bytes)), b"")
