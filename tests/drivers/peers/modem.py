"""A modem on a pseudo-terminal: what it is, what it keeps, what the network does to it. Faults on demand.

It lives on the test's own event loop. What a real modem would not take is kept in `complaints`: `plugged` fails on it.
"""

import asyncio
import contextlib
import errno
import os
import pty
import tty
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path

from drivers.gsm.pdu.split import split
from tests.drivers.gsm.pdu.network import Sent, deliver, report

COSTA_RICA = timezone(timedelta(hours=-6))
AT = datetime(2026, 11, 21, 9, 30, tzinfo=COSTA_RICA)
IMEI, ICCID = "356938035643809", "8950601234567890123"


@dataclass
class Fault:
    """Happens `times` at a command that begins so. `what`: silence, error, half, unplug, delay, no_prompt, late_prompt,
    noise, ok (says OK and does nothing). `after_text`: only once the message was handed over (and went out)."""

    command: str
    what: str
    say: str = "ERROR"
    times: int = 1
    seconds: float = 0.05
    after_text: bool = False


@dataclass
class Profile:
    """How a make differs."""

    maker: str = "SIMCOM INCORPORATED"
    model: str = "SIMCOM_SIM800C"
    refuses: tuple[str, ...] = ()
    prompt: str = "\r\n> "
    pin_endless: bool = False
    first_index: int = 1
    ussd: str = "text"  # text, ucs2 (follows +CSCS), packed
    chatter: str = ""  # said before each answer
    card_command: str = "+CCID"
    memories: tuple[str, ...] = ("SM", "ME")
    clcc: bool = True


@dataclass
class Network:
    """What the world outside does."""

    registration: int = 1
    rssi: int = 21
    operator: str = "Kölbi"
    reports: str = "none"  # none, now, early (before +CMGS), hold
    report_status: int = 0
    ussd: dict[str, tuple[int, str]] = field(default_factory=dict)
    ref: int = 0
    sent: list[Sent] = field(default_factory=list)
    dialled: list[str] = field(default_factory=list)
    tones: list[str] = field(default_factory=list)


@dataclass
class Modem:
    """State of a modem and its SIM. `say` writes to whoever has the port open."""

    profile: Profile = field(default_factory=Profile)
    network: Network = field(default_factory=Network)
    imei: str = IMEI
    iccid: str = ICCID
    pin: str = ""
    locked: str = ""  # "SIM PIN", "SIM PUK"
    pin_tries: int = 3
    sim: str = "READY"  # READY, absent, busy, failure
    capacity: int = 20
    faults: list[Fault] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    memory: dict[str, dict[int, tuple[int, str]]] = field(default_factory=dict)  # name -> index -> (state, line)
    waiting: deque[str] = field(default_factory=deque)
    unacknowledged: deque[str] = field(default_factory=deque)
    echo: bool = True
    text_mode: bool = False
    csms: int = 0
    cnmi: tuple[int, int] = (0, 0)  # messages, reports
    charset: str = "GSM"
    reading: str = "SM"
    calls: dict[int, list[object]] = field(default_factory=dict)  # index -> [incoming, state, number]
    resets: int = 0
    out: deque[bytes] = field(default_factory=deque)

    def say(self, text: str) -> None:
        self.out.append(text.encode("latin-1"))

    def notice(self, *lines: str) -> None:
        for line in lines:
            self.say(f"\r\n{line}\r\n")

    def forget(self) -> None:
        """What a reset takes away; the SIM keeps its messages."""
        self.echo, self.text_mode, self.csms, self.cnmi, self.charset = True, False, 0, (0, 0), "GSM"
        self.calls.clear()
        self.locked = "SIM PIN" if self.pin else ""

    def slots(self, name: str) -> dict[int, tuple[int, str]]:
        return self.memory.setdefault(name, {})

    def arrive(self, line: str) -> None:
        """The network brings a part."""
        if self.cnmi[0] == 2:
            self.unacknowledged.append(line)
            self.notice(f"+CMT: ,{len(line) // 2 - 1}\r\n{line}")
        elif len(self.slots("SM")) >= self.capacity:
            self.waiting.append(line)
        else:
            index = self.keep("SM", line)
            if self.cnmi[0] == 1:
                self.notice(f'+CMTI: "SM",{index}')

    def keep(self, name: str, line: str, state: int = 0) -> int:
        slots = self.slots(name)
        index = next(n for n in range(self.profile.first_index, 1_000_000) if n not in slots)
        slots[index] = (state, line)
        return index

    def freed(self) -> None:
        while self.waiting and len(self.slots("SM")) < self.capacity:
            self.arrive(self.waiting.popleft())

    def text(self, sender: str, text: str, *, ref: int = 1, wide: bool = False, at: datetime = AT) -> list[str]:
        """Lines of a message, not yet brought."""
        return [deliver(sender, body, at) for body in split(text, ref, wide=wide)]

    def write(self, sender: str, text: str, **more: object) -> None:
        """Somebody writes to this SIM."""
        for line in self.text(sender, text, **more):  # type: ignore[arg-type]
            self.arrive(line)

    def accept(self, sent: Sent) -> int:
        """The network took it; the reference."""
        self.network.sent.append(sent)
        ref, self.network.ref = self.network.ref, (self.network.ref + 1) % 256
        return ref

    def tell_report(self, ref: int, to: str, status: int | None = None, at: datetime | None = None) -> None:
        code = self.network.report_status if status is None else status
        line = report(ref, to, code, at or datetime.now(COSTA_RICA).replace(microsecond=0))
        if self.cnmi[1] == 1:
            if self.csms:
                self.unacknowledged.append(line)
            self.notice(f"+CDS: {len(line) // 2}\r\n00{line}")
        elif self.cnmi[1] == 2:
            self.notice(f'+CDSI: "SR",{self.keep("SR", "00" + line)}')

    def ring(self, number: str = "", index: int = 1) -> None:
        self.calls[index] = [True, 4, number]
        self.notice("RING", *([f'+CLIP: "{number}",129'] if number else ['+CLIP: "",128']))

    def end_call(self, index: int = 1) -> None:
        self.calls.pop(index, None)
        self.notice("NO CARRIER")

    def take_fault(self, command: str, after_text: bool = False) -> Fault | None:
        for fault in self.faults:
            if fault.times and fault.after_text == after_text and command.upper().startswith(fault.command):
                fault.times -= 1
                return fault
        return None


