"""HEAD answers as GET does, without a body, on whatever address there is."""

import asyncio
import http.client

import msgspec
import pytest

from app.frame.openapi import document_of
from tests.beds.offices import Client
from tests.security.doors import doors

pytestmark = pytest.mark.sqlite_only
SAME = ("content-type", "cache-control", "location", "content-security-policy", "vary", "www-authenticate")


async def spoken(app, path, headers=(), method="HEAD"):
    """The messages of an answer as the server gets them: an in-process client would hide a body."""
    said = []
    asked = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive():
        return asked.pop() if asked else await asyncio.Event().wait()

    async def send(message):
        said.append(message)

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http",
        "path": path, "raw_path": path.encode(), "root_path": "", "query_string": b"", "state": {},
        "headers": [(b"host", b"office.test"), *headers], "client": ("127.0.0.1", 5), "server": ("office.test", 80),
    }  # fmt: skip
    async with asyncio.timeout(10):
        await app(scope, receive, send)
    return said


def heard(messages):
    """Status, headers and body of what was said."""
    headers = {name.decode(): value.decode() for name, value in messages[0]["headers"]}
    return messages[0]["status"], headers, b"".join(m.get("body", b"") for m in messages[1:])


@pytest.fixture
def settings(settings):
    return msgspec.structs.replace(settings, rate_api_per_min=10_000_000, rate_login_per_min=10_000_000)


@pytest.mark.parametrize("name", ["irene", "ana", None])
async def test_it_works(app, world, name):
    """Every address there is, for who may do all, some and nothing: the same status and headers, and no body."""
    client = Client(app) if name is None else await world.client_as(name)
    if name:
        client.headers["x-api-key"] = await world.api_key_for(name)
    asked = [door for door in doors(app) if door.method == "GET"]
    for path in [*(door.filled() for door in asked), "/static/app.css", "/static/no.css", "/nada", "/api/v1/nada"]:
        get, head = await client.get(path), await client.head(path)
        assert head.status_code == get.status_code, path
        assert get.headers.get("content-type", "").count("charset") <= 1, path
        assert {n: head.headers.get(n) for n in SAME} == {n: get.headers.get(n) for n in SAME}, path
    assert len(asked) > 100


@pytest.mark.parametrize(
    "path", ["/entrar", "/static/app.css", "/health", "/api/v1/me", "/nada", "/api/v1/openapi.json"]
)
async def test_no_byte_of_a_body_leaves(app, world, path):
    asked_get, asked_head = heard(await spoken(app, path, method="GET")), heard(await spoken(app, path))
    assert asked_head[0] == asked_get[0]
    assert asked_head[1]["content-length"] == asked_get[1]["content-length"]
    assert asked_get[2]
    assert asked_head[2] == b""


async def test_the_stream_says_its_headers_and_ends(app, office, world):
    cookie = (await world.client_as("ana")).cookies["centralita"]
    status, headers, body = heard(await spoken(app, "/live", [(b"cookie", f"centralita={cookie}".encode())]))
    assert (status, headers["content-type"], body) == (200, "text/event-stream; charset=utf-8", b"")
    assert not office.live.listeners
    assert heard(await spoken(app, "/live"))[0] in (302, 303, 401)


async def test_where_there_is_no_get_there_is_no_head(app, world):
    client = await world.client_as("ana")
    assert (await client.head("/salir")).status_code == 405


def test_the_document_does_not_list_it(app):
    assert all("head" not in item for item in document_of(app)["paths"].values())


def test_over_the_wire_the_line_stays_usable(live_server):
    line = http.client.HTTPConnection("127.0.0.1", live_server.port, timeout=10)
    for path in ("/instalacion", "/health", "/static/app.css"):
        line.request("HEAD", path)
        answer = line.getresponse()
        assert (answer.status, answer.read()) == (200, b"")
        line.request("GET", path)
        answer = line.getresponse()
        assert answer.status == 200
        assert answer.read()
