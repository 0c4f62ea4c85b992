"""Rules of lines: names, secrets, versions, audit."""

import json

import pytest
from sqlalchemy import func, select

from app.devices import secrets, service
from app.devices.models import Device, DeviceMemory
from app.frame import i18n, intake
from app.frame.audit import AuditEntry
from app.frame.refused import Conflict, NotFound, Refused
from app.frame.vault import Vault, VaultError
from drivers.contract import Inbound, Party
from drivers.sim.settings import SimSettings
from tests.devices.conftest import the_device

vault = Vault("a secret")


async def add(database, name="Módem 1", **settings) -> int:
    async with database.unit() as db:
        return (await service.add(db, vault, "sim", name, SimSettings(**settings))).id


async def test_it_works(database):
    device_id = await add(database, "  Módem   1 ", key="s3creta", fault="pin")
    async with database.unit(write=False) as db:
        device = await service.find(db, device_id)
        assert (device.name, device.enabled, device.version) == ("Módem 1", True, 1)
        assert "key" not in device.settings
        assert b"s3creta" not in device.sealed
        assert secrets.whole(vault, device, SimSettings) == SimSettings(key="s3creta", fault="pin")


async def test_every_change_is_audited_without_the_secret(database):
    device_id = await add(database, key="s3creta")
    async with database.unit() as db:
        await service.change(db, vault, device_id, "Módem 2", SimSettings(key="otra"))
        await service.switch(db, device_id, False)
        await service.switch(db, device_id, False)
        await service.remove(db, device_id)
    async with database.unit(write=False) as db:
        entries = (await db.scalars(select(AuditEntry).order_by(AuditEntry.id))).all()
        said = [(e.verb, json.dumps([e.before, e.after])) for e in entries]
    verbs = [v for v, _ in said]
    assert verbs in ([], ["devices.added", "devices.changed", "devices.switched", "devices.removed"])
    assert not any("s3creta" in text or "otra" in text for _, text in said)


async def test_what_a_new_line_brings_does_not_pass_for_what_a_removed_one_brought(database):
    hello = Inbound(external_id="1", channel="sms", sender=Party(address="+50688123456"), text="hola")
    removed = await add(database, "Módem 1")
    assert await intake.keep(database, removed, hello) == 1
    async with database.unit() as db:
        await service.remove(db, removed)
    assert await intake.keep(database, await add(database, "Módem 2"), hello) == 1


async def test_a_name_is_taken_once_whatever_its_case(database):
    first = await add(database, "Módem 1")
    with pytest.raises(Refused) as refused:
        await add(database, "MÓDEM 1" if database.dialect == "postgresql" else "Módem 1")
    assert refused.value.field == "device_name"
    async with database.unit() as db:
        await service.change(db, vault, first, "Módem 1", SimSettings())
    with pytest.raises(Refused):
        await add(database, "   ")


async def test_a_stale_form_is_refused(database):
    device_id = await add(database)
    async with database.unit() as db:
        await service.change(db, vault, device_id, "A", SimSettings(), version=1)
    async with database.unit() as db:
        with pytest.raises(Conflict):
            await service.change(db, vault, device_id, "B", SimSettings(), version=1)


async def test_what_is_not_there_is_not_found_and_an_unknown_kind_is_refused(database):
    async with database.unit() as db:
        with pytest.raises(NotFound):
            await service.find(db, 99)
        with pytest.raises(Refused):
            await service.add(db, vault, "teleporter", "X", SimSettings())


async def test_a_secret_copied_to_another_row_does_not_open(database):
    first, second = await add(database, "A", key="s3creta"), await add(database, "B", key="otra")
    async with database.unit() as db:
        (await service.find(db, second)).sealed = (await service.find(db, first)).sealed
    async with database.unit(write=False) as db:
        device = await service.find(db, second)
        with pytest.raises(VaultError):
            secrets.whole(vault, device, SimSettings)


async def test_settings_of_an_older_driver_still_open(database):
    device_id = await add(database)
    async with database.unit() as db:
        device = await service.find(db, device_id)
        device.settings = {"number": "+50640000001", "gone": 1}
    async with database.unit(write=False) as db:
        device = await service.find(db, device_id)
        assert secrets.whole(vault, device, SimSettings).number == "+50640000001"  # type: ignore[attr-defined]


async def test_there_is_one_simulated_line_however_often_it_is_asked_for(database):
    async with database.unit() as db:
        first = await service.ensure_sim(db)
        assert (await service.ensure_sim(db)).id == first.id
        assert await db.scalar(select(func.count()).select_from(Device)) == 1


async def test_removing_takes_what_was_remembered_with_it(database):
    device_id = await add(database)
    async with database.unit() as db:
        db.add(DeviceMemory(device_id=device_id, name="x", sealed=b"y"))
    async with database.unit() as db:
        await service.remove(db, device_id)
    async with database.unit(write=False) as db:
        assert await db.scalar(select(func.count()).select_from(DeviceMemory)) == 0


async def test_the_first_run_brings_a_line_to_try(world, office):
    device = await the_device(office)
    assert (device.kind, device.name) == ("sim", i18n._("Línea simulada"))
