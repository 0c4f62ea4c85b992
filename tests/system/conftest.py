"""Beds of the machine room's tests."""

import pytest

from tests.world import World, make_world


@pytest.fixture
async def world(office, app) -> World:
    """The five people of tests/world.py in an open office: Diego is manager, Irene is it."""
    return await make_world(office, app)
