"""An office with people and its lines."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from app.devices.models import Device
from app.devices.switchboard import STATE
from tests.world import World, make_world


@pytest.fixture
async def world(office, app) -> World:
    return await make_world(office, app)


@pytest.fixture
async def sim(world, office) -> Device:
    """The simulated line that the first run makes, ready."""
    device = await the_device(office)
    office.state[STATE].wake.set()  # now, not after the calm of a start
    await until(lambda: state(office, device.id) == "ready")
    return device


async def the_device(office: Any, device_id: int | None = None) -> Device:
    async with office.database.unit(write=False) as db:
        wanted = select(Device).order_by(Device.id.desc()).limit(1)
        device = (await db.scalars(wanted.where(Device.id == device_id) if device_id else wanted)).one()
        db.expunge_all()
        return device


def state(office: Any, device_id: int) -> str:
    told = office.supervisor.told(f"device-{device_id}")
    return told.state if told else "?"


async def until(check: Callable[[], object], seconds: float = 5.0) -> None:
    async with asyncio.timeout(seconds):
        while not check():  # noqa: ASYNC110
            await asyncio.sleep(0.01)
