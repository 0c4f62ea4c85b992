"""Notifications against a push service of their own."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from drivers.contract import Outbound
from drivers.webpush.driver import DRIVER
from drivers.webpush.keys import Keys
from drivers.webpush.settings import WebpushSettings
from tests.drivers.peers.webpush import PushService, push_service

Make = Callable[..., DRIVER]
OURS = Keys.new()


@pytest.fixture
async def peer() -> AsyncIterator[PushService]:
    async with push_service() as made:
        yield made


@pytest.fixture
def make(peer: PushService) -> Make:
    """With little patience and a key of its own."""

    def made(**more: Any) -> DRIVER:
        quick = {
            "contact": "soporte@oficina.example", "hosts": peer.url, "answer_s": 5, "private_key": OURS.write(),
        }  # fmt: skip
        return DRIVER(WebpushSettings(**(quick | more)))

    return made


def hello(to: str, key: str = "k1", **more: Any) -> Outbound:
    return Outbound(**({"key": key, "channel": "push", "to": to, "subject": "Nuevo caso", "text": "Ana"} | more))
