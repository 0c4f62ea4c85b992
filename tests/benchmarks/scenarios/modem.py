"""The GSM modem: messages written and read per second; what the driver costs per message above the modem's time."""

import asyncio
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from drivers.contract import Outbound
from drivers.gsm.driver import DRIVER
from drivers.gsm.pdu.message import Submit, decode, encode_submit
from drivers.gsm.pdu.split import Body, split, text_of
from drivers.gsm.settings import GsmSettings
from tests.benchmarks.bench import Bench
from tests.benchmarks.table import Goal, Row, number
from tests.drivers.collecting import Collecting
from tests.drivers.gsm.pdu.network import deliver
from tests.drivers.peers.modem import Plug, plugged

TO = "+50680000001"
TEXTS = ("Su pedido está listo. ¿Le sirve a las 5? " * 4, "Gracias por su compra. " * 12, "Listo 😀")
MESSAGES = 200
OLDER = "about 1 s per command: fixed pauses"
AT = datetime(2026, 11, 21, 15, tzinfo=UTC)


def run(bench: Bench) -> Iterator[Row]:
    parts = [part for text in TEXTS for part in split(text, 7)]
    each = max(_codec(parts, bench.seconds / 2) for _round in range(bench.rounds))
    goal = Goal("parts/s", at_least=20_000)
    yield Row("PDU: a part written and one read", f"{number(each)} parts/s", each, goal=goal)
    costs = [asyncio.run(_costs(bench.folder / f"modem-{n}")) for n in range(bench.rounds)]
    for name, cost in zip(("sent", "taken from the SIM"), map(min, zip(*costs, strict=True)), strict=True):
        said = f"{number(cost)} ms, median of {MESSAGES}; a modem that answers at once, its own work included"
        yield Row(f"SMS {name}: cost of the driver", said, cost, peer=OLDER, goal=Goal("ms", at_most=5))


def _codec(parts: list[Body], seconds: float) -> float:
    """Parts per second of one core: text to octets, octets to text. What else the machine does takes nothing off."""
    came = [deliver(TO, part, AT) for part in parts]
    done, began = 0, time.process_time()
    while time.process_time() - began < seconds:
        for part, line in zip(parts, came, strict=True):
            encode_submit(Submit(to=TO, body=part))
            text_of([decode(line).body])  # type: ignore[union-attr]
        done += len(parts)
    return done / (time.process_time() - began)


async def _costs(folder: Path) -> tuple[float, float]:
    """Milliseconds of the middle message: sent, and come."""
    folder.mkdir()
    with plugged(folder) as plug:
        line, sink = DRIVER(GsmSettings(port=plug.port, gap_s=0, quiet_s=0.05)), Collecting()
        life = asyncio.create_task(line.run(sink))
        await sink.up.wait()
        sent = [await _send(line, n) for n in range(MESSAGES)]
        came = [await _take(plug, sink, n) for n in range(MESSAGES)]
        life.cancel()
        await asyncio.wait({life})
    assert len(plug.modem.network.sent) == MESSAGES
    return median(sent) * 1000, median(came) * 1000


async def _take(plug: Plug, sink: Collecting, n: int) -> float:
    """From the notice until it is stored and deleted."""
    began = time.perf_counter()
    plug.write(TO, f"Respuesta {n}")
    await sink.until(inbounds=n + 1)
    await plug.until(lambda: not plug.modem.slots("SM"))
    return time.perf_counter() - began


async def _send(line: DRIVER, n: int) -> float:
    began = time.perf_counter()
    receipt = await line.send(Outbound(key=str(n), channel="sms", to=TO, text=f"Pedido {n} listo"))
    assert receipt.state == "sent"
    return time.perf_counter() - began
