"""What became of what was sent, for when no webhook says it. A state is told once and never goes backwards."""

import time
from collections import OrderedDict

from msgspec import Struct

from drivers.contract import Sink
from drivers.loose import Object, as_object, parts, text
from drivers.smsgate.phone import Phone
from drivers.smsgate.states import FINAL, RANKS, status

WATCHED_MAX = 500
AT_ONCE = 20
LONGEST_S = 86_400.0


class Sent(Struct):
    """A message under way: since when, and the last state of each recipient."""

    since: float
    states: dict[str, str] = {}


class Watching:
    """Asks about some of the watched at each look, the longest unasked first."""

    def __init__(self, phone: Phone) -> None:
        self.phone = phone
        self._sent: OrderedDict[str, Sent] = OrderedDict()

    def add(self, message_id: str) -> None:
        self._sent.setdefault(message_id, Sent(time.monotonic()))
        if len(self._sent) > WATCHED_MAX:
            self._sent.popitem(last=False)

    async def look(self, sink: Sink) -> None:
        for message_id in list(self._sent)[:AT_ONCE]:
            found = as_object(await self.phone.get(f"messages/{message_id}"))
            self._sent.move_to_end(message_id)
            await self._tell(sink, message_id, found)

    async def _tell(self, sink: Sink, message_id: str, found: Object) -> None:
        sent, people = self._sent[message_id], parts(found, "recipients")
        for each in people:
            number, state = text(each, "phoneNumber"), text(each, "state")
            if RANKS.get(state, 0) <= RANKS.get(sent.states.get(number, ""), 0):
                continue
            if said := status(state, message_id, number, None, text(each, "error")):
                await sink.status(said)
            sent.states[number] = state
        ended = bool(people) and all(text(each, "state") in FINAL for each in people)
        if ended or time.monotonic() - sent.since > LONGEST_S:
            del self._sent[message_id]
