"""What a search box costs in SQL: one character, two, words, pieces of numbers, nothing to find; on both databases.

PostgreSQL's way that is tried first and is given up counts too, as a person waits for both.
"""

import asyncio
import time
from collections.abc import Iterator
from typing import Any

from app.contacts import searching
from app.contacts.filters import Filters
from app.contacts.listing import PAGE, Lister, prepared
from app.frame.actor import Actor
from app.frame.db import Database
from tests.beds.cluster import Cluster, find_programs
from tests.benchmarks.bench import Bench
from tests.benchmarks.load import percentile
from tests.benchmarks.office import prepare
from tests.benchmarks.table import Goal, Row, number

BOXES = (
    "a", "g", "ñ", "8", "3", "an", "go", "ma", "83", "50", "ana", "mora", "gonz", "gonzález", "JIMENEZ", "nunez peña",
    "ana mora", "carla r", "beto so", "ferreteria", "panadería v", "8309", "83 09 99", "+506 8305", "50001", "99999",
    "ana.1", "example", "mayoreo", "tarde", "zzz", "qwerty", "0000000", "x", "maría l j",
    "50683050001", "+506 8305 0001", "88123456", "ana.12345@example.com", "vargas castro soda",
)  # fmt: skip
TIMES = 20
GOAL = Goal("ms", at_most=2)
ANYBODY = Actor(user_id=1, name="Ana Mora", everything=True, via="session")


def run(bench: Bench) -> Iterator[Row]:
    file = bench.prepared.folder / "centralita.db"
    yield _row("SQLite", _sqlite(file.as_posix()))
    programs = find_programs()
    if programs is None:
        yield Row("search in SQL, PostgreSQL", "not installed here")
        return
    with Cluster.start(programs) as cluster:
        cluster.create("bench")
        url = cluster.url("bench")
        prepare(bench.folder / "prepared-postgresql", bench.rows, url)
        cluster.run("SELECT 1")
        with cluster.connect("bench") as connection:
            connection.execute("VACUUM ANALYZE")
        yield _row("PostgreSQL (with its driver)", asyncio.run(_postgresql(url)))


def _row(where: str, waits: dict[str, list[float]]) -> Row:
    """The goal judges every look of every box; the slowest box is named."""
    every = [wait for box in waits.values() for wait in box]
    worst = max(waits, key=lambda box: percentile(waits[box], 50))
    p50, p99 = percentile(every, 50) * 1000, percentile(every, 99) * 1000
    said = f"p50 {number(p50)}, p99 {number(p99)} ms; slowest «{worst}» {number(percentile(waits[worst], 50) * 1000)}"
    return Row(f"search in SQL, {len(waits)} boxes, {where}", said, p99, goal=GOAL)


def _lister(url: str, box: str) -> Lister:
    return Lister(Database(url), ANYBODY, Filters(q=box), "America/Costa_Rica")


def _sqlite(file: str) -> dict[str, list[float]]:
    """On this thread, as one of the reader's own does it."""
    waits: dict[str, list[float]] = {}
    for box in BOXES:
        lister = _lister(f"sqlite+aiosqlite:///{file}", box)
        reader, values = lister.database.reader, lister.values | {"limit": PAGE + 1}
        compiled = prepared(lister._shape("first", "row")).compiled
        parameters = compiled.parameters(values)
        for _ in range(TIMES + 1):
            started = time.perf_counter()
            reader._fetch_sqlite(compiled, tuple_of, parameters)
            waits.setdefault(box, []).append(time.perf_counter() - started)
        waits[box] = waits[box][1:]
        reader.close()
    return waits


def tuple_of(*row: Any) -> tuple[Any, ...]:
    return row


async def _postgresql(url: str) -> dict[str, list[float]]:
    """One connection at a time, statements prepared as the office's own connections do after their first use."""
    waits: dict[str, list[float]] = {}
    database = Database(url)
    for box in BOXES:
        lister = Lister(database, ANYBODY, Filters(q=box), "America/Costa_Rica")
        for _ in range(TIMES + 1):
            started = time.perf_counter()
            await lister._fetch("first", PAGE + 1, "row")
            waits.setdefault(box, []).append(time.perf_counter() - started)
        waits[box] = waits[box][1:]
    await database.close()
    return waits


assert all(searching.terms(box) for box in BOXES), "a box that asks for nothing would be the fastest of all"
