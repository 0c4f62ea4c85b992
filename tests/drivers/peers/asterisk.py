"""An exchange that speaks AMI over a real socket and is strict: what a real one would refuse or cut is a complaint."""

import asyncio
import contextlib
import hashlib
import re
import ssl
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Mapping
from typing import Any

LINE = re.compile(r"[A-Za-z0-9-]+: [^\r\n\x00]*\Z")
KNOWN = {"Challenge", "Login", "Ping", "Originate", "CoreShowChannels", "Status", "Hangup", "Logoff"}
NEEDED = {"Channel", "Context", "Exten", "Priority", "Async", "ChannelId", "Timeout", "CallerID"}
GREETING = b"Asterisk Call Manager/9.0.0\r\n"
LINE_MAX, LINES_MAX = 1024, 128
Event = Mapping[str, str]


class Exchange:
    """`complaints` must stay empty. Faults: `mute` actions get no answer, `cut` ones end the connection unanswered
    (`Originate` has happened by then), `half` ones get half an answer and then the end. `slow_s` passes before each
    answer; who `leaves` hangs up after the greeting."""

    def __init__(self) -> None:
        self.user, self.secret = "centralita", "clave:de prueba"
        self.greeting = GREETING
        self.complaints: list[str] = []
        self.asked: Counter[str] = Counter()
        self.originated: list[dict[str, str]] = []
        self.hung_up: list[str] = []
        self.channels: list[Event] = []
        self.mute: set[str] = set()
        self.cut: set[str] = set()
        self.half: set[str] = set()
        self.refused: dict[str, str] = {}
        self.interleaved: list[Event] = []  # told between each answer's question and the answer
        self.slow_s = 0.0
        self.leaves = False
        self.port = 0
        self.writers: set[asyncio.StreamWriter] = set()
        self.alone = asyncio.Event()
        self._server: asyncio.Server | None = None

    async def start(self, tls: ssl.SSLContext | None = None) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=1 << 20, ssl=tls)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        assert self._server
        self._server.close()
        self.drop()
        await self._server.wait_closed()

    def drop(self) -> None:
        """Pull the plug of every connection."""
        for writer in list(self.writers):
            writer.transport.abort()

    def heal(self) -> None:
        """No faults from now on."""
        for each in (self.mute, self.cut, self.half):
            each.clear()
        self.greeting, self.leaves, self.slow_s = GREETING, False, 0.0

    async def told(self) -> None:
        """Until what was said is on its way."""
        for writer in self.writers:
            await writer.drain()
        await asyncio.sleep(0.001)

    def tell(self, *events: Event) -> None:
        """To everybody who logged in."""
        data = b"".join(packet(e) for e in events)
        for writer in self.writers:
            writer.write(data)

    def raw(self, data: bytes) -> None:
        for writer in self.writers:
            writer.write(data)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        session = Session(self, writer)
        self.writers.add(writer)
        self.alone.clear()
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            writer.write(self.greeting)
            while not writer.is_closing() and not self.leaves:
                block = await reader.readuntil(b"\r\n\r\n")
                await asyncio.sleep(self.slow_s)
                session.take(block)
                await writer.drain()
        self.writers.discard(writer)
        writer.close()
        if not self.writers:
            self.alone.set()


