"""Who is asking: fast, and true at once."""

import time
from types import SimpleNamespace

import pytest

from app.accounts import people
from app.accounts.cache import TTL_S, cache_of
from app.accounts.sessions import open_session
from app.accounts.who import authenticate, cookie_token, is_api_path
from app.frame.actor import SYSTEM
from app.frame.db import Database


def connection(headers, path="/"):
    """As much of a request as the question needs."""
    return SimpleNamespace(
        scope={"headers": headers, "path": path, "client": ("10.0.0.9", 1), "state": {"request_id": "r"}}
    )


@pytest.fixture
async def cookie(world, office):
    async with office.database.unit(actor=SYSTEM) as db:
        user = await people.get_person(db, world.ana)
        token = await open_session(db, user, life_h=24, ip="", agent="")
    return connection([(b"host", b"x"), (b"cookie", b"a=b; centralita=" + token.encode() + b"; c=d")])


async def test_it_works(office, world, cookie):
    actor = await authenticate(office, cookie)
    assert (actor.user_id, actor.via, actor.ip, actor.request_id) == (world.ana, "session", "10.0.0.9", "r")
    assert actor.scope("people.view") is None


async def test_a_known_request_costs_under_50_microseconds(office, cookie):
    await authenticate(office, cookie)
    samples = []
    for _n in range(2000):
        started = time.perf_counter()
        await authenticate(office, cookie)
        samples.append(time.perf_counter() - started)
    assert sorted(samples)[1000] < 50e-6


async def test_nobody_without_or_with_a_wrong_secret(office, world):
    for headers in ([], [(b"cookie", b"centralita=wrong")], [(b"cookie", b"xcentralita=1; centralita_csrf=2")]):
        assert await authenticate(office, connection(headers)) is None
    for headers in (
        [(b"x-api-key", b"ctl_x")],
        [(b"authorization", b"Bearer x.y.z")],
        [(b"authorization", b"Basic x")],
    ):
        assert await authenticate(office, connection(headers, "/api/v1/me")) is None


async def test_a_session_that_ran_out_is_nobody(office, world):
    async with office.database.unit(actor=SYSTEM) as db:
        token = await open_session(db, await people.get_person(db, world.ana), life_h=0, ip="", agent="")
    assert await authenticate(office, connection([(b"cookie", f"centralita={token}".encode())])) is None


async def test_changes_of_another_process_are_seen_when_the_entry_ends(office, world, cookie, settings):
    await authenticate(office, cookie)
    other = Database(settings.database)
    try:
        async with other.unit() as db:
            await people.disable_person(db, await people.get_person(db, world.ana))
    finally:
        await other.close()
    (entry,) = cache_of(office).entries.values()
    assert entry.until - time.monotonic() <= TTL_S
    entry.until = 0
    assert await authenticate(office, cookie) is None


async def test_an_answer_read_before_a_change_is_not_kept(office, world, cookie):
    cache = cache_of(office)
    generation = cache.generation
    await authenticate(office, cookie)
    ((key, entry),) = cache.entries.items()
    cache.forget()
    cache.put(key, entry, generation)
    assert cache.entries == {}


def test_the_cookie_is_found_among_others():
    assert cookie_token(b"a=1; centralita=abc; b=2") == b"abc"
    assert cookie_token(b"centralita_csrf=x; centralita_equipo=y") == b""


def test_the_api_is_known_by_its_first_word():
    assert all(map(is_api_path, ("/api/v1/me", "/contacts/7", "/login", "/config")))
    assert not any(map(is_api_path, ("/", "/contactos", "/apis", "/entrar", "/loginx")))
