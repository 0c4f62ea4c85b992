"""The sweep asks every module what is still to do, and one that cannot answer stops nobody."""

import asyncio
from typing import Any

import pytest

from app.frame.jobs import Work
from app.frame.module import Job
from app.frame.office import Office
from app.frame.supervisor import STOP_S

pytestmark = pytest.mark.sqlite_only


async def broken(_db: Any) -> list[str]:
    raise OSError("no such table")


async def two(_db: Any) -> list[str]:
    return ["1", "2"]


async def test_it_works_and_a_broken_question_stops_no_other_job(office: Office) -> None:
    done: list[str] = []

    async def run(_work: Work, key: str) -> None:
        done.append(key)

    queue = office.queue
    queue.jobs |= {"a.broken": Job(run=run, pending=broken), "b.whole": Job(run=run, pending=two)}
    queue._register_one("b.whole", queue.jobs["b.whole"])
    with pytest.raises(ExceptionGroup, match="sweep"):
        await queue.sweep()
    for _ in range(100):
        if sorted(done) == ["1", "2"]:
            break
        await asyncio.sleep(0.05)
    assert sorted(done) == ["1", "2"]


async def test_the_worker_works_although_a_question_is_broken(office: Office) -> None:
    office.queue.jobs["a.broken"] = Job(run=lambda _work, _key: asyncio.sleep(0), pending=broken)
    office.supervisor.restart("cola")
    await asyncio.sleep(0.5)
    told = office.supervisor.told("cola")
    assert told is not None
    assert told.state == "ready"


async def test_the_worker_ends_before_the_supervisor_gives_it_up(office: Office) -> None:
    """Left behind, its last questions would meet a closed database and wait for ever."""
    ends = office.queue.config.worker
    assert ends.graceful_shutdown_timeout + ends.final_cancel_timeout < STOP_S
