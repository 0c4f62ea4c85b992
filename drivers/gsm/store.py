"""The modem's memories: which there are, what lies in them, deletion. Each visit checks that the SIM is the same."""

import contextlib

from drivers.gsm.at.answers import Stored, filling, memories, stored
from drivers.gsm.at.failures import Failure
from drivers.gsm.card import Card
from drivers.gsm.engine import Ask, Engine
from drivers.gsm.families import Family

LIST_S = 6  # times the usual patience: a full memory takes a while
REPORTS = "SR"


class Store:
    """`names`: memories in which messages may lie. `texts`: the modem speaks text mode."""

    def __init__(self, engine: Engine, card: Card, family: Family) -> None:
        self.engine = engine
        self.card = card
        self.names: tuple[str, ...] = family.memories[:1]
        self.reports = False  # there is a memory for reports
        self.texts = False
        self.fill: dict[str, tuple[int, int]] = {}
        self._wanted = family.memories
        self._reading = ""

    async def setup(self, ask: Ask) -> None:
        """Messages are to lie in the first memory that the modem offers; all are visited."""
        self._reading = ""
        with contextlib.suppress(Failure):
            offered = memories((await ask("AT+CPMS=?")).lines)
            readable = offered[0] if offered else ()
            self.reports = REPORTS in readable
            self.names = tuple(name for name in self._wanted[:2] if name in readable) or readable[:1] or self.names
        with contextlib.suppress(Failure):
            name = self.names[0]
            answer = await ask(f'AT+CPMS="{name}","{name}","{name}"')
            self._chosen(name, answer.lines)

    async def _choose(self, ask: Ask, name: str, fresh: bool = False) -> None:
        if fresh or name != self._reading:
            self._chosen(name, (await ask(f'AT+CPMS="{name}"')).lines)

    def _chosen(self, name: str, lines: tuple[str, ...]) -> None:
        self._reading = name
        full = filling(lines)
        if full:
            self.fill[name] = full

    @property
    def full(self) -> bool:
        """A memory had no place left when it was last looked at."""
        return any(total and used >= total for used, total in self.fill.values())

    async def arrived(self, name: str, fresh: bool = False) -> list[Stored]:
        """Everything that came and lies there. Raises Failure, Silence, Gone, NotReady, NeedsHuman."""
        return [each for each in await self._all(name, fresh) if each.received or name == REPORTS]

    async def _all(self, name: str, fresh: bool = False) -> list[Stored]:
        async with self.engine.turn() as ask:
            await self.card.check(ask)
            await self._choose(ask, name, fresh)
            command = 'AT+CMGL="ALL"' if self.texts else "AT+CMGL=4"
            return stored((await ask(command, seconds=self.engine.patience.answer_s * LIST_S)).lines)

    async def one(self, name: str, index: int) -> list[Stored]:
        async with self.engine.turn() as ask:
            await self.card.check(ask)
            await self._choose(ask, name)
            return stored((await ask(f"AT+CMGR={index}")).lines, index)

    async def delete(self, name: str, index: int) -> None:
        """Only from the SIM that it was read from."""
        async with self.engine.turn() as ask:
            await self.card.check(ask)
            await self._choose(ask, name)
            await ask(f"AT+CMGD={index}")
        used, total = self.fill.get(name, (0, 0))
        self.fill[name] = (max(0, used - 1), total)

    async def free(self) -> int:
        """Delete what a telephone wrote or sent and left there. What came is not touched. How many they were."""
        count = 0
        for name in self.names:
            for each in await self._all(name):
                if not each.received:
                    await self.delete(name, each.index)
                    count += 1
        return count
