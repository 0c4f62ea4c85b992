"""A thousand open pages: how soon all of them hear of a change, what each costs, and what a stalled one costs."""

import asyncio
import socket
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass

from tests.benchmarks import load
from tests.benchmarks.bench import Bench
from tests.benchmarks.http import Connection, Request
from tests.benchmarks.office import Office
from tests.benchmarks.processes import Served
from tests.benchmarks.streams import FanOut, Listeners
from tests.benchmarks.table import Goal, Row, number

CLIENTS = 1000
STALLED = 100
CHANGES = 200
TIMES = 12


@dataclass
class Heard:
    """What a thousand listeners felt and what each cost the server: memory to be there, CPU to be told."""

    fan_out: FanOut
    each_kb: float
    each_us: float

    def __str__(self) -> str:
        times = f"p50 {number(self.fan_out.ms(50))}, p99 {number(self.fan_out.ms(99))} ms"
        return f"{times}, {number(self.each_us)} us CPU a page"


def run(bench: Bench) -> Iterator[Row]:
    with bench.office("live") as office, bench.bare_stream() as bare:
        office.session  # noqa: B018 - signed in before memory is looked at
        load.run(lambda: _changes(office, 5))  # type: ignore[arg-type, return-value]
        floor = _thousand(bare, Request("/live"), lambda n: Request(f"/nudge/{n}").encode())
        ours = _thousand(office.server, _stream(office), lambda n: _change(office, n))
        what = f"a change heard by {CLIENTS:,} pages"
        yield Row(what, str(ours), ours.fan_out.ms(99), f"floor {floor}", goal=Goal("ms", at_most=40))
        yield Row("memory of an open page", f"{number(ours.each_kb)} KB", ours.each_kb, goal=Goal("KB", at_most=30))
        grown = load.run(lambda: _stalled(office))  # type: ignore[arg-type, return-value]
        said = f"{number(grown)} KB each after {CHANGES} changes"  # type: ignore[arg-type]
        yield Row(f"{STALLED} stalled pages", said, grown, goal=Goal("KB", at_most=100))  # type: ignore[arg-type]


def _thousand(server: Served, stream: Request, change: Callable[[int], bytes]) -> Heard:
    """Listeners of a server, told TIMES over. Raises when one of them missed a nudge."""
    heard: Heard = load.run(lambda: _listening(server, stream, change))  # type: ignore[arg-type, assignment]
    if heard.fan_out.missed:
        raise RuntimeError(f"{heard.fan_out.missed} nudges were not heard")
    return heard


async def _listening(server: Served, stream: Request, change: Callable[[int], bytes]) -> Heard:
    before, changes, connection = server.memory_mb(), iter(range(10**6)), Connection(server.port)

    async def nudge() -> None:
        await connection.ask(change(next(changes)))

    alone_s = await _cpu_s(server, nudge)
    async with Listeners(server.port, stream, CLIENTS) as listeners:
        await asyncio.sleep(0.5)
        each_kb = (server.memory_mb() - before) * 1024 / CLIENTS
        used = server.cpu_s()
        fan_out = await listeners.hear(b"data: contacts", nudge, times=TIMES)
        told_s = (server.cpu_s() - used) / TIMES
    connection.close()
    return Heard(fan_out, each_kb, (told_s - alone_s) / CLIENTS * 1e6)


async def _cpu_s(server: Served, nudge: Callable[[], Awaitable[None]]) -> float:
    """What the change itself costs, with nobody there to hear it."""
    used = server.cpu_s()
    for _ in range(TIMES):
        await nudge()
    return (server.cpu_s() - used) / TIMES


async def _stalled(office: Office) -> float:
    """Pages that never read: what is kept for each of them must end somewhere."""
    sockets = [_deaf(office) for _ in range(STALLED)]
    await asyncio.sleep(0.5)
    before = office.server.memory_mb()
    await _changes(office, CHANGES)
    grown = (office.server.memory_mb() - before) * 1024 / STALLED
    for each in sockets:
        each.close()
    return grown


def _deaf(office: Office) -> socket.socket:
    deaf = socket.socket()
    deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    deaf.connect(("127.0.0.1", office.server.port))
    deaf.sendall(_stream(office).encode())
    return deaf


async def _changes(office: Office, count: int) -> None:
    connection = Connection(office.server.port)
    for n in range(count):
        answer = await connection.ask(_change(office, n))
        if answer.status != 200:
            raise RuntimeError(f"a change was refused: {answer.body[:200]!r}")
    connection.close()


def _stream(office: Office) -> Request:
    return Request("/live", headers=office.session | {"Accept": "text/event-stream"})


def _change(office: Office, n: int) -> bytes:
    body = f'{{"notes": "Cambio {n} {time.time()}"}}'.encode()
    return Request("/api/v1/contacts/1", "PATCH", office.program, body).encode()
