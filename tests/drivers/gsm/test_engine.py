"""Commands over a wire: whatever the other end says, each ends in time as an answer or as a typed failure."""

import asyncio
import os
import pty
import random
import threading
import tty
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from drivers.contract import NotReady
from drivers.gsm import wire
from drivers.gsm.at.core import Answer
from drivers.gsm.at.failures import Failure
from drivers.gsm.engine import Engine, Gone, Patience, Silence

HASTY = Patience(answer_s=0.03, prompt_s=0.02, send_s=0.03, quiet_s=0.003)
PIECES = (
    b"\r\nOK\r\n", b"\r\nERROR\r\n", b"+CMS ERROR: 38\r\n", b"\r\n> ", b">", b"+CMGS: 4\r\n", b'+CUSD: 0,"x', b'"',
    b"+CMT: ,23\r\n", b"\x00\xff", b"RING\r\n", b"00", b"+CREG: 1\r\n", b"AT", b"\r", b"\n", b"+CSQ: 9,99\r\n",
)  # fmt: skip


class Line:
    """The other end of a pseudo-terminal; `answer` says what follows each thing that is heard."""

    def __init__(self, answer: Callable[[bytes], bytes]) -> None:
        self.master, self.slave = pty.openpty()
        tty.setraw(self.slave)
        self.port = os.ttyname(self.slave)
        self.heard = b""
        self._answer = answer

    def listen(self) -> None:
        asyncio.get_running_loop().add_reader(self.master, self._readable)

    def _readable(self) -> None:
        said = os.read(self.master, 65536)
        self.heard += said
        os.write(self.master, self._answer(said))

    def close(self) -> None:
        asyncio.get_running_loop().remove_reader(self.master)
        os.close(self.master)
        os.close(self.slave)


@pytest.fixture
def line() -> Iterator[Callable[..., Line]]:
    made = []

    def make(answer: Callable[[bytes], bytes] = lambda _said: b"\r\nOK\r\n") -> Line:
        made.append(Line(answer))
        return made[-1]

    yield make
    for each in made:
        os.close(each.master)
        os.close(each.slave)


async def test_it_works(line: Callable[..., Line]) -> None:
    end = line()
    end.listen()
    engine = Engine(end.port, 115200, HASTY)
    try:
        await engine.open()
        assert await engine.ask("AT+CSQ") == Answer(())
    finally:
        engine.close()
    assert end.heard.startswith(b"\x1b\rAT\r")
    with pytest.raises(Gone):
        await engine.ask("AT")


async def test_any_talk_ends_in_time_as_an_answer_or_a_typed_failure(line: Callable[..., Line]) -> None:
    async def talk(seed: int) -> set[type]:
        chance = random.Random(seed)
        end = line(lambda _said: b"".join(chance.choices(PIECES, k=chance.randrange(5))))
        end.listen()
        engine = Engine(end.port, 115200, HASTY)
        await engine.open()
        outcomes = {await _outcome(engine, payload) for payload in (None, "0011", None)}
        engine.close()
        asyncio.get_running_loop().remove_reader(end.master)
        return outcomes

    async with asyncio.timeout(20):
        told = await asyncio.gather(*(talk(seed) for seed in range(60)))
    assert set().union(*told) == {Answer, Failure, Silence}


async def _outcome(engine: Engine, payload: str | None) -> type:
    try:
        async with engine.turn() as ask:
            await ask("AT+CMGS=3" if payload else "AT+CSQ", payload=payload)
    except (Failure, Silence, Gone) as failure:
        return type(failure)
    return Answer


async def test_a_text_is_never_handed_over_without_a_prompt(line: Callable[..., Line]) -> None:
    end = line()
    end.listen()
    engine = Engine(end.port, 115200, HASTY)
    await engine.open()
    with pytest.raises(Silence) as silence:
        async with engine.turn() as ask:
            await ask("AT+CMGS=3", payload="SECRET")
    engine.close()
    assert not silence.value.given
    assert b"SECRET" not in end.heard


async def test_a_port_that_takes_nothing_is_lost(line: Callable[..., Line], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "WRITE_S", 0.02)
    end = line()
    engine = Engine(end.port, 115200, HASTY)
    await engine.open()
    engine.shout("x" * 100_000)
    async with asyncio.timeout(5):
        assert await engine.notices.get() is None
    assert "no acepta datos" in str(engine.lost)
    engine.close()
    assert [thread for thread in threading.enumerate() if thread.name.startswith("gsm")] == []


async def test_a_port_that_may_not_be_opened_asks_a_person(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def refuse(*_given: object, **_more: object) -> None:
        raise wire.serial.SerialException(13, "Permission denied")

    monkeypatch.setattr(wire.serial, "Serial", refuse)
    engine = Engine(str(tmp_path), 115200, HASTY)
    with pytest.raises(wire.NeedsHuman, match="permiso") as asked:
        await engine.open()
    engine.close()
    assert "dialout" in asked.value.what_to_do


async def test_who_waits_when_the_port_is_closed_is_told(line: Callable[..., Line]) -> None:
    asked = asyncio.Event()

    def answer(said: bytes) -> bytes:
        if b"CSQ" in said:
            asked.set()
        return b"\r\nOK\r\n" if said.endswith(b"AT\r") else b""

    end = line(answer)
    end.listen()
    engine = Engine(end.port, 115200, Patience(answer_s=5, quiet_s=0.05))
    await engine.open()
    asking = asyncio.create_task(engine.ask("AT+CSQ"))
    await asyncio.wait_for(asked.wait(), 5)
    engine.close()
    with pytest.raises(Gone) as gone:
        await asking
    assert isinstance(gone.value.why, NotReady)
