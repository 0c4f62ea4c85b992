"""A sink that keeps what it gets."""

import asyncio

from drivers.contract import Inbound, Status


class Collecting:
    """Stores in memory; `fails` makes the next `received` break, as a full disk would."""

    def __init__(self) -> None:
        self.inbounds: list[Inbound] = []
        self.statuses: list[Status] = []
        self.said: list[tuple[str, str]] = []
        self.kept: dict[str, bytes] = {}
        self.up = asyncio.Event()
        self.news = asyncio.Event()
        self.fails = False

    async def received(self, inbound: Inbound) -> None:
        if self.fails:
            raise OSError("disk full")
        self.inbounds.append(inbound)
        self.news.set()

    async def status(self, status: Status) -> None:
        self.statuses.append(status)
        self.news.set()

    def ready(self, identity: str = "", note: str = "") -> None:
        self.said.append((identity, note))
        self.up.set()

    async def recall(self, name: str) -> bytes | None:
        return self.kept.get(name)

    async def remember(self, name: str, value: bytes) -> None:
        self.kept[name] = value

    async def until(self, inbounds: int = 0, statuses: int = 0, seconds: float = 5.0) -> None:
        """Until so much arrived."""
        async with asyncio.timeout(seconds):
            while len(self.inbounds) < inbounds or len(self.statuses) < statuses:
                self.news.clear()
                await self.news.wait()
