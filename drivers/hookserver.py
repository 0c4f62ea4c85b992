"""Webhooks on a technician's laptop: a small HTTP listener on loopback, for `listen --hook-port` behind a tunnel."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from drivers.contract import Driver, HookReply, HookRequest, Sink

BODY_MAX = 10 * 1024 * 1024
TIME_S = 10.0


@contextlib.asynccontextmanager
async def serve(line: Driver[Any], sink: Sink, port: int) -> AsyncIterator[int]:
    """Takes webhooks until left; yields the port."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(TimeoutError, ConnectionError, asyncio.IncompleteReadError):
            await asyncio.wait_for(_answer(line, sink, reader, writer), TIME_S)
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", port)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


async def _answer(line: Driver[Any], sink: Sink, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    request = await read_request(reader)
    reply = line.hook(request) if request else HookReply(status=400, body="bad request")
    for inbound in reply.inbounds:
        await sink.received(inbound)
    for status in reply.statuses:
        await sink.status(status)
    body = reply.body.encode()
    head = f"HTTP/1.1 {reply.status} -\r\nContent-Type: {reply.media_type}\r\nContent-Length: {len(body)}\r\n"
    writer.write(head.encode() + b"Connection: close\r\n\r\n" + body)
    await writer.drain()


async def read_request(reader: asyncio.StreamReader) -> HookRequest | None:
    """One HTTP/1.1 request with a Content-Length body; None when it is not one."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    method, _, rest = head[0].partition(" ")
    headers = {k.strip().lower(): v.strip() for k, _, v in (h.partition(":") for h in head[1:] if ":" in h)}
    length = headers.get("content-length", "0")
    if not length.isdigit() or int(length) > BODY_MAX:
        return None
    target = urlsplit(rest.rpartition(" ")[0])
    body = await reader.readexactly(int(length))
    query = tuple(parse_qsl(target.query, keep_blank_values=True))
    return HookRequest(method=method, path=target.path, query=query, headers=headers, body=body)
