"""An .xlsx with one contact a row, end to end through the API, and what other people feel meanwhile."""

import asyncio
import json
import math
import time
from collections.abc import Iterator
from pathlib import Path

from app.contacts.exports.table import Column, Table
from app.contacts.exports.workbooks import write
from tests.benchmarks import load
from tests.benchmarks.bench import Bench
from tests.benchmarks.dataset import contacts
from tests.benchmarks.http import Connection, Request, ask
from tests.benchmarks.load import Load
from tests.benchmarks.office import Office
from tests.benchmarks.scenarios.page import FIXED_PER_S, pages, walk
from tests.benchmarks.table import Goal, Row, number

TITLES = ("Nombre completo", "Empresa", "Celular", "Correo electrónico", "Estatus", "Observaciones")
BORDER = "----the-bench"
LONGEST_S = 90


def run(bench: Bench) -> Iterator[Row]:
    file = _workbook(bench.folder / "contactos.xlsx", bench.rows)
    with bench.office("importing") as office:
        office.ask(_upload(office, _workbook(bench.folder / "one.xlsx", 1, first=2_000_000)))  # the child is awake
        asked = pages(office, list(walk(office, 20)))
        load.run(lambda: load.fixed_rate(office.server.port, asked, 2, FIXED_PER_S))  # type: ignore[arg-type, return-value]
        before = _late(office)
        took, felt, counts = load.run(lambda: _whole(office, file, asked))  # type: ignore[arg-type, misc]
        lag = _p99_ms(before, _late(office))
    if counts["created"] != bench.rows:
        raise RuntimeError(f"{bench.rows} rows were sent, this became of them: {counts}")
    per_s = bench.rows / took
    said = f"{number(per_s)} rows/s, {number(took)} s with upload"
    yield Row(f"import of {bench.rows:,} rows of .xlsx", said, per_s, goal=Goal("rows/s", at_least=50_000))
    meanwhile = f"p50 {number(felt.ms(50))}, p99 {number(felt.ms(99))} ms"
    yield Row("a page meanwhile, at 50/s", meanwhile, felt.ms(99), goal=Goal("ms", at_most=20))
    yield Row("the loop's lag meanwhile (p99)", f"{number(lag)} ms", lag, goal=Goal("ms", at_most=2))


async def _whole(office: Office, file: Path, asked: list[Request]) -> tuple[float, Load, dict[str, int]]:
    """Seconds, the waits of people who turn pages meanwhile, and the counts."""
    felt, going = Load(), asyncio.Event()

    async def people() -> None:
        while not going.is_set():
            some = await load.fixed_rate(office.server.port, asked, 0.5, FIXED_PER_S)
            felt.latencies += some.latencies
            felt.wrong += some.wrong

    turning = asyncio.create_task(people())
    started = time.perf_counter()
    answer = await ask(office.server.port, _upload(office, file))
    if answer.status != 202:
        raise RuntimeError(f"the import was refused: {answer.body[:300]!r}")
    counts = await _end(office, json.loads(answer.body)["id"])
    took = time.perf_counter() - started
    going.set()
    await turning
    return took, felt, counts


async def _end(office: Office, import_id: int) -> dict[str, int]:
    connection, until = Connection(office.server.port), time.monotonic() + LONGEST_S
    request = Request(f"/api/v1/imports/{import_id}", headers=office.program).encode()
    while time.monotonic() < until:
        found = json.loads((await connection.ask(request)).body)
        if found["state"] not in ("queued", "running"):
            connection.close()
            return dict(found["counts"])
        await asyncio.sleep(0.1)
    raise RuntimeError(f"the import did not end within {LONGEST_S} s")


def _upload(office: Office, file: Path) -> Request:
    head = f'--{BORDER}\r\nContent-Disposition: form-data; name="file"; filename="{file.name}"\r\n'
    kind = "Content-Type: application/vnd.openxmlformats-officedocument.spreadsheetml.sheet\r\n\r\n"
    body = (head + kind).encode() + file.read_bytes() + f"\r\n--{BORDER}--\r\n".encode()
    headers = {"X-API-Key": office.key, "Content-Type": f"multipart/form-data; boundary={BORDER}"}
    return Request("/api/v1/imports", "POST", headers, body)


def _late(office: Office) -> dict[float, float]:
    """How many wake-ups of the loop were at most so many milliseconds late, since the office opened."""
    said = office.ask(Request("/metrics", headers=office.program)).body.decode()
    lines = [line for line in said.splitlines() if line.startswith("centralita_loop_late_seconds_bucket")]
    return {float(line.split('"')[1]) * 1000: float(line.rpartition(" ")[2]) for line in lines}


def _p99_ms(before: dict[float, float], after: dict[float, float]) -> float:
    """Of what came in between, by the straight line within its bucket, as Prometheus does it."""
    came = {most: after[most] - before[most] for most in after}
    sought, low_ms, low = 0.99 * max(came.values()), 0.0, 0.0
    for most_ms, count in sorted(came.items()):
        if count >= sought:
            return low_ms + (most_ms - low_ms) * (sought - low) / (count - low) if most_ms < math.inf else low_ms
        low_ms, low = most_ms, count
    raise RuntimeError("the office counted no wake-up")


def _workbook(path: Path, rows: int, first: int = 1_000_000) -> Path:
    """Numbers as people write them, none of which the office has."""
    kinds = ("{0}", "{0} {1}", "+506 {0}-{1}", "(506) {0}{1}", "506{0}{1}")
    made = []
    for number_, name, company, _phone, email, status, notes, *_rest in contacts(rows):
        digits = str(84_000_000 + (number_ + first) % 1_000_000 + (first > 1_000_000) * 2_000_000)
        kind = kinds[number_ % len(kinds)] if number_ % len(kinds) else "{0}{1}"
        made.append((name, company, kind.format(digits[:4], digits[4:]), f"n{email}" if email else "", status, notes))
    write(path, Table([Column(title, title) for title in TITLES], made))
    return path
