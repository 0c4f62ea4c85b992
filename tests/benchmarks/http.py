"""A small HTTP/1.1 client on bare asyncio streams: the load must cost less than what it measures."""

import asyncio
from dataclasses import dataclass, field


class BadAnswer(Exception):
    """The server closed early or answered what is not HTTP/1.1 with a length."""


@dataclass(frozen=True)
class Request:
    """One request, encoded once and sent many times."""

    path: str = "/"
    method: str = "GET"
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    def encode(self) -> bytes:
        headers = {"Host": "127.0.0.1", **self.headers}
        if self.body or self.method not in ("GET", "HEAD"):
            headers["Content-Length"] = str(len(self.body))
        lines = [f"{self.method} {self.path} HTTP/1.1", *(f"{k}: {v}" for k, v in headers.items()), "", ""]
        return "\r\n".join(lines).encode() + self.body


@dataclass(frozen=True)
class Answer:
    status: int
    head: str
    body: bytes

    def header(self, name: str) -> str:
        values = [v for k, v in self.fields() if k == name.lower()]
        return values[0] if values else ""

    def fields(self) -> list[tuple[str, str]]:
        pairs = (line.partition(":") for line in self.head.split("\r\n")[1:])
        return [(key.strip().lower(), value.strip()) for key, _, value in pairs if key]

    def cookies(self) -> dict[str, str]:
        given = (value.partition(";")[0].partition("=") for name, value in self.fields() if name == "set-cookie")
        return {name: value for name, _, value in given}


class Connection:
    """A kept connection to a server on the loopback; opens again when the server closes it."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.opened = 0
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def ask(self, request: bytes) -> Answer:
        """Send an encoded request, read the whole answer."""
        if self._writer is None:
            self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self.port, limit=2**24)
            self.opened += 1
        assert self._reader is not None
        self._writer.write(request)
        try:
            head = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            answer = Answer(int(head[9:12]), head, await self._body(head))
        except (asyncio.IncompleteReadError, ConnectionError, ValueError) as error:
            self.close()
            raise BadAnswer(repr(error)) from error
        if "connection: close" in head.lower():
            self.close()
        return answer

    async def _body(self, head: str) -> bytes:
        assert self._reader is not None
        lower = head.lower()
        at = lower.find("\r\ncontent-length:")
        if at >= 0:
            return await self._reader.readexactly(int(lower[at + 17 : lower.index("\r\n", at + 2)]))
        if "transfer-encoding: chunked" in lower:
            return await self._chunks()
        raise ValueError("an answer without a length")

    async def _chunks(self) -> bytes:
        assert self._reader is not None
        parts = []
        while size := int(await self._reader.readuntil(b"\r\n"), 16):
            parts.append((await self._reader.readexactly(size + 2))[:-2])
        await self._reader.readuntil(b"\r\n")
        return b"".join(parts)

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
        self._reader = self._writer = None


async def ask(port: int, request: Request) -> Answer:
    """One request on a connection of its own."""
    connection = Connection(port)
    try:
        return await connection.ask(request.encode())
    finally:
        connection.close()
