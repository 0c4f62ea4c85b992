"""Notifications over a real socket, opened by the browser that they are for."""

import asyncio
import logging
import traceback
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import jwt
import msgspec
import pytest
from cryptography.hazmat.primitives import serialization
from hypothesis import given
from hypothesis import strategies as st

from drivers.contract import NeedsHuman, NotReady, SendError
from drivers.webpush.driver import DRIVER, NEW_KEYS, retry_after_s
from drivers.webpush.keys import Keys, from_b64url
from drivers.webpush.settings import NewKeys, PublicKey, WebpushSettings
from tests.drivers.collecting import Collecting
from tests.drivers.conftest import Living
from tests.drivers.peers.webpush import PushService
from tests.drivers.peers.wire import Reply
from tests.drivers.webpush.conftest import OURS, Make, hello

AT = datetime(2026, 11, 21, 8, tzinfo=UTC)


async def test_it_works(peer: PushService, make: Make, living: Living) -> None:
    browser, to = peer.subscribe(OURS.public)
    bot = make()
    async with living(bot) as sink:
        receipt = await bot.send(hello(to, options={"url": "/casos/7", "ttl": "60"}))
        assert await bot.do(PublicKey()) == {"public_key": OURS.public}
    assert (receipt.external_id, receipt.state) == ("k1", "accepted")
    assert browser.shown == {"k1": {"title": "Nuevo caso", "body": "Ana", "url": "/casos/7", "tag": "k1"}}
    assert (peer.headers[0]["ttl"], sink.said) == ("60", [(OURS.public, "")])


async def test_keys_are_made_once_and_kept_sealed_elsewhere(peer: PushService, make: Make, living: Living) -> None:
    first, second = make(private_key=""), make(private_key="")
    async with living(first) as sink:
        public = (await first.do(PublicKey()))["public_key"]
        assert sink.said == [(public, NEW_KEYS)]
        kept = dict(sink.kept)
    again = Collecting()
    again.kept = kept
    life = asyncio.create_task(second.run(again))
    await again.up.wait()
    assert again.said == [(public, "")]
    browser, to = peer.subscribe(public)
    await second.send(hello(to))
    renewed = await second.do(NewKeys())
    assert renewed["public_key"] != public
    with pytest.raises(SendError) as error:
        await second.send(hello(to))
    assert error.value.code == "other_key"
    assert (browser.came, again.said[-1]) == (1, (renewed["public_key"], NEW_KEYS))
    life.cancel()
    await asyncio.gather(life, return_exceptions=True)


@pytest.mark.parametrize(
    ("reply", "raised", "code", "after_s"),
    [
        (Reply(404), SendError, "gone", None), (Reply(410), SendError, "gone", None),
        (Reply(401), SendError, "other_key", None), (Reply(413), SendError, "too_big", None),
        (Reply(400), SendError, "refused", None),
        (Reply(429, headers={"Retry-After": "120"}), SendError, "too_fast", 120.0),
        (Reply(503, headers={"Retry-After": "30"}), NotReady, "", 30.0), (Reply(500), NotReady, "", None),
    ],
)  # fmt: skip
async def test_each_refusal(
    peer: PushService, make: Make, reply: Reply, raised: type[Any], code: str, after_s: float | None
) -> None:
    _browser, to = peer.subscribe(OURS.public)
    peer.refuse = reply
    with pytest.raises(raised) as error:
        await make().send(hello(to))
    assert (getattr(error.value, "code", ""), error.value.after_s) == (code, after_s)
    if raised is SendError:
        assert error.value.permanent is (code != "too_fast")


