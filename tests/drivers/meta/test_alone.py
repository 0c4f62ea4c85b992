"""Each of Meta's drivers on a technician's laptop: `python -m drivers.whatsapp ...` against a strict peer."""

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx

from tests.beds.cluster import free_port
from tests.drivers.messenger.payloads import message, page
from tests.drivers.meta.signing import SECRET, VERIFY, signed
from tests.drivers.peers.cloud_api import NUMBER, TOKEN, cloud_api
from tests.drivers.peers.send_api import PAGE, ROSA, send_api
from tests.drivers.whatsapp.payloads import TEXT

ROOT = Path(__file__).parents[3]


def environ(kind: str, url: str) -> dict[str, str]:
    """Secrets come from the environment: a command line can be read by everyone."""
    secrets = {"TOKEN": TOKEN, "APP_SECRET": SECRET, "VERIFY_TOKEN": VERIFY, "BASE_URL": url}
    return os.environ | {f"CENTRALITA_{kind}_{name}".upper(): value for name, value in secrets.items()}


async def alone(kind: str, url: str, *words: str) -> tuple[int, list[Any], str]:
    """Exit code, JSON lines of stdout, stderr."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", f"drivers.{kind}", *words, cwd=ROOT, env=environ(kind, url),
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, err = await asyncio.wait_for(process.communicate(), 30)
    return process.returncode or 0, [json.loads(line) for line in out.splitlines()], err.decode()


@contextlib.asynccontextmanager
async def listening(kind: str, url: str, *words: str) -> AsyncIterator[tuple[int, asyncio.subprocess.Process]]:
    """A driver that listens, and its webhook port."""
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", f"drivers.{kind}", *words, "listen", "--hook-port", str(port), cwd=ROOT,
        env=environ(kind, url), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stderr
    assert (await asyncio.wait_for(process.stderr.readline(), 30)).startswith(b"ready")
    yield port, process
    process.send_signal(signal.SIGINT)
    assert await asyncio.wait_for(process.wait(), 5) == 130


async def test_it_works() -> None:
    async with cloud_api() as peer:
        code, said, _ = await alone("whatsapp", peer.url, "--phone-number-id", NUMBER, "send", "+50680000001", "Hola")
    assert (code, said[0]["external_id"]) == (0, "wamid.1")
    assert peer.sent[0]["text"] == {"body": "Hola"}


async def test_a_wrong_token_ends_with_what_to_do_and_shows_nothing() -> None:
    async with cloud_api() as peer:
        code, _, said = await alone("whatsapp", peer.url, "--phone-number-id", "1", "send", "+50680000001", "Hola")
        assert (code, "Traceback" in said) == (3, False)
        code, (probe,), _ = await alone("whatsapp", peer.url, "--phone-number-id", "1", "probe")
    assert (code, probe["ok"], bool(probe["what_to_do"])) == (1, False, True)
    assert TOKEN not in json.dumps(probe) + said


async def test_whatsapp_takes_signed_webhooks_and_refuses_others() -> None:
    async with cloud_api() as peer, listening("whatsapp", peer.url, "--phone-number-id", NUMBER) as (port, process):
        request = signed(TEXT)
        async with httpx.AsyncClient(trust_env=False) as client:
            hook = f"http://127.0.0.1:{port}/"
            refused = await client.post(hook, content=request.body + b" ", headers=dict(request.headers))
            taken = await client.post(hook, content=request.body, headers=dict(request.headers))
            query = {"hub.mode": "subscribe", "hub.verify_token": VERIFY, "hub.challenge": "42"}
            shaken = await client.get(hook, params=query)
        assert (refused.status_code, taken.status_code, shaken.text) == (401, 200, "42")
        assert process.stdout
        line = json.loads(await asyncio.wait_for(process.stdout.readline(), 5))
    assert line["received"]["text"] == "¿Tienen cemento? 😀"


async def test_messenger_alone() -> None:
    async with send_api() as peer:
        code, (receipt,), _ = await alone("messenger", peer.url, "--page-id", PAGE, "send", ROSA, "Hola", "--channel",
                                          "messenger")  # fmt: skip
        assert (code, receipt["external_id"]) == (0, "m_1")
        async with listening("messenger", peer.url, "--page-id", PAGE) as (port, process):
            request = signed(page(message("Buenas")))
            async with httpx.AsyncClient(trust_env=False) as client:
                await client.post(f"http://127.0.0.1:{port}/", content=request.body, headers=dict(request.headers))
            assert process.stdout
            line = json.loads(await asyncio.wait_for(process.stdout.readline(), 5))
    assert (line["received"]["text"], line["received"]["channel"]) == ("Buenas", "messenger")
