"""Events of an exchange per second: bytes of AMI in, stories of calls out."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime

from drivers.telephony.legs import House
from drivers.telephony.packets import Decoder
from drivers.telephony.tracker import Tracker
from tests.benchmarks.bench import Bench
from tests.benchmarks.table import Goal, Row, number
from tests.drivers.peers.asterisk import channel, click_to_call, packet

CALLS = 3000
SIDE_BY_SIDE = 200
READ = 1 << 16
# What a real event carries beyond what we read (about 25 lines).
REST = {f"Detail{n}": "un valor cualquiera" for n in range(16)}


def run(bench: Bench) -> Iterator[Row]:
    wire, events = _wire()
    rates = []
    for _round in range(bench.rounds):
        started = time.perf_counter()
        told = _told(wire)
        rates.append(events / (time.perf_counter() - started))
        if told != CALLS * 3:  # ringing, answered, ended
            raise RuntimeError(f"{told} things were told of {CALLS} calls")
    said = f"{number(max(rates))}/s, {len(wire) // events} bytes each, {SIDE_BY_SIDE} calls at once"
    yield Row("AMI events into stories", said, max(rates), goal=Goal("/s", at_least=5000))


def _wire() -> tuple[bytes, int]:
    """Calls in waves: the events of a wave are mixed."""
    events = []
    for wave in range(0, CALLS, SIDE_BY_SIDE):
        calls = [click_to_call(_asked(n)) for n in range(wave, wave + SIDE_BY_SIDE)]
        events += [packet({**e, **REST}) for step in zip(*calls, strict=True) for e in step]
    return b"".join(events), len(events)


def _asked(n: int) -> dict[str, str]:
    asked = channel("PJSIP/201", f"c{n}.")
    return asked | {"ChannelId": f"c{n}.", "Exten": "80000001", "ActionID": f"a-c{n}."}


def _told(wire: bytes) -> int:
    """How much was told."""
    decoder, tracker, at = Decoder(), Tracker(House()), datetime.now(UTC)
    told = 0
    for begin in range(0, len(wire), READ):
        for event in decoder.feed(wire[begin : begin + READ]):
            told += len(tracker.take(event, at))
    return told
