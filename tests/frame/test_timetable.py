"""What comes round: written a moment after the start; where it cannot be, the machine room says why."""

import asyncio

import pytest
from litestar_queues import QueueService

from app.frame import jobs

pytestmark = pytest.mark.sqlite_only


async def test_it_works(office, monkeypatch) -> None:
    monkeypatch.setattr(jobs, "TIMETABLE_AFTER_S", 0)

    async def broken(_service: object) -> None:
        raise RuntimeError("no ink for the timetable")

    monkeypatch.setattr(QueueService, "initialize_schedules", broken)
    with pytest.raises(RuntimeError, match="no ink"):
        async with asyncio.timeout(10):
            await office.queue.work()
