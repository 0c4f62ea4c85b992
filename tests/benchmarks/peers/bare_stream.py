"""The floor of live pages: a process that keeps sockets open and writes the same bytes into each of them when asked.

`python -m tests.benchmarks.peers.bare_stream PORT`; GET /live opens a stream, any other request nudges them all.
"""

import asyncio
import sys

import uvloop

EVENT = b"event: nudge\nid: 0badcafe-1\ndata: contacts\n\n"
CHUNK = b"%x\r\n%s\r\n" % (len(EVENT), EVENT)
OPENED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
DONE = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"

open_streams: set[asyncio.WriteTransport] = set()


class Peer(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        if data.startswith(b"GET /live "):
            self.transport.write(OPENED)  # type: ignore[attr-defined]
            open_streams.add(self.transport)  # type: ignore[arg-type]
            return
        for stream in open_streams:
            stream.write(CHUNK)
        self.transport.write(DONE)  # type: ignore[attr-defined]

    def connection_lost(self, error: Exception | None) -> None:
        open_streams.discard(self.transport)  # type: ignore[arg-type]


async def main(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(Peer, "127.0.0.1", port, backlog=2048)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1])))
