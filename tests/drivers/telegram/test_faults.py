"""Two hundred broken exchanges of each kind: nothing lost, nothing silently doubled, nothing left open."""

import asyncio
import itertools

import pytest

from drivers.contract import NotReady, Receipt
from tests.drivers.collecting import Collecting
from tests.drivers.eventually import eventually, held, settles
from tests.drivers.peers.telegram import FakeTelegram, refusal
from tests.drivers.peers.wire import FAULTS
from tests.drivers.telegram import updates
from tests.drivers.telegram.conftest import Make, hello

RUNS = 200
QUICK = tuple(f for f in FAULTS if f not in ("silence", "drip"))


async def test_it_works(peer: FakeTelegram, make: Make) -> None:
    """What broke off is a doubt; never an error that would be sent again, never a claim."""
    bot = make(answer_s=0.03)
    async with bot.bot.web.open():
        await bot.send(hello())
    before = held()
    for run, fault in zip(range(RUNS), itertools.cycle([*QUICK * 3, "silence", "drip"])):
        left = len(peer.sent)
        peer.fault(fault)  # type: ignore[arg-type]
        receipt = await bot.send(hello(f"k{run}"))
        assert (receipt.state, receipt.external_id) == ("doubtful", "")
        assert len(peer.sent) - left <= 1, "sent twice"
        peer.fault("")
    await settles(before)


async def test_refused_before_the_first_byte_is_no_doubt(make: Make) -> None:
    bot = make(base_url="http://127.0.0.1:1")
    for _ in range(RUNS):
        with pytest.raises(NotReady):
            await bot.send(hello())


async def test_a_server_that_fails_may_have_sent_it(peer: FakeTelegram, make: Make) -> None:
    peer.refuse["sendMessage"] = refusal(502, "Bad Gateway")
    receipt = await make().send(hello())
    assert (receipt.state, bool(receipt.note)) == ("doubtful", True)


async def test_killed_between_send_and_receipt(peer: FakeTelegram, make: Make) -> None:
    """The office keeps the lease: what matters here is that nothing goes on behind our back."""
    bot, before = make(), held()
    for run in range(RUNS):
        sending = asyncio.create_task(bot.send(hello(f"k{run}")))
        await asyncio.sleep(0.0002 * (run % 12))
        sending.cancel()
        done = await asyncio.gather(sending, return_exceptions=True)
        assert isinstance(done[0], Receipt | asyncio.CancelledError)
    await settles(before)
    assert len(peer.sent) <= RUNS


async def test_polling_broken_anywhere_loses_nothing(peer: FakeTelegram, make: Make) -> None:
    """Each life ends by a fault; together they store every update, in order, and confirm only what is stored."""
    sink, before = Collecting(), held()
    for run, fault in zip(range(RUNS), itertools.cycle(QUICK)):
        peer.put({"update_id": run + 1, "message": updates.message(run, text=str(run))})
        life = asyncio.create_task(make(poll_s=0, pause_s=0.005).run(sink))
        await eventually(lambda: sink.inbounds and sink.inbounds[-1].text == str(run))  # noqa: B023
        peer.fault(fault)
        done = await asyncio.wait_for(asyncio.gather(life, return_exceptions=True), 5)
        assert isinstance(done[0], NotReady)
        peer.fault("")
    assert list(dict.fromkeys(i.text for i in sink.inbounds)) == [str(n) for n in range(RUNS)]
    await settles(before)


async def test_it_ends_within_a_second_in_the_middle_of_a_long_question(peer: FakeTelegram, make: Make) -> None:
    before = held()
    sink = Collecting()
    life = asyncio.create_task(make(poll_s=50).run(sink))
    await sink.up.wait()
    life.cancel()
    done, _pending = await asyncio.wait({life}, timeout=1)
    assert done
    await settles(before)
