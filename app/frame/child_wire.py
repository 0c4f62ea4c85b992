"""What a parent and its kept child say to each other: msgpack messages, each behind its length in four bytes."""

import struct
from typing import Any

import msgspec

from app.frame.i18n import Place

LENGTH = struct.Struct(">I")


class Run(msgspec.Struct, tag="run"):
    """Call `function` ("package.module:name") with `args`; sentences are made for `place`."""

    number: int
    function: str
    args: dict[str, Any]
    place: Place


class Stop(msgspec.Struct, tag="stop"):
    """Please end run `number` early."""

    number: int


class Go(msgspec.Struct, tag="go"):
    """The SQLite writer is yours until you say Free."""


class Begun(msgspec.Struct, tag="begun"):
    """The function is found and called now: from here on it can hear a Stop."""


class Progress(msgspec.Struct, tag="progress"):
    data: dict[str, Any]


class Ask(msgspec.Struct, tag="ask"):
    """May I write the SQLite file?"""


class Free(msgspec.Struct, tag="free"):
    """I have committed; the writer is yours again."""


class Done(msgspec.Struct, tag="done"):
    data: dict[str, Any]


class Failed(msgspec.Struct, tag="failed"):
    """`sentence` is empty when the error was not meant for people; `trace` is for the log."""

    kind: str
    trace: str
    sentence: str = ""
    code: str = ""
    field: str = ""
    stopped: bool = False


ToChild = Run | Stop | Go
ToParent = Begun | Progress | Ask | Free | Done | Failed

_encode = msgspec.msgpack.Encoder().encode
read_in_child = msgspec.msgpack.Decoder(ToChild).decode
read_in_parent = msgspec.msgpack.Decoder(ToParent).decode


def packed(message: ToChild | ToParent) -> bytes:
    """The bytes that go through the pipe."""
    body = _encode(message)
    return LENGTH.pack(len(body)) + body
