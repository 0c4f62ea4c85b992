"""Two hundred broken and two hundred cancelled runs: nothing is changed twice, no failure lies, nothing is left.

Timing decides only which of the honest outcomes comes; each is checked against what was done at the site. The browser
is a fake that starts within milliseconds (tests/drivers/peers/webdriver.py); test_driver.py has the real one.
"""

import asyncio
import contextlib
import itertools
import json
import logging
import py_compile
import random
import shlex
import sys
import tempfile
import time
from collections import Counter, deque
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import Any

import pytest

from drivers.browser import scripts
from drivers.browser.driver import DRIVER
from drivers.browser.outcome import Result
from drivers.browser.settings import BrowserSettings, RunRecipe
from drivers.contract import NotReady, SendError
from tests.drivers.browser.leftovers import Before
from tests.drivers.collecting import Collecting
from tests.drivers.eventually import eventually
from tests.drivers.peers import webdriver

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="adopting orphans is Linux's own")

RUNS, LANES = 200, 6
STEPS = """
steps:
- open: /r{run}
- type: {{into: '#campo', text: hola}}
- click: '#enviar'
- wait: '#listo'
- read: {{from: '#titulo', as: t}}
"""
BEFORE = ("session", "setDownloadBehavior", "timeouts", "setCookies")
DURING = ("open", "STATUS", "getFrameTree", "url", "LOOK", "FIND", "clear", "type", "click", "TEXT", "getCookies")
QUICK = ("cut", "cut_after", "die", "die_after", "half", "noise", "text", "shape", "crashed", "killed", "slow")
BOOT = ("dies", "mute", "nonsense", "gone", "deaf", "slow")
SILENT = ("session", "timeouts", "setCookies", "open", "url", "LOOK", "type", "click", "getCookies")
MISFORTUNES = [
    *itertools.product((*BEFORE, *DURING), QUICK), *itertools.product(["boot"], BOOT * 2),
    *itertools.product(SILENT, ["silence"]), *itertools.product(("click", "type", "open", "LOOK"), ["slow"] * 4),
]  # fmt: skip


