"""The simulated line: what it does well, and each way it breaks."""

import asyncio
import time

import pytest

from drivers.contract import NeedsHuman, NotReady, Outbound, SendError
from drivers.sim.driver import DRIVER
from drivers.sim.settings import Arrive, SetFault, SimSettings
from tests.drivers.collecting import Collecting
from tests.drivers.conftest import Living

QUICK = {"delay_ms": 1, "patience_ms": 5}


def line(**more: object) -> DRIVER:
    return DRIVER(SimSettings(**(QUICK | more)))  # type: ignore[arg-type]


def hello(key: str = "k1") -> Outbound:
    return Outbound(key=key, channel="sim", to="+50680000001", text="Hola")


async def test_it_works(living: Living) -> None:
    sim = line()
    async with living(sim) as sink:
        receipt = await sim.send(hello())
        await sink.until(inbounds=1, statuses=2)
    assert [s.state for s in sink.statuses] == ["delivered", "read"]
    assert {s.external_id for s in sink.statuses} == {receipt.external_id}
    assert (sink.inbounds[0].reply_to, sink.inbounds[0].sender.address) == (receipt.external_id, "+50680000001")  # type: ignore[union-attr]
    assert sink.said == [("+50640000000", "")]


async def test_people_write_by_themselves(living: Living) -> None:
    async with living(line(arrivals_per_hour=3600 * 0.9999, seed=3)) as sink:
        await sink.until(inbounds=1, seconds=10)
    assert sink.inbounds[0].text


async def test_ids_of_two_lives_never_meet(living: Living) -> None:
    ids = set()
    for _life in range(2):
        sim = line(answers=False)
        async with living(sim) as sink:
            await sim.do(Arrive(sender="+50680000001", text="Hola"))
            await sink.until(inbounds=1)
        ids.add(sink.inbounds[0].external_id)
    assert len(ids) == 2


@pytest.mark.parametrize(("fault", "permanent"), [("temporary", False), ("permanent", True)])
async def test_a_refusal_is_certain(living: Living, fault: str, permanent: bool) -> None:
    sim = line(fault=fault)
    async with living(sim):
        with pytest.raises(SendError) as refused:
            await sim.send(hello())
    assert refused.value.permanent is permanent
    assert sim.line.left == {}


async def test_unplugged_in_the_middle_ends_the_life_and_the_send(living: Living) -> None:
    sim, sink = line(), Collecting()
    life = asyncio.create_task(sim.run(sink))
    await sink.up.wait()
    await sim.do(SetFault(fault="unplugged"))
    with pytest.raises(NotReady):
        await asyncio.wait_for(life, 1)
    with pytest.raises(NotReady):
        await sim.send(hello())
    assert sim.line.left == {}


async def test_pin_asks_a_person() -> None:
    sim = line(fault="pin")
    with pytest.raises(NeedsHuman) as asked:
        await sim.run(Collecting())
    assert "Falla" in asked.value.what_to_do
    assert not (await sim.probe()).ok


async def test_a_lost_receipt_with_keys_is_sent_once_however_often_it_is_tried(living: Living) -> None:
    sim = line(fault="lost_receipt", answers=False)
    async with living(sim):
        for _try in range(3):
            with pytest.raises(NotReady):
                await sim.send(hello())
        await sim.do(SetFault(fault="none"))
        receipt = await sim.send(hello())
    assert sim.line.left == {"k1": 1}
    assert receipt.state == "sent"


@pytest.mark.parametrize(("fault", "left"), [("lost_receipt", {"k1": 1}), ("silence", {})])
async def test_without_keys_no_answer_is_a_doubt(living: Living, fault: str, left: dict[str, int]) -> None:
    sim = line(fault=fault, takes_keys=False)
    async with living(sim):
        receipt = await sim.send(hello())
    assert receipt.state == "doubtful"
    assert sim.line.left == left
    assert not sim.idempotent


@pytest.mark.parametrize("fault", ["unplugged", "silence", "pin", "none"])
async def test_probe_says_what_is_wrong_and_what_to_do(fault: str) -> None:
    said = await line(fault=fault).probe()
    assert said.ok is (fault == "none")
    assert said.sentence
    assert bool(said.what_to_do) is not said.ok


async def test_describe_tells_no_secret() -> None:
    assert "s3creta" not in str(await line(key="s3creta").describe())


async def test_two_hundred_lives_end_at_once_and_leave_nothing(living: Living) -> None:
    before, began = len(asyncio.all_tasks()), time.perf_counter()
    for _life in range(200):
        sim = line()
        async with living(sim):
            await sim.send(hello())
    assert len(asyncio.all_tasks()) == before
    assert time.perf_counter() - began < 20
