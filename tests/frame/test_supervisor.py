"""Guards: nothing that a kept thing does reaches its neighbours."""

import asyncio
import contextlib
import sys
import time
from datetime import UTC, datetime, timedelta

import pytest

from app.frame.keeping import Keeping
from app.frame.supervisor import Clock, Line, Supervisor
from drivers.contract import NeedsHuman, NotReady


class QuickClock(Clock):
    """Waits take no time; they are written down."""

    def __init__(self) -> None:
        self.t = 0.0
        self.waits: list[float | None] = []

    def now(self) -> datetime:
        return datetime(2026, 11, 21, 8, tzinfo=UTC) + timedelta(seconds=self.t)

    def tick(self) -> float:
        return self.t

    def chance(self) -> float:
        return 0.0

    async def wait(self, wake: asyncio.Event, seconds: float | None) -> None:
        self.waits.append(seconds)
        if seconds is None:
            await wake.wait()
        self.t += seconds or 0.0
        await asyncio.sleep(0)


async def until(check: object, seconds: float = 2.0) -> None:
    async with asyncio.timeout(seconds):
        while not check():  # type: ignore[operator]  # noqa: ASYNC110
            await asyncio.sleep(0.002)


def state(of: Supervisor, name: str) -> str:
    told = of.told(name)
    return told.state if told else "?"


async def forever(line: Line) -> None:
    line.ready("imei-1")
    await asyncio.Event().wait()


async def test_it_works() -> None:
    async with Supervisor(QuickClock()) as house:
        house.guard("device-1", forever, title="Módem 1", kind="device")
        house.keep("cola", asyncio.Event().wait)
        await until(lambda: [k.state for k in house.snapshot()] == ["ready", "ready"])
        assert [(k.name, k.identity) for k in house.snapshot()] == [("cola", ""), ("device-1", "imei-1")]
    assert [k.state for k in house.snapshot()] == ["off", "off"]


async def test_waits_grow_to_a_minute_and_start_again_after_a_steady_minute() -> None:
    clock, lives = QuickClock(), 0

    async def work(line: Line) -> None:
        nonlocal lives
        lives += 1
        if lives == 9:
            line.ready()
            clock.t += 60
        if lives == 11:
            await asyncio.Event().wait()
        raise NotReady("Sin puerto")

    async with Supervisor(clock) as house:
        house.guard("d", work)
        await until(lambda: lives == 11)
    assert clock.waits == [2, 4, 8, 16, 32, 60, 60, 60, 2, 4]


@pytest.mark.parametrize(
    "error",
    [ValueError("x"), SystemExit(3), asyncio.CancelledError(), ExceptionGroup("g", [OSError()]), GeneratorExit()],
)
async def test_no_error_reaches_a_neighbour(error: BaseException) -> None:
    async def work(_line: Line) -> None:
        raise error

    async with Supervisor(QuickClock()) as house:
        house.guard("calm", forever)
        house.guard("bad", work)
        await until(lambda: (k := house.told("bad")) and k.tries > 3)
        assert state(house, "calm") == "ready"


async def test_work_that_ends_is_begun_again() -> None:
    lives = 0

    async def once() -> None:
        nonlocal lives
        lives += 1

    async with Supervisor(QuickClock()) as house:
        house.keep("once", once)
        await until(lambda: lives >= 3)


async def test_a_person_is_waited_for_until_they_say_retry() -> None:
    lives = 0

    async def work(line: Line) -> None:
        nonlocal lives
        lives += 1
        if lives == 1:
            raise NeedsHuman("PIN", "Quite el PIN")
        await forever(line)

    async with Supervisor(QuickClock()) as house:
        house.guard("d", work)
        await until(lambda: state(house, "d") == "needs_human")
        await asyncio.sleep(0.02)
        assert lives == 1
        assert house.retry("d")
        await until(lambda: state(house, "d") == "ready")
        assert not house.retry("d")
        assert not house.retry("nobody")


async def test_retry_now_does_not_wait_for_the_real_clock() -> None:
    lives = 0

    async def work(line: Line) -> None:
        nonlocal lives
        lives += 1
        if lives == 1:
            raise NotReady("x", after_s=300)
        await forever(line)

    async with Supervisor() as house:
        house.guard("d", work)
        await until(lambda: state(house, "d") == "retrying")
        house.retry("d")
        await until(lambda: state(house, "d") == "ready")


