"""The driver on a technician's laptop: its own command line, also when it is killed in the middle."""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

from tests.drivers.eventually import eventually
from tests.drivers.peers.smsgate import PASSWORD, USER, FakePhone

ROOT = Path(__file__).parents[3]
SEND = ("send", "+50680000001", "Hola", "--key", "k1")


async def command(peer: FakePhone, *words: str) -> asyncio.subprocess.Process:
    settings = ("--base-url", peer.url, "--username", USER)
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "drivers.smsgate", *settings, *words, cwd=ROOT, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE, env=os.environ | {"CENTRALITA_SMSGATE_PASSWORD": PASSWORD},
    )  # fmt: skip


async def said(process: asyncio.subprocess.Process) -> list[Any]:
    out, err = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode == 0, err.decode()
    return [json.loads(line) for line in out.splitlines()]


async def test_it_works(peer: FakePhone) -> None:
    (probe,) = await said(await command(peer, "probe"))
    assert (probe["ok"], probe["facts"]["SIM"]) == (True, "1")


async def test_killed_after_sending_it_is_sent_once_by_the_next_life(peer: FakePhone) -> None:
    first = await command(peer, *SEND)
    await eventually(lambda: peer.left, seconds=30)
    first.kill()
    await first.communicate()
    (receipt,) = await said(await command(peer, *SEND))
    assert (receipt["external_id"], receipt["state"]) == ("k1", "accepted")
    assert peer.left == ["k1"]