class Place:
    """Where the fakes find what to do, and write down what they did."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "plans").mkdir(parents=True)
        known = {getattr(scripts, name): name for name in ("LOOK", "FIND", "TEXT", "STATUS")}
        (folder / "scripts.json").write_text(json.dumps(known))
        (folder / "log").touch()

    def plan(self, n: int, where: str, how: str) -> None:
        (self.folder / "plans" / f"{n:03}.{where}.{how}").touch()

    def lines(self) -> list[list[str]]:
        return [line.split(" ", 2) for line in (self.folder / "log").read_text().splitlines()]

    def done(self) -> Counter[tuple[str, str]]:
        """(run, what) -> how often; the plan of a run that opened its page is in `plans_of`."""
        return Counter((run, what) for _plan, run, what in self.lines())

    def plans_of(self) -> dict[str, str]:
        return {run: plan for plan, run, _what in self.lines()}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> Place:
    """The fakes are first on PATH, waits are short, temporary folders are counted."""
    caplog.set_level(logging.ERROR, logger="urllib3.connection")  # a kept record would keep its sockets open
    programs = tmp_path / "bin"
    programs.mkdir()
    compiled = py_compile.compile(webdriver.__file__, str(tmp_path / "webdriver.pyc"), doraise=True)
    fake = [sys.executable, "-I", "-S", str(compiled), str(tmp_path / "fakes")]
    for name, line in (("chromedriver", f'exec {shlex.join(fake)} "$@"'), ("chromium", "echo Chromium 1.0")):
        (programs / name).write_text(f"#!/bin/sh\n{line}\n")
        (programs / name).chmod(0o755)
    (tmp_path / "t").mkdir()
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "t"))
    monkeypatch.setattr("drivers.browser.chrome.START_S", 2.0)
    monkeypatch.setattr("drivers.browser.chrome.COMMAND_S", 1.5)
    return Place(tmp_path / "fakes")


@contextlib.asynccontextmanager
async def living(**more: Any) -> AsyncIterator[DRIVER]:
    """A line that is up; afterwards nothing of it is left."""
    before = Before()
    line, sink = browser(**more), Collecting()
    life = asyncio.create_task(line.run(sink))
    await asyncio.wait_for(sink.up.wait(), 5)
    try:
        yield line
    finally:
        life.cancel()
        await asyncio.wait({life})
    assert life.cancelled()
    await before.nothing_more()


def browser(**more: Any) -> DRIVER:
    return DRIVER(
        BrowserSettings(site="base: http://crm.example", sessions=LANES, page_s=0.5, wait_s=0.3, **more)
    )


async def go(line: DRIVER, run: int) -> Result:
    found: Result = await line.do(RunRecipe(recipe=STEPS.format(run=run)))
    return found


async def in_lanes(runs: Iterable[Any], one: Any) -> None:
    """Side by side, for most of a broken run is waiting."""
    ahead = deque(runs)

    async def lane() -> None:
        while ahead:
            await one(ahead.popleft())

    async with asyncio.TaskGroup() as lanes:
        for _lane in range(LANES):
            lanes.create_task(lane())


async def told(line: DRIVER, run: int) -> str:
    """How a run ended, in one word; anything but the documented failures comes out."""
    try:
        result = await go(line, run)
    except NotReady:
        return "not started"
    except SendError as error:
        return "failed" if error.permanent else "again"
    assert result.values["t"] in (f"Listo r{run}", "7"), "what was read is what the page said"
    return "done"


def check(place: Place, said: dict[int, str]) -> None:
    """Each word against what the fakes did."""
    done = place.done()
    assert not [what for _run, what in done if what.startswith("complaint")]
    for run, word in said.items():
        opened, typed, clicked = (done[f"r{run}", what] for what in ("open", "type", "click"))
        assert max(opened, typed, clicked, done[f"r{run}", "clear"]) <= 1, "a step was repeated"
        if word == "done":
            assert (opened, typed, clicked) == (1, 1, 1)
        elif word == "not started":
            assert opened == 0
        elif word == "again":
            assert typed + clicked + done[f"r{run}", "clear"] == 0, "it would be done twice"


async def test_it_works(place: Place) -> None:
    """Broken at every command in every way: what may be tried again changed nothing, and nothing is done twice."""
    assert len(MISFORTUNES) >= RUNS
    said: dict[int, str] = {}
    async with living() as line:
        assert await told(line, 0) == "done"  # and leaves cookies, which the others bring

        async def one(n: int) -> None:
            said[n] = await told(line, n)

        for n, (where, how) in enumerate(MISFORTUNES, 1):
            place.plan(n, where, how)
        await in_lanes(range(1, len(MISFORTUNES) + 1), one)
    check(place, said)
    assert not list((place.folder / "plans").iterdir()), "each misfortune happened"
    plans = place.plans_of()
    slow = Counter(said[int(run[1:])] for run, plan in plans.items() if plan.endswith(".slow"))
    assert slow["done"] > 0.9 * slow.total(), "slow is not broken; a starved machine may be"
    assert {said[int(run[1:])] for run, plan in plans.items() if plan.endswith("click.die_after")} == {"failed"}
    halves = {plan: said[int(run[1:])] for run, plan in plans.items() if plan.endswith(".half")}
    assert halves[next(p for p in halves if ".TEXT." in p)] == "failed", "half an answer is no empty one"
    assert set(Counter(said.values())) == {"done", "failed", "again", "not started"}


async def test_two_hundred_runs_cancelled_at_any_moment(place: Place) -> None:
    """Each ends at once, and nothing goes on behind our back."""
    chance, ended, lasts_s = random.Random(3), Counter[str](), 0.0

    async def one(n: int) -> None:
        nonlocal lasts_s
        if ended["cancelled"] == RUNS:
            return
        if n % 8 == 0:
            place.plan(n, chance.choice(("boot", *SILENT)), chance.choice(("silence", "mute", "deaf")))
        began, running = time.monotonic(), asyncio.create_task(told(line, n))
        ends_s = chance.uniform(0, lasts_s)
        if (await asyncio.wait({running}, timeout=ends_s))[0]:
            lasts_s = time.monotonic() - began  # the machine is quicker than it was
        elif ends_s > 0.9 * lasts_s:
            lasts_s *= 1.2
        running.cancel()
        done, _ = await asyncio.wait({running}, timeout=3)  # a second, and what a busy machine adds
        assert done
        ended["cancelled" if running.cancelled() else running.result()] += 1

    async with living() as line:
        began = time.monotonic()
        await asyncio.gather(*(told(line, -n) for n in range(1, LANES + 1)))
        lasts_s = time.monotonic() - began
        await in_lanes(range(5 * RUNS), one)
    assert ended["cancelled"] >= RUNS
    done = place.done()
    assert max(done.values()) == 1, "a step was repeated"
    assert not [what for _run, what in done if what.startswith("complaint")]


@pytest.mark.parametrize(("where", "reached", "word"), [("open", "open", "not started"), ("click", "click", "failed")])
async def test_a_line_that_ends_in_the_middle_says_whether_something_may_have_changed(
    place: Place, where: str, reached: str, word: str
) -> None:
    line, sink = browser(), Collecting()
    life = asyncio.create_task(line.run(sink))
    await asyncio.wait_for(sink.up.wait(), 5)
    place.plan(1, where, "silence")
    running = asyncio.create_task(told(line, 1))
    await eventually(lambda: place.done()["r1", reached])
    life.cancel()
    assert await asyncio.wait_for(running, 2) == word
    await asyncio.wait({life})


async def test_a_browser_that_answers_for_ever_is_ended_by_the_clock(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("drivers.browser.driver.GRACE_S", 0.3)
    said = []
    async with living() as line:
        for n, where in enumerate(("session", "open", "click"), 1):
            place.plan(n, where, "drip")
            with pytest.raises(SendError, match="no terminó a tiempo") as late:
                await line.do(RunRecipe(recipe="seconds: 0.7\n" + STEPS.format(run=n)))
            said.append(late.value.permanent)
    assert said == [True, True, True]


@pytest.mark.parametrize(("deaths", "word"), [(1, "done"), (2, "not started")])
async def test_a_browser_that_dies_at_its_start_is_begun_once_more(place: Place, deaths: int, word: str) -> None:
    for n in range(deaths):
        place.plan(n, "boot", "dies")
    async with living() as line:
        assert await told(line, 1) == word
    assert not list((place.folder / "plans").iterdir())
