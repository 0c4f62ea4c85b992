"""Somebody else's manager interface reads our packets and writes its own (npm's asterisk-ami-test-server).

It is no whole exchange: it greets only after the log-in, knows no Challenge and no Originate. So a door before it
greets and checks the answer to its challenge, as Asterisk would; all else passes as it is. What it cannot judge: the
greeting, the log-in's sum, and that a call is made.
"""

import asyncio
import contextlib
import hashlib
import json
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from drivers.contract import NeedsHuman, SendError
from drivers.telephony.driver import DRIVER, NO_REBUILD
from drivers.telephony.settings import Dial, TelephonySettings
from tests.drivers.collecting import Collecting
from tests.drivers.conftest import Living
from tests.drivers.eventually import eventually
from tests.drivers.peers.asterisk import Event, channel, event, packet

MODULES = Path(__file__).parents[3] / ".peers" / "node_modules"
SERVER = Path(__file__).parents[1] / "peers" / "ami_test_server.cjs"
USER, SECRET, CHALLENGE = "centralita", "clave", "840415273"

pytestmark = pytest.mark.skipif(
    not (shutil.which("node") and (MODULES / "asterisk-ami-test-server").is_dir()),
    reason="asterisk-ami-test-server is not here (sudo apt-get install nodejs npm, then scripts/peers now)",
)


class Judge:
    """The server as a process; `port` is its own, `door` that of the door before it."""

    def __init__(self, process: asyncio.subprocess.Process, port: int) -> None:
        self.process, self.port, self.door = process, port, 0
        self.asked: list[str] = []

    def tell(self, *events: Event) -> None:
        assert self.process.stdin
        for each in events:
            self.process.stdin.write(json.dumps(each).encode() + b"\n")

    async def enter(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection through the door."""
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.port)
        back = asyncio.create_task(_pour(far_reader, writer))
        writer.write(b"Asterisk Call Manager/9.0.0\r\n")
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            while block := await reader.readuntil(b"\r\n\r\n"):
                said = dict(line.partition(": ")[::2] for line in block.decode().split("\r\n") if line)
                self.asked.append(said["Action"])
                if said["Action"] == "Challenge":
                    writer.write(packet({"Response": "Success", "ActionID": said["ActionID"], "Challenge": CHALLENGE}))
                else:
                    far_writer.write(_plain(said) if said["Action"] == "Login" else block)
        back.cancel()
        await asyncio.gather(back, return_exceptions=True)
        far_writer.close()
        writer.close()


def _plain(login: dict[str, str]) -> bytes:
    """The log-in as the server knows it: by its password."""
    right = hashlib.md5((CHALLENGE + SECRET).encode()).hexdigest()  # noqa: S324 - AMI's own
    secret = SECRET if login.pop("Key") == right else "wrong"
    login.pop("AuthType")
    return packet(login | {"Secret": secret})


async def _pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(1 << 16):
        writer.write(data)


@pytest.fixture
async def judge() -> AsyncIterator[Judge]:
    process = await asyncio.create_subprocess_exec(
        "node", str(SERVER), str(MODULES), USER, SECRET, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdin
    assert process.stdout
    made = Judge(process, int(await asyncio.wait_for(process.stdout.readline(), 20)))
    door = await asyncio.start_server(made.enter, "127.0.0.1", 0)
    made.door = door.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        door.close()
        process.stdin.close()
        await asyncio.wait_for(process.wait(), 5)


def line(port: int, **more: Any) -> DRIVER:
    given = {"mode": "ami", "host": "127.0.0.1", "port": port, "username": USER, "password": SECRET, "answer_s": 5.0}
    return DRIVER(TelephonySettings(**(given | more)))


async def test_it_works(judge: Judge, living: Living) -> None:
    """Our packets are understood; its events, written by its own hand, are told. Its late greeting disturbs nothing."""
    pbx = line(judge.door, ping_s=0.02)
    customer = channel("PJSIP/claro-00000001", "7.1", CallerIDNum="+50680000002", Exten="40000000")
    phone = channel("PJSIP/201-00000002", "7.2", "7.1")
    async with living(pbx) as sink:
        assert sink.said[-1][1] == NO_REBUILD, "it knows no list of channels, and the line says so"
        judge.tell(event("Newchannel", customer, ChannelState="4"), event("Newchannel", phone, ChannelState="0"))
        judge.tell(event("Newstate", phone, ChannelState="5"))
        await sink.until(inbounds=1)
        judge.tell(event("Hangup", phone, Cause="26"), event("Hangup", customer, Cause="16"))
        await sink.until(inbounds=2)
        await eventually(lambda: judge.asked.count("Ping") > 2)
    told = [(i.call.state, i.call.outcome) for i in sink.inbounds if i.call]
    assert told == [("ringing", ""), ("ended", "cancelled")]


async def test_what_it_refuses_was_not_done(judge: Judge, living: Living) -> None:
    pbx = line(judge.door)
    async with living(pbx):
        with pytest.raises(SendError) as refused:
            await pbx.do(Dial(number="80000001", extension="201"))
    assert refused.value.permanent
    assert pbx.tracker.calls == {}


async def test_a_wrong_password_asks_a_person(judge: Judge) -> None:
    with pytest.raises(NeedsHuman, match="usuario o la contraseña"):
        await line(judge.door, password="otra").run(Collecting())


async def test_without_the_door_it_is_somebody_who_does_not_greet(judge: Judge) -> None:
    assert "no saluda" in (await line(judge.port, answer_s=0.2).probe()).sentence
