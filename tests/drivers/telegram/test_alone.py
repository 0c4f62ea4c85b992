"""The driver on a technician's laptop: its own command line, also when it is killed in the middle."""

import asyncio
import json
import os
import sys
from pathlib import Path

from tests.drivers.peers.telegram import TOKEN, FakeTelegram
from tests.drivers.telegram import updates

ROOT = Path(__file__).parents[3]


async def command(peer: FakeTelegram, *words: str) -> asyncio.subprocess.Process:
    settings = ("--verbose", "--base-url", peer.url, "--poll-s", "0", "--pause-s", "0.02")
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "drivers.telegram", *settings, *words, cwd=ROOT, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE, env=os.environ | {"CENTRALITA_TELEGRAM_TOKEN": TOKEN},
    )  # fmt: skip


async def heard(peer: FakeTelegram, until: str) -> list[str]:
    """What a life printed until it printed this and was killed."""
    life, got = await command(peer, "listen"), list[str]()
    assert life.stdout
    while until not in got:
        line = await asyncio.wait_for(life.stdout.readline(), 30)
        got.append(json.loads(line)["received"]["text"])
    life.kill()
    rest, _err = await life.communicate()
    return got + [json.loads(line)["received"]["text"] for line in rest.splitlines() if line.endswith(b"}")]


async def test_it_works(peer: FakeTelegram) -> None:
    """With all that is logged on the screen, the token is not."""
    sending = await command(peer, "send", "5001", "Hola")
    out, err = await asyncio.wait_for(sending.communicate(), 30)
    assert (sending.returncode, json.loads(out)["external_id"]) == (0, "5001:100")
    assert b"HTTP Request" in err
    assert TOKEN.encode() not in out + err


async def test_killed_while_it_listens_nothing_is_lost(peer: FakeTelegram) -> None:
    peer.put(*({"update_id": n, "message": updates.message(n, text=str(n))} for n in range(1, 4)))
    got = await heard(peer, until="1")
    peer.put({"update_id": 4, "message": updates.message(4, text="4")})
    got += await heard(peer, until="4")
    assert sorted(set(got)) == ["1", "2", "3", "4"]
