"""Two hundred broken exchanges each way: nothing lost, nothing silently doubled, nothing left open."""

import asyncio
import gc
import itertools
import os
import random
import threading

from drivers.contract import Inbound, NeedsHuman, NotReady, SendError
from drivers.mail.driver import MailDriver
from tests.drivers.collecting import Collecting
from tests.drivers.mail.conftest import MailOffice, hello, mail_from

RUNS = 200
IN_STEPS = ("GREETING", "LOGIN", "SELECT", "UID SEARCH", "UID FETCH", "UID STORE", "IDLE", "UID MOVE")
OUT_STEPS = ("GREETING", "EHLO", "AUTH", "MAIL", "RCPT", "DATA", "BODY", "BEFORE_TAKEN", "TAKEN", "QUIT")
HOW = ("drop", "half", "silence", "slow")
HASTE = {"patience_s": 0.03, "final_patience_s": 0.03, "idle_s": 0.01}


def open_things() -> tuple[int, int, int]:
    """Threads (without the event loop's own, which it keeps for name look-ups), files, tasks."""
    gc.collect()
    threads = [t for t in threading.enumerate() if not t.name.startswith("asyncio_")]
    return len(threads), len(os.listdir("/proc/self/fd")), len(asyncio.all_tasks())


async def settled(mail: MailOffice) -> None:
    """Until the peers saw that everybody left."""
    async with asyncio.timeout(5):
        while mail.imap.open or mail.smtp.open:  # noqa: ASYNC110 (connections end without an event)
            await asyncio.sleep(0.005)
        await asyncio.sleep(0.005)  # and until the last sockets of our side are closed


class Absorbing(Collecting):
    """As the office does: what is already stored is not stored again."""

    async def received(self, inbound: Inbound) -> None:
        if inbound.external_id not in {known.external_id for known in self.inbounds}:
            await super().received(inbound)


async def test_it_works(mail: MailOffice) -> None:
    """A message arrives while the connection breaks at some step, again and again; the next life brings it.

    Some lives move what is stored away, and now and then the server numbers its messages anew.
    """
    chance, sink = random.Random(7), Absorbing()
    lines = [mail.driver(**HASTE, move_to="Guardado"), mail.driver(**HASTE)]
    await _one_life(mail.driver(idle_s=0.01), sink, 0)
    await settled(mail)
    before = open_things()
    for nth in range(1, RUNS + 1):
        mail.imap.inbox.put(mail_from(nth=nth))
        if nth % 20 == 0:
            mail.imap.inbox.renumber()
        mail.imap.faults.plan(chance.choice(IN_STEPS), chance.choice(HOW))
        await _one_life(chance.choice(lines), sink, nth)
    mail.imap.faults.due.clear()
    await _one_life(mail.driver(idle_s=0.01), sink, RUNS)
    await settled(mail)
    assert sorted(i.external_id for i in sink.inbounds) == sorted(f"<m{n}@cliente.example>" for n in range(1, RUNS + 1))
    assert open_things() <= before


async def _one_life(line: MailDriver, sink: Collecting, wanted: int) -> None:
    """Until it breaks, or all is here and a wait went well; then it is cancelled, as the office would."""
    life = asyncio.create_task(line.run(sink))
    proved = asyncio.create_task(_proved(line, sink, wanted))
    await asyncio.wait({life, proved}, timeout=5, return_when=asyncio.FIRST_COMPLETED)
    proved.cancel()
    life.cancel()
    [ended] = await asyncio.gather(life, return_exceptions=True)
    assert isinstance(ended, NotReady | asyncio.CancelledError), ended


async def _proved(line: MailDriver, sink: Collecting, wanted: int) -> None:
    while not (line.inbox and line.inbox.proved and len(sink.inbounds) >= wanted):  # noqa: ASYNC110 (as above)
        await asyncio.sleep(0.005)


async def test_each_message_is_sent_once_or_said_to_be_in_doubt(mail: MailOffice) -> None:
    line = mail.driver(**HASTE)
    await mail.driver().send(hello("first"))
    await settled(mail)
    before = open_things()
    said: dict[str, str] = {}
    for nth, (step, how) in zip(range(RUNS), itertools.cycle(itertools.product(OUT_STEPS, HOW)), strict=False):
        mail.smtp.faults.plan(step, how)
        said[f"k{nth}"] = await _try(line, f"k{nth}")
        mail.smtp.faults.due.clear()
    await settled(mail)
    arrived = [m.raw.split(b"X-Centralita-Key: ")[1].split(b"\r\n")[0].decode() for m in mail.smtp.delivered]
    assert len(set(arrived)) == len(arrived), "silently doubled"
    assert {key for key, what in said.items() if what == "sent"} <= set(arrived), "claimed and lost"
    assert not {key for key, what in said.items() if what == "not sent"} & set(arrived), "denied and sent"
    assert {"sent", "doubtful", "not sent"} == set(said.values())
    assert open_things() <= before


async def _try(line: MailDriver, key: str) -> str:
    try:
        return (await line.send(hello(key))).state
    except (NotReady, SendError, NeedsHuman):
        return "not sent"


async def test_cancelled_at_any_moment_it_ends_within_a_second(mail: MailOffice) -> None:
    before = open_things()
    for step in ("GREETING", "LOGIN", "SELECT", "UID SEARCH", "UID FETCH", "IDLE"):
        mail.imap.inbox.put(mail_from())
        reached = asyncio.Event()
        mail.imap.faults.hook = lambda command, step=step, reached=reached: reached.set() if command == step else None
        mail.imap.faults.plan(step, "silence")
        life = asyncio.create_task(mail.driver(patience_s=30).run(Collecting()))
        await asyncio.wait_for(reached.wait(), 5)
        life.cancel()
        done, _pending = await asyncio.wait({life}, timeout=1)
        assert done
    await settled(mail)
    assert open_things() <= before


async def test_killed_between_send_and_receipt(mail: MailOffice) -> None:
    """SMTP knows no key, so the office does not send again: what was begun is out once or not at all."""
    line = mail.driver()
    await line.send(hello("first"))
    await settled(mail)
    before, receipts = open_things(), 0
    for nth, step in zip(range(RUNS), itertools.cycle(OUT_STEPS), strict=False):
        reached = asyncio.Event()
        mail.smtp.faults.hook = lambda command, step=step, reached=reached: reached.set() if command == step else None
        mail.smtp.faults.plan(step, "silence" if nth % 3 else "slow")
        sending = asyncio.create_task(line.send(hello(f"k{nth}")))
        await asyncio.wait_for(reached.wait(), 5)
        sending.cancel()
        [said] = await asyncio.gather(sending, return_exceptions=True)
        assert isinstance(said, asyncio.CancelledError) or said.state == "sent"
        receipts += not isinstance(said, asyncio.CancelledError)
        mail.smtp.faults.due.clear()
    mail.smtp.faults.hook = lambda _command: None
    await settled(mail)
    arrived = [m.raw.split(b"X-Centralita-Key: ")[1].split(b"\r\n")[0].decode() for m in mail.smtp.delivered]
    assert len(set(arrived)) == len(arrived), "silently doubled"
    assert receipts <= len(arrived) - 1 < RUNS
    assert open_things() <= before
