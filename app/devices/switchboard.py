"""Makes what runs agree with what the rows say: after each change, and now and then."""

import asyncio
import contextlib
import logging
from typing import Any

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from app.devices import kinds, secrets, service
from app.devices.claims import Claims
from app.devices.models import Device
from app.devices.sink import DeviceSink
from app.frame import supervisor
from app.frame.calm import calm
from app.frame.i18n import N_
from app.frame.keeping import Keeping
from app.frame.lines import PREFIX, Line, kept_as
from app.frame.office import Office
from app.frame.vault import VaultError
from drivers.contract import Driver, NeedsHuman

EVERY_S = 15.0
NAME = "conexiones"
STATE = "devices.switchboard"
SEALED = N_("Los datos secretos de la conexión no se pueden abrir: la clave de la oficina es otra.")
SEALED_STEPS = N_("Escriba de nuevo los datos secretos en Ajustes y guarde.")
WRONG = N_("Los ajustes no sirven para esta versión: %(why)s")
WRONG_STEPS = N_("Abra Ajustes, revise los datos y guarde.")
log = logging.getLogger("centralita.devices")


class Switchboard:
    """Starts, stops and renews lines. `running`: device -> version of its row."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.claims = Claims(office.database)
        self.wake = asyncio.Event()
        self.running: dict[int, int] = {}
        self.identities: dict[int, str] = {}

    async def keep(self) -> None:
        """Until cancelled."""
        await calm(self.wake)
        await self.claims.open()
        try:
            while True:
                self.wake.clear()
                await self.claims.check()
                await self.agree()
                await self._save_identities()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(EVERY_S):  # not wait_for: on 3.11 it can swallow a cancellation
                        await self.wake.wait()
        finally:
            if self.claims.shared:  # without the locks another process may run them
                await self._stop_all()
            await self.claims.close()

    async def agree(self) -> None:
        """Rows and lines alike."""
        async with self.office.database.unit(write=False) as db:
            rows = {d.id: d for d in await service.devices(db)}
            db.expunge_all()
        self.office.lines.hooks = {d.hook for d in rows.values()}
        self.office.lines.opening = False
        for device_id in [d for d in self.office.lines.by_id if d not in rows]:
            self.office.lines.remove(device_id)
        for device_id in [d for d in self.running if d not in rows]:
            await self._end(device_id, forget=True)
        for device in rows.values():
            await self._settle(device)

    async def _settle(self, device: Device) -> None:
        if not device.enabled:
            self.office.lines.remove(device.id)
            await self._end(device.id)
        elif self.running.get(device.id) != device.version and await self.claims.take(device.id):
            await self._begin(device)
        elif device.id not in self.running:
            with contextlib.suppress(NeedsHuman):  # another process runs it; here it takes webhooks all the same
                await self._driver(device)

    async def _begin(self, device: Device) -> None:
        await self._end(device.id)
        self.running[device.id] = device.version
        self.office.supervisor.guard(kept_as(device.id), self._living(device), title=device.name, kind="device")

    def _living(self, device: Device) -> supervisor.Work:
        async def live(line: supervisor.Line) -> None:
            driver = await self._driver(device)
            await driver.run(DeviceSink(self.office, device.id, line))

        return live

    async def _driver(self, device: Device) -> Driver[Any]:
        """The one driver of this version of the row. Raises NeedsHuman when the row does not make one."""
        line = self.office.lines.get(device.id)
        if line is not None and line.version == device.version:
            return line.driver
        kind = await asyncio.to_thread(kinds.load, device.kind)  # the import of a browser's library takes a while
        driver = self._make(kind, device)
        self.office.lines.put(_line(device, driver))
        return driver

    def _make(self, kind: kinds.AnyDriver, device: Device) -> Driver[Any]:
        try:
            return kind(secrets.whole(self.office.vault, device, kind.Settings))
        except VaultError as error:
            raise NeedsHuman(SEALED, SEALED_STEPS) from error
        except (msgspec.ValidationError, ValueError) as error:
            raise NeedsHuman(WRONG, WRONG_STEPS, why=str(error)) from error

    async def _end(self, device_id: int, *, forget: bool = False) -> None:
        if self.running.pop(device_id, None) is None:
            return
        if forget:
            await self.office.supervisor.forget(kept_as(device_id))
        else:
            await self.office.supervisor.stop(kept_as(device_id))
        await self.claims.give_back(device_id)

    async def _stop_all(self) -> None:
        for device_id in list(self.running):
            await self.office.supervisor.stop(kept_as(device_id))
        self.running.clear()

    def heard(self, told: Keeping) -> None:
        """A line said who it is: written down by our own task."""
        if told.kind == "device" and told.identity:
            device_id = int(told.name.removeprefix(PREFIX))
            if self.identities.get(device_id) != told.identity:
                self.identities[device_id] = told.identity
                self.wake.set()

    async def _save_identities(self) -> None:
        async with self.office.database.unit(write=False) as db:
            known = {d.id: d.identity for d in await service.devices(db)}
        new = {i: said for i, said in self.identities.items() if i in known and known[i] != said}
        if new:
            async with self.office.database.unit() as db:
                for device_id, said in new.items():
                    await service.identified(db, device_id, said)

    async def after_commit(self, db: AsyncSession) -> None:
        if db.info.pop(service.CHANGED, False):
            self.wake.set()


def _line(device: Device, driver: Driver[Any]) -> Line:
    return Line(
        device_id=device.id, name=device.name, kind=device.kind, hook=device.hook, driver=driver, version=device.version
    )


async def start(office: Office) -> None:
    """At boot: the switchboard under its own guard."""
    board = Switchboard(office)
    office.state[STATE] = board
    office.lines.opening = True
    office.database.after_commit.append(board.after_commit)
    office.supervisor.listen(board.heard)
    office.supervisor.keep(NAME, board.keep, title=N_("Vigía de conexiones"))
