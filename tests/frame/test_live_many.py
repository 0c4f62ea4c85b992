"""Many listeners on one hub: a name is judged once for all of them, and one that does not listen holds nobody up."""

import asyncio

import pytest

from app.frame import live
from app.frame.actor import Actor
from app.frame.listener import HEARTBEAT_S, Listener
from app.frame.live import BACKLOG, Hub

HEARS = Actor(user_id=1, name="Ana", grants={"x.view": "all"})
DEAF = Actor(user_id=2, name="Beto")


class Looks:
    """How often a name was looked up."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def __call__(self, topic: str):
        self.asked.append(topic)
        if topic == "broken":
            raise RuntimeError("no such table")
        return lambda actor: actor.may("x.view")


@pytest.fixture
def looks() -> Looks:
    return Looks()


@pytest.fixture
def hub(looks: Looks) -> Hub:
    return Hub(None, looks)  # type: ignore[arg-type]  # publishing is not what is tested here


@pytest.fixture
async def opened(hub: Hub):
    streams = []

    async def start(actor: Actor = HEARS, again=None):
        async def same():
            return actor

        stream = hub.stream(Listener(actor), "", again or same)
        streams.append(stream)
        await anext(stream)
        return stream

    yield start
    for stream in streams:
        await stream.aclose()


async def said(stream) -> str:
    async with asyncio.timeout(5):
        return (await anext(stream)).decode()


async def test_it_works(hub: Hub, looks: Looks, opened):
    streams = [await opened() for _ in range(50)]
    await hub.deliver("contact-1", "contacts")
    for stream in streams:
        heard = await said(stream)
        assert heard.count("event: nudge") == 2
        assert heard.index("contact-1\n") < heard.index("contacts\n")
    assert looks.asked == ["contact-1", "contacts"]


async def test_each_hears_what_is_theirs_alone(hub: Hub, opened):
    ana, beto = await opened(HEARS), asyncio.ensure_future(said(await opened(DEAF)))
    await hub.deliver("contact-1")
    assert "contact-1" in await said(ana)
    assert not beto.done()
    beto.cancel()


async def test_a_question_that_breaks_silences_its_own_name_alone(hub: Hub, opened, caplog):
    ana = await opened()
    await hub.deliver("broken", "contacts")
    heard = await said(ana)
    assert "contacts" in heard
    assert "broken" not in heard
    assert "its question failed" in caplog.text


async def test_a_name_that_passes_again_is_said_once(hub: Hub, opened):
    ana = await opened()
    for _ in range(BACKLOG * 2):
        await hub.deliver("contacts")
    heard = await said(ana)
    assert heard.count("event: nudge") == 1
    assert f"id: {hub.at()}\n" in heard


async def test_who_fell_behind_reads_everything_again(hub: Hub, opened):
    slow, quick = await opened(), await opened()
    for n in range(BACKLOG + 1):
        await hub.deliver(f"contact-{n}")
        await said(quick)
    assert await said(slow) == f"event: resync\nid: {hub.at()}\ndata: \n\n"


async def test_an_old_verdict_is_not_used(hub: Hub, looks: Looks, opened, monkeypatch):
    ana = await opened()
    await hub.deliver("contacts")
    monkeypatch.setattr(live, "LOOK_S", 0.0)
    await said(ana)
    assert looks.asked == ["contacts", "contacts"]


async def test_rights_that_change_during_a_look_count(hub: Hub, looks: Looks, opened):
    """Between waking up and speaking: the stream asks again before it says the name."""
    listener, left = Listener(HEARS), []

    async def again():
        left.append(True)
        return DEAF

    async def taken_away(topic: str):
        listener.doubt()
        return await looks(topic)

    stream = hub.stream(listener, "", again)
    await anext(stream)
    hub.look = taken_away
    await hub.deliver("contacts")
    assert await said(stream) == ": .\n\n"  # it asked
    assert left
    waiting = asyncio.ensure_future(anext(stream))
    await asyncio.sleep(0)
    hub.end_all()
    with pytest.raises(StopAsyncIteration):
        await waiting


async def test_a_doubt_during_the_answer_stays(opened, hub: Hub):
    listener, answers = Listener(HEARS), iter([HEARS, DEAF])

    async def again():
        actor = next(answers)
        if actor is HEARS:
            listener.doubt()
        return actor

    stream = hub.stream(listener, "", again)
    await anext(stream)
    listener.doubt()
    assert [await said(stream), await said(stream)] == [": .\n\n"] * 2
    assert listener.actor is DEAF
    await stream.aclose()


async def test_a_quiet_stream_beats_and_a_closed_session_ends_it(hub: Hub, opened, monkeypatch):
    answers = iter([HEARS, None])

    async def again():
        return next(answers)

    monkeypatch.setattr("app.frame.listener.HEARTBEAT_S", 0.01)
    stream = await opened(again=again)
    assert await said(stream) == ": .\n\n"
    with pytest.raises(StopAsyncIteration):
        await said(stream)
    assert not hub.listeners
    assert HEARTBEAT_S > 1


async def test_a_browser_that_left_is_let_go(hub: Hub):
    listener = Listener(HEARS)
    stream = hub.stream(listener, "", None)  # type: ignore[arg-type]
    await anext(stream)
    waiting = asyncio.ensure_future(anext(stream))
    await asyncio.sleep(0)
    listener.leave()
    with pytest.raises(StopAsyncIteration):
        await waiting
    assert not hub.listeners
