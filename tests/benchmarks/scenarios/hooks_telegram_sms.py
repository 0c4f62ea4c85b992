"""Webhooks of Telegram and of the SMS gateway phone: verified and parsed, one after the other, in this process."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import cycle, islice

from drivers.contract import HookReply, HookRequest
from drivers.smsgate.driver import DRIVER as Phone
from drivers.smsgate.settings import SmsgateSettings
from drivers.telegram.driver import DRIVER as Bot
from drivers.telegram.hook import HEADER, secret
from drivers.telegram.settings import TelegramSettings
from tests.benchmarks.bench import Bench
from tests.benchmarks.table import Goal, Row, number
from tests.drivers.peers.smsgate import KEY, envelope, knock
from tests.drivers.peers.telegram import TOKEN
from tests.drivers.telegram import updates

AT = datetime(2026, 11, 21, 8, tzinfo=UTC)
SMS = {
    "messageId": "ffed2979", "sender": "+50680000001", "recipient": None, "simNumber": 1, "phoneNumber": "+50680000001",
    "message": "¡Buenas! ¿A qué hora abren mañana? 😀", "receivedAt": "2026-11-21T08:30:05.000-06:00",
}  # fmt: skip
SENT = {"messageId": "k1", "recipient": "+50680000001", "sentAt": "2026-11-21T08:30:05.000-06:00", "partsCount": 1}


def run(bench: Bench) -> Iterator[Row]:
    for name, line, knocks in (("Telegram", *_telegram()), ("SMS gateway", *_smsgate())):
        per_s = max(_rate(line, knocks, bench.seconds / 2) for _round in range(bench.rounds))
        yield Row(f"webhook verify and parse, {name}", f"{number(per_s)}/s", per_s, goal=Goal("/s", at_least=5_000))


def _telegram() -> tuple[Bot, list[HookRequest]]:
    settings = TelegramSettings(token=TOKEN, mode="webhook")
    known = {HEADER: secret(settings)}
    said = [
        updates.update(text="¿A qué hora abren mañana? 😀"), updates.update(photo=updates.PHOTO, caption="Vea"),
        updates.callback(), updates.reaction(), {"update_id": 1, "edited_message": updates.message(text="Corregido")},
    ]  # fmt: skip
    return Bot(settings), [HookRequest(method="POST", headers=known, body=json.dumps(each).encode()) for each in said]


def _smsgate() -> tuple[Phone, list[HookRequest]]:
    bodies = [envelope("sms:received", SMS), envelope("sms:sent", SENT), envelope("system:ping", {"health": {}})]
    line = Phone(SmsgateSettings(base_url="http://127.0.0.1:1", signing_key=KEY))
    return line, [knock(body, AT) for body in bodies]


def _rate(line: Bot | Phone, knocks: list[HookRequest], seconds: float) -> float:
    """Webhooks a second. One that is refused, or brings nothing at all, would be the fastest."""
    replies: list[HookReply] = [line.hook(each) for each in knocks]
    if any(each.status != 200 for each in replies) or not any(each.inbounds for each in replies):
        raise RuntimeError(f"a webhook was not taken: {[each.status for each in replies]}")
    done, started = 0, time.perf_counter()
    while (took := time.perf_counter() - started) < seconds:
        for each in islice(cycle(knocks), 200):
            line.hook(each)
        done += 200
    return done / took
