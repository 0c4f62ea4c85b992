"""Contacts that nobody has seen for months: by the table of statuses, at night, undone in one go."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from app.contacts.ageing import age_contacts, months_before, restore_aged
from app.contacts.models import Contact
from app.contacts.service import change_contact
from app.contacts.undoing import undo_batch
from tests.contacts.desk import ANA, Desk, number

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
TABLE = (
    ("NC", 2, "NC"), ("NC", 3, "NO_EXISTE"), ("NC", 5, "NO_EXISTE"), ("NC", 6, "SIN_RED"), ("NC", 8, "NO_CONTACTO"),
    ("SIN_GESTIONAR", 40, "NO_CONTACTO"), ("INTERESADO", 40, "INTERESADO"), ("NO_EXISTE", 5, "NO_EXISTE"),
    ("SERVICIOS_ACTIVOS", 9, "SERVICIOS_ACTIVOS"), ("NO_EXISTE", 6, "SIN_RED"), ("SIN_RED", 8, "NO_CONTACTO"),
    ("NO_CONTACTO", 90, "NO_CONTACTO"), ("NO_CONTACTO", 3, "NO_CONTACTO"), ("SIN_RED", 4, "SIN_RED"),
)  # fmt: skip


async def seen(desk: Desk, contact_id: int, at: datetime) -> None:
    async with desk.unit() as db:
        await db.execute(update(Contact).where(Contact.id == contact_id).values(seen_at=at))


async def aged(desk: Desk, months: int = 4, status: str = "NC") -> int:
    one = await desk.plant("Marvin", number(1), status=status)
    await seen(desk, one, months_before(NOW, months))
    async with desk.unit() as db:
        await age_contacts(db, NOW)
    return one


async def status(desk: Desk, contact_id: int) -> str:
    return (await desk.contact(contact_id)).status.code


async def test_it_works(desk: Desk) -> None:
    one, fresh = await aged(desk), await desk.plant("Nidia", number(2))
    assert (await status(desk, one), await status(desk, fresh)) == ("NO_EXISTE", "SIN_GESTIONAR")
    [change] = await desk.changes(one, "status")
    assert (change.before, change.after, change.who) == ("NC", "NO_EXISTE", "Diego Rojas")


@pytest.mark.parametrize(("start", "months", "end"), TABLE, ids=[f"{a}-{m}" for a, m, _b in TABLE])
@pytest.mark.sqlite_only
async def test_the_table_of_months(desk: Desk, start: str, months: int, end: str) -> None:
    one = await desk.plant("Marvin", number(1), status=start)
    await seen(desk, one, months_before(NOW, months))
    async with desk.unit() as db:
        await age_contacts(db, NOW)
    assert await status(desk, one) == end


async def test_a_day_before_its_months_nothing_happens(desk: Desk) -> None:
    one = await desk.plant("Marvin", number(1), status="NC")
    await seen(desk, one, months_before(NOW, 3) + timedelta(days=1))
    async with desk.unit() as db:
        assert await age_contacts(db, NOW) is None
    assert await status(desk, one) == "NC"


async def test_a_second_night_finds_nothing_to_do(desk: Desk) -> None:
    await aged(desk)
    async with desk.unit() as db:
        assert await age_contacts(db, NOW) is None


async def test_the_night_is_undone_but_for_what_people_changed(desk: Desk) -> None:
    one, other = await desk.plant("Marvin", number(1)), await desk.plant("Nidia", number(2))
    for each in (one, other):
        await seen(desk, each, months_before(NOW, 4))
    async with desk.unit() as db:
        batch = await age_contacts(db, NOW)
        assert batch is not None
        assert batch.total == 2
    async with desk.unit(ANA) as db:
        await change_contact(db, other, {"status": "INTERESADO"})
    async with desk.unit() as db:
        undone = await undo_batch(db, batch.id)
    assert undone.left == [(other, "Nidia", "status")]
    assert (await status(desk, one), await status(desk, other)) == ("SIN_GESTIONAR", "INTERESADO")


async def test_one_that_comes_back_is_what_it_was(desk: Desk) -> None:
    one = await aged(desk)
    async with desk.unit() as db:
        await age_contacts(db, NOW + timedelta(days=100))
    assert await status(desk, one) == "SIN_RED"
    async with desk.unit(ANA) as db:
        assert await restore_aged(db, await db.get_one(Contact, one))
    assert await status(desk, one) == "NC"
    assert (await desk.contact(one)).seen_at > NOW - timedelta(days=30)


async def test_what_a_person_decided_is_not_taken_back(desk: Desk) -> None:
    one = await aged(desk)
    async with desk.unit(ANA) as db:
        await change_contact(db, one, {"status": "SIN_RED"})
    async with desk.unit(ANA) as db:
        assert not await restore_aged(db, await db.get_one(Contact, one))
    assert await status(desk, one) == "SIN_RED"


async def test_one_that_never_aged_is_only_seen(desk: Desk) -> None:
    one = await desk.plant("Marvin", number(1))
    await seen(desk, one, NOW - timedelta(days=60))
    async with desk.unit(ANA) as db:
        assert not await restore_aged(db, await db.get_one(Contact, one))
    assert (await desk.contact(one)).seen_at > NOW - timedelta(days=30)


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [("2026-05-31", 3, "2026-02-28"), ("2024-05-31", 3, "2024-02-29"), ("2026-03-15", 3, "2025-12-15"),
     ("2026-12-31", 6, "2026-06-30"), ("2026-01-31", 8, "2025-05-31"), ("2026-11-21", 12, "2025-11-21")],
)  # fmt: skip
def test_months_are_those_of_the_calendar(day: str, months: int, then: str) -> None:
    at = datetime.fromisoformat(f"{day}T03:10:00+00:00")
    assert months_before(at, months).isoformat() == f"{then}T03:10:00+00:00"


@given(st.integers(946_684_800, 4_102_444_800), st.integers(1, 240))
def test_going_back_is_so_many_months_and_at_most_three_days_short(epoch_s: int, months: int) -> None:
    at = datetime.fromtimestamp(epoch_s, UTC)
    then = months_before(at, months)
    assert (at.year * 12 + at.month) - (then.year * 12 + then.month) == months
    assert 0 <= at.day - then.day <= 3
    assert then.time() == at.time()
