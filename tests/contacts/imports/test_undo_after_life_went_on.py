"""An import undone after people went on with what it brought: nothing of theirs is lost, nobody is called again."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.contacts.bin import delete_contact
from app.contacts.blocks import block_contact
from app.contacts.consent import may_contact
from app.contacts.consents import give_consent
from app.contacts.history import add_event
from app.contacts.imports import service
from app.contacts.locks import lock_contact
from app.contacts.merging import merge_contacts
from app.contacts.models import Contact
from app.contacts.service import AddressIn, ContactIn, create_contact
from app.frame.actor import SYSTEM
from tests.contacts.imports.test_import_run import ended, imported
from tests.world import World, make_world

TEXT = "Nombre,Teléfono\nMarvin,8812 3456\nNidia,8812 3457\n"
OPEN = datetime(2026, 11, 24, 16, tzinfo=UTC)
Deed = Callable[[AsyncSession, int, int], Awaitable[Any]]


@pytest.fixture
async def world(office: Any, app: Any) -> World:
    return await make_world(office, app)


async def gone_on(world: World, tmp_path: Path, deed: Deed) -> tuple[Any, int]:
    """The import as it was undone after `deed(db, marvin, other)`; and Marvin's number."""
    async with world.office.database.unit(actor=SYSTEM) as db:
        other = (await create_contact(db, ContactIn(name="Otra", addresses=[AddressIn("phone", "8899 0000")]))).id
    found = await imported(world, TEXT, tmp_path)
    async with world.office.database.unit(write=False) as db:
        marvin = await db.scalar(select(Contact.id).where(Contact.name == "Marvin"))
    async with world.office.database.unit(actor=await world.actor("diego")) as db:
        await deed(db, marvin, other)
    async with world.office.database.unit() as db:
        await service.ask_undo(db, found.id)
    return await ended(world, found.id, "undone"), marvin


async def names(world: World) -> set[str]:
    async with world.office.database.unit(write=False) as db:
        return set(await db.scalars(select(Contact.name).where(Contact.merged_into.is_(None))))


async def block(db: AsyncSession, marvin: int, _other: int) -> None:
    await block_contact(db, marvin, reason="lo pidió")


async def test_it_works(world: World, tmp_path: Path) -> None:
    """Who asked not to be contacted stays so, whether the contact stays or goes."""
    await gone_on(world, tmp_path, block)
    async with world.office.database.unit(write=False) as db:
        assert (await may_contact(db, "+50688123456", "phone", at=OPEN)).code == "blocked"


async def merge_into_other(db: AsyncSession, marvin: int, other: int) -> None:
    await merge_contacts(db, other, marvin)


async def merge_other_into_it(db: AsyncSession, marvin: int, other: int) -> None:
    await merge_contacts(db, marvin, other)


async def bin_it(db: AsyncSession, marvin: int, _other: int) -> None:
    await delete_contact(db, marvin)


async def call(db: AsyncSession, marvin: int, _other: int) -> None:
    add_event(db, marvin, "calls.ended", "Llamada de 3 min")


async def consent(db: AsyncSession, marvin: int, _other: int) -> None:
    await give_consent(db, marvin, "tel:+50688123456", source="formulario")


async def edit_now(db: AsyncSession, marvin: int, _other: int) -> None:
    await lock_contact(db, marvin, 10)


LEFT = [
    (merge_into_other, {"Otra"}),
    (merge_other_into_it, {"Marvin"}),
    (bin_it, {"Otra", "Marvin"}),
    (call, {"Otra", "Marvin"}),
    (consent, {"Otra", "Marvin"}),
    (edit_now, {"Otra", "Marvin"}),
    (block, {"Otra", "Marvin"}),
]


@pytest.mark.parametrize(("deed", "left"), LEFT, ids=[deed.__name__ for deed, _left in LEFT])
async def test_whoever_people_went_on_with_is_left_and_listed(
    world: World, tmp_path: Path, deed: Deed, left: set[str]
) -> None:
    found, marvin = await gone_on(world, tmp_path, deed)
    assert found.options["undone"]["left"] == [[marvin, "Marvin", ""]]
    assert await names(world) == left, "and Nidia, whom nobody touched, is gone"


async def test_a_number_that_the_import_gave_to_who_asked_for_peace_is_not_free_again(
    world: World, tmp_path: Path
) -> None:
    """It stays with them: taken away, it would be anybody's."""
    async with world.office.database.unit(actor=SYSTEM) as db:
        given = ContactIn(name="Marvin", addresses=[AddressIn("email", "m@x.example")])
        known = (await create_contact(db, given)).id
    found = await imported(world, "Nombre,Teléfono,Correo,Empresa\nMarvin,8812 3456,m@x.example,Sol\n", tmp_path)
    async with world.office.database.unit(actor=SYSTEM) as db:
        await block_contact(db, known, reason="lo pidió")
    async with world.office.database.unit() as db:
        await service.ask_undo(db, found.id)
    undone = await ended(world, found.id, "undone")
    async with world.office.database.unit(write=False) as db:
        assert (await may_contact(db, "+50688123456", "phone", at=OPEN)).code == "blocked"
        assert (await db.get_one(Contact, known)).company == "", "the rest went back"
    assert undone.options["undone"]["left"] == [[known, "Marvin", "addresses"]]
