"""Two hundred broken exchanges of each kind: no call twice, no call lost, nothing left open."""

import asyncio
import itertools
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import pytest

from drivers.contract import NeedsHuman, NotReady, Receipt
from drivers.telephony.driver import DRIVER
from drivers.telephony.settings import Dial, HangUp, TelephonySettings
from tests.drivers.collecting import Collecting
from tests.drivers.eventually import eventually, held, settles
from tests.drivers.peers import asterisk
from tests.drivers.peers.asterisk import Exchange, channel, click_to_call, event, packet

RUNS = 200
CALL = Dial(number="80000001", extension="201")
BEGINNING = ("Challenge", "Login", "CoreShowChannels")
HOW = ("cut", "half", "cut", "half", "cut", "half", "mute")


@pytest.fixture
async def peer() -> AsyncIterator[Exchange]:
    async with asterisk.exchange() as found:
        yield found


def line(peer: Exchange, **more: Any) -> DRIVER:
    return DRIVER(TelephonySettings(**asterisk.settings(peer, **more)))


async def up(pbx: DRIVER, sink: Collecting) -> "asyncio.Task[None]":
    sink.up.clear()
    life = asyncio.create_task(pbx.run(sink))
    await asyncio.wait_for(sink.up.wait(), 5)
    return life


async def over(life: "asyncio.Task[None]") -> None:
    """Ended by the world, as the contract says."""
    (ended,) = await asyncio.wait_for(asyncio.gather(life, return_exceptions=True), 5)
    assert isinstance(ended, NotReady), ended


def outcomes(sink: Collecting) -> Counter[tuple[str, str]]:
    """(state, outcome) of all stories, each counted once, as the office stores them."""
    stories = {i.external_id: (i.call.state, i.call.outcome) for i in sink.inbounds if i.call}
    return Counter(stories.values())


async def test_it_works(peer: Exchange) -> None:
    """Originate cut, half answered, unanswered or slow: asked once each, and the receipt says no more than it knows."""
    pbx, sink = line(peer), Collecting()
    before, claimed, states = held(), Counter[str](), Counter[tuple[str, str]]()
    for _run, how in zip(range(RUNS), itertools.cycle(("cut", "half", "mute", "slow", ""))):
        life = await up(pbx, sink)
        pbx._living().answer_s = 0.02 if how == "mute" else 5.0
        peer.slow_s = 0.005 if how == "slow" else 0.0
        if how in ("cut", "half", "mute"):
            getattr(peer, how).add("Originate")
        receipt = await pbx.do(CALL)
        claimed[receipt.external_id] += 1
        states[how, receipt.state] += 1
        for broken in (peer.cut, peer.half, peer.mute):
            broken.clear()
        peer.slow_s = 0.0
        peer.drop()
        await over(life)
    assert Counter(o["ChannelId"] for o in peer.originated) == claimed, "each was asked for once"
    each = RUNS // 5
    assert states == {("cut", "doubtful"): each, ("half", "doubtful"): each, ("mute", "doubtful"): each,
                      ("slow", "sent"): each, ("", "sent"): each}  # fmt: skip
    await settles(before)


async def test_killed_between_send_and_receipt(peer: Exchange) -> None:
    """AMI takes no key, so the office does not dial again: what was asked for rings once, and is told all the same."""
    pbx, sink, before = line(peer), Collecting(), held()
    life = await up(pbx, sink)
    peer.slow_s = 0.0005
    for run in range(RUNS):
        dialling = asyncio.create_task(pbx.do(CALL))
        await asyncio.sleep(0.0002 * (run % 12))
        dialling.cancel()
        (said,) = await asyncio.gather(dialling, return_exceptions=True)
        assert isinstance(said, asyncio.CancelledError) or (isinstance(said, Receipt) and said.state == "sent")
    peer.slow_s = 0.0
    await asyncio.sleep(0.05)  # what was written before its asker died still arrives
    for asked in peer.originated:
        peer.tell(*click_to_call(asked))
    await eventually(lambda: outcomes(sink)["ended", "answered"] == len(peer.originated))
    assert len({o["ChannelId"] for o in peer.originated}) == len(peer.originated) <= RUNS
    assert (await pbx.do(CALL)).state == "sent", "the line still works"
    life.cancel()
    await asyncio.wait({life})
    await settles(before)


async def test_a_beginning_broken_anywhere(peer: Exchange) -> None:
    """Greeting, log-in and the list of channels: not ready, never a call for a person, and the next life is up."""
    before, sink = held(), Collecting()
    places = itertools.cycle(itertools.product(("greeting", *BEGINNING), HOW))
    for _run, (where, how) in zip(range(RUNS), places, strict=False):
        if where == "greeting":
            peer.greeting = {"cut": b"", "half": b"Asterisk Call Ma", "mute": b""}[how]
            peer.leaves = how != "mute"
        else:
            getattr(peer, how).add(where)
        with pytest.raises(NotReady):
            await asyncio.wait_for(line(peer, answer_s=0.02 if how == "mute" else 5.0).run(Collecting()), 5)
        peer.heal()
    life = await up(line(peer), sink)
    peer.drop()
    await over(life)
    await settles(before)


