"""All contacts as .xlsx and .csv through the API: made in the child, sent, deleted."""

import time
from collections.abc import Iterator

from tests.benchmarks.bench import Bench
from tests.benchmarks.http import Request
from tests.benchmarks.office import Office
from tests.benchmarks.processes import family, status_kb
from tests.benchmarks.table import Goal, Row, number

LEAST = {"xlsx": 30_000, "csv": 300_000}


def run(bench: Bench) -> Iterator[Row]:
    with bench.office("exporting") as office:
        for kind, least in LEAST.items():
            office.ask(_asked(office, kind, "q=nadie-se-llama-asi"))  # the child is awake and has what it imports
            started = time.perf_counter()
            answer = office.ask(_asked(office, kind))
            per_s = bench.rows / (time.perf_counter() - started)
            if answer.status != 200 or answer.header("x-total-count") != str(bench.rows):
                raise RuntimeError(f"the export went wrong: {answer.head[:400]}")
            said = f"{number(per_s)} rows/s, {number(len(answer.body) / 1e6)} MB"
            yield Row(f"export of {bench.rows:,} rows to .{kind}", said, per_s, goal=Goal("rows/s", at_least=least))
        most = _child_mb(office)
        yield Row("the exporting child at its fullest (RSS)", f"{number(most)} MB", most, goal=Goal("MB", at_most=120))


def _asked(office: Office, kind: str, query: str = "") -> Request:
    return Request(f"/api/v1/exports?format={kind}&{query}", headers=office.program)


def _child_mb(office: Office) -> float:
    """The most that the largest process under the office's own ever held."""
    own = office.server.process.pid
    return max((status_kb(pid, "VmHWM:") for pid in family(own) if pid != own), default=0) / 1024
