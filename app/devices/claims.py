"""Which process runs a device: exactly one. On SQLite there is one; on PostgreSQL an advisory lock decides."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.frame.db import Database

LOCK = 7_205  # first half of the lock's name; the second is the device


class Claims:
    """Held as long as their connection lives: when this process dies another one gets them."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.connection: AsyncConnection | None = None
        self.held: set[int] = set()

    @property
    def shared(self) -> bool:
        """Whether other processes may want our devices."""
        return self.database.dialect == "postgresql"

    async def open(self) -> None:
        if self.shared:
            self.connection = await self.database.write_engine.connect()
            await self.connection.execution_options(isolation_level="AUTOCOMMIT")

    async def close(self) -> None:
        """Give all back. The connection is thrown away: locks must not return to the pool with it."""
        self.held.clear()
        if self.connection is not None:
            await self.connection.invalidate()
            await self.connection.close()
            self.connection = None

    async def take(self, device_id: int) -> bool:
        """Whether the device is ours to run."""
        if self.connection is None or device_id in self.held:
            return True
        if not await self._ask("pg_try_advisory_lock", device_id):
            return False
        self.held.add(device_id)
        return True

    async def give_back(self, device_id: int) -> None:
        if self.connection is not None and device_id in self.held:
            self.held.discard(device_id)
            await self._ask("pg_advisory_unlock", device_id)

    async def check(self) -> None:
        """Raises when the connection is gone, and the locks with it."""
        if self.connection is not None:
            await self.connection.execute(text("SELECT 1"))

    async def _ask(self, function: str, device_id: int) -> bool:
        assert self.connection is not None
        asked = text(f"SELECT {function}(:lock, :device)")
        return bool(await self.connection.scalar(asked, {"lock": LOCK, "device": device_id % 2**31}))
