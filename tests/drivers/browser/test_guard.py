"""The proxy that is a browser's only way out, over real sockets."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.browser.guard import Guard, forwarded, guarding, is_ours, wanted
from drivers.browser.rules import Rules
from tests.drivers.peers.site import Site, site


@pytest.fixture
def peer() -> Iterator[Site]:
    with site() as found:
        yield found


@contextlib.asynccontextmanager
async def talking(guard: Guard, data: bytes) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection("127.0.0.1", guard.port)
    writer.write(data)
    try:
        yield reader, writer
    finally:
        writer.close()


async def said(guard: Guard, data: bytes) -> bytes:
    async with talking(guard, data) as (reader, _writer), asyncio.timeout(5):
        return await reader.read()


async def test_it_works(peer: Site) -> None:
    """A plain request, and a tunnel."""
    async with guarding(Rules([peer.host], private=True)) as guard:
        asked = f"GET {peer.base}/publica?x=1 HTTP/1.1\r\nHost: {peer.host}\r\nProxy-Connection: keep-alive\r\n\r\n"
        assert "Pública" in (await said(guard, asked.encode())).decode()
        async with talking(guard, f"CONNECT {peer.host} HTTP/1.1\r\n\r\n".encode()) as (reader, writer):
            assert b"200" in await reader.readuntil(b"\r\n\r\n")
            writer.write(b"GET /publica HTTP/1.0\r\n\r\n")
            assert "Pública" in (await reader.read()).decode()
    assert guard.blocked == {}
    assert peer.hits["/publica"] == 2


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "0x7f.1", "2130706433", "[::ffff:127.0.0.1]"])
async def test_a_private_address_is_not_reached_however_it_is_written(peer: Site, name: str) -> None:
    port = int(peer.host.rpartition(":")[2])
    async with guarding(Rules([f"{name}:{port}"])) as guard:
        for asked in (f"GET http://{name}:{port}/ HTTP/1.1\r\n\r\n", f"CONNECT {name}:{port} HTTP/1.1\r\n\r\n"):
            assert b"403" in await said(guard, asked.encode())
    assert sum(guard.blocked.values()) == 2
    assert peer.hits == {}


async def test_a_host_that_nobody_named_is_not_reached(peer: Site) -> None:
    async with guarding(Rules(["crm.example"], private=True)) as guard:
        assert b"403" in await said(guard, f"GET {peer.base}/ HTTP/1.1\r\n\r\n".encode())
        assert guard.blocked == {peer.host: 1}


@pytest.mark.parametrize(
    "noise",
    [b"\r\n\r\n", b"GET\r\n\r\n", b"GET /x HTTP/1.1\r\n\r\n", b"\xff\xfe \x00 x\r\n\r\n",
     b"CONNECT a:b HTTP/1.1\r\n\r\n", b"GET ftp://a/ HTTP/1.1\r\n\r\n", b"x" * 70_000],
)  # fmt: skip
async def test_nonsense_is_hung_up_on(noise: bytes) -> None:
    async with guarding(Rules(["crm.example"])) as guard:
        with contextlib.suppress(ConnectionError):
            assert await said(guard, noise) == b""


async def test_a_site_that_is_down_is_told() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        host = f"127.0.0.1:{taken.getsockname()[1]}"
        async with guarding(Rules([host], private=True)) as guard:
            assert b"502" in await said(guard, f"CONNECT {host} HTTP/1.1\r\n\r\n".encode())
            assert await said(guard, f"GET http://{host}/ HTTP/1.1\r\n\r\n".encode()) == b"", "no page of ours"


async def test_open_tunnels_end_with_the_guard(peer: Site) -> None:
    tasks = asyncio.all_tasks()
    async with guarding(Rules([peer.host], private=True)) as guard:
        reader, writer = await asyncio.open_connection("127.0.0.1", guard.port)
        writer.write(f"CONNECT {peer.host} HTTP/1.1\r\n\r\n".encode())
        await reader.readuntil(b"\r\n\r\n")
    assert await reader.read() == b""
    writer.close()
    assert asyncio.all_tasks() == tasks


def test_own_addresses_are_known() -> None:
    assert is_ours("127.0.0.1")
    assert not is_ours("93.184.216.34")


@pytest.mark.parametrize(
    ("target", "found"),
    [("http://a.example", ("a.example", 80, "/")), ("http://a.example:81/x?y", ("a.example", 81, "/x?y")),
     ("http://u:p@a.example/x", ("a.example", 80, "/x")), ("HTTP://[::1]:8/x", ("::1", 8, "/x")),
     ("http://[::1]/", ("::1", 80, "/")), ("http://a.example?q=@b", ("a.example", 80, "/?q=@b"))],
)  # fmt: skip
def test_where_a_request_wants_to_go(target: str, found: tuple[str, int, str]) -> None:
    assert wanted("GET", target) == found


@given(st.text(max_size=40))
def test_any_target_is_a_place_or_refused(target: str) -> None:
    for method in ("GET", "CONNECT"):
        try:
            host, port, _path = wanted(method, target)
        except ValueError:
            continue
        assert isinstance(host + str(port), str)


def test_what_is_passed_on() -> None:
    head = b"GET http://a/x HTTP/1.1\r\nHost: a\r\nConnection: keep-alive\r\nCookie: c=1\r\n\r\n"
    assert forwarded(head, "GET", "/x") == b"GET /x HTTP/1.1\r\nHost: a\r\nCookie: c=1\r\nConnection: close\r\n\r\n"
