"""The contact's page: facts, editor with its lock, stale saves, history."""

from datetime import timedelta
from typing import Any

import pytest

from app.contacts.models import Contact, Lock
from tests.world import World, make_world


@pytest.fixture
async def world(office, app) -> World:  # type: ignore[no-untyped-def]
    return await make_world(office, app)


async def _new(client, **typed: Any) -> str:  # type: ignore[no-untyped-def]
    data = {"name": "Marvin Quesada", "status": "SIN_GESTIONAR", "address_channel": "phone"}
    data["address_value"] = "8812-3456"
    answer = await client.post("/contactos", data=data | typed, headers={"HX-Request": "true"})
    assert answer.status_code == 200, answer.text
    return answer.headers["hx-redirect"]


async def test_it_works(world: World) -> None:
    ana = await world.client_as("ana")
    url = await _new(ana, tags="Pyme, VIP")
    page = await ana.get(url)
    assert page.status_code == 200
    assert "Marvin Quesada" in page.text
    assert "8812 3456" in page.text
    assert "Pyme" in page.text


async def test_a_bad_phone_keeps_what_was_typed(world: World) -> None:
    ana = await world.client_as("ana")
    answer = await ana.post("/contactos", data={"name": "Nidia", "address_channel": "phone", "address_value": "123"})
    assert answer.status_code == 422
    assert "Nidia" in answer.text
    assert "123" in answer.text
    assert "Faltan dígitos" in answer.text


async def test_every_wrong_address_is_said_at_once(world: World) -> None:
    ana = await world.client_as("ana")
    typed = {"name": "Nidia", "address_channel": ["phone", "email"], "address_value": ["123", "nadie@"]}
    answer = await ana.post("/contactos", data=typed)
    assert answer.status_code == 422
    assert "Faltan dígitos" in answer.text
    assert "no es un correo" in answer.text


async def test_own_fields_and_addresses_are_mended_in_one_go(world: World) -> None:
    diego, ana = await world.client_as("diego"), await world.client_as("ana")
    await diego.post(
        "/ajustes/contactos/campos", data={"title": "Monto", "kind": "number"}, headers={"HX-Request": "true"}
    )
    url = await _new(ana)
    typed = {
        "name": "Nidia",
        "address_channel": "phone",
        "address_value": "123",
        "custom.monto": "mucho",
        "version": "1",
    }
    for address in ("/contactos", url):
        for status, said in (("SIN_GESTIONAR", "Faltan dígitos"), ("NADA", "El estado «NADA» no existe")):
            answer = await ana.post(address, data=typed | {"status": status})
            assert answer.status_code == 422
            assert "Monto: escriba un número" in answer.text
            assert said in answer.text
            assert "Faltan dígitos" in answer.text


async def test_a_taken_number_names_who_has_it(world: World) -> None:
    ana = await world.client_as("ana")
    url = await _new(ana)
    other = {"name": "Otro", "address_channel": "whatsapp", "address_value": "+506 8812 3456"}
    answer = await ana.post("/contactos", data=other)
    assert answer.status_code == 422
    assert f'href="{url}"' in answer.text


async def test_the_editor_locks_and_others_see_who(world: World) -> None:
    ana, carla = await world.client_as("ana"), await world.client_as("carla")
    url = await _new(ana)
    editor = await ana.post(f"{url}/edicion")
    assert 'name="version"' in editor.text
    seen = await carla.post(f"{url}/edicion")
    assert 'name="version"' not in seen.text
    assert "Ana Solano lo está editando" in seen.text
    taken = await carla.post(f"{url}/toma")
    assert 'name="version"' in taken.text
    refused = await ana.post(f"{url}/bloqueo")
    assert refused.status_code == 409


async def test_a_stale_save_shows_both_versions(world: World) -> None:
    ana, diego = await world.client_as("ana"), await world.client_as("diego")
    url = await _new(ana)
    fields = {"status": "SIN_GESTIONAR", "address_channel": "phone", "address_value": "8812-3456", "version": "1"}
    assert (await ana.post(url, data=fields | {"name": "Marvin Q. Alfaro"})).status_code == 200
    clash = await diego.post(url, data=fields | {"name": "Marvin el del taller"})
    assert clash.status_code == 409
    assert "Marvin Q. Alfaro" in clash.text
    assert "Marvin el del taller" in clash.text
    assert 'name="version" value="2"' in clash.text


