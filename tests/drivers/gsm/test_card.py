"""The SIM: PIN, PUK, none, busy, another one."""

import asyncio
from pathlib import Path

import pytest

from drivers.contract import NeedsHuman, NotReady
from tests.drivers.collecting import Collecting
from tests.drivers.conftest import Living
from tests.drivers.gsm.conftest import gsm
from tests.drivers.gsm.test_driver import sms
from tests.drivers.peers.modem import Modem, Plug, plugged


async def test_it_works(tmp_path: Path, living: Living) -> None:
    with plugged(tmp_path, Modem(pin="1234")) as plug:
        line = gsm(plug, pin="1234")
        async with living(line) as sink:
            await line.send(sms())
    assert len(plug.modem.network.sent) == 1
    assert plug.modem.pin_tries == 3
    assert sink.kept["pin"] == b""


async def test_a_wrong_pin_is_tried_once_in_all_lives(tmp_path: Path) -> None:
    sink = Collecting()
    with plugged(tmp_path, Modem(pin="1234")) as plug:
        for _life in range(4):
            with pytest.raises(NeedsHuman) as asked:
                await gsm(plug, pin="9999").run(sink)
        assert plug.modem.pin_tries == 2
        assert "9999" not in str(asked.value) + asked.value.what_to_do + str(sink.kept)
        with pytest.raises(asyncio.TimeoutError):
            async with asyncio.timeout(0.5):
                await gsm(plug, pin="1234").run(sink)
    assert sink.up.is_set()


@pytest.mark.parametrize(
    ("sim", "locked", "words"),
    [("READY", "SIM PIN", "PIN"), ("READY", "SIM PUK", "PUK"), ("absent", "", "no tiene SIM"), ("failure", "", "leer")],
)
async def test_what_a_person_must_see_to(plug: Plug, sim: str, locked: str, words: str) -> None:
    plug.modem.sim, plug.modem.locked = sim, locked
    with pytest.raises(NeedsHuman, match=words) as asked:
        await gsm(plug).run(Collecting())
    assert asked.value.what_to_do


async def test_a_busy_sim_is_waited_for(plug: Plug, living: Living) -> None:
    plug.modem.sim = "busy"
    asyncio.get_running_loop().call_later(0.05, setattr, plug.modem, "sim", "READY")
    async with living(gsm(plug, sim_s=2)) as sink:
        assert sink.said


async def test_a_sim_that_stays_busy_is_not_ready(plug: Plug) -> None:
    plug.modem.sim = "busy"
    with pytest.raises(NotReady, match="no está listo"):
        await gsm(plug, sim_s=0.05).run(Collecting())


async def test_a_sim_put_in_while_the_modem_ran_shows_after_a_reset(plug: Plug, living: Living) -> None:
    plug.modem.sim = "absent"
    plug.on_reset = lambda: setattr(plug.modem, "sim", "READY")
    async with living(gsm(plug)) as sink:
        assert sink.said
    assert plug.modem.resets == 1


async def test_a_swapped_sim_sends_nothing_and_ends_the_life(plug: Plug) -> None:
    line, sink = gsm(plug), Collecting()
    life = asyncio.create_task(line.run(sink))
    await plug.until(lambda: plug.modem.commands.count("AT+CMGL=4") >= 2)
    plug.modem.iccid = "8950601234567890999"
    with pytest.raises(NotReady, match="Cambiaron"):
        await line.send(sms())
    with pytest.raises(NotReady, match="Cambiaron"):
        await asyncio.wait_for(life, 1)
    assert plug.modem.network.sent == []


async def test_a_swap_before_a_read_deletes_nothing_from_the_other_sim(plug: Plug) -> None:
    line, sink = gsm(plug), Collecting()
    life = asyncio.create_task(line.run(sink))
    await sink.up.wait()
    await plug.until(lambda: plug.modem.commands.count("AT+CMGL=4") >= 2)
    plug.modem.iccid = "8950601234567890999"
    plug.write("+50680000002", "Hola")
    with pytest.raises(NotReady):
        await asyncio.wait_for(life, 1)
    assert len(plug.modem.slots("SM")) == 1
    assert sink.inbounds == []


async def test_a_sim_pulled_out_stops_and_asks(plug: Plug) -> None:
    line, sink = gsm(plug), Collecting()
    life = asyncio.create_task(line.run(sink))
    await sink.up.wait()
    plug.modem.sim = "absent"
    plug.modem.notice("+CPIN: NOT READY")
    plug.flush()
    with pytest.raises(NeedsHuman, match="no tiene SIM"):
        await asyncio.wait_for(life, 2)


async def test_only_the_sim_that_was_set_is_taken(plug: Plug, living: Living) -> None:
    with pytest.raises(NeedsHuman, match="no es el de esta"):
        await gsm(plug, sim="8950609999999999999").run(Collecting())
    async with living(gsm(plug, sim=plug.modem.iccid)) as sink:
        assert sink.said


async def test_a_modem_that_cannot_tell_its_sim_still_works(plug: Plug, living: Living) -> None:
    plug.modem.profile.card_command = "+NONE"
    plug.modem.profile.refuses = ("AT+CRSM",)
    line = gsm(plug)
    async with living(line):
        assert (await line.send(sms())).state == "sent"
