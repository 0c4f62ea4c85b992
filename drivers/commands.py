"""What the commands of drivers/cli.py do. Answers are JSON lines on stdout."""

import argparse
import asyncio
import contextlib
import mimetypes
import secrets
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec

from drivers.contract import N_, Attachment, Driver, Inbound, NotReady, Outbound, SendError, Status
from drivers.hookserver import serve

READY_S = 60.0
AnyLine = Driver[Any]


def say(value: Any) -> None:
    """One JSON line, at once."""
    sys.stdout.write(msgspec.json.encode(value).decode() + "\n")
    sys.stdout.flush()


class PrintSink:
    """Printed is stored."""

    def __init__(self) -> None:
        self.up = asyncio.Event()
        self.kept: dict[str, bytes] = {}

    async def received(self, inbound: Inbound) -> None:
        say({"received": inbound})

    async def status(self, status: Status) -> None:
        say({"status": status})

    def ready(self, identity: str = "", note: str = "") -> None:
        sys.stderr.write(f"ready {identity} {note}".rstrip() + "\n")
        self.up.set()

    async def recall(self, name: str) -> bytes | None:
        return self.kept.get(name)

    async def remember(self, name: str, value: bytes) -> None:
        self.kept[name] = value


async def probe(line: AnyLine, _given: argparse.Namespace) -> int:
    said = await line.probe()
    say(said)
    return 0 if said.ok else 1


async def describe(line: AnyLine, _given: argparse.Namespace) -> int:
    say(await line.describe())
    return 0


async def listen(line: AnyLine, given: argparse.Namespace) -> int:
    sink = PrintSink()
    async with contextlib.AsyncExitStack() as stack:
        if given.hook_port:
            await stack.enter_async_context(serve(line, sink, given.hook_port))
        life = asyncio.create_task(line.run(sink))
        await asyncio.wait({life}, timeout=given.seconds)
        await _end(life)
    return 0


@contextlib.asynccontextmanager
async def living(line: AnyLine) -> AsyncIterator[None]:
    """The line up and running; whatever ends it ends the command."""
    sink = PrintSink()
    life = asyncio.create_task(line.run(sink))
    try:
        up = asyncio.create_task(sink.up.wait())
        await asyncio.wait({life, up}, timeout=READY_S, return_when=asyncio.FIRST_COMPLETED)
        up.cancel()
        if not sink.up.is_set():
            raise (life.exception() if life.done() else None) or NotReady(N_("La línea no contestó a tiempo."))
        yield
    finally:
        await _end(life)


async def _end(life: asyncio.Task[None]) -> None:
    """Stop the line; what broke it is not hidden."""
    life.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await life


async def send(line: AnyLine, given: argparse.Namespace) -> int:
    outbound = Outbound(
        key=given.key or secrets.token_hex(12), channel=given.channel, to=given.to, text=given.text,
        subject=given.subject, reply_to=given.reply_to, attachments=tuple(_attachment(p) for p in given.attach),
        options=pairs(given.option),
    )
    async with living(line):
        receipt = await line.send(outbound)
        say(receipt)
        await asyncio.sleep(given.wait)
    return 5 if receipt.state == "doubtful" else 0


async def do(line: AnyLine, given: argparse.Namespace) -> int:
    try:
        action = msgspec.convert(pairs(given.values), line.does[given.action], strict=False)
    except msgspec.ValidationError as error:
        raise SendError(True, "usage", str(error)) from error
    async with living(line):
        say(await line.do(action))
        await asyncio.sleep(given.wait)
    return 0


def pairs(values: list[str]) -> dict[str, str]:
    return dict(v.split("=", 1) if "=" in v else (v, "") for v in values)  # type: ignore[misc]


def _attachment(path: Path) -> Attachment:
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return Attachment(path=str(path), name=path.name, media_type=kind, size=path.stat().st_size)
