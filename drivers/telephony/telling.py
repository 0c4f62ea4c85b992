"""What there is to tell about a call: each thing once, with an id that is the same however often it is told."""

from datetime import datetime
from typing import Literal

from msgspec import structs

from drivers.contract import Inbound, Party, Status
from drivers.telephony.calls import Call
from drivers.telephony.legs import RINGING, House, Leg

CHANNEL = "call"
News = Inbound | Status


class Teller:
    """Makes news of calls. `revision` grows with everything told."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.revision = 0

    def ringing(self, call: Call, at: datetime) -> list[News]:
        """Each telephone that rings is told once; an outside one as soon as it is dialled."""
        news = self.confirmed(call)
        for leg in call.called():
            if self._rings(leg):
                incoming = self.house.phone(leg) and call.direction(self.house) != "out"
                news += self._tell(call, "ringing", at, leg.resource if incoming else "")
        return news

    def _rings(self, leg: Leg) -> bool:
        if leg.ended_at is not None:
            return False
        return leg.state == RINGING or (leg.dialled and not self.house.phone(leg))

    def confirmed(self, call: Call) -> list[News]:
        """A doubtful click-to-call that shows itself after all."""
        wanted = call.wanted
        if wanted is None or not wanted.doubtful:
            return []
        wanted.doubtful = False
        return [Status(state="sent", external_id=call.linkedid, key=wanted.key)]

    def answered(self, call: Call, at: datetime) -> list[News]:
        return self._tell(call, "answered", at, call.phone(self.house)) if call.answered_at else []

    def closed(self, call: Call, at: datetime) -> list[News]:
        """Its last word. Channels with nobody at their end are no call."""
        return self._tell(call, "ended", at) if call.origin or call.wanted else []

    def _tell(
        self, call: Call, state: Literal["ringing", "answered", "ended"], at: datetime, extension: str = ""
    ) -> list[News]:
        mark = f"{state}/{extension}" if extension else state
        if mark in call.told or "ended" in call.told:
            return []
        call.told.append(mark)
        self.revision += 1
        story = call.story(self.house, state, at)
        story = structs.replace(story, extension=extension or story.extension)
        return [Inbound(
            external_id=f"{call.linkedid}/{mark}", channel=CHANNEL, kind="call", conversation=call.linkedid,
            sender=Party(address=story.other) if story.other else None, sent_at=at, call=story, raw=call.raw(),
        )]  # fmt: skip
