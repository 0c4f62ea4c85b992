"""Lost connections: what was seen is told, what was missed is rebuilt, nothing is leaked."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from drivers.contract import Inbound, NeedsHuman, NotReady
from drivers.telephony.driver import DRIVER
from drivers.telephony.settings import TelephonySettings
from tests.drivers.collecting import Collecting
from tests.drivers.conftest import Living
from tests.drivers.peers import asterisk
from tests.drivers.peers.asterisk import Exchange, channel, event
from tests.drivers.peers.certificates import self_signed

CUSTOMER = channel("PJSIP/claro-00000001", "7.1", CallerIDNum="+50680000002", Exten="40000000")
PHONE = channel("PJSIP/201-00000002", "7.2", "7.1")
RINGS = [
    event("Newchannel", CUSTOMER, ChannelState="4"),
    event("Newchannel", PHONE, ChannelState="0"),
    event("Newstate", PHONE, ChannelState="5"),
]


@pytest.fixture
async def peer() -> AsyncIterator[Exchange]:
    async with asterisk.exchange() as found:
        yield found


def line(peer: Exchange, **more: Any) -> DRIVER:
    return DRIVER(TelephonySettings(**asterisk.settings(peer, **more)))


def outcomes(sink: Collecting) -> list[tuple[str, str]]:
    return [(i.call.state, i.call.outcome) for i in sink.inbounds if i.call]


async def test_it_works(peer: Exchange, living: Living) -> None:
    """A call that is answered while nobody listened is found answered."""
    pbx = line(peer)
    async with living(pbx) as sink:
        peer.tell(*RINGS)
        await sink.until(inbounds=1)
    up = {"ChannelState": "6", "BridgeID": "b1", "Duration": "00:00:41"}
    peer.channels = [CUSTOMER | up, PHONE | up]
    async with living(pbx) as later:
        await later.until(inbounds=1)
    assert outcomes(sink) + outcomes(later) == [("ringing", ""), ("answered", "")]
    assert later.inbounds[0].conversation == "7.1"


async def test_a_call_that_ended_unseen_has_no_made_up_outcome(peer: Exchange, living: Living) -> None:
    pbx = line(peer)
    async with living(pbx) as sink:
        peer.tell(*RINGS)
        await sink.until(inbounds=1)
    async with living(pbx) as later:
        await later.until(inbounds=1)
    assert outcomes(later) == [("ended", "")]


class Remembering(Collecting):
    """Says when something was remembered."""

    def __init__(self) -> None:
        super().__init__()
        self.remembered = asyncio.Event()

    async def remember(self, name: str, value: bytes) -> None:
        await super().remember(name, value)
        self.remembered.set()


async def test_a_restart_remembers_what_was_going_on(peer: Exchange) -> None:
    sink, heir = Remembering(), Collecting()
    life = asyncio.create_task(line(peer).run(sink))
    await sink.up.wait()
    peer.tell(*RINGS)
    await asyncio.wait_for(sink.remembered.wait(), 2)
    life.cancel()
    heir.kept = sink.kept
    again = asyncio.create_task(line(peer).run(heir))
    await heir.until(inbounds=1)
    again.cancel()
    await asyncio.wait({life, again})
    assert outcomes(heir) == [("ended", "")]


async def test_a_memory_of_another_version_does_not_stop_the_line(peer: Exchange) -> None:
    sink = Collecting()
    sink.kept["calls"] = b"\xc1 of another time"
    life = asyncio.create_task(line(peer).run(sink))
    await asyncio.wait_for(sink.up.wait(), 2)
    life.cancel()
    await asyncio.wait({life})


async def test_status_serves_where_the_list_of_channels_is_forbidden(peer: Exchange, living: Living) -> None:
    peer.refused["CoreShowChannels"] = "Permission denied"
    peer.channels = [CUSTOMER | {"ChannelState": "6", "Seconds": "41"}]
    pbx = line(peer)
    async with living(pbx) as sink:
        assert list(pbx.tracker.calls) == ["7.1"]
    assert sink.said[-1][1] == ""
    peer.refused["Status"] = "Permission denied"
    async with living(pbx) as sink:
        assert "permiso" in sink.said[-1][1]


async def test_a_story_that_could_not_be_stored_is_told_again(peer: Exchange, living: Living) -> None:
    pbx, sink = line(peer), Collecting()
    sink.fails = True
    life = asyncio.create_task(pbx.run(sink))
    await sink.up.wait()
    peer.tell(*RINGS)
    with pytest.raises(OSError, match="disk full"):
        await asyncio.wait_for(life, 2)
    peer.channels = [CUSTOMER | {"ChannelState": "4"}, PHONE | {"ChannelState": "5"}]
    async with living(pbx) as later:
        await later.until(inbounds=1)
    assert outcomes(later) == [("ringing", "")]


class Slow(Collecting):
    """Stores one thing at a time, when it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.may = asyncio.Semaphore(0)

    async def received(self, inbound: Inbound) -> None:
        await self.may.acquire()
        await super().received(inbound)


