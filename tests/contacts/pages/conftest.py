"""An office with people, and contacts planted by hand."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from app.contacts.service import AddressIn, ContactIn, create_contact
from app.frame.actor import SYSTEM
from tests.world import World, make_world

NAMED = re.compile(r'<a class="name" href="/contactos/(\d+)"')


@pytest.fixture
async def world(office: Any, app: Any) -> World:
    """Ana and Beto answer, Carla leads sales, Diego administers, Irene keeps the machines."""
    return await make_world(office, app)


@pytest.fixture
def plant(world: World) -> Callable[..., Awaitable[int]]:
    """`await plant("Marvin", phone="8812 3456", owner="ana", team="Ventas", status="NC", tags=["vip"])`: its id."""

    async def one(name: str, *, owner: str = "", team: str = "", phone: str = "", email: str = "", **more: Any) -> int:
        typed = [AddressIn("phone", phone), AddressIn("email", email)]
        given = ContactIn(
            name=name, owner_id=world.ids[owner] if owner else None, team_id=world.teams[team] if team else None,
            addresses=typed, **more,
        )  # fmt: skip
        async with world.office.database.unit(actor=SYSTEM) as db:
            return (await create_contact(db, given)).id

    return one


def shown(text: str) -> list[int]:
    """Ids of the rows in an answer, in their order."""
    return [int(i) for i in NAMED.findall(text)]