async def test_a_restart_that_was_asked_for_is_no_trouble() -> None:
    lives = 0

    async def work(line: Line) -> None:
        nonlocal lives
        lives += 1
        await forever(line)

    async with Supervisor(QuickClock()) as house:
        house.guard("d", work)
        await until(lambda: state(house, "d") == "ready")
        house.restart("d")
        await until(lambda: lives == 2 and state(house, "d") == "ready")
        told = house.told("d")
        assert told
        assert told.tries == 0


async def test_stopping_takes_less_than_a_second_even_when_work_refuses_to_end() -> None:
    ended = asyncio.Event()

    async def stubborn(line: Line) -> None:
        line.ready()
        while not ended.is_set():
            with contextlib.suppress(asyncio.CancelledError):
                await ended.wait()

    async with Supervisor() as house:
        for n in range(20):
            house.guard(f"stubborn-{n}", stubborn)
        house.guard("calm", forever)
        await until(lambda: state(house, "stubborn-19") == "ready")
        began = time.perf_counter()
    assert time.perf_counter() - began < 1.0
    ended.set()
    await asyncio.sleep(0.01)


async def test_work_may_clean_up_when_it_is_stopped() -> None:
    cleaned = []

    async def work(line: Line) -> None:
        try:
            await forever(line)
        finally:
            await asyncio.sleep(0.05)
            cleaned.append(True)

    async with Supervisor() as house:
        house.guard("d", work)
        await until(lambda: state(house, "d") == "ready")
        await house.stop("d")
        assert cleaned == [True]
        assert state(house, "d") == "off"
        house.guard("d", forever)
        await until(lambda: state(house, "d") == "ready")
        await house.forget("d")
        assert house.snapshot() == []


async def test_a_name_is_kept_once() -> None:
    async with Supervisor() as house:
        house.guard("d", forever)
        with pytest.raises(ValueError, match="already kept"):
            house.guard("d", forever)


async def test_what_is_kept_before_the_door_opens_starts_with_it() -> None:
    house = Supervisor()
    house.guard("d", forever)
    async with house:
        await until(lambda: state(house, "d") == "ready")


async def test_a_late_ready_from_a_life_that_is_over_is_ignored() -> None:
    lines: list[Line] = []

    async def work(line: Line) -> None:
        lines.append(line)
        raise NeedsHuman("PIN", "Quite el PIN")

    async with Supervisor(QuickClock()) as house:
        house.guard("d", work)
        await until(lambda: state(house, "d") == "needs_human")
        lines[0].ready()
        assert state(house, "d") == "needs_human"


async def test_listeners_hear_every_change_and_their_errors_stay_theirs() -> None:
    heard: list[str] = []

    def listener(told: Keeping) -> None:
        heard.append(told.state)
        raise RuntimeError("closed")

    house = Supervisor(QuickClock())
    house.listen(listener)
    async with house:
        house.guard("d", forever)
        await until(lambda: state(house, "d") == "ready")
        await house.stop("d")
        house.guard("d", forever)
        await until(lambda: state(house, "d") == "ready")
    assert heard == ["starting", "ready", "off", "starting", "ready"], "after closing nobody is told"


async def test_a_night_of_the_same_trouble_is_one_log_line(caplog: pytest.LogCaptureFixture) -> None:
    async def work(_line: Line) -> None:
        raise NotReady("Sin puerto")

    async with Supervisor(QuickClock()) as house:
        house.guard("d", work)
        await until(lambda: (k := house.told("d")) and k.tries > 50)
    said = [r.getMessage() for r in caplog.records if r.levelname == "WARNING"]
    assert said == ["now retrying"]


async def test_nothing_is_left_running(recwarn: pytest.WarningsRecorder) -> None:
    before = len(asyncio.all_tasks())
    for _turn in range(50):
        async with Supervisor(QuickClock()) as house:
            for n in range(5):
                house.guard(str(n), forever)
            await asyncio.sleep(0)
    assert len(asyncio.all_tasks()) == before
    assert sys.exc_info() == (None, None, None)


async def test_what_is_begun_while_all_are_ended_holds_nothing_up() -> None:
    supervisor = Supervisor()

    async def first() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            supervisor.keep("late", asyncio.Event().wait)

    async with asyncio.timeout(5):
        async with supervisor:
            supervisor.keep("first", first)
            await asyncio.sleep(0.01)
