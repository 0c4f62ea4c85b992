"""How a run and its process end: crash, kill, stop, cancel, limit, shutdown. Real signals."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator

import pytest

from app.frame import child as child_module
from app.frame import child_process
from app.frame.child import Child, ChildDied, ChildLate, ChildStopped
from tests.frame.child_bed import ERRANDS, Heard, is_running, until_gone

SLOW_START = "tests.frame.child_slow_start:"


@pytest.fixture
async def child() -> AsyncIterator[Child]:
    child = Child()
    yield child
    await child.close()


async def test_it_works(child):
    before = await child.run(ERRANDS + "add", {"a": 1, "b": 1})
    with pytest.raises(ChildDied) as caught:
        await child.run(ERRANDS + "die", {})
    assert caught.value.exit_code == -signal.SIGKILL
    after = await child.run(ERRANDS + "add", {"a": 1, "b": 1})
    assert after["pid"] != before["pid"]


async def test_kill_9_from_outside_ends_the_run(child):
    heard = Heard()
    run = asyncio.create_task(child.run(ERRANDS + "deaf", {}, heard))
    await heard.first.wait()
    os.kill(heard.data[0]["pid"], signal.SIGKILL)
    with pytest.raises(ChildDied):
        await run


async def test_a_child_that_stops_talking_is_killed(child, monkeypatch):
    monkeypatch.setattr(child_process, "LAST_BREATH_S", 0.1)
    heard = Heard()
    with pytest.raises(ChildDied):
        await child.run(ERRANDS + "fall_silent", {}, heard)
    await until_gone(heard.data[0]["pid"])


async def test_a_child_killed_while_idle_is_replaced(child):
    before = (await child.run(ERRANDS + "add", {"a": 1, "b": 1}))["pid"]
    os.kill(before, signal.SIGKILL)
    await until_gone(before)
    await asyncio.sleep(0.05)  # the loop's child watcher reads the exit on its own thread
    assert (await child.run(ERRANDS + "add", {"a": 1, "b": 1}))["pid"] != before


async def test_stop_lets_the_function_end_its_own_way(child):
    stop, heard = asyncio.Event(), Heard()
    run = asyncio.create_task(child.run(ERRANDS + "wait_politely", {}, heard, stop=stop))
    await heard.first.wait()
    stop.set()
    assert await run == {"ended": "early"}
    again = await child.run(ERRANDS + "add", {"a": 1, "b": 1}, stop=asyncio.Event())
    assert again["pid"] == heard.data[0]["pid"]


async def test_a_function_that_checks_is_reported_as_stopped(child):
    stop = asyncio.Event()
    stop.set()
    with pytest.raises(ChildStopped):
        await child.run(ERRANDS + "wait_politely", {"check": True}, stop=stop)


async def test_a_function_that_does_not_listen_is_killed_after_the_grace(child, monkeypatch):
    monkeypatch.setattr(child_module, "STOP_GRACE_S", 0.1)
    stop, heard = asyncio.Event(), Heard()
    run = asyncio.create_task(child.run(ERRANDS + "busy", {}, heard, stop=stop))
    await heard.first.wait()
    stop.set()
    with pytest.raises(ChildStopped):
        await run
    await until_gone(heard.data[0]["pid"])


async def test_the_grace_begins_when_the_function_can_hear(child, monkeypatch):
    monkeypatch.setattr(child_module, "STOP_GRACE_S", 1.0)
    stop = asyncio.Event()
    stop.set()
    assert await child.run(SLOW_START + "wait_politely", {}, stop=stop) == {"ended": "early"}


async def test_a_start_without_end_is_stopped_too(child, monkeypatch):
    monkeypatch.setattr(child_module, "STOP_GRACE_S", 0.1)
    monkeypatch.setattr(child_process, "BEGIN_S", 0.1)
    stop = asyncio.Event()
    stop.set()
    with pytest.raises(ChildStopped):
        await child.run(SLOW_START + "wait_politely", {}, stop=stop)


async def test_cancelling_the_task_kills_the_process(child):
    heard = Heard()
    run = asyncio.create_task(child.run(ERRANDS + "deaf", {}, heard))
    await heard.first.wait()
    run.cancel()
    with pytest.raises(asyncio.CancelledError):
        await run
    await until_gone(heard.data[0]["pid"])
    assert (await child.run(ERRANDS + "add", {"a": 1, "b": 1}))["sum"] == 2


async def test_the_time_limit_is_a_typed_error(child):
    heard = Heard()
    with pytest.raises(ChildLate):
        await child.run(ERRANDS + "deaf", {}, heard, limit_s=1.5)
    if heard.data:
        await until_gone(heard.data[0]["pid"])


async def test_closing_ends_busy_children_within_a_second_and_nothing_runs_after(child):
    heard = Heard()
    run = asyncio.create_task(child.run(ERRANDS + "busy", {}, heard))
    await heard.first.wait()
    before = time.monotonic()
    await child.close()
    assert time.monotonic() - before < 1
    with pytest.raises(ChildDied):
        await run
    assert not is_running(heard.data[0]["pid"])
    with pytest.raises(ChildStopped):
        await child.run(ERRANDS + "add", {"a": 1, "b": 1})


async def test_an_idle_child_ends_and_comes_back_when_needed():
    child = Child(idle_s=0.05)
    first = (await child.run(ERRANDS + "add", {"a": 1, "b": 1}))["pid"]
    await until_gone(first)
    assert (await child.run(ERRANDS + "add", {"a": 1, "b": 1}))["pid"] != first
    await child.close()


PARENT = """
import asyncio, os
from app.frame.child import Child

async def main():
    async def tell(data):
        print(data["pid"], flush=True)
    await Child().run("tests.frame.child_errands:busy", {}, tell)

asyncio.run(main())
"""


async def test_the_child_ends_when_its_parent_is_killed():
    parent = await asyncio.create_subprocess_exec(sys.executable, "-c", PARENT, stdout=subprocess.PIPE)
    assert parent.stdout
    pid = int(await parent.stdout.readline())
    parent.kill()
    await parent.wait()
    await until_gone(pid)
