"""A call as people know it: its legs, who called whom, and how it went."""

from datetime import datetime
from typing import Any, Literal

from msgspec import Struct, field, to_builtins

from drivers.contract import CallStory
from drivers.telephony.legs import CAUSES, House, Leg, joined

# When several were called: what the caller lived through.
WEIGHT = ("cancelled", "no_answer", "rejected", "busy", "failed")


class Wanted(Struct, omit_defaults=True):
    """A click-to-call of ours: known before its first event. `doubtful`: its answer never came."""

    extension: str
    number: str
    at: datetime
    key: str = ""
    doubtful: bool = False


class Call(Struct, omit_defaults=True):
    """All channels with one Linkedid. `agent_first`: the exchange was asked for it, so the first leg was called too."""

    linkedid: str
    legs: dict[str, Leg] = field(default_factory=dict)
    agent_first: bool = False
    wanted: Wanted | None = None
    told: list[str] = field(default_factory=list)
    transfers: list[dict[str, str]] = field(default_factory=list)
    extension: str = ""
    answered_at: datetime | None = None
    lost: bool = False  # it ended while nobody listened

    @property
    def people(self) -> list[Leg]:
        return [leg for leg in self.legs.values() if leg.person]

    @property
    def origin(self) -> Leg | None:
        return next(iter(self.people), None)

    @property
    def over(self) -> bool:
        return bool(self.legs) and all(leg.ended_at for leg in self.legs.values())

    def called(self) -> list[Leg]:
        return self.people[1:]

    def direction(self, house: House) -> Literal["in", "out", "internal"]:
        if self.wanted:
            return "out"
        origin = self.origin
        if origin and not house.phone(origin):
            return "in"
        return "out" if any(not house.phone(leg) for leg in self.called()) else "internal"

    def talk(self, house: House, at: datetime) -> None:
        """Note who talks with whom: it is answered once two people hear each other."""
        for leg in self.people:
            if leg.bridge and leg.ended_at is None:
                heard = joined(self.legs.values(), leg)
                if len(heard) > 1:
                    return self._heard(heard, house, at)

    def _heard(self, heard: list[Leg], house: House, at: datetime) -> None:
        self.answered_at = self.answered_at or at
        phones = [leg for leg in self.people if leg in heard and house.phone(leg)]
        outside = len(phones) < len(heard)
        if phones and (outside or self.direction(house) == "internal"):
            self.extension = phones[0 if self.direction(house) == "out" and not self.transfers else -1].resource

    def outcome(self) -> str:
        """answered, busy, no_answer, rejected, cancelled, failed; empty when nobody saw the end."""
        if self.answered_at:
            return "answered"
        if self.lost:
            return ""
        if self.agent_first and not self.called():
            return "cancelled"  # the customer was never called
        verdicts = {v for v in (leg.verdict for leg in self._dialled()) if v}
        if verdicts == {"busy"} and self._all_rejected():
            return "rejected"
        return next((w for w in WEIGHT if w in verdicts), "") or self._origins_verdict()

    def _dialled(self) -> list[Leg]:
        """What the origin itself dialled; else whoever was called."""
        origin = self.origin
        by_origin = [leg for leg in self.legs.values() if origin and leg.dialler == origin.uniqueid]
        return by_origin or self.called()

    def _all_rejected(self) -> bool:
        called = [leg for leg in self.called() if leg.dialled]
        return bool(called) and all(CAUSES.get(leg.cause) == "rejected" for leg in called)

    def _origins_verdict(self) -> str:
        return (CAUSES.get(self.origin.cause) if self.origin else None) or "cancelled"

    def other(self, house: House) -> str:
        """The number at the other end."""
        if self.wanted:
            return self.wanted.number
        origin = self.origin
        if origin is None:
            return ""
        if self.direction(house) == "in":
            return origin.number
        if not self.agent_first and origin.exten not in ("", "s"):
            return origin.exten
        return next((leg.number for leg in self.called() if leg.number), "")

    def phone(self, house: House) -> str:
        """The extension that talks or talked, else the one that rings or calls."""
        if self.extension:
            return self.extension
        if self.wanted:
            return self.wanted.extension
        phones = [leg for leg in self.people if house.phone(leg)]
        return phones[0].resource if phones else ""

    def story(self, house: House, state: Literal["ringing", "answered", "ended"], at: datetime) -> CallStory:
        first = min((leg.at for leg in self.legs.values()), default=at)
        ended = state == "ended"
        return CallStory(
            direction=self.direction(house), state=state, other=self.other(house), extension=self.phone(house),
            outcome=self.outcome() if ended else "", started_at=first, answered_at=self.answered_at,
            ended_at=at if ended else None,
        )  # fmt: skip

    def raw(self) -> dict[str, Any]:
        """The people's legs and the transfers, for diagnosis."""
        return {"linkedid": self.linkedid, "legs": to_builtins(self.people), "transfers": list(self.transfers)}
