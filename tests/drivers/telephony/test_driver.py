"""The telephony driver against an exchange that speaks AMI over a real socket."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import pytest

from drivers.contract import NeedsHuman, NotReady, Outbound, SendError
from drivers.telephony.driver import DRIVER
from drivers.telephony.settings import Dial, HangUp, MakeLink, TelephonySettings
from tests.drivers.collecting import Collecting
from tests.drivers.conftest import Living
from tests.drivers.peers import asterisk
from tests.drivers.peers.asterisk import Exchange, channel, click_to_call, event

CALL = Dial(number="+506 8000-0001", extension="201", name='Rosa "la jefa"\r\nAction: Originate')


@pytest.fixture
async def peer() -> AsyncIterator[Exchange]:
    async with asterisk.exchange() as found:
        yield found


def line(peer: Exchange, **more: Any) -> DRIVER:
    return DRIVER(TelephonySettings(**asterisk.settings(peer, **more)))


async def test_it_works(peer: Exchange, living: Living) -> None:
    """Click to call: the agent's phone, then the customer; one story under one id."""
    pbx = line(peer)
    async with living(pbx) as sink:
        receipt = await pbx.do(CALL)
        peer.tell(*click_to_call(peer.originated[0]))
        await sink.until(inbounds=3, statuses=1)
    asked = peer.originated[0]
    assert (asked["Channel"], asked["Exten"], asked["Async"]) == ("PJSIP/201", "+50680000001", "true")
    assert asked["CallerID"] == '"Rosa  la jefa   Action: Originate" <+50680000001>'
    assert receipt.state == "sent"
    assert [s.state for s in sink.statuses] == ["delivered"]
    assert {i.conversation for i in sink.inbounds} == {receipt.external_id} == {sink.statuses[0].external_id}
    stories = [i.call for i in sink.inbounds if i.call]
    assert [(s.direction, s.state, s.other, s.extension) for s in stories] == [
        ("out", "ringing", "+506 8000-0001", "201"),
        ("out", "answered", "+506 8000-0001", "201"),
        ("out", "ended", "+506 8000-0001", "201"),
    ]
    assert stories[-1].outcome == "answered"
    assert [leg["cause"] for leg in sink.inbounds[-1].raw["legs"]] == [16, 16]


async def test_a_busy_customer(peer: Exchange, living: Living) -> None:
    pbx = line(peer)
    async with living(pbx) as sink:
        await pbx.send(Outbound(key="k1", channel="call", to="+50680000001", options={"extension": "201"}))
        peer.tell(*click_to_call(peer.originated[0], answered=False))
        await sink.until(inbounds=2, statuses=1)
    assert [(i.call.state, i.call.outcome) for i in sink.inbounds if i.call] == [("ringing", ""), ("ended", "busy")]
    assert sink.statuses[0].key == "k1"


async def test_an_agent_who_does_not_answer(peer: Exchange, living: Living) -> None:
    pbx = line(peer)
    async with living(pbx) as sink:
        await pbx.do(CALL)
        asked = peer.originated[0]
        agent = channel("PJSIP/201-0000002a", asked["ChannelId"])
        peer.tell(
            event("Newchannel", agent, ChannelState="0"), event("Newstate", agent, ChannelState="5"),
            event("Hangup", agent, Cause="19"),
            {"Event": "OriginateResponse", "ActionID": asked["ActionID"], "Response": "Failure", "Reason": "3",
             "Uniqueid": asked["ChannelId"]},
        )  # fmt: skip
        await sink.until(inbounds=1, statuses=1)
    assert [(i.call.state, i.call.outcome) for i in sink.inbounds if i.call] == [("ended", "cancelled")]
    assert (sink.statuses[0].state, sink.statuses[0].external_id) == ("failed", asked["ChannelId"])
    assert "no contestó" in sink.statuses[0].sentence


async def test_a_phone_that_is_not_there(peer: Exchange, living: Living) -> None:
    """No channel was ever made: only the result tells, by its ActionID."""
    pbx = line(peer)
    async with living(pbx) as sink:
        receipt = await pbx.do(CALL)
        peer.tell({"Event": "OriginateResponse", "ActionID": peer.originated[0]["ActionID"], "Response": "Failure",
                   "Reason": "0", "Uniqueid": "<null>"})  # fmt: skip
        await sink.until(statuses=1)
    assert (sink.statuses[0].state, sink.statuses[0].external_id) == ("failed", receipt.external_id)
    assert "extensión" in sink.statuses[0].sentence
    assert pbx.tracker.calls == {}


