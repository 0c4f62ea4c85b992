"""Two hundred broken exchanges of each kind: every SMS leaves once, nothing is lost, nothing is left open."""

import asyncio
import itertools
from datetime import timedelta

import pytest

from drivers.contract import NotReady, now
from tests.drivers.collecting import Collecting
from tests.drivers.eventually import eventually, held, settles
from tests.drivers.peers.smsgate import FakePhone
from tests.drivers.peers.wire import FAULTS
from tests.drivers.smsgate.conftest import Make, hello

RUNS = 200
QUICK = tuple(f for f in FAULTS if f not in ("silence", "drip"))


async def test_it_works(peer: FakePhone, make: Make) -> None:
    """Broken anywhere and asked again, as the office does with who knows keys: there once, and the receipt is true."""
    hasty, patient, before = make(answer_s=0.03), make(answer_s=5), held()
    for run, fault in zip(range(RUNS), itertools.cycle([*QUICK * 3, "silence", "drip"])):
        peer.wire.fault = fault  # type: ignore[assignment]
        with pytest.raises(NotReady):
            await hasty.send(hello(f"k{run}"))
        peer.wire.fault = ""
        assert (await patient.send(hello(f"k{run}"))).external_id == f"k{run}"
    assert peer.left == [f"k{run}" for run in range(RUNS)]
    await settles(before)


async def test_killed_between_send_and_receipt(peer: FakePhone, make: Make) -> None:
    bot, before = make(), held()
    for run in range(RUNS):
        sending = asyncio.create_task(bot.send(hello(f"k{run}")))
        await asyncio.sleep(0.0002 * (run % 12))
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
        await make(answer_s=5).send(hello(f"k{run}"))
    assert sorted(peer.left) == sorted(f"k{run}" for run in range(RUNS))
    await settles(before)


async def test_a_life_broken_anywhere_loses_nothing(peer: FakePhone, make: Make) -> None:
    sink, before = Collecting(), held()
    for run, fault in zip(range(RUNS), itertools.cycle(QUICK)):
        peer.gets("+50680000001", str(run), now() - timedelta(seconds=RUNS - run), run)
        life = asyncio.create_task(make(check_s=0.01).run(sink))
        await eventually(lambda: sink.inbounds and sink.inbounds[-1].text == str(run))  # noqa: B023
        peer.wire.fault = fault
        (ended,) = await asyncio.wait_for(asyncio.gather(life, return_exceptions=True), 5)
        assert isinstance(ended, NotReady)
        peer.wire.fault = ""
        peer.inbox = peer.inbox[-3:]
    assert list(dict.fromkeys(i.text for i in sink.inbounds)) == [str(n) for n in range(RUNS)]
    await settles(before)


async def test_it_ends_within_a_second_wherever_it_is(peer: FakePhone, make: Make) -> None:
    before = held()
    for pause in (0, 0.005, 0.05):
        sink = Collecting()
        life = asyncio.create_task(make(check_s=3600).run(sink))
        await sink.up.wait()
        await asyncio.sleep(pause)
        life.cancel()
        done, _pending = await asyncio.wait({life}, timeout=1)
        assert done
    await settles(before)