async def test_what_cannot_be_stored_fast_enough_waits_and_is_not_lost(
    peer: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("drivers.telephony.driver.UNTOLD_MAX", 10)
    pbx, sink = line(peer), Slow()
    life = asyncio.create_task(pbx.run(sink))
    await sink.up.wait()
    for n in range(200):
        origin = channel("PJSIP/claro-1", f"{n}.1", CallerIDNum="+50680000002")
        phone = channel("PJSIP/201-2", f"{n}.2", f"{n}.1")
        peer.tell(event("Newchannel", origin), event("Newchannel", phone), event("Newstate", phone, ChannelState="5"))
    for _ in range(200):
        sink.may.release()
    await sink.until(inbounds=200)
    assert len({i.external_id for i in sink.inbounds}) == 200
    life.cancel()
    await asyncio.wait({life})


async def test_a_silent_exchange_is_noticed(peer: Exchange) -> None:
    pbx, sink = line(peer, ping_s=0.02, answer_s=0.1), Collecting()
    life = asyncio.create_task(pbx.run(sink))
    await sink.up.wait()
    peer.mute.add("Ping")
    with pytest.raises(NotReady, match="dejó de contestar"):
        await asyncio.wait_for(life, 2)


@pytest.mark.parametrize("action", ["Challenge", "Login", "CoreShowChannels"])
@pytest.mark.parametrize("fault", ["mute", "cut", "half"])
async def test_a_broken_beginning_is_tried_again(peer: Exchange, fault: str, action: str) -> None:
    getattr(peer, fault).add(action)
    with pytest.raises(NotReady):
        await asyncio.wait_for(line(peer, answer_s=0.1).run(Collecting()), 2)


async def test_a_wrong_password_asks_a_person(peer: Exchange) -> None:
    pbx = line(peer, password="otra")
    with pytest.raises(NeedsHuman) as asked:
        await pbx.run(Collecting())
    assert "manager.conf" in asked.value.what_to_do
    said = await pbx.probe()
    assert (said.ok, "otra" in repr(said)) == (False, False)


@pytest.mark.parametrize("greeting", [b"SSH-2.0-x\r\n", b"Asterisk Call Manager/1.1\r\n"])
async def test_somebody_else_at_the_port_asks_a_person(peer: Exchange, greeting: bytes) -> None:
    peer.greeting = greeting
    with pytest.raises(NeedsHuman):
        await line(peer).run(Collecting())


async def test_probe_says_what_is_wrong(peer: Exchange) -> None:
    assert (await line(peer).probe()).ok
    peer.refused["CoreShowChannels"] = "Permission denied"
    assert "manager.conf" in (await line(peer).probe()).what_to_do
    peer.greeting = b""
    assert "no saluda" in (await line(peer, answer_s=0.1).probe()).sentence
    nobody = DRIVER(TelephonySettings(mode="ami", host="127.0.0.1", port=9))
    assert "rechaza" in (await nobody.probe()).sentence
    assert "Falta" in (await DRIVER(TelephonySettings(mode="ami")).probe()).sentence
    assert "No existe" in (await line(peer, host="nadie.invalid").probe()).sentence
    assert "no contesta" in (await line(peer, tls="yes", answer_s=0.1).probe()).sentence


async def test_an_encrypted_exchange(tmp_path: Path, living: Living) -> None:
    """Its own certificate is refused, unless a person said that it may be any."""
    async with asterisk.exchange(self_signed(tmp_path)) as peer:
        with pytest.raises(NeedsHuman, match="certificado"):
            await line(peer, tls="yes").run(Collecting())
        async with living(line(peer, tls="unchecked")):
            assert peer.asked["Login"] == 1
