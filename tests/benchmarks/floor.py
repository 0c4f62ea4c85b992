"""What the machine itself allows: one thread, no HTTP, SQLite and Jinja2 as they are."""

import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

from jinja2 import DictLoader, Environment

from tests.benchmarks.dataset import COLUMNS, PAGE
from tests.benchmarks.peers import ROW_HTML

SQL = f"SELECT {', '.join(COLUMNS)} FROM contact WHERE id < ? ORDER BY id DESC LIMIT {PAGE}"


def page_us(file: Path) -> dict[str, float]:
    """Microseconds for a page of 50: the query alone, and the query with its HTML."""
    connection = sqlite3.connect(file)
    template = Environment(autoescape=True, loader=DictLoader({"page": _loop()})).get_template("page")

    def query() -> list[tuple[object, ...]]:
        return connection.execute(SQL, (90_000,)).fetchall()

    def render() -> str:
        return template.render(rows=[dict(zip(COLUMNS, row, strict=True)) for row in query()])

    found = {"query": _best_us(query), "query and HTML": _best_us(render)}
    connection.close()
    return found


def _loop() -> str:
    return "{% for c in rows %}" + ROW_HTML + "{% endfor %}"


def _best_us(work: Callable[[], object], rounds: int = 5, times: int = 200) -> float:
    """The best round's mean: what the work takes when nothing disturbs it."""
    best = float("inf")
    for _ in range(rounds):
        started = time.perf_counter()
        for _ in range(times):
            work()
        best = min(best, (time.perf_counter() - started) / times)
    return best * 1e6
