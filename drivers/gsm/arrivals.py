"""From the modem to the inbox: what it hands over, what it tells of, what lies in its memories.

Acknowledged or deleted only when the office has stored it.
"""

import contextlib
import logging

from drivers.gsm.at.answers import index_of, numbers
from drivers.gsm.at.core import Notice
from drivers.gsm.at.failures import Failure
from drivers.gsm.engine import Engine
from drivers.gsm.inbox import Inbox
from drivers.gsm.setup import State
from drivers.gsm.store import REPORTS, Store

log = logging.getLogger(__name__)


class Arrivals:
    """`state` says whether messages are text, and whether what is handed over wants an acknowledgement."""

    def __init__(self, engine: Engine, store: Store, inbox: Inbox, state: State) -> None:
        self.engine = engine
        self.store = store
        self.inbox = inbox
        self.state = state
        self.told: list[str] = []  # memories to sweep when no more notices wait
        self._said: set[str] = set()  # memories whose trouble is logged already

    async def hear(self, notice: Notice) -> bool:
        """Is it about messages? Then it is dealt with."""
        if notice.name in ("+CMT", "+CDS"):
            await self._handed_over(notice)
        elif notice.name in ("+CMTI", "+CDSI"):
            await self._told(notice)
        else:
            return False
        return True

    async def _handed_over(self, notice: Notice) -> None:
        """Straight from the network."""
        length = numbers(notice.line)[-1:] or [None]
        await self.inbox.octets(notice.tail, length[0])
        if self.state.acknowledge:
            with contextlib.suppress(Failure):  # "none expected": it acknowledged by itself
                await self.engine.ask("AT+CNMA")

    async def _told(self, notice: Notice) -> None:
        """Of a message in a memory. A report is read at once; for messages the memory is swept, once for many."""
        name, index = index_of(notice.line)
        if notice.name == "+CMTI" or index is None:
            self.told.append(name or self.store.names[0])
            return
        for each in await self.store.one(name, index):
            await self.inbox.octets(each.body, each.length)
        with contextlib.suppress(Failure):
            await self.store.delete(name, index)

    async def sweep_told(self) -> None:
        """The memories of which it told."""
        told, self.told = dict.fromkeys(self.told), []
        for name in told:
            await self.sweep(name)

    async def sweep_all(self) -> None:
        for name in (*self.store.names, *((REPORTS,) if self.store.reports else ())):
            await self.sweep(name, fresh=True)

    def _unreadable(self, name: str, failure: Failure) -> None:
        if name not in self._said:
            log.warning("modem on %s: memory %s cannot be read: %s", self.engine.port, name, failure)
        self._said.add(name)

    async def sweep(self, name: str, fresh: bool = False) -> None:
        """All that lies there. `fresh`: also learn how full it is."""
        try:
            found = await self.store.arrived(name, fresh)
        except Failure as failure:
            if failure.meaning == "human":
                raise
            self._unreadable(name, failure)
            return
        self._said.discard(name)
        for each in found:
            if self.state.texts and name != REPORTS:
                await self.inbox.text(each, self.state.charset == "UCS2")
            else:
                await self.inbox.octets(each.body, each.length)
            await self.store.delete(name, each.index)
