"""A line that lives for one test."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest
from hypothesis import settings

from drivers.contract import Driver
from tests.drivers.collecting import Collecting

# How long an example takes says how busy the machine is, and nothing of the driver.
settings.register_profile("drivers", deadline=None)
settings.load_profile("drivers")

Living = Callable[[Driver[Any]], AbstractAsyncContextManager[Collecting]]


@pytest.fixture
def living() -> Living:
    """`async with living(driver) as sink:` the driver runs and is ready."""

    @contextlib.asynccontextmanager
    async def live(driver: Driver[Any]) -> AsyncIterator[Collecting]:
        sink = Collecting()
        life = asyncio.create_task(driver.run(sink))
        up = asyncio.create_task(sink.up.wait())
        await asyncio.wait({life, up}, timeout=5, return_when=asyncio.FIRST_COMPLETED)
        up.cancel()
        try:
            if life.done():
                life.result()
            yield sink
            if life.done():
                life.result()  # what broke the line is the test's business
        finally:
            life.cancel()
            done, _pending = await asyncio.wait({life}, timeout=1)
            assert done, "run() did not end within a second"

    return live
