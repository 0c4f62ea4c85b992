"""Two ways to load a server: as fast as it answers (how much), and at a fixed rate (how long a person waits)."""

import asyncio
import itertools
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from tests.benchmarks.http import BadAnswer, Connection, Request

CONNECTIONS = 16


@dataclass
class Load:
    """What came of it. Latencies in seconds; `wrong` counts answers that were not 2xx and broken connections."""

    seconds: float = 0
    latencies: list[float] = field(default_factory=list)
    wrong: int = 0
    bytes: int = 0

    @property
    def count(self) -> int:
        return len(self.latencies)

    @property
    def per_s(self) -> float:
        return self.count / self.seconds if self.seconds else 0

    def ms(self, percent: float) -> float:
        """A percentile of the latencies in milliseconds."""
        return percentile(self.latencies, percent) * 1000


def percentile(values: list[float], percent: float) -> float:
    """The smallest value that `percent` % of the values do not exceed; 0 of nothing."""
    if not values:
        return 0
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * percent // 100).__int__() - 1)]


async def closed_loop(
    port: int, requests: list[Request], seconds: float, connections: int = CONNECTIONS, warm_up_s: float = 0.3
) -> Load:
    """Each connection asks again as soon as it is answered. Says how much a server can do, not what people feel."""
    if warm_up_s:
        await closed_loop(port, requests, warm_up_s, connections, warm_up_s=0)
    load, encoded = Load(), itertools.cycle([r.encode() for r in requests])
    started = time.perf_counter()
    await asyncio.gather(*(_keep_asking(port, encoded, load, started + seconds) for _ in range(connections)))
    load.seconds = time.perf_counter() - started
    return load


async def fixed_rate(
    port: int, requests: list[Request], seconds: float, per_s: float, connections: int = CONNECTIONS
) -> Load:
    """Requests leave by the clock. Waiting counts from when a request was due, so a stall is felt by all it delays."""
    load, encoded = Load(), itertools.cycle([r.encode() for r in requests])
    idle: asyncio.Queue[Connection] = asyncio.Queue()
    for _ in range(connections):
        idle.put_nowait(Connection(port))
    started = time.perf_counter()
    due = (started + n / per_s for n in range(int(seconds * per_s)))
    await asyncio.gather(*[asyncio.create_task(_ask_at(moment, idle, encoded, load)) for moment in due])
    load.seconds = time.perf_counter() - started
    while not idle.empty():
        idle.get_nowait().close()
    return load


async def _keep_asking(port: int, requests: Iterator[bytes], load: Load, until: float) -> None:
    connection = Connection(port)
    while (now := time.perf_counter()) < until:
        await _ask(connection, next(requests), load, now)
    connection.close()


async def _ask_at(due: float, idle: "asyncio.Queue[Connection]", requests: Iterator[bytes], load: Load) -> None:
    await asyncio.sleep(due - time.perf_counter())
    connection = await idle.get()
    await _ask(connection, next(requests), load, due)
    idle.put_nowait(connection)


async def _ask(connection: Connection, request: bytes, load: Load, since: float) -> None:
    try:
        answer = await connection.ask(request)
    except (BadAnswer, OSError):
        load.wrong += 1
        return
    if not 200 <= answer.status < 300:
        load.wrong += 1
        return
    load.bytes += len(answer.body)
    load.latencies.append(time.perf_counter() - since)


def run(work: Callable[[], "asyncio.Future[Load]"]) -> Load:
    """Run a load from ordinary code; on uvloop, so that the client takes as little of the machine as it can."""
    import uvloop

    return uvloop.run(work())  # type: ignore[arg-type]
