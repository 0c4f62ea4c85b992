"""The modem's memories: full ones, reports left there, what cannot be read, what was remembered badly."""

import asyncio
import logging

import pytest

from drivers.contract import NotReady
from drivers.gsm.settings import Dial, FreeMemory
from tests.drivers.collecting import Collecting
from tests.drivers.conftest import Living
from tests.drivers.gsm.conftest import gsm
from tests.drivers.gsm.pdu.network import report
from tests.drivers.gsm.test_driver import TO, sms
from tests.drivers.peers.modem import AT, Fault, Plug

DRAFT = "0011000B910586000090F90000AA0141"


async def test_it_works(plug: Plug, living: Living) -> None:
    plug.modem.profile.memories = ("ME", "SM", "MT")
    plug.modem.keep("ME", plug.modem.text(TO, "Hola")[0])
    async with living(gsm(plug)) as sink:
        await sink.until(inbounds=1)
        await plug.until(lambda: not plug.modem.slots("ME"))


async def test_many_at_once_are_one_sweep(plug: Plug, living: Living) -> None:
    async with living(gsm(plug)) as sink:
        await plug.until(lambda: plug.modem.commands.count("AT+CMGL=4") == 2)
        plug.bring(*(line for n in range(10) for line in plug.modem.text(TO, f"Hola {n}")))
        await sink.until(inbounds=10)
        await plug.until(lambda: not plug.modem.slots("SM"))
    assert [inbound.text for inbound in sink.inbounds] == [f"Hola {n}" for n in range(10)]
    assert plug.modem.commands.count("AT+CMGL=4") <= 6


async def test_full_of_drafts_is_said_until_it_is_freed(plug: Plug, living: Living) -> None:
    plug.modem.capacity = 2
    for _draft in range(2):
        plug.modem.keep("SM", DRAFT, state=2)
    plug.write(TO, "Espera afuera")
    line = gsm(plug, sweep_s=0.05)
    async with living(line) as sink:
        await plug.until(lambda: "llena" in sink.said[-1][1])
        assert await line.do(FreeMemory()) == {"deleted": 2}
        await sink.until(inbounds=1)
        await plug.until(lambda: "llena" not in sink.said[-1][1])


async def test_a_report_left_in_its_memory_is_brought(plug: Plug, living: Living) -> None:
    plug.modem.profile.memories = ("SM", "SR")
    line = gsm(plug, sweep_s=0.05)
    async with living(line) as sink:
        await line.send(sms())
        plug.modem.keep("SR", "00" + report(0, TO, 0, AT))
        await sink.until(statuses=1)
        await plug.until(lambda: not plug.modem.slots("SR"))
    assert sink.statuses[0].state == "delivered"


async def test_a_memory_that_cannot_be_read_is_logged_once(
    plug: Plug, living: Living, caplog: pytest.LogCaptureFixture
) -> None:
    plug.modem.faults = [Fault("AT+CMGL", "error", "+CMS ERROR: 320", times=8)]
    with caplog.at_level(logging.WARNING):
        async with living(gsm(plug, sweep_s=0.02)):
            await plug.until(lambda: plug.modem.commands.count("AT+CMGL=4") > 8)
    assert caplog.text.count("memory SM cannot be read") == 1
    assert TO not in caplog.text


async def test_what_was_remembered_badly_is_begun_anew(plug: Plug) -> None:
    sink = Collecting()
    sink.kept |= {"parts": b"{", "reports": b"[]", "pace": b"no"}
    line = gsm(plug, per_day=5)
    life = asyncio.create_task(line.run(sink))
    await sink.up.wait()
    assert (await line.send(sms())).state == "sent"
    plug.unplug()
    with pytest.raises(NotReady):
        await asyncio.wait_for(life, 1)
    with pytest.raises(NotReady):
        await line.do(Dial(to="2222"))


async def test_unplugged_under_an_action_is_not_ready(plug: Plug) -> None:
    line, sink = gsm(plug), Collecting()
    life = asyncio.create_task(line.run(sink))
    await sink.up.wait()
    plug.modem.faults = [Fault("ATD", "unplug")]
    with pytest.raises(NotReady, match="desconectó"):
        await line.do(Dial(to="2222"))
    with pytest.raises(NotReady):
        await asyncio.wait_for(life, 1)
