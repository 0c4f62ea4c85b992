"""After a start the first page goes first: what nobody asked for waits a moment."""

import asyncio
import time

import pytest

from app.frame import calm as opening
from app.frame.calm import calm


async def test_it_works(monkeypatch) -> None:
    monkeypatch.setattr(opening, "CALM_S", 0.05)
    started = time.monotonic()
    await calm(asyncio.Event())
    assert time.monotonic() - started >= 0.05


async def test_what_is_asked_for_begins_at_once() -> None:
    asked, begun = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        await calm(asked)
        begun.set()

    working = asyncio.create_task(work())
    await asyncio.sleep(0)
    assert not begun.is_set()
    asked.set()
    await asyncio.sleep(0.01)
    assert begun.is_set()
    await working


@pytest.fixture
def patient(monkeypatch) -> None:
    monkeypatch.setattr(opening, "CALM_S", 3600)


async def test_a_job_that_is_asked_for_is_done_at_once(patient, office, monkeypatch) -> None:
    done = asyncio.Event()
    monkeypatch.setattr(office.queue, "sweep", _noting(done))
    await office.queue.put("contacts.sweep_locks", "now")
    async with asyncio.timeout(10):
        await done.wait()


def _noting(done: asyncio.Event):
    async def sweep() -> None:
        done.set()

    return sweep
