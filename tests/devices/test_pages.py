"""/dispositivos as people use it."""

import json

import pytest
from sqlalchemy import select

from app.devices import asking, service
from app.frame.audit import AuditEntry
from app.frame.intake import Intake
from app.frame.lines import Line
from drivers.sim.driver import SimDriver
from drivers.sim.settings import SetFault, SimSettings
from tests.devices.conftest import state, the_device, until


@pytest.fixture
async def irene(world, sim):
    return await world.client_as("irene")


def form(**more: object) -> dict[str, object]:
    return {"device_name": "Módem 2", "device_kind": "sim", "number": "+50640000002", "fault": "none"} | more


async def test_it_works(irene, sim, office):
    page = await irene.get("/dispositivos")
    assert page.status_code == 200
    assert "Línea simulada" in page.text
    assert "En línea" in page.text
    assert f"/dispositivos/{sim.id}" in page.text
    detail = await irene.get(f"/dispositivos/{sim.id}")
    assert "Reiniciar" in detail.text
    assert f"http://office.test/hooks/{sim.hook}" in detail.text
    assert "<html" not in (await irene.partial("/dispositivos")).text


async def test_a_line_is_made_from_its_form_and_starts(irene, office):
    drawn = await irene.get("/dispositivos/nuevo/sim")
    for name in ("device_name", "number", "fault", "arrivals_per_hour", "answers", "delay_ms", "key"):
        assert f'name="{name}"' in drawn.text
    made = await irene.post("/dispositivos", data=form(key="s3creta", delay_ms="5"))
    assert made.status_code == 303
    device = await the_device(office)
    assert made.headers["location"] == f"/dispositivos/{device.id}"
    assert (device.name, device.settings["number"], device.settings["answers"]) == ("Módem 2", "+50640000002", False)
    await until(lambda: state(office, device.id) == "ready")
    assert office.lines.get(device.id).driver.settings.key == "s3creta"


async def test_every_wrong_field_gets_its_sentence_and_what_was_typed_stays(irene):
    wrong = form(device_name="Mi módem", delay_ms="-1", arrivals_per_hour="muchos", fault="gravity", key="s3creta")
    again = await irene.post("/dispositivos", data=wrong)
    assert again.status_code == 422
    assert again.text.count('aria-invalid="true"') == 3
    assert "Mi módem" in again.text
    assert "muchos" in again.text
    assert "s3creta" not in again.text
    taken = await irene.post("/dispositivos", data=form(device_name="Línea simulada"))
    assert taken.status_code == 422
    assert "Ya hay una conexión con ese nombre" in taken.text


async def test_a_secret_is_never_shown_kept_when_blank_and_taken_away_when_ticked(irene, office):
    await irene.post("/dispositivos", data=form(key="s3creta"))
    device = await the_device(office)
    page = await irene.get(f"/dispositivos/{device.id}/ajustes")
    assert "s3creta" not in page.text
    assert "déjela en blanco" in page.text
    url = f"/dispositivos/{device.id}"
    assert (await irene.put(url, data=form(device_version="1"))).status_code == 303
    await until(lambda: (line := office.lines.get(device.id)) and line.version == 2)
    assert office.lines.get(device.id).driver.settings.key == "s3creta"
    assert (await irene.put(url, data=form(clear_key="true"))).status_code == 303
    await until(lambda: (line := office.lines.get(device.id)) and line.version == 3)
    assert office.lines.get(device.id).driver.settings.key == ""


async def test_a_stale_form_comes_back_with_a_conflict(irene, office, sim):
    assert (await irene.put(f"/dispositivos/{sim.id}", data=form(device_version="1"))).status_code == 303
    stale = await irene.put(f"/dispositivos/{sim.id}", data=form(device_version="1", device_name="Otra"))
    assert stale.status_code == 409
    assert "Otra persona cambió" in stale.text


async def test_what_to_do_is_in_sight_and_retry_is_one_click(irene, office, sim):
    driver = office.lines.get(sim.id).driver
    await driver.do(SetFault(fault="pin"))
    await until(lambda: state(office, sim.id) == "needs_human")
    page = await irene.get(f"/dispositivos/{sim.id}")
    for said in ("Necesita a una persona", "pide PIN", "Qué hacer", "Elija «Ninguna»", "Reintentar ahora"):
        assert said in page.text
    await driver.do(SetFault(fault="none"))
    assert (await irene.post(f"/dispositivos/{sim.id}/reintentos")).status_code == 200
    await until(lambda: state(office, sim.id) == "ready")
    async with office.database.unit(write=False) as db:
        assert await db.scalar(select(AuditEntry.noun_id).where(AuditEntry.verb == "devices.retried")) == str(sim.id)


