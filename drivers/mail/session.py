"""One IMAP connection: commands, their answers, and waiting for news (IDLE, RFC 2177)."""

import asyncio
import itertools
import ssl
from dataclasses import dataclass

from drivers.mail.wire import Assembler, Garbled, Literal, Reply, pieces

READ = 1 << 18
SLOWEST = 20  # a whole command may take so many patiences, each single wait one
PASSING = {"UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG", "CONTACTADMIN"}  # RFC 5530, 3
POOR_LINE = 32_000  # bytes/s


class Lost(Exception):
    """The connection is gone, silent or speaks nonsense."""


class No(Exception):
    """The server refused a command. `code` is the response code of RFC 5530, or empty."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.text)
        self.code = reply.code[0].decode("ascii", "replace")

    @property
    def passing(self) -> bool:
        """What was asked may be right: ask again later."""
        return self.code in PASSING


@dataclass
class Session:
    """Speaks tagged commands, one at a time. `news` is set whenever the server speaks of new messages."""

    reader: asyncio.StreamReader
    transport: asyncio.Transport
    assembler: Assembler
    patience_s: float
    capabilities: frozenset[bytes] = frozenset()
    news: bool = False

    def __post_init__(self) -> None:
        self._tags = itertools.count(1)
        self._ready: list[Reply] = []
        self._wait_s = self.patience_s

    async def command(self, *parts: bytes | Literal, size: int = 0) -> list[Reply]:
        """The untagged replies, then the tagged one at the end; `size` bytes travel. Raises No, Lost, TimeoutError."""
        async with asyncio.timeout(self.patience_s * SLOWEST + size / POOR_LINE):
            tag = self._tag()
            first, *more = pieces(tag, parts)
            self._write(first)
            for piece in more:
                await self._until_plus(tag)
                self._write(piece)
            return await self._until_tagged(tag)

    async def authenticate(self, mechanism: bytes, proof: bytes) -> list[Reply]:
        """One SASL exchange; an error that comes as a challenge is answered with an empty line (XOAUTH2)."""
        async with asyncio.timeout(self.patience_s * SLOWEST):
            tag = self._tag()
            self._write(tag + b" AUTHENTICATE " + mechanism + b"\r\n")
            await self._until_plus(tag)
            self._write(proof + b"\r\n")
            return await self._until_tagged(tag, answer=b"\r\n")

    async def idle(self, seconds: float, wake: asyncio.Event) -> None:
        """Until the mailbox has news, `seconds` are over, or somebody wakes us. Raises No, Lost, TimeoutError."""
        tag = self._tag()
        self._write(tag + b" IDLE\r\n")
        await self._until_plus(tag)
        await self._wait(seconds, wake)
        self._write(b"DONE\r\n")
        async with asyncio.timeout(self.patience_s * SLOWEST):
            await self._until_tagged(tag)

    async def _wait(self, seconds: float, wake: asyncio.Event) -> None:
        awake = asyncio.create_task(wake.wait())
        try:
            async with asyncio.timeout(seconds):
                while not self.news and not awake.done():
                    await self._hear_or(awake)
        except TimeoutError:
            return
        finally:
            awake.cancel()

    async def _hear_or(self, awake: asyncio.Task[bool]) -> None:
        """One more piece from the server, or awake. A cancelled read loses nothing: it is still in the reader.

        It is waited for even so: the reader serves one at a time.
        """
        reading = asyncio.create_task(self.reader.read(READ))
        try:
            await asyncio.wait({reading, awake}, return_when=asyncio.FIRST_COMPLETED)
            if reading.done():
                self._take(reading.result())
        except OSError as error:
            raise Lost(str(error)) from error
        finally:
            reading.cancel()
            await asyncio.wait({reading})

    async def next(self) -> Reply:
        """The next reply; each piece of it may take the patience."""
        while not self._ready:
            try:
                async with asyncio.timeout(self._wait_s):
                    data = await self.reader.read(READ)
            except TimeoutError:
                raise
            except OSError as error:
                raise Lost(str(error)) from error
            self._take(data)
        return self._ready.pop(0)

    def _take(self, data: bytes) -> None:
        if not data:
            raise Lost("closed by the server")
        try:
            replies = self.assembler.feed(data)
        except Garbled as error:
            raise Lost(str(error)) from error
        for reply in replies:
            self._notice(reply)
        self._ready += replies

    def _notice(self, reply: Reply) -> None:
        """What is told in passing, whatever was asked."""
        if reply.tag == b"*" and reply.word in (b"EXISTS", b"RECENT"):
            self.news = True
        if reply.tag == b"*" and reply.word == b"CAPABILITY":
            self.capabilities = frozenset(reply.rest.upper().split())
        elif reply.code[0] == b"CAPABILITY":
            self.capabilities = frozenset(reply.code[1].upper().split())

    async def _until_plus(self, tag: bytes) -> None:
        while (reply := await self.next()).tag != b"+":
            if reply.tag == tag:
                raise No(reply)
            self._farewell(reply)

    async def _until_tagged(self, tag: bytes, answer: bytes = b"") -> list[Reply]:
        heard: list[Reply] = []
        while (reply := await self.next()).tag != tag:
            if reply.tag == b"+" and answer:
                self._write(answer)
            self._farewell(reply)
            heard.append(reply)
        if reply.word != b"OK":
            raise No(reply)
        return [*heard, reply]

    def _farewell(self, reply: Reply) -> None:
        if reply.tag == b"*" and reply.word == b"BYE":
            raise Lost(reply.text)

    def _tag(self) -> bytes:
        return b"c%d" % next(self._tags)

    def _write(self, data: bytes) -> None:
        if self.transport.is_closing():
            raise Lost("closed")
        self._wait_s = self.patience_s + len(data) / POOR_LINE
        self.transport.write(data)

    async def start_tls(self, tls: ssl.SSLContext, host: str) -> None:
        """What somebody slipped in before the encryption is not read after it (RFC 3501, 6.2.1)."""
        await self.command(b"STARTTLS")
        if self._ready or not self.assembler.idle:
            raise Lost("data before TLS")
        self.reader = asyncio.StreamReader()
        protocol = asyncio.StreamReaderProtocol(self.reader)
        upgraded = await asyncio.get_running_loop().start_tls(
            self.transport, protocol, tls, server_hostname=host, ssl_handshake_timeout=self.patience_s
        )
        if upgraded is None:
            raise Lost("closed while TLS began")
        self.transport = upgraded
        protocol.connection_made(upgraded)
        self.capabilities = frozenset()

    async def logout(self) -> None:
        """Politely, where there is time for it."""
        tag = self._tag()
        self._write(tag + b" LOGOUT\r\n")
        async with asyncio.timeout(self.patience_s):
            while (await self.next()).tag != tag:
                pass

    def abort(self) -> None:
        """Gone at once, whatever the server thinks of it."""
        self.transport.abort()


async def open_session(
    host: str, port: int, tls: ssl.SSLContext | None, *, patience_s: float, literal_max: int
) -> Session:
    """Connected, not greeted. Raises OSError (ssl.SSLError and TimeoutError among them)."""
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(patience_s):
        transport, _ = await loop.create_connection(
            lambda: asyncio.StreamReaderProtocol(reader), host, port, ssl=tls,
            ssl_handshake_timeout=patience_s if tls else None,
        )
    return Session(reader, transport, Assembler(literal_max), patience_s)
