"""What a technician sees, and what nobody may see."""

from pathlib import Path

import pytest

from drivers.gsm.driver import DRIVER
from drivers.gsm.settings import GsmSettings
from tests.drivers.conftest import Living
from tests.drivers.gsm.conftest import QUICK, gsm
from tests.drivers.gsm.test_driver import sms
from tests.drivers.peers.modem import Fault, Plug


async def test_it_works(plug: Plug, living: Living) -> None:
    line = gsm(plug, pin="1234")
    at_rest = await line.probe()
    async with living(line):
        await line.send(sms())
        alive, facts = await line.probe(), await line.describe()
    assert (at_rest.ok, alive.ok) == (True, True)
    assert (facts["Operador"], facts["Señal"], facts["IMEI"]) == ("Kölbi", "68 % (-71 dBm)", "…3809")
    said = str((at_rest, alive, facts))
    for secret in (plug.modem.imei, plug.modem.iccid, "1234567", "80000001"):
        assert secret not in said


@pytest.mark.parametrize(
    ("sim", "locked", "registration", "words"),
    [("absent", "", 1, "no tiene SIM"), ("READY", "SIM PIN", 1, "PIN"), ("READY", "SIM PUK", 1, "PUK"),
     ("busy", "", 1, "no está listo"), ("READY", "", 2, "no tiene red"), ("READY", "", 3, "no tiene red")],
)  # fmt: skip
async def test_each_trouble_has_a_sentence_and_steps(
    plug: Plug, sim: str, locked: str, registration: int, words: str
) -> None:
    plug.modem.sim, plug.modem.locked, plug.modem.network.registration = sim, locked, registration
    said = await gsm(plug).probe()
    assert not said.ok
    assert words in said.sentence
    assert said.what_to_do
    assert plug.modem.pin_tries == 3


async def test_a_port_that_is_not_there_or_mute(plug: Plug, tmp_path: Path) -> None:
    gone = await DRIVER(GsmSettings(port=str(tmp_path / "none"), **QUICK)).probe()  # type: ignore[arg-type]
    plug.modem.faults = [Fault("AT", "silence", times=99)]
    mute = await gsm(plug, answer_s=0.05).probe()
    assert (gone.ok, mute.ok) == (False, False)
    assert "No se encuentra" in gone.sentence
    assert "Nada responde" in mute.sentence
    assert gone.what_to_do
    assert mute.what_to_do


async def test_a_living_modem_that_goes_mute_or_deaf(plug: Plug, living: Living) -> None:
    line = gsm(plug, answer_s=0.3)
    async with living(line):
        plug.modem.network.registration = 3
        deaf = await line.probe()
        plug.modem.faults = [Fault("AT", "silence", times=4)]
        mute = await line.probe()
    assert [deaf.ok, mute.ok] == [False, False]


async def test_without_a_life_there_is_little_to_say() -> None:
    assert await DRIVER(GsmSettings(port="/dev/ttyX")).describe() == {"Puerto": "/dev/ttyX"}
