"""What can happen to either of Meta's lines, two hundred times each."""

import asyncio
import itertools
from collections.abc import Callable
from typing import Any

import pytest

from drivers.contract import Driver, NotReady, Outbound, Receipt
from tests.drivers.collecting import Collecting
from tests.drivers.eventually import eventually, held, settles
from tests.drivers.peers.wire import FAULTS, Fault, Wire

RUNS = 200
QUICK: tuple[Fault, ...] = tuple(f for f in FAULTS if f not in ("silence", "drip"))
Line = Callable[..., Driver[Any]]


async def killed_between_send_and_receipt(line: Driver[Any], hello: Callable[[str], Outbound]) -> None:
    """Meta takes no key, so the office does not ask again: nothing may go on behind its back, nothing stay open."""
    before, sink = held(), Collecting()
    life = asyncio.create_task(line.run(sink))
    await asyncio.wait_for(sink.up.wait(), 5)
    for run in range(RUNS):
        sending = asyncio.create_task(line.send(hello(f"k{run}")))
        await asyncio.sleep(0.0002 * (run % 12))
        sending.cancel()
        (said,) = await asyncio.gather(sending, return_exceptions=True)
        assert isinstance(said, asyncio.CancelledError) or (isinstance(said, Receipt) and said.state != "doubtful")
    assert (await line.send(hello("last"))).state != "doubtful", "the line still works"
    life.cancel()
    await asyncio.wait({life})
    await settles(before)


async def lives_broken_anywhere(wire: Wire, line: Line) -> None:
    """Each ends by a fault, as NotReady, and the next one is up again."""
    before = held()
    for _run, fault in zip(range(RUNS), itertools.cycle([*QUICK * 3, "silence", "drip"])):
        life = await _up(line, 0.05 if fault in ("silence", "drip") else 10.0)
        wire.fault = fault  # type: ignore[assignment]
        (ended,) = await asyncio.wait_for(asyncio.gather(life, return_exceptions=True), 5)
        assert isinstance(ended, NotReady), ended
        wire.fault = ""
    await settles(before)


async def _up(line: Line, patience_s: float) -> "asyncio.Task[None]":
    """A life that is up; with little patience a busy machine may need another try."""
    for _try in range(20):
        sink = Collecting()
        life = asyncio.create_task(line(check_every_s=0.001, patience_s=patience_s).run(sink))
        await eventually(lambda: sink.up.is_set() or life.done())  # noqa: B023
        if sink.up.is_set():
            return life
        assert isinstance(life.exception(), NotReady)
    raise AssertionError("it never came up")


async def files_that_do_not_arrive(wire: Wire, line: Line, hello: Callable[[str], Outbound]) -> None:
    """By a file alone nobody receives anything: that is a plain "not sent", in which the office asks again."""
    before = held()
    for run, fault in zip(range(RUNS), itertools.cycle(QUICK)):
        wire.fault = fault
        with pytest.raises(NotReady):
            await line(patience_s=10.0).send(hello(f"k{run}"))
        wire.fault = ""
    await settles(before)
