"""An office with people, spoken to by programs."""

from typing import Any

import pytest

from tests.world import World, make_world


@pytest.fixture
async def world(office: Any, app: Any) -> World:
    """Ana and Beto answer, Carla leads sales, Diego administers, Irene keeps the machines."""
    return await make_world(office, app)
