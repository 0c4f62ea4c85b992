"""An HTTP/1.1 server over a real socket that can misbehave at each step of an exchange."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import parse_qsl, urlsplit

import msgspec

Fault = Literal[
    "",
    "at_once",  # closes as soon as the connection is there
    "head",  # closes after the request's head, unread body or not
    "read",  # closes after the whole request
    "silence",  # reads all, never answers
    "half_head",  # answers half a head, then closes
    "half_body",  # answers a whole head and half a body, then closes
    "drip",  # a byte now and then, for ever
    "noise",  # answers what is not HTTP
]
FAULTS: tuple[Fault, ...] = ("at_once", "head", "read", "silence", "half_head", "half_body", "drip", "noise")


@dataclass(frozen=True)
class Asked:
    """A request as it came."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        return msgspec.json.decode(self.body)


@dataclass(frozen=True)
class Reply:
    """What to answer. `value` goes as JSON."""

    status: int = 200
    value: Any = None
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    def encode(self) -> tuple[bytes, bytes]:
        """Head and body."""
        body = self.body if self.value is None else msgspec.json.encode(self.value)
        said = {"Content-Type": "application/json", **self.headers, "Content-Length": str(len(body))}
        lines = [f"HTTP/1.1 {self.status} -", *(f"{k}: {v}" for k, v in said.items())]
        return "\r\n".join(lines).encode() + b"\r\n\r\n", body


Handler = Callable[[Asked], Reply]


class Wire:
    """`fault` holds for the next request only, or for all when `always`. What `handler` finds wrong fails the test."""

    def __init__(self, handler: Handler) -> None:
        self.handler = handler
        self.asked: list[Asked] = []
        self.wrong: list[Exception] = []
        self.fault: Fault = ""
        self.always = False
        self.port = 0
        self.secure = False
        self._news = asyncio.Event()
        self._ends: dict[asyncio.Task[Any], asyncio.StreamWriter] = {}

    @property
    def url(self) -> str:
        return f"{'https' if self.secure else 'http'}://127.0.0.1:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._ends[task] = writer
        try:
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
                while await self._exchange(reader, writer):
                    pass
        finally:
            del self._ends[task]
            writer.close()
            with contextlib.suppress(ConnectionError, ssl.SSLError):
                await writer.wait_closed()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """True when the connection may be used again."""
        if self.fault == "at_once":
            return self._spent("at_once")
        head = await reader.readuntil(b"\r\n\r\n")
        fault: Fault = self.fault
        if fault == "head":
            return self._spent(fault)
        asked = await _read(head, reader)
        self.asked.append(asked)
        self._spent(fault)
        self._news.set()
        return await self._answer(asked, fault, reader, writer)

    async def _answer(
        self, asked: Asked, fault: Fault, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        head, body = self._handled(asked).encode()
        match fault:
            case "":
                writer.write(head + body)
            case "silence":
                await reader.read()  # until the other side has had enough
            case "half_head":
                writer.write(head[: len(head) // 2])
            case "half_body":
                writer.write(head + body[: len(body) // 2])
            case "drip":
                await _drip(head, writer)
            case "noise":
                writer.write(b"\x15\x03\x00 what?\r\n\r\n")
        with contextlib.suppress(ConnectionError):
            await writer.drain()
        return not fault

    def _handled(self, asked: Asked) -> Reply:
        """What is wrong with a request is kept for the end of the test."""
        try:
            return self.handler(asked)
        except Exception as error:
            self.wrong.append(error)
            return Reply(500, {"error": {"message": "the peer saw nonsense", "code": 0}})

    def _spent(self, fault: Fault) -> bool:
        if fault and not self.always:
            self.fault = ""
        return False

    async def arrived(self, seconds: float = 5) -> None:
        """Until the next request is here."""
        self._news.clear()
        await asyncio.wait_for(self._news.wait(), seconds)

    @property
    def connections(self) -> int:
        return len(self._ends)

    async def close(self) -> None:
        """Ends all connections; returns when they are gone."""
        tasks = set(self._ends)
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=5)


async def _read(head: bytes, reader: asyncio.StreamReader) -> Asked:
    first, *rest = head.decode("latin-1").rstrip().split("\r\n")
    method, target, _version = first.split(" ")
    headers = {k.strip().lower(): v.strip() for k, _, v in (line.partition(":") for line in rest)}
    if headers.get("transfer-encoding") == "chunked":
        body = await _read_chunks(reader)
    else:
        body = await reader.readexactly(int(headers.get("content-length", "0")))
    parts = urlsplit(target)
    return Asked(method, parts.path, dict(parse_qsl(parts.query, keep_blank_values=True)), headers, body)


async def _read_chunks(reader: asyncio.StreamReader) -> bytes:
    body = b""
    while size := int(await reader.readline(), 16):
        body += await reader.readexactly(size)
        await reader.readline()
    await reader.readline()
    return body


async def _drip(head: bytes, writer: asyncio.StreamWriter) -> None:
    endless = head.rstrip() + b"\r\nX-More: "
    for at in range(100_000):
        writer.write(endless[at : at + 1] or b"x")
        await writer.drain()
        await asyncio.sleep(0.01)


@contextlib.asynccontextmanager
async def serving(handler: Handler, tls: ssl.SSLContext | None = None) -> AsyncIterator[Wire]:
    """A server on a port of its own; what it found wrong comes out at the end."""
    wire = Wire(handler)
    server = await asyncio.start_server(wire.serve, "127.0.0.1", 0, ssl=tls)
    wire.port, wire.secure = server.sockets[0].getsockname()[1], tls is not None
    try:
        yield wire
    finally:
        server.close()
        await wire.close()
    if wire.wrong:
        raise wire.wrong[0]
