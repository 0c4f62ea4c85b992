"""Events of the exchange become stories of calls. No clock and no network in here: `at` is when it was heard.

Channels are joined by Linkedid. Asterisk lets the younger of two calls take the Linkedid of the older when they are
joined (attended transfer); the calls become one here at the same moment.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import TypeVar

from msgspec import Struct, field

from drivers.contract import Status
from drivers.telephony.calls import Call, Wanted
from drivers.telephony.legs import RINGING, UP, House, Leg, known
from drivers.telephony.packets import Packet
from drivers.telephony.reasons import sentence
from drivers.telephony.telling import News, Teller

T = TypeVar("T")
REMEMBERED = 20_000


class Memory(Struct, omit_defaults=True):
    """What outlives a restart: the calls that were not over."""

    calls: list[Call] = field(default_factory=list)


class Tracker:
    """`take` an event, get what there is to tell. `resync` after every (re)connection."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.tell = Teller(house)
        self.calls: dict[str, Call] = {}  # Linkedid -> call; a joined call is here under both
        self.of: dict[str, Call] = {}  # Uniqueid -> call
        self.gone: OrderedDict[str, None] = OrderedDict()  # channels that hung up: a late list must not revive them
        self.closed: OrderedDict[str, Wanted | None] = OrderedDict()  # calls whose end was told
        self.heard: dict[str, datetime] = {}  # Uniqueid -> its last event
        self._does: dict[str, Callable[[Packet, datetime], list[News]]] = {
            "newchannel": self._state, "newstate": self._state, "newcallerid": self._state, "newexten": self._placed,
            "dialbegin": self._dial_begin, "dialend": self._dial_end, "bridgeenter": self._bridge_enter,
            "bridgeleave": self._bridge_leave, "hangup": self._hangup, "rename": self._rename,
            "attendedtransfer": self._attended, "blindtransfer": self._blind, "originateresponse": self._originated,
            "": self._late_answer,
        }  # fmt: skip

    def take(self, event: Packet, at: datetime) -> list[News]:
        does = self._does.get(event["event"].lower())
        return does(event, at) if does else []

    def expect(self, channel_id: str, wanted: Wanted) -> None:
        """A click-to-call of ours is about to be asked for; its first channel will bear this id."""
        self.calls[channel_id] = Call(linkedid=channel_id, agent_first=True, wanted=wanted)

    def forget(self, channel_id: str) -> None:
        """The exchange refused it."""
        self.calls.pop(channel_id, None)

    # --- events

    def _leg(self, uniqueid: str, linkedid: str, channel: str, at: datetime) -> tuple[Call, Leg] | None:
        if not uniqueid or uniqueid in self.gone:
            return None
        call = self._call(uniqueid, linkedid or uniqueid)
        leg = call.legs.get(uniqueid)
        if leg is None:
            leg = call.legs[uniqueid] = Leg(uniqueid=uniqueid, channel=channel, at=at)
        self.heard[uniqueid] = at
        return call, leg

    def _call(self, uniqueid: str, linkedid: str) -> Call:
        here, named = self.of.get(uniqueid), self.calls.get(linkedid)
        if named is None:
            told = ["ended"] if linkedid in self.closed else []
            named = self.calls[linkedid] = here or Call(linkedid=linkedid, told=told)
        if here is not None and here is not named:
            self._join(here, named)
        self.of[uniqueid] = named
        return named

    def _join(self, younger: Call, older: Call) -> None:
        """Two calls are one from now on."""
        older.legs.update({k: leg for k, leg in younger.legs.items() if k not in older.legs})
        older.transfers += younger.transfers
        for uniqueid in younger.legs:
            self.of[uniqueid] = older
        for linkedid in [k for k, call in self.calls.items() if call is younger]:
            self.calls[linkedid] = older
        younger.legs = {}

    def _state(self, event: Packet, at: datetime) -> list[News]:
        placed = self._leg(event["uniqueid"], event["linkedid"], event["channel"], at)
        if placed is None:
            return []
        call, leg = placed
        self._describe(leg, event, at)
        return self.tell.ringing(call, at) if leg.state == RINGING else self.tell.confirmed(call)

    def _placed(self, event: Packet, at: datetime) -> list[News]:
        self._leg(event["uniqueid"], event["linkedid"], event["channel"], at)
        return []

    def _describe(self, leg: Leg, event: Packet, at: datetime) -> None:
        leg.number = known(event["calleridnum"]) or leg.number
        leg.exten = leg.exten or event["exten"]
        state = event["channelstate"]
        leg.state = int(state) if state.isdecimal() else leg.state
        if leg.state == UP and leg.up_at is None:
            leg.up_at = at

    def _dial_begin(self, event: Packet, at: datetime) -> list[News]:
        placed = self._leg(event["destuniqueid"], event["destlinkedid"], event["destchannel"], at)
        if placed is None:
            return []
        call, leg = placed
        leg.dialled, leg.dialler = True, event["uniqueid"]
        by = self.of.get(leg.dialler, call)
        if by is not call:  # a telephone that called by itself is dialled now: it picks up another's call
            self._join(call, by)
            call = by
        leg.number = known(event["destcalleridnum"]) or leg.number
        if not leg.dialler and len(call.legs) <= 2:  # nobody dials it: the exchange was asked to (a pipe has two ends)
            call.agent_first = True
        return self.tell.ringing(call, at)

    def _dial_end(self, event: Packet, at: datetime) -> list[News]:
        placed = self._leg(event["destuniqueid"], event["destlinkedid"], event["destchannel"], at)
        if placed:
            placed[1].status = event["dialstatus"].upper()
        return []

    def _bridge_enter(self, event: Packet, at: datetime) -> list[News]:
        placed = self._leg(event["uniqueid"], event["linkedid"], event["channel"], at)
        if placed is None:
            return []
        call, leg = placed
        leg.bridge = event["bridgeuniqueid"]
        call.talk(self.house, at)
        return self.tell.answered(call, at)

    def _bridge_leave(self, event: Packet, at: datetime) -> list[News]:
        placed = self._leg(event["uniqueid"], event["linkedid"], event["channel"], at)
        if placed and placed[1].bridge == event["bridgeuniqueid"]:
            placed[1].bridge = ""
        return []

    def _rename(self, event: Packet, _at: datetime) -> list[News]:
        call = self.of.get(event["uniqueid"])
        if call:
            call.legs[event["uniqueid"]].channel = event["newname"]
        return []

    def _hangup(self, event: Packet, at: datetime) -> list[News]:
        placed = self._leg(event["uniqueid"], event["linkedid"], event["channel"], at)
        if placed is None:
            return []
        call, leg = placed
        cause = event["cause"]
        leg.cause = int(cause) if cause.isdecimal() else 0
        self._end(leg, at)
        return self._ended(call, at)

    def _end(self, leg: Leg, at: datetime) -> None:
        leg.ended_at, leg.bridge = leg.ended_at or at, ""
        _keep(self.gone, leg.uniqueid, None)

    def _attended(self, event: Packet, at: datetime) -> list[News]:
        first = self.of.get(event["origtransfereruniqueid"])
        second = self.of.get(event["secondtransfereruniqueid"])
        if event["result"] != "Success" or first is None:
            return []
        by = first.legs[event["origtransfereruniqueid"]].resource
        first.transfers.append({"kind": "attended", "by": by})
        if second is None or second is first:
            return []
        told = self.tell.closed(second, at)
        self._join(second, first)
        first.talk(self.house, at)
        return told + self.tell.answered(first, at)

    def _blind(self, event: Packet, _at: datetime) -> list[News]:
        call = self.of.get(event["transfereruniqueid"])
        if call and event["result"] == "Success":
            by = call.legs[event["transfereruniqueid"]].resource
            call.transfers.append({"kind": "blind", "by": by, "to": event["extension"]})
        return []

    def _originated(self, event: Packet, _at: datetime) -> list[News]:
        """The true result of a click-to-call: whether the agent's phone was lifted. Often it comes after the end."""
        name, wanted = self._ours(event)
        if wanted is None:
            return []
        call, lifted = self.calls.get(name), event["response"] == "Success"
        if not lifted and call is not None and not call.legs:
            self.forget(name)
        return [Status(
            state="delivered" if lifted else "failed", external_id=name, key=wanted.key,
            code="" if lifted else event["reason"], sentence="" if lifted else sentence(event["reason"]),
        )]  # fmt: skip

    def _late_answer(self, answer: Packet, _at: datetime) -> list[News]:
        """Originate was refused after all, when nobody waited for it any more."""
        name, wanted = self._ours(answer)
        if wanted is None or not wanted.doubtful or answer["response"] != "Error":
            return []
        self.forget(name)
        return [Status(state="failed", external_id=name, key=wanted.key, sentence=sentence("0"))]

    def _ours(self, event: Packet) -> tuple[str, Wanted | None]:
        """By its channel, or by the end of the ActionID (no channel may ever have been made)."""
        for name in (event["uniqueid"], event["actionid"].split("-", 2)[-1]):
            call = self.calls.get(name)
            wanted = call.wanted if call else self.closed.get(name)
            if wanted:
                return name, wanted
        return "", None

    def _ended(self, call: Call, at: datetime) -> list[News]:
        if not call.over:
            return []
        news = self.tell.closed(call, at)
        for uniqueid in call.legs:
            self.of.pop(uniqueid, None)
            self.heard.pop(uniqueid, None)
        for linkedid in [k for k, c in self.calls.items() if c is call]:
            del self.calls[linkedid]
            _keep(self.closed, linkedid, call.wanted)
        return news

    # --- after a connection was lost

    def resync(self, channels: Iterable[Packet], asked_at: datetime, at: datetime) -> list[News]:
        """Agree with the list of all channels (CoreShowChannels or Status) that was asked for at `asked_at`."""
        news: list[News] = []
        listed = set()
        for each in channels:
            listed.add(each["uniqueid"])
            news += self._relisted(each, at)
        for call in self.memory().calls:
            news += self._unlisted(call, listed, asked_at, at)
        return news

    def _unlisted(self, call: Call, listed: set[str], asked_at: datetime, at: datetime) -> list[News]:
        """What the exchange no longer knows ended while nobody listened, unless it began after the question."""
        if call.wanted and not call.legs:
            return self._never_seen(call, call.wanted, asked_at, at)
        for leg in call.legs.values():
            stale = self.heard.get(leg.uniqueid, asked_at) <= asked_at
            if stale and leg.ended_at is None and leg.uniqueid not in listed:
                call.lost = True
                self._end(leg, at)
        return self._ended(call, at)

    def _never_seen(self, call: Call, wanted: Wanted, asked_at: datetime, at: datetime) -> list[News]:
        if wanted.at > asked_at:
            return []
        self.forget(call.linkedid)
        call.lost = True
        return [] if wanted.doubtful else self.tell.closed(call, at)

    def _relisted(self, channel: Packet, at: datetime) -> list[News]:
        began = at - timedelta(seconds=seconds(channel["duration"] or channel["seconds"]))
        placed = self._leg(channel["uniqueid"], channel["linkedid"], channel["channel"], began)
        if placed is None:
            return []
        call, leg = placed
        self._describe(leg, channel, at)
        leg.dialled = leg.dialled or leg is not call.origin
        leg.bridge = channel["bridgeid"]
        call.talk(self.house, at)
        return self.tell.confirmed(call) + (self.tell.answered(call, at) or self.tell.ringing(call, at))

    # --- across a restart

    def memory(self) -> Memory:
        return Memory(calls=list({id(c): c for c in self.calls.values()}.values()))

    def restore(self, memory: Memory) -> None:
        """Calls of an earlier life, unless they are known already."""
        for call in memory.calls:
            if call.linkedid not in self.calls:
                self.calls[call.linkedid] = call
                self.of.update(dict.fromkeys(call.legs, call))


def _keep(seen: OrderedDict[str, T], name: str, value: T) -> None:
    seen[name] = value
    if len(seen) > REMEMBERED:
        seen.popitem(last=False)


def seconds(duration: str) -> float:
    """`00:01:05` or `65`."""
    total = 0.0
    for part in duration.split(":"):
        total = total * 60 + (int(part) if part.isdecimal() else 0)
    return total
