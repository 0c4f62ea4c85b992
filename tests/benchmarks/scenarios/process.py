"""The process itself: memory at rest, first page after the start, the end with a thousand open pages."""

import signal
import time
from collections.abc import Iterator
from statistics import median

from tests.benchmarks import load
from tests.benchmarks.bench import Bench
from tests.benchmarks.http import Request
from tests.benchmarks.office import Office
from tests.benchmarks.streams import Listeners
from tests.benchmarks.table import Goal, Row, number

STREAMS = 1000
REST_S = 2.0


def run(bench: Bench) -> Iterator[Row]:
    starts, memories, stops = [], [], []
    bench.prepared  # noqa: B018 - made before the clock runs
    for n in range(3):
        name, started = f"process-{n}", time.perf_counter()
        with bench.office(name) as office:
            office.ask(Request("/entrar"))
            starts.append(time.perf_counter() - started - office.copied_s)
            time.sleep(REST_S)
            memories.append(office.server.resident_mb())
            stops.append(load.run(lambda office=office: _stop(office)))  # type: ignore[arg-type, misc]
    yield Row("first page after the start", f"{number(median(starts))} s", median(starts), goal=Goal("s", at_most=1.2))
    yield Row("memory at rest (RSS)", f"{number(median(memories))} MB", median(memories), goal=Goal("MB", at_most=120))
    slowest = max(stops)
    said = f"{number(slowest)} s, the slowest of {len(stops)}; clean-up seen"
    yield Row(f"stop with {STREAMS:,} open pages", said, slowest, goal=Goal("s", at_most=1))


async def _stop(office: Office) -> float:
    """Seconds from the signal to the end. Raises when the clean-up did not run: it closes the database's journal."""
    process = office.server.process
    request = Request("/live", headers=await office.signed_in())
    async with Listeners(office.server.port, request, STREAMS):
        started = time.perf_counter()
        process.send_signal(signal.SIGTERM)
        process.wait(20)
        took = time.perf_counter() - started
    if (office.data / "centralita.db-wal").exists():
        raise RuntimeError("the database was not closed")
    return took
