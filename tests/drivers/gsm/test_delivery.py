"""Delivery reports through the modem: handed over, kept in a memory, too early, after a restart."""

import asyncio

from tests.drivers.collecting import Collecting
from tests.drivers.conftest import Living
from tests.drivers.gsm.conftest import gsm
from tests.drivers.gsm.test_driver import TO, sms
from tests.drivers.peers.modem import Plug


async def test_it_works(plug: Plug, living: Living) -> None:
    plug.modem.network.reports = "now"
    line = gsm(plug)
    async with living(line) as sink:
        receipt = await line.send(sms())
        await sink.until(statuses=1)
        await plug.until(lambda: not plug.modem.unacknowledged)
    (status,) = sink.statuses
    assert (status.state, status.external_id, status.key) == ("delivered", receipt.external_id, "k1")
    assert plug.modem.cnmi == (1, 1)


async def test_from_a_memory(plug: Plug, living: Living) -> None:
    plug.modem.profile.refuses = ("AT+CNMI=2,1,0,1", "AT+CNMI=1,1,0,1")
    plug.modem.network.reports = "now"
    line = gsm(plug)
    async with living(line) as sink:
        await line.send(sms())
        await sink.until(statuses=1)
        await plug.until(lambda: not plug.modem.slots("SR"))
        plug.write(TO, "Gracias")
        await sink.until(inbounds=1)
    assert sink.statuses[0].state == "delivered"


async def test_before_the_modem_says_the_reference(plug: Plug, living: Living) -> None:
    plug.modem.network.reports = "early"
    line = gsm(plug)
    async with living(line) as sink:
        await line.send(sms())
        await sink.until(statuses=1)
    assert sink.statuses[0].state == "delivered"


async def test_a_long_message_is_delivered_when_all_its_parts_are(plug: Plug, living: Living) -> None:
    line = gsm(plug)
    async with living(line) as sink:
        await line.send(sms("a" * 400))
        for ref in (2, 0):
            plug.modem.tell_report(ref, TO)
        plug.modem.tell_report(1, TO, status=0x30)
        plug.flush()
        await sink.until(statuses=1)
        plug.modem.tell_report(1, TO)
        plug.flush()
        await sink.until(statuses=2)
    assert [(s.state, s.final) for s in sink.statuses] == [("failed", False), ("delivered", True)]


async def test_what_is_waited_for_outlives_the_process(plug: Plug, living: Living) -> None:
    line = gsm(plug)
    async with living(line) as sink:
        await line.send(sms())
        plug.write(TO, "Hola")
        await sink.until(inbounds=1)
    assert b"gsm-k1" in sink.kept["reports"]
    later = Collecting()
    later.kept = sink.kept
    life = asyncio.create_task(gsm(plug).run(later))
    await later.up.wait()
    plug.modem.tell_report(0, TO)
    plug.flush()
    await later.until(statuses=1)
    life.cancel()
    await asyncio.wait({life})
    assert (later.statuses[0].state, later.statuses[0].external_id) == ("delivered", "gsm-k1")
