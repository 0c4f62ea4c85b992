"""Registration, roaming, signal; and what the network answers to a message."""

import asyncio

import pytest

from drivers.contract import NeedsHuman, NotReady, SendError
from tests.drivers.collecting import Collecting
from tests.drivers.conftest import Living
from tests.drivers.gsm.conftest import gsm
from tests.drivers.gsm.test_driver import sms
from tests.drivers.peers.modem import Fault, Plug


async def test_it_works(plug: Plug, living: Living) -> None:
    async with living(gsm(plug, poll_s=0.05)) as sink:
        assert sink.said == [(plug.modem.imei, "Kölbi ▂▄▆█")]
        plug.modem.network.rssi = 10
        await plug.until(lambda: len(sink.said) == 2)
        plug.modem.network.registration = 2
        await plug.until(lambda: len(sink.said) == 3)
    assert [note for _, note in sink.said[1:]] == ["Kölbi ▂▄", "Buscando red"]


@pytest.mark.parametrize(("registration", "words"), [(0, "no tiene red"), (2, "no tiene red"), (3, "rechaza")])
async def test_without_network_it_is_not_ready(plug: Plug, registration: int, words: str) -> None:
    plug.modem.network.registration = registration
    with pytest.raises(NotReady, match=words):
        await gsm(plug, network_s=0.05).run(Collecting())


async def test_the_network_is_waited_for(plug: Plug, living: Living) -> None:
    plug.modem.network.registration = 2
    asyncio.get_running_loop().call_later(0.05, setattr, plug.modem.network, "registration", 1)
    async with living(gsm(plug, network_s=1)) as sink:
        assert sink.said


async def test_roaming_receives_but_sends_only_when_it_may(plug: Plug, living: Living) -> None:
    plug.modem.network.registration = 5
    line = gsm(plug)
    async with living(line) as sink:
        with pytest.raises(NotReady, match="itinerancia"):
            await line.send(sms())
        plug.write("+50680000002", "Hola")
        await sink.until(inbounds=1)
    may = gsm(plug, roaming=True)
    async with living(may):
        await may.send(sms())
    assert len(plug.modem.network.sent) == 1


@pytest.mark.parametrize(
    ("said", "permanent"),
    [("+CMS ERROR: 38", False), ("+CMS ERROR: 500", False), ("ERROR", False), ("+CMS ERROR: 1", True),
     ("+CMS ERROR: 28", True)],
)  # fmt: skip
async def test_a_refusal_is_certain(plug: Plug, living: Living, said: str, permanent: bool) -> None:
    plug.modem.faults = [Fault("AT+CMGS", "error", said)]
    line = gsm(plug)
    async with living(line):
        with pytest.raises(SendError) as refused:
            await line.send(sms())
        assert (await line.send(sms())).state == "sent"
    assert refused.value.permanent is permanent
    assert len(plug.modem.network.sent) == 1


async def test_no_network_waits_and_no_centre_asks_a_person(plug: Plug, living: Living) -> None:
    plug.modem.faults = [Fault("AT+CMGS", "error", "+CMS ERROR: 331"), Fault("AT+CMGS", "error", "+CMS ERROR: 330")]
    line = gsm(plug)
    async with living(line):
        with pytest.raises(NotReady):
            await line.send(sms())
        with pytest.raises(NeedsHuman, match="centro de mensajes"):
            await line.send(sms())
        assert (await line.send(sms())).state == "sent"


async def test_a_network_that_does_not_answer_leaves_a_doubt(plug: Plug, living: Living) -> None:
    plug.modem.faults = [Fault("AT+CMGS", "error", "+CMS ERROR: 332", after_text=True)]
    line = gsm(plug)
    async with living(line):
        assert (await line.send(sms())).state == "doubtful"
    assert len(plug.modem.network.sent) == 1


async def test_a_part_that_is_refused_after_others_left_is_tried_again_with_its_reference(
    plug: Plug, living: Living
) -> None:
    line = gsm(plug)
    async with living(line):
        task = asyncio.create_task(line.send(sms("a" * 400)))
        await plug.until(lambda: len(plug.modem.network.sent) == 1)
        plug.modem.faults = [Fault("AT+CMGS", "error", "+CMS ERROR: 42", times=2)]
        receipt = await task
    assert receipt.state == "sent"
    assert [part.seq for part in plug.modem.network.sent] == [1, 2, 3]
    assert len({part.ref for part in plug.modem.network.sent}) == 1


async def test_when_only_some_parts_left_a_person_decides(plug: Plug, living: Living) -> None:
    line = gsm(plug)
    async with living(line):
        task = asyncio.create_task(line.send(sms("a" * 400)))
        await plug.until(lambda: len(plug.modem.network.sent) == 1)
        plug.modem.faults = [Fault("AT+CMGS", "error", "+CMS ERROR: 1")]
        receipt = await task
    assert (receipt.state, receipt.parts) == ("doubtful", 3)
    assert "una parte" in receipt.note
    assert len(plug.modem.network.sent) == 1


async def test_memory_full_is_emptied_and_said_to_be_temporary(plug: Plug, living: Living) -> None:
    plug.modem.profile.refuses = ("AT+CNMI",)
    line = gsm(plug)
    async with living(line) as sink:
        plug.write("+50680000002", "Hola")
        plug.modem.faults = [Fault("AT+CMGS", "error", "+CMS ERROR: 322")]
        with pytest.raises(SendError) as refused:
            await line.send(sms())
        await sink.until(inbounds=1)
    assert not refused.value.permanent


async def test_quota_and_pause(plug: Plug, living: Living) -> None:
    line = gsm(plug, per_hour=2, gap_s=0.05)
    async with living(line) as sink:
        began = asyncio.get_running_loop().time()
        for n in range(2):
            await line.send(sms(key=f"k{n}"))
        assert asyncio.get_running_loop().time() - began >= 0.05
        with pytest.raises(NotReady) as full:
            await line.send(sms(key="k3"))
        assert 3500 < (full.value.after_s or 0) <= 3600
        await plug.until(lambda: "pace" in sink.kept)
    assert len(plug.modem.network.sent) == 2
