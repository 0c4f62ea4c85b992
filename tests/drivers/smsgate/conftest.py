"""A driver against a phone of its own."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from drivers.contract import Outbound
from drivers.smsgate.driver import DRIVER
from drivers.smsgate.settings import SmsgateSettings
from tests.drivers.peers.smsgate import KEY, PASSWORD, USER, FakePhone, phone

Make = Callable[..., DRIVER]


@pytest.fixture
async def peer() -> AsyncIterator[FakePhone]:
    async with phone() as made:
        yield made


def line(peer: FakePhone, **more: Any) -> DRIVER:
    """With little patience."""
    quick = {
        "base_url": peer.url, "username": USER, "password": PASSWORD, "signing_key": KEY, "answer_s": 5,
        "check_s": 0.02, "mode": "cloud" if peer.cloud else "local",
    }  # fmt: skip
    return DRIVER(SmsgateSettings(**(quick | more)))


@pytest.fixture
def make(peer: FakePhone) -> Make:
    return lambda **more: line(peer, **more)


def hello(key: str = "k1", **more: Any) -> Outbound:
    return Outbound(**({"key": key, "channel": "sms", "to": "+50680000001", "text": "Hola"} | more))
