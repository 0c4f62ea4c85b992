"""Webhooks of Meta's channels: signature verified and content read, on one core."""

import json
import time
from collections.abc import Iterator
from statistics import median
from typing import Any

from drivers.contract import HookRequest
from tests.benchmarks.bench import Bench
from tests.benchmarks.table import Goal, Row, number
from tests.drivers.messenger.lines import line as messenger_line
from tests.drivers.messenger.payloads import message, page
from tests.drivers.meta.signing import signed
from tests.drivers.whatsapp.lines import line as whatsapp_line
from tests.drivers.whatsapp.payloads import KINDS, TEXT, messages, status, statuses

GOAL = Goal("/s", at_least=5000)


def run(bench: Bench) -> Iterator[Row]:
    whatsapp, messenger = whatsapp_line(), messenger_line()
    yield _row("WhatsApp text", whatsapp, signed(json.dumps(TEXT).encode()), 1, bench)
    yield _row("WhatsApp picture", whatsapp, signed(messages(KINDS["image"])), 1, bench)
    priced = status(pricing={"billable": True, "category": "marketing"})
    yield _row("WhatsApp status", whatsapp, signed(statuses(priced)), 1, bench)
    yield _row("Messenger text", messenger, signed(page(message("Hola"))), 1, bench)
    batch = page(*[message(str(n)) for n in range(50)])
    yield _row("Messenger, 50 in one", messenger, signed(batch), 50, bench)


def _row(work: str, line: Any, request: HookRequest, brings: int, bench: Bench) -> Row:
    per_s = median(_rate(line, request, brings, bench.seconds) for _ in range(bench.rounds)) * brings
    return Row(f"verify and read: {work}", f"{number(per_s)}/s", per_s, goal=GOAL)


def _rate(line: Any, request: HookRequest, brings: int, seconds: float) -> float:
    """Webhooks a second; each must bring what is in it, or its speed means nothing."""
    count, started = 0, time.perf_counter()
    while (spent := time.perf_counter() - started) < seconds:
        for _ in range(50):
            reply = line.hook(request)
            if len(reply.inbounds) + len(reply.statuses) != brings:
                raise RuntimeError(f"{len(reply.inbounds)} messages read, {brings} sent")
        count += 50
    return count / spent
