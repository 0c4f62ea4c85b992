"""Which port is taken, and which is left alone."""

import asyncio
import os
import pty
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from drivers.contract import NotReady
from drivers.gsm import discovery, owners
from drivers.gsm.settings import GsmSettings
from tests.drivers.collecting import Collecting
from tests.drivers.conftest import Living
from tests.drivers.gsm.conftest import QUICK, gsm
from tests.drivers.peers.modem import Fault, Modem, Plug, plugged

OTHER = "356938035640003"


async def test_it_works(tmp_path: Path, living: Living) -> None:
    with plugged(tmp_path) as one, plugged(tmp_path, Modem(imei=OTHER), "ttyUSB1") as two:
        async with living(gsm(one, port=str(tmp_path / "tty*"), imei=OTHER)) as sink:
            assert sink.said[0][0] == OTHER
            async with living(gsm(one, port=str(tmp_path / "tty*"))) as other:
                assert other.said[0][0] == one.modem.imei
        assert two.modem.commands


async def test_the_first_modem_found_stays_ours(tmp_path: Path) -> None:
    sink = Collecting()
    sink.kept["imei"] = OTHER.encode()
    with plugged(tmp_path) as one, pytest.raises(NotReady, match=OTHER[-4:]):
        await gsm(one, port=str(tmp_path / "tty*")).run(sink)


async def test_a_port_that_another_program_has_open_is_not_touched(plug: Plug) -> None:
    hold = "import os, sys; os.open(sys.argv[1], os.O_RDWR | os.O_NOCTTY); print(flush=True); sys.stdin.read()"
    pipe = asyncio.subprocess.PIPE
    holder = await asyncio.create_subprocess_exec(sys.executable, "-c", hold, plug.port, stdin=pipe, stdout=pipe)
    assert holder.stdout
    await holder.stdout.readline()
    try:
        with pytest.raises(NotReady, match="Otro programa"):
            await gsm(plug).run(Collecting())
    finally:
        await holder.communicate(b"")
    assert plug.modem.commands == []


async def test_two_lines_of_one_office_do_not_share_a_port(plug: Plug, living: Living) -> None:
    async with living(gsm(plug)):
        with pytest.raises(NotReady, match="Otro programa"):
            await gsm(plug).run(Collecting())


async def test_what_is_silent_or_no_modem_is_passed_over(tmp_path: Path, living: Living) -> None:
    master, slave = pty.openpty()
    (tmp_path / "ttyUSB0").symlink_to(os.ttyname(slave))
    nameless = Modem(imei="")
    try:
        with plugged(tmp_path, nameless, "ttyUSB1"), plugged(tmp_path, name="ttyUSB2") as real:
            async with living(gsm(real, port=str(tmp_path / "tty*"), answer_s=0.05)) as sink:
                assert sink.said[0][0] == real.modem.imei
    finally:
        os.close(master)
        os.close(slave)


@pytest.mark.parametrize(
    ("path", "words"), [("none", "No se encuentra el puerto"), ("file", "no se deja abrir"), ("tty*", "ningún módem")]
)
async def test_what_is_wrong_with_a_port_is_said(tmp_path: Path, path: str, words: str) -> None:
    (tmp_path / "file").write_text("")
    line = discovery.find(GsmSettings(port=str(tmp_path / path), **QUICK), "")  # type: ignore[arg-type]
    with pytest.raises(NotReady, match=words):
        await line


async def test_half_an_answer_then_silence_is_mute(plug: Plug) -> None:
    plug.modem.faults = [Fault("AT", "half", "\r\n+CG", times=50)]
    with pytest.raises(NotReady, match="Nada responde"):
        await gsm(plug, answer_s=0.05).run(Collecting())


async def test_what_a_killed_process_left_half_said_is_cancelled(plug: Plug, living: Living) -> None:
    plug.modem.echo = False
    fd = os.open(plug.port, os.O_RDWR | os.O_NOCTTY)
    os.write(fd, b"AT+CMGS=20\r")
    await plug.until(lambda: plug.talk.text_for is not None)
    os.close(fd)
    async with living(gsm(plug)) as sink:
        assert sink.said
    assert plug.modem.network.sent == []


def test_modems_come_before_adapters_and_others_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    ports = [
        SimpleNamespace(device=device, vid=vid, serial_number="s", location=location)
        for device, vid, location in [
            ("/dev/ttyUSB0", 0x1A86, "1-1"), ("/dev/ttyUSB1", 0x2C7C, "1-2:1.0"), ("/dev/ttyUSB2", 0x2C7C, "1-2:1.3"),
            ("/dev/ttyUSB3", 0x2C7C, "1-2:1.2"), ("/dev/ttyACM0", 0x2341, "1-3:1.0"), ("/dev/ttyS0", None, None),
        ]
    ]  # fmt: skip
    monkeypatch.setattr(discovery.list_ports, "comports", lambda: ports)
    assert discovery.candidates(GsmSettings(), "") == [
        "/dev/ttyUSB3", "/dev/ttyUSB2", "/dev/ttyUSB1", "/dev/ttyUSB0"
    ]  # fmt: skip


def test_a_lock_of_a_living_process_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(owners, "LOCKS", tmp_path)
    port = tmp_path / "ttyUSB0"
    port.write_text("")
    assert not owners.in_use(str(port))
    (tmp_path / "LCK..ttyUSB0").write_text(f"{os.getppid():10}\n")
    assert owners.in_use(str(port))
    (tmp_path / "LCK..ttyUSB0").write_text("4194999\n")
    assert not owners.in_use(str(port))
    assert not owners.in_use(str(tmp_path / "none"))


async def test_a_cancelled_search_leaves_the_port_free(plug: Plug, living: Living) -> None:
    plug.modem.faults = [Fault("AT", "silence", times=1)]
    life = asyncio.create_task(gsm(plug).run(Collecting()))
    await plug.until(lambda: bool(plug.modem.commands))
    life.cancel()
    await asyncio.wait({life})
    async with living(gsm(plug)) as sink:
        assert sink.said
