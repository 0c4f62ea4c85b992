"""Beds of the accounts tests."""

import pytest

from tests.world import World, make_world


@pytest.fixture
async def world(office, app) -> World:
    """The five people of tests/world.py in an open office."""
    return await make_world(office, app)
