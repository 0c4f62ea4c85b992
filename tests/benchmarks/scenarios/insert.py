"""Insert and commit under 16 writers: one row in a unit of work, a whole contact, and a contact through the API."""

import asyncio
import shutil
import sqlite3
import time
from collections.abc import Awaitable, Callable, Iterator
from functools import partial

from sqlalchemy import insert

from app.contacts.models import Address
from app.contacts.service import AddressIn, ContactIn, create_contact
from app.frame.actor import SYSTEM
from app.frame.db import Database, now_utc
from tests.benchmarks import load
from tests.benchmarks.bench import Bench
from tests.benchmarks.http import Request
from tests.benchmarks.load import CONNECTIONS, Load
from tests.benchmarks.measure import side_by_side
from tests.benchmarks.office import Office
from tests.benchmarks.scenarios.peers import flask_insert, said
from tests.benchmarks.table import Goal, Row, number

GOAL = Goal("ms", at_most=15)
Write = Callable[[Database, int], Awaitable[None]]


def run(bench: Bench) -> Iterator[Row]:
    bench.prepared  # noqa: B018 - made before a loop runs, also when this is measured alone
    for what, write, goal in (("a row in a unit", add_row, GOAL), ("a contact in a unit", add_contact, None)):
        felt = load.run(partial(_in_process, bench, write))  # type: ignore[arg-type]
        yield _row(f"insert and commit, {what}", felt, goal)
    with bench.office("insert") as office, bench.peer("flask_json") as flask:
        felt = _through_the_api(office, bench)
        peer = side_by_side([flask_insert(flask)], bench.seconds, 1)["Flask insert"]
        yield _row("insert and commit through the API", felt, GOAL, peer=f"{said(peer)}, p99 {_p99(peer.loads[0])}")


def _row(work: str, felt: Load, goal: Goal | None, peer: str = "") -> Row:
    if felt.wrong:
        raise RuntimeError(f"{work}: {felt.wrong} writes failed")
    return Row(f"{work}, 16 writers", f"{number(felt.per_s)}/s, p99 {_p99(felt)}", felt.ms(99), peer, goal=goal)


def _p99(felt: Load) -> str:
    return f"{number(felt.ms(99))} ms"


async def _in_process(bench: Bench, write: Write) -> Load:
    """Sixteen tasks that write one after the other; the rows are counted afterwards."""
    folder = bench.folder / f"unit-{write.__name__}"
    shutil.copytree(bench.prepared.folder, folder)
    database, felt, numbers = Database(f"sqlite+aiosqlite:///{folder / 'centralita.db'}"), Load(), iter(range(10**6))
    await write(database, next(numbers))
    started = time.perf_counter()
    until = started + bench.seconds
    await asyncio.gather(*(_keep_writing(write, database, numbers, felt, until) for _ in range(CONNECTIONS)))
    felt.seconds = time.perf_counter() - started
    await database.close()
    _must_be_there(folder / "centralita.db", bench.rows, felt.count + 1)
    shutil.rmtree(folder)
    return felt


async def _keep_writing(write: Write, database: Database, numbers: Iterator[int], felt: Load, until: float) -> None:
    while (now := time.perf_counter()) < until:
        await write(database, next(numbers))
        felt.latencies.append(time.perf_counter() - now)


async def add_row(database: Database, n: int) -> None:
    """What a small write costs: one address more."""
    async with database.unit(actor=SYSTEM) as db:
        phone = _phone(n)
        values = {"contact_id": 1, "channel": "phone", "external_id": phone, "match": f"tel:{phone}"}
        await db.execute(insert(Address).values(**values, created_at=now_utc()))


async def add_contact(database: Database, n: int) -> None:
    async with database.unit(actor=SYSTEM) as db:
        await create_contact(db, ContactIn(name="Ana Mora", addresses=[AddressIn("phone", _phone(n))]))


def _through_the_api(office: Office, bench: Bench) -> Load:
    """New numbers all the time: a second contact with a number would be refused."""
    bodies = (f'{{"name": "Ana Mora", "phone": "{_phone(n)}"}}'.encode() for n in range(30_000))
    requests = [Request("/api/v1/contacts", "POST", office.program, body) for body in bodies]
    port = office.server.port
    warm = load.run(lambda: load.closed_loop(port, requests[:15_000], 0.5, warm_up_s=0))  # type: ignore[arg-type, return-value]
    felt = load.run(lambda: load.closed_loop(port, requests[15_000:], bench.seconds, warm_up_s=0))  # type: ignore[arg-type, return-value]
    _must_be_there(office.data / "centralita.db", bench.rows, warm.count + felt.count)
    return felt


def _must_be_there(file: "object", before: int, added: int) -> None:
    """A write that was answered and is not there would be the fastest of all."""
    with sqlite3.connect(str(file)) as connection:
        (addresses,) = connection.execute("SELECT count(*) FROM contact_address WHERE channel = 'phone'").fetchone()
    if addresses != before + added:
        raise RuntimeError(f"{added} writes were answered, {addresses - before} are there")


def _phone(n: int) -> str:
    return f"+50685{n:06d}"
