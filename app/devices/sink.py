"""Where a device's driver leaves what it brought."""

from sqlalchemy import ColumnElement, delete, select

from app.devices.models import DeviceMemory
from app.devices.secrets import purpose
from app.frame import intake
from app.frame.office import Office
from app.frame.supervisor import Line
from app.frame.vault import VaultError
from drivers.contract import Inbound, Status


class DeviceSink:
    """A `drivers.contract.Sink` on the office's database."""

    def __init__(self, office: Office, device_id: int, line: Line) -> None:
        self.office, self.device_id, self.line = office, device_id, line

    async def received(self, inbound: Inbound) -> None:
        await intake.keep(self.office.database, self.device_id, inbound)

    async def status(self, status: Status) -> None:
        await intake.keep(self.office.database, self.device_id, status)

    def ready(self, identity: str = "", note: str = "") -> None:
        self.line.ready(identity, note)

    async def recall(self, name: str) -> bytes | None:
        """None also when it was sealed under another secret: a driver can always begin anew."""
        async with self.office.database.unit(write=False) as db:
            sealed = await db.scalar(select(DeviceMemory.sealed).where(*self._mine(name)))
        try:
            return None if sealed is None else self.office.vault.open_bytes(sealed, purpose(self.device_id))
        except VaultError:
            return None

    async def remember(self, name: str, value: bytes) -> None:
        sealed = self.office.vault.seal_bytes(value, purpose(self.device_id))
        async with self.office.database.unit() as db:
            await db.execute(delete(DeviceMemory).where(*self._mine(name)))
            db.add(DeviceMemory(device_id=self.device_id, name=name, sealed=sealed))

    def _mine(self, name: str) -> tuple[ColumnElement[bool], ...]:
        return (DeviceMemory.device_id == self.device_id, DeviceMemory.name == name)
