"""Groups that the office does not take: told once, politely, then left (or only told, as the settings say)."""

import logging

import msgspec

from drivers.contract import Sink
from drivers.telegram.bot import Bot, Migrated, quietly
from drivers.telegram.settings import TelegramSettings
from drivers.telegram.writing import Call

MEMORY = "groups"
TOLD_MAX = 1000
log = logging.getLogger("centralita.telegram")


class Refusals:
    """`owe` may be called at any time; `settle` when the network may be used."""

    def __init__(self, settings: TelegramSettings, bot: Bot) -> None:
        self.settings = settings
        self.bot = bot
        self._owed: dict[int, None] = {}
        self._told: list[int] = []

    @property
    def waiting(self) -> bool:
        return bool(self._owed)

    def owe(self, chat: int) -> bool:
        """Whether there is something to do for this group."""
        if self.settings.groups == "say" and chat in self._told:
            return False
        self._owed[chat] = None
        return True

    async def begin(self, sink: Sink) -> None:
        """Who was told in an earlier life is not told again."""
        kept = await sink.recall(MEMORY)
        if kept is not None:
            self._told = msgspec.json.decode(kept, type=list[int])

    async def settle(self, sink: Sink) -> None:
        """Raises NotReady, NeedsHuman; what is owed stays owed then."""
        for chat in list(self._owed):
            try:
                await self._part(chat, sink)
            except Migrated as moved:
                self._owed[moved.chat] = None
            del self._owed[chat]

    async def _part(self, chat: int, sink: Sink) -> None:
        if chat not in self._told:
            await self._tell(chat, sink)
        if self.settings.groups == "leave":
            await quietly(self.bot.send(Call(method="leaveChat", fields={"chat_id": chat})))

    async def _tell(self, chat: int, sink: Sink) -> None:
        """Remembered before it is said: once at most."""
        self._told = [*self._told, chat][-TOLD_MAX:]
        await sink.remember(MEMORY, msgspec.json.encode(self._told))
        log.info("a group was refused")
        if self.settings.group_text:
            fields = {"chat_id": chat, "text": self.settings.group_text}
            await quietly(self.bot.send(Call(method="sendMessage", fields=fields)))
