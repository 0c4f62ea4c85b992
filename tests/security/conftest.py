"""The world, in which somebody means harm."""

from typing import Any

import pytest

from tests.world import World, make_world


@pytest.fixture
async def world(app: Any, office: Any) -> World:
    return await make_world(office, app)
