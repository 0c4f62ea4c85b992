"""What runs agrees with what the rows say."""

import asyncio

import pytest
from sqlalchemy import select

from app.devices import kinds, service
from app.devices.models import DeviceMemory
from app.devices.sink import DeviceSink
from app.devices.switchboard import NAME, STATE
from app.frame.intake import Intake
from app.frame.supervisor import Line
from app.frame.vault import Vault
from app.main import create_app
from drivers.contract import Outbound
from drivers.sim.driver import SimDriver
from drivers.sim.settings import Arrive, SetFault, SimSettings
from tests.beds.offices import in_own_task
from tests.devices.conftest import state, the_device, until


async def eventually(check, seconds: float = 5.0) -> None:
    async with asyncio.timeout(seconds):
        while not await check():  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def change(office, device_id, **settings):
    async with office.database.unit() as db:
        device = await service.find(db, device_id)
        await service.change(db, office.vault, device_id, device.name, SimSettings(**settings))


async def arrived(office) -> list[tuple[str, str]]:
    async with office.database.unit(write=False) as db:
        return [(i.kind, i.state) for i in await db.scalars(select(Intake).order_by(Intake.id))]


async def test_it_works(sim, office):
    line = office.lines.get(sim.id)
    await line.driver.do(Arrive(sender="+50680000001", text="Hola"))
    receipt = await line.driver.send(Outbound(key="k", channel="sim", to="+50680000001", text="Buenas"))
    assert receipt.external_id

    async def all_there() -> bool:
        return len(await arrived(office)) == 4

    await eventually(all_there)
    assert sorted(k for k, _ in await arrived(office)) == ["inbound", "inbound", "status", "status"]


async def test_while_the_office_opens_no_webhook_is_unknown(world, office, client):
    assert (await client.post("/hooks/anything", content=b"{}")).status_code == 503, "the provider comes again"
    office.state[STATE].wake.set()
    await until(lambda: not office.lines.opening)
    assert (await client.post("/hooks/anything", content=b"{}")).status_code == 404


async def test_a_new_row_starts_and_a_removed_one_stops(sim, office):
    async with office.database.unit() as db:
        second = (await service.add(db, office.vault, "sim", "Otra", SimSettings())).id
    await until(lambda: state(office, second) == "ready")
    async with office.database.unit() as db:
        await service.remove(db, second)
    await until(lambda: office.lines.get(second) is None)
    await until(lambda: state(office, second) == "?")
    assert state(office, sim.id) == "ready"


async def test_switching_off_and_on(sim, office):
    async with office.database.unit() as db:
        await service.switch(db, sim.id, False)
    await until(lambda: state(office, sim.id) == "off")
    assert office.lines.get(sim.id) is None
    assert sim.hook in office.lines.hooks
    async with office.database.unit() as db:
        await service.switch(db, sim.id, True)
    await until(lambda: state(office, sim.id) == "ready")


async def test_new_settings_make_a_new_driver_and_the_same_ones_do_not(sim, office):
    before = office.lines.get(sim.id).driver
    await change(office, sim.id, number="+50640000007")
    await until(lambda: office.lines.get(sim.id).driver is not before)
    await until(lambda: state(office, sim.id) == "ready")
    now = office.lines.get(sim.id).driver
    assert now.settings.number == "+50640000007"
    async with office.database.unit() as db:
        await service.add(db, office.vault, "sim", "Otra", SimSettings())
    await asyncio.sleep(0.1)
    assert office.lines.get(sim.id).driver is now


async def test_who_the_hardware_is_gets_written_down_without_a_restart(sim, office):
    driver = office.lines.get(sim.id).driver

    async def written() -> bool:
        return (await the_device(office)).identity == "+50640000000"

    await eventually(written)
    assert office.lines.get(sim.id).driver is driver
    assert (await the_device(office)).version == 1


async def test_a_line_that_breaks_is_tried_again_and_keeps_its_driver(sim, office):
    driver = office.lines.get(sim.id).driver
    await driver.do(SetFault(fault="unplugged"))
    await until(lambda: state(office, sim.id) == "retrying")
    await driver.do(SetFault(fault="none"))
    office.supervisor.retry(f"device-{sim.id}")
    await until(lambda: state(office, sim.id) == "ready")
    assert office.lines.get(sim.id).driver is driver


async def test_a_secret_that_does_not_open_asks_a_person_and_takes_no_webhook(sim, office):
    async with office.database.unit() as db:
        device = await service.find(db, sim.id)
        device.sealed = Vault("another office").seal('{"key":"x"}', f"device-{sim.id}")
        device.version += 1
        db.info[service.CHANGED] = True
    await until(lambda: state(office, sim.id) == "needs_human")
    told = office.supervisor.told(f"device-{sim.id}")
    assert "clave de la oficina" in told.reason
    assert told.steps
    await change(office, sim.id, key="nueva")
    await until(lambda: state(office, sim.id) == "ready")


async def test_settings_that_no_longer_fit_ask_a_person(sim, office):
    async with office.database.unit() as db:
        device = await service.find(db, sim.id)
        device.settings = {"fault": "gravity"}
        device.version += 1
        db.info[service.CHANGED] = True
    await until(lambda: state(office, sim.id) == "needs_human")
    assert "fault" in office.supervisor.told(f"device-{sim.id}").reason


async def test_a_driver_that_does_not_load_is_one_line_less_and_mends_itself_after_retry(sim, office, monkeypatch):
    monkeypatch.setattr(kinds, "places", lambda: {"sim": "drivers.nowhere:DRIVER"})
    kinds.load.cache_clear()
    await change(office, sim.id)
    office.lines.remove(sim.id)
    await until(lambda: state(office, sim.id) == "needs_human")
    assert kinds.describe("sim").trouble
    monkeypatch.undo()
    kinds.load.cache_clear()
    office.supervisor.retry(f"device-{sim.id}")
    await until(lambda: state(office, sim.id) == "ready")


async def test_what_a_driver_remembers_is_sealed_and_its_own(sim, office):
    async with office.database.unit() as db:
        second = (await service.add(db, office.vault, "sim", "Otra", SimSettings())).id
    line = Line.__new__(Line)
    one, two = DeviceSink(office, sim.id, line), DeviceSink(office, second, line)
    await one.remember("mark", b"\x00first")
    await one.remember("mark", b"\x00second")
    assert await one.recall("mark") == b"\x00second"
    assert await two.recall("mark") is None
    async with office.database.unit(write=False) as db:
        sealed = (await db.scalars(select(DeviceMemory.sealed))).all()
    assert len(sealed) == 1
    assert b"second" not in sealed[0]


async def test_kinds_are_found_without_a_line_anywhere():
    assert kinds.places()["sim"] == "drivers.sim.driver:DRIVER"
    assert kinds.load("sim") is SimDriver
    assert [k.name for k in kinds.every() if k.name == "sim" and not k.trouble] == ["sim"]


@pytest.mark.parametrize("dialect", ["postgresql"])
async def test_a_device_is_run_by_exactly_one_process(sim, office, settings):
    """A second office on the same database stands by, and takes over when the first lets go."""
    app = create_app(settings)
    other = app.state.office
    async with in_own_task(app.lifespan()):
        await until(lambda: other.lines.get(sim.id) is not None)
        assert state(other, sim.id) == "?"
        assert office.state[STATE].running == {sim.id: 1}
        await office.supervisor.stop(NAME)
        assert state(office, sim.id) == "off"
        other.state[STATE].wake.set()
        await until(lambda: state(other, sim.id) == "ready")
        assert office.state[STATE].running == {}
