"""Providers over HTTP: what was certainly not sent is told from what perhaps was, and nothing waits for ever."""

import asyncio
import datetime
import socket
import ssl
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from drivers.contract import NeedsHuman
from drivers.http import Times, TooMuch, Unanswered, Unreachable, Web
from tests.drivers.peers.wire import FAULTS, Asked, Fault, Reply, serving

QUICK = Times(connect_s=0.1, silence_s=0.15, whole_s=0.3)


def echo(asked: Asked) -> Reply:
    return Reply(value={"path": asked.path, "sent": asked.body.decode(), "query": dict(asked.query)})


def web(url: str) -> Web:
    return Web(url, headers={"authorization": "Bearer x"}, times=QUICK)


async def test_it_works() -> None:
    async with serving(echo) as wire:
        answer = await web(wire.url).ask("POST", "/a", value={"ñ": 1}, params={"q": "1"})
    assert answer.json() == {"path": "/a", "sent": '{"ñ":1}', "query": {"q": "1"}}
    assert (answer.good, answer.headers["content-type"]) == (True, "application/json")
    assert wire.asked[0].headers["authorization"] == "Bearer x"


async def test_an_open_line_keeps_its_connection() -> None:
    async with serving(echo) as wire:
        line = web(wire.url)
        async with line.open():
            for _ in range(3):
                assert (await line.ask("GET", "/a")).good
            assert wire.connections == 1
        assert (await line.ask("GET", "/a")).good


@pytest.mark.parametrize("body", [b"<html>", b"\xff", b"[" * 100_000])
async def test_a_status_is_an_answer_and_so_is_what_is_not_json(body: bytes) -> None:
    async with serving(lambda _asked: Reply(503, body=body)) as wire:
        answer = await web(wire.url).ask("GET", "/a")
    assert (answer.status, answer.good, answer.json()) == (503, False, None)


@pytest.mark.parametrize("fault", FAULTS)
async def test_what_was_written_and_not_answered_is_a_doubt(fault: Fault) -> None:
    async with serving(echo) as wire:
        wire.fault = fault
        with pytest.raises(Unanswered) as error:
            await web(wire.url).ask("POST", "/a", value={})
    assert f"127.0.0.1:{wire.port}" in str(error.value)
    assert error.value.what_to_do


async def test_a_closed_port_was_certainly_not_reached() -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        with pytest.raises(Unreachable, match="no acepta"):
            await web(f"http://127.0.0.1:{bound.getsockname()[1]}").ask("POST", "/a", value={})


async def test_a_name_that_nobody_has_was_not_reached() -> None:
    with pytest.raises(Unreachable) as error:
        await web("https://nobody.invalid").ask("GET", "/a")
    assert "nobody.invalid" in str(error.value)


async def test_a_server_that_lets_nobody_in_was_not_reached() -> None:
    """A full backlog: the connection is asked for and never made."""
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        crowd = [socket.socket() for _ in range(4)]
        for each in crowd:
            each.setblocking(False)
            each.connect_ex(full.getsockname())
        with pytest.raises(Unreachable, match="a tiempo"):
            await web(f"http://127.0.0.1:{full.getsockname()[1]}").ask("GET", "/a")
        for each in crowd:
            each.close()


def own_certificate(folder: Path) -> ssl.SSLContext:
    """Signed by nobody that anyone trusts."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "peer")])
    now = datetime.datetime.now(datetime.UTC)
    built = x509.CertificateBuilder(name, name, key.public_key(), 7, now, now + datetime.timedelta(days=1))
    form = serialization.Encoding.PEM
    private = key.private_bytes(form, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "peer.pem").write_bytes(private + built.sign(key, hashes.SHA256()).public_bytes(form))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "peer.pem")
    return context


async def test_nothing_is_told_to_who_cannot_prove_its_name(tmp_path: Path) -> None:
    async with serving(echo, own_certificate(tmp_path)) as wire:
        with pytest.raises(Unreachable, match="certificado"):
            await web(wire.url).ask("POST", "/a", value={})
    assert wire.asked == []


async def test_a_server_without_tls_is_named() -> None:
    async with serving(echo) as wire:
        with pytest.raises(Unreachable, match="forma segura"):
            await web(f"https://127.0.0.1:{wire.port}").ask("GET", "/a")


@pytest.mark.parametrize("address", ["graph.example", "ftp://graph.example", "http://", "https://x:port", "nonsense"])
async def test_what_is_no_address_needs_a_person(address: str) -> None:
    with pytest.raises(NeedsHuman):
        await web(address).ask("GET", "/a")


async def test_an_answer_without_end_is_not_read_to_the_end() -> None:
    async with serving(lambda _asked: Reply(body=b"x" * 10_000)) as wire:
        with pytest.raises(TooMuch, match="más de lo que cabe"):
            await web(wire.url).ask("GET", "/a", most=100)


async def test_a_download_is_whole_or_not_there(tmp_path: Path) -> None:
    into = tmp_path / "a.bin"
    async with serving(lambda _asked: Reply(body=b"x" * 10_000)) as wire:
        answer = await web(wire.url).download("/a", into, most=10_000)
        assert (answer.size, into.stat().st_size) == (10_000, 10_000)
        wire.fault = "half_body"
        with pytest.raises(Unanswered):
            await web(wire.url).download("/a", tmp_path / "b.bin", most=10_000)
        with pytest.raises(TooMuch, match="más de lo que cabe"):
            await web(wire.url).download("/a", tmp_path / "c.bin", most=9_999)
    assert [p.name for p in tmp_path.iterdir()] == ["a.bin"]


async def test_a_download_that_is_refused_says_why_and_leaves_no_file(tmp_path: Path) -> None:
    async with serving(lambda _asked: Reply(404, {"error": "gone"})) as wire:
        answer = await web(wire.url).download("/a", tmp_path / "a.bin", most=100)
    assert (answer.status, answer.json()) == (404, {"error": "gone"})
    assert list(tmp_path.iterdir()) == []


async def test_redirections_are_not_followed() -> None:
    async with serving(lambda _asked: Reply(302, headers={"Location": "http://127.0.0.1:1/steal"})) as wire:
        assert (await web(wire.url).ask("GET", "/a")).status == 302
    assert len(wire.asked) == 1


async def test_who_stops_waiting_leaves_nothing_behind(tmp_path: Path) -> None:
    """Cancelled in the middle: at once, the connection closed, no half file."""
    async with serving(lambda _asked: Reply(body=b"x" * 10_000)) as wire:
        line = Web(wire.url)
        async with line.open():
            for ask in (line.ask("POST", "/a", value={}), line.download("/a", tmp_path / "a", most=10_000)):
                wire.fault = "silence"
                waiting = asyncio.create_task(ask)
                await wire.arrived()
                waiting.cancel()
                done, _ = await asyncio.wait({waiting}, timeout=1)
                assert done
                assert waiting.cancelled()
            assert (await line.ask("GET", "/a")).good
    assert list(tmp_path.iterdir()) == []