class Session:
    """One connection: its challenge, and whether it is logged in."""

    def __init__(self, exchange: Exchange, writer: asyncio.StreamWriter) -> None:
        self.exchange, self.writer = exchange, writer
        self.challenge, self.inside = "", False

    def take(self, block: bytes) -> None:
        headers = self._read(block)
        action = headers.get("Action", "")
        self.exchange.asked[action] += 1
        self._check(action, headers)
        if action == "Originate" and action not in self.exchange.refused:
            self.exchange.originated.append(headers)  # it rings, whatever becomes of the answer
        if action in self.exchange.mute:
            return
        if action in self.exchange.cut:
            return self.writer.transport.abort()
        for event in self.exchange.interleaved:
            self.writer.write(packet(event))
        self._answer(action, headers)

    def _read(self, block: bytes) -> dict[str, str]:
        lines = block.decode().removesuffix("\r\n\r\n").split("\r\n")
        if len(lines) > LINES_MAX:
            self.exchange.complaints.append("too many lines")
        for line in lines:
            if not LINE.match(line) or len(line) > LINE_MAX:
                self.exchange.complaints.append(f"not a header: {line!r}")
        pairs = [line.partition(": ")[::2] for line in lines]
        repeated = [k for k, n in Counter(k for k, _ in pairs).items() if n > 1 and k != "Variable"]
        self.exchange.complaints.extend(f"said twice: {k}" for k in repeated)
        return dict(pairs)

    def _check(self, action: str, headers: dict[str, str]) -> None:
        if action not in KNOWN:
            self.exchange.complaints.append(f"unknown action {action!r}")
        if not headers.get("ActionID") or len(headers.get("ActionID", "")) > 79:
            self.exchange.complaints.append(f"{action} without a good ActionID")
        if not self.inside and action not in ("Challenge", "Login"):
            self.exchange.complaints.append(f"{action} before Login")
        if action == "Originate" and not headers.keys() >= NEEDED:
            self.exchange.complaints.append(f"Originate without {NEEDED - headers.keys()}")
        if headers.get("Secret"):
            self.exchange.complaints.append("the password travels in the clear")

    def _answer(self, action: str, headers: dict[str, str]) -> None:
        if action in self.exchange.refused:
            return self._say(headers, Response="Error", Message=self.exchange.refused[action])
        data = b"".join(packet(e) for e in getattr(self, f"_{action.lower()}")(headers))
        if action in self.exchange.half:
            self.writer.write(data[: len(data) // 2])
            return self.writer.close()
        self.writer.write(data)

    def _say(self, headers: dict[str, str], **said: str) -> None:
        self.writer.write(packet({**said, "ActionID": headers["ActionID"]}))

    def _challenge(self, headers: dict[str, str]) -> Iterable[Event]:
        self.challenge = "840415273"
        yield {"Response": "Success", "ActionID": headers["ActionID"], "Challenge": self.challenge}

    def _login(self, headers: dict[str, str]) -> Iterable[Event]:
        wanted = hashlib.md5((self.challenge + self.exchange.secret).encode()).hexdigest()  # noqa: S324 - AMI's own
        if (headers.get("Username"), headers.get("Key")) != (self.exchange.user, wanted):
            yield {"Response": "Error", "ActionID": headers["ActionID"], "Message": "Authentication failed"}
            return
        self.inside = True
        yield {"Response": "Success", "ActionID": headers["ActionID"], "Message": "Authentication accepted"}
        yield {"Event": "FullyBooted", "Privilege": "system,all", "Status": "Fully Booted"}

    def _ping(self, headers: dict[str, str]) -> Iterable[Event]:
        yield {"Response": "Success", "ActionID": headers["ActionID"], "Ping": "Pong"}

    def _originate(self, headers: dict[str, str]) -> Iterable[Event]:
        yield {"Response": "Success", "ActionID": headers["ActionID"], "Message": "Originate successfully queued"}

    def _coreshowchannels(self, headers: dict[str, str]) -> Iterable[Event]:
        yield from self._list(headers, "CoreShowChannel", "CoreShowChannelsComplete")

    def _status(self, headers: dict[str, str]) -> Iterable[Event]:
        yield from self._list(headers, "Status", "StatusComplete")

    def _list(self, headers: dict[str, str], item: str, last: str) -> Iterable[Event]:
        mark = {"ActionID": headers["ActionID"]}
        yield {"Response": "Success", **mark, "EventList": "start", "Message": "Channels will follow"}
        for channel in self.exchange.channels:
            yield {"Event": item, **mark, **channel}
        yield {"Event": last, **mark, "EventList": "Complete", "ListItems": str(len(self.exchange.channels))}

    def _hangup(self, headers: dict[str, str]) -> Iterable[Event]:
        self.exchange.hung_up.append(headers.get("Channel", ""))
        yield {"Response": "Success", "ActionID": headers["ActionID"], "Message": "Channel Hungup"}


def packet(event: Event) -> bytes:
    return ("".join(f"{key}: {value}\r\n" for key, value in event.items()) + "\r\n").encode()


def channel(name: str, uniqueid: str, linkedid: str = "", **more: str) -> dict[str, str]:
    """What every event about a channel holds."""
    return {"Channel": name, "Uniqueid": uniqueid, "Linkedid": linkedid or uniqueid, **more}


def event(name: str, about: Mapping[str, str], **more: str) -> dict[str, str]:
    return {"Event": name, "Privilege": "call,all", **about, **more}


def click_to_call(originated: Mapping[str, str], *, answered: bool = True) -> list[dict[str, str]]:
    """What happens after Originate: the agent's phone is lifted, then the customer is called."""
    call, number = originated["ChannelId"], originated["Exten"]
    agent = channel(f"{originated['Channel']}-0000002a", call)
    outside = channel("PJSIP/salida-0000002b", f"{call}.2", call, CallerIDNum=number)
    to = {"DestChannel": outside["Channel"], "DestUniqueid": outside["Uniqueid"], "DestLinkedid": call}
    result = {"Event": "OriginateResponse", "ActionID": originated["ActionID"], "Uniqueid": call}
    events = [
        event("Newchannel", agent, ChannelState="0", Exten=number),
        event("Newstate", agent, ChannelState="5"),
        event("Newstate", agent, ChannelState="6"),
        {**result, "Response": "Success", "Reason": "4"},
        event("Newchannel", outside, ChannelState="0", Exten="s"),
        event("DialBegin", agent, **to),
        event("Newstate", outside, ChannelState="5"),
    ]
    if answered:
        events += [event("Newstate", outside, ChannelState="6"), event("DialEnd", agent, **to, DialStatus="ANSWER")]
        events += [event("BridgeEnter", who, BridgeUniqueid="b1") for who in (outside, agent)]
        events += [event("BridgeLeave", who, BridgeUniqueid="b1") for who in (outside, agent)]
        causes = ("16", "16")
    else:
        events.append(event("DialEnd", agent, **to, DialStatus="BUSY"))
        causes = ("17", "17")
    return events + [event("Hangup", who, Cause=c) for who, c in zip((outside, agent), causes, strict=True)]


@contextlib.asynccontextmanager
async def exchange(tls: ssl.SSLContext | None = None) -> AsyncIterator[Exchange]:
    """An exchange for one test; at the end nothing may have been wrong with what it was asked."""
    peer = Exchange()
    await peer.start(tls)
    try:
        yield peer
    finally:
        await peer.stop()
    assert peer.complaints == []


def settings(peer: Exchange, **more: Any) -> dict[str, Any]:
    """Settings that lead to it."""
    return {"mode": "ami", "host": "127.0.0.1", "port": peer.port, "username": peer.user, "password": peer.secret,
            "answer_s": 2.0} | more  # fmt: skip
