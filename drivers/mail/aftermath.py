"""What is still to be done for messages that are already out. None of it may make a sent message look unsent."""

import asyncio
import logging
from collections import deque
from dataclasses import dataclass, field

from drivers.contract import Sink, Status

log = logging.getLogger(__name__)
COPIES_MAX = 50


@dataclass
class Aftermath:
    """Copies for the folder of sent mail, news for the office; `wake` is set when there is any."""

    copies: deque[bytes] = field(default_factory=lambda: deque(maxlen=COPIES_MAX))
    statuses: deque[Status] = field(default_factory=deque)
    wake: asyncio.Event = field(default_factory=asyncio.Event)

    def keep(self, raw: bytes) -> None:
        if len(self.copies) == COPIES_MAX:
            log.warning("the oldest copy that waits to be kept is dropped")
        self.copies.append(raw)
        self.wake.set()

    def tell(self, status: Status) -> None:
        self.statuses.append(status)
        self.wake.set()

    async def hand_over(self, sink: Sink) -> None:
        """The news; one leaves the line only when it is stored."""
        while self.statuses:
            await sink.status(self.statuses[0])
            self.statuses.popleft()
