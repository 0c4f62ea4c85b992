"""Calls as people know them, from what the modem lists (+CLCC) or from its notices. No clock, no I/O."""

from datetime import datetime, timedelta
from typing import Literal

import msgspec

from drivers.contract import CallStory, Inbound, Party
from drivers.gsm.at.answers import Leg

RINGS = timedelta(seconds=8)  # without a further RING, who rang has given up
ACTIVE = 0
WORDS = {"BUSY": "busy", "NO ANSWER": "no_answer", "NO DIALTONE": "failed", "NO DIAL TONE": "failed"}


class Call(msgspec.Struct, kw_only=True):
    """One that goes on."""

    id: str
    direction: Literal["in", "out"]
    since: datetime
    rang: datetime
    number: str = ""
    answered: datetime | None = None
    ended_by_us: bool = False
    told: bool = False


class CallBook:
    """`lists`: the modem knows +CLCC; otherwise RING and NO CARRIER tell the story."""

    def __init__(self) -> None:
        self.calls: dict[int, Call] = {}
        self.lists = True
        self.word = ""  # how the modem said that a call ended

    def see(self, legs: list[Leg], at: datetime) -> list[Inbound]:
        """What changed since the last list."""
        news: list[Inbound] = []
        for leg in legs:
            news += self._leg(leg, at)
        there = {leg.index for leg in legs}
        for index in [index for index in self.calls if index not in there]:
            news.append(self._end(index, at))
        return news

    def _leg(self, leg: Leg, at: datetime) -> list[Inbound]:
        news: list[Inbound] = []
        call = self.calls.get(leg.index)
        if call is None:
            call = self._begin(leg.index, "in" if leg.incoming else "out", at)
        news += self._name(call, leg.number, at)
        if leg.state == ACTIVE and call.answered is None:
            call.answered = at
            news.append(_story(call, "answered", at))
        return news

    def _begin(self, index: int, direction: Literal["in", "out"], at: datetime) -> Call:
        call = Call(id=f"call-{int(at.timestamp() * 1e6):x}-{index}", direction=direction, since=at, rang=at)
        self.calls[index] = call
        self.word = ""
        return call

    def rang(self, number: str, at: datetime) -> list[Inbound]:
        """RING, or +CLIP with its number (hidden: "")."""
        call = next((call for call in self.calls.values() if call.direction == "in"), None)
        if call is None:  # the number follows in a moment, when it is not hidden
            call = self._begin(1, "in", at)
            return self._name(call, number, at) if number else []
        call.rang = at
        return self._name(call, number, at)

    def _name(self, call: Call, number: str, at: datetime) -> list[Inbound]:
        """It rings: told once, and again when the number becomes known later."""
        if call.told and (call.number or not number):
            return []
        call.number, call.told = call.number or number, True
        return [_story(call, "ringing", at)]

    def dialled(self, number: str, at: datetime) -> Inbound:
        call = self._begin(1, "out", at)
        return self._name(call, number, at)[0]

    def over(self, word: str, at: datetime) -> list[Inbound]:
        """NO CARRIER and its like. Where calls are listed, the next list says which one ended."""
        self.word = word
        return [] if self.lists else [self._end(index, at) for index in list(self.calls)]

    def gave_up(self, at: datetime) -> list[Inbound]:
        """Without lists: who no longer rings."""
        if self.lists:
            return []
        silent = [
            i for i, c in self.calls.items() if c.direction == "in" and not c.answered and at - c.rang > RINGS
        ]
        return [self._end(index, at) for index in silent]

    def hung_up(self) -> None:
        for call in self.calls.values():
            call.ended_by_us = True

    def answered(self, at: datetime) -> list[Inbound]:
        """Without lists: we took the call."""
        ringing = [] if self.lists else [c for c in self.calls.values() if c.direction == "in" and not c.answered]
        for call in ringing:
            call.answered = at
        return [_story(call, "answered", at) for call in ringing]

    def _end(self, index: int, at: datetime) -> Inbound:
        call = self.calls.pop(index)
        return _story(call, "ended", at, self._outcome(call))

    def _outcome(self, call: Call) -> str:
        if call.answered:
            return "answered"
        if call.ended_by_us:
            return "rejected" if call.direction == "in" else "cancelled"
        return WORDS.get(self.word, "no_answer")


def _story(call: Call, state: Literal["ringing", "answered", "ended"], at: datetime, outcome: str = "") -> Inbound:
    story = CallStory(
        direction=call.direction, state=state, other=call.number, outcome=outcome, started_at=call.since,
        answered_at=call.answered, ended_at=at if state == "ended" else None,
    )  # fmt: skip
    known = "" if call.number or state != "ringing" else "-hidden"
    return Inbound(
        external_id=f"{call.id}-{state}{known}", channel="call", kind="call", conversation=call.id, sent_at=at,
        sender=Party(address=call.number) if call.number and call.direction == "in" else None,
        to=(Party(address=call.number),) if call.number and call.direction == "out" else (), call=story,
    )  # fmt: skip
