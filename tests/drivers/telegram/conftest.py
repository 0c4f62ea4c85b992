"""A bot against a Bot API server of its own."""

from collections.abc import AsyncIterator, Callable

import pytest

from drivers.contract import Outbound
from drivers.telegram.driver import DRIVER
from drivers.telegram.settings import TelegramSettings
from tests.drivers.peers.telegram import TOKEN, FakeTelegram, telegram

Make = Callable[..., DRIVER]


@pytest.fixture
async def peer() -> AsyncIterator[FakeTelegram]:
    async with telegram() as server:
        yield server


@pytest.fixture
def make(peer: FakeTelegram) -> Make:
    """`make(mode="webhook", ...)`: a bot on the peer, with little patience."""

    def made(**more: object) -> DRIVER:
        quick = {"token": TOKEN, "base_url": peer.url, "answer_s": 5, "upload_s": 5, "pause_s": 0.02, "poll_s": 1}
        return DRIVER(TelegramSettings(**(quick | more)))  # type: ignore[arg-type]

    return made


def hello(key: str = "k1", **more: object) -> Outbound:
    return Outbound(**({"key": key, "channel": "telegram", "to": "5001", "text": "Hola"} | more))  # type: ignore[arg-type]
