"""The only way out of a browser: a small proxy that lets it reach allowed hosts and nothing else.

It sees every request of every frame, redirect, worker and socket. A name is looked up here, its addresses are checked,
and the checked address is the one connected to, so that a name cannot change its mind in between.
"""

import asyncio
import contextlib
import re
import socket
from collections import Counter
from collections.abc import AsyncIterator

from drivers.browser.rules import Rules, is_address, plain

HEAD_MAX = 1 << 16
CONNECT_S = 15.0
CHUNK = 1 << 16
PLACE = re.compile(r"(\[[^\]]+\]|[^:\[\]]+)(?::([0-9]{1,5}))?\Z")
OWN_HEADERS = (b"proxy-connection:", b"connection:", b"proxy-authorization:", b"keep-alive:")
NOBODY = b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
FORBIDDEN = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
JOINED = b"HTTP/1.1 200 Connection established\r\n\r\n"


class Blocked(Exception):
    """Not allowed."""


class Guard:
    """`blocked`: `host:port` -> how often it was asked for in vain."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.blocked: Counter[str] = Counter()
        self.port = 0
        self._talks: set[asyncio.Task[None]] = set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._talks.add(task)
        try:
            await self._talk(reader, writer)
        except (OSError, ValueError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            writer.transport.abort()  # nothing sensible was asked, or the other side went away
        except asyncio.CancelledError:
            writer.transport.abort()  # by close() alone; asyncio's streams would report it as a failure
        finally:
            self._talks.discard(task)
            writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        method, target, _version = head.split(b"\r\n", 1)[0].decode("ascii").split(" ")
        host, port, path = wanted(method, target)
        try:
            far_reader, far_writer = await self._reach(host, port)
        except Blocked:
            self.blocked[f"{plain(host)}:{port}"] += 1
            writer.write(FORBIDDEN)
            return await writer.drain()
        except (OSError, TimeoutError):
            if method == "CONNECT":  # else the end says it: an answer would pass for the site's
                writer.write(NOBODY)
            return await writer.drain()
        try:
            if method == "CONNECT":
                writer.write(JOINED)
            else:
                far_writer.write(forwarded(head, method, path))
            await _join((reader, far_writer), (far_reader, writer))
        finally:
            far_writer.transport.abort()

    async def _reach(self, host: str, port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if not self.rules.name(host, port):
            raise Blocked
        async with asyncio.timeout(CONNECT_S):
            addresses = [host] if is_address(host) else await _looked_up(host, port)
            if not all(self._may(a) for a in addresses):
                raise Blocked
            return await self._first(addresses, port)

    def _may(self, address: str) -> bool:
        return self.rules.address(address) and (self.rules.private or not is_ours(address))

    async def _first(self, addresses: list[str], port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        for n, address in enumerate(addresses, 1):
            try:
                return await asyncio.open_connection(address, port)
            except OSError:
                if n == len(addresses):
                    raise
        raise OSError("no address")

    async def close(self) -> None:
        talks = list(self._talks)
        for talk in talks:
            talk.cancel()
        await asyncio.gather(*talks, return_exceptions=True)


async def _looked_up(host: str, port: int) -> list[str]:
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(each[4][0]) for each in found]


def wanted(method: str, target: str) -> tuple[str, int, str]:
    """Host, port, path of a proxy's request line. Raises ValueError."""
    if method == "CONNECT":
        return *_place(target), ""
    scheme, found, rest = target.partition("://")
    if scheme.lower() != "http" or not found:
        raise ValueError(target)
    end = min((i for i in map(rest.find, "/?#") if i >= 0), default=len(rest))
    path = rest[end:]
    return *_place(rest[:end].rpartition("@")[2]), path if path.startswith("/") else "/" + path


def _place(said: str) -> tuple[str, int]:
    found = PLACE.match(said)
    if not found:
        raise ValueError(said)
    return found[1].strip("[]"), int(found[2] or 80)


def forwarded(head: bytes, method: str, path: str) -> bytes:
    """The head for the site: its own path, and one request for each connection, which we could not follow otherwise."""
    lines = head.removesuffix(b"\r\n\r\n").split(b"\r\n")[1:]
    kept = [line for line in lines if not line.lower().startswith(OWN_HEADERS)]
    return b"\r\n".join([f"{method} {path} HTTP/1.1".encode(), *kept, b"Connection: close", b"", b""])


def is_ours(address: str) -> bool:
    """Whether an address is one of this machine's: only those can be bound."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as trial:
        try:
            trial.bind((address, 0))
        except OSError:
            return False
    return True


async def _join(*ways: tuple[asyncio.StreamReader, asyncio.StreamWriter]) -> None:
    """Both directions until both ended, or one broke."""
    async with asyncio.TaskGroup() as group:
        for way in ways:
            group.create_task(_pour(*way))


async def _pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):  # the other side went away: so do we
        while data := await reader.read(CHUNK):
            writer.write(data)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()


@contextlib.asynccontextmanager
async def guarding(rules: Rules) -> AsyncIterator[Guard]:
    """A guard on a port of loopback for as long as the block lasts."""
    guard = Guard(rules)
    server = await asyncio.start_server(guard.serve, "127.0.0.1", 0, limit=HEAD_MAX)
    guard.port = server.sockets[0].getsockname()[1]
    try:
        yield guard
    finally:
        server.close()
        await guard.close()
        await server.wait_closed()
