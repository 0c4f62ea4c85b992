"""Logging in with a permission that must be renewed, on both sides."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from urllib.parse import parse_qs

import pytest

from drivers.contract import NeedsHuman, NotReady
from tests.drivers.collecting import Collecting
from tests.drivers.conftest import Living
from tests.drivers.mail.conftest import MailOffice, hello, mail_from

GIVEN = {"login": "xoauth2", "client_id": "app", "client_secret": "s3", "refresh_token": "duradero-1", "password": ""}


@contextlib.asynccontextmanager
async def token_server(asked: list[dict[str, str]], answer: str, status: int = 200) -> AsyncIterator[str]:
    """Answers each request alike; `asked` gets the forms."""

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        assert head.startswith("post /token ")
        length = int(head.split("content-length: ")[1].split("\r\n")[0])
        form = parse_qs((await reader.readexactly(length)).decode())
        asked.append({name: values[0] for name, values in form.items()})
        said = f"HTTP/1.1 {status} x\r\ncontent-length: {len(answer)}\r\nconnection: close\r\n\r\n{answer}"
        writer.write(said.encode())
        writer.close()

    server = await asyncio.start_server(take, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/token"
    finally:
        server.close()


async def test_it_works(mail: MailOffice, living: Living) -> None:
    mail.imap.inbox.put(mail_from())
    asked: list[dict[str, str]] = []
    async with token_server(asked, '{"access_token": "permiso-1", "expires_in": 3600}') as url:
        line = mail.driver(token_url=url, **GIVEN)
        async with living(line) as sink:
            await sink.until(inbounds=1)
            assert (await line.send(hello())).state == "sent"
    assert asked == [
        {"grant_type": "refresh_token", "refresh_token": "duradero-1", "client_id": "app", "client_secret": "s3"}
    ], "one permission serves both sides for an hour"


async def test_a_renewed_lasting_permission_is_remembered(mail: MailOffice, living: Living) -> None:
    asked: list[dict[str, str]] = []
    async with token_server(asked, '{"access_token": "permiso-1", "refresh_token": "duradero-2"}') as url:
        async with living(mail.driver(token_url=url, **GIVEN)) as sink:
            pass
        second = Collecting()
        second.kept = sink.kept
        life = asyncio.create_task(mail.driver(token_url=url, **GIVEN).run(second))
        await second.up.wait()
        life.cancel()
    assert [form["refresh_token"] for form in asked] == ["duradero-1", "duradero-2"]


async def test_a_permission_that_the_server_refuses_asks_a_person(mail: MailOffice) -> None:
    asked: list[dict[str, str]] = []
    async with token_server(asked, '{"access_token": "otro"}') as url:
        line = mail.driver(token_url=url, **GIVEN)
        with pytest.raises(NeedsHuman):
            await line.run(Collecting())
        with pytest.raises(NeedsHuman):
            await line.send(hello())
    assert len(asked) == 2, "a refused permission is not used again"


@pytest.mark.parametrize(
    ("answer", "status", "trouble"),
    [("{}", 400, NeedsHuman), ("{}", 503, NotReady), ("<html>", 200, NotReady), ('{"x": 1}', 200, NotReady)],
)
async def test_a_token_server_that_gives_none(
    mail: MailOffice, answer: str, status: int, trouble: type[Exception]
) -> None:
    async with token_server([], answer, status) as url:
        with pytest.raises(trouble):
            await mail.driver(token_url=url, **GIVEN).send(hello())


async def test_what_is_missing_is_asked_for(mail: MailOffice) -> None:
    with pytest.raises(NeedsHuman, match="Faltan datos"):
        await mail.driver(**GIVEN).send(hello())
    said = await mail.driver(token_url="http://127.0.0.1:9/token", **GIVEN).probe()
    assert said.sentence == "El servidor de permisos (OAuth2) no contesta."
