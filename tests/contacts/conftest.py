"""Beds of the contacts tests."""

import pytest

from app.frame.db import Database
from tests.contacts.desk import Desk, open_desk


@pytest.fixture
async def desk(database: Database) -> Desk:
    """The services alone on an empty office, on either database."""
    return await open_desk(database)
