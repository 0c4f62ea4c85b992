"""The watchdog: mute, deaf, restarted, unplugged, back under another name."""

import asyncio

import pytest

from drivers.contract import NotReady
from drivers.gsm.recovery import Ladder
from drivers.gsm.settings import Reset
from tests.drivers.collecting import Collecting
from tests.drivers.gsm.conftest import gsm
from tests.drivers.gsm.test_driver import sms
from tests.drivers.peers.modem import Fault, Plug


def test_it_works() -> None:
    ladder = Ladder()
    assert [ladder.trouble() for _ in range(5)] == ["again", "soft", "hard", "lost", "lost"]
    ladder.well()
    assert ladder.trouble() == "again"


def pattern(plug: Plug) -> str:
    return str(plug.folder / "ttyUSB*")


async def until_ready(sink: Collecting, times: int) -> None:
    async with asyncio.timeout(30):
        while len(sink.said) < times:
            sink.up.clear()
            await sink.up.wait()


async def end(life: asyncio.Task[None]) -> None:
    life.cancel()
    await asyncio.wait({life})


async def test_a_mute_modem_is_reset_and_found_again_under_another_name(plug: Plug) -> None:
    line, sink = gsm(plug, port=pattern(plug), poll_s=0.05, answer_s=0.15), Collecting()
    life = asyncio.create_task(line.run(sink))
    await until_ready(sink, 1)
    plug.modem.faults = [Fault("AT", "silence", times=10_000)]
    await plug.until(lambda: "AT+CFUN=1,1" in plug.modem.commands)
    plug.unplug()
    plug.modem.faults.clear()
    plug.plug("ttyUSB7")
    await until_ready(sink, 2)
    assert (await line.send(sms())).state == "sent"
    await end(life)
    assert "AT+CFUN=0" in plug.modem.commands
    assert sink.kept["imei"] == plug.modem.imei.encode()


async def test_one_answer_that_does_not_come_resets_nothing(plug: Plug) -> None:
    line, sink = gsm(plug, poll_s=0.02, answer_s=0.05), Collecting()
    life = asyncio.create_task(line.run(sink))
    await until_ready(sink, 1)
    plug.modem.faults = [Fault("AT+CSQ", "silence", times=1)]
    before = plug.modem.commands.count("AT+CSQ")
    await plug.until(lambda: plug.modem.commands.count("AT+CSQ") > before + 2)
    assert plug.modem.resets == 0
    await end(life)


async def test_long_without_network_the_radio_is_reset_then_the_modem(plug: Plug) -> None:
    line, sink = gsm(plug, poll_s=0.02, network_s=0.05), Collecting()
    life = asyncio.create_task(line.run(sink))
    await until_ready(sink, 1)
    plug.modem.network.registration = 2
    await plug.until(lambda: "AT+CFUN=1,1" in plug.modem.commands)
    assert plug.modem.commands.index("AT+CFUN=0") < plug.modem.commands.index("AT+CFUN=1,1")
    plug.modem.network.registration = 1
    await until_ready(sink, 2)
    await end(life)


@pytest.mark.parametrize("hard", [False, True])
async def test_a_reset_that_a_person_asks_for(plug: Plug, hard: bool) -> None:
    line, sink = gsm(plug), Collecting()
    life = asyncio.create_task(line.run(sink))
    await until_ready(sink, 1)
    await line.do(Reset(hard=hard))
    await until_ready(sink, 1 + hard)
    assert plug.modem.resets == 1
    assert (await line.send(sms())).state == "sent"
    await end(life)


async def test_a_modem_that_restarts_by_itself_ends_the_life(plug: Plug) -> None:
    line, sink = gsm(plug), Collecting()
    life = asyncio.create_task(line.run(sink))
    await until_ready(sink, 1)
    plug.modem.notice("RDY")
    plug.flush()
    with pytest.raises(NotReady, match="reinició"):
        await asyncio.wait_for(life, 1)


async def test_unplugged_it_is_not_ready_and_comes_back_under_another_name(plug: Plug) -> None:
    line, sink = gsm(plug), Collecting()
    life = asyncio.create_task(line.run(sink))
    await until_ready(sink, 1)
    plug.unplug()
    with pytest.raises(NotReady, match="desconectó"):
        await asyncio.wait_for(life, 1)
    with pytest.raises(NotReady):
        await line.send(sms())
    with pytest.raises(NotReady, match="No se encuentra"):
        await line.run(sink)
    plug.plug("ttyUSB5")
    life = asyncio.create_task(line.run(sink))
    await until_ready(sink, 2)
    assert (await line.send(sms())).state == "sent"
    await end(life)