async def test_a_subscription_that_ended_is_gone(peer: PushService, make: Make) -> None:
    browser, to = peer.subscribe(OURS.public)
    browser.gone = True
    with pytest.raises(SendError, match="ya no recibe avisos") as error:
        await make().send(hello(to))
    assert (error.value.code, error.value.permanent) == ("gone", True)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"contact": ""}, "correo de contacto"), ({"private_key": "x"}, "VAPID"),
        ({"hosts": "http://127.0.0.1:1"}, "no acepta"), ({"hosts": "no-existe.invalid"}, "No se encuentra"),
    ],
)  # fmt: skip
async def test_probe_says_what_is_wrong_and_what_to_do(make: Make, settings: dict[str, str], words: str) -> None:
    said = await make(**settings).probe()
    assert (said.ok, bool(said.what_to_do)) == (False, True)
    assert words in said.sentence
    assert (await make().probe()).ok


async def test_what_a_person_must_mend_stops_the_line(make: Make) -> None:
    for settings in ({"contact": ""}, {"private_key": "x"}):
        with pytest.raises(NeedsHuman):
            await make(**settings).run(Collecting())
    with pytest.raises(SendError, match="puesta en los ajustes"):
        await make().do(NewKeys())
    with pytest.raises(NotReady):
        await make(private_key="").do(NewKeys())


async def test_neither_address_nor_key_is_told(
    peer: PushService, make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    """Who knows the path of a subscription may write to it."""
    caplog.set_level(logging.DEBUG)
    for name in ("httpx", "httpcore"):
        caplog.set_level(logging.DEBUG, logger=name)
    browser, to = peer.subscribe(OURS.public)
    bot = make()
    told = str(await bot.send(hello(to)))
    for fault in ("silence", "half_head"):
        peer.wire.fault = fault  # type: ignore[assignment]
        with pytest.raises(NotReady) as error:
            await make(answer_s=0.05).send(hello(to))
        told += "".join(traceback.format_exception(error.value))
        peer.wire.fault = ""
    told += f"{await bot.describe()} {await bot.probe()}"
    assert "HTTP Request" in caplog.text
    for secret in (browser.name, OURS.write()):
        assert secret not in caplog.text
        assert secret not in told


def test_keys_are_read_in_each_way_that_tools_print_them() -> None:
    pem = OURS.private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    for text in (pem, OURS.write(), OURS.write() + "=", f"  {OURS.write()}\n"):
        assert Keys.read(text).public == OURS.public


@given(st.text())
def test_no_text_is_taken_for_a_key(text: str) -> None:
    with pytest.raises(ValueError):
        Keys.read(text)
    with pytest.raises(ValueError):
        Keys.read(f"-----BEGIN PRIVATE KEY-----\n{text}")


def test_a_token_is_for_one_service_and_is_made_anew_in_time() -> None:
    keys = Keys.new()
    first = keys.authorization("https://a.example", "mailto:x@a.example", AT)
    assert keys.authorization("https://a.example", "mailto:x@a.example", AT + timedelta(hours=5)) == first
    assert keys.authorization("https://b.example", "mailto:x@a.example", AT) != first
    later = keys.authorization("https://a.example", "mailto:x@a.example", AT + timedelta(hours=7))
    claims = jwt.decode(later.split("t=")[1].split(",")[0], options={"verify_signature": False})
    assert claims["exp"] == (AT + timedelta(hours=19)).timestamp()
    assert len(from_b64url(keys.public)) == 65


def test_when_to_come_back_is_seconds_or_a_date() -> None:
    assert retry_after_s("120", AT) == 120
    assert retry_after_s(format_datetime(AT + timedelta(seconds=90), usegmt=True), AT) == 90
    assert (retry_after_s("", AT), retry_after_s("luego", AT)) == (None, None)


@given(st.text())
def test_no_retry_after_makes_it_raise(said: str) -> None:
    found = retry_after_s(said, AT)
    assert found is None or found >= 0


def test_settings_speak_json() -> None:
    assert msgspec.convert({"contact": "a@b.example", "ttl_s": "5"}, WebpushSettings, strict=False).ttl_s == 5
    assert DRIVER.idempotent
