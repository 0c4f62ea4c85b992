"""/ajustes/contactos: every part opens, saves, and says what is wrong."""

from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import select

from app.contacts import jobs, retagging
from app.contacts.models import CustomField, Status, Tag
from app.contacts.models_history import Batch
from app.frame.jobs import Work
from tests.world import World

Plant = Callable[..., Awaitable[int]]
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}
BASE = "/ajustes/contactos"


async def first(world: World, table: type, **where: object) -> int:
    async with world.office.database.unit(write=False) as db:
        found = select(table.id).filter_by(**where).order_by(table.id.desc())
        return await db.scalar(found.limit(1)) or 0


async def test_it_works(world: World, plant: Plant) -> None:
    await plant("Marvin", phone="8812 3456", tags=["VIP"])
    diego, ana = await world.client_as("diego"), await world.client_as("ana")
    for part, said in (("", "No contesta"), ("/campos", "campos propios"), ("/etiquetas", "VIP"),
                       ("/horario", "Costa Rica"), ("/cambios", "cambios en bloque")):  # fmt: skip
        page = await diego.get(BASE + part)
        assert page.status_code == 200
        assert said in page.text
        assert (await ana.get(BASE + part)).status_code == 403
    assert BASE in (await diego.get("/contactos")).text, "the side navigation leads there"


async def test_statuses_are_made_and_changed(world: World, plant: Plant) -> None:
    diego = await world.client_as("diego")
    assert (await diego.partial(f"{BASE}/estados/nuevo")).status_code == 200
    data = {"title": "Volver a llamar", "code": "volver", "priority": "2", "kind": "warn", "active": "true"}
    made = await diego.post(f"{BASE}/estados", data=data, headers=HTMX)
    assert "Volver a llamar" in made.text
    assert (await diego.post(f"{BASE}/estados", data=data, headers=HTMX)).status_code == 422
    one = await first(world, Status, code="VOLVER")
    assert "VOLVER" in (await diego.partial(f"{BASE}/estados/{one}")).text
    wrong = await diego.post(f"{BASE}/estados/{one}", data=data | {"priority": "muchos"}, headers=HTMX)
    assert wrong.status_code == 422
    assert "Volver a llamar" in wrong.text
    saved = await diego.post(f"{BASE}/estados/{one}", data=data | {"title": "Reintentar"}, headers=HTMX)
    assert "Reintentar" in saved.text
    assert (await diego.partial(f"{BASE}/estados/9999")).status_code == 404


async def test_fields_are_made_moved_and_retired(world: World) -> None:
    diego = await world.client_as("diego")
    for title in ("Cédula", "Plan"):
        answer = await diego.post(f"{BASE}/campos", data={"title": title, "kind": "text"}, headers=HTMX)
        assert title in answer.text
    plan = await first(world, CustomField, key="plan")
    moved = (await diego.post(f"{BASE}/campos/{plan}/lugar", data={"to": "up"}, headers=HTMX)).text
    assert moved.index("Plan") < moved.index("Cédula")
    bad = await diego.post(f"{BASE}/campos", data={"title": "Lista", "kind": "choice", "choices": "una"}, headers=HTMX)
    assert bad.status_code == 422
    assert (await diego.partial(f"{BASE}/campos/{plan}")).status_code == 200
    retired = await diego.post(f"{BASE}/campos/{plan}", data={"title": "Plan actual"}, headers=HTMX)
    assert "retirado" in retired.text


async def test_tags_are_renamed_merged_and_removed(world: World, plant: Plant) -> None:
    one = await plant("Marvin", phone="8812 3456", tags=["VIP", "Oro"])
    diego = await world.client_as("diego")
    vip, oro = await first(world, Tag, name="VIP"), await first(world, Tag, name="Oro")
    assert "Oro" in (await diego.partial(f"{BASE}/etiquetas/{vip}")).text
    assert "Platino" in (await diego.post(f"{BASE}/etiquetas/{vip}", data={"name": "Platino"}, headers=HTMX)).text
    assert (await diego.post(f"{BASE}/etiquetas/{vip}", data={"name": "oro"}, headers=HTMX)).status_code == 422
    merged = await diego.post(f"{BASE}/etiquetas/{vip}", data={"name": "x", "into": oro}, headers=HTMX)
    assert "Platino" not in merged.text
    removed = await diego.delete(f"{BASE}/etiquetas/{oro}", headers=HTMX)
    assert "Todavía no hay etiquetas" in removed.text
    batch = await first(world, Batch, kind="retag")
    assert f"/contactos/deshacer/{batch}" in (await diego.get(f"{BASE}/cambios")).text
    assert (await diego.post(f"/contactos/deshacer/{batch}", headers=HTMX)).status_code < 300
    assert "Oro" in (await diego.get(f"/contactos/{one}")).text
    assert "Deshecho" in (await diego.get(f"{BASE}/cambios")).text


async def test_a_tag_of_many_is_renamed_by_a_job(world: World, plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retagging, "INLINE", 1)
    ids = [await plant(f"N {i}", phone=f"8812 34{i:02d}", tags=["VIP"]) for i in range(3)]
    diego = await world.actor("diego")
    async with world.office.database.unit(actor=diego) as db:
        batch = await retagging.rename_tag(db, await first(world, Tag, name="VIP"), "Oro")
        assert batch.state == retagging.STATE
    await jobs.retag(Work(world.office), str(batch.id))
    async with world.office.database.unit(write=False) as db:
        assert [t.name for t in await retagging.tag_uses(db)] == ["Oro"]
        done = await db.get_one(Batch, batch.id)
        assert (done.state, done.done) == ("done", len(ids))


async def test_hours_are_written_and_forgotten(world: World) -> None:
    diego = await world.client_as("diego")
    url = f"{BASE}/horario/CR/service"
    assert "07:00-21:00" in (await diego.partial(url)).text
    data = {"weekday": "06:15-12:00, 13:00-20:45", "saturday": "", "sunday": "", "holiday": ""}
    assert "06:15-12:00, 13:00-20:45" in (await diego.post(url, data=data, headers=HTMX)).text
    wrong = await diego.post(url, data=data | {"sunday": "siempre"}, headers=HTMX)
    assert wrong.status_code == 422
    assert "siempre" in wrong.text
    assert "06:15" not in (await diego.delete(url, headers=HTMX)).text
    assert (await diego.partial(f"{BASE}/horario/XX/service")).status_code == 404
