"""Two hundred of each misfortune: nothing is lost, nothing leaves twice in silence, nothing stays behind.

Timing decides only which of the honest outcomes comes; each of them is checked against what the network really got.
"""

import asyncio
import os
import threading
from pathlib import Path

import pytest

from drivers.contract import NotReady, Receipt, SendError
from drivers.gsm.driver import DRIVER
from tests.drivers.collecting import Collecting
from tests.drivers.gsm.conftest import gsm
from tests.drivers.gsm.test_driver import sms
from tests.drivers.peers.modem import Fault, Plug, plugged

LANES, RUNS = 8, 25
HASTY = {"answer_s": 0.4, "send_s": 0.15, "prompt_s": 0.15, "quiet_s": 0.004, "network_s": 1, "sim_s": 1}
TRIES = 200


class Office:
    """Keeps one line alive, as the supervisor does, and tries a message again while it is surely not sent."""

    def __init__(self, plug: Plug) -> None:
        self.plug = plug
        self.sink = Collecting()
        self.line: DRIVER = gsm(plug, port=str(plug.folder / "tty*"), **HASTY)
        self.life: asyncio.Task[None] | None = None

    async def alive(self) -> None:
        """Starts it again after it broke."""
        while self.life is None or self.life.done() or not self.sink.up.is_set():
            if self.life and self.life.done():
                assert isinstance(self.life.exception(), NotReady), self.life.exception()
                self.life = None
            if self.plug.master < 0:
                self.plug.plug(f"ttyUSB{len(self.plug.modem.commands)}")
            if self.life is None:
                self.sink.up.clear()
                self.life = asyncio.create_task(self.line.run(self.sink))
            up = asyncio.create_task(self.sink.up.wait())
            await asyncio.wait({self.life, up}, return_when=asyncio.FIRST_COMPLETED)
            up.cancel()

    async def send(self, key: str) -> Receipt:
        """The receipt; until then each refusal is checked to be true."""
        for _try in range(TRIES):
            await self.alive()
            try:
                return await self.line.send(sms(f"Pedido {key}", key=key))
            except (SendError, NotReady):
                assert self.copies(key) == 0, "it said that nothing was sent"
        raise AssertionError("it never recovered")

    def copies(self, key: str) -> int:
        return sum(sent.text == f"Pedido {key}" for sent in self.plug.modem.network.sent)

    async def end(self) -> None:
        if self.life:
            self.life.cancel()
            await asyncio.wait({self.life})
            self.life = None


def open_things() -> tuple[int, int, int]:
    """Threads, files, tasks."""
    return threading.active_count(), len(os.listdir("/proc/self/fd")), len(asyncio.all_tasks())


async def lane(folder: Path, faults: list[Fault]) -> list[tuple[str, int]]:
    """(state, copies) of each run; each begins with its fault."""
    folder.mkdir()
    told = []
    with plugged(folder) as plug:
        office = Office(plug)
        for run in range(RUNS):
            await office.alive()
            fault = faults[run % len(faults)]
            plug.modem.faults = [Fault(fault.command, fault.what, fault.say, 1, fault.seconds, fault.after_text)]
            receipt = await office.send(f"{folder.name}-{run}")
            told.append((receipt.state, office.copies(f"{folder.name}-{run}")))
        await office.end()
    return told


MISFORTUNES = {
    "unplugged": [
        Fault("AT+CCID", "unplug"), Fault("AT+CMGS", "unplug"), Fault("AT+CMGS", "unplug", after_text=True),
    ],
    "silent": [
        Fault("AT+CCID", "silence"), Fault("AT+CMGS", "silence"), Fault("AT+CMGS", "silence", after_text=True),
    ],
    "half": [
        Fault("AT+CCID", "half", "\r\n+CCI"), Fault("AT+CMGS", "half", "\r\n"),
        Fault("AT+CMGS", "half", "\r\n+CMG", after_text=True),
    ],
    "slow": [
        Fault("AT+CCID", "delay", seconds=0.05), Fault("AT+CMGS", "late_prompt", seconds=0.05),
        Fault("AT+CMGS", "late_prompt", seconds=0.3),
    ],
    "nonsense": [
        Fault("AT+CMGS", "noise", "\0\xff+CMTI: \"SM\",999\r\n> "), Fault("AT+CMGS", "ok"),
        Fault("AT+CMGS", "error", "+CMS ERROR: 500"), Fault("AT+CMGS", "error", "+CMS ERROR: 42"),
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", MISFORTUNES)
async def test_two_hundred_messages_through(tmp_path: Path, name: str) -> None:
    before = open_things()
    lanes = await asyncio.gather(*(lane(tmp_path / f"m{n}", MISFORTUNES[name]) for n in range(LANES)))
    told = [each for lane_told in lanes for each in lane_told]
    assert len(told) == LANES * RUNS
    assert {copies for state, copies in told if state == "sent"} == {1}
    assert {copies for state, copies in told if state == "doubtful"} <= {0, 1}
    assert any(state == "sent" for state, _copies in told)
    assert open_things() == before


async def killed_lane(folder: Path) -> tuple[list[int], int, int]:
    """Copies of each message whose sender died at some moment; messages that came and were stored, once each."""
    folder.mkdir()
    with plugged(folder) as plug:
        office, copies = Office(plug), []
        for run in range(RUNS):
            await office.alive()
            plug.write("+50680000002", f"Llegada {run}")
            began = len(plug.modem.commands)
            sending = asyncio.create_task(office.line.send(sms(f"Pedido {run}", key=str(run))))
            await plug.until(lambda began=began, run=run: len(plug.modem.commands) > began + run % 4)  # type: ignore[misc]
            sending.cancel()
            await office.end()
            await asyncio.wait({sending})
            copies.append(office.copies(str(run)))
            office.line = gsm(plug, port=str(plug.folder / "tty*"), **HASTY)
        await office.alive()
        await plug.until(lambda: not plug.modem.slots("SM"))
        await office.end()
    came = {inbound.external_id: inbound.text for inbound in office.sink.inbounds}
    return copies, len(came), len(set(came.values()))


async def test_two_hundred_deaths_between_send_and_receipt(tmp_path: Path) -> None:
    before = open_things()
    lanes = await asyncio.gather(*(killed_lane(tmp_path / f"m{n}") for n in range(LANES)))
    for copies, came, texts in lanes:
        assert set(copies) <= {0, 1}
        assert came == texts == RUNS
    assert open_things() == before
