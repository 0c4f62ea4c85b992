"""Two hundred broken exchanges of each kind: every notification is shown once, nothing is left open."""

import asyncio
import itertools

import pytest

from drivers.contract import NotReady, Receipt
from tests.drivers.conftest import Living
from tests.drivers.eventually import held, settles
from tests.drivers.peers.webpush import PushService
from tests.drivers.peers.wire import FAULTS, Reply
from tests.drivers.webpush.conftest import OURS, Make, hello

RUNS = 200
QUICK = tuple(f for f in FAULTS if f not in ("silence", "drip", "half_body"))  # a push is answered without a body


async def test_it_works(peer: PushService, make: Make) -> None:
    """Broken anywhere and asked again, as the office does with who knows keys: shown once, and no receipt was a lie."""
    browser, to = peer.subscribe(OURS.public)
    bot, patient, before = make(answer_s=0.03), make(answer_s=5), held()
    for run, fault in zip(range(RUNS), itertools.cycle([*QUICK * 3, "silence", "drip"])):
        peer.wire.fault = fault  # type: ignore[assignment]
        with pytest.raises(NotReady):
            await bot.send(hello(to, f"k{run}"))
        peer.wire.fault = ""
        await patient.send(hello(to, f"k{run}"))
    assert list(browser.shown) == [f"k{run}" for run in range(RUNS)]
    await settles(before)


async def test_killed_between_send_and_receipt(peer: PushService, make: Make, living: Living) -> None:
    """The next life sends again with the same key; a page that has it shown already shows it still once."""
    browser, to = peer.subscribe(OURS.public)
    before, bot, heir, receipts = held(), make(), make(), 0
    async with living(bot), living(heir):
        for run in range(RUNS):
            sending = asyncio.create_task(bot.send(hello(to, f"k{run}")))
            await asyncio.sleep(0.0003 * (run % 12))
            sending.cancel()
            (said,) = await asyncio.gather(sending, return_exceptions=True)
            assert isinstance(said, Receipt | asyncio.CancelledError)
            receipts += isinstance(said, Receipt)
            assert (await heir.send(hello(to, f"k{run}"))).external_id == f"k{run}"
    assert list(browser.shown) == [f"k{run}" for run in range(RUNS)]
    assert RUNS + receipts <= browser.came <= 2 * RUNS
    await settles(before)


async def test_a_service_that_is_not_well_loses_nothing(peer: PushService, make: Make) -> None:
    browser, to = peer.subscribe(OURS.public)
    bot, before = make(), held()
    for run in range(RUNS):
        peer.refuse = Reply((500, 502, 503)[run % 3])
        with pytest.raises(NotReady):
            await bot.send(hello(to, f"k{run}"))
        await bot.send(hello(to, f"k{run}"))
    assert (list(browser.shown), browser.came) == ([f"k{run}" for run in range(RUNS)], RUNS)
    await settles(before)


async def test_it_ends_within_a_second_and_leaves_nothing(make: Make, living: Living) -> None:
    before = held()
    for _life in range(RUNS):
        async with living(make()):
            pass
    await settles(before)
