"""A roster is searched in another process: told of on the way, stopped at any moment, lost with no more than itself."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from itertools import pairwise
from typing import Any

import msgspec
import pytest

from app.frame.child import Child, ChildDied, ChildFailed
from app.workforce.crew import Week
from app.workforce.result import Result
from app.workforce.rosters import solve
from tests.frame.child_bed import Heard
from tests.workforce.checker import breaches
from tests.workforce.crews import office

SEARCH = "app.workforce.rosters:run"


@pytest.fixture
async def child() -> AsyncIterator[Child]:
    child = Child()
    yield child
    await child.close()


async def found(child: Child, week: Week, heard: Heard, stop: asyncio.Event | None = None) -> Result:
    plain: dict[str, Any] = msgspec.to_builtins(week)
    return msgspec.convert(await child.run(SEARCH, plain, heard, stop=stop, limit_s=90), Result, strict=False)


async def test_it_works(child: Child) -> None:
    """Both prove theirs the best, so the machine's speed does not matter: a second, and half a minute is allowed."""
    week, heard = office(5, 3, seconds=30), Heard()
    result = await found(child, week, heard)
    assert breaches(week, result) == []
    assert result.objective == pytest.approx(solve(week).objective, rel=2e-3)
    figures = [said["objective"] for said in heard.data]
    assert all(later <= one + 1e-6 for one, later in pairwise(figures))
    assert heard.data[-1]["bound"] <= result.objective + 1e-6


async def test_stopped_before_it_began_it_answers_with_its_first(child: Child) -> None:
    week, stop = office(40, 3, seconds=60), asyncio.Event()
    stop.set()
    result = await found(child, week, Heard(), stop)
    assert breaches(week, result) == []
    assert result.shifts
    assert result.seconds < 30


async def test_stopped_on_the_way_it_keeps_the_best(child: Child) -> None:
    week, heard, stop = office(40, 3, seconds=60), Heard(), asyncio.Event()
    run = asyncio.create_task(found(child, week, heard, stop))
    await heard.first.wait()
    stop.set()
    result = await run
    assert breaches(week, result) == []
    assert result.objective <= heard.data[-1]["objective"] + 1e-6
    assert result.seconds < 30


async def test_a_process_that_is_killed_takes_one_search_along(child: Child) -> None:
    week, heard = office(40, 3, seconds=60), Heard()
    run = asyncio.create_task(found(child, week, heard))
    await heard.first.wait()
    (kept,) = child._all
    os.kill(kept.process.pid, signal.SIGKILL)
    with pytest.raises(ChildDied):
        await run
    again = office(5, 7, seconds=0.5)
    assert breaches(again, await found(child, again, Heard())) == []


async def test_who_goes_away_ends_the_search(child: Child) -> None:
    heard = Heard()
    run = asyncio.create_task(found(child, office(40, 3, seconds=60), heard))
    await heard.first.wait()
    run.cancel()
    with pytest.raises(asyncio.CancelledError):
        await run
    assert not child._idle


async def test_a_senseless_question_comes_back_with_its_sentence(child: Child) -> None:
    week = msgspec.structs.replace(office(3, 1), people=())
    with pytest.raises(ChildFailed) as refused:
        await found(child, week, Heard())
    assert (refused.value.sentence, refused.value.field) == ("No hay personas para el rol.", "people")
