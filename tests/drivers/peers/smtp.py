"""An SMTP server in small, strict about what it is told: TLS, STARTTLS, AUTH, SIZE, faults on demand (RFC 5321)."""

import asyncio
import base64
import contextlib
import re
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from tests.drivers.peers.imap_talk import PASSWORD, TOKEN, USER
from tests.drivers.peers.mail_faults import DROP, HALF, SILENCE, SLOW, SLOW_S, Faults, Gone, silence

PATH = re.compile(r"<([^<>\s]*)>(?: (.*))?")


@dataclass
class Delivered:
    """A message that was accepted."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes


@dataclass
class SmtpPeer:
    """`answers` refuses single addresses: address -> "550 5.1.1 no such user"."""

    tls: ssl.SSLContext | None = None
    starttls: bool = False
    size: int = 10_000_000
    methods: str = "PLAIN LOGIN XOAUTH2"
    for_all: bool = False  # takes mail from whoever comes, as a server that receives does
    answers: dict[str, str] = field(default_factory=dict)
    faults: Faults = field(default_factory=Faults)
    delivered: list[Delivered] = field(default_factory=list)
    nonsense: list[str] = field(default_factory=list)
    port: int = 0
    open: int = 0

    @contextlib.asynccontextmanager
    async def serving(self) -> AsyncIterator["SmtpPeer"]:
        tasks: set[asyncio.Task[None]] = set()

        async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task
            tasks.add(task)
            self.open += 1
            try:
                await _Talk(self, reader, writer).run()
            except (Gone, ConnectionError, asyncio.IncompleteReadError, ssl.SSLError, asyncio.CancelledError):
                pass  # the client left, a fault says that we do, or the test is over
            except AssertionError as error:
                self.nonsense.append(str(error))
            finally:
                self.open -= 1
                tasks.discard(task)
                writer.transport.abort()

        at_once = self.tls if not self.starttls else None
        server = await asyncio.start_server(take, "127.0.0.1", self.port, ssl=at_once, limit=1 << 20)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


@dataclass
class _Talk:
    """One connection."""

    peer: SmtpPeer
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    greeted: bool = False
    encrypted: bool = False
    logged_in: bool = False
    sender: str | None = None
    recipients: list[str] = field(default_factory=list)

    async def run(self) -> None:
        if said := await self._fault("GREETING"):
            self.say(said)
            return
        self.say("220 mail.oficina.example ESMTP")
        while True:
            line = (await self.reader.readuntil(b"\r\n"))[:-2].decode("ascii")
            verb, _, rest = line.partition(" ")
            said = await self._fault(verb.upper())
            if said:
                self.say(said)
            else:
                method = getattr(self, "do_" + verb.lower(), None)
                assert method, f"unknown: {line}"
                await method(rest)
            await self.writer.drain()

    async def _fault(self, command: str) -> str:
        what = self.peer.faults.take(command)
        if what == DROP:
            raise Gone
        if what == SILENCE:
            await silence(self.reader)
        if what == SLOW:
            await asyncio.sleep(SLOW_S)
            return ""
        if what == HALF:
            self.writer.write(b"250-half an ans")
            await self.writer.drain()
            raise Gone
        return what

    def say(self, *lines: str) -> None:
        for line in lines:
            self.writer.write(line.encode() + b"\r\n")

    async def do_ehlo(self, rest: str) -> None:
        assert re.fullmatch(r"[A-Za-z0-9.-]+", rest), rest
        self.greeted = True
        offers = [f"SIZE {self.peer.size}", "8BITMIME", "ENHANCEDSTATUSCODES"]
        if self.peer.starttls and not self.encrypted:
            offers.append("STARTTLS")
        else:
            offers.append(f"AUTH {self.peer.methods}")
        said = ["mail.oficina.example", *offers]
        self.say(*[f"250{'-' if nth < len(said) else ' '}{offer}" for nth, offer in enumerate(said, 1)])

    async def do_starttls(self, rest: str) -> None:
        assert self.peer.starttls
        assert not self.encrypted
        assert not rest
        self.say("220 go on")
        await self.writer.drain()
        assert self.peer.tls
        await self.writer.start_tls(self.peer.tls)
        self.encrypted, self.greeted = True, False

    async def do_auth(self, rest: str) -> None:
        assert self.greeted
        assert self.encrypted or not self.peer.starttls, "a password in the clear"
        method, _, proof = rest.partition(" ")
        assert method in self.peer.methods.split(), method
        said = base64.b64decode(proof).decode()
        if method == "LOGIN":
            said = f"\0{said}\0{await self._ask('Password:')}"
        wanted = f"user={USER}\1auth=Bearer {TOKEN}\1\1" if method == "XOAUTH2" else f"\0{USER}\0{PASSWORD}"
        if said == wanted:
            self.logged_in = True
            self.say("235 2.7.0 welcome")
            return
        if method == "XOAUTH2":
            self.say("334 " + base64.b64encode(b'{"status":"400"}').decode())
            assert await self.reader.readline() == b"\r\n"
        self.say("535 5.7.8 wrong")

    async def _ask(self, what: str) -> str:
        self.say("334 " + base64.b64encode(what.encode()).decode())
        return base64.b64decode(await self.reader.readline()).decode()

    async def do_mail(self, rest: str) -> None:
        path = PATH.fullmatch(rest.removeprefix("FROM:"))
        assert self.greeted
        assert rest.startswith("FROM:")
        assert path
        assert self.sender is None
        announced = re.search(r"SIZE=(\d+)", path[2] or "")
        if not self.logged_in and not self.peer.for_all:
            self.say("530 5.7.0 log in first")
        elif announced and int(announced[1]) > self.peer.size:
            self.say("552 5.3.4 too big")
        else:
            self.sender = path[1]
            self.say("250 2.1.0 ok")

    async def do_rcpt(self, rest: str) -> None:
        path = PATH.fullmatch(rest.removeprefix("TO:"))
        assert rest.startswith("TO:")
        assert path
        assert path[1]
        assert self.sender is not None
        if answer := self.peer.answers.get(path[1]):
            self.say(answer)
        else:
            self.recipients.append(path[1])
            self.say("250 2.1.5 ok")

    async def do_data(self, rest: str) -> None:
        assert not rest
        assert self.sender is not None
        assert self.recipients
        self.say("354 end with a dot")
        await self.writer.drain()
        if await self._fault("BODY"):
            raise Gone
        raw = await self._body()
        before = await self._fault("BEFORE_TAKEN")  # the dot came, the message is not stored
        if not before:
            self.peer.delivered.append(Delivered(self.sender, tuple(self.recipients), raw))
        self.sender, self.recipients = None, []
        after = before or await self._fault("TAKEN")  # stored, and the answer goes wrong
        self.say(after or "250 2.0.0 queued as 1A2B")

    async def _body(self) -> bytes:
        lines = []
        while (line := await self.reader.readuntil(b"\r\n")) != b".\r\n":
            assert len(line) <= 1000, "a line longer than RFC 5321 lets be"
            assert b"\r" not in line[:-2]
            assert b"\0" not in line
            lines.append(line[1:] if line.startswith(b".") else line)
        return b"".join(lines)

    async def do_rset(self, rest: str) -> None:
        assert not rest
        self.sender, self.recipients = None, []
        self.say("250 2.0.0 ok")

    async def do_quit(self, rest: str) -> None:
        assert not rest
        self.say("221 2.0.0 bye")
        await self.writer.drain()
        raise Gone