async def test_a_slow_exchange_is_none_that_broke(peer: Exchange) -> None:
    peer.slow_s = 0.02
    sink = Collecting()
    pbx = line(peer, ping_s=0.01)
    life = await up(pbx, sink)
    assert (await pbx.do(CALL)).state == "sent"
    life.cancel()
    await asyncio.wait({life})


async def test_events_broken_anywhere_lose_no_call(peer: Exchange) -> None:
    """Each life ends in the middle of an event. What was told stays told once; what was missed is asked for."""
    pbx, sink, before = line(peer), Collecting(), held()
    for run in range(RUNS):
        life = await up(pbx, sink)
        customer = channel(f"PJSIP/claro-{run:08}", f"{run}.1", CallerIDNum="+50680000002", Exten="40000000")
        phone = channel(f"PJSIP/201-{run:08}", f"{run}.2", f"{run}.1")
        rings = [event("Newchannel", customer, ChannelState="4"), event("Newchannel", phone, ChannelState="0"),
                 event("Newstate", phone, ChannelState="5")]  # fmt: skip
        data = b"".join(packet(e) for e in rings)
        peer.raw(data[: len(data) * (run % 10) // 10])
        await peer.told()
        peer.drop()
        await over(life)
        peer.channels = [customer | {"ChannelState": "4"}, phone | {"ChannelState": "5"}]
        life = await up(pbx, sink)
        await eventually(lambda: outcomes(sink)["ringing", ""] == run + 1)  # noqa: B023
        peer.channels = []
        peer.tell(event("Hangup", phone, Cause="26"), event("Hangup", customer, Cause="16"))
        await eventually(lambda: sum(n for (state, _), n in outcomes(sink).items() if state == "ended") == run + 1)  # noqa: B023
        peer.drop()
        await over(life)
    told = Counter(i.external_id for i in sink.inbounds)
    assert max(told.values()) == 1, "told twice"
    assert set(outcomes(sink)) == {("ringing", ""), ("ended", "cancelled")}
    assert pbx.tracker.calls == {}
    await settles(before)


async def test_nonsense_in_the_stream_never_reaches_a_person(peer: Exchange) -> None:
    before = held()
    for run in range(RUNS):
        sink = Collecting()
        pbx = line(peer)
        life = await up(pbx, sink)
        peer.raw([b"\x00\xff\r\n\r\n", b"Event\r\n\r\n", b": x\r\n\r\n\r\n\r\n", b"Event: Hangup\r\n\r\n"][run % 4])
        assert (await pbx.do(CALL)).state == "sent"
        peer.drop()
        with pytest.raises(NotReady):
            await life
        assert not isinstance(life.exception(), NeedsHuman)
    await settles(before)


async def test_hanging_up_and_the_pulse_broken_anywhere(peer: Exchange) -> None:
    """To end a call may be asked twice: no answer is "not ready", and asked again the call ends."""
    pbx, sink, before = line(peer, ping_s=0.005), Collecting(), held()
    for run, how in zip(range(RUNS), itertools.cycle(HOW)):
        life = await up(pbx, sink)
        pbx._living().answer_s = 0.1 if how == "mute" else 5.0
        receipt = await pbx.do(CALL)
        peer.tell(*click_to_call(peer.originated[-1])[:2])
        await eventually(lambda: pbx.tracker.calls[receipt.external_id].people)  # noqa: B023
        getattr(peer, how).add(("Hangup", "Ping")[run % 2])
        if run % 2:
            await over(life)
        else:
            with pytest.raises(NotReady):
                await pbx.do(HangUp(call=receipt.external_id))
            peer.drop()
            await over(life)
        peer.heal()
        life = await up(pbx, sink)
        peer.drop()
        await over(life)
        pbx.tracker.calls.clear()
    await settles(before)


async def test_a_test_of_the_connection_broken_anywhere_says_so(peer: Exchange) -> None:
    before = held()
    for _run, (where, how) in zip(range(RUNS), itertools.cycle(itertools.product(BEGINNING, HOW)), strict=False):
        getattr(peer, how).add(where)
        said = await asyncio.wait_for(line(peer, answer_s=0.02 if how == "mute" else 5.0).probe(), 5)
        assert (said.ok, bool(said.sentence), bool(said.what_to_do)) == (False, True, True)
        peer.heal()
    assert (await line(peer).probe()).ok
    await settles(before)
