"""Whatever is sent to whatever address: a sentence, never a crash. Every route, on both databases."""

import urllib.parse
from collections.abc import Iterator
from functools import cache
from typing import Any

import msgspec
import pytest

from tests.beds.offices import ADDRESS, Client
from tests.security.doors import POSTGRESQL_TEXTS, SANE, TEXTS, Door, doors, vocabulary
from tests.world import World

NAMES = vocabulary()
FORM = {"content-type": "application/x-www-form-urlencoded"}
BODIES: list[tuple[str, bytes]] = [
    ("application/json", b"{"),
    ("application/json", b"[" * 100_000),
    ("application/json", b'{"name": "\\ud800", "phone": "\\u0000", "notes": "\\udfff"}'),
    ("application/json", b'{"id": 1' + b"0" * 5000 + b"}"),
    ("application/json", b"\xff\xfe"),
    ("application/json", b"null"),
    ("application/xml", b"<a/>"),
    ("text/plain; charset=utf-99", b"a=1"),
    ("application/x-www-form-urlencoded", b"name=%ED%A0%80&notes=%FF%00&email=%"),
    ("application/x-www-form-urlencoded", b"&" * 5000),
    ("application/x-www-form-urlencoded; charset=utf-99", b"name=a"),
    ("multipart/form-data", b"--x\r\n"),
    ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\n"),
    ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="file"; filename="../a\x00"\r\n'),
    ("\xff", b"a"),
]


@pytest.fixture
def settings(settings: Any) -> Any:
    """Often, without being told to wait."""
    return msgspec.structs.replace(settings, rate_api_per_min=10_000_000, rate_login_per_min=10_000_000)


LONGEST_ADDRESS = 50_000


@cache
def filled(text: str, sane: bool) -> str:
    """Every name there is with the same text, as a query or a form."""
    return urllib.parse.urlencode([(n, SANE.get(n, text) if sane else text) for n in NAMES])


@cache
def queries(text: str, sane: bool) -> list[str]:
    """The same as query strings that a client can send: an address has an end."""
    pairs = filled(text, sane).split("&")
    size = max(1, LONGEST_ADDRESS // max(map(len, pairs)))
    return ["&".join(pairs[at : at + size]) for at in range(0, len(pairs), size)]


class Knocker:
    """Knocks and keeps what should not have been answered."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.bad: dict[str, str] = {}
        self.knocks = 0

    async def knock(self, door: Door, url: str, **what: Any) -> None:
        self.knocks += 1
        answer = await self.client.request(door.method, f"{ADDRESS}{url}", **what)
        if answer.status_code >= 500 and not door.path.startswith("/health"):
            self.bad.setdefault(f"{door.method} {door.path}", f"{answer.status_code} {url[:150]} {str(what)[:300]}")


def open_doors(app: Any) -> Iterator[Door]:
    """Those that do not end the session or the office of this test."""
    closing = ("/salir", "/ajustes/sesiones", "/ajustes/clave", "/hooks", "/instalacion")
    yield from (door for door in doors(app) if not door.path.startswith(closing))


async def client_of(world: World) -> Client:
    """IT may do everything; the key opens the API and the cookie the pages."""
    client: Client = await world.client_as("irene")
    client.headers["x-api-key"] = await world.api_key_for("irene")
    return client


def texts(dialect: str) -> tuple[str, ...]:
    """All of them on SQLite; on PostgreSQL those that a server might mind more."""
    return TEXTS if dialect == "sqlite" else POSTGRESQL_TEXTS


def report(knocker: Knocker) -> str:
    return "\n".join(f"{door}: {what}" for door, what in knocker.bad.items())


@pytest.mark.slow
async def test_it_works(app, world, dialect):
    """Odd words in every query and every place of an address."""
    knocker = Knocker(await client_of(world))
    for door in open_doors(app):
        for url in door.addresses():
            await knocker.knock(door, url)
        for text in texts(dialect) if door.method == "GET" else ():
            for query in (*queries(text, False), *queries(text, True)):
                await knocker.knock(door, f"{door.filled()}?{query}")
    assert knocker.knocks > 300
    assert knocker.bad == {}, report(knocker)


@pytest.mark.slow
async def test_odd_words_in_every_form(app, world, dialect):
    knocker = Knocker(await client_of(world))
    for door in open_doors(app):
        for text in texts(dialect) if door.method in ("POST", "PUT", "PATCH") else ():
            for sane in (False, True):
                await knocker.knock(door, door.filled(), content=filled(text, sane), headers=FORM)
    assert knocker.knocks > 300
    assert knocker.bad == {}, report(knocker)


@pytest.mark.slow
@pytest.mark.sqlite_only
async def test_bodies_that_are_none(app, world):
    knocker = Knocker(await client_of(world))
    for door in open_doors(app):
        for kind, body in BODIES if door.method in ("POST", "PUT", "PATCH", "DELETE") else ():
            await knocker.knock(door, door.filled(), content=body, headers=[(b"content-type", kind.encode("latin-1"))])
    assert knocker.knocks > 300
    assert knocker.bad == {}, report(knocker)


@pytest.mark.sqlite_only
async def test_odd_headers(app, world):
    client = await client_of(world)
    headers = "If-Match Accept-Language Last-Event-ID Idempotency-Key X-API-Key Authorization Range Host Accept"
    headers += " HX-Request-Type HX-Target X-CSRFToken Content-Length X-Request-ID If-Modified-Since If-None-Match"
    values = (
        b"\xff\xfe",
        b"",
        b"Bearer \xff",
        b"Bearer a.b.c",
        b'"' * 50,
        b"x" * 5000,
        b"\xb2",
        b"[::1",
        b"a:99999999",
    )
    for path in ("/contactos", "/api/v1/contacts", "/entrar", "/static/app.css", "/nada"):
        for name in headers.split():
            for value in values:
                answer = await client.get(path, headers=[(name.encode(), value)])
                assert answer.status_code < 500, f"{path} {name}: {value!r}"


@pytest.mark.sqlite_only
async def test_odd_cookies(app, world):
    odd = (b"\xff", b"a=b; centralita=", b"centralita=\xff; centralita_csrf=\xfe", b"=;=;;", b"centralita_idioma=\xff",
           b"centralita_idioma=../../x; centralita_equipo=%00; centralita_paso=a.b.c", b"a" * 9000)  # fmt: skip
    async with Client(app) as client:
        for cookie in odd:
            for path in ("/", "/entrar", "/entrar/codigo", "/api/v1/me", "/idioma/en?volver=//x"):
                for method in ("GET", "POST"):
                    answer = await client.request(method, path, headers=[(b"cookie", cookie)])
                    assert answer.status_code < 500, f"{method} {path} {cookie!r}"
