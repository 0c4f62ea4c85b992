"""How long until a browser session is there, and until it is gone."""

import asyncio
import time
from collections.abc import Iterator
from statistics import median

from drivers.browser.chrome import Chrome, programs
from drivers.browser.guard import guarding
from drivers.browser.rules import Rules
from drivers.contract import NeedsHuman
from tests.benchmarks.bench import Bench
from tests.benchmarks.table import Goal, Row, number

SESSIONS = 5
PAGE_S = 20.0


def run(_bench: Bench) -> Iterator[Row]:
    try:
        where = programs()
    except NeedsHuman as missing:
        yield Row("browser session", str(missing))
        return
    starts, ends = zip(*asyncio.run(_sessions(*where)), strict=True)
    said = f"{number(median(starts))} s, the slowest of {SESSIONS} {number(max(starts))} s"
    yield Row("browser session: start", said, median(starts), goal=Goal("s", at_most=1.5))
    gone = median(ends)
    yield Row("browser session: end, nothing left", f"{number(gone)} s", gone, goal=Goal("s", at_most=1))


async def _sessions(browser: str, driver: str) -> list[tuple[float, float]]:
    async with guarding(Rules([])) as guard:
        return [await asyncio.to_thread(_one, browser, driver, guard.port) for _ in range(SESSIONS)]


def _one(browser: str, driver: str, port: int) -> tuple[float, float]:
    began = time.perf_counter()
    chrome = Chrome(browser, driver, port, PAGE_S)
    try:
        chrome.start([])
        up = time.perf_counter()
    finally:
        chrome.kill()
    return up - began, time.perf_counter() - up
