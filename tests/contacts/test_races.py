"""Two people at the same moment: one number is one contact."""

import asyncio

import pytest
from sqlalchemy import func, select, text

from app.contacts.locks import lock_contact
from app.contacts.models import Address, Contact
from app.contacts.scope import hears_contact
from app.contacts.service import AddressIn, change_contact
from app.frame.actor import Actor
from app.frame.refused import Conflict
from tests.contacts.desk import ANA, BETO, Desk, number


async def warm(desk: Desk, contact_id: int) -> None:
    """Open a few connections first: else the second person always comes late, and nothing races."""
    await asyncio.gather(*(desk.contact(contact_id) for _ in range(4)))


async def test_it_works(desk: Desk) -> None:
    both = await asyncio.gather(
        desk.plant("De Ana", number(1), actor=ANA), desk.plant("De Beto", number(1), actor=BETO), return_exceptions=True
    )
    [won] = [result for result in both if isinstance(result, int)]
    [lost] = [result for result in both if isinstance(result, Conflict)]
    assert lost.extra["contact_id"] == won
    async with desk.unit(write=False) as db:
        assert await db.scalar(select(func.count()).select_from(Contact)) == 1


async def test_many_at_once_give_one_contact_per_number(desk: Desk) -> None:
    tries = [desk.plant(f"Número {n % 3}", number(n % 3)) for n in range(18)]
    results = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(r, int) for r in results) == 3
    assert sum(isinstance(r, Conflict) for r in results) == 15


async def test_two_contacts_do_not_get_one_number_by_editing(desk: Desk) -> None:
    one, other = await desk.plant("Marvin", number(1)), await desk.plant("Nidia", number(2))

    async def give(contact_id: int) -> None:
        async with desk.unit() as db:
            await change_contact(db, contact_id, {"addresses": [AddressIn("whatsapp", number(5))]})

    results = await asyncio.gather(give(one), give(other), return_exceptions=True)
    assert sorted(type(r).__name__ for r in results) == ["Conflict", "NoneType"]
    async with desk.unit(write=False) as db:
        holders = select(Address.contact_id).where(Address.match == f"tel:{number(5)}")
        assert len(list(await db.scalars(holders))) == 1


async def test_a_stale_save_is_told_and_loses_nothing(desk: Desk) -> None:
    one = await desk.plant("Marvin", number(1))

    async def save(notes: str) -> None:
        async with desk.unit() as db:
            await change_contact(db, one, {"notes": notes}, version=1)

    await warm(desk, one)
    results = await asyncio.gather(save("de Ana"), save("de Beto"), return_exceptions=True)
    [refused] = [r for r in results if isinstance(r, Conflict)]
    stored = (await desk.contact(one)).notes
    assert refused.extra["current"]["notes"] == stored
    assert {stored, refused.extra["mine"]["notes"]} == {"de Ana", "de Beto"}


async def test_two_editors_opened_at_once_are_one_editor(desk: Desk) -> None:
    one = await desk.plant("Marvin", number(1))

    async def lock(actor: Actor) -> str:
        async with desk.unit(actor) as db:
            return (await lock_contact(db, one, 10)).who

    await warm(desk, one)
    results = await asyncio.gather(lock(ANA), lock(BETO), return_exceptions=True)
    [won] = [r for r in results if isinstance(r, str)]
    [lost] = [r for r in results if isinstance(r, Conflict)]
    assert lost.extra["locked_by"] == won


async def test_a_topic_that_names_no_contact_is_heard_by_nobody(desk: Desk) -> None:
    one = await desk.plant("Marvin", number(1), team_id=1)
    hears = await hears_contact(desk.database, f"contact-{one}")
    assert (hears(ANA), hears(BETO)) == (True, False)
    for strange in ("", "x", "-1", "1.0", "٣", "9" * 40, "1; DROP TABLE contact", str(one + 1)):
        assert not (await hears_contact(desk.database, f"contact-{strange}"))(ANA)


@pytest.mark.sqlite_only
async def test_looking_for_a_number_reads_an_index_and_not_the_table(desk: Desk) -> None:
    """Every new contact asks who has its numbers: with a hundred thousand of them a scan would be felt."""
    for live in (Address.live, ~Address.live):
        query = select(Address.contact_id).where(Address.match == "tel:+50688123456", live)
        said = query.compile(desk.database.read_engine.sync_engine, compile_kwargs={"literal_binds": True})
        async with desk.unit(write=False) as db:
            plan = (await db.execute(text(f"EXPLAIN QUERY PLAN {said}"))).all()
        assert "USING INDEX" in plan[0].detail
