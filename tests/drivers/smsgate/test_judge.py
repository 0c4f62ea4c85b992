"""The app's own Python client against our fake phone: if it is content, the phone is believable."""

import asyncio
from typing import Any

import pytest

from drivers.contract import now
from drivers.smsgate.settings import SetWebhooks
from tests.drivers.peers.smsgate import DEVICE, PASSWORD, USER, FakePhone
from tests.drivers.smsgate.conftest import Make, hello

gateway = pytest.importorskip("android_sms_gateway", reason="needs the android-sms-gateway package from PyPI")


def client(peer: FakePhone) -> Any:
    return gateway.AsyncAPIClient(USER, PASSWORD, base_url=peer.url)


async def test_it_works(peer: FakePhone) -> None:
    message = gateway.domain.Message(
        phone_numbers=["+50680000001"], text_message=gateway.domain.TextMessage("Hola"), id="k1", ttl=60, sim_number=1
    )
    async with client(peer) as judge:
        state = await judge.send(message)
        assert (state.id, state.state.value, state.device_id) == ("k1", "Pending", DEVICE)
        peer.state("k1", "Failed", error="TTL expired")
        assert (await judge.get_state("k1")).recipients[0].error == "TTL expired"
    assert peer.left == ["k1"]


async def test_it_sees_what_our_driver_did(peer: FakePhone, make: Make) -> None:
    bot = make()
    await asyncio.gather(bot.send(hello()), bot.do(SetWebhooks(url="https://oficina.example/hooks/x")))
    peer.gets("+50680000001", "¡Hola!", now())
    async with client(peer) as judge:
        assert {w.event.value for w in await judge.get_webhooks()} >= {"sms:received", "app:started"}
        assert (await judge.get_state("k1")).recipients[0].phone_number == "+50680000001"
        assert (await judge.health_check()).status.value == "pass"
