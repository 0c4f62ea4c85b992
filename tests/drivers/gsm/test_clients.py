"""Programs of others take the pseudo-terminal modem for a real one: so what it says to our driver is believable.

gammu, gammu-smsd and gnokii of Debian: `scripts/system-packages gammu` installs them.
"""

import asyncio
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.drivers.peers.modem import Plug, plugged

TEXT = "¡Buenas, señora Núñez! ¿Le sirve a las 5? {€} 😀 " * 4
BASIC = "¡Hola señora! {5} € ñ"


def needs(program: str) -> pytest.MarkDecorator:
    missing = shutil.which(program) is None
    return pytest.mark.skipif(missing, reason=f"{program} is not installed: scripts/system-packages gammu")


@pytest.fixture
async def modem() -> Iterator[Plug]:  # type: ignore[misc]
    """With a short and a long message on its SIM. In a folder of its own: gnokii cuts long names of ports."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder, plugged(Path(folder)) as plug:
        for line in (*plug.modem.text("+50680000002", BASIC), *plug.modem.text("+50680000003", TEXT, ref=9)):
            plug.modem.keep("SM", line)
        yield plug


async def say(plug: Plug, *words: str, typed: str = "") -> str:
    """What a program says; its exit code must be 0. What it leaves lying about stays in the test's folder."""
    pipe, environ = asyncio.subprocess.PIPE, {"LC_ALL": "C.UTF-8", "PATH": PATH, "HOME": str(plug.folder)}
    process = await asyncio.create_subprocess_exec(
        *words, stdin=pipe, stdout=pipe, stderr=asyncio.subprocess.STDOUT, env=environ, cwd=plug.folder
    )
    out, _ = await asyncio.wait_for(process.communicate(typed.encode()), 40)
    assert process.returncode == 0, out.decode(errors="replace")
    return out.decode(errors="replace")


PATH = "/usr/sbin:/usr/bin:/sbin:/bin"


def gammu_settings(plug: Plug, more: str = "") -> str:
    path = plug.folder / "gammurc"
    path.write_text(f"[gammu]\ndevice = {plug.port}\nconnection = at115200\n{more}")
    return str(path)


@pytest.mark.slow
@needs("gammu")
async def test_gammu_reads_and_sends(modem: Plug) -> None:
    gammu = ("gammu", "-c", gammu_settings(modem))
    listed = await say(modem, *gammu, "getallsms")
    assert BASIC in listed
    assert listed.count("😀") == 4
    assert "part 2 of" in listed
    await say(modem, *gammu, "sendsms", "TEXT", "+50680000001", "-report", "-text", BASIC)
    await say(modem, *gammu, "sendsms", "TEXT", "+50680000001", "-unicode", "-autolen", "500", "-text", TEXT)
    short, *parts = modem.modem.network.sent
    assert (short.to, short.text, short.report) == ("+50680000001", BASIC, True)
    assert "".join(part.text for part in parts) == TEXT
    assert [part.seq for part in parts] == list(range(1, len(parts) + 1))


@pytest.mark.slow
@needs("gammu-smsd")
async def test_gammu_smsd_carries_messages_both_ways(tmp_path: Path) -> None:
    with plugged(tmp_path) as plug:
        folders = {name: tmp_path / name for name in ("inbox", "outbox", "sent", "error")}
        for folder in folders.values():
            folder.mkdir()
        paths = {"inboxpath": "inbox", "outboxpath": "outbox", "sentsmspath": "sent", "errorsmspath": "error"}
        more = "[smsd]\nservice = files\nloopsleep = 1\nreceivefrequency = 1\ncommtimeout = 1\ncheckbattery = 0\n"
        more += f"checksignal = 0\nchecknetwork = 0\nlogfile = {tmp_path}/log\n"
        more += "".join(f"{key} = {folders[name]}/\n" for key, name in paths.items())
        settings = gammu_settings(plug, more)
        await say(plug, "gammu-smsd-inject", "-c", settings, "TEXT", "+50680000001", "-unicode", "-text", "¿Listo? 😀")
        daemon = await asyncio.create_subprocess_exec("gammu-smsd", "-c", settings, stdout=asyncio.subprocess.DEVNULL)
        try:
            await plug.until(lambda: bool(plug.modem.network.sent), 30)
            plug.write("+50680000002", "¡Ya! ñ 😀")
            await plug.until(lambda: not plug.modem.slots("SM"), 30)
        finally:
            daemon.kill()
            await daemon.wait()
        assert plug.modem.network.sent[0].text == "¿Listo? 😀"
        assert [path.read_text() for path in folders["inbox"].iterdir()] == ["¡Ya! ñ 😀"]


@needs("gnokii")
async def test_gnokii_reads_and_sends(modem: Plug) -> None:
    path = modem.folder / "gnokiirc"
    path.write_text(f"[global]\nport = {modem.port}\nmodel = AT\nconnection = serial\n")
    gnokii = ("gnokii", "--config", str(path))
    assert modem.modem.imei in await say(modem, *gnokii, "--identify")
    assert BASIC in await say(modem, *gnokii, "--getsms", "SM", "1")
    await say(modem, *gnokii, "--sendsms", "+50680000001", "-r", typed=BASIC)
    (sent,) = modem.modem.network.sent
    assert (sent.to, sent.text, sent.report) == ("+50680000001", BASIC, True)
