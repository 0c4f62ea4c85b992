"""Two hundred sends to a server that dies at every step: never lost, never doubled in silence."""

import asyncio
import os
import threading
from collections import Counter

from drivers.contract import Attachment, NotReady, Receipt, SendError
from tests.drivers.collecting import Collecting
from tests.drivers.meta import misfortunes
from tests.drivers.meta.signing import signed
from tests.drivers.peers.cloud_api import CloudApi, cloud_api, refusal
from tests.drivers.peers.wire import FAULTS, Fault
from tests.drivers.whatsapp.lines import line, to_rosa
from tests.drivers.whatsapp.payloads import WAMID, status, statuses

RUNS = 200
PHOTO = Attachment(media_type="image/png", content=b"\x89PNG", name="foto.png")
STEPS: tuple[Fault, ...] = ("", *FAULTS)


async def one_run(peer: CloudApi, fault: Fault, key: str) -> str:
    """What the driver said: accepted, doubtful or not_sent."""
    assert peer.wire
    peer.wire.fault = fault
    patience_s = 0.05 if fault in ("silence", "drip") else 10.0  # only these end by our own patience
    try:
        receipt: Receipt = await line(peer.url, patience_s=patience_s).send(to_rosa("Hola", key=key))
    except (NotReady, SendError):
        return "not_sent"
    return receipt.state


async def test_it_works() -> None:
    said: Counter[tuple[str, str]] = Counter()
    before, threads = len(os.listdir("/proc/self/fd")), threading.active_count()
    async with cloud_api() as peer:
        for run in range(RUNS):
            fault, key = STEPS[run % len(STEPS)], f"k{run}"
            state = await one_run(peer, fault, key)
            arrived = [s["biz_opaque_callback_data"] for s in peer.sent].count(key)
            assert arrived <= 1
            assert state != "not_sent" or not arrived, f"{fault}: it left, and would be sent again"
            assert state != "accepted" or arrived == 1, f"{fault}: it never left"
            said[fault, state] += 1
    assert (len(os.listdir("/proc/self/fd")), threading.active_count()) == (before, threads)
    assert {fault for fault, state in said if state == "accepted"} == {""}
    assert {fault for fault, state in said if state == "doubtful"} == set(FAULTS)


async def test_a_doubtful_send_is_resolved_by_its_key() -> None:
    """The notice that follows names our key, though the send never learned Meta's id."""
    async with cloud_api() as peer:
        assert await one_run(peer, "read", "k-lost") == "doubtful"
    brought = peer.sent[0]["biz_opaque_callback_data"]
    (news,) = line().hook(signed(statuses(status("delivered", biz_opaque_callback_data=brought)))).statuses
    assert (news.key, news.state, news.external_id) == ("k-lost", "delivered", WAMID)


async def test_a_line_that_is_switched_off_while_it_sends_leaves_a_doubt_and_no_error() -> None:
    async with cloud_api() as peer:
        assert peer.wire
        whatsapp, sink = line(peer.url), Collecting()
        life = asyncio.create_task(whatsapp.run(sink))
        await asyncio.wait_for(sink.up.wait(), 5)
        peer.wire.fault = "silence"
        sending = asyncio.create_task(whatsapp.send(to_rosa("Hola")))
        await peer.wire.arrived()
        life.cancel()
        assert (await asyncio.wait_for(sending, 5)).state == "doubtful"


async def test_a_refusal_in_between_is_certain() -> None:
    async with cloud_api() as peer:
        peer.refusals = [refusal(130429, status=429)]
        assert await one_run(peer, "", "k1") == "not_sent"
        assert await one_run(peer, "", "k1") == "accepted"
    assert len(peer.sent) == 1


async def test_killed_between_send_and_receipt() -> None:
    async with cloud_api() as peer:
        await misfortunes.killed_between_send_and_receipt(line(peer.url), lambda key: to_rosa("Hola", key=key))
        arrived = Counter(s["biz_opaque_callback_data"] for s in peer.sent)
    assert max(arrived.values()) == 1, "it left twice"
    assert arrived["last"] == 1


async def test_a_life_broken_anywhere() -> None:
    async with cloud_api() as peer:
        assert peer.wire
        await misfortunes.lives_broken_anywhere(peer.wire, lambda **more: line(peer.url, **more))


async def test_a_file_that_does_not_arrive_sends_nothing() -> None:
    async with cloud_api() as peer:
        assert peer.wire
        await misfortunes.files_that_do_not_arrive(
            peer.wire, lambda **more: line(peer.url, **more), lambda key: to_rosa(attachments=(PHOTO,), key=key)
        )
        assert peer.sent == []
        assert (await line(peer.url).send(to_rosa(attachments=(PHOTO,)))).state != "doubtful"
