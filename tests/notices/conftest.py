"""An office with people."""

from typing import Any

import pytest

from tests.world import World, make_world


@pytest.fixture
async def world(office: Any, app: Any) -> World:
    return await make_world(office, app)
