"""A contact belongs to people, teams and countries that there are, and what is typed is kept whole or refused."""

import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.models import User
from app.accounts.teams import create_team, delete_team, get_team
from app.contacts.bulk import start_bulk
from app.contacts.defining import StatusIn, define_status
from app.contacts.fields import define_field
from app.contacts.service import AddressIn, ContactIn, change_contact, create_contact
from app.contacts.views import save_view
from app.frame.db import now_utc
from app.frame.migrate import migrate
from app.frame.refused import Refused
from app.frame.settings import Settings
from tests.contacts.desk import Desk, number

NOWHERE = [
    ({"owner_id": 99_999}, "owner"),
    ({"team_id": 99_999}, "team"),
    ({"country": "ZZ"}, "country"),
    ({"country": "EU"}, "country"),
    ({"name": "x" * 201}, "name"),
    ({"company": "x" * 201}, "company"),
    ({"notes": "x" * 20_001}, "notes"),
    ({"tags": ["x" * 61]}, "tags"),
    ({"addresses": [AddressIn("phone", number(3), "x" * 41)]}, "label"),
    ({"tags": [f"etiqueta {n}" for n in range(31)]}, "tags"),
]


@pytest.mark.parametrize(("given", "field"), NOWHERE, ids=[f"{field}-{n}" for n, (_g, field) in enumerate(NOWHERE)])
async def test_it_works(desk: Desk, given: dict[str, Any], field: str) -> None:
    one = await desk.plant("Marvin", number(1))
    async with desk.unit() as db:
        with pytest.raises(Refused) as refused:
            await change_contact(db, one, given)
        assert refused.value.field == field
        with pytest.raises(Refused) as refused:
            await create_contact(db, ContactIn(**{"name": "Nidia"} | given))
        assert refused.value.field == field
    assert (await desk.contact(one)).version == 1


@pytest.mark.sqlite_only
async def test_everything_that_is_wrong_is_said_at_once(desk: Desk) -> None:
    given = {"name": "x" * 201, "owner_id": 99_999, "team_id": 99_999, "country": "ZZ", "tags": ["x" * 61]}
    one = await desk.plant("Marvin", number(1))
    async with desk.unit() as db:
        with pytest.raises(Refused) as refused:
            await change_contact(db, one, given | {"status": "NADA"})
    assert set(refused.value.errors) == {"name", "owner", "team", "country", "tags", "status"}


async def test_who_left_gets_nobody_new_and_keeps_what_they_have(desk: Desk) -> None:
    one, other = await desk.plant("Marvin", number(1), owner_id=3), await desk.plant("Nidia", number(2))
    async with desk.unit() as db:
        await db.execute(update(User).where(User.id == 3).values(disabled_at=now_utc()))
    async with desk.unit() as db:
        await change_contact(db, one, {"owner_id": 3, "notes": "sigue siendo de quien era"})
        with pytest.raises(Refused):
            await change_contact(db, other, {"owner_id": 3})
        with pytest.raises(Refused):
            await start_bulk(db, [one, other], {"owner_id": 3})
        with pytest.raises(Refused):
            await start_bulk(db, [one, other], {"add_tags": ["x" * 61]})


async def test_what_just_fits_is_kept_to_the_last_letter(desk: Desk) -> None:
    given = {"name": "n" * 200, "company": "c" * 200, "tags": ["t" * 60, *(f"e{n}" for n in range(29))]}
    async with desk.unit() as db:
        made = await create_contact(db, ContactIn(**given, owner_id=2, team_id=2, country="MX"))
    contact = await desk.contact(made.id)
    assert (contact.name, contact.company, contact.tags) == (given["name"], given["company"], given["tags"])


async def test_an_extension_that_was_typed_stays_beside_its_number(desk: Desk) -> None:
    one = await desk.plant("Marvin", "2260-4418 ext. 12")
    [address] = (await desk.contact(one)).addresses
    assert (address.external_id, address.label) == ("+50622604418", "ext. 12")
    async with desk.unit() as db:
        typed = [AddressIn("phone", "2260 4418 ext 12", "oficina")]
        await change_contact(db, one, {"addresses": typed})
    assert [a.label for a in (await desk.contact(one)).addresses] == ["oficina ext. 12"]


@pytest.mark.sqlite_only
async def test_an_own_field_keeps_every_letter_or_says_how_many_fit(desk: Desk) -> None:
    async with desk.unit() as db:
        await define_field(db, "Historia", "text")
    one = await desk.plant("Marvin", number(1), custom={"historia": "h" * 1000})
    async with desk.unit() as db:
        with pytest.raises(Refused, match="1000 caracteres"):
            await change_contact(db, one, {"custom": {"historia": "h" * 1001}})
    assert (await desk.contact(one)).custom == {"historia": "h" * 1000}


@pytest.mark.sqlite_only
async def test_what_managers_define_says_all_that_is_wrong_at_once(desk: Desk) -> None:
    long = "x" * 81
    wrong_status = StatusIn(code="ñandú", title=long, kind="rosa", priority=-1, after_months=0)
    tries: list[tuple[Callable[[AsyncSession], Awaitable[Any]], set[str]]] = [
        (lambda db: define_status(db, wrong_status), {"code", "title", "kind", "priority", "after_months"}),
        (lambda db: define_status(db, StatusIn()), {"code", "title"}),
        (lambda db: define_field(db, long, "brújula"), {"title", "kind"}),
        (lambda db: define_field(db, "", "choice", ["una"]), {"title", "choices"}),
        (lambda db: save_view(db, long, "", []), {"name"}),
        (lambda db: create_team(db, long), {"name"}),
    ]
    for attempt, fields in tries:
        async with desk.unit() as db:
            with pytest.raises(Refused) as refused:
                await attempt(db)
            assert set(refused.value.errors) == fields


async def test_a_new_team_does_not_inherit_the_contacts_of_a_deleted_one(desk: Desk) -> None:
    async with desk.unit() as db:
        gone = await create_team(db, "Cobros")
    one = await desk.plant("Marvin", number(1), team_id=gone.id)
    async with desk.unit() as db:
        await delete_team(db, await get_team(db, gone.id))
    async with desk.unit() as db:
        made = await create_team(db, "Reclamos")
    assert made.id > gone.id
    assert (await desk.contact(one)).team_id != made.id


@pytest.mark.sqlite_only
def test_an_older_office_numbers_its_next_team_after_all_that_it_ever_had(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, secret="a secret of the tests, long enough")
    migrate(settings, "0003")
    audited = "'team.deleted', 'team', '7', '', 0, '', '')"
    with closing(sqlite3.connect(tmp_path / "centralita.db")) as office, office:
        office.execute("INSERT INTO team (id, name, created_at) VALUES (4, 'Ventas', 1)")
        office.execute(
            "INSERT INTO audit (at, who, via, ip, request_id, verb, noun, noun_id, detail_hash, erased, previous, hash)"
            f" VALUES (1, 'Ana', 'web', '', '', {audited}"
        )
    migrate(settings)
    with closing(sqlite3.connect(tmp_path / "centralita.db")) as office, office:
        office.execute("INSERT INTO team (name, created_at) VALUES ('Reclamos', 1)")
        assert office.execute("SELECT id, name FROM team ORDER BY id").fetchall() == [(4, "Ventas"), (8, "Reclamos")]