class Plug:
    """The pseudo-terminal under a modem. `name` is a link in `folder`, as udev makes them."""

    def __init__(self, modem: Modem, folder: Path, name: str = "ttyUSB0") -> None:
        from tests.drivers.peers.modem_talk import Talk

        self.modem = modem
        self.folder = folder
        self.talk = Talk(modem, self)
        self.master = -1
        self.on_reset: Callable[[], None] = lambda: None
        self.moved = asyncio.Event()
        self.plug(name)

    @property
    def port(self) -> str:
        return str(self.link)

    def plug(self, name: str) -> None:
        self.master, slave = pty.openpty()
        tty.setraw(slave)
        os.set_blocking(self.master, False)
        self.link = self.folder / name
        self.link.symlink_to(os.ttyname(slave))
        self.slave = slave  # held open, so that a client may come and go
        self.modem.forget()
        asyncio.get_running_loop().add_reader(self.master, self._readable)

    def unplug(self) -> None:
        if self.master < 0:
            return
        asyncio.get_running_loop().remove_reader(self.master)
        os.close(self.master)
        if self.slave >= 0:
            os.close(self.slave)
        self.talk.end()
        self.link.unlink()
        self.master = -1

    def _readable(self) -> None:
        try:
            data = os.read(self.master, 4096)
        except OSError as error:
            if error.errno not in (errno.EIO, errno.EAGAIN):
                raise
            self._look_later()
            return
        self.talk.hear(data)
        self.flush()
        self.moved.set()

    def let_go(self) -> None:
        """Only the client has it open from now on, as with a real modem."""
        os.close(self.slave)
        self.slave = -1

    def _look_later(self) -> None:
        """Nobody has it open just now, which would wake us without end."""
        loop = asyncio.get_running_loop()
        loop.remove_reader(self.master)
        self.talk.do_later(0.01, lambda: loop.add_reader(self.master, self._readable))

    async def until(self, true: Callable[[], bool], seconds: float = 10.0) -> None:
        """Until the computer has said what makes it so."""
        async with asyncio.timeout(seconds):
            while not true():
                self.moved.clear()
                await self.moved.wait()

    def flush(self) -> None:
        """What the modem said goes out."""
        while self.modem.out:
            data = self.modem.out.popleft()
            if self.master >= 0:
                os.write(self.master, data)

    def bring(self, *lines: str) -> None:
        for line in lines:
            self.modem.arrive(line)
        self.flush()

    def write(self, sender: str, text: str, **more: object) -> None:
        self.modem.write(sender, text, **more)
        self.flush()


@contextlib.contextmanager
def plugged(folder: Path, modem: Modem | None = None, name: str = "ttyUSB0") -> Iterator[Plug]:
    """A modem that is there for one test; what it complains of fails the test."""
    plug = Plug(modem or Modem(), folder, name)
    try:
        yield plug
    finally:
        plug.unplug()
        plug.talk.end()
    if plug.modem.complaints:
        raise AssertionError(f"the modem complains: {plug.modem.complaints[:3]}")