@pytest.mark.parametrize(
    ("action", "code"),
    [
        (Dial(number="+506\r\nAction: Hangup", extension="201"), "number"),
        (Dial(number="911; DROP", extension="201"), "number"),
        (Dial(number="80000001", extension="201\r\nExten: 1"), "extension"),
        (Dial(number="80000001", extension="201&PJSIP/202"), "extension"),
        (Dial(number="80000001", extension=""), "extension"),
    ],
)
async def test_nothing_but_a_call_can_be_asked_for(peer: Exchange, living: Living, action: Dial, code: str) -> None:
    pbx = line(peer)
    async with living(pbx):
        with pytest.raises(SendError) as refused:
            await pbx.do(action)
    assert (refused.value.permanent, refused.value.code) == (True, code)
    assert peer.originated == []


async def test_a_refused_call_was_not_made(peer: Exchange, living: Living) -> None:
    pbx = line(peer)
    async with living(pbx):
        peer.refused["Originate"] = "Extension does not exist."
        with pytest.raises(SendError):
            await pbx.do(CALL)
        peer.refused["Originate"] = "Permission denied"
        with pytest.raises(NeedsHuman):
            await pbx.do(CALL)
    assert pbx.tracker.calls == {}


@pytest.mark.parametrize("fault", ["mute", "cut", "half"])
async def test_a_call_whose_answer_never_comes_is_doubtful(peer: Exchange, fault: str) -> None:
    pbx, sink = line(peer, answer_s=0.1), Collecting()
    life = asyncio.create_task(pbx.run(sink))
    await sink.up.wait()
    getattr(peer, fault).add("Originate")
    receipt = await pbx.do(CALL)
    assert receipt.state == "doubtful"
    assert len(peer.originated) == 1
    life.cancel()
    await asyncio.wait({life})
    with contextlib.suppress(NotReady, asyncio.CancelledError):
        life.result()


async def test_what_rings_later_dispels_the_doubt(peer: Exchange, living: Living) -> None:
    pbx = line(peer, answer_s=0.1)
    async with living(pbx) as sink:
        peer.mute.add("Originate")
        receipt = await pbx.send(Outbound(key="k1", channel="call", to="80000001", options={"extension": "201"}))
        assert receipt.state == "doubtful"
        peer.tell(*click_to_call(peer.originated[0]))
        await sink.until(inbounds=3, statuses=2)
    assert [(s.state, s.key) for s in sink.statuses] == [("sent", "k1"), ("delivered", "k1")]


async def test_a_late_refusal_dispels_the_doubt_too(peer: Exchange, living: Living) -> None:
    pbx = line(peer, answer_s=0.1)
    async with living(pbx) as sink:
        peer.mute.add("Originate")
        receipt = await pbx.do(CALL)
        late = {"Response": "Error", "ActionID": peer.originated[0]["ActionID"], "Message": "Originate failed"}
        peer.tell(late)
        await sink.until(statuses=1)
    assert (sink.statuses[0].state, sink.statuses[0].external_id) == ("failed", receipt.external_id)


async def test_answers_and_events_interleave(peer: Exchange, living: Living) -> None:
    stranger = channel("PJSIP/claro-00000001", "7.1", CallerIDNum="+50680000002")
    peer.interleaved = [event("Newchannel", stranger, ChannelState="4"), {"Response": "Success", "ActionID": "others"}]
    pbx = line(peer)
    async with living(pbx):
        receipts = await asyncio.gather(*(pbx.do(CALL) for _ in range(5)))
    assert len({r.external_id for r in receipts}) == 5
    assert {r.state for r in receipts} == {"sent"}


async def test_without_a_connection_nothing_is_sent() -> None:
    pbx = DRIVER(TelephonySettings(mode="ami", host="127.0.0.1", port=9))
    with pytest.raises(NotReady):
        await pbx.do(CALL)
    with pytest.raises(NotReady):
        await pbx.run(Collecting())


async def test_hanging_up(peer: Exchange, living: Living) -> None:
    pbx = line(peer)
    async with living(pbx) as sink:
        receipt = await pbx.do(CALL)
        peer.tell(*click_to_call(peer.originated[0])[:7])
        await sink.until(inbounds=1)
        assert await pbx.do(HangUp(call=receipt.external_id)) == {"asked": True}
        assert await pbx.do(HangUp(call="otra")) == {"asked": False}
    assert peer.hung_up == ["PJSIP/201-0000002a", "PJSIP/salida-0000002b"]


async def test_links_need_no_exchange(living: Living) -> None:
    links = DRIVER(TelephonySettings())
    async with living(links):
        assert await links.do(MakeLink(number="+506 8000 0001")) == {"href": "tel:+50680000001"}
        with pytest.raises(SendError):
            await links.do(MakeLink(number="javascript:alert(1)"))
        with pytest.raises(SendError):
            await links.do(CALL)
    assert (await links.probe()).ok
    assert not (await DRIVER(TelephonySettings(scheme="sip")).probe()).ok
