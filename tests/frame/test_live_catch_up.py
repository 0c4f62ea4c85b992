"""A browser that was away hears the names that passed meanwhile, or is told to read everything again."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from app.frame.actor import Actor
from app.frame.listener import Listener
from app.frame.live import BACKLOG, REPLAY, Hub
from app.frame.topics import Hears

ACTOR = Actor(user_id=1, name="Ana")


async def _everything(topic: str) -> Hears:
    return lambda _actor: not topic.startswith("secret")


async def _still_me() -> Actor:
    return ACTOR


@pytest.fixture
def hub() -> Hub:
    return Hub(None, _everything)  # type: ignore[arg-type]  # publishing is not what is tested here


async def _heard(hub: Hub, last_id: str) -> list[str]:
    """What the stream says at once: `event data` of each message."""
    stream: AsyncIterator[bytes] = hub.stream(Listener(ACTOR), last_id, _still_me)
    said = []
    try:
        while True:
            said.append((await asyncio.wait_for(anext(stream), 0.05)).decode())
    except TimeoutError:
        await stream.aclose()  # type: ignore[attr-defined]
    events = [event for chunk in said for event in chunk.split("\n\n")]
    lines = [dict(line.split(": ", 1) for line in event.splitlines() if line) for event in events if "event" in event]
    return [f"{line['event']} {line.get('data', '')}".strip() for line in lines]


async def test_it_works(hub: Hub) -> None:
    at = hub.at()
    await hub.deliver("contact-1")
    await hub.deliver("contact-2")
    assert await _heard(hub, at) == ["nudge contact-1", "nudge contact-2"]


async def test_a_page_that_is_up_to_date_hears_nothing_twice(hub: Hub) -> None:
    await hub.deliver("contact-1")
    assert await _heard(hub, hub.at()) == []
    assert await _heard(hub, "") == []


async def test_what_passed_is_filtered_by_what_the_person_may_hear(hub: Hub) -> None:
    at = hub.at()
    await hub.deliver("secret-1")
    await hub.deliver("contact-1")
    assert await _heard(hub, at) == ["nudge contact-1"]


@pytest.mark.parametrize("last_id", ["other-0", "nonsense", "-", "{boot}-x", "{boot}-999"])
async def test_a_place_that_is_not_ours_means_read_again(hub: Hub, last_id: str) -> None:
    await hub.deliver("contact-1")
    assert await _heard(hub, last_id.format(boot=hub.boot)) == ["resync"]


@pytest.mark.parametrize("passed", [BACKLOG + 1, REPLAY + 1])
async def test_too_many_to_repeat_means_read_again(hub: Hub, passed: int) -> None:
    at = hub.at()
    for number in range(passed):
        await hub.deliver(f"contact-{number}")
    assert await _heard(hub, at) == ["resync"]


async def test_every_message_says_where_it_stands(hub: Hub) -> None:
    at = hub.at()
    await hub.deliver("contact-1")
    stream = hub.stream(Listener(ACTOR), at, _still_me)
    said = [(await anext(stream)).decode() for _ in range(2)]
    await stream.aclose()  # type: ignore[attr-defined]
    assert f"id: {hub.at()}\n" in said[1]
