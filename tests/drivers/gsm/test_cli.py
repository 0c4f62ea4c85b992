"""The modem on a technician's command line; and killed for good in the middle."""

import asyncio
import json
import signal
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.drivers.conftest import Living
from tests.drivers.gsm.conftest import gsm
from tests.drivers.peers.modem import Plug

ROOT = Path(__file__).parents[3]


async def start(*words: str) -> asyncio.subprocess.Process:
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "drivers.gsm", *words, cwd=ROOT, stdout=pipe, stderr=pipe
    )


async def gsm_cli(plug: Plug, *words: str) -> tuple[int | None, list[Any], str]:
    """Exit code, JSON lines of stdout, stderr."""
    if plug.slave >= 0:
        plug.let_go()
    process = await start("--port", plug.port, "--quiet-s", "0.01", "--network-s", "0.2", *words)
    out, err = await asyncio.wait_for(process.communicate(), 20)
    return process.returncode, [json.loads(line) for line in out.splitlines()], err.decode()


async def test_it_works(plug: Plug) -> None:
    plug.modem.network.reports = "now"
    code, said, _ = await gsm_cli(plug, "send", "--channel", "sms", "+50680000001", "Hola", "--wait", "0.3")
    assert code == 0
    assert said[0]["external_id"].startswith("gsm-")
    assert said[1]["status"]["state"] == "delivered"
    assert plug.modem.network.sent[0].text == "Hola"


async def test_probe_and_failures_are_sentences(plug: Plug) -> None:
    assert (await gsm_cli(plug, "probe"))[0] == 0
    plug.modem.locked = "SIM PIN"
    code, _, stderr = await gsm_cli(plug, "send", "--channel", "sms", "+50680000001", "Hola")
    assert (code, "Traceback" in stderr) == (3, False)
    assert "PIN" in stderr


@pytest.mark.parametrize("after", ["AT+CMGS", "AT+CCID"])
async def test_killed_in_the_middle_the_next_life_goes_on(plug: Plug, living: Living, after: str) -> None:
    """SIGKILL while a message is on its way: it went at most once, and what lay on the SIM is still brought."""
    plug.write("+50680000002", "Hola")
    plug.let_go()
    words = ("send", "--channel", "sms", "+50680000001", "Pedido")
    process = await start("--port", plug.port, "--quiet-s", "0.01", *words)
    ready = sum(command.startswith(after) for command in plug.modem.commands)
    await plug.until(lambda: sum(c.startswith(after) for c in plug.modem.commands) > ready, seconds=20)
    process.send_signal(signal.SIGKILL)
    await process.communicate()
    async with living(gsm(plug)) as sink:
        plug.write("+50680000002", "Otra vez")
        await plug.until(lambda: not plug.modem.slots("SM"))
    assert len(plug.modem.network.sent) <= 1
    assert "Otra vez" in [inbound.text for inbound in sink.inbounds]
    assert plug.modem.complaints == []


async def test_a_send_that_is_refused_has_its_exit_code(plug: Plug) -> None:
    code, _, stderr = await gsm_cli(plug, "send", "--channel", "sms", "ana", "Hola")
    assert (code, "number" in stderr) == (1, True)