async def test_retrying_shows_when_and_how_often(irene, office, sim):
    await office.lines.get(sim.id).driver.do(SetFault(fault="unplugged"))
    await until(lambda: state(office, sim.id) == "retrying")
    detail = (await irene.get(f"/dispositivos/{sim.id}/detalle")).text
    assert "data-until=" in detail
    assert "1 intento" in detail
    assert "desconectada" in detail


async def test_probe_says_it_in_words(irene, office, sim):
    good = await irene.post(f"/dispositivos/{sim.id}/pruebas")
    assert "La línea simulada responde." in good.text
    await office.lines.get(sim.id).driver.do(SetFault(fault="unplugged"))
    bad = await irene.post(f"/dispositivos/{sim.id}/pruebas")
    assert "desconectada" in bad.text
    assert "Elija «Ninguna»" in bad.text


class Stuck(SimDriver):
    async def probe(self):
        raise ZeroDivisionError("s3creta")

    async def describe(self):
        raise ZeroDivisionError("s3creta")


async def test_a_probe_that_breaks_is_a_sentence_too(irene, office, sim):
    office.lines.put(Line(device_id=sim.id, name="X", kind="sim", hook=sim.hook, driver=Stuck(SimSettings())))
    said = await irene.post(f"/dispositivos/{sim.id}/pruebas")
    assert said.status_code == 200
    assert "ZeroDivisionError" in said.text
    assert "s3creta" not in said.text
    assert "No contestó" in (await irene.get(f"/dispositivos/{sim.id}/datos")).text


async def test_a_slow_probe_ends(irene, office, sim, monkeypatch):
    monkeypatch.setattr(asking, "PROBE_S", 0.05)
    await office.lines.get(sim.id).driver.do(SetFault(fault="silence"))
    assert "no contestó" in (await irene.post(f"/dispositivos/{sim.id}/pruebas")).text


async def test_switch_off_on_and_remove(irene, office, sim):
    url = f"/dispositivos/{sim.id}"
    assert "Encender" in (await irene.delete(f"{url}/encendido")).text
    await until(lambda: state(office, sim.id) == "off")
    assert "apagada" in (await irene.post(f"{url}/pruebas")).text
    assert (await irene.put(f"{url}/encendido")).status_code == 200
    await until(lambda: state(office, sim.id) == "ready")
    gone = await irene.delete(url, headers={"HX-Request": "true"})
    assert gone.headers["hx-redirect"] == "/dispositivos"
    assert (await irene.get(url)).status_code == 404
    assert "Todavía no hay conexiones" in (await irene.get("/dispositivos")).text


async def test_diagnostics_are_a_file_without_secrets(irene, office):
    await irene.post("/dispositivos", data=form(key="s3creta"))
    device = await the_device(office)
    await until(lambda: state(office, device.id) == "ready")
    file = await irene.get(f"/dispositivos/{device.id}/diagnostico")
    assert file.headers["content-disposition"] == f'attachment; filename="diagnostico-sim-{device.id}.json"'
    body = json.loads(file.text)
    assert (body["kind"], body["state"], body["secrets"]) == ("sim", "ready", "sealed")
    assert body["changes"]
    assert "s3creta" not in file.text


async def test_what_was_not_understood_can_be_read_again(irene, office, sim):
    async with office.database.unit() as db:
        db.add(
            Intake(
                device_id=sim.id,
                external_id="x",
                kind="inbound",
                payload=b"{}",
                received_at=service.now_utc(),
                state="broken",
            )
        )
    assert "Leer de nuevo" in (await irene.get(f"/dispositivos/{sim.id}/datos")).text
    assert "Leer de nuevo" not in (await irene.post(f"/dispositivos/{sim.id}/relecturas")).text


@pytest.mark.parametrize("who", ["ana", "carla"])
async def test_who_does_not_look_after_machines_sees_nothing(world, sim, who):
    person = await world.client_as(who)
    for method, path in (("GET", ""), ("GET", f"/{sim.id}"), ("POST", f"/{sim.id}/pruebas"), ("DELETE", f"/{sim.id}")):
        assert (await person.request(method, f"/dispositivos{path}")).status_code == 403


async def test_unknown_kinds_and_lines_are_not_found(irene):
    assert (await irene.get("/dispositivos/nuevo/teleporter")).status_code == 404
    assert (await irene.get("/dispositivos/999")).status_code == 404
    assert (await irene.post("/dispositivos", data=form(device_kind="teleporter"))).status_code == 404


async def test_live_topic_is_heard_by_who_may_see(world, sim, office):
    assert await office.may_hear(await world.actor("irene"), "devices")
    assert not await office.may_hear(await world.actor("ana"), "devices")
