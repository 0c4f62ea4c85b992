"""A modem on a pseudo-terminal and a driver in a hurry."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from drivers.gsm.driver import DRIVER
from drivers.gsm.settings import GsmSettings
from tests.drivers.peers.modem import Plug, plugged

QUICK = {
    "answer_s": 1, "prompt_s": 0.25, "send_s": 0.5, "quiet_s": 0.01, "retry_s": 0.01, "sim_s": 0.2, "network_s": 0.2,
    "boot_s": 2, "gap_s": 0, "call_poll_s": 0.02,
}  # fmt: skip
Make = Callable[..., DRIVER]


def gsm(plug: Plug, **more: object) -> DRIVER:
    return DRIVER(GsmSettings(**(QUICK | {"port": plug.port} | more)))  # type: ignore[arg-type]


@pytest.fixture
async def plug(tmp_path: Path) -> Iterator[Plug]:  # type: ignore[misc]
    with plugged(tmp_path) as there:
        yield there
