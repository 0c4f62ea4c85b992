"""What can be done with lines: add, change, switch, remove. The switchboard follows after the commit."""

import secrets as random
from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.devices import kinds, secrets
from app.devices.models import NAME_MAX, Device, DeviceMemory
from app.frame import audit, live
from app.frame.db import now_utc
from app.frame.i18n import N_, _
from app.frame.refused import Conflict, NotFound, Refused
from app.frame.vault import Vault
from drivers.contract import NeedsHuman, Settings

TOPIC = "devices"
CHANGED = "devices.changed"
SIM = N_("Línea simulada")


async def devices(db: AsyncSession) -> Sequence[Device]:
    """All lines, by name."""
    return (await db.scalars(select(Device).order_by(func.lower(Device.name), Device.id))).all()


async def find(db: AsyncSession, device_id: int) -> Device:
    device = await db.get(Device, device_id)
    if device is None:
        raise NotFound(_("Esa conexión ya no existe."))
    return device


async def add(db: AsyncSession, vault: Vault, kind: str, name: str, settings: Settings) -> Device:
    """A new line, switched on."""
    _known(kind)
    plain, secret = secrets.split(settings)
    device = Device(
        kind=kind, name=await _free_name(db, name), settings=plain, hook=random.token_urlsafe(12),
        enabled=True, version=1, created_at=now_utc(), updated_at=now_utc(),
    )  # fmt: skip
    db.add(device)
    await db.flush()
    device.sealed = secrets.seal(vault, device.id, secret)
    _note(db, "devices.added", device, None)
    return device


async def change(
    db: AsyncSession, vault: Vault, device_id: int, name: str, settings: Settings, version: int | None = None
) -> Device:
    """Other settings; the line begins again with them. `version`: what the person had read."""
    device = await find(db, device_id)
    if version is not None and version != device.version:
        raise Conflict(_("Otra persona cambió esta conexión. Recargue la página y repita su cambio."))
    before = shown(device)
    device.name = await _free_name(db, name, but=device.id)
    device.settings, secret = secrets.split(settings)
    device.sealed = secrets.seal(vault, device.id, secret)
    _note(db, "devices.changed", device, before)
    return device


async def switch(db: AsyncSession, device_id: int, on: bool) -> Device:
    """On or off; what it is already changes nothing."""
    device = await find(db, device_id)
    if device.enabled != on:
        before = shown(device)
        device.enabled = on
        _note(db, "devices.switched", device, before)
    return device


async def remove(db: AsyncSession, device_id: int) -> None:
    """Gone for good, with what its driver remembered; messages that it brought stay."""
    device = await find(db, device_id)
    audit.record(db, "devices.removed", "device", device.id, before=shown(device))
    await db.execute(delete(DeviceMemory).where(DeviceMemory.device_id == device_id))
    await db.delete(device)
    _tell(db)


async def ensure_sim(db: AsyncSession) -> Device:
    """The simulated line of the first run and the demo; the one there is, when there is one."""
    known = await db.scalar(select(Device).where(Device.kind == "sim").order_by(Device.id).limit(1))
    if known is not None:
        return known
    device = Device(
        kind="sim", name=await _free_name(db, _(SIM)), settings={}, hook=random.token_urlsafe(12), sealed=None,
        enabled=True, version=1, created_at=now_utc(), updated_at=now_utc(),
    )  # fmt: skip
    db.add(device)
    await db.flush()
    _note(db, "devices.added", device, None)
    return device


async def identified(db: AsyncSession, device_id: int, identity: str) -> None:
    """The hardware said who it is. Not a change of settings, so the line goes on."""
    await db.execute(update(Device).where(Device.id == device_id).values(identity=identity[:200]))


def shown(device: Device) -> dict[str, Any]:
    """What audits and diagnostics may hold: no secret."""
    return {
        "kind": device.kind, "name": device.name, "enabled": device.enabled, "settings": dict(device.settings),
        "secret": device.sealed is not None,
    }  # fmt: skip


def _known(kind: str) -> None:
    try:
        kinds.load(kind)
    except NeedsHuman as error:
        raise Refused(_(error.sentence, **error.facts), "kind") from error


async def _free_name(db: AsyncSession, name: str, but: int | None = None) -> str:
    name = " ".join(name.split())[:NAME_MAX]
    if not name:
        raise Refused(_("Escriba un nombre para la conexión."), "device_name")
    taken = await db.scalar(select(Device.id).where(func.lower(Device.name) == name.lower()))
    if taken is not None and taken != but:
        raise Refused(_("Ya hay una conexión con ese nombre. Escriba otro."), "device_name")
    return name


def _note(db: AsyncSession, verb: str, device: Device, before: dict[str, Any] | None) -> None:
    if before is not None:
        device.version += 1
        device.updated_at = now_utc()
    audit.record(db, verb, "device", device.id, before=before, after=shown(device))
    _tell(db)


def _tell(db: AsyncSession) -> None:
    """Screens, and the switchboard, after the commit."""
    db.info[CHANGED] = True
    live.nudge(db, TOPIC)
