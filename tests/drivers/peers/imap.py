"""An IMAP server in small, strict about what it is told: real sockets, IDLE, literals, faults on demand (RFC 3501)."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from tests.drivers.peers.imap_store import Folder
from tests.drivers.peers.imap_talk import Talk
from tests.drivers.peers.mail_faults import Faults, Gone

ALL = "IMAP4rev1 IDLE MOVE UIDPLUS SPECIAL-USE"


@dataclass
class ImapPeer:
    """`nonsense` holds whatever no honest client would say: a test looks at it in the end."""

    tls: ssl.SSLContext | None = None
    starttls: bool = False
    capabilities: str = ALL
    folders: dict[str, Folder] = field(default_factory=lambda: {"INBOX": Folder(), "Sent": Folder(flags="\\Sent")})
    faults: Faults = field(default_factory=Faults)
    nonsense: list[str] = field(default_factory=list)
    readonly: bool = False
    login_answer: str = ""
    port: int = 0
    open: int = 0
    idling: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def inbox(self) -> Folder:
        return self.folders["INBOX"]

    @contextlib.asynccontextmanager
    async def serving(self) -> AsyncIterator["ImapPeer"]:
        tasks: set[asyncio.Task[None]] = set()

        async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task
            tasks.add(task)
            self.open += 1
            try:
                await Talk(self, reader, writer).run()
            except (Gone, ConnectionError, asyncio.IncompleteReadError, ssl.SSLError, asyncio.CancelledError):
                pass  # the client left, a fault says that we do, or the test is over
            except AssertionError as error:
                self.nonsense.append(str(error))
            finally:
                self.open -= 1
                tasks.discard(task)
                writer.transport.abort()

        at_once = self.tls if not self.starttls else None
        server = await asyncio.start_server(take, "127.0.0.1", self.port, ssl=at_once)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