async def test_a_value_is_restored_from_the_history(world: World) -> None:
    ana = await world.client_as("ana")
    url = await _new(ana)
    fields = {"status": "SIN_GESTIONAR", "address_channel": "phone", "address_value": "8812-3456", "version": "1"}
    await ana.post(url, data=fields | {"name": "Cambiado"})
    history = await ana.partial(f"{url}/historial/name")
    assert "Marvin Quesada" in history.text
    change = history.text.split("/contactos/cambios/")[1].split("/")[0]
    restored = await ana.post(f"/contactos/cambios/{change}/restauraciones")
    assert "Marvin Quesada" in restored.text


async def test_deleting_goes_to_the_bin_and_back(world: World) -> None:
    ana, diego = await world.client_as("ana"), await world.client_as("diego")
    url = await _new(ana)
    assert (await ana.delete(url)).status_code == 403
    gone = await diego.delete(url)
    assert "papelera" in gone.text
    assert f"{url}/restauracion" in gone.headers["hx-trigger"]
    assert (await diego.post(f"{url}/restauracion")).status_code == 303
    assert "papelera" not in (await diego.get(url)).text


@pytest.mark.sqlite_only
async def test_an_editor_can_ask_whether_it_still_holds_the_contact(world: World) -> None:
    carla, diego = await world.client_as("carla"), await world.client_as("diego")
    url = await _new(carla)
    assert (await carla.post(f"{url}/edicion")).status_code == 200
    assert (await carla.get(f"{url}/bloqueo")).status_code == 204
    assert (await diego.post(f"{url}/toma")).status_code == 200
    assert (await carla.get(f"{url}/bloqueo")).status_code == 409
    assert (await diego.get(f"{url}/bloqueo")).status_code == 204
    late = await carla.post(url, data={"name": "Lo de Carla", "version": "1"})
    assert late.status_code == 422
    assert "lo que escribió sigue aquí" in late.text
    assert "Lo de Carla" in late.text


REACHED = {  # how it is typed, how it is kept
    "phone": ("8812-3456", "+50688123456"),
    "whatsapp": ("CR.13491208655302741918", "CR.13491208655302741918"),
    "email": ("Marvin@Correo.example", "marvin@correo.example"),
    "telegram": ("123456789", "123456789"),
    "messenger": ("7654321", "7654321"),
    "sms": ("8712-3456", "+50687123456"),
}


@pytest.mark.sqlite_only
async def test_a_contact_is_reached_in_any_number_of_ways(world: World) -> None:
    ana = await world.client_as("ana")
    typed = {"address_channel": [*REACHED], "address_value": [value for value, _kept in REACHED.values()]}
    url = await _new(ana, **typed)
    async with world.office.database.unit(write=False) as db:
        contact = await db.get_one(Contact, int(url.rpartition("/")[2]))
        assert {a.channel: a.external_id for a in contact.addresses} == {c: kept for c, (_t, kept) in REACHED.items()}
    page = (await ana.get(url)).text
    for said in ("8812 3456", "Kolbi ICE", "marvin@correo.example", "Telegram", "Messenger", 'href="tel:+50688123456"'):
        assert said in page, "with the operator where it is known"


@pytest.mark.sqlite_only
async def test_the_editor_holds_the_contact_for_as_long_as_the_office_says(world: World) -> None:
    """Ten minutes, where nobody said otherwise."""
    ana = await world.client_as("ana")
    url = await _new(ana)
    await ana.post(f"{url}/edicion")
    async with world.office.database.unit(write=False) as db:
        lock = await db.get_one(Lock, int(url.rpartition("/")[2]))
        assert lock.until - lock.since == timedelta(minutes=10)
    await ana.post(f"{url}/edicion/fin")
    async with world.office.database.unit(write=False) as db:
        assert await db.get(Lock, int(url.rpartition("/")[2])) is None


@pytest.mark.sqlite_only
async def test_the_history_says_who_when_before_and_after_for_every_field(world: World) -> None:
    ana = await world.client_as("ana")
    url = await _new(ana)
    changed = {
        "name": "Marvin Q.", "company": "Taller", "is_company": "true", "notes": "Tarde", "country": "MX",
        "status": "NC", "tags": "vip", "owner_id": str(world.ana), "team_id": str(world.teams["Ventas"]),
        "address_channel": "email", "address_value": "m@x.example", "version": "1",
    }  # fmt: skip
    assert (await ana.post(url, data=changed)).status_code == 200
    fields = ("name", "company", "is_company", "notes", "country", "status", "tags", "owner_id", "team_id", "addresses")
    for field in fields:
        told = (await ana.partial(f"{url}/historial/{field}")).text
        for part in ("<del>", "<ins>", 'class="when"', "Ana Solano", "Restaurar", "/restauraciones"):
            assert part in told, f"{field}: {part}"
    page = (await ana.get(url)).text
    assert page.count("/restauraciones") == len(fields), "the timeline has them all, each with its way back"
