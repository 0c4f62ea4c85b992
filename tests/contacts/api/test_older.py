"""The older tool's clients go on working: their paths, their key, their shapes."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from app.contacts.models import Contact
from app.frame.actor import SYSTEM
from app.frame.db import now_utc
from tests.world import World

ROW = set(
    """id phone name status note coords locked_by locked_until reminder_time last_called_by last_called_time
    last_visibility_time visibility_months_ago editors_history created_at updated_at version""".split()
)
pytestmark = pytest.mark.sqlite_only


async def test_it_works(world: World) -> None:
    api = await world.api_as("diego")
    made = await api.post("/contacts", json={"phone": "+506-8812-3456", "name": "Marvin", "note": "x", "coords": None})
    assert made.status_code == 201
    assert set(made.json()) == ROW
    assert (made.json()["phone"], made.json()["note"]) == ("+50688123456", "x")
    listed = await api.get("/contacts")
    assert [row["id"] for row in listed.json()] == [made.json()["id"]]
    assert set(listed.json()[0]) == ROW


async def test_an_id_may_be_the_numbers_digits_as_it_was_there(world: World) -> None:
    api = await world.api_as("diego")
    await api.post("/contacts", json={"phone": "8812 3456", "name": "Marvin"})
    changed = await api.put("/contacts/88123456", json={"name": "Marvin Q.", "status": "INTERESADO"})
    assert (changed.status_code, changed.json()["name"], changed.json()["status"]) == (200, "Marvin Q.", "INTERESADO")
    gone = await api.delete("/contacts/50688123456")
    assert (gone.status_code, gone.json()["success"]) == (200, True)
    assert (await api.get("/contacts")).json() == []
    assert (await api.put("/contacts/88123456", json={"name": "Nadie"})).status_code == 404


async def test_who_holds_a_contact_and_when_it_was_seen_is_in_the_list_too(world: World) -> None:
    """The list and the single contact say the same."""
    api = await world.api_as("diego")
    for phone in ("8812 3456", "8812 3457"):
        await api.post("/contacts", json={"phone": phone, "name": phone})
    async with world.office.database.unit(actor=SYSTEM) as db:
        long_ago = now_utc() - timedelta(days=100)
        await db.execute(update(Contact).where(Contact.id == 1).values(seen_at=long_ago))
    await api.post("/api/v1/contacts/1/lock")
    held, free = (await api.get("/contacts")).json()
    assert (held["locked_by"], free["locked_by"], free["locked_until"]) == ("Diego Rojas", None, None)
    assert held["locked_until"]
    assert (held["visibility_months_ago"], free["visibility_months_ago"]) == (3, 0)
    assert held == (await api.put("/contacts/1", json={})).json()


async def test_every_change_of_the_name_is_in_the_editors_history(world: World) -> None:
    """Newest first, as their clients show it."""
    api = await world.api_as("diego")
    await api.post("/contacts", json={"phone": "8812 3456", "name": "Marvin"})
    for name in ("Marvin Q.", "Marvin Quesada"):
        changed = (await api.put("/contacts/88123456", json={"name": name})).json()
    for row in (changed, (await api.get("/contacts")).json()[0]):
        told = [(h["user"], h["field"], h["old"], h["new"]) for h in row["editors_history"]]
        assert told == [
            ("Diego Rojas", "name", "Marvin Q.", "Marvin Quesada"), ("Diego Rojas", "name", "Marvin", "Marvin Q."),
        ]  # fmt: skip
        assert all(h["ts"] for h in row["editors_history"])


async def test_only_who_may_delete_does(world: World) -> None:
    api, ana = await world.api_as("diego"), await world.api_as("ana")
    await api.post("/contacts", json={"phone": "8812 3456", "name": "Marvin"})
    assert (await ana.delete("/contacts/88123456")).status_code == 403
    assert len((await ana.get("/contacts")).json()) == 1


@pytest.mark.parametrize("path", ["/contacts", "/export", "/metrics", "/config"])
async def test_without_a_key_nothing_opens(world: World, client: Any, path: str) -> None:
    answer = await client.get(path)
    assert answer.status_code == 401
    assert answer.headers["content-type"].startswith("application/problem+json")


async def test_log_in_the_older_way_gives_a_bearer_token(world: World, client: Any) -> None:
    said = {"username": "diego@irazu.example", "password": "el cafe de la tarde"}
    token = (await client.post("/login", json=said)).json()["access_token"]
    assert (await client.get("/contacts", headers={"Authorization": f"Bearer {token}"})).status_code == 200
