"""A leg: one channel of the exchange, and what it says about the person at its end."""

from collections.abc import Iterable
from datetime import datetime
from fnmatch import fnmatchcase

from msgspec import Struct

NOBODY = ("", "<unknown>", "anonymous", "unknown", "restricted", "unavailable")
# Channels that the exchange makes for itself: halves of an inner pipe, recorders, announcers.
INNER = frozenset({"Local", "Message", "CBAnn", "CBRec", "Recorder", "Announcer", "Snoop", "Surrogate", "AsyncGoto",
                   "OutgoingSpoolFailed", "MulticastRTP", "UnicastRTP", "Async"})  # fmt: skip
RINGING, UP = 5, 6  # ast_channel_state
# Q.850 causes that say why somebody was not reached.
CAUSES = {
    1: "failed", 2: "failed", 3: "failed", 17: "busy", 18: "no_answer", 19: "no_answer", 20: "failed", 21: "rejected",
    22: "failed", 27: "failed", 28: "failed", 34: "failed", 38: "failed", 41: "failed", 42: "failed", 44: "failed",
    58: "failed", 88: "failed", 127: "failed",
}  # fmt: skip
DIAL = {"BUSY": "busy", "NOANSWER": "no_answer", "CANCEL": "cancelled", "DONTCALL": "rejected", "TORTURE": "rejected",
        "CONGESTION": "failed", "CHANUNAVAIL": "failed", "INVALIDARGS": "failed"}  # fmt: skip


class Leg(Struct, omit_defaults=True):
    """One channel. `status` is how its dialling ended (DialStatus), `cause` why it hung up (Q.850)."""

    uniqueid: str
    channel: str
    at: datetime
    number: str = ""
    exten: str = ""
    state: int = 0
    dialled: bool = False
    dialler: str = ""
    bridge: str = ""
    status: str = ""
    cause: int = 0
    up_at: datetime | None = None
    ended_at: datetime | None = None

    @property
    def person(self) -> bool:
        return self.channel.partition("/")[0] not in INNER

    @property
    def pipe(self) -> str:
        """Name that both halves of an inner pipe share; empty for others."""
        local = self.channel.startswith("Local/") and self.channel[-2:] in (";1", ";2")
        return self.channel[:-2] if local else ""

    @property
    def resource(self) -> str:
        """`PJSIP/201-0000002a` -> 201"""
        named = self.channel.partition("/")[2].removesuffix("<ZOMBIE>")
        return named.rpartition("-")[0] or named

    @property
    def ringing(self) -> bool:
        return self.ended_at is None and self.state == RINGING

    @property
    def verdict(self) -> str:
        """Why nobody was reached on it; empty when it does not say."""
        if self.status == "CANCEL":
            return "cancelled"
        return CAUSES.get(self.cause) or DIAL.get(self.status, "")


def known(number: str) -> str:
    """A number that the exchange gave, or nothing."""
    return "" if number.lower() in NOBODY else number


class House:
    """Which legs are telephones of the house; the others lead outside. `trunks`: names, with * for "anything"."""

    def __init__(self, trunks: str = "") -> None:
        self.trunks = tuple(t.strip().lower() for t in trunks.split(",") if t.strip())

    def phone(self, leg: Leg) -> bool:
        if not self.trunks:
            return leg.resource.isdigit()
        whole = f"{leg.channel.partition('/')[0]}/{leg.resource}".lower()
        return not any(fnmatchcase(whole, t) or fnmatchcase(leg.resource.lower(), t) for t in self.trunks)


def joined(legs: Iterable[Leg], start: Leg) -> list[Leg]:
    """Everybody who hears `start` now: through bridges, and through inner pipes between them."""
    alive = [leg for leg in legs if leg.ended_at is None]
    places: dict[str, list[Leg]] = {}
    for leg in alive:
        for place in filter(None, (leg.bridge, leg.pipe)):
            places.setdefault(place, []).append(leg)
    heard, ahead = {start.uniqueid: start}, [start] if start.bridge else []
    while ahead:
        leg = ahead.pop()
        for place in filter(None, (leg.bridge, leg.pipe)):
            new = [n for n in places.get(place, ()) if n.uniqueid not in heard]
            heard.update((n.uniqueid, n) for n in new)
            ahead += new
    return [leg for leg in heard.values() if leg.person and leg.bridge]
