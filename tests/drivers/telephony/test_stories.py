"""Calls played on a small exchange: what people lived through is what is told."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.telephony.legs import House
from drivers.telephony.packets import Packet
from drivers.telephony.tracker import Tracker
from tests.drivers.peers.exchange import Channel, Event, Exchange

BEGAN = datetime(2026, 11, 21, 14, tzinfo=UTC)
HERE, THERE, MOBILE, STRANGER = "+50640000001", "+50680000001", "+50680000009", "+50640000003"
TRUNK = "PJSIP/salida"
INSIDE = ("internos",)
Story = tuple[str, ...]
Play = Callable[[Exchange], None]
PLAYS: dict[str, Play] = {}
EXPECTED: dict[str, list[Story]] = {}


def packet(event: Event) -> Packet:
    return Packet({key.lower(): [value] for key, value in event.items()})


def told(events: list[Event], trunks: str = "") -> list[Story]:
    """(direction, state, other, extension, outcome) of each story, in order; nothing may be left over."""
    tracker, stories = Tracker(House(trunks)), []
    for n, event in enumerate(events):
        for news in tracker.take(packet(event), BEGAN + timedelta(seconds=n)):
            call: Any = news.call  # type: ignore[union-attr]
            stories.append((call.direction, call.state, call.other, call.extension, call.outcome))
    assert (tracker.calls, tracker.of, tracker.heard) == ({}, {}, {})
    return stories


def tells(*stories: Story) -> Callable[[Play], Play]:
    """The stories that people would tell of what is played."""

    def keep(play: Play) -> Play:
        PLAYS[play.__name__], EXPECTED[play.__name__] = play, list(stories)
        return play

    return keep


def played(name: str, *, pipes_stay: bool = False) -> list[Event]:
    exchange = Exchange(pipes_stay=pipes_stay)
    PLAYS[name](exchange)
    return exchange.events


# --- the calls


def clicked(exchange: Exchange) -> tuple[Channel, Channel]:
    """Somebody clicks a number: telephone 201 rings first. Gives what calls the number, and the telephone."""
    near, far = exchange.originate(THERE, "clic")
    agent = exchange.dial(far, "PJSIP/201", "201", through=("puestos", "internos"))
    exchange.ring(agent)
    return near, agent


def outside_rings(exchange: Exchange, near: Channel) -> Channel:
    outside = exchange.dial(near, TRUNK, THERE, through=("permitidos", "afuera"))
    exchange.ring(outside)
    return outside


def consults(exchange: Exchange) -> Channel:
    """201 calls 203 on a second line, and 203 answers."""
    second = exchange.lift("PJSIP/201", "203")
    colleague = exchange.dial(second, "PJSIP/203", "203", INSIDE)
    exchange.ring(colleague)
    exchange.answer(colleague)
    return second


@tells(
    ("out", "ringing", THERE, "201", ""),
    ("out", "answered", THERE, "201", ""),
    ("out", "ended", THERE, "201", "answered"),
)
def a_click_that_is_answered(exchange: Exchange) -> None:
    near, agent = clicked(exchange)
    exchange.answer(agent)
    outside = outside_rings(exchange, near)
    exchange.answer(outside)
    exchange.hang_up(outside)


@tells(("internal", "ended", "", "201", "cancelled"))
def a_click_that_the_own_telephone_denies(exchange: Exchange) -> None:
    _near, agent = clicked(exchange)
    exchange.refuse(agent)


@tells(("out", "ringing", THERE, "201", ""), ("out", "ended", THERE, "201", "busy"))
def a_click_that_finds_the_other_side_busy(exchange: Exchange) -> None:
    near, agent = clicked(exchange)
    exchange.answer(agent)
    exchange.refuse(outside_rings(exchange, near))


@tells(
    ("out", "ringing", THERE, "201", ""),
    ("out", "answered", THERE, "201", ""),
    ("internal", "ringing", "203", "203", ""),
    ("internal", "answered", "203", "203", ""),
    ("internal", "ended", "203", "203", "answered"),
    ("out", "answered", THERE, "203", ""),
    ("out", "ended", THERE, "203", "answered"),
)
def a_click_that_is_handed_to_a_colleague(exchange: Exchange) -> None:
    near, agent = clicked(exchange)
    exchange.answer(agent)
    outside = outside_rings(exchange, near)
    exchange.answer(outside)
    exchange.transfer_attended(agent, consults(exchange))
    exchange.hang_up(outside)


@tells(("internal", "ringing", "202", "202", ""), ("internal", "ended", "202", "201", "cancelled"))
def a_caller_who_gives_up(exchange: Exchange) -> None:
    caller = exchange.lift("PJSIP/201", "202")
    exchange.ring(exchange.dial(caller, "PJSIP/202", "202", INSIDE))
    exchange.hang_up(caller)


@tells(
    ("internal", "ringing", "401", "202", ""),
    ("internal", "ringing", "401", "203", ""),
    ("internal", "ended", "401", "201", "no_answer"),
)
def a_group_where_nobody_answers(exchange: Exchange) -> None:
    caller = exchange.lift("PJSIP/201", "401")
    group = exchange.pipe(caller, "401", "grupos")
    exchange.ring(*[exchange.dial(group, f"PJSIP/{phone}", phone, INSIDE) for phone in ("202", "203")])
    exchange.time_out(caller)


@tells(
    ("in", "ringing", HERE, "203", ""),
    ("in", "ringing", HERE, "202", ""),
    ("in", "answered", HERE, "202", ""),
    ("in", "ended", HERE, "202", "answered"),
)
def a_queue_whose_member_is_a_group(exchange: Exchange) -> None:
    caller = exchange.lift(TRUNK, "+50640000000", HERE)
    exchange.queue(caller, "ventas")
    group = exchange.pipe(caller, "401", "grupos")
    first, second = (exchange.dial(group, f"PJSIP/{phone}", phone, INSIDE) for phone in ("203", "202"))
    exchange.ring(first, second)
    exchange.answer(second)
    exchange.hang_up(caller)


@tells(
    ("in", "ringing", THERE, "201", ""),
    ("in", "answered", THERE, "201", ""),
    ("in", "ringing", THERE, "202", ""),
    ("in", "answered", THERE, "202", ""),
    ("in", "ended", THERE, "202", "answered"),
)
def a_queued_caller_who_is_sent_on_blindly(exchange: Exchange) -> None:
    caller = exchange.lift(TRUNK, HERE, THERE)
    exchange.queue(caller, "ventas")
    first = exchange.dial(caller, "PJSIP/201", "201", INSIDE)
    exchange.ring(first)
    exchange.answer(first)
    second = exchange.dial(exchange.transfer_blind(first, "202"), "PJSIP/202", "202", INSIDE)
    exchange.ring(second)
    exchange.answer(second)
    exchange.hang_up(caller)


@tells(
    ("in", "ringing", THERE, "201", ""),
    ("in", "answered", THERE, "201", ""),
    ("internal", "ringing", "203", "203", ""),
    ("internal", "answered", "203", "203", ""),
    ("internal", "ended", "203", "203", "answered"),
    ("in", "answered", THERE, "203", ""),
    ("in", "ended", THERE, "203", "answered"),
)
def a_caller_who_is_handed_to_a_colleague(exchange: Exchange) -> None:
    caller = exchange.lift(TRUNK, HERE, THERE)
    first = exchange.dial(caller, "PJSIP/201", "201", INSIDE)
    exchange.ring(first)
    exchange.answer(first)
    exchange.transfer_attended(first, consults(exchange))
    exchange.hang_up(caller)


@tells(("in", "ringing", STRANGER, "", ""), ("in", "ended", STRANGER, "", "no_answer"))
def a_mobile_that_lifts_and_does_not_accept(exchange: Exchange) -> None:
    caller = exchange.lift(TRUNK, HERE, STRANGER)
    asking = exchange.pipe(exchange.pipe(caller, HERE, "desvios"), MOBILE, "afuera", asks=True)
    mobile = exchange.dial(asking, TRUNK, MOBILE)
    exchange.ring(mobile)
    exchange.answer(mobile)
    exchange.decline(asking)


@tells(
    ("internal", "ringing", "202", "202", ""),
    ("internal", "answered", "202", "203", ""),
    ("internal", "ended", "202", "203", "answered"),
)
def a_call_that_a_colleague_picks_up(exchange: Exchange) -> None:
    caller = exchange.lift("PJSIP/201", "202")
    ringing = exchange.dial(caller, "PJSIP/202", "202", INSIDE)
    exchange.ring(ringing)
    exchange.pick_up(exchange.lift("PJSIP/203", "*8202"), ringing)
    exchange.hang_up(caller)


# --- what is told of them


def test_it_works() -> None:
    name = "a_click_that_is_answered"
    assert told(played(name)) == EXPECTED[name]


@pytest.mark.parametrize("name", PLAYS)
def test_a_call_is_told_as_people_lived_it(name: str) -> None:
    assert told(played(name)) == EXPECTED[name]


@pytest.mark.parametrize("name", PLAYS)
def test_people_hear_each_other_through_pipes_that_stay(name: str) -> None:
    assert told(played(name, pipes_stay=True)) == EXPECTED[name]


def test_named_trunks_decide_what_is_outside() -> None:
    events = played("a_queue_whose_member_is_a_group")
    assert {story[0] for story in told(events, f"{TRUNK}*")} == {"in"}
    assert {story[0] for story in told(events, "otra")} == {"internal"}


@given(st.randoms(use_true_random=False))
def test_calls_side_by_side_are_told_as_if_each_were_alone(chance: random.Random) -> None:
    """Each call under its own ids, their events shuffled into each other."""
    names = ["a_click_that_is_answered", "a_queued_caller_who_is_sent_on_blindly", "a_caller_who_gives_up"]
    waiting = {name: [_renamed(e, name) for e in played(name)] for name in names}
    mixed = []
    while waiting:
        name = chance.choice(list(waiting))
        mixed.append(waiting[name].pop(0))
        if not waiting[name]:
            del waiting[name]
    assert sorted(told(mixed)) == sorted(story for name in names for story in EXPECTED[name])


def _renamed(event: Event, mark: str) -> Event:
    return {k: mark + v if k.endswith(("niqueid", "inkedid")) else v for k, v in event.items()}


@given(st.sampled_from(sorted(PLAYS)), st.data())
def test_lost_repeated_and_swapped_events_never_break_it(name: str, data: st.DataObject) -> None:
    events = played(name)
    for _fault in range(data.draw(st.integers(1, 8))):
        n = data.draw(st.integers(0, len(events) - 1))
        match data.draw(st.sampled_from(["lose", "repeat", "swap"])):
            case "lose" if len(events) > 1:
                del events[n]
            case "repeat":
                events.insert(n, events[n])
            case _:
                events[n], events[-1] = events[-1], events[n]
    tracker, ids = Tracker(House()), []
    for event in events:
        ids += [news.external_id for news in tracker.take(packet(event), BEGAN)]
    assert len(ids) == len(set(ids)), "told twice"
    later = BEGAN + timedelta(minutes=1)
    tracker.resync([], later, later)
    assert (tracker.calls, tracker.of) == ({}, {}), "a call that the exchange no longer has is kept"
